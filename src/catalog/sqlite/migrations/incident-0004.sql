-- Whose a place is by its path alone. A content is the same wherever it stands, so this hangs on the document: on live
-- ones, and only where their content names no party.
CREATE TABLE placement (
	document INTEGER NOT NULL,
	organisation INTEGER NOT NULL,
	confidence REAL NOT NULL,
	why INTEGER NOT NULL,          -- label
	PRIMARY KEY (document, organisation)
) WITHOUT ROWID;
CREATE INDEX placement_organisation ON placement (organisation, document);
