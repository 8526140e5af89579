-- How many of the mentions stand among strings of bytes that nobody read (model/finding.h).
ALTER TABLE occurrence ADD COLUMN carved INTEGER NOT NULL DEFAULT 0;
CREATE INDEX occurrence_carved ON occurrence (content) WHERE carved > 0;
