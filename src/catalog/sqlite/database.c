/* SPDX-License-Identifier: Apache-2.0 */
/* Statements, values and statuses over SQLite. */
#include "catalog/sqlite/database.h"

#include "base/clock.h"
#include "catalog/path.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum status database_open(struct database *database, const char *path, const struct vault_key *key,
                          const unsigned char identity[PAGES_IDENTITY_SIZE], enum pages_mode mode, struct failure *reterr)
{
	*database = (struct database){.path = strdup(path)};
	if (database->path == NULL)
		return fail(reterr, STATUS_NO_MEMORY, path, "no memory");
	enum status status = pages_open(path, key, identity, mode, &database->handle, reterr);
	if (status != STATUS_OK)
		database_close(database);
	return status;
}

void database_close(struct database *database)
{
	for (size_t i = 0; i < database->statement_count; i++)
		sqlite3_finalize(database->statements[i].at);
	sqlite3_close_v2(database->handle);
	free(database->path);
	*database = (struct database){.handle = NULL};
}

/* ---- statements ---- */

/* Of what just failed. Where SQLite knows of no failure, memory for the text of the statement was. */
static enum status current_status(const struct database *database)
{
	enum status status = pages_status(sqlite3_extended_errcode(database->handle));
	return status == STATUS_OK || status == STATUS_END ? STATUS_NO_MEMORY : status;
}

static sqlite3_stmt *prepare(struct database *database, const char *sql, unsigned flags)
{
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v3(database->handle, sql, -1, flags, &statement, NULL) != SQLITE_OK)
		return NULL;
	return statement;
}

sqlite3_stmt *database_prepare(struct database *database, const char *sql)
{
	return prepare(database, sql, 0);
}

sqlite3_stmt *database_take(struct database *database, const char *sql)
{
	for (size_t i = 0; i < database->statement_count; i++) {
		if (database->statements[i].sql != sql)
			continue;
		if (sqlite3_stmt_busy(database->statements[i].at))
			return prepare(database, sql, 0);
		return database->statements[i].at;
	}
	sqlite3_stmt *statement = prepare(database, sql, SQLITE_PREPARE_PERSISTENT);
	if (statement != NULL && database->statement_count < DATABASE_STATEMENTS_MAX) {
		database->statements[database->statement_count].sql = sql;
		database->statements[database->statement_count++].at = statement;
	}
	return statement;
}

void database_give(struct database *database, sqlite3_stmt *statement)
{
	for (size_t i = 0; i < database->statement_count; i++) {
		if (database->statements[i].at == statement) {
			sqlite3_reset(statement);
			sqlite3_clear_bindings(statement);
			return;
		}
	}
	sqlite3_finalize(statement);
}

/* ---- values; binding fails only by mistakes of ours ---- */

static void check_bound(sqlite3_stmt *statement, int code)
{
	assert(statement == NULL || code == SQLITE_OK);
	(void)statement;
	(void)code;
}

void bind_integer(sqlite3_stmt *statement, int at, int64_t value)
{
	check_bound(statement, sqlite3_bind_int64(statement, at, value));
}

void bind_unsigned(sqlite3_stmt *statement, int at, uint64_t value)
{
	bind_integer(statement, at, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

void bind_time(sqlite3_stmt *statement, int at, int64_t value)
{
	if (value != CLOCK_UNKNOWN)
		bind_integer(statement, at, value);
	else
		check_bound(statement, sqlite3_bind_null(statement, at));
}

void bind_real(sqlite3_stmt *statement, int at, double value)
{
	check_bound(statement, sqlite3_bind_double(statement, at, value));
}

void bind_text(sqlite3_stmt *statement, int at, struct bytes value)
{
	const char *text = value.len > 0 ? (const char *)value.at : "";
	check_bound(statement, sqlite3_bind_text64(statement, at, text, value.len, SQLITE_STATIC, SQLITE_UTF8));
}

void bind_blob(sqlite3_stmt *statement, int at, struct bytes value)
{
	const void *blob = value.len > 0 ? (const void *)value.at : "";
	check_bound(statement, sqlite3_bind_blob64(statement, at, blob, value.len, SQLITE_STATIC));
}

void bind_text_or_null(sqlite3_stmt *statement, int at, struct bytes value)
{
	if (value.len > 0)
		bind_text(statement, at, value);
	else
		check_bound(statement, sqlite3_bind_null(statement, at));
}

void bind_blob_or_null(sqlite3_stmt *statement, int at, struct bytes value)
{
	if (value.len > 0)
		bind_blob(statement, at, value);
	else
		check_bound(statement, sqlite3_bind_null(statement, at));
}

void bind_id(sqlite3_stmt *statement, int at, const struct id *id)
{
	bind_blob(statement, at, bytes_of(id->bytes, ID_SIZE));
}

struct bytes column_bytes(sqlite3_stmt *statement, int at)
{
	const void *blob = sqlite3_column_blob(statement, at);
	return bytes_of(blob, blob != NULL ? (size_t)sqlite3_column_bytes(statement, at) : 0);
}

int64_t column_time(sqlite3_stmt *statement, int at)
{
	return column_is_null(statement, at) ? CLOCK_UNKNOWN : sqlite3_column_int64(statement, at);
}

uint64_t column_unsigned(sqlite3_stmt *statement, int at)
{
	int64_t value = sqlite3_column_int64(statement, at);
	return value > 0 ? (uint64_t)value : 0;
}

bool column_is_null(sqlite3_stmt *statement, int at)
{
	return sqlite3_column_type(statement, at) == SQLITE_NULL;
}

bool column_id(sqlite3_stmt *statement, int at, struct id *ret_id)
{
	struct bytes blob = column_bytes(statement, at);
	if (blob.len != ID_SIZE)
		return false;
	memcpy(ret_id->bytes, blob.at, ID_SIZE);
	return true;
}

/* ---- running ---- */

enum status database_note_failure(struct database *database, enum status status)
{
	if (database->in_transaction && database->failed == STATUS_OK && status != STATUS_OK && status != STATUS_END)
		database->failed = status;
	return status;
}

enum status database_step(struct database *database, sqlite3_stmt *statement)
{
	if (statement == NULL)
		return database_note_failure(database, current_status(database));
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		return STATUS_OK;
	if (code == SQLITE_DONE)
		return STATUS_END;
	return database_note_failure(database, current_status(database));
}

enum status database_run(struct database *database, sqlite3_stmt *statement)
{
	enum status status;
	do
		status = database_step(database, statement);
	while (status == STATUS_OK);
	database_give(database, statement);
	return status == STATUS_END ? STATUS_OK : status;
}

enum status database_read_integer(struct database *database, sqlite3_stmt *statement, int64_t fallback, int64_t *ret_value)
{
	enum status status = database_step(database, statement);
	if (status == STATUS_OK)
		*ret_value = column_is_null(statement, 0) ? fallback : sqlite3_column_int64(statement, 0);
	else if (status == STATUS_END)
		*ret_value = fallback;
	database_give(database, statement);
	return status == STATUS_END ? STATUS_OK : status;
}

enum status database_execute(struct database *database, const char *sql)
{
	if (sqlite3_exec(database->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
		return STATUS_OK;
	return database_note_failure(database, current_status(database));
}

enum status database_begin(struct database *database)
{
	if (database->failed != STATUS_OK)
		return database->failed;
	if (database->in_transaction)
		return STATUS_OK;
	enum status status = database_run(database, database_take(database, "BEGIN IMMEDIATE"));
	database->in_transaction = status == STATUS_OK;
	return status;
}

enum status database_commit(struct database *database)
{
	if (database->failed != STATUS_OK)
		return database->failed;
	if (!database->in_transaction)
		return STATUS_OK;
	enum status status = database_run(database, database_take(database, "COMMIT"));
	database->in_transaction = status != STATUS_OK;
	return status;
}

void database_roll_back(struct database *database)
{
	if (database->in_transaction)
		sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
	database->in_transaction = false;
	database->failed = STATUS_OK;
}

/* The statement that ends it is made before it begins: ending must not fail for want of memory. */
static const char end_reading[] = "COMMIT";

enum status database_begin_reading(struct database *database)
{
	if (database->readers == 0 && !database->in_transaction) {
		sqlite3_stmt *end = database_take(database, end_reading);
		if (end == NULL)
			return current_status(database);
		database_give(database, end);
		enum status status = database_run(database, database_take(database, "BEGIN"));
		if (status != STATUS_OK)
			return status;
	}
	database->readers++;
	return STATUS_OK;
}

void database_end_reading(struct database *database)
{
	assert(database->readers > 0);
	if (--database->readers == 0 && !database->in_transaction)
		(void)!database_run(database, database_take(database, end_reading));
}

enum status database_tell(const struct database *database, enum status status, struct failure *reterr)
{
	switch (status) {
	case STATUS_OK:
	case STATUS_END: return STATUS_OK;
	case STATUS_NO_SPACE:
		return fail(reterr, status, database->path,
		            "no space is left; make room and run the same command again: nothing recorded is "
		            "lost");
	case STATUS_INTERRUPTED: return fail(reterr, status, "", "interrupted");
	case STATUS_BUSY: return fail(reterr, status, database->path, "another process is writing; try again");
	case STATUS_NO_MEMORY: return fail(reterr, status, database->path, "memory is used up");
	case STATUS_DENIED: return fail(reterr, status, database->path, "cannot be written; check its permissions");
	case STATUS_MALFORMED:
		return fail(reterr, status, database->path, "is damaged; 'tidemark catalog verify' names the place");
	default: return fail(reterr, status, database->path, "failed (%s)", sqlite3_errmsg(database->handle));
	}
}

/* ---- copying ---- */

static enum status sync_directory(const char *path, struct failure *reterr)
{
	int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int code = descriptor < 0 ? -1 : fsync(descriptor);
	if (descriptor >= 0)
		close(descriptor);
	return code == 0 ? STATUS_OK : fail(reterr, STATUS_BROKEN, path, "cannot be synced (%s)", strerror(errno));
}

enum status database_copy(struct database *database, const char *folder, const char *name, struct failure *reterr)
{
	char *path = path_join(folder, name);
	if (path != NULL)
		remove(path);
	enum status status = path == NULL ? fail(reterr, STATUS_NO_MEMORY, folder, "memory is used up")
	                                  : pages_copy(database->handle, path, reterr);
	free(path);
	return status == STATUS_OK ? sync_directory(folder, reterr) : status;
}
