/* SPDX-License-Identifier: Apache-2.0 */
/* Objects come to their end: read, failed, or given the documents of a twin. */
#include "catalog/sqlite/content.h"

enum status add_name(struct incident *incident, int64_t document, struct bytes path)
{
	sqlite3_stmt *insert = database_take(&incident->database,
		"INSERT INTO names (rowid, path) VALUES (?1, ?2)");
	bind_integer(insert, 1, document);
	bind_text(insert, 2, path);
	return database_run(&incident->database, insert);
}

enum status supersede_before(struct incident *incident, const struct id *id, int64_t revision)
{
	static const char *const steps[] = {
		"UPDATE document SET state = 2 WHERE state = 1 AND ordinal > 0"
		" AND object IN (SELECT number FROM document WHERE id = ?1 AND revision < ?2)",
		"UPDATE document SET state = 2 WHERE state = 1 AND id = ?1 AND revision < ?2",
	};
	enum status status = STATUS_OK;
	for (size_t i = 0; i < sizeof steps / sizeof *steps && status == STATUS_OK; i++) {
		sqlite3_stmt *step = database_take(&incident->database, steps[i]);
		bind_id(step, 1, id);
		bind_integer(step, 2, revision);
		status = database_run(&incident->database, step);
	}
	return status;
}

/* ---- an end ---- */

struct end {
	enum outcome outcome;
	uint64_t fetched, unseen, size;
	struct bytes note, sha256;
	int64_t content;             /* 0: none */
	bool is_twin;
};

static const char update_object[] =
	"UPDATE document"
	" SET state = 1, outcome = ?2, unseen = ?3, size = coalesce(size, ?4), content = ?5, sha256 = ?6, note = ?7,"
	" decided = ?8, fetched = ?9, flags = ?10, ticket = NULL"
	" WHERE number = ?1";

static enum status update_own(struct incident *incident, const struct open_object *object,
                              const struct end *end)
{
	sqlite3_stmt *update = database_take(&incident->database, update_object);
	bind_integer(update, 1, object->number);
	bind_integer(update, 2, end->outcome);
	bind_unsigned(update, 3, end->unseen);
	if (end->size != OBJECT_SIZE_UNKNOWN)
		bind_unsigned(update, 4, end->size);
	if (end->content > 0)
		bind_integer(update, 5, end->content);
	bind_blob_or_null(update, 6, end->sha256);
	bind_text_or_null(update, 7, end->note);
	bind_unsigned(update, 8, incident->writer->sweep);
	bind_unsigned(update, 9, end->fetched);
	bind_integer(update, 10,
	             (object->flags & ~(uint32_t)OBJECT_REDO) | (end->is_twin ? OBJECT_TWIN : 0u));
	return database_run(&incident->database, update);
}

static enum status add_names_of_parts(struct incident *incident, const struct open_object *object)
{
	struct database *database = &incident->database;
	sqlite3_stmt *list = database_take(database,
		"SELECT number, path FROM document WHERE object = ?1 AND ordinal > 0 AND state = 0");
	bind_integer(list, 1, object->number);
	enum status status;
	while ((status = database_step(database, list)) == STATUS_OK) {
		status = add_name(incident, sqlite3_column_int64(list, 0), column_bytes(list, 1));
		if (status != STATUS_OK)
			break;
	}
	database_give(database, list);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status release_parts(struct incident *incident, const struct open_object *object)
{
	enum status status = add_names_of_parts(incident, object);
	if (status != STATUS_OK)
		return status;
	/* OR FAIL: to be able to undo the statement alone, SQLite would have every full-text index write out all it
	 * has gathered, for each archive. A statement that fails fails the whole batch here. */
	sqlite3_stmt *release = database_take(&incident->database,
		"UPDATE OR FAIL document SET state = 1 WHERE object = ?1 AND ordinal > 0 AND state = 0");
	bind_integer(release, 1, object->number);
	return database_run(&incident->database, release);
}

static enum status finish(struct incident *incident, struct open_object *object, const struct end *end)
{
	enum status status = STATUS_OK;
	if (object->parts > 0)
		status = release_parts(incident, object);
	if (status == STATUS_OK)
		status = update_own(incident, object, end);
	if (status == STATUS_OK && object->state == DOCUMENT_ARRIVING)
		status = add_name(incident, object->number, buffer_bytes(&object->name));
	if (status == STATUS_OK && object->revision > 1)
		status = supersede_before(incident, &object->id, object->revision);
	if (status != STATUS_OK)
		return status;
	size_t rows = 1 + (size_t)object->parts;
	open_object_forget(incident, object);
	return writer_count(incident, rows, 0);
}

static struct end end_of(const struct open_object *object, const struct object_record *record)
{
	struct end end = {
		.outcome = record->outcome, .fetched = record->fetched_bytes, .unseen = record->unseen_bytes,
		.size = object->size, .note = record->note, .content = object->content,
	};
	if (end.note.len == 0)
		end.note = buffer_bytes(&object->note);
	if (record->has_sha256)
		end.sha256 = bytes_of(record->sha256, 32);
	else if (object->has_own && object->has_sha256)
		end.sha256 = bytes_of(object->sha256, 32);
	return end;
}

enum status sweep_finish_object(struct incident *incident, const struct id *id,
                                const struct object_record *record, struct failure *reterr)
{
	struct open_object *object = NULL;
	enum status status = open_object_for_put(incident, id, &object, reterr);
	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_OK : status;
	struct end end = end_of(object, record);
	return writer_tell(incident, finish(incident, object, &end), reterr);
}

/* ---- twins ---- */

/* A finished object of these bytes whose reading holds: under the same rules and settings, its contents not
 * expired, its end no accident. Where reading again was asked for, one read in this sweep. */
static const char find_twin[] =
	"SELECT d.number, d.outcome, d.unseen, d.size, d.content, d.note"
	" FROM document d JOIN content c ON c.number = d.content"
	" JOIN sweep s ON s.number = c.sweep AND s.settings = ?6"
	" WHERE d.sha256 = ?1 AND d.ordinal = 0 AND d.number <> ?2 AND c.is_expired = 0 AND c.rules = ?3"
	" AND d.outcome IN (1, 6, 15, 16, 17, 18, 19) AND (?4 = 0 OR d.decided = ?5)"
	" ORDER BY d.number LIMIT 1";
_Static_assert(OUTCOME_READ == 1 && OUTCOME_NEEDS_OCR == 6 && OUTCOME_ENCRYPTED == 15 &&
                       OUTCOME_MALFORMED == 16 && OUTCOME_UNSUPPORTED == 17 && OUTCOME_TOO_LARGE == 18 &&
                       OUTCOME_BOMB == 19,
               "stored by number");

static const char list_digests[] =
	"SELECT DISTINCT sha256 FROM document WHERE sha256 IS NOT NULL LIMIT ?1";

enum status sweep_digests(struct incident *incident, size_t max,
                          void (*each)(void *context, const unsigned char sha256[32]), void *context,
                          bool *ret_is_all, struct failure *reterr)
{
	struct database *database = &incident->database;
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
	return writer_tell(incident, status == STATUS_END ? STATUS_OK : status, reterr);
}

static enum status copy_part(struct incident *incident, struct open_object *object, sqlite3_stmt *row)
{
	struct bytes path = column_bytes(row, 0);
	size_t object_length = (size_t)column_unsigned(row, 1);
	struct part part = {
		.inner_path = bytes_from(path, object_length + 2),
		.ordinal = (uint32_t)column_unsigned(row, 2),
		.parent = (uint32_t)column_unsigned(row, 3),
		.outcome = (enum outcome)sqlite3_column_int(row, 4),
		.unseen_bytes = column_unsigned(row, 5),
		.size = column_unsigned(row, 6),
		.modified = column_time(row, 7),
		.content = sqlite3_column_int64(row, 8),
		.sha256 = column_bytes(row, 9),
		.note = column_bytes(row, 10),
	};
	return put_part(incident, object, &part);
}

static enum status copy_parts(struct incident *incident, struct open_object *object, int64_t twin)
{
	struct database *database = &incident->database;
	sqlite3_stmt *list = database_take(database,
		"SELECT path, object_length, ordinal, parent, outcome, unseen, size, modified, content, sha256, note"
		" FROM document WHERE object = ?1 AND ordinal > 0"
		" ORDER BY ordinal");
	bind_integer(list, 1, twin);
	enum status status;
	while ((status = database_step(database, list)) == STATUS_OK) {
		status = copy_part(incident, object, list);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, list);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status adopt(struct incident *incident, struct open_object *object, struct bytes sha256,
                         uint64_t fetched)
{
	struct database *database = &incident->database;
	sqlite3_stmt *find = database_take(database, find_twin);
	bind_blob(find, 1, sha256);
	bind_integer(find, 2, object->number);
	bind_integer(find, 3, incident->writer->rules);
	bind_integer(find, 4, (object->flags & OBJECT_REDO) != 0);
	bind_unsigned(find, 5, incident->writer->sweep);
	bind_integer(find, 6, incident->writer->settings);
	enum status status = database_step(database, find);
	if (status == STATUS_OK)
		status = copy_parts(incident, object, sqlite3_column_int64(find, 0));
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
		status = finish(incident, object, &end);
	}
	database_give(database, find);
	return status;
}

enum status sweep_adopt_twin(struct incident *incident, const struct id *id, const unsigned char sha256[32],
                             uint64_t fetched_bytes, struct failure *reterr)
{
	struct open_object *object = NULL;
	enum status status = open_object_for_put(incident, id, &object, reterr);
	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_OK : status;
	status = adopt(incident, object, bytes_of(sha256, 32), fetched_bytes);
	return status == STATUS_ABSENT ? STATUS_ABSENT : writer_tell(incident, status, reterr);
}
