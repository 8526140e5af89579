/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a sweep: what is gone, what has expired, and indexes brought into order. */
#include "catalog/names.h"
#include "catalog/sqlite/batch.h"
#include "catalog/sqlite/expiry.h"
#include "catalog/sqlite/exposure.h"
#include "catalog/sqlite/settling.h"
#include "catalog/sqlite/word-index.h"
#include "catalog/sqlite/writer.h"
#include "catalog/sweeps.h"
#include "catalog/turn.h"

/* ---- gone ---- */

static const char mark_gone[] =
	"UPDATE document SET gone_at = ?1"
	" WHERE ordinal = 0 AND state = 1 AND gone_at IS NULL AND last_sweep < ?2"
	" AND EXISTS (SELECT 1 FROM target t JOIN sweep s ON s.number = t.sweep"
	" WHERE t.sweep = ?2 AND t.is_done AND t.container = document.container"
	" AND substr(document.path, 1, length(t.prefix)) = t.prefix"
	" AND (document.version IS NULL OR s.lists_versions))";

static enum status note_gone(struct incident *incident, int64_t now)
{
	sqlite3_stmt *mark = database_take(&incident->database, mark_gone);
	bind_integer(mark, 1, now);
	bind_unsigned(mark, 2, incident->writer->sweep);
	return database_run(&incident->database, mark);
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
			status = STATUS_OK;      /* readers hold it: the next writer's turn */
	}
	return status;
}

static enum status close_sweep(struct incident *incident, bool is_complete, int64_t now)
{
	sqlite3_stmt *end = database_take(&incident->database,
		"UPDATE sweep SET ended = ?2, is_complete = ?3, is_finished = 1 WHERE number = ?1");
	bind_unsigned(end, 1, incident->writer->sweep);
	bind_integer(end, 2, now);
	bind_integer(end, 3, is_complete);
	return database_run(&incident->database, end);
}

enum status sweep_end(struct incident *incident, bool is_complete, struct failure *reterr)
{
	int64_t now = clock_now();
	uint64_t expired = 0;
	enum status status = writer_check(incident, reterr);
	if (status != STATUS_OK)
		return status;
	status = batch_start(incident);
	if (status == STATUS_OK)
		status = settle_pending(incident, incident->writer->sweep);
	if (status == STATUS_OK)
		status = note_gone(incident, now);
	if (status == STATUS_OK)
		status = exposure_settle_reads(incident);
	if (status == STATUS_OK)
		status = close_sweep(incident, is_complete, now);
	if (status == STATUS_OK)
		status = batch_commit(incident);
	if (status == STATUS_OK)
		status = expire_contents(incident, now, &expired);
	if (status == STATUS_OK)
		status = tidy(&incident->database);
	return batch_tell(incident, status, reterr);
}

enum status sweep_leave(struct incident *incident, struct failure *reterr)
{
	enum status status = writer_check(incident, reterr);
	if (status != STATUS_OK)
		return status;
	status = batch_start(incident);
	if (status == STATUS_OK)
		status = turn_take(incident);
	if (status == STATUS_OK)
		status = batch_commit(incident);
	if (status == STATUS_OK)
		status = turn_tell(incident);
	return batch_tell(incident, status, reterr);
}
