-- What a party is in its document (model/finding.h), what the document calls it, and its country with what says so.
ALTER TABLE attribution ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attribution ADD COLUMN name TEXT;
ALTER TABLE attribution ADD COLUMN country TEXT;
ALTER TABLE attribution ADD COLUMN country_by INTEGER NOT NULL DEFAULT 0;
