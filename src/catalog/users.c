/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of tidemark.db, which is sealed as a whole. */
#include "catalog/users.h"

#include "catalog/inside.h"
#include "catalog/sign-ins.h"
#include "vault/password.h"

/* ---- changing ---- */

static enum status run_for(struct database *database, const char *sql, int64_t user)
{
	sqlite3_stmt *statement = database_take(database, sql);
	bind_integer(statement, 1, user);
	return database_run(database, statement);
}

static enum status forget_sign_ins(struct database *database, int64_t user)
{
	enum status status = run_for(database, "DELETE FROM user_session WHERE user = ?1", user);
	if (status == STATUS_OK)
		status = run_for(database, "DELETE FROM sign_in_attempt WHERE name = (SELECT name FROM user WHERE number = ?1)",
		                 user);
	return status;
}

static enum status find_number(struct database *database, struct bytes name, int64_t *ret_number)
{
	sqlite3_stmt *find = database_take(database, "SELECT number FROM user WHERE name = ?1");
	bind_text(find, 1, name);
	return database_read_integer(database, find, 0, ret_number);
}

static enum status put(struct database *database, const struct new_user *user, const char *password)
{
	sqlite3_stmt *row = database_take(database,
	                                  "INSERT INTO user (name, role, password, added, changed) VALUES (?1, ?2, ?3, ?4, ?4)"
	                                  " ON CONFLICT (name) DO UPDATE SET role = ?2, password = ?3, changed = ?4");
	bind_text(row, 1, user->name);
	bind_text(row, 2, bytes_of_string(user_role_name(user->role)));
	bind_text(row, 3, bytes_of_string(password));
	bind_integer(row, 4, user->now);
	return database_run(database, row);
}

static enum status change(struct database *database, const struct new_user *user, const char *password, bool *ret_was_there)
{
	int64_t number = 0;
	enum status status = find_number(database, user->name, &number);
	if (status == STATUS_OK)
		status = put(database, user, password);
	if (status == STATUS_OK && number > 0)
		status = forget_sign_ins(database, number);
	if (status == STATUS_OK)
		*ret_was_there = number > 0;
	return status;
}

static enum status finish(struct database *database, enum status status)
{
	if (status == STATUS_OK)
		status = database_commit(database);
	if (status != STATUS_OK)
		database_roll_back(database);
	return status;
}

enum status catalog_add_user(struct catalog *catalog, const struct new_user *user, bool *ret_was_there, struct failure *reterr)
{
	struct database *database = &catalog->database;
	char password[VAULT_PASSWORD_TEXT_SIZE];
	enum status status = vault_password_hash(user->password, password);
	if (status != STATUS_OK)
		return fail(reterr, status, catalog->directory, "there is not memory enough to keep a password safely (64 MiB)");
	status = database_begin(database);
	if (status == STATUS_OK)
		status = change(database, user, password, ret_was_there);
	return database_tell(database, finish(database, status), reterr);
}

static enum status take_out(struct database *database, struct bytes name)
{
	int64_t number = 0;
	enum status status = find_number(database, name, &number);
	if (status == STATUS_OK && number == 0)
		return STATUS_ABSENT;
	if (status == STATUS_OK)
		status = forget_sign_ins(database, number);
	if (status == STATUS_OK)
		status = run_for(database, "DELETE FROM sign_in_address WHERE user = ?1", number);
	if (status == STATUS_OK)
		status = run_for(database, "DELETE FROM user WHERE number = ?1", number);
	return status;
}

enum status catalog_remove_user(struct catalog *catalog, struct bytes name, struct failure *reterr)
{
	struct database *database = &catalog->database;
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = take_out(database, name);
	status = finish(database, status);
	if (status == STATUS_ABSENT)
		return fail(reterr, STATUS_ABSENT, "NAME", "there is no such user; tidemark user list shows who there is");
	return database_tell(database, status, reterr);
}

/* ---- listing ---- */

static const char list_users[] =
	"SELECT name, role, added, changed, signed_in, (SELECT count(*) FROM user_session s WHERE s.user = user.number"
	" AND s.began > ?1 AND s.used > ?2) FROM user ORDER BY name";

static enum status pass(sqlite3_stmt *row, user_visitor *each, void *context)
{
	const struct user user = {
		.name = column_bytes(row, 0),
		.role = user_role_from_name(column_bytes(row, 1)),
		.added = column_time(row, 2),
		.changed = column_time(row, 3),
		.signed_in = column_time(row, 4),
		.sessions = column_unsigned(row, 5),
	};
	return user.role == USER_ROLE_COUNT ? STATUS_MALFORMED : each(context, &user);
}

enum status catalog_users(struct catalog *catalog, int64_t now, user_visitor *each, void *context, struct failure *reterr)
{
	struct database *database = &catalog->database;
	sqlite3_stmt *rows = database_take(database, list_users);
	bind_integer(rows, 1, now - SIGN_IN_LASTS);
	bind_integer(rows, 2, now - SIGN_IN_IDLE);
	enum status status, passed = STATUS_OK;
	while (passed == STATUS_OK && (status = database_step(database, rows)) == STATUS_OK)
		passed = pass(rows, each, context);
	database_give(database, rows);
	if (passed == STATUS_END)
		return STATUS_OK;
	return database_tell(database, passed != STATUS_OK ? passed : status, reterr);
}
