/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents of objects under way. Parts become rows at once, ARRIVING until the
 * object is finished; the object's own document waits in memory, for its row
 * stands already and must not change before the end.
 */
#include "catalog/sqlite/storing.h"

#include "base/digest.h"
#include "catalog/sqlite/batch.h"
#include "catalog/sqlite/content.h"
#include "catalog/sqlite/document.h"
#include "catalog/sqlite/open-object.h"
#include "catalog/sqlite/part.h"
#include "catalog/sqlite/writer.h"
#include "catalog/sweeps.h"

enum status storing_object(struct incident *incident, const struct id *id, struct open_object **ret_object,
                           struct failure *reterr)
{
	enum status status = writer_check(incident, reterr);
	if (status != STATUS_OK)
		return status;
	status = batch_start(incident);
	if (status == STATUS_OK)
		status = open_object_find(incident, id, ret_object);
	if (status == STATUS_ABSENT)
		return fail(reterr, STATUS_BROKEN, incident->place.folder,
		            "something was to be put for an object that was never listed");
	return status == STATUS_END ? STATUS_END : batch_tell(incident, status, reterr);
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
	status = batch_start(incident);
	if (status == STATUS_OK)
		status = open_object_find(incident, id, &object);
	if (status == STATUS_OK)
		status = drop_attempt(incident, object);
	return batch_tell(incident, status == STATUS_ABSENT ? STATUS_OK : status, reterr);
}

/* ---- what was fetched ---- */

static const char update_version[] =
	"UPDATE document SET size = ?2, modified = ?3, etag = ?4, md5 = ?5 WHERE number = ?1 AND outcome = 0";

enum status sweep_note_version(struct incident *incident, const struct id *id, const struct object *fetched,
                               struct failure *reterr)
{
	struct open_object *object = NULL;
	enum status status = storing_object(incident, id, &object, reterr);
	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_OK : status;
	sqlite3_stmt *update = database_take(&incident->database, update_version);
	bind_integer(update, 1, object->number);
	if (fetched->size != OBJECT_SIZE_UNKNOWN)
		bind_unsigned(update, 2, fetched->size);
	bind_time(update, 3, fetched->modified);
	bind_blob_or_null(update, 4, fetched->etag);
	bind_blob_or_null(update, 5, fetched->md5);
	return batch_tell(incident, database_run(&incident->database, update), reterr);
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
	return part_put(incident, object, record, content);
}

enum status sweep_put_document(struct incident *incident, const struct id *id,
                               const struct document_record *record, struct failure *reterr)
{
	struct open_object *object = NULL;
	enum status status = storing_object(incident, id, &object, reterr);
	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_OK : status;
	status = put_document(incident, object, record);
	if (status == STATUS_OK)
		status = batch_count(incident, 1, record->text.len + record->finding_count * 64);
	return batch_tell(incident, status, reterr);
}
