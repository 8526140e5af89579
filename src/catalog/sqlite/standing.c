/* SPDX-License-Identifier: Apache-2.0 */
/* One moment of it. */
#include "catalog/sqlite/standing.h"

#include "base/sum.h"
#include "catalog/sqlite/numbers.h"

static const char find_latest[] =
	"SELECT number, started, ended, is_finished, is_complete, (SELECT count(*) FROM target t WHERE t.sweep = sweep.number),"
	" (SELECT count(*) FROM target t WHERE t.sweep = sweep.number AND t.is_done) FROM sweep ORDER BY number DESC LIMIT 1";

static const char count_outcomes[] = "SELECT outcome, count(*), tm_total(size) FROM document"
				     " WHERE ordinal = 0 AND state <> " SQL_SUPERSEDED " AND last_sweep = ?1 GROUP BY outcome";

static enum status read_latest(struct database *database, struct sweep_standing *standing)
{
	sqlite3_stmt *find = database_take(database, find_latest);
	enum status status = database_step(database, find);
	if (status == STATUS_OK)
		*standing = (struct sweep_standing){
			.sweep = column_unsigned(find, 0),
			.started = column_time(find, 1),
			.ended = column_time(find, 2),
			.is_finished = sqlite3_column_int(find, 3) != 0,
			.is_complete = sqlite3_column_int(find, 4) != 0,
			.targets = column_unsigned(find, 5),
			.targets_listed = column_unsigned(find, 6),
		};
	database_give(database, find);
	return status == STATUS_END ? STATUS_ABSENT : status;
}

static enum status count(struct database *database, struct sweep_standing *standing)
{
	sqlite3_stmt *rows = database_take(database, count_outcomes);
	enum status status;
	bind_unsigned(rows, 1, standing->sweep);
	while ((status = database_step(database, rows)) == STATUS_OK) {
		unsigned outcome = (unsigned)sqlite3_column_int(rows, 0);
		uint64_t objects = column_unsigned(rows, 1), bytes = column_unsigned(rows, 2);
		if (outcome >= OUTCOME_COUNT)
			continue;
		standing->listed += objects;
		sum_add(&standing->listed_bytes, bytes);
		standing->outcomes[outcome].objects = objects;
		standing->outcomes[outcome].bytes = bytes;
	}
	database_give(database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

enum status standing_read(struct store *store, struct sweep_standing *ret_standing, struct failure *reterr)
{
	struct database *database = &store->database;
	struct sweep_standing standing = {.sweep = 0};
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	status = read_latest(database, &standing);
	if (status == STATUS_OK)
		status = count(database, &standing);
	database_end_reading(database);
	if (status == STATUS_ABSENT)
		return status;
	if (status == STATUS_OK)
		*ret_standing = standing;
	return database_tell(database, status, reterr);
}
