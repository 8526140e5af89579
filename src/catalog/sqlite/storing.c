/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents of objects under way. Parts become rows at once, ARRIVING until the
 * object is finished; the object's own document waits in memory, for its row
 * stands already and must not change before the end.
 */
#include "catalog/sqlite/storing.h"

#include "base/digest.h"
#include "catalog/sqlite/content.h"
#include "catalog/sqlite/document.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/part.h"
#include "catalog/sqlite/writer.h"

enum status storing_restart(struct store *store, struct open_object *object)
{
	object->has_own = false;
	object->content = 0;
	object->has_sha256 = false;
	buffer_reset(&object->note);
	if (object->parts == 0)
		return STATUS_OK;
	object->parts = 0;
	sqlite3_stmt *drop = database_take(&store->database,
	                                   "DELETE FROM document WHERE object = ?1 AND ordinal > 0 AND state = " SQL_ARRIVING);
	bind_integer(drop, 1, object->number);
	return database_run(&store->database, drop);
}

/* ---- what was fetched ---- */

static const char update_version[] =
	"UPDATE document SET size = ?2, modified = ?3, etag = ?4, md5 = ?5 WHERE number = ?1 AND outcome = " SQL_PENDING;

enum status storing_version(struct store *store, struct open_object *object, const struct object *fetched)
{
	sqlite3_stmt *update = database_take(&store->database, update_version);
	bind_integer(update, 1, object->number);
	if (fetched->size != OBJECT_SIZE_UNKNOWN)
		bind_unsigned(update, 2, fetched->size);
	bind_time(update, 3, fetched->modified);
	bind_blob_or_null(update, 4, fetched->etag);
	bind_blob_or_null(update, 5, fetched->md5);
	return database_run(&store->database, update);
}

/* ---- documents ---- */

/* Documents that were not hashed whole are like no other: their key is their place and revision. */
static void derive_key(const struct open_object *object, const struct document_record *record, unsigned char key[32])
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

enum status storing_document(struct store *store, struct open_object *object, const struct document_record *record)
{
	unsigned char key[32];
	int64_t content = 0;
	enum status status = STATUS_OK;
	if (object->has_own)
		status = storing_restart(store, object);
	derive_key(object, record, key);
	if (status == STATUS_OK)
		status = content_store(store, bytes_of(key, sizeof key), record->ordinal > 0 && record->has_sha256, record,
		                       (object->flags & OBJECT_REDO) != 0, &content);
	if (status != STATUS_OK)
		return status;
	if (record->ordinal == 0)
		return keep_own(object, record, content);
	return part_put(store, object, record, content);
}
