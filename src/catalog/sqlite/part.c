/* SPDX-License-Identifier: Apache-2.0 */
/* A part has the id of its place, and a row beside its object's. */
#include "catalog/sqlite/part.h"
#include "catalog/sqlite/numbers.h"

#include "catalog/sqlite/writer.h"

static struct id part_id(const struct open_object *object, struct bytes inner_path)
{
	return id_of(&(struct id_parts){
		.provider = provider_name(object->provider),
		.account = buffer_bytes(&object->account),
		.container = buffer_bytes(&object->container_name),
		.object = buffer_bytes(&object->name),
		.version = buffer_bytes(&object->version),
		.inner_path = inner_path,
	});
}

static const char insert_part[] =
	"INSERT INTO document (id, revision, state, object, ordinal, parent, container, path, object_length, outcome,"
	" unseen, size, modified, content, sha256, note, shown_path)"
	" VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
	" ON CONFLICT (id, revision)"
	" DO UPDATE SET ordinal = excluded.ordinal, parent = excluded.parent, outcome = excluded.outcome,"
	" unseen = excluded.unseen, size = excluded.size, modified = excluded.modified, content = excluded.content,"
	" sha256 = excluded.sha256, note = excluded.note, shown_path = excluded.shown_path WHERE state = " SQL_ARRIVING;

static struct buffer join_path(const struct open_object *object, struct bytes inner_path)
{
	struct buffer path = buffer_with_ceiling(SIZE_MAX / 2);
	buffer_append(&path, buffer_bytes(&object->name));
	buffer_append_string(&path, "!/");
	buffer_append(&path, inner_path);
	return path;
}

enum status part_put(struct store *store, struct open_object *object, const struct document_record *part, int64_t content)
{
	struct id id = part_id(object, part->inner_path);
	struct buffer path = join_path(object, part->inner_path), shown = join_path(object, part->shown_path);
	enum status status = buffer_status(&path) != STATUS_OK ? buffer_status(&path) : buffer_status(&shown);
	if (status == STATUS_OK) {
		sqlite3_stmt *insert = database_take(&store->database, insert_part);
		bind_id(insert, 1, &id);
		bind_integer(insert, 2, object->revision);
		bind_integer(insert, 3, object->number);
		bind_unsigned(insert, 4, part->ordinal);
		bind_unsigned(insert, 5, part->parent);
		bind_integer(insert, 6, object->container);
		bind_blob(insert, 7, buffer_bytes(&path));
		bind_unsigned(insert, 8, object->name.len);
		bind_integer(insert, 9, part->outcome);
		bind_unsigned(insert, 10, part->unseen_bytes);
		bind_unsigned(insert, 11, part->size);
		bind_time(insert, 12, part->modified);
		if (content > 0)
			bind_integer(insert, 13, content);
		bind_blob_or_null(insert, 14, bytes_of(part->sha256, part->has_sha256 ? sizeof part->sha256 : 0));
		bind_text_or_null(insert, 15, part->note);
		if (part->shown_path.len > 0)
			bind_blob(insert, 16, buffer_bytes(&shown));
		status = database_run(&store->database, insert);
		object->parts++;
	}
	buffer_free(&path);
	buffer_free(&shown);
	return status;
}
