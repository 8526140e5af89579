/* SPDX-License-Identifier: Apache-2.0 */
/* A batch is a transaction; names, places and networks are written once and pointed to. */
#include "catalog/sqlite/access.h"

#include "catalog/sqlite/label.h"
#include "catalog/sqlite/turning.h"

/* ---- what is pointed to ---- */

static enum status number_of(struct database *database, sqlite3_stmt *insert, sqlite3_stmt *find, int64_t *ret_number)
{
	enum status status = database_run(database, insert);
	if (status == STATUS_OK)
		return database_read_integer(database, find, 0, ret_number);
	database_give(database, find);
	return status;
}

static void bind_place(sqlite3_stmt *at, const struct access_record *record, struct bytes container)
{
	bind_integer(at, 1, log_provider(record->log));
	bind_text(at, 2, record->account);
	bind_text(at, 3, container);
}

static enum status place_of(struct database *database, const struct access_record *record, struct bytes container,
                            int64_t *ret_number)
{
	sqlite3_stmt *insert = database_take(
		database, "INSERT OR IGNORE INTO access_place (provider, account, container) VALUES (?1, ?2, ?3)");
	sqlite3_stmt *find = database_take(
		database, "SELECT number FROM access_place WHERE provider = ?1 AND account = ?2 AND container = ?3");
	bind_place(insert, record, container);
	bind_place(find, record, container);
	return number_of(database, insert, find, ret_number);
}

static void bind_object(sqlite3_stmt *at, int64_t place, const struct access_record *record)
{
	bind_integer(at, 1, place);
	bind_blob(at, 2, record->object);
	bind_text(at, 3, record->version);
}

static enum status object_of(struct database *database, int64_t place, const struct access_record *record, int64_t *ret_number)
{
	sqlite3_stmt *insert = database_take(database,
	                                     "INSERT OR IGNORE INTO access_object (place, name, version) VALUES (?1, ?2, ?3)");
	sqlite3_stmt *find = database_take(database,
	                                   "SELECT number FROM access_object WHERE place = ?1 AND name = ?2 AND version = ?3");
	bind_object(insert, place, record);
	bind_object(find, place, record);
	return number_of(database, insert, find, ret_number);
}

static enum status network_of(struct database *database, struct bytes network, int64_t *ret_number)
{
	sqlite3_stmt *insert = database_take(database, "INSERT OR IGNORE INTO access_network (text) VALUES (?1)");
	sqlite3_stmt *find = database_take(database, "SELECT number FROM access_network WHERE text = ?1");
	bind_text(insert, 1, network);
	bind_text(find, 1, network);
	return number_of(database, insert, find, ret_number);
}

/* ---- records ---- */

struct numbers_of_access {
	int64_t place, object, network, operation;
};

static enum status find_numbers(struct store *store, const struct access_record *record, struct numbers_of_access *numbers)
{
	struct database *database = &store->database;
	enum status status = place_of(database, record, record->container, &numbers->place);
	if (status == STATUS_OK && record->object.len > 0)
		status = object_of(database, numbers->place, record, &numbers->object);
	if (status == STATUS_OK && record->network.len > 0)
		status = network_of(database, record->network, &numbers->network);
	return status == STATUS_OK ? label_number(store, record->operation, &numbers->operation) : status;
}

static void bind_number_or_null(sqlite3_stmt *at, int place, int64_t number)
{
	if (number > 0)
		bind_integer(at, place, number);
}

static enum status put_record(struct store *store, const struct access_record *record, uint64_t *added)
{
	struct database *database = &store->database;
	struct numbers_of_access numbers = {0};
	enum status status = find_numbers(store, record, &numbers);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *insert = database_take(
		database, "INSERT OR IGNORE INTO access (identity, time, place, object, network, caller, verb, status, bytes,"
			  " operation, names_itself_so) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
	bind_blob(insert, 1, bytes_of(record->identity, sizeof record->identity));
	bind_integer(insert, 2, record->time);
	bind_integer(insert, 3, numbers.place);
	bind_number_or_null(insert, 4, numbers.object);
	bind_number_or_null(insert, 5, numbers.network);
	bind_integer(insert, 6, record->caller);
	bind_integer(insert, 7, record->verb);
	bind_unsigned(insert, 8, record->status);
	bind_unsigned(insert, 9, record->bytes);
	bind_integer(insert, 10, numbers.operation);
	bind_integer(insert, 11, record->names_itself_so);
	status = database_run(database, insert);
	*added += status == STATUS_OK && sqlite3_changes(database->handle) > 0;
	return status;
}

/* ---- spans ---- */

struct access_stretch {
	const struct access_record *of; /* any record of that account, or bucket */
	int64_t first, last;
};

/* An account's logs are of all its containers, a bucket's of that one. */
static struct bytes kept_by(const struct access_record *record)
{
	return log_provider(record->log) == PROVIDER_S3 ? record->container : BYTES_NONE;
}

static bool is_of_stretch(const struct access_stretch *stretch, const struct access_record *record)
{
	return stretch->of != NULL && stretch->of->log == record->log && bytes_equal(stretch->of->account, record->account) &&
	       bytes_equal(kept_by(stretch->of), kept_by(record));
}

static enum status put_stretch(struct database *database, uint64_t file, const struct access_stretch *stretch)
{
	int64_t place = 0;
	if (stretch->of == NULL)
		return STATUS_OK;
	enum status status = place_of(database, stretch->of, kept_by(stretch->of), &place);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *insert = database_take(database,
	                                     "INSERT INTO access_span (file, place, first, last) VALUES (?1, ?2, ?3, ?4)"
	                                     " ON CONFLICT (file, place) DO UPDATE SET first = min(first, ?3),"
	                                     " last = max(last, ?4)");
	bind_unsigned(insert, 1, file);
	bind_integer(insert, 2, place);
	bind_integer(insert, 3, stretch->first);
	bind_integer(insert, 4, stretch->last);
	return database_run(database, insert);
}

static enum status put_all(struct store *store, uint64_t file, const struct access_record *records, size_t count, uint64_t *added)
{
	struct database *database = &store->database;
	struct access_stretch stretch = {.of = NULL};
	enum status status = STATUS_OK;
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		if (!is_of_stretch(&stretch, &records[i])) {
			status = put_stretch(database, file, &stretch);
			stretch = (struct access_stretch){&records[i], records[i].time, records[i].time};
		}
		stretch.first = records[i].time < stretch.first ? records[i].time : stretch.first;
		stretch.last = records[i].time > stretch.last ? records[i].time : stretch.last;
		if (status == STATUS_OK)
			status = put_record(store, &records[i], added);
	}
	return status == STATUS_OK ? put_stretch(database, file, &stretch) : status;
}

/* ---- a file ---- */

static enum status finish(struct database *database, enum status status, struct failure *reterr)
{
	if (status == STATUS_OK)
		status = database_commit(database);
	return database_tell(database, database_note_failure(database, status), reterr);
}

static enum status find_file(struct database *database, const unsigned char sha256[32], int64_t *ret_file, bool *ret_is_known)
{
	sqlite3_stmt *find = database_take(database, "SELECT number, kind > 0 FROM log_file WHERE sha256 = ?1");
	bind_blob(find, 1, bytes_of(sha256, 32));
	enum status status = database_step(database, find);
	if (status == STATUS_OK) {
		*ret_file = sqlite3_column_int64(find, 0);
		*ret_is_known = sqlite3_column_int(find, 1) != 0;
	}
	database_give(database, find);
	return status == STATUS_END ? STATUS_OK : status;
}

enum status access_begin_log(struct store *store, const unsigned char sha256[32], int64_t now, uint64_t turn, uint64_t *ret_file,
                             bool *ret_is_known, struct failure *reterr)
{
	struct database *database = &store->database;
	int64_t file = 0;
	bool is_known = false;
	enum status status = database_begin(database);
	if (status == STATUS_OK) {
		sqlite3_stmt *insert = database_take(database,
		                                     "INSERT OR IGNORE INTO log_file (sha256, imported) VALUES (?1, ?2)");
		bind_blob(insert, 1, bytes_of(sha256, 32));
		bind_integer(insert, 2, now);
		status = database_run(database, insert);
	}
	if (status == STATUS_OK)
		status = find_file(database, sha256, &file, &is_known);
	if (status == STATUS_OK)
		status = turning_write(database, turn);
	status = finish(database, status, reterr);
	if (status == STATUS_OK) {
		*ret_file = (uint64_t)file;
		*ret_is_known = is_known;
	}
	return status;
}

enum status access_put(struct store *store, uint64_t file, const struct access_record *records, size_t count, uint64_t *ret_new,
                       struct failure *reterr)
{
	struct database *database = &store->database;
	uint64_t added = 0;
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = put_all(store, file, records, count, &added);
	status = finish(database, status, reterr);
	if (status == STATUS_OK)
		*ret_new = added;
	return status;
}

/* What its name says counts where all its records lie within. */
static enum status widen(struct database *database, uint64_t file, const struct log_file *figures)
{
	if (figures->covers_from == CLOCK_UNKNOWN)
		return STATUS_OK;
	sqlite3_stmt *update = database_take(database, "UPDATE access_span SET first = ?2, last = ?3 WHERE file = ?1"
	                                               " AND first >= ?2 AND last <= ?3");
	bind_unsigned(update, 1, file);
	bind_integer(update, 2, figures->covers_from);
	bind_integer(update, 3, figures->covers_until);
	return database_run(database, update);
}

enum status access_end_log(struct store *store, uint64_t file, const struct log_file *figures, uint64_t turn,
                           struct failure *reterr)
{
	struct database *database = &store->database;
	enum status status = database_begin(database);
	if (status == STATUS_OK) {
		sqlite3_stmt *update = database_take(database, "UPDATE log_file SET kind = ?2, records = ?3, unread = ?4"
		                                               " WHERE number = ?1");
		bind_unsigned(update, 1, file);
		bind_integer(update, 2, figures->kind);
		bind_unsigned(update, 3, figures->records);
		bind_unsigned(update, 4, figures->unread);
		status = database_run(database, update);
	}
	if (status == STATUS_OK)
		status = widen(database, file, figures);
	if (status == STATUS_OK)
		status = turning_write(database, turn);
	return finish(database, status, reterr);
}
