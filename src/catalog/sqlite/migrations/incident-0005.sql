-- What is known of a content beside its text, findings and fields (model/fact.h).
CREATE TABLE fact (
	content INTEGER NOT NULL,
	nth INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	name INTEGER NOT NULL,         -- label
	value TEXT NOT NULL,
	start INTEGER NOT NULL,
	finish INTEGER NOT NULL,       -- start and finish 0: of no place in the text
	confidence REAL NOT NULL,
	PRIMARY KEY (content, nth)
) WITHOUT ROWID;
