-- In which sweep an object went, and how the listing of each target ended (model/sweep.h).
ALTER TABLE document ADD COLUMN gone_sweep INTEGER;
ALTER TABLE target ADD COLUMN listing INTEGER NOT NULL DEFAULT 0;
ALTER TABLE census ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
