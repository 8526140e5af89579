/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents of objects under way. Parts become rows at once, ARRIVING until the
 * object is finished; the object's own document waits in memory, for its row
 * stands already and must not change before the end.
 */
#include "catalog/sqlite/content.h"

#include "base/digest.h"

#include <stdlib.h>

/* ---- objects under way ---- */

static const char find_pending[] =
	"SELECT d.number, d.revision, d.container, d.state, d.flags, d.path, d.version, c.provider, c.account,"
	" c.name, d.outcome FROM document d"
	" JOIN container c ON c.number = d.container"
	" WHERE d.id = ?1 AND d.ordinal = 0 ORDER BY d.revision DESC"
	" LIMIT 1";

static void free_object(struct open_object *object)
{
	buffer_free(&object->account);
	buffer_free(&object->container_name);
	buffer_free(&object->name);
	buffer_free(&object->version);
	buffer_free(&object->note);
}

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

static enum status load_object(struct incident *incident, const struct id *id, struct open_object *object)
{
	struct database *database = &incident->database;
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

enum status open_object_find(struct incident *incident, const struct id *id, struct open_object **ret_object)
{
	struct writer *writer = incident->writer;
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
	status = load_object(incident, id, object);
	if (status != STATUS_OK) {
		free_object(object);
		return status;
	}
	writer->open_count++;
	*ret_object = object;
	return STATUS_OK;
}

enum status open_object_for_put(struct incident *incident, const struct id *id, struct open_object **ret_object,
                                struct failure *reterr)
{
	enum status status = writer_check(incident, reterr);
	if (status != STATUS_OK)
		return status;
	status = writer_start(incident);
	if (status == STATUS_OK)
		status = open_object_find(incident, id, ret_object);
	if (status == STATUS_ABSENT)
		return fail(reterr, STATUS_BROKEN, incident->place.folder,
		            "something was to be put for an object that was never listed");
	return status == STATUS_END ? STATUS_END : writer_tell(incident, status, reterr);
}

void open_object_forget(struct incident *incident, struct open_object *object)
{
	struct writer *writer = incident->writer;
	free_object(object);
	*object = writer->open[--writer->open_count];
}

/* What came of an attempt that was given up. */
static enum status drop_attempt(struct incident *incident, struct open_object *object)
{
	object->has_own = false;
	object->content = 0;
	object->has_sha256 = false;
	buffer_reset(&object->note);
	if (object->parts == 0)
		return STATUS_OK;
	object->parts = 0;
	sqlite3_stmt *drop = database_take(&incident->database,
		"DELETE FROM document WHERE object = ?1 AND ordinal > 0 AND state = 0");
	bind_integer(drop, 1, object->number);
	return database_run(&incident->database, drop);
}

enum status sweep_restart_object(struct incident *incident, const struct id *id, struct failure *reterr)
{
	struct open_object *object;
	enum status status = writer_check(incident, reterr);
	if (status != STATUS_OK)
		return status;
	status = writer_start(incident);
	if (status == STATUS_OK)
		status = open_object_find(incident, id, &object);
	if (status == STATUS_OK)
		status = drop_attempt(incident, object);
	return writer_tell(incident, status == STATUS_ABSENT ? STATUS_OK : status, reterr);
}

/* ---- what was fetched ---- */

static const char update_version[] =
	"UPDATE document SET size = ?2, modified = ?3, etag = ?4, md5 = ?5 WHERE number = ?1 AND outcome = 0";

enum status sweep_note_version(struct incident *incident, const struct id *id, const struct object *fetched,
                               struct failure *reterr)
{
	struct open_object *object = NULL;
	enum status status = open_object_for_put(incident, id, &object, reterr);
	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_OK : status;
	sqlite3_stmt *update = database_take(&incident->database, update_version);
	bind_integer(update, 1, object->number);
	if (fetched->size != OBJECT_SIZE_UNKNOWN)
		bind_unsigned(update, 2, fetched->size);
	bind_time(update, 3, fetched->modified);
	bind_blob_or_null(update, 4, fetched->etag);
	bind_blob_or_null(update, 5, fetched->md5);
	return writer_tell(incident, database_run(&incident->database, update), reterr);
}

/* ---- documents ---- */

/* Documents that were not hashed whole are like no other: their key is their place and revision. */
static void derive_key(const struct open_object *object, const struct document_record *record,
                       unsigned char key[32])
{
	unsigned char revision[8];
	if (record->has_sha256) {
		memcpy(key, record->content_key, 32);
		return;
	}
	store_le64(revision, (uint64_t)object->revision);
	digest_sha256_of((struct bytes[]){BYTES_LITERAL("tidemark-place"), bytes_of(object->id.bytes, ID_SIZE),
	                                  bytes_of(revision, sizeof revision), record->inner_path},
	                 4, key);
}

static enum status keep_own(struct open_object *object, const struct document_record *record, int64_t content)
{
	object->has_own = true;
	object->content = content;
	object->size = record->size;
	object->has_sha256 = record->has_sha256;
	memcpy(object->sha256, record->sha256, sizeof object->sha256);
	buffer_reset(&object->note);
	buffer_append(&object->note, record->note);
	return buffer_status(&object->note);
}

static struct id part_id(const struct open_object *object, struct bytes inner_path)
{
	return id_of(&(struct id_parts){
		.provider = provider_name(object->provider), .account = buffer_bytes(&object->account),
		.container = buffer_bytes(&object->container_name), .object = buffer_bytes(&object->name),
		.version = buffer_bytes(&object->version), .inner_path = inner_path,
	});
}

static const char insert_part[] =
	"INSERT INTO document (id, revision, state, object, ordinal, parent, container, path, object_length, outcome,"
	" unseen, size, modified, content, sha256, note)"
	" VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
	" ON CONFLICT (id, revision)"
	" DO UPDATE SET ordinal = excluded.ordinal, parent = excluded.parent, outcome = excluded.outcome,"
	" unseen = excluded.unseen, size = excluded.size, modified = excluded.modified, content = excluded.content,"
	" sha256 = excluded.sha256, note = excluded.note WHERE state = 0";

enum status put_part(struct incident *incident, struct open_object *object, const struct part *part)
{
	struct id id = part_id(object, part->inner_path);
	struct buffer path = buffer_with_ceiling(SIZE_MAX / 2);
	buffer_append(&path, buffer_bytes(&object->name));
	buffer_append_string(&path, "!/");
	buffer_append(&path, part->inner_path);
	enum status status = buffer_status(&path);
	if (status == STATUS_OK) {
		sqlite3_stmt *insert = database_take(&incident->database, insert_part);
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
		if (part->content > 0)
			bind_integer(insert, 13, part->content);
		bind_blob_or_null(insert, 14, part->sha256);
		bind_text_or_null(insert, 15, part->note);
		status = database_run(&incident->database, insert);
		object->parts++;
	}
	buffer_free(&path);
	return status;
}

static enum status put_document(struct incident *incident, struct open_object *object,
                                const struct document_record *record)
{
	unsigned char key[32];
	int64_t content = 0;
	enum status status = STATUS_OK;
	if (object->has_own)
		status = drop_attempt(incident, object);
	derive_key(object, record, key);
	if (status == STATUS_OK)
		status = content_store(incident, bytes_of(key, sizeof key), record->ordinal > 0 && record->has_sha256,
		                       record, (object->flags & OBJECT_REDO) != 0, &content);
	if (status != STATUS_OK)
		return status;
	if (record->ordinal == 0)
		return keep_own(object, record, content);
	struct part part = {
		.inner_path = record->inner_path, .ordinal = record->ordinal, .parent = record->parent,
		.outcome = record->outcome, .unseen_bytes = record->unseen_bytes, .size = record->size,
		.modified = record->modified, .content = content, .note = record->note,
		.sha256 = record->has_sha256 ? bytes_of(record->sha256, 32) : BYTES_NONE,
	};
	return put_part(incident, object, &part);
}

enum status sweep_put_document(struct incident *incident, const struct id *id,
                               const struct document_record *record, struct failure *reterr)
{
	struct open_object *object = NULL;
	enum status status = open_object_for_put(incident, id, &object, reterr);
	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_OK : status;
	status = put_document(incident, object, record);
	if (status == STATUS_OK)
		status = writer_count(incident, 1, record->text.len + record->finding_count * 64);
	return writer_tell(incident, status, reterr);
}
