-- What operators decided about one document for one subject: a word replaces no earlier one, the latest counts. Sealed with the
-- incident's key: once that is erased nobody can read it. It lies here, not with the incident, so that it can be given while a
-- sweep is at work there.
CREATE TABLE review (
	number INTEGER PRIMARY KEY,
	incident INTEGER NOT NULL,
	payload BLOB NOT NULL
);
CREATE INDEX review_incident ON review (incident, number);
