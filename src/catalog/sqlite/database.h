/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thin hand on SQLite: statements cached by the address of their text, values
 * bound and read as this house's types, result codes as statuses. A writer's
 * first failure sticks: what was gathered since the last commit is gone, so all
 * that follows must refuse until the database is opened again.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_DATABASE_H
#define TIDEMARK_CATALOG_SQLITE_DATABASE_H

#include "base/bytes.h"
#include "base/status.h"
#include "model/id.h"
#include "vault/pages.h"

#define DATABASE_STATEMENTS_MAX 128

struct database {
	sqlite3 *handle;
	char *path;
	unsigned readers; /* nested reads of one snapshot */
	bool in_transaction;
	enum status failed; /* of a write; sticks */
	size_t statement_count;
	struct {
		const char *sql;
		sqlite3_stmt *at;
	} statements[DATABASE_STATEMENTS_MAX];
};

enum status database_open(struct database *database, const char *path, const struct vault_key *key,
                          const unsigned char identity[PAGES_IDENTITY_SIZE], enum pages_mode mode,
                          struct failure *reterr) MUST_CHECK;
void database_close(struct database *database);

/** A statement ready to be bound. sql: a constant text, whose address names it. NULL when it cannot be
 * prepared: database_step and database_run then say why. Give it back with database_give. */
sqlite3_stmt *database_take(struct database *database, const char *sql);
/** A statement of a text that was made up; finalised when given back. */
sqlite3_stmt *database_prepare(struct database *database, const char *sql);
void database_give(struct database *database, sqlite3_stmt *statement);

void bind_integer(sqlite3_stmt *statement, int at, int64_t value);
void bind_unsigned(sqlite3_stmt *statement, int at, uint64_t value);
/** NULL for CLOCK_UNKNOWN. */
void bind_time(sqlite3_stmt *statement, int at, int64_t value);
void bind_real(sqlite3_stmt *statement, int at, double value);
/** Borrowed until the statement is given back. Empty is empty, not NULL. */
void bind_text(sqlite3_stmt *statement, int at, struct bytes value);
void bind_blob(sqlite3_stmt *statement, int at, struct bytes value);
/** As these, but NULL when empty. */
void bind_text_or_null(sqlite3_stmt *statement, int at, struct bytes value);
void bind_blob_or_null(sqlite3_stmt *statement, int at, struct bytes value);
void bind_id(sqlite3_stmt *statement, int at, const struct id *id);

/** Good until the next step or give. */
struct bytes column_bytes(sqlite3_stmt *statement, int at);
int64_t column_time(sqlite3_stmt *statement, int at);
uint64_t column_unsigned(sqlite3_stmt *statement, int at);
bool column_is_null(sqlite3_stmt *statement, int at);
/** False if it is no id. */
bool column_id(sqlite3_stmt *statement, int at, struct id *ret_id);

/** OK: a row. END: no more. Otherwise what failed. */
enum status database_step(struct database *database, sqlite3_stmt *statement) MUST_CHECK;
/** Steps a statement without rows to its end and gives it back. */
enum status database_run(struct database *database, sqlite3_stmt *statement) MUST_CHECK;
/** Its first column, or fallback if there is no row; gives it back. */
enum status database_read_integer(struct database *database, sqlite3_stmt *statement, int64_t fallback,
                                  int64_t *ret_value) MUST_CHECK;
/** Runs a constant text of one or more statements. */
enum status database_execute(struct database *database, const char *sql) MUST_CHECK;

/** Makes a failure within a transaction stick, so that it is never committed; returns it. SQLite's own stick by
 * themselves: this is for those that came in between. */
enum status database_note_failure(struct database *database, enum status status);

enum status database_begin(struct database *database) MUST_CHECK; /* IMMEDIATE; none if one is open */
enum status database_commit(struct database *database) MUST_CHECK;
/** Forgets what was gathered, and the failure with it. */
void database_roll_back(struct database *database);

/* A snapshot held over several statements; nests. */
enum status database_begin_reading(struct database *database) MUST_CHECK;
void database_end_reading(struct database *database);

/** Says in words what status means of this database; returns it. OK and END are OK. */
enum status database_tell(const struct database *database, enum status status, struct failure *reterr);

/** A copy of that name in a folder, synced. Where there is one already, the new one takes its place. */
enum status database_copy(struct database *database, const char *folder, const char *name, struct failure *reterr) MUST_CHECK;

#endif
