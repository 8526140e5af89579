/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page of a listing becomes rows, as it was decided of each object: nothing,
 * what stands there is kept, decided or awaited in place, or a new revision. Rows
 * are found by id and revision, so a page that comes twice changes nothing.
 */
#include "catalog/sqlite/listing.h"

#include "base/clock.h"
#include "catalog/names.h"
#include "catalog/sqlite/batch.h"
#include "catalog/sqlite/document.h"
#include "catalog/sqlite/exposure.h"
#include "catalog/sqlite/label.h"
#include "catalog/sqlite/revision.h"
#include "catalog/sqlite/writer.h"

/* ---- what is known ---- */

static const char find_known[] =
	"SELECT revision, outcome, last_sweep, size, modified, etag, fetched, (SELECT settings"
	" FROM sweep WHERE sweep.number = document.decided), sha256 IS NOT NULL, content IS NOT NULL FROM document"
	" WHERE id = ?1 ORDER BY revision DESC LIMIT 1";

static bool is_same_object(sqlite3_stmt *row, const struct object *object)
{
	uint64_t size = column_is_null(row, 3) ? OBJECT_SIZE_UNKNOWN : column_unsigned(row, 3);
	return size == object->size && column_time(row, 4) == object->modified && bytes_equal(column_bytes(row, 5), object->etag);
}

static const char find_class[] =
	"SELECT EXISTS (SELECT 1 FROM document d JOIN content c ON c.number = d.content WHERE d.object ="
	" (SELECT number FROM document WHERE id = ?1 ORDER BY revision DESC LIMIT 1) AND (d.ordinal > 0 OR d.number = d.object)"
	" AND c.class = (SELECT number FROM label WHERE text = ?2))";

static enum status fill_in_class(struct store *store, struct listed_object *listed)
{
	int64_t is_of_class = 0;
	if (store->writer->redo_class == CLASS_NONE || listed->known.revision == 0)
		return STATUS_OK;
	sqlite3_stmt *find = database_take(&store->database, find_class);
	bind_id(find, 1, &listed->id);
	bind_text(find, 2, bytes_of_string(document_class_name(store->writer->redo_class)));
	enum status status = database_read_integer(&store->database, find, 0, &is_of_class);
	listed->known.is_of_class = is_of_class != 0;
	return status;
}

static const char find_unrenewed[] =
	"SELECT EXISTS (SELECT 1 FROM document d LEFT JOIN content c ON c.number = d.content WHERE d.object ="
	" (SELECT number FROM document WHERE id = ?1 ORDER BY revision DESC LIMIT 1) AND (d.ordinal > 0 OR d.number = d.object)"
	" AND c.renewed IS NOT ?2 AND (?3 IS NULL OR c.class = ?3))";

static enum status fill_in_renewed(struct store *store, struct listed_object *listed)
{
	int64_t class = 0, is_unrenewed = 1;
	enum status status = STATUS_OK;
	if (!store->writer->renews || listed->known.revision == 0)
		return STATUS_OK;
	if (store->writer->redo_class != CLASS_NONE)
		status = label_number(store, bytes_of_string(document_class_name(store->writer->redo_class)), &class);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *find = database_take(&store->database, find_unrenewed);
	bind_id(find, 1, &listed->id);
	bind_unsigned(find, 2, store->writer->sweep);
	if (class > 0)
		bind_integer(find, 3, class);
	status = database_read_integer(&store->database, find, 1, &is_unrenewed);
	listed->known.is_renewed = is_unrenewed == 0;
	return status;
}

static enum status fill_in_known(struct store *store, struct listed_object *listed)
{
	struct database *database = &store->database;
	sqlite3_stmt *find = database_take(database, find_known);
	bind_id(find, 1, &listed->id);
	enum status status = database_step(database, find);
	listed->known = (struct known_object){.revision = 0};
	if (status == STATUS_OK)
		listed->known = (struct known_object){
			.revision = column_unsigned(find, 0),
			.outcome = (enum outcome)sqlite3_column_int(find, 1),
			.is_listed = column_unsigned(find, 2) == store->writer->sweep,
			.is_same = is_same_object(find, &listed->object),
			.was_read = !column_is_null(find, 6),
			.is_as_set = sqlite3_column_int64(find, 7) == store->writer->settings,
			.has_bytes = sqlite3_column_int(find, 8) != 0,
			.has_content = sqlite3_column_int(find, 9) != 0,
		};
	database_give(database, find);
	return status == STATUS_END ? STATUS_OK : status;
}

enum status listing_find_known(struct store *store, struct listed_object *objects, size_t count, struct failure *reterr)
{
	enum status status = batch_start(store);
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		if ((status = fill_in_known(store, &objects[i])) == STATUS_OK &&
		    (status = fill_in_class(store, &objects[i])) == STATUS_OK)
			status = fill_in_renewed(store, &objects[i]);
	return batch_tell(store, status, reterr);
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

struct object_listing {
	struct store *store;
	size_t target;
	int64_t now;
};

static bool is_anonymous(const struct object_listing *listing)
{
	return listing->store->writer->targets[listing->target].is_anonymous;
}

static const char insert_object[] =
	"INSERT INTO document (id, revision, state, object, ordinal, parent, container, path, object_length, outcome,"
	" unseen, size, modified, note, version, flags, created, etag, md5, media_type, tier, target, previous,"
	" first_sweep, last_sweep, decided, exposed_first, exposed_last, number, ticket)"
	" VALUES (?1, ?2, ?3, ?26, 0, 0, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,"
	" ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)"
	" ON CONFLICT (id, revision) DO NOTHING";

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

static enum status bind_labels(struct store *store, sqlite3_stmt *insert, const struct object *object)
{
	int64_t media_type = 0, tier = 0;
	enum status status = label_number(store, object->media_type, &media_type);
	if (status == STATUS_OK)
		status = label_number(store, object->tier, &tier);
	bind_integer(insert, 17, media_type);
	bind_integer(insert, 18, tier);
	return status;
}

/* The row names itself as its object, so its number is drawn first. */
static enum status draw_number(struct store *store, int64_t *ret_number)
{
	struct database *database = &store->database;
	return database_read_integer(database, database_take(database, "SELECT max(number) + 1 FROM document"), 1, ret_number);
}

/* Ignored where the page came before. */
static enum status insert_revision(const struct object_listing *listing, const struct listed_object *listed, bool is_live,
                                   int64_t number)
{
	struct store *store = listing->store;
	struct writer *writer = store->writer;
	bool is_pending = listed->outcome == OUTCOME_PENDING;
	sqlite3_stmt *insert = database_take(&store->database, insert_object);
	bind_id(insert, 1, &listed->id);
	bind_unsigned(insert, 2, listed->known.revision + 1);
	bind_integer(insert, 3, is_live ? DOCUMENT_LIVE : DOCUMENT_ARRIVING);
	bind_integer(insert, 4, writer->targets[listing->target].container);
	bind_listed(insert, &listed->object);
	bind_integer(insert, 7, listed->outcome);
	bind_unsigned(insert, 8, unseen_size(&listed->object));
	bind_text_or_null(insert, 11, listed->note);
	bind_integer(insert, 13,
	             object_flags(&listed->object) | (listed->fate == FATE_REDO ? OBJECT_REDO : 0u) |
	                     (listed->is_left_out ? OBJECT_LEFT_OUT : 0u));
	enum status status = bind_labels(store, insert, &listed->object);
	bind_unsigned(insert, 19, listing->target);
	bind_integer(insert, 20, listed->known.outcome);
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
		return database_run(&store->database, insert);
	database_give(&store->database, insert);
	return status;
}

static enum status put_revision(const struct object_listing *listing, const struct listed_object *listed)
{
	struct store *store = listing->store;
	uint64_t before = listed->known.revision;
	bool is_live = before == 0 || listed->outcome != OUTCOME_PENDING;
	int64_t number = 0;
	enum status status = draw_number(store, &number);
	if (status == STATUS_OK)
		status = insert_revision(listing, listed, is_live, number);
	if (status != STATUS_OK || sqlite3_changes(store->database.handle) == 0 || !is_live)
		return status;
	status = names_add(&store->database, number, listed->object.name);
	if (status == STATUS_OK && before > 0)
		status = revision_supersede(store, &listed->id, (int64_t)before + 1);
	return status;
}

static enum status note_seen(const struct object_listing *listing, const struct listed_object *listed)
{
	struct store *store = listing->store;
	sqlite3_stmt *update = database_take(
		&store->database,
		"UPDATE document"
		" SET last_sweep = ?3, target = ?4, gone_at = NULL, gone_sweep = NULL, exposed_first = coalesce(exposed_first, ?5),"
		" exposed_last = coalesce(?5, exposed_last) WHERE id = ?1 AND revision = ?2");
	bind_id(update, 1, &listed->id);
	bind_unsigned(update, 2, listed->known.revision);
	bind_unsigned(update, 3, store->writer->sweep);
	bind_unsigned(update, 4, listing->target);
	bind_time(update, 5, is_anonymous(listing) ? listing->now : CLOCK_UNKNOWN);
	return database_run(&store->database, update);
}

/* Before it is noted as seen: a page that comes twice decides once. */
static enum status set_outcome(const struct object_listing *listing, const struct listed_object *listed)
{
	struct store *store = listing->store;
	sqlite3_stmt *update = database_take(
		&store->database, "UPDATE document"
				  " SET previous = outcome, outcome = ?4, decided = ?5, note = ?6, unseen = ?7, ticket = ?8,"
				  " flags = (flags & ~?9) | ?10 WHERE id = ?1 AND revision = ?2 AND last_sweep < ?3");
	bind_id(update, 1, &listed->id);
	bind_unsigned(update, 2, listed->known.revision);
	bind_unsigned(update, 3, store->writer->sweep);
	bind_integer(update, 4, listed->outcome);
	if (listed->outcome != OUTCOME_PENDING)
		bind_unsigned(update, 5, store->writer->sweep);
	else
		bind_integer(update, 8, store->writer->next_ticket++);
	bind_text_or_null(update, 6, listed->note);
	bind_unsigned(update, 7, unseen_size(&listed->object));
	bind_integer(update, 9, OBJECT_LEFT_OUT);
	bind_integer(update, 10, listed->is_left_out ? OBJECT_LEFT_OUT : 0);
	return database_run(&store->database, update);
}

static enum status put_listed(const struct object_listing *listing, const struct listed_object *listed)
{
	enum status status = STATUS_OK;
	switch (listed->fate) {
	case FATE_NOTHING: return STATUS_OK;
	case FATE_NEW:
	case FATE_REDO: return put_revision(listing, listed);
	case FATE_DECIDED:
	case FATE_AWAITED: status = set_outcome(listing, listed); break;
	case FATE_KEPT: break;
	}
	return status == STATUS_OK ? note_seen(listing, listed) : status;
}

/* ---- the page ---- */

static enum status move_cursor(const struct object_listing *listing, struct bytes next_cursor, bool is_last)
{
	struct store *store = listing->store;
	sqlite3_stmt *update = database_take(
		&store->database, "UPDATE target SET cursor = ?3, is_done = max(is_done, ?4) WHERE sweep = ?1 AND nth = ?2");
	bind_unsigned(update, 1, store->writer->sweep);
	bind_unsigned(update, 2, listing->target);
	bind_blob(update, 3, next_cursor);
	bind_integer(update, 4, is_last);
	return database_run(&store->database, update);
}

/* The page came by one door, and what is not current by another. */
static enum status note_doors(const struct object_listing *listing, const struct listed_object *objects, size_t count)
{
	bool has_versions = false, has_snapshots = false;
	for (size_t i = 0; i < count; i++) {
		has_snapshots |= objects[i].object.is_snapshot;
		has_versions |= objects[i].object.version.len > 0 && !objects[i].object.is_snapshot;
	}
	enum status status = exposure_note_open(listing->store, listing->target, DOOR_LIST, listing->now);
	if (status == STATUS_OK && has_versions)
		status = exposure_note_open(listing->store, listing->target, DOOR_VERSION, listing->now);
	if (status == STATUS_OK && has_snapshots)
		status = exposure_note_open(listing->store, listing->target, DOOR_SNAPSHOT, listing->now);
	return status;
}

enum status listing_put_page(struct store *store, size_t target, const struct listed_object *objects, size_t count,
                             struct bytes next_cursor, bool is_last, struct failure *reterr)
{
	struct object_listing listing = {store, target, clock_now()};
	if (target >= store->writer->target_count)
		return fail(reterr, STATUS_BROKEN, store->database.path, "the sweep has no such target");
	enum status status = batch_start(store);
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = put_listed(&listing, &objects[i]);
	if (status == STATUS_OK)
		status = note_doors(&listing, objects, count);
	if (status == STATUS_OK)
		status = move_cursor(&listing, next_cursor, is_last);
	/* Among documents a page rides along with them: each commit writes out the index of words gathered so
	 * far. */
	if (status == STATUS_OK)
		status = store->writer->batch_bytes > 0 ? batch_count(store, count + 1, 0) : batch_commit(store);
	return batch_tell(store, status, reterr);
}

enum status listing_lacks_versions(struct store *store, struct failure *reterr)
{
	enum status status = batch_start(store);
	if (status == STATUS_OK) {
		sqlite3_stmt *update = database_take(&store->database, "UPDATE sweep SET lists_versions = 0 WHERE number = ?1");
		bind_unsigned(update, 1, store->writer->sweep);
		status = database_run(&store->database, update);
	}
	return batch_tell(store, status, reterr);
}

enum status listing_note_end(struct store *store, size_t target, enum listing_end end, struct failure *reterr)
{
	enum status status = batch_start(store);
	if (status == STATUS_OK) {
		sqlite3_stmt *update = database_take(&store->database,
		                                     "UPDATE target SET listing = ?3 WHERE sweep = ?1 AND nth = ?2");
		bind_unsigned(update, 1, store->writer->sweep);
		bind_unsigned(update, 2, target);
		bind_integer(update, 3, end);
		status = database_run(&store->database, update);
	}
	return batch_tell(store, status, reterr);
}
