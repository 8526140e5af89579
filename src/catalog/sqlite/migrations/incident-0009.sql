-- By which rules contents were read: the kinds of findings they look for (a bit each, model/finding.h), and the formats that
-- read (empty: it was not told apart then). What earlier versions looked for is not on record: addresses, domains, URLs, storage
-- and IP addresses always, and whatever they found.
CREATE TABLE rules (
	label INTEGER PRIMARY KEY,
	kinds INTEGER NOT NULL,
	formats TEXT NOT NULL DEFAULT ''
);
INSERT INTO rules (label, kinds) SELECT r.rules, 8389150 | coalesce((SELECT sum(1 << k.kind) FROM (SELECT DISTINCT kind FROM entity) k
	WHERE k.kind NOT IN (1, 2, 3, 4, 9, 23) AND EXISTS (SELECT 1 FROM entity e JOIN occurrence o ON o.entity = e.number
	JOIN content c ON c.number = o.content WHERE e.kind = k.kind AND c.rules = r.rules)), 0)
	FROM (SELECT DISTINCT rules FROM content) r;
-- The sweep that looked through the kept text again, and whether anything came out otherwise.
ALTER TABLE content ADD COLUMN renewed INTEGER;
ALTER TABLE content ADD COLUMN is_altered INTEGER NOT NULL DEFAULT 0;
