-- The path as people read it, where its own bytes are not UTF-8 and their charset was told; as path has it, object name first.
ALTER TABLE document ADD COLUMN shown_path BLOB;
