-- One incident: what was swept, what stands where, what it says.
--
-- A document row is an observation of one place: an object (ordinal 0) or a part
-- of one. What a document says hangs on its content, stored once however often
-- it stands somewhere. A hundred million objects that are only listed must fit:
-- they enter no index but document_id and no table but this and names.

CREATE TABLE container (
	number INTEGER PRIMARY KEY,
	provider INTEGER NOT NULL,
	account TEXT NOT NULL,
	name BLOB NOT NULL,
	url TEXT NOT NULL,
	UNIQUE (provider, account, name)
);

-- What strangers found at a door of a container: a row for all looks of one sweep that found the same.
CREATE TABLE observation (
	container INTEGER NOT NULL,
	door INTEGER NOT NULL,         -- model/exposure.h
	sweep INTEGER NOT NULL,
	found INTEGER NOT NULL,
	first_at INTEGER NOT NULL,
	last_at INTEGER NOT NULL,
	said TEXT,                     -- by the server, of what was refused
	PRIMARY KEY (container, door, sweep, found)
) WITHOUT ROWID;

-- Spans in which a door stood open, as far as that was seen; closed_at: when it was first found shut again. An object's own
-- are these, as far as it was met there: exposed_first to exposed_last, read_at.
CREATE TABLE exposure (
	number INTEGER PRIMARY KEY,
	container INTEGER NOT NULL,
	door INTEGER NOT NULL,
	first_seen INTEGER NOT NULL,
	last_seen INTEGER NOT NULL,
	closed_at INTEGER
);
CREATE INDEX exposure_door ON exposure (container, door);

CREATE TABLE sweep (
	number INTEGER PRIMARY KEY,
	plan BLOB NOT NULL,            -- digest of targets, settings and rules
	rules INTEGER NOT NULL,        -- label
	settings INTEGER NOT NULL,     -- label
	authority TEXT NOT NULL,
	is_anonymous INTEGER NOT NULL,
	lists_versions INTEGER NOT NULL,
	sample_count INTEGER,          -- objects of each target that were drawn; or
	sample_share REAL,             -- the share of all ids; neither: everything was to be read
	keep_until INTEGER NOT NULL,
	follows INTEGER NOT NULL,      -- the last finished sweep before it; 0: none
	started INTEGER NOT NULL,
	ended INTEGER,
	is_complete INTEGER NOT NULL DEFAULT 0,
	is_finished INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE target (
	sweep INTEGER NOT NULL,
	nth INTEGER NOT NULL,
	container INTEGER NOT NULL,
	prefix BLOB NOT NULL,
	written TEXT NOT NULL,
	cursor BLOB,
	is_done INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (sweep, nth)
) WITHOUT ROWID;

CREATE TABLE label (
	number INTEGER PRIMARY KEY,
	text TEXT NOT NULL UNIQUE
);

CREATE TABLE document (
	number INTEGER PRIMARY KEY,
	id BLOB NOT NULL,
	revision INTEGER NOT NULL,
	state INTEGER NOT NULL,        -- 0 arriving, 1 live, 2 superseded
	object INTEGER NOT NULL,       -- number of the object's own row
	ordinal INTEGER NOT NULL,
	parent INTEGER NOT NULL,       -- ordinal
	container INTEGER NOT NULL,
	path BLOB NOT NULL,            -- object name, and behind !/ the inner path
	object_length INTEGER NOT NULL, -- bytes of path that are the object's name
	outcome INTEGER NOT NULL,      -- 0: waits to be read
	unseen INTEGER NOT NULL,
	size INTEGER,
	modified INTEGER,
	content INTEGER,
	sha256 BLOB,
	note TEXT,
	-- the rest is the object's alone
	version BLOB,
	flags INTEGER,
	created INTEGER,
	etag BLOB,
	md5 BLOB,
	media_type INTEGER,            -- label; as the provider says it
	tier INTEGER,                  -- label
	target INTEGER,
	ticket INTEGER,                -- its place among what waits
	previous INTEGER,              -- outcome before this one
	first_sweep INTEGER,
	last_sweep INTEGER,            -- that listed it
	decided INTEGER,               -- the sweep its outcome is of
	fetched INTEGER,
	exposed_first INTEGER,         -- a stranger's listing had it
	exposed_last INTEGER,
	read_at INTEGER,               -- a stranger read it
	gone_at INTEGER
);
CREATE UNIQUE INDEX document_id ON document (id, revision);
CREATE INDEX document_part ON document (object, ordinal) WHERE ordinal > 0;
CREATE INDEX document_content ON document (content, state) WHERE content IS NOT NULL;
CREATE INDEX document_sha256 ON document (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX document_pending ON document (ticket) WHERE outcome = 0;
CREATE INDEX document_arriving ON document (object) WHERE state = 0;

CREATE TABLE content (
	number INTEGER PRIMARY KEY,    -- never used again: words may still hold an old one
	key BLOB NOT NULL UNIQUE,      -- of the bytes as fetch saw them, or its own
	claimed BLOB,                  -- the key that a worker names for a part nobody else saw; then key is its own
	outcome INTEGER NOT NULL,
	media_type INTEGER,            -- label
	title TEXT,
	author TEXT,
	language TEXT,
	created INTEGER,
	text_bytes INTEGER NOT NULL,
	text_points INTEGER NOT NULL,
	text_beyond INTEGER NOT NULL,
	sweep INTEGER NOT NULL,        -- that read it
	rules INTEGER NOT NULL,        -- label
	is_expired INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX content_claimed ON content (claimed) WHERE claimed IS NOT NULL;

-- number: content * 2048 + nth. start: code points before it. bytes: zstd.
CREATE TABLE chunk (
	number INTEGER PRIMARY KEY,
	start INTEGER NOT NULL,
	bytes BLOB NOT NULL
);

CREATE TABLE entity (
	number INTEGER PRIMARY KEY,
	kind INTEGER NOT NULL,
	value TEXT NOT NULL,
	host TEXT,                     -- com.contoso.mail. of what has one
	UNIQUE (kind, value)
);
CREATE INDEX entity_host ON entity (host, kind) WHERE host IS NOT NULL;

CREATE TABLE finding (
	content INTEGER NOT NULL,
	nth INTEGER NOT NULL,
	entity INTEGER NOT NULL,
	start INTEGER NOT NULL,
	finish INTEGER NOT NULL,
	confidence REAL NOT NULL,
	rule INTEGER,                  -- label
	subkind INTEGER,               -- label
	raw TEXT,                      -- NULL: as the value
	PRIMARY KEY (content, nth)
) WITHOUT ROWID;

-- Findings by entity: how often in which content.
CREATE TABLE occurrence (
	entity INTEGER NOT NULL,
	content INTEGER NOT NULL,
	mentions INTEGER NOT NULL,
	PRIMARY KEY (entity, content)
) WITHOUT ROWID;

CREATE TABLE organisation (
	number INTEGER PRIMARY KEY,
	domain TEXT NOT NULL UNIQUE
);
CREATE TABLE attribution (
	content INTEGER NOT NULL,
	organisation INTEGER NOT NULL,
	role INTEGER NOT NULL,
	confidence REAL NOT NULL,
	why TEXT NOT NULL,
	PRIMARY KEY (content, organisation, role)
) WITHOUT ROWID;
CREATE INDEX attribution_organisation ON attribution (organisation, content, role, confidence);

-- One row: the turn of who wrote last.
CREATE TABLE turn (
	number INTEGER NOT NULL
);
INSERT INTO turn (number) VALUES (0);

-- Counts of live rows, so that a search need not count them: made when a sweep ends, taken away when anything begins to
-- write, never corrected.
CREATE TABLE census (
	live INTEGER NOT NULL,
	objects INTEGER NOT NULL,
	documents INTEGER NOT NULL,
	unsearchable INTEGER NOT NULL
);

-- rowid: content number. Rows are never deleted singly; a purge makes it anew.
CREATE VIRTUAL TABLE words USING fts5 (title, body, content = '', tokenize = 'tidemark_words');
INSERT INTO words (words, rank) VALUES ('pgsz', 4010);
INSERT INTO words (words, rank) VALUES ('automerge', 0);
INSERT INTO words (words, rank) VALUES ('crisismerge', 64);
INSERT INTO words (words, rank) VALUES ('usermerge', 8);
INSERT INTO words (words, rank) VALUES ('hashsize', 33554432);

-- rowid: document number. Candidates for names: verified on the path itself.
CREATE VIRTUAL TABLE names USING fts5 (path, content = '', columnsize = 0, detail = none, tokenize = 'tidemark_names');
INSERT INTO names (names, rank) VALUES ('pgsz', 4010);
INSERT INTO names (names, rank) VALUES ('automerge', 0);
INSERT INTO names (names, rank) VALUES ('crisismerge', 64);
INSERT INTO names (names, rank) VALUES ('usermerge', 8);
INSERT INTO names (names, rank) VALUES ('hashsize', 16777216);
