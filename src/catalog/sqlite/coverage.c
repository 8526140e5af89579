/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over live rows, kept until they change. */
#include "catalog/sqlite/coverage.h"

#include "base/sum.h"
#include "catalog/sqlite/numbers.h"

enum status coverage_note_rules(struct store *store, int64_t rules, uint64_t kinds, struct bytes formats)
{
	sqlite3_stmt *note = database_take(&store->database,
	                                   "INSERT OR REPLACE INTO rules (label, kinds, formats) VALUES (?1, ?2, ?3)");
	bind_integer(note, 1, rules);
	bind_unsigned(note, 2, kinds);
	bind_text(note, 3, formats);
	return database_run(&store->database, note);
}

static const char list_readings[] = "SELECT d.outcome, c.outcome, c.is_expired, coalesce(r.kinds, 0), d.ordinal, d.unseen"
				    " FROM document d"
				    " LEFT JOIN content c ON c.number = d.content LEFT JOIN rules r ON r.label = c.rules"
				    " WHERE d.state = " SQL_LIVE;

static void add_kinds(uint64_t kinds, bool is_whole, struct coverage *coverage)
{
	for (enum finding_kind kind = FINDING_EMAIL; kind < FINDING_KIND_COUNT; kind++) {
		bool has_looked = (kinds & FINDING_KIND_BIT(kind)) != 0;
		coverage->looked_through[kind] += has_looked;
		coverage->older_rules[kind] += is_whole && !has_looked;
	}
}

/* What was read in part was looked through in part: it counts as looked through, and as not read. */
static void add_reading(sqlite3_stmt *row, struct coverage *coverage)
{
	int outcome = sqlite3_column_int(row, 0);
	bool was_read = outcome == OUTCOME_READ, has_content = !column_is_null(row, 1);
	if (!was_read && sqlite3_column_int64(row, 4) == 0) {
		coverage->unseen_objects++;
		sum_add(&coverage->unseen_bytes, column_unsigned(row, 5));
	}
	if (outcome == OUTCOME_SPECIAL)
		return;
	coverage->documents++;
	coverage->not_read += !was_read;
	if (!has_content || sqlite3_column_int(row, 1) == OUTCOME_LISTED_ONLY)
		return;
	if (sqlite3_column_int(row, 2) != 0)
		coverage->expired += was_read;
	else
		add_kinds(column_unsigned(row, 3), was_read, coverage);
}

static enum status look_through(struct database *database, struct coverage *ret_coverage)
{
	struct coverage coverage = {.documents = 0};
	sqlite3_stmt *rows = database_take(database, list_readings);
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK)
		add_reading(rows, &coverage);
	database_give(database, rows);
	if (status == STATUS_END)
		*ret_coverage = coverage;
	return status == STATUS_END ? STATUS_OK : status;
}

enum status coverage_read(struct store *store, struct coverage *ret_coverage, struct failure *reterr)
{
	struct database *database = &store->database;
	struct known_coverage *known = &store->known;
	int64_t others, ours = sqlite3_total_changes64(database->handle);
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	status = database_read_integer(database, database_take(database, "PRAGMA data_version"), 0, &others);
	if (status == STATUS_OK && (!known->is_known || known->others != others || known->ours != ours)) {
		status = look_through(database, &known->coverage);
		known->is_known = status == STATUS_OK;
		known->others = others;
		known->ours = ours;
	}
	database_end_reading(database);
	if (status == STATUS_OK)
		*ret_coverage = known->coverage;
	return database_tell(database, status, reterr);
}
