-- Which contents resemble each other (model/sketch.h). Made when a sweep ends, of what was read since the one before; it holds
-- numbers and no text, and goes with the content it is of.
CREATE TABLE band (
	key INTEGER NOT NULL,          -- odd: of a whole text; even: of a part of its sketch
	rank INTEGER NOT NULL,
	content INTEGER NOT NULL,
	PRIMARY KEY (key, rank, content)
) WITHOUT ROWID;

-- Contents that are one document: of the same text, or near each other and the same was found in them.
CREATE TABLE member (
	family INTEGER NOT NULL,
	content INTEGER NOT NULL,
	PRIMARY KEY (family, content)
) WITHOUT ROWID;
CREATE UNIQUE INDEX member_content ON member (content);
CREATE TABLE family (
	number INTEGER PRIMARY KEY,
	representative INTEGER NOT NULL, -- the number of a document
	contents INTEGER NOT NULL,
	documents INTEGER NOT NULL
);

-- One row. since: contents of smaller numbers were read before there were sketches; until: those of smaller numbers are in band;
-- is_made: families are of what is live now.
CREATE TABLE kinship (
	since INTEGER NOT NULL,
	until INTEGER NOT NULL,
	is_made INTEGER NOT NULL
);
INSERT INTO kinship (since, until, is_made) SELECT coalesce(max(number), 0) + 1, coalesce(max(number), 0) + 1, 0 FROM content;
