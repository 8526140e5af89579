/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page of a listing becomes rows. What was known decides what becomes of an
 * object: nothing (this sweep has it already), kept (unchanged since it was
 * read), decided or awaited in place (never read so far), or a new revision.
 */
#include "catalog/names.h"
#include "catalog/sqlite/batch.h"
#include "catalog/sqlite/document.h"
#include "catalog/sqlite/exposure.h"
#include "catalog/sqlite/label.h"
#include "catalog/sqlite/revision.h"
#include "catalog/sqlite/writer.h"
#include "catalog/sweeps.h"

enum fate { FATE_NOTHING, FATE_KEPT, FATE_DECIDED, FATE_AWAITED, FATE_NEW };

struct known {
	bool is_known;
	int64_t number, revision;
	enum outcome outcome;
	uint64_t last_sweep;
	bool is_same;                /* size, etag and time as listed now */
	bool was_read;               /* it was fetched, or that was tried: its outcome is not a listing's */
	bool has_bytes, has_content; /* it came whole; something of it was read */
	int64_t settings;            /* of the sweep its outcome is of */
};

static bool is_same_object(sqlite3_stmt *row, const struct object *object)
{
	uint64_t size = column_is_null(row, 4) ? OBJECT_SIZE_UNKNOWN : column_unsigned(row, 4);
	return size == object->size && column_time(row, 5) == object->modified &&
	       bytes_equal(column_bytes(row, 6), object->etag);
}

static enum status find_known(struct incident *incident, const struct id *id, const struct object *object,
                              struct known *ret_known)
{
	struct database *database = &incident->database;
	sqlite3_stmt *find = database_take(database,
		"SELECT number, revision, outcome, last_sweep, size, modified, etag, fetched, (SELECT settings"
		" FROM sweep WHERE sweep.number = document.decided), sha256 IS NOT NULL, content IS NOT NULL FROM document"
		" WHERE id = ?1 ORDER BY revision DESC LIMIT 1");
	bind_id(find, 1, id);
	enum status status = database_step(database, find);
	*ret_known = (struct known){.is_known = status == STATUS_OK};
	if (status == STATUS_OK) {
		ret_known->number = sqlite3_column_int64(find, 0);
		ret_known->revision = sqlite3_column_int64(find, 1);
		ret_known->outcome = (enum outcome)sqlite3_column_int(find, 2);
		ret_known->last_sweep = column_unsigned(find, 3);
		ret_known->is_same = is_same_object(find, object);
		ret_known->was_read = !column_is_null(find, 7);
		ret_known->settings = sqlite3_column_int64(find, 8);
		ret_known->has_bytes = sqlite3_column_int(find, 9) != 0;
		ret_known->has_content = sqlite3_column_int(find, 10) != 0;
	}
	database_give(database, find);
	return status == STATUS_END ? STATUS_OK : status;
}

/* What its server did not bring over says nothing of the object: each sweep asks again. */
static bool did_not_come(const struct known *known)
{
	return known->was_read && !known->has_bytes &&
	       (known->outcome == OUTCOME_TIMED_OUT || known->outcome == OUTCOME_UNREACHABLE ||
	        (known->outcome == OUTCOME_TRUNCATED && !known->has_content));
}

/* A peek ends as listed only: it need not be made again under the same settings, a whole reading must. */
static bool was_looked_into(const struct writer *writer, const struct known *known)
{
	enum outcome_group group = outcome_group(known->outcome);
	if (!known->was_read || did_not_come(known))
		return false;
	return group == OUTCOME_GROUP_READ || group == OUTCOME_GROUP_FAILED ||
	       known->outcome == OUTCOME_NEEDS_OCR || known->settings == writer->settings;
}

static bool is_redo(const struct writer *writer, const struct known *known,
                    const struct listed_object *listed)
{
	if (!known->is_known || !known->is_same || listed->outcome != OUTCOME_PENDING)
		return false;
	if (did_not_come(known))
		return known->has_content;
	return was_looked_into(writer, known) &&
	       (listed->read_again || (writer->read_again_outcomes >> known->outcome & 1));
}

static enum fate decide_fate(const struct writer *writer, const struct known *known,
                             const struct listed_object *listed)
{
	if (!known->is_known)
		return FATE_NEW;
	if (known->last_sweep == writer->sweep)
		return FATE_NOTHING;
	if (!known->is_same || is_redo(writer, known, listed))
		return FATE_NEW;
	if (was_looked_into(writer, known))
		return FATE_KEPT;
	return listed->outcome == OUTCOME_PENDING ? FATE_AWAITED : FATE_DECIDED;
}

/* ---- rows ---- */

static uint32_t object_flags(const struct object *object)
{
	return (object->is_snapshot ? OBJECT_SNAPSHOT : 0u) | (object->is_special ? OBJECT_SPECIAL : 0u) |
	       (object->is_archived ? OBJECT_ARCHIVED : 0u) | (object->is_deleted ? OBJECT_DELETED : 0u);
}

static uint64_t unseen_size(const struct object *object)
{
	return object->size == OBJECT_SIZE_UNKNOWN ? 0 : object->size;
}

struct listing {
	struct incident *incident;
	size_t target;
	int64_t now;
};

static bool is_anonymous(const struct listing *listing)
{
	return listing->incident->writer->targets[listing->target].is_anonymous;
}

static const char insert_object[] =
	"INSERT INTO document (id, revision, state, object, ordinal, parent, container, path, object_length, outcome,"
	" unseen, size, modified, note, version, flags, created, etag, md5, media_type, tier, target, previous,"
	" first_sweep, last_sweep, decided, exposed_first, exposed_last, number, ticket)"
	" VALUES (?1, ?2, ?3, ?26, 0, 0, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,"
	" ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)";

static void bind_listed(sqlite3_stmt *insert, const struct object *object)
{
	bind_blob(insert, 5, object->name);
	bind_unsigned(insert, 6, object->name.len);
	if (object->size != OBJECT_SIZE_UNKNOWN)
		bind_unsigned(insert, 9, object->size);
	bind_time(insert, 10, object->modified);
	bind_blob_or_null(insert, 12, object->version);
	bind_time(insert, 14, object->created);
	bind_blob_or_null(insert, 15, object->etag);
	bind_blob_or_null(insert, 16, object->md5);
}

static enum status bind_labels(struct incident *incident, sqlite3_stmt *insert, const struct object *object)
{
	int64_t media_type = 0, tier = 0;
	enum status status = label_number(incident, object->media_type, &media_type);
	if (status == STATUS_OK)
		status = label_number(incident, object->tier, &tier);
	bind_integer(insert, 17, media_type);
	bind_integer(insert, 18, tier);
	return status;
}

/* The row names itself as its object, so its number is drawn first. */
static enum status draw_number(struct incident *incident, int64_t *ret_number)
{
	struct database *database = &incident->database;
	return database_read_integer(
		database, database_take(database, "SELECT max(number) + 1 FROM document"), 1, ret_number);
}

static enum status insert_revision(const struct listing *listing, const struct id *id,
                                   const struct known *known, const struct listed_object *listed)
{
	struct incident *incident = listing->incident;
	struct writer *writer = incident->writer;
	bool is_pending = listed->outcome == OUTCOME_PENDING;
	bool is_live = !known->is_known || !is_pending;
	int64_t number = 0;
	enum status status = draw_number(incident, &number);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *insert = database_take(&incident->database, insert_object);
	bind_id(insert, 1, id);
	bind_integer(insert, 2, known->revision + 1);
	bind_integer(insert, 3, is_live ? DOCUMENT_LIVE : DOCUMENT_ARRIVING);
	bind_integer(insert, 4, writer->targets[listing->target].container);
	bind_listed(insert, &listed->object);
	bind_integer(insert, 7, listed->outcome);
	bind_unsigned(insert, 8, unseen_size(&listed->object));
	bind_text_or_null(insert, 11, listed->note);
	bind_integer(insert, 13,
	             object_flags(&listed->object) | (is_redo(writer, known, listed) ? OBJECT_REDO : 0u) |
	                     (listed->is_left_out ? OBJECT_LEFT_OUT : 0u));
	status = bind_labels(incident, insert, &listed->object);
	bind_unsigned(insert, 19, listing->target);
	bind_integer(insert, 20, known->outcome);
	bind_unsigned(insert, 21, writer->sweep);
	bind_unsigned(insert, 22, writer->sweep);
	if (!is_pending)
		bind_unsigned(insert, 23, writer->sweep);
	bind_time(insert, 24, is_anonymous(listing) ? listing->now : CLOCK_UNKNOWN);
	bind_time(insert, 25, is_anonymous(listing) ? listing->now : CLOCK_UNKNOWN);
	bind_integer(insert, 26, number);
	if (is_pending)
		bind_integer(insert, 27, writer->next_ticket++);
	if (status == STATUS_OK)
		status = database_run(&incident->database, insert);
	else
		database_give(&incident->database, insert);
	if (status == STATUS_OK && is_live)
		status = names_add(&incident->database, number, listed->object.name);
	if (status == STATUS_OK && is_live && known->is_known)
		status = revision_supersede(incident, id, known->revision + 1);
	return status;
}

static enum status note_seen(const struct listing *listing, const struct known *known)
{
	struct incident *incident = listing->incident;
	sqlite3_stmt *update = database_take(&incident->database,
		"UPDATE document"
		" SET last_sweep = ?2, target = ?3, gone_at = NULL, exposed_first = coalesce(exposed_first, ?4),"
		" exposed_last = coalesce(?4, exposed_last) WHERE number = ?1");
	bind_integer(update, 1, known->number);
	bind_unsigned(update, 2, incident->writer->sweep);
	bind_unsigned(update, 3, listing->target);
	bind_time(update, 4, is_anonymous(listing) ? listing->now : CLOCK_UNKNOWN);
	return database_run(&incident->database, update);
}

static enum status set_outcome(const struct listing *listing, const struct known *known,
                               const struct listed_object *listed)
{
	struct incident *incident = listing->incident;
	sqlite3_stmt *update = database_take(&incident->database,
		"UPDATE document"
		" SET previous = outcome, outcome = ?2, decided = ?3, note = ?4, unseen = ?5, ticket = ?6,"
		" flags = (flags & ~?7) | ?8 WHERE number = ?1");
	bind_integer(update, 1, known->number);
	bind_integer(update, 2, listed->outcome);
	if (listed->outcome != OUTCOME_PENDING)
		bind_unsigned(update, 3, incident->writer->sweep);
	else
		bind_integer(update, 6, incident->writer->next_ticket++);
	bind_text_or_null(update, 4, listed->note);
	bind_unsigned(update, 5, unseen_size(&listed->object));
	bind_integer(update, 7, OBJECT_LEFT_OUT);
	bind_integer(update, 8, listed->is_left_out ? OBJECT_LEFT_OUT : 0);
	return database_run(&incident->database, update);
}

static enum status put_listed(const struct listing *listing, const struct container *container,
                              const struct listed_object *listed)
{
	struct id id = object_id(container, &listed->object);
	struct known known;
	enum status status = find_known(listing->incident, &id, &listed->object, &known);
	if (status != STATUS_OK)
		return status;
	enum fate fate = decide_fate(listing->incident->writer, &known, listed);
	if (fate == FATE_NOTHING)
		return STATUS_OK;
	if (fate == FATE_NEW)
		return insert_revision(listing, &id, &known, listed);
	status = note_seen(listing, &known);
	if (status == STATUS_OK && fate != FATE_KEPT)
		status = set_outcome(listing, &known, listed);
	return status;
}

/* ---- the page ---- */

static enum status move_cursor(const struct listing *listing, struct bytes next_cursor, bool is_last)
{
	struct incident *incident = listing->incident;
	sqlite3_stmt *update = database_take(&incident->database,
		"UPDATE target SET cursor = ?3, is_done = max(is_done, ?4) WHERE sweep = ?1 AND nth = ?2");
	bind_unsigned(update, 1, incident->writer->sweep);
	bind_unsigned(update, 2, listing->target);
	bind_blob(update, 3, next_cursor);
	bind_integer(update, 4, is_last);
	return database_run(&incident->database, update);
}

/* The page came by one door, and what is not current by another. */
static enum status note_doors(const struct listing *listing, const struct listed_object *objects, size_t count)
{
	bool has_versions = false, has_snapshots = false;
	for (size_t i = 0; i < count; i++) {
		has_snapshots |= objects[i].object.is_snapshot;
		has_versions |= objects[i].object.version.len > 0 && !objects[i].object.is_snapshot;
	}
	enum status status = exposure_note_open(listing->incident, listing->target, DOOR_LIST, listing->now);
	if (status == STATUS_OK && has_versions)
		status = exposure_note_open(listing->incident, listing->target, DOOR_VERSION, listing->now);
	if (status == STATUS_OK && has_snapshots)
		status = exposure_note_open(listing->incident, listing->target, DOOR_SNAPSHOT, listing->now);
	return status;
}

/* The container's parts as its row has them, for deriving ids. */
static enum status put_objects(const struct listing *listing, const struct listed_object *objects,
                               size_t count)
{
	struct database *database = &listing->incident->database;
	sqlite3_stmt *find = database_take(database,
		"SELECT provider, account, name FROM container WHERE number = ?1");
	bind_integer(find, 1, listing->incident->writer->targets[listing->target].container);
	enum status status = database_step(database, find);
	struct container container = {.provider = (enum provider_kind)sqlite3_column_int(find, 0),
	                              .account = column_bytes(find, 1), .name = column_bytes(find, 2)};
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = put_listed(listing, &container, &objects[i]);
	database_give(database, find);
	return status;
}

enum status sweep_put_page(struct incident *incident, size_t target, const struct listed_object *objects,
                           size_t count, struct bytes next_cursor, bool is_last, struct failure *reterr)
{
	struct listing listing = {incident, target, clock_now()};
	enum status status = writer_check(incident, reterr);
	if (status != STATUS_OK)
		return status;
	if (target >= incident->writer->target_count)
		return fail(reterr, STATUS_BROKEN, incident->place.folder, "the sweep has no such target");
	status = batch_start(incident);
	if (status == STATUS_OK)
		status = put_objects(&listing, objects, count);
	if (status == STATUS_OK)
		status = note_doors(&listing, objects, count);
	if (status == STATUS_OK)
		status = move_cursor(&listing, next_cursor, is_last);
	/* Among documents a page rides along with them: each commit writes out the index of words gathered so
	 * far. */
	if (status == STATUS_OK)
		status = incident->writer->batch_bytes > 0 ? batch_count(incident, count + 1, 0)
		                                           : batch_commit(incident);
	return batch_tell(incident, status, reterr);
}

enum status sweep_lacks_versions(struct incident *incident, struct failure *reterr)
{
	enum status status = writer_check(incident, reterr);
	if (status != STATUS_OK)
		return status;
	status = batch_start(incident);
	if (status == STATUS_OK) {
		sqlite3_stmt *update = database_take(&incident->database,
			"UPDATE sweep SET lists_versions = 0 WHERE number = ?1");
		bind_unsigned(update, 1, incident->writer->sweep);
		status = database_run(&incident->database, update);
	}
	return database_tell(&incident->database, status, reterr);
}
