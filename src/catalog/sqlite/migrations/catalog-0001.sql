-- tidemark.db: incidents with their wrapped keys, and the journal.

CREATE TABLE fact (
	name TEXT PRIMARY KEY,
	value
) WITHOUT ROWID;

-- An erased incident keeps its row: the journal's chain names it.
CREATE TABLE incident (
	number INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	folder TEXT NOT NULL UNIQUE,
	identity BLOB NOT NULL,
	wrapped_key BLOB,              -- NULL once erased
	created INTEGER NOT NULL,
	erased INTEGER
);
CREATE UNIQUE INDEX incident_name ON incident (name) WHERE erased IS NULL;

CREATE TABLE journal (
	sequence INTEGER PRIMARY KEY,
	time INTEGER NOT NULL,
	verb TEXT NOT NULL,
	incident_name TEXT NOT NULL,
	incident INTEGER,              -- whose key sealed the payload; NULL: the catalog's own
	payload BLOB NOT NULL,         -- sealed
	hash BLOB NOT NULL
);
