-- Who said yes to a plan that needs a second person, and what was proved of its destruction. Payloads are sealed with the
-- incident's key: once that is erased nobody can read them.
CREATE TABLE approval (
	number INTEGER PRIMARY KEY,
	incident INTEGER NOT NULL,
	plan BLOB NOT NULL,            -- id
	hash BLOB NOT NULL,            -- of the plan's file: of this very one and no other
	at INTEGER NOT NULL,
	payload BLOB NOT NULL          -- the user's name
);
CREATE INDEX approval_plan ON approval (plan);
CREATE TABLE certificate (
	number INTEGER PRIMARY KEY,
	incident INTEGER NOT NULL,
	id BLOB NOT NULL UNIQUE,
	plan BLOB NOT NULL,
	made INTEGER NOT NULL,
	is_whole INTEGER NOT NULL DEFAULT 0
);
-- Its text, in pieces.
CREATE TABLE certificate_piece (
	certificate INTEGER NOT NULL,
	nth INTEGER NOT NULL,
	payload BLOB NOT NULL,
	PRIMARY KEY (certificate, nth)
) WITHOUT ROWID;
