/* SPDX-License-Identifier: Apache-2.0 */
/* What still waits comes to its end without having been read. */
#include "catalog/sqlite/settling.h"

#include "catalog/names.h"
#include "catalog/sqlite/batch.h"
#include "catalog/sqlite/document.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/open-object.h"
#include "catalog/sqlite/revision.h"
#include "catalog/sqlite/writer.h"

static enum status release_revision(struct store *store, sqlite3_stmt *row)
{
	struct database *database = &store->database;
	struct id id;
	if (!column_id(row, 1, &id))
		return STATUS_MALFORMED;
	sqlite3_stmt *update = database_take(database, "UPDATE document SET state = " SQL_LIVE " WHERE number = ?1");
	bind_integer(update, 1, sqlite3_column_int64(row, 0));
	enum status status = database_run(database, update);
	if (status == STATUS_OK)
		status = names_add(database, sqlite3_column_int64(row, 0), column_bytes(row, 3));
	if (status == STATUS_OK)
		status = revision_supersede(store, &id, sqlite3_column_int64(row, 2));
	return status;
}

/* How what waits is to end: all of it, or that of one target. */
struct settling {
	uint64_t sweep;
	bool is_of_target;
	size_t target;
	enum outcome outcome;
	struct bytes note; /* empty: as it is */
};

static void bind_target(sqlite3_stmt *statement, int position, const struct settling *settling)
{
	if (settling->is_of_target)
		bind_unsigned(statement, position, settling->target);
}

static enum status release_waiting(struct store *store, const struct settling *settling)
{
	struct database *database = &store->database;
	sqlite3_stmt *list = database_take(database,
	                                   "SELECT number, id, revision, path FROM document"
	                                   " WHERE state = " SQL_ARRIVING " AND ordinal = 0 AND (?1 IS NULL OR target = ?1)");
	bind_target(list, 1, settling);
	enum status status;
	while ((status = database_step(database, list)) == STATUS_OK) {
		status = release_revision(store, list);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, list);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status settle(struct store *store, const struct settling *settling)
{
	enum status status = release_waiting(store, settling);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *update = database_take(
		&store->database, "UPDATE document"
				  " SET outcome = ?1, decided = ?2, flags = flags & ~?3, ticket = NULL, note = coalesce(?4, note)"
				  " WHERE outcome = " SQL_PENDING " AND (?5 IS NULL OR target = ?5)");
	bind_integer(update, 1, settling->outcome);
	bind_unsigned(update, 2, settling->sweep);
	bind_integer(update, 3, OBJECT_REDO);
	bind_text_or_null(update, 4, settling->note);
	bind_target(update, 5, settling);
	return database_run(&store->database, update);
}

enum status settling_settle(struct store *store, uint64_t sweep)
{
	return settle(store, &(struct settling){.sweep = sweep, .outcome = OUTCOME_LISTED_ONLY});
}

static enum status give_up(struct store *store, const struct settling *settling)
{
	struct writer *writer = store->writer;
	while (writer->open_count > 0)
		open_object_forget(store, &writer->open[writer->open_count - 1]);
	enum status status = database_execute(&store->database,
	                                      "DELETE FROM document WHERE state = " SQL_ARRIVING " AND ordinal > 0");
	if (status == STATUS_OK)
		status = settle(store, settling);
	return status == STATUS_OK ? batch_commit(store) : status;
}

enum status settling_give_up(struct store *store, size_t target, enum outcome outcome, struct bytes note, struct failure *reterr)
{
	enum status status = batch_start(store);
	if (status == STATUS_OK)
		status = give_up(store, &(struct settling){
						.sweep = store->writer->sweep,
						.is_of_target = true,
						.target = target,
						.outcome = outcome,
						.note = note,
					});
	return batch_tell(store, status, reterr);
}
