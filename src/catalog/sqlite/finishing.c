/* SPDX-License-Identifier: Apache-2.0 */
/* An object's own row is written last: until then nothing of a reading shows. */
#include "catalog/sqlite/finishing.h"

#include "catalog/names.h"
#include "catalog/sqlite/batch.h"
#include "catalog/sqlite/document.h"
#include "catalog/sqlite/exposure.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/open-object.h"
#include "catalog/sqlite/placement.h"
#include "catalog/sqlite/revision.h"
#include "catalog/sqlite/writer.h"

static const char update_object[] =
	"UPDATE document"
	" SET state = " SQL_LIVE ", outcome = ?2, unseen = ?3, size = coalesce(size, ?4), content = ?5, sha256 = ?6, note = ?7,"
	" decided = ?8, fetched = ?9, flags = ?10, read_at = coalesce(?11, read_at), ticket = NULL"
	" WHERE number = ?1";

/* Bytes that came, or none because there are none: the read door was open. */
static bool was_reached(const struct end *end)
{
	return end->fetched > 0 || outcome_group(end->outcome) == OUTCOME_GROUP_READ;
}

static enum status note_door(struct store *store, const struct open_object *object, const struct end *end, int64_t now)
{
	if (was_reached(end))
		return exposure_note_open(store, object->target, DOOR_READ, now);
	return end->outcome == OUTCOME_DENIED ? exposure_note_refused(store, object->target, DOOR_READ, now, end->note)
	                                      : STATUS_OK;
}

static enum status update_own(struct store *store, const struct open_object *object, const struct end *end, int64_t now)
{
	bool is_exposed = store->writer->targets[object->target].is_anonymous && was_reached(end);
	sqlite3_stmt *update = database_take(&store->database, update_object);
	bind_integer(update, 1, object->number);
	bind_integer(update, 2, end->outcome);
	bind_unsigned(update, 3, end->unseen);
	if (end->size != OBJECT_SIZE_UNKNOWN)
		bind_unsigned(update, 4, end->size);
	if (end->content > 0)
		bind_integer(update, 5, end->content);
	bind_blob_or_null(update, 6, end->sha256);
	bind_text_or_null(update, 7, end->note);
	bind_unsigned(update, 8, store->writer->sweep);
	bind_unsigned(update, 9, end->fetched);
	bind_integer(update, 10, (object->flags & ~(uint32_t)OBJECT_REDO) | (end->is_twin ? OBJECT_TWIN : 0u));
	bind_time(update, 11, is_exposed ? now : CLOCK_UNKNOWN);
	return database_run(&store->database, update);
}

static enum status place_parts(struct store *store, const struct open_object *object)
{
	struct database *database = &store->database;
	sqlite3_stmt *list = database_take(database, "SELECT d.number, " DOCUMENT_SHOWN ", d.content FROM document d"
	                                             " WHERE d.object = ?1 AND d.ordinal > 0 AND d.state = " SQL_ARRIVING);
	bind_integer(list, 1, object->number);
	enum status status;
	while ((status = database_step(database, list)) == STATUS_OK) {
		status = names_add(database, sqlite3_column_int64(list, 0), column_bytes(list, 1));
		if (status == STATUS_OK)
			status = placement_put(store, sqlite3_column_int64(list, 0), column_bytes(list, 1),
			                       sqlite3_column_int64(list, 2));
		if (status != STATUS_OK)
			break;
	}
	database_give(database, list);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status release_parts(struct store *store, const struct open_object *object)
{
	enum status status = place_parts(store, object);
	if (status != STATUS_OK)
		return status;
	/* OR FAIL: to be able to undo the statement alone, SQLite would have every full-text index write out all it
	 * has gathered, for each archive. A statement that fails fails the whole batch here. */
	sqlite3_stmt *release = database_take(&store->database, "UPDATE OR FAIL document SET state = " SQL_LIVE
	                                                        " WHERE object = ?1 AND ordinal > 0 AND state = " SQL_ARRIVING);
	bind_integer(release, 1, object->number);
	return database_run(&store->database, release);
}

enum status finishing_finish(struct store *store, struct open_object *object, const struct end *end)
{
	int64_t now = clock_now();
	enum status status = STATUS_OK;
	if (object->target >= store->writer->target_count)
		return STATUS_MALFORMED;
	if (object->parts > 0)
		status = release_parts(store, object);
	if (status == STATUS_OK)
		status = note_door(store, object, end, now);
	if (status == STATUS_OK)
		status = update_own(store, object, end, now);
	if (status == STATUS_OK)
		status = placement_put(store, object->number, buffer_bytes(&object->name), end->content);
	if (status == STATUS_OK && object->state == DOCUMENT_ARRIVING)
		status = names_add(&store->database, object->number, buffer_bytes(&object->name));
	if (status == STATUS_OK && object->revision > 1)
		status = revision_supersede(store, &object->id, object->revision);
	if (status != STATUS_OK)
		return status;
	size_t rows = 1 + (size_t)object->parts;
	open_object_forget(store, object);
	return batch_count(store, rows, 0);
}

static struct end end_of(const struct open_object *object, const struct object_record *record)
{
	struct end end = {
		.outcome = record->outcome,
		.fetched = record->fetched_bytes,
		.unseen = record->unseen_bytes,
		.size = object->size,
		.note = record->note,
		.content = object->content,
	};
	if (end.note.len == 0)
		end.note = buffer_bytes(&object->note);
	if (record->has_sha256)
		end.sha256 = bytes_of(record->sha256, 32);
	else if (object->has_own && object->has_sha256)
		end.sha256 = bytes_of(object->sha256, 32);
	return end;
}

enum status finishing_end(struct store *store, struct open_object *object, const struct object_record *record)
{
	struct end end = end_of(object, record);
	return finishing_finish(store, object, &end);
}
