/* SPDX-License-Identifier: Apache-2.0 */
/* The list is short: no more objects are under way than lanes have in hand. */
#include "catalog/sqlite/open-object.h"

#include "catalog/sqlite/writer.h"

#include <stdlib.h>

static const char find_pending[] =
	"SELECT d.number, d.revision, d.container, d.state, d.flags, d.path, d.version, c.provider, c.account,"
	" c.name, d.outcome, d.target FROM document d"
	" JOIN container c ON c.number = d.container"
	" WHERE d.id = ?1 AND d.ordinal = 0 ORDER BY d.revision DESC"
	" LIMIT 1";

static enum status keep(struct buffer *into, struct bytes bytes)
{
	*into = buffer_with_ceiling(SIZE_MAX / 2);
	buffer_append(into, bytes);
	return buffer_status(into);
}

static enum status read_pending(sqlite3_stmt *row, struct open_object *object)
{
	object->number = sqlite3_column_int64(row, 0);
	object->revision = sqlite3_column_int64(row, 1);
	object->container = sqlite3_column_int64(row, 2);
	object->state = (enum document_state)sqlite3_column_int(row, 3);
	object->flags = (uint32_t)sqlite3_column_int(row, 4);
	object->target = (size_t)column_unsigned(row, 11);
	object->provider = (enum provider_kind)sqlite3_column_int(row, 7);
	object->size = OBJECT_SIZE_UNKNOWN;
	object->note = buffer_with_ceiling(SIZE_MAX / 2);
	enum status status = keep(&object->name, column_bytes(row, 5));
	if (status == STATUS_OK)
		status = keep(&object->version, column_bytes(row, 6));
	if (status == STATUS_OK)
		status = keep(&object->account, column_bytes(row, 8));
	if (status == STATUS_OK)
		status = keep(&object->container_name, column_bytes(row, 9));
	return status;
}

static enum status load_object(struct store *store, const struct id *id, struct open_object *object)
{
	struct database *database = &store->database;
	sqlite3_stmt *find = database_take(database, find_pending);
	bind_id(find, 1, id);
	enum status status = database_step(database, find);
	*object = (struct open_object){.id = *id};
	if (status == STATUS_END)
		status = STATUS_ABSENT;
	else if (status == STATUS_OK && sqlite3_column_int(find, 10) != OUTCOME_PENDING)
		status = STATUS_END;
	else if (status == STATUS_OK)
		status = read_pending(find, object);
	database_give(database, find);
	return status;
}

static enum status make_room(struct writer *writer)
{
	if (writer->open_count < writer->open_room)
		return STATUS_OK;
	size_t room = writer->open_room > 0 ? writer->open_room * 2 : 16;
	struct open_object *open = realloc(writer->open, room * sizeof *open);
	if (open == NULL)
		return STATUS_NO_MEMORY;
	writer->open = open;
	writer->open_room = room;
	return STATUS_OK;
}

enum status open_object_find(struct store *store, const struct id *id, struct open_object **ret_object)
{
	struct writer *writer = store->writer;
	for (size_t i = 0; i < writer->open_count; i++) {
		if (id_equal(writer->open[i].id, *id)) {
			*ret_object = &writer->open[i];
			return STATUS_OK;
		}
	}
	enum status status = make_room(writer);
	if (status != STATUS_OK)
		return status;
	struct open_object *object = &writer->open[writer->open_count];
	status = load_object(store, id, object);
	if (status != STATUS_OK) {
		open_object_free(object);
		return status;
	}
	writer->open_count++;
	*ret_object = object;
	return STATUS_OK;
}

void open_object_forget(struct store *store, struct open_object *object)
{
	struct writer *writer = store->writer;
	open_object_free(object);
	*object = writer->open[--writer->open_count];
}
