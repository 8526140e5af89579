-- The register: the owner's own list of organisations, as it was imported last. One row says when and of which bytes.
CREATE TABLE register_import (
	imported INTEGER NOT NULL,
	sha256 BLOB NOT NULL
);
CREATE TABLE register (
	number INTEGER PRIMARY KEY,
	domain TEXT NOT NULL UNIQUE,   -- the first: it names the organisation
	name TEXT,
	relationship INTEGER NOT NULL, -- model/register.h
	sector TEXT,
	country TEXT,
	contact TEXT
);
CREATE TABLE register_domain (
	domain TEXT PRIMARY KEY,
	registered INTEGER NOT NULL,   -- number
	nth INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX register_domain_registered ON register_domain (registered, nth);
CREATE TABLE register_term (
	registered INTEGER NOT NULL,
	nth INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (registered, nth)
) WITHOUT ROWID;

-- In how many contents a word stands.
CREATE VIRTUAL TABLE word_contents USING fts5vocab(words, row);
