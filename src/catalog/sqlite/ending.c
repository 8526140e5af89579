/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a sweep: what is gone, what has expired, and indexes brought into order. */
#include "catalog/sqlite/census.h"
#include "catalog/sqlite/chunks.h"
#include "catalog/sqlite/content.h"
#include "catalog/turn.h"

/* ---- what waited when a sweep was left ---- */

static enum status release_revision(struct incident *incident, sqlite3_stmt *row)
{
	struct database *database = &incident->database;
	struct id id;
	if (!column_id(row, 1, &id))
		return STATUS_MALFORMED;
	sqlite3_stmt *update = database_take(database, "UPDATE document SET state = 1 WHERE number = ?1");
	bind_integer(update, 1, sqlite3_column_int64(row, 0));
	enum status status = database_run(database, update);
	if (status == STATUS_OK)
		status = add_name(incident, sqlite3_column_int64(row, 0), column_bytes(row, 3));
	if (status == STATUS_OK)
		status = supersede_before(incident, &id, sqlite3_column_int64(row, 2));
	return status;
}

/* How what waits is to end: all of it, or that of one target. */
struct settling {
	uint64_t sweep;
	bool is_of_target;
	size_t target;
	enum outcome outcome;
	struct bytes note;           /* empty: as it is */
};

static void bind_target(sqlite3_stmt *statement, int position, const struct settling *settling)
{
	if (settling->is_of_target)
		bind_unsigned(statement, position, settling->target);
}

static enum status release_waiting(struct incident *incident, const struct settling *settling)
{
	struct database *database = &incident->database;
	sqlite3_stmt *list = database_take(database,
		"SELECT number, id, revision, path FROM document"
		" WHERE state = 0 AND ordinal = 0 AND (?1 IS NULL OR target = ?1)");
	bind_target(list, 1, settling);
	enum status status;
	while ((status = database_step(database, list)) == STATUS_OK) {
		status = release_revision(incident, list);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, list);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status settle(struct incident *incident, const struct settling *settling)
{
	enum status status = release_waiting(incident, settling);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *update = database_take(&incident->database,
		"UPDATE document"
		" SET outcome = ?1, decided = ?2, flags = flags & ~?3, ticket = NULL, note = coalesce(?4, note)"
		" WHERE outcome = 0 AND (?5 IS NULL OR target = ?5)");
	bind_integer(update, 1, settling->outcome);
	bind_unsigned(update, 2, settling->sweep);
	bind_integer(update, 3, OBJECT_REDO);
	bind_text_or_null(update, 4, settling->note);
	bind_target(update, 5, settling);
	return database_run(&incident->database, update);
}

enum status settle_pending(struct incident *incident, uint64_t sweep)
{
	return settle(incident, &(struct settling){.sweep = sweep, .outcome = OUTCOME_LISTED_ONLY});
}

static enum status give_up(struct incident *incident, const struct settling *settling)
{
	struct writer *writer = incident->writer;
	while (writer->open_count > 0)
		open_object_forget(incident, &writer->open[writer->open_count - 1]);
	enum status status = database_execute(&incident->database,
		"DELETE FROM document WHERE state = 0 AND ordinal > 0");
	if (status == STATUS_OK)
		status = settle(incident, settling);
	return status == STATUS_OK ? writer_commit(incident) : status;
}

enum status sweep_give_up(struct incident *incident, size_t target, enum outcome outcome, struct bytes note,
                          struct failure *reterr)
{
	enum status status = writer_check(incident, reterr);
	if (status != STATUS_OK)
		return status;
	status = writer_start(incident);
	if (status == STATUS_OK)
		status = give_up(incident, &(struct settling){
			.sweep = incident->writer->sweep, .is_of_target = true, .target = target, .outcome = outcome, .note = note,
		});
	return writer_tell(incident, status, reterr);
}

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

/* ---- expiry ---- */

/* Contents that no sweep saw in time; those that no document has at all are remains of readings given up. */
static const char list_expired[] =
	"SELECT c.number, EXISTS (SELECT 1 FROM document d WHERE d.content = c.number)"
	" FROM content c"
	" WHERE c.is_expired = 0 AND NOT EXISTS (SELECT 1 FROM document d JOIN document o ON o.number = d.object"
	" JOIN sweep s ON s.number = o.last_sweep WHERE d.content = c.number AND s.keep_until > ?1)";

static enum status erase_expired(struct incident *incident, int64_t now, uint64_t *ret_erased)
{
	struct database *database = &incident->database;
	sqlite3_stmt *list = database_take(database, list_expired);
	bind_integer(list, 1, now);
	enum status status;
	*ret_erased = 0;
	while ((status = database_step(database, list)) == STATUS_OK) {
		bool has_documents = sqlite3_column_int(list, 1) != 0;
		status = content_erase(incident, sqlite3_column_int64(list, 0), has_documents);
		if (status != STATUS_OK)
			break;
		*ret_erased += has_documents;
	}
	database_give(database, list);
	if (status != STATUS_END)
		return status;
	return database_execute(database,
		"DELETE FROM entity WHERE NOT EXISTS (SELECT 1 FROM occurrence o WHERE o.entity = entity.number)");
}

static enum status index_again(struct incident *incident)
{
	struct database *database = &incident->database;
	struct buffer text = buffer_with_ceiling(RECORD_TEXT_MAX);
	sqlite3_stmt *list = database_take(database,
		"SELECT number, title FROM content"
		" WHERE is_expired = 0 AND (text_bytes > 0 OR title IS NOT NULL)"
		" ORDER BY number");
	enum status status;
	while ((status = database_step(database, list)) == STATUS_OK) {
		buffer_reset(&text);
		status = chunks_read(database, sqlite3_column_int64(list, 0), 0, UINT64_MAX, &text);
		if (status == STATUS_OK)
			status = index_words(incident, sqlite3_column_int64(list, 0), column_bytes(list, 1),
			                     buffer_bytes(&text));
		if (status != STATUS_OK)
			break;
	}
	database_give(database, list);
	buffer_free(&text);
	return status == STATUS_END ? STATUS_OK : status;
}

enum status expire_contents(struct incident *incident, int64_t now, uint64_t *ret_expired)
{
	enum status status = database_begin(&incident->database);
	if (status == STATUS_OK)
		status = erase_expired(incident, now, ret_expired);
	if (status == STATUS_OK && *ret_expired > 0) {
		status = database_execute(&incident->database,
			"INSERT INTO words (words) VALUES ('delete-all')");
		if (status == STATUS_OK)
			status = index_again(incident);
	}
	if (status == STATUS_OK)
		status = census_keep(&incident->database);
	if (status == STATUS_OK)
		status = turn_take(incident);
	if (status == STATUS_OK)
		status = database_commit(&incident->database);
	return status == STATUS_OK ? turn_tell(incident) : status;
}

/* ---- order ---- */

enum { MERGE_PAGES = 2000, MERGE_STEPS = 500 };

/* Merges an index's segments where eight of a size have gathered (usermerge), step by step, so that the log
 * stays small, up to a bound: an index of many gigabytes is brought into order over several sweeps. Fewer are
 * left alone: they cost a search little, and merging them a sweep a good deal. */
static enum status merge_index(struct database *database, const char *command)
{
	enum status status = STATUS_OK;
	for (int step = 0; step < MERGE_STEPS && status == STATUS_OK; step++) {
		int before = sqlite3_total_changes(database->handle);
		sqlite3_stmt *merge = database_take(database, command);
		bind_integer(merge, 1, MERGE_PAGES);
		status = database_run(database, merge);
		if (sqlite3_total_changes(database->handle) - before < 2)
			break;
	}
	return status;
}

static enum status tidy(struct database *database)
{
	static const char merge_words[] = "INSERT INTO words (words, rank) VALUES ('merge', ?1)";
	static const char merge_names[] = "INSERT INTO names (names, rank) VALUES ('merge', ?1)";
	enum status status = merge_index(database, merge_words);
	if (status == STATUS_OK)
		status = merge_index(database, merge_names);
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
	status = writer_start(incident);
	if (status == STATUS_OK)
		status = settle_pending(incident, incident->writer->sweep);
	if (status == STATUS_OK)
		status = note_gone(incident, now);
	if (status == STATUS_OK)
		status = close_sweep(incident, is_complete, now);
	if (status == STATUS_OK)
		status = writer_commit(incident);
	if (status == STATUS_OK)
		status = expire_contents(incident, now, &expired);
	if (status == STATUS_OK)
		status = tidy(&incident->database);
	return writer_tell(incident, status, reterr);
}

enum status sweep_leave(struct incident *incident, struct failure *reterr)
{
	enum status status = writer_check(incident, reterr);
	if (status != STATUS_OK)
		return status;
	status = writer_start(incident);
	if (status == STATUS_OK)
		status = turn_take(incident);
	if (status == STATUS_OK)
		status = writer_commit(incident);
	if (status == STATUS_OK)
		status = turn_tell(incident);
	return writer_tell(incident, status, reterr);
}
