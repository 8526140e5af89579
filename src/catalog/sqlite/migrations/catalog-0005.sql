-- Who may use the operator's pages. What is kept of a password tells whether one is right and nothing else; of a session only the
-- digest of its token.
CREATE TABLE user (
	number INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	role TEXT NOT NULL,
	password TEXT NOT NULL,        -- Argon2id, with salt and costs
	added INTEGER NOT NULL,
	changed INTEGER NOT NULL,
	signed_in INTEGER
);

CREATE TABLE user_session (
	digest BLOB PRIMARY KEY,
	user INTEGER NOT NULL,
	began INTEGER NOT NULL,
	used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX user_session_user ON user_session (user);

-- Attempts to sign in that have not succeeded, for as long as they count; addresses from which one did (model/peer.h).
CREATE TABLE sign_in_attempt (
	number INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	address BLOB NOT NULL,
	time INTEGER NOT NULL
);
CREATE INDEX sign_in_attempt_address ON sign_in_attempt (address, time);
CREATE INDEX sign_in_attempt_name ON sign_in_attempt (name, time);
CREATE TABLE sign_in_address (
	user INTEGER NOT NULL,
	address BLOB NOT NULL,
	time INTEGER NOT NULL,
	PRIMARY KEY (user, address)
) WITHOUT ROWID;

-- Attempts over the limit, by the hour: they are in the journal as one entry.
CREATE TABLE sign_in_over (
	hour INTEGER PRIMARY KEY,
	attempts INTEGER NOT NULL
);
