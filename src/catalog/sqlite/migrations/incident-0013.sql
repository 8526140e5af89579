-- People across documents, made from the records in facts when a sweep ends (catalog/sqlite/people.c) and never corrected: they
-- are as of that moment. One row says what it was made from.
CREATE TABLE people (
	version INTEGER NOT NULL,      -- of linking
	contents INTEGER NOT NULL,     -- live ones with records: how many, and sums of their numbers
	numbers INTEGER NOT NULL,
	squares INTEGER NOT NULL,
	places INTEGER NOT NULL,       -- live documents of them
	made INTEGER NOT NULL          -- when
);
-- Under which keys are digested: ids tell nothing of them to who has not this catalog.
CREATE TABLE person_salt (
	salt BLOB NOT NULL
);
INSERT INTO person_salt (salt) VALUES (randomblob(32));
CREATE TABLE person (
	number INTEGER PRIMARY KEY,    -- of its first record
	id BLOB NOT NULL,
	rank INTEGER NOT NULL,         -- documents, negative: in this order people are listed
	documents INTEGER NOT NULL,
	records INTEGER NOT NULL,
	mentions INTEGER NOT NULL,     -- records in all places
	elements INTEGER NOT NULL,     -- bits, model/person.h
	data TEXT NOT NULL             -- all that its records say, as one record
);
CREATE TABLE person_record (
	number INTEGER PRIMARY KEY,
	person INTEGER NOT NULL,
	content INTEGER NOT NULL,
	fact INTEGER NOT NULL,         -- nth
	piece INTEGER NOT NULL         -- where in its value the record begins
);
-- What is the same person's: digests of addresses, identifiers, names with a telephone number; each is an id of theirs.
CREATE TABLE person_key (
	id BLOB NOT NULL,
	person INTEGER NOT NULL,
	PRIMARY KEY (id, person)
) WITHOUT ROWID;
CREATE INDEX fact_person ON fact (content) WHERE kind = 7;
