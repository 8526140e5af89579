/* SPDX-License-Identifier: Apache-2.0 */
/* At its end a sweep knows what is gone and what has expired, and brings the indexes into order. */
#include "catalog/sqlite/ending.h"

#include "base/clock.h"
#include "catalog/names.h"
#include "catalog/sqlite/batch.h"
#include "catalog/sqlite/expiry.h"
#include "catalog/sqlite/exposure.h"
#include "catalog/sqlite/families.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/settling.h"
#include "catalog/sqlite/turning.h"
#include "catalog/sqlite/word-index.h"
#include "catalog/sqlite/writer.h"

/* ---- gone ---- */

static const char mark_gone[] = "UPDATE document SET gone_at = ?1, gone_sweep = ?2"
				" WHERE ordinal = 0 AND state = " SQL_LIVE " AND gone_at IS NULL AND last_sweep < ?2"
				" AND EXISTS (SELECT 1 FROM target t JOIN sweep s ON s.number = t.sweep"
				" WHERE t.sweep = ?2 AND t.is_done AND t.container = document.container"
				" AND substr(document.path, 1, length(t.prefix)) = t.prefix"
				" AND (document.version IS NULL OR s.lists_versions))";

static enum status note_gone(struct store *store, int64_t now)
{
	sqlite3_stmt *mark = database_take(&store->database, mark_gone);
	bind_integer(mark, 1, now);
	bind_unsigned(mark, 2, store->writer->sweep);
	return database_run(&store->database, mark);
}

/* ---- order ---- */

static enum status tidy(struct database *database)
{
	enum status status = word_index_merge(database);
	if (status == STATUS_OK)
		status = names_merge(database);
	if (status == STATUS_OK)
		status = database_execute(database, "PRAGMA analysis_limit = 1000; PRAGMA optimize");
	if (status == STATUS_OK) {
		status = database_execute(database, "PRAGMA wal_checkpoint(TRUNCATE)");
		if (status == STATUS_BUSY)
			status = STATUS_OK; /* readers hold it: the next writer's turn */
	}
	return status;
}

static enum status close_sweep(struct store *store, bool is_complete, int64_t now)
{
	sqlite3_stmt *end = database_take(&store->database,
	                                  "UPDATE sweep SET ended = ?2, is_complete = ?3, is_finished = 1 WHERE number = ?1");
	bind_unsigned(end, 1, store->writer->sweep);
	bind_integer(end, 2, now);
	bind_integer(end, 3, is_complete);
	return database_run(&store->database, end);
}

/* In a transaction of its own: whoever reads meanwhile sees a sweep that has ended, and no families yet. */
static enum status find_families(struct store *store)
{
	enum status status = database_begin(&store->database);
	if (status == STATUS_OK)
		status = families_make(&store->database, store->writer->next_content);
	return status == STATUS_OK ? database_commit(&store->database) : database_note_failure(&store->database, status);
}

enum status ending_make(struct store *store, bool is_complete, uint64_t turn, struct failure *reterr)
{
	int64_t now = clock_now();
	uint64_t expired = 0;
	enum status status = batch_start(store);
	if (status == STATUS_OK)
		status = settling_settle(store, store->writer->sweep);
	if (status == STATUS_OK)
		status = note_gone(store, now);
	if (status == STATUS_OK)
		status = exposure_settle_reads(store);
	if (status == STATUS_OK)
		status = close_sweep(store, is_complete, now);
	if (status == STATUS_OK)
		status = batch_commit(store);
	if (status == STATUS_OK)
		status = expiry_erase(store, now, turn, &expired);
	if (status == STATUS_OK)
		status = find_families(store);
	if (status == STATUS_OK)
		status = tidy(&store->database);
	return batch_tell(store, status, reterr);
}

enum status ending_leave(struct store *store, uint64_t turn, struct failure *reterr)
{
	enum status status = batch_start(store);
	if (status == STATUS_OK)
		status = turning_write(&store->database, turn);
	if (status == STATUS_OK)
		status = batch_commit(store);
	return batch_tell(store, status, reterr);
}
