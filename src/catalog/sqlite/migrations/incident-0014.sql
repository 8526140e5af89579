-- What access logs say (model/access.h): a request once, in however many logs it stands. What was asked for is found among
-- what was swept when it is asked about: either may come first.
CREATE TABLE log_file (
	number INTEGER PRIMARY KEY,
	sha256 BLOB NOT NULL UNIQUE,
	kind INTEGER NOT NULL DEFAULT 0,  -- 0: it was not read to its end
	imported INTEGER NOT NULL,
	records INTEGER NOT NULL DEFAULT 0,
	unread INTEGER NOT NULL DEFAULT 0
);
-- container '': the account as a whole
CREATE TABLE access_place (
	number INTEGER PRIMARY KEY,
	provider INTEGER NOT NULL,
	account TEXT NOT NULL,
	container TEXT NOT NULL,
	UNIQUE (provider, account, container)
);
CREATE TABLE access_object (
	number INTEGER PRIMARY KEY,
	place INTEGER NOT NULL,
	name BLOB NOT NULL,
	version TEXT NOT NULL,
	UNIQUE (place, name, version)
);
CREATE TABLE access_network (
	number INTEGER PRIMARY KEY,
	text TEXT NOT NULL UNIQUE
);
CREATE TABLE access (
	number INTEGER PRIMARY KEY,
	identity BLOB NOT NULL UNIQUE,
	time INTEGER NOT NULL,
	place INTEGER NOT NULL,
	object INTEGER,                -- NULL: the container itself
	network INTEGER,               -- NULL: the log does not say
	caller INTEGER NOT NULL,
	verb INTEGER NOT NULL,
	status INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	operation INTEGER NOT NULL,    -- label
	names_itself_so INTEGER NOT NULL
);
-- With all that is asked of an object's, and a place's, requests: their rows lie as they came.
CREATE INDEX access_of_object ON access (object, verb, caller, status, time, network, bytes, names_itself_so)
	WHERE object IS NOT NULL;
CREATE INDEX access_of_place ON access (place, verb, caller, status, time, network, object, names_itself_so);
-- From when to when a file's records are, of each account (of S3: bucket) in it.
CREATE TABLE access_span (
	file INTEGER NOT NULL,
	place INTEGER NOT NULL,
	first INTEGER NOT NULL,
	last INTEGER NOT NULL,
	PRIMARY KEY (file, place)
) WITHOUT ROWID;

-- Who else holds it, as far as that was told or shown; never by observations of ours.
CREATE TABLE copy (
	id BLOB PRIMARY KEY,
	holder TEXT NOT NULL,
	what TEXT NOT NULL,
	since INTEGER NOT NULL,
	evidence TEXT NOT NULL,        -- a URL, or a file's name
	evidence_sha256 BLOB,          -- of the file
	evidence_bytes BLOB,           -- the file itself
	added INTEGER NOT NULL,
	requested INTEGER,
	attested INTEGER,
	attested_by TEXT
) WITHOUT ROWID;
-- What an index or an archive had of a container, and when. container NULL: it is none of those that were swept.
CREATE TABLE index_entry (
	copy BLOB NOT NULL,
	url TEXT NOT NULL,
	seen INTEGER NOT NULL,
	status INTEGER,
	digest TEXT,
	provider INTEGER NOT NULL,     -- 0: no storage address
	account TEXT NOT NULL,
	container TEXT NOT NULL,
	object BLOB NOT NULL,
	PRIMARY KEY (copy, url, seen)
) WITHOUT ROWID;
CREATE INDEX index_entry_container ON index_entry (container, seen);
