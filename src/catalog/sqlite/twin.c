/* SPDX-License-Identifier: Apache-2.0 */
/* A twin is given rows of its own, to the contents of the other. */
#include "catalog/sqlite/twin.h"

#include "catalog/sqlite/batch.h"
#include "catalog/sqlite/document.h"
#include "catalog/sqlite/finishing.h"
#include "catalog/sqlite/open-object.h"
#include "catalog/sqlite/part.h"
#include "catalog/sqlite/writer.h"

/* A finished object of these bytes whose reading holds: under the same rules and settings, its contents not
 * expired, its end no accident. Where reading again was asked for, one read in this sweep. */
static const char find_twin[] = "SELECT d.number, d.outcome, d.unseen, d.size, d.content, d.note"
				" FROM document d JOIN content c ON c.number = d.content"
				" JOIN sweep s ON s.number = c.sweep AND s.settings = ?6"
				" WHERE d.sha256 = ?1 AND d.ordinal = 0 AND d.number <> ?2 AND c.is_expired = 0 AND c.rules = ?3"
				" AND d.outcome IN (1, 6, 15, 16, 17, 18, 19) AND (?4 = 0 OR d.decided = ?5)"
				" ORDER BY d.number LIMIT 1";
_Static_assert(OUTCOME_READ == 1 && OUTCOME_NEEDS_OCR == 6 && OUTCOME_ENCRYPTED == 15 && OUTCOME_MALFORMED == 16 &&
                       OUTCOME_UNSUPPORTED == 17 && OUTCOME_TOO_LARGE == 18 && OUTCOME_BOMB == 19,
               "stored by number");

static const char list_digests[] = "SELECT DISTINCT sha256 FROM document WHERE sha256 IS NOT NULL LIMIT ?1";

enum status twin_digests(struct store *store, size_t max, void (*each)(void *context, const unsigned char sha256[32]),
                         void *context, bool *ret_is_all, struct failure *reterr)
{
	struct database *database = &store->database;
	sqlite3_stmt *list = database_take(database, list_digests);
	bind_unsigned(list, 1, max + 1);
	enum status status;
	size_t count = 0;
	while ((status = database_step(database, list)) == STATUS_OK) {
		struct bytes sha256 = column_bytes(list, 0);
		if (sha256.len == 32 && count < max)
			each(context, sha256.at);
		count++;
	}
	database_give(database, list);
	*ret_is_all = count <= max;
	return batch_tell(store, status == STATUS_END ? STATUS_OK : status, reterr);
}

static enum status copy_part(struct store *store, struct open_object *object, sqlite3_stmt *row)
{
	struct bytes path = column_bytes(row, 0);
	size_t object_length = (size_t)column_unsigned(row, 1);
	struct bytes sha256 = column_bytes(row, 9);
	struct document_record part = {
		.inner_path = bytes_from(path, object_length + 2),
		.ordinal = (uint32_t)column_unsigned(row, 2),
		.parent = (uint32_t)column_unsigned(row, 3),
		.outcome = (enum outcome)sqlite3_column_int(row, 4),
		.unseen_bytes = column_unsigned(row, 5),
		.size = column_unsigned(row, 6),
		.modified = column_time(row, 7),
		.has_sha256 = sha256.len == sizeof part.sha256,
		.note = column_bytes(row, 10),
		.shown_path = bytes_from(column_bytes(row, 11), object_length + 2),
	};
	if (part.has_sha256)
		memcpy(part.sha256, sha256.at, sha256.len);
	return part_put(store, object, &part, sqlite3_column_int64(row, 8));
}

static enum status copy_parts(struct store *store, struct open_object *object, int64_t twin)
{
	struct database *database = &store->database;
	sqlite3_stmt *list = database_take(
		database, "SELECT path, object_length, ordinal, parent, outcome, unseen, size, modified, content, sha256, note,"
			  " shown_path FROM document WHERE object = ?1 AND ordinal > 0"
			  " ORDER BY ordinal");
	bind_integer(list, 1, twin);
	enum status status;
	while ((status = database_step(database, list)) == STATUS_OK) {
		status = copy_part(store, object, list);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, list);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status adopt(struct store *store, struct open_object *object, struct bytes sha256, uint64_t fetched)
{
	struct database *database = &store->database;
	sqlite3_stmt *find = database_take(database, find_twin);
	bind_blob(find, 1, sha256);
	bind_integer(find, 2, object->number);
	bind_integer(find, 3, store->writer->rules);
	bind_integer(find, 4, (object->flags & OBJECT_REDO) != 0);
	bind_unsigned(find, 5, store->writer->sweep);
	bind_integer(find, 6, store->writer->settings);
	enum status status = database_step(database, find);
	if (status == STATUS_OK)
		status = copy_parts(store, object, sqlite3_column_int64(find, 0));
	else if (status == STATUS_END)
		status = STATUS_ABSENT;
	if (status == STATUS_OK) {
		struct end end = {
			.outcome = (enum outcome)sqlite3_column_int(find, 1),
			.unseen = column_unsigned(find, 2),
			.size = column_is_null(find, 3) ? OBJECT_SIZE_UNKNOWN : column_unsigned(find, 3),
			.content = sqlite3_column_int64(find, 4),
			.note = column_bytes(find, 5),
			.fetched = fetched,
			.sha256 = sha256,
			.is_twin = true,
		};
		status = finishing_finish(store, object, &end);
	}
	database_give(database, find);
	return status;
}

enum status twin_adopt(struct store *store, const struct id *id, const unsigned char sha256[32], uint64_t fetched_bytes,
                       struct failure *reterr)
{
	struct open_object *object = NULL;
	enum status status = batch_start(store);
	if (status == STATUS_OK)
		status = open_object_find(store, id, &object);
	if (status == STATUS_ABSENT)
		return fail(reterr, STATUS_BROKEN, store->database.path, "an object that was never listed is to be a twin");
	if (status == STATUS_OK)
		status = adopt(store, object, bytes_of(sha256, 32), fetched_bytes);
	return status == STATUS_ABSENT ? STATUS_ABSENT : batch_tell(store, status, reterr);
}
