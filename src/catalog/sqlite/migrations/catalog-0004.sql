-- Who asked to be told of an incident, and how they showed who they are. Subjects and addresses stand here as digests under
-- the incident's key, what else is said of them sealed with it: once that is erased nobody can read it. What gives its holder
-- a right is kept as a digest.
CREATE TABLE challenge (
	number INTEGER PRIMARY KEY,
	incident INTEGER NOT NULL,
	id BLOB NOT NULL UNIQUE,
	subject BLOB NOT NULL,
	asker BLOB NOT NULL,
	method INTEGER NOT NULL,
	state INTEGER NOT NULL,
	made INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	wrong INTEGER NOT NULL DEFAULT 0,  -- codes
	looked INTEGER NOT NULL DEFAULT 0, -- until then somebody looks whether it is met
	looker BLOB,                       -- the address that has it looked at
	invitation INTEGER,                -- whose code was given
	payload BLOB NOT NULL
);
CREATE INDEX challenge_asker ON challenge (incident, asker, subject, made);
CREATE INDEX challenge_expires ON challenge (expires);
CREATE INDEX challenge_looked ON challenge (looked) WHERE looked > 0;
CREATE INDEX challenge_state ON challenge (incident, state, number);

-- What an address tried within the last hour, and what was refused because of it, by the hour and not by the address.
CREATE TABLE attempt (
	asker BLOB NOT NULL,
	kind INTEGER NOT NULL,
	time INTEGER NOT NULL
);
CREATE INDEX attempt_asker ON attempt (asker, kind, time);
CREATE INDEX attempt_time ON attempt (time);
CREATE TABLE refusal (
	incident INTEGER NOT NULL,
	hour INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	count INTEGER NOT NULL,
	PRIMARY KEY (incident, hour, kind)
) WITHOUT ROWID;

-- Codes that are still to be mailed, and what was mailed to whom within a day.
CREATE TABLE proof_mail (
	number INTEGER PRIMARY KEY,
	incident INTEGER NOT NULL,
	challenge INTEGER NOT NULL,
	due INTEGER NOT NULL
);
CREATE INDEX proof_mail_due ON proof_mail (incident, due);
CREATE TABLE proof_mailed (
	scope BLOB NOT NULL,
	time INTEGER NOT NULL
);
CREATE INDEX proof_mailed_scope ON proof_mailed (scope, time);
CREATE INDEX proof_mailed_time ON proof_mailed (time);

CREATE TABLE proof (
	number INTEGER PRIMARY KEY,
	incident INTEGER NOT NULL,
	token BLOB NOT NULL UNIQUE,
	subject BLOB NOT NULL,
	method INTEGER NOT NULL,
	made INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	revoked INTEGER,
	payload BLOB NOT NULL
);
CREATE INDEX proof_subject ON proof (incident, subject, made);

CREATE TABLE invitation (
	number INTEGER PRIMARY KEY,
	incident INTEGER NOT NULL,
	handle BLOB NOT NULL UNIQUE, -- of its first letters, by which a wrong try is told to be one of it
	code BLOB NOT NULL,
	subject BLOB NOT NULL,
	made INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	wrong INTEGER NOT NULL DEFAULT 0,
	used INTEGER,
	payload BLOB NOT NULL
);

CREATE TABLE appeal (
	number INTEGER PRIMARY KEY,
	incident INTEGER NOT NULL,
	subject BLOB NOT NULL,
	nth INTEGER NOT NULL,              -- of its subject: it is told no other number
	state INTEGER NOT NULL,
	payload BLOB NOT NULL,
	decision BLOB
);
CREATE INDEX appeal_subject ON appeal (incident, subject, state);

-- What a subject may see of who asked about it, numbered for each subject by itself: a number of all would tell it how much others
-- ask.
CREATE TABLE asked (
	incident INTEGER NOT NULL,
	subject BLOB NOT NULL,
	nth INTEGER NOT NULL,
	time INTEGER NOT NULL,
	method INTEGER NOT NULL,
	result INTEGER NOT NULL,
	network TEXT NOT NULL,
	PRIMARY KEY (incident, subject, nth)
) WITHOUT ROWID;

-- Answers whose documents the journal names already.
CREATE TABLE told (
	incident INTEGER NOT NULL,
	digest BLOB NOT NULL,
	PRIMARY KEY (incident, digest)
) WITHOUT ROWID;
