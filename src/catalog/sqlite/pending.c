/* SPDX-License-Identifier: Apache-2.0 */
/* In the order it was listed: by tickets, which are drawn when an object begins to wait. A cursor is the last one. */
#include "catalog/sqlite/pending.h"

#include "catalog/sqlite/document.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/writer.h"

enum { TICKET_SIZE = 8 };

static const char list_pending[] =
	"SELECT ticket, id, target, path, version, flags, size, modified, created, etag, md5, previous, (SELECT text"
	" FROM label WHERE label.number = document.media_type), (SELECT text FROM label"
	" WHERE label.number = document.tier) FROM document"
	" WHERE outcome = " SQL_PENDING " AND ticket > ?1 AND last_sweep = ?2"
	" ORDER BY ticket LIMIT ?3";

static enum status copy_pending(sqlite3_stmt *row, struct arena *arena, struct pending_object *into)
{
	uint32_t flags = (uint32_t)sqlite3_column_int(row, 5);
	*into = (struct pending_object){.target = (size_t)column_unsigned(row, 2),
	                                .previous = (enum outcome)sqlite3_column_int(row, 11)};
	struct object *object = &into->object;
	if (!column_id(row, 1, &into->id))
		return STATUS_MALFORMED;
	size_t used = arena->used;
	object->name = arena_copy(arena, column_bytes(row, 3));
	object->version = arena_copy(arena, column_bytes(row, 4));
	object->is_snapshot = (flags & OBJECT_SNAPSHOT) != 0;
	object->is_special = (flags & OBJECT_SPECIAL) != 0;
	object->is_archived = (flags & OBJECT_ARCHIVED) != 0;
	object->is_deleted = (flags & OBJECT_DELETED) != 0;
	object->size = column_is_null(row, 6) ? OBJECT_SIZE_UNKNOWN : column_unsigned(row, 6);
	object->modified = column_time(row, 7);
	object->created = column_time(row, 8);
	object->etag = arena_copy(arena, column_bytes(row, 9));
	object->md5 = arena_copy(arena, column_bytes(row, 10));
	object->media_type = arena_copy(arena, column_bytes(row, 12));
	object->tier = arena_copy(arena, column_bytes(row, 13));
	bool is_whole = arena->used > used && object->name.at != NULL && object->version.at != NULL && object->etag.at != NULL &&
	                object->md5.at != NULL && object->media_type.at != NULL && object->tier.at != NULL;
	return is_whole ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status pending_read(struct store *store, struct buffer *cursor, size_t max, struct arena *arena,
                         struct pending_object *ret_objects, size_t *ret_count)
{
	struct database *database = &store->database;
	sqlite3_stmt *list = database_take(database, list_pending);
	enum status status;
	size_t count = 0;
	uint64_t last = cursor->len == TICKET_SIZE ? load_le64(cursor->at) : 0;
	unsigned char ticket[TICKET_SIZE];
	bind_unsigned(list, 1, last);
	bind_unsigned(list, 2, store->writer != NULL ? store->writer->sweep : 0);
	bind_unsigned(list, 3, max);
	while ((status = database_step(database, list)) == STATUS_OK) {
		status = copy_pending(list, arena, &ret_objects[count]);
		if (status != STATUS_OK)
			break;
		last = column_unsigned(list, 0);
		count++;
	}
	database_give(database, list);
	if (status != STATUS_END)
		return status;
	store_le64(ticket, last);
	buffer_reset(cursor);
	buffer_append(cursor, bytes_of(ticket, sizeof ticket));
	*ret_count = count;
	return buffer_status(cursor);
}
