-- Plans that were carried out, and how far: a row a step that was begun. What is said of one is sealed with the incident's key, so
-- that once this is erased nobody can read it. They lie here, not with the incident, so that a plan can be carried out while a
-- sweep is at work there.
CREATE TABLE plan (
	number INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE,
	incident INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	hash BLOB NOT NULL,
	begun INTEGER NOT NULL,
	ended INTEGER,
	payload BLOB NOT NULL
);
CREATE TABLE plan_step (
	plan INTEGER NOT NULL,
	step INTEGER NOT NULL,
	state INTEGER NOT NULL,
	at INTEGER NOT NULL,
	survives_until INTEGER,
	payload BLOB,
	PRIMARY KEY (plan, step)
) WITHOUT ROWID;
