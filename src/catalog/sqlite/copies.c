/* SPDX-License-Identifier: Apache-2.0 */
#include "catalog/sqlite/copies.h"

#include "catalog/sqlite/turning.h"

/* ---- putting ---- */

static enum status put_holding(struct database *database, const struct copy_holding *copy)
{
	sqlite3_stmt *insert = database_take(
		database, "INSERT OR IGNORE INTO copy (id, holder, what, since, evidence, evidence_sha256, evidence_bytes, added)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
	bind_id(insert, 1, &copy->id);
	bind_text(insert, 2, copy->holder);
	bind_text(insert, 3, copy->what);
	bind_integer(insert, 4, copy->since);
	bind_text(insert, 5, copy->evidence);
	bind_blob_or_null(insert, 6, bytes_of(copy->sha256, copy->has_sha256 ? sizeof copy->sha256 : 0));
	bind_blob_or_null(insert, 7, copy->bytes);
	bind_integer(insert, 8, copy->added);
	return database_run(database, insert);
}

static enum status put_entry(struct database *database, const struct id *copy, const struct index_entry *entry, uint64_t *added)
{
	sqlite3_stmt *insert = database_take(
		database,
		"INSERT OR IGNORE INTO index_entry (copy, url, seen, status, digest, provider, account, container, object)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	bind_id(insert, 1, copy);
	bind_text(insert, 2, entry->url);
	bind_integer(insert, 3, entry->seen);
	if (entry->status > 0)
		bind_unsigned(insert, 4, entry->status);
	bind_text_or_null(insert, 5, entry->digest);
	bind_integer(insert, 6, entry->is_located ? (int64_t)entry->container.provider : 0);
	bind_text(insert, 7, entry->is_located ? entry->container.account : BYTES_NONE);
	bind_text(insert, 8, entry->is_located ? entry->container.name : BYTES_NONE);
	bind_blob(insert, 9, entry->is_located ? entry->object : BYTES_NONE);
	enum status status = database_run(database, insert);
	*added += status == STATUS_OK && sqlite3_changes(database->handle) > 0;
	return status;
}

static enum status finish(struct database *database, enum status status, struct failure *reterr)
{
	if (status == STATUS_OK)
		status = database_commit(database);
	return database_tell(database, database_note_failure(database, status), reterr);
}

enum status copies_put(struct store *store, const struct copy_holding *copy, const struct index_entry *entries, size_t count,
                       uint64_t turn, uint64_t *ret_new, struct failure *reterr)
{
	struct database *database = &store->database;
	uint64_t added = 0;
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = put_holding(database, copy);
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = put_entry(database, &copy->id, &entries[i], &added);
	if (status == STATUS_OK)
		status = turning_write(database, turn);
	status = finish(database, status, reterr);
	if (status == STATUS_OK)
		*ret_new = added;
	return status;
}

enum status copies_mark(struct store *store, const struct id *id, int64_t when, struct bytes by, uint64_t turn,
                        struct failure *reterr)
{
	struct database *database = &store->database;
	bool is_there = false;
	enum status status = database_begin(database);
	if (status == STATUS_OK) {
		sqlite3_stmt *update = database_take(
			database,
			"UPDATE copy SET requested = iif(?3 = '', coalesce(requested, ?2), requested),"
			" attested = iif(?3 = '', attested, ?2), attested_by = iif(?3 = '', attested_by, ?3) WHERE id = ?1");
		bind_id(update, 1, id);
		bind_integer(update, 2, when);
		bind_text(update, 3, by);
		status = database_run(database, update);
		is_there = sqlite3_changes(database->handle) > 0;
	}
	if (status == STATUS_OK)
		status = turning_write(database, turn);
	status = finish(database, status, reterr);
	if (status == STATUS_OK && !is_there)
		return fail(reterr, STATUS_ABSENT, "copy", "there is none of that id; tidemark copies list shows them");
	return status;
}

/* ---- asking ---- */

static bool read_copy(sqlite3_stmt *row, struct copy_holding *copy)
{
	struct bytes digest = column_bytes(row, 5);
	*copy = (struct copy_holding){
		.holder = column_bytes(row, 1),
		.what = column_bytes(row, 2),
		.since = sqlite3_column_int64(row, 3),
		.evidence = column_bytes(row, 4),
		.has_sha256 = digest.len == sizeof copy->sha256,
		.added = sqlite3_column_int64(row, 6),
		.requested = column_time(row, 7),
		.attested = column_time(row, 8),
		.attested_by = column_bytes(row, 9),
		.entries = column_unsigned(row, 10),
		.first_seen = column_time(row, 11),
		.last_seen = column_time(row, 12),
	};
	if (copy->has_sha256)
		memcpy(copy->sha256, digest.at, sizeof copy->sha256);
	return column_id(row, 0, &copy->id);
}

enum status copies_list(struct store *store, copy_visitor *each, void *context, struct failure *reterr)
{
	struct database *database = &store->database;
	sqlite3_stmt *rows = database_take(
		database,
		"SELECT c.id, c.holder, c.what, c.since, c.evidence, c.evidence_sha256, c.added, c.requested, c.attested,"
		" c.attested_by, count(e.url), min(e.seen), max(e.seen) FROM copy c LEFT JOIN index_entry e ON e.copy = c.id"
		" GROUP BY c.id ORDER BY c.since, c.holder, c.id");
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		struct copy_holding copy;
		status = read_copy(rows, &copy) ? each(context, &copy) : STATUS_MALFORMED;
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	return database_tell(database, status == STATUS_END ? STATUS_OK : status, reterr);
}

/* What was there: a capture of a refusal proves no exposure. */
enum status copies_seen(struct store *store, const struct container *container, const struct bytes *object,
                        struct seen_by_others *ret_seen, struct failure *reterr)
{
	struct database *database = &store->database;
	struct seen_by_others seen = {.first = CLOCK_UNKNOWN, .last = CLOCK_UNKNOWN};
	sqlite3_stmt *row = database_take(
		database,
		"SELECT count(*), count(DISTINCT copy), min(seen), max(seen) FROM index_entry WHERE container = ?3"
		" AND provider = ?1 AND account = ?2 AND (?4 IS NULL OR object = ?4) AND (status IS NULL OR status IN (200, 206))");
	bind_integer(row, 1, container->provider);
	bind_text(row, 2, container->account);
	bind_text(row, 3, container->name);
	if (object != NULL)
		bind_blob(row, 4, *object);
	enum status status = database_step(database, row);
	if (status == STATUS_OK)
		seen = (struct seen_by_others){column_unsigned(row, 0), column_unsigned(row, 1), column_time(row, 2),
		                               column_time(row, 3)};
	database_give(database, row);
	if (status == STATUS_OK)
		*ret_seen = seen;
	return database_tell(database, status, reterr);
}
