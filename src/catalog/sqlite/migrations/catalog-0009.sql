-- What watching has seen and still has to tell. Targets stand here as digests under the incident's key, and all that is said of them
-- is sealed with it. They lie here, not with the incident, so that watching goes on while a sweep is at work there.
CREATE TABLE watch_target (
	number INTEGER PRIMARY KEY,
	incident INTEGER NOT NULL,
	target BLOB NOT NULL,
	payload BLOB NOT NULL,
	names BLOB,                    -- digests of the names last listed; NULL: never listed to its end
	UNIQUE (incident, target)
);
-- The first and the last look of each run of looks that found the same.
CREATE TABLE watch_observation (
	number INTEGER PRIMARY KEY,
	incident INTEGER NOT NULL,
	target BLOB NOT NULL,
	is_first INTEGER NOT NULL,
	is_settled INTEGER NOT NULL,   -- it stands in the incident's exposures
	signature BLOB NOT NULL,
	payload BLOB NOT NULL
);
CREATE INDEX watch_observation_target ON watch_observation (incident, target, number);
-- Alerts that wait to be told: a row for each way; it goes when they have it.
CREATE TABLE watch_alert (
	number INTEGER PRIMARY KEY,
	incident INTEGER NOT NULL,
	channel INTEGER NOT NULL,
	may_have_arrived INTEGER NOT NULL DEFAULT 0,
	payload BLOB NOT NULL
);
CREATE INDEX watch_alert_channel ON watch_alert (incident, channel, number);
