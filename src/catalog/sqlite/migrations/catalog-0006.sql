-- Notices, and what became of each. Payloads are sealed with the incident's key: once that is erased nobody can read them. Codes
-- and names of messages are kept as digests. They lie here, not with the incident, so that they can be told while a sweep is at work.
CREATE TABLE notice (
	number INTEGER PRIMARY KEY,
	incident INTEGER NOT NULL,
	code BLOB NOT NULL UNIQUE,
	message BLOB NOT NULL UNIQUE,
	payload BLOB NOT NULL
);
CREATE INDEX notice_incident ON notice (incident, number);
CREATE TABLE notice_event (
	number INTEGER PRIMARY KEY,
	notice INTEGER NOT NULL,
	event INTEGER NOT NULL,
	time INTEGER NOT NULL,
	reason BLOB                    -- sealed; NULL: none
);
CREATE INDEX notice_event_notice ON notice_event (notice, number);
CREATE TABLE notice_decision (
	number INTEGER PRIMARY KEY,
	incident INTEGER NOT NULL,
	payload BLOB NOT NULL
);
CREATE INDEX notice_decision_incident ON notice_decision (incident, number);
