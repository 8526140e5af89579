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
	erased INTEGER,
	drawn INTEGER NOT NULL DEFAULT 0,    -- turns given out to who writes to it: turn.h
	reached INTEGER NOT NULL DEFAULT 0,  -- the last one known to be written; the rest is of it
	sweep INTEGER NOT NULL DEFAULT 0,    -- that ended last
	swept INTEGER,                       -- when it did
	objects INTEGER,                     -- live rows; NULL while a sweep is unfinished
	documents INTEGER
);
CREATE UNIQUE INDEX incident_name ON incident (name) WHERE erased IS NULL;

CREATE TABLE journal (
	sequence INTEGER PRIMARY KEY,
	time INTEGER NOT NULL,
	verb TEXT NOT NULL,
	incident_name TEXT NOT NULL,
	incident INTEGER,              -- whose key sealed the payload; NULL: the catalog's own
	reached INTEGER NOT NULL,      -- the turn that this incident had reached; 0: of none
	payload BLOB NOT NULL,         -- sealed
	hash BLOB NOT NULL
);
