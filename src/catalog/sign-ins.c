/* SPDX-License-Identifier: Apache-2.0 */
/* Each step is a transaction of its own; no password is checked within one. */
#include "catalog/sign-ins.h"

#include "base/clock.h"
#include "base/digest.h"
#include "catalog/inside.h"
#include "model/peer.h"
#include "vault/password.h"

enum { HOUR = 3600, TOUCH_AFTER = 60 };

static enum status finish(struct database *database, enum status status)
{
	if (status == STATUS_OK)
		status = database_commit(database);
	if (status != STATUS_OK)
		database_roll_back(database);
	return status;
}

/* ---- limits ---- */

static const char of_one[] = "SELECT count(*), min(time) FROM sign_in_attempt WHERE name = ?1 AND address = ?2 AND time > ?3";
static const char of_address[] = "SELECT count(*), min(time) FROM sign_in_attempt WHERE ?1 = ?1 AND address = ?2 AND time > ?3";
static const char of_name[] = "SELECT count(*), min(time) FROM sign_in_attempt WHERE name = ?1 AND time > ?3 AND NOT EXISTS"
			      " (SELECT 1 FROM sign_in_address a JOIN user u ON u.number = a.user"
			      " WHERE u.name = ?1 AND a.address = ?2 AND a.time > ?3 - ?4)";

static const struct {
	const char *sql;
	uint64_t max;
} limits[] = {{of_one, SIGN_IN_MAX_AT_ONE}, {of_address, SIGN_IN_MAX_OF_ADDRESS}, {of_name, SIGN_IN_MAX_OF_NAME}};

static enum status hold_to(struct database *database, size_t limit, const struct sign_in_attempt *attempt, struct bytes asker,
                           uint32_t *wait)
{
	sqlite3_stmt *count = database_take(database, limits[limit].sql);
	bind_text(count, 1, attempt->name);
	bind_blob(count, 2, asker);
	bind_integer(count, 3, attempt->now - SIGN_IN_WINDOW);
	if (sqlite3_bind_parameter_count(count) > 3)
		bind_integer(count, 4, SIGN_IN_ADDRESS_KNOWN);
	enum status status = database_step(database, count);
	if (status == STATUS_OK && column_unsigned(count, 0) >= limits[limit].max) {
		int64_t left = column_time(count, 1) + SIGN_IN_WINDOW - attempt->now;
		uint32_t seconds = left < 1 ? 1 : left > SIGN_IN_WINDOW ? SIGN_IN_WINDOW : (uint32_t)left;
		*wait = seconds > *wait ? seconds : *wait;
	}
	database_give(database, count);
	return status;
}

static enum status forget_old(struct database *database, int64_t now)
{
	static const char *const deletions[] = {
		"DELETE FROM sign_in_attempt WHERE time <= ?1 - ?2",
		"DELETE FROM user_session WHERE began <= ?1 - ?2",
		"DELETE FROM sign_in_address WHERE time <= ?1 - ?2",
	};
	static const int64_t ages[] = {SIGN_IN_WINDOW, SIGN_IN_LASTS, SIGN_IN_ADDRESS_KNOWN};
	enum status status = STATUS_OK;
	for (size_t i = 0; i < sizeof ages / sizeof *ages && status == STATUS_OK; i++) {
		sqlite3_stmt *delete = database_take(database, deletions[i]);
		bind_integer(delete, 1, now);
		bind_integer(delete, 2, ages[i]);
		status = database_run(database, delete);
	}
	return status;
}

static enum status count_over(struct database *database, int64_t now, bool *ret_is_first)
{
	sqlite3_stmt *row = database_take(database,
	                                  "INSERT INTO sign_in_over (hour, attempts) VALUES (?1, 1)"
	                                  " ON CONFLICT (hour) DO UPDATE SET attempts = attempts + 1 RETURNING attempts");
	int64_t attempts = 0;
	bind_integer(row, 1, now - now % HOUR);
	enum status status = database_read_integer(database, row, 0, &attempts);
	*ret_is_first = attempts == 1;
	return status;
}

static enum status put_attempt(struct database *database, const struct sign_in_attempt *attempt, struct bytes asker)
{
	sqlite3_stmt *row = database_take(database, "INSERT INTO sign_in_attempt (name, address, time) VALUES (?1, ?2, ?3)");
	bind_text(row, 1, attempt->name);
	bind_blob(row, 2, asker);
	bind_integer(row, 3, attempt->now);
	return database_run(database, row);
}

static enum status count_attempt(struct database *database, const struct sign_in_attempt *attempt, struct bytes asker,
                                 struct sign_in *sign_in)
{
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = forget_old(database, attempt->now);
	for (size_t i = 0; i < sizeof limits / sizeof *limits && status == STATUS_OK; i++)
		status = hold_to(database, i, attempt, asker, &sign_in->wait);
	if (status == STATUS_OK)
		status = sign_in->wait > 0 ? count_over(database, attempt->now, &sign_in->is_first_over)
		                           : put_attempt(database, attempt, asker);
	return finish(database, status);
}

enum status sign_in_take_hour(struct catalog *catalog, int64_t now, int64_t *ret_hour, uint64_t *ret_attempts,
                              struct failure *reterr)
{
	struct database *database = &catalog->database;
	sqlite3_stmt *take = database_take(database, "DELETE FROM sign_in_over WHERE hour = (SELECT min(hour) FROM sign_in_over"
	                                             " WHERE hour < ?1) RETURNING hour, attempts");
	bind_integer(take, 1, now - now % HOUR);
	enum status status = database_step(database, take);
	if (status == STATUS_OK) {
		*ret_hour = column_time(take, 0);
		*ret_attempts = column_unsigned(take, 1);
		enum status rest = database_step(database, take);
		status = rest == STATUS_END ? STATUS_OK : rest;
	} else if (status == STATUS_END) {
		status = STATUS_ABSENT;
	}
	database_give(database, take);
	return status == STATUS_ABSENT ? status : database_tell(database, status, reterr);
}

/* ---- the password ---- */

struct known_user {
	int64_t number;
	char password[VAULT_PASSWORD_TEXT_SIZE];
	enum user_role role;
};

static enum status find_user(struct database *database, struct bytes name, struct known_user *ret_user)
{
	sqlite3_stmt *find = database_take(database, "SELECT number, password, role FROM user WHERE name = ?1");
	bind_text(find, 1, name);
	enum status status = database_step(database, find);
	if (status == STATUS_OK) {
		struct bytes password = column_bytes(find, 1);
		*ret_user = (struct known_user){.number = sqlite3_column_int64(find, 0),
		                                .role = user_role_from_name(column_bytes(find, 2))};
		memcpy(ret_user->password, password.at, password.len < sizeof ret_user->password ? password.len : 0);
		if (password.len >= sizeof ret_user->password || ret_user->role == USER_ROLE_COUNT)
			status = STATUS_MALFORMED;
	}
	database_give(database, find);
	return status;
}

/* Who is nobody takes as long as who is somebody. */
static enum status check(const struct known_user *user, struct bytes password, bool *ret_is_right)
{
	char unused[VAULT_PASSWORD_TEXT_SIZE];
	enum status status = user->number > 0 ? vault_password_check(password, user->password)
	                                      : vault_password_hash(password, unused);
	*ret_is_right = user->number > 0 && status == STATUS_OK;
	return status == STATUS_DENIED ? STATUS_OK : status;
}

/* ---- beginning ---- */

static void make_token(char into[SIGN_IN_TOKEN_SIZE])
{
	unsigned char random[32];
	vault_random(random, sizeof random);
	digest_format_base32(bytes_of(random, sizeof random), into);
	into[SIGN_IN_TOKEN_SIZE - 1] = '\0';
	vault_wipe(random, sizeof random);
}

static enum status put_session(struct database *database, const struct known_user *user, const char *token, int64_t now)
{
	unsigned char digest[DIGEST_SHA256_SIZE];
	digest_sha256(bytes_of_string(token), digest);
	/* Only for the user that was checked: it may have been changed meanwhile. */
	sqlite3_stmt *row = database_take(
		database, "INSERT INTO user_session (digest, user, began, used)"
			  " SELECT ?1, number, ?3, ?3 FROM user WHERE number = ?2 AND password = ?4 AND role = ?5");
	bind_blob(row, 1, bytes_of(digest, sizeof digest));
	bind_integer(row, 2, user->number);
	bind_integer(row, 3, now);
	bind_text(row, 4, bytes_of_string(user->password));
	bind_text(row, 5, bytes_of_string(user_role_name(user->role)));
	enum status status = database_run(database, row);
	return status == STATUS_OK && sqlite3_changes(database->handle) == 0 ? STATUS_CHANGED : status;
}

static enum status remember(struct database *database, const struct known_user *user, struct bytes asker, int64_t now)
{
	static const char *const statements[] = {
		"UPDATE user SET signed_in = ?3 WHERE number = ?1 AND ?2 = ?2",
		"INSERT INTO sign_in_address (user, address, time) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET time = ?3",
		"DELETE FROM sign_in_attempt WHERE name = (SELECT name FROM user WHERE number = ?1) AND address = ?2 AND ?3 = ?3",
	};
	enum status status = STATUS_OK;
	for (size_t i = 0; i < sizeof statements / sizeof *statements && status == STATUS_OK; i++) {
		sqlite3_stmt *statement = database_take(database, statements[i]);
		bind_integer(statement, 1, user->number);
		bind_blob(statement, 2, asker);
		bind_integer(statement, 3, now);
		status = database_run(database, statement);
	}
	return status;
}

static enum status let_in(struct database *database, const struct known_user *user, const struct sign_in_attempt *attempt,
                          struct bytes asker, const char *token)
{
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = put_session(database, user, token, attempt->now);
	if (status == STATUS_OK)
		status = remember(database, user, asker, attempt->now);
	return finish(database, status);
}

static void take_name(struct sign_in *sign_in, struct bytes name)
{
	memcpy(sign_in->name, name.at, name.len);
	sign_in->name[name.len] = '\0';
}

static enum status decide(struct database *database, const struct sign_in_attempt *attempt, struct bytes asker,
                          struct sign_in *sign_in)
{
	struct known_user user = {.number = 0};
	bool is_right = false;
	enum status status = find_user(database, attempt->name, &user);
	if (status == STATUS_OK || status == STATUS_END)
		status = check(&user, attempt->password, &is_right);
	if (status == STATUS_OK && is_right) {
		make_token(sign_in->token);
		status = let_in(database, &user, attempt, asker, sign_in->token);
	}
	if (status == STATUS_OK && is_right) {
		sign_in->verdict = SIGN_IN_RIGHT;
		sign_in->role = user.role;
		take_name(sign_in, attempt->name);
	}
	vault_wipe(&user, sizeof user);
	return status == STATUS_CHANGED ? STATUS_OK : status;
}

enum status sign_in_begin(struct catalog *catalog, const struct sign_in_attempt *attempt, struct sign_in *ret_sign_in,
                          struct failure *reterr)
{
	struct database *database = &catalog->database;
	struct sign_in sign_in = {.verdict = SIGN_IN_WRONG};
	unsigned char counted[PEER_ASKER_SIZE];
	const struct bytes asker = bytes_of(counted, sizeof counted);
	peer_asker(attempt->address, counted);
	bool can_be = attempt->name.len > 0 && attempt->name.len <= USER_NAME_MAX && attempt->password.len <= USER_PASSWORD_MAX;
	enum status status = can_be ? count_attempt(database, attempt, asker, &sign_in) : STATUS_OK;
	if (status == STATUS_OK && sign_in.wait > 0)
		sign_in.verdict = SIGN_IN_TOO_MANY;
	else if (status == STATUS_OK && can_be)
		status = decide(database, attempt, asker, &sign_in);
	if (status == STATUS_OK)
		*ret_sign_in = sign_in;
	vault_wipe(&sign_in, sizeof sign_in);
	return database_tell(database, status, reterr);
}

/* ---- staying ---- */

static enum status find_session(struct database *database, const unsigned char digest[DIGEST_SHA256_SIZE], int64_t now,
                                struct sign_in *ret_sign_in, int64_t *ret_used)
{
	sqlite3_stmt *find = database_take(database,
	                                   "SELECT u.name, u.role, s.used FROM user_session s JOIN user u ON u.number = s.user"
	                                   " WHERE s.digest = ?1 AND s.began > ?2 AND s.used > ?3");
	bind_blob(find, 1, bytes_of(digest, DIGEST_SHA256_SIZE));
	bind_integer(find, 2, now - SIGN_IN_LASTS);
	bind_integer(find, 3, now - SIGN_IN_IDLE);
	enum status status = database_step(database, find);
	if (status == STATUS_OK) {
		struct bytes name = column_bytes(find, 0);
		struct sign_in sign_in = {.role = user_role_from_name(column_bytes(find, 1))};
		if (name.len > USER_NAME_MAX || sign_in.role == USER_ROLE_COUNT) {
			status = STATUS_MALFORMED;
		} else {
			take_name(&sign_in, name);
			*ret_sign_in = sign_in;
			*ret_used = column_time(find, 2);
		}
	}
	database_give(database, find);
	return status;
}

/* Where that cannot be written, it ends the sooner. */
static void touch(struct database *database, const unsigned char digest[DIGEST_SHA256_SIZE], int64_t now)
{
	enum status status = database_begin(database);
	if (status == STATUS_OK) {
		sqlite3_stmt *update = database_take(database,
		                                     "UPDATE user_session SET used = ?2 WHERE digest = ?1 AND used < ?2");
		bind_blob(update, 1, bytes_of(digest, DIGEST_SHA256_SIZE));
		bind_integer(update, 2, now);
		status = database_run(database, update);
	}
	if (finish(database, status) != STATUS_OK)
		return;
}

enum status sign_in_find(struct catalog *catalog, struct bytes token, int64_t now, struct sign_in *ret_sign_in,
                         struct failure *reterr)
{
	struct database *database = &catalog->database;
	unsigned char digest[DIGEST_SHA256_SIZE];
	int64_t used = 0;
	if (token.len != SIGN_IN_TOKEN_SIZE - 1)
		return STATUS_ABSENT;
	digest_sha256(token, digest);
	enum status status = find_session(database, digest, now, ret_sign_in, &used);
	if (status == STATUS_END)
		return STATUS_ABSENT;
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	if (now - used >= TOUCH_AFTER && catalog->mode != CATALOG_READ)
		touch(database, digest, now);
	return STATUS_OK;
}

enum status sign_in_end(struct catalog *catalog, struct bytes token, struct failure *reterr)
{
	struct database *database = &catalog->database;
	unsigned char digest[DIGEST_SHA256_SIZE];
	digest_sha256(token, digest);
	sqlite3_stmt *delete = database_take(database, "DELETE FROM user_session WHERE digest = ?1");
	bind_blob(delete, 1, bytes_of(digest, sizeof digest));
	return database_tell(database, database_run(database, delete), reterr);
}
