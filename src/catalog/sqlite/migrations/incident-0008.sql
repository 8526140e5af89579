-- What a document is, and whether it carries signatures: labels (model/field.h).
ALTER TABLE content ADD COLUMN class INTEGER;
ALTER TABLE content ADD COLUMN signing INTEGER;
CREATE INDEX content_class ON content (class) WHERE class > 0;
CREATE INDEX content_signing ON content (signing) WHERE signing > 0;
