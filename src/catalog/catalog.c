/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening: the key file, tidemark.db, and incidents with their own keys.
 *
 * Order of making, so that a crash in between costs nothing: key file, then
 * tidemark.db, then an incident's row with its wrapped key, then its folder. A
 * key without a catalog is used again; an incident's row without its folder
 * has not been swept yet.
 */
#include "catalog/inside.h"

#include "base/digest.h"
#include "catalog/sqlite/census.h"
#include "catalog/sqlite/match.h"
#include "catalog/sqlite/fts5.h"
#include "catalog/sqlite/total.h"
#include "catalog/sqlite/writing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

char *join_path(const char *directory, const char *name)
{
	size_t size = strlen(directory) + strlen(name) + 2;
	char *path = malloc(size);
	if (path != NULL)
		snprintf(path, size, "%s/%s", directory, name);
	return path;
}

static enum status open_once(struct database *database, const char *path, const struct vault_key *key,
                             const unsigned char identity[PAGES_IDENTITY_SIZE], enum pages_mode mode,
                             enum status (*prepare)(struct database *, void *), void *context,
                             struct failure *reterr)
{
	enum status status = database_open(database, path, key, identity, mode, reterr);
	if (status != STATUS_OK || prepare == NULL)
		return status;
	status = prepare(database, context);
	if (status != STATUS_OK) {
		database_tell(database, status, reterr);
		database_close(database);
	}
	return status;
}

enum status open_with_schema(struct database *database, const char *path, const struct vault_key *key,
                             const unsigned char identity[PAGES_IDENTITY_SIZE], enum pages_mode mode,
                             const struct schema *schema, enum status (*prepare)(struct database *, void *),
                             void *context, struct failure *reterr)
{
	bool is_older = false;
	enum status status = open_once(database, path, key, identity, mode, prepare, context, reterr);
	if (status != STATUS_OK)
		return status;
	if (mode == PAGES_CREATE)
		status = schema_upgrade(database, schema, reterr);
	else
		status = schema_check(database, schema, &is_older, reterr);
	if (status == STATUS_OK && is_older && mode == PAGES_READ) {
		database_close(database);
		status = open_once(database, path, key, identity, PAGES_WRITE, prepare, context, reterr);
		if (status != STATUS_OK)
			return status;
	}
	if (status == STATUS_OK && is_older)
		status = schema_upgrade(database, schema, reterr);
	if (status != STATUS_OK)
		database_close(database);
	return status;
}

/* ---- the catalog ---- */

static bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* As mkdir -p; the last one is ours alone. */
static enum status make_directories(const char *path, struct failure *reterr)
{
	char *copy = strdup(path);
	if (copy == NULL)
		return fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
	for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(copy, 0700);
		*slash = '/';
	}
	free(copy);
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return STATUS_OK;
	if (errno == ENOSPC)
		return fail(reterr, STATUS_NO_SPACE, path,
		            "no space for the catalog; make room and try again");
	return fail(reterr, STATUS_DENIED, path, "cannot make the catalog's directory (%s)", strerror(errno));
}

static enum status read_key_file(const struct catalog_place *place, struct vault_key *ret_key,
                                 struct failure *reterr)
{
	return place->key_is_credential ? vault_key_credential_read(place->key_file, ret_key, reterr)
	                                : vault_key_file_read(place->key_file, ret_key, reterr);
}

static enum status read_key(const struct catalog_place *place, struct vault_key *ret_key,
                            struct failure *reterr)
{
	enum status status = read_key_file(place, ret_key, reterr);
	if (status == STATUS_ABSENT)
		return fail(reterr, STATUS_DENIED, place->key_file,
		            "the key of this catalog is missing; without it nothing in the catalog can be "
		            "read: put it back");
	return status;
}

/* Two first sweeps at once: the later one takes the key the earlier has made. */
static enum status read_or_make_key(const struct catalog_place *place, struct vault_key *ret_key,
                                    bool *ret_made, struct failure *reterr)
{
	enum status status = read_key_file(place, ret_key, reterr);
	if (status != STATUS_ABSENT)
		return status;
	status = vault_key_file_create(place->key_file, ret_key, reterr);
	if (status == STATUS_OK && ret_made != NULL)
		*ret_made = true;
	if (status == STATUS_DENIED && file_exists(place->key_file))
		status = read_key_file(place, ret_key, reterr);
	return status;
}

static enum status find_key(const struct catalog_place *place, const char *file, enum catalog_mode mode,
                            struct vault_key *ret_key, bool *ret_made, struct failure *reterr)
{
	if (file_exists(file))
		return read_key(place, ret_key, reterr);
	if (mode != CATALOG_CREATE)
		return fail(reterr, STATUS_ABSENT, place->directory,
		            "there is no catalog here; 'tidemark sweep TARGET' makes one");
	enum status status = make_directories(place->directory, reterr);
	if (status == STATUS_OK)
		status = read_or_make_key(place, ret_key, ret_made, reterr);
	return status;
}

static enum status note_creation(struct database *database)
{
	sqlite3_stmt *note = database_take(database,
		"INSERT OR IGNORE INTO fact (name, value) VALUES ('created', ?1)");
	bind_integer(note, 1, clock_now());
	return database_run(database, note);
}

static enum status open_catalog_file(struct catalog *catalog, const char *file, struct failure *reterr)
{
	static const enum pages_mode modes[] = {
		[CATALOG_READ] = PAGES_READ, [CATALOG_APPEND] = PAGES_WRITE, [CATALOG_CREATE] = PAGES_CREATE,
	};
	struct vault_key key;
	vault_key_derive(&catalog->key, CATALOG_FILE, &key);
	enum status status = open_with_schema(&catalog->database, file, &key, IDENTITY_OF_CATALOG,
	                                      modes[catalog->mode], &schema_of_catalog, NULL, NULL, reterr);
	vault_key_wipe(&key);
	if (status == STATUS_OK && catalog->mode == CATALOG_CREATE)
		status = database_tell(&catalog->database, note_creation(&catalog->database), reterr);
	return status;
}

enum status catalog_open(const struct catalog_place *place, enum catalog_mode mode,
                         struct catalog **ret_catalog, bool *ret_made_key, struct failure *reterr)
{
	bool made = false;
	struct catalog *catalog = calloc(1, sizeof *catalog);
	char *file = join_path(place->directory, CATALOG_FILE);
	enum status status = catalog == NULL || file == NULL ? STATUS_NO_MEMORY : vault_start();
	if (status != STATUS_OK) {
		fail(reterr, status, place->directory, "no memory or no randomness");
		goto out;
	}
	catalog->mode = mode;
	catalog->directory = strdup(place->directory);
	status = catalog->directory == NULL ? fail(reterr, STATUS_NO_MEMORY, file, "memory is used up")
	                                    : find_key(place, file, mode, &catalog->key, &made, reterr);
	if (status == STATUS_OK)
		status = open_catalog_file(catalog, file, reterr);
out:
	free(file);
	if (status != STATUS_OK) {
		catalog_close(catalog);
		return status;
	}
	*ret_catalog = catalog;
	if (ret_made_key != NULL)
		*ret_made_key = made;
	return STATUS_OK;
}

void catalog_close(struct catalog *catalog)
{
	if (catalog == NULL)
		return;
	database_close(&catalog->database);
	vault_key_wipe(&catalog->key);
	free(catalog->directory);
	free(catalog);
}

/* ---- an incident's place and key ---- */

static enum status unwrap(struct catalog *catalog, sqlite3_stmt *row, struct incident_place *ret_place)
{
	struct bytes folder = column_bytes(row, 1), identity = column_bytes(row, 2),
		     blob = column_bytes(row, 3);
	struct incident_place place = {.number = sqlite3_column_int64(row, 0)};
	struct wrapped_key wrapped;
	char name[64];
	if (identity.len != PAGES_IDENTITY_SIZE || blob.len != sizeof wrapped.bytes || folder.len == 0 ||
	    folder.len >= sizeof name)
		return STATUS_MALFORMED;
	memcpy(place.identity, identity.at, PAGES_IDENTITY_SIZE);
	memcpy(wrapped.bytes, blob.at, sizeof wrapped.bytes);
	memcpy(name, folder.at, folder.len);
	name[folder.len] = '\0';
	place.folder = join_path(catalog->directory, name);
	if (place.folder == NULL)
		return STATUS_NO_MEMORY;
	enum status status = vault_unwrap(&catalog->key, &wrapped, identity, &place.key);
	if (status == STATUS_OK)
		*ret_place = place;
	else
		free(place.folder);
	return status;
}

enum status find_incident(struct catalog *catalog, struct bytes name, struct incident_place *ret_place,
                          struct failure *reterr)
{
	sqlite3_stmt *find = database_take(&catalog->database,
		"SELECT number, folder, identity, wrapped_key FROM incident WHERE name = ?1 AND erased IS NULL");
	char shown[sizeof reterr->where];
	bind_text(find, 1, name);
	enum status status = database_step(&catalog->database, find);
	if (status == STATUS_OK)
		status = unwrap(catalog, find, ret_place);
	else if (status == STATUS_END)
		status = STATUS_ABSENT;
	database_give(&catalog->database, find);
	if (status != STATUS_ABSENT)
		return database_tell(&catalog->database, status, reterr);
	snprintf(shown, sizeof shown, "%.*s", (int)(name.len < 128 ? name.len : 128),
	         name.len > 0 ? (const char *)name.at : "");
	return fail(reterr, STATUS_ABSENT, shown,
	            "the catalog has no such incident; 'tidemark incidents' lists them");
}

enum status gather_incidents(struct catalog *catalog, struct buffer *names, struct failure *reterr)
{
	struct database *database = &catalog->database;
	sqlite3_stmt *list = database_take(database,
		"SELECT name FROM incident WHERE erased IS NULL ORDER BY name");
	enum status status;
	while ((status = database_step(database, list)) == STATUS_OK) {
		buffer_append(names, column_bytes(list, 0));
		buffer_append_byte(names, '\0');
	}
	database_give(database, list);
	return database_tell(database, status != STATUS_END ? status : buffer_status(names), reterr);
}

void incident_place_free(struct incident_place *place)
{
	free(place->folder);
	vault_key_wipe(&place->key);
	*place = (struct incident_place){.number = 0};
}

static enum status insert_incident(struct catalog *catalog, struct bytes name)
{
	struct vault_key random, key;
	struct wrapped_key wrapped;
	struct buffer folder = buffer_with_ceiling(64);
	vault_key_generate(&random);
	vault_key_generate(&key);
	struct bytes identity = bytes_of(random.bytes, PAGES_IDENTITY_SIZE);
	digest_append_base32(&folder, identity);
	vault_wrap(&catalog->key, &key, identity, &wrapped);
	vault_key_wipe(&key);
	if (buffer_status(&folder) != STATUS_OK)
		return buffer_status(&folder);
	sqlite3_stmt *insert = database_take(&catalog->database,
		"INSERT OR IGNORE INTO incident (name, folder, identity, wrapped_key, created)"
		" VALUES (?1, ?2, ?3, ?4, ?5)");
	bind_text(insert, 1, name);
	bind_text(insert, 2, buffer_bytes(&folder));
	bind_blob(insert, 3, identity);
	bind_blob(insert, 4, bytes_of(wrapped.bytes, sizeof wrapped.bytes));
	bind_integer(insert, 5, clock_now());
	enum status status = database_run(&catalog->database, insert);
	buffer_free(&folder);
	return status;
}

static enum status find_or_make_incident(struct catalog *catalog, struct bytes name,
                                         struct incident_place *ret_place, struct failure *reterr)
{
	enum status status = find_incident(catalog, name, ret_place, reterr);
	if (status == STATUS_ABSENT) {
		status = database_tell(&catalog->database, insert_incident(catalog, name), reterr);
		if (status == STATUS_OK)
			status = find_incident(catalog, name, ret_place, reterr);
	}
	if (status == STATUS_OK && mkdir(ret_place->folder, 0700) != 0 && errno != EEXIST) {
		status = fail(reterr, errno == ENOSPC ? STATUS_NO_SPACE : STATUS_DENIED, ret_place->folder,
		              "cannot make the incident's folder (%s)", strerror(errno));
		incident_place_free(ret_place);
	}
	return status;
}

/* ---- incidents ---- */

static enum status register_functions(struct database *database, void *fold)
{
	enum status status = fts5_register(database->handle, fold);
	if (status == STATUS_OK)
		status = match_register(database->handle, fold);
	if (status == STATUS_OK)
		status = total_register(database->handle);
	if (status == STATUS_OK)
		status = database_execute(database, "PRAGMA cache_size = -16384");
	return status;
}

enum status open_incident_at(struct catalog *catalog, const struct incident_place *place,
                             enum pages_mode mode, struct incident **ret_incident, struct failure *reterr)
{
	struct incident *incident = calloc(1, sizeof *incident);
	char *file = join_path(place->folder, INCIDENT_FILE);
	enum status status = incident == NULL || file == NULL ? STATUS_NO_MEMORY : fold_new(&incident->fold);
	if (status == STATUS_OK) {
		incident->catalog = catalog;
		incident->place = *place;
		incident->place.folder = strdup(place->folder);
		status = incident->place.folder == NULL ? STATUS_NO_MEMORY : STATUS_OK;
	}
	if (status != STATUS_OK)
		fail(reterr, status, place->folder, "memory is used up");
	else
		status = open_with_schema(&incident->database, file, &place->key, place->identity, mode,
		                          &schema_of_incident, register_functions, incident->fold, reterr);
	free(file);
	if (status == STATUS_OK)
		*ret_incident = incident;
	else
		incident_close(incident);
	return status;
}

enum status lock_incident(struct incident *incident, struct bytes name, struct failure *reterr)
{
	struct lock_holder holder = {0, CLOCK_UNKNOWN};
	char start[CLOCK_TEXT_SIZE];
	char *path = join_path(incident->place.folder, "lock");
	enum status status = path == NULL ? STATUS_NO_MEMORY : lock_take(path, &incident->lock, &holder);
	free(path);
	if (status == STATUS_OK)
		return STATUS_OK;
	char shown[sizeof reterr->where];
	snprintf(shown, sizeof shown, "%.*s", (int)(name.len < 128 ? name.len : 128),
	         name.len > 0 ? (const char *)name.at : "");
	if (status == STATUS_BUSY)
		return fail(reterr, STATUS_BUSY, shown,
		            "process %ld works on this incident since %s; wait for it, or name another "
		            "--incident",
		            holder.pid, clock_format(holder.start, start));
	return fail(reterr, status, incident->place.folder,
	            "cannot be locked; check permissions and free space");
}

/* The lock comes before the database: only its holder may make or upgrade the tables. */
static enum status open_for_sweep(struct catalog *catalog, const struct incident_place *place,
                                  struct bytes name, struct incident **ret_incident, struct failure *reterr)
{
	struct incident *incident = NULL, waiting = {.place = {.folder = place->folder}};
	enum status status = lock_incident(&waiting, name, reterr);
	if (status != STATUS_OK)
		return status;
	status = open_incident_at(catalog, place, PAGES_CREATE, &incident, reterr);
	if (status != STATUS_OK) {
		lock_release(waiting.lock);
		return status;
	}
	incident->lock = waiting.lock;
	status = writer_new(incident, reterr);
	if (status == STATUS_OK)
		*ret_incident = incident;
	else
		incident_close(incident);
	return status;
}

enum status incident_open(struct catalog *catalog, struct bytes name, enum incident_mode mode,
                          struct incident **ret_incident, struct failure *reterr)
{
	struct incident_place place = {.number = 0};
	enum status status;
	if (mode == INCIDENT_SWEEP) {
		status = find_or_make_incident(catalog, name, &place, reterr);
		if (status == STATUS_OK)
			status = open_for_sweep(catalog, &place, name, ret_incident, reterr);
	} else {
		status = find_incident(catalog, name, &place, reterr);
		if (status == STATUS_OK)
			status = open_incident_at(catalog, &place, PAGES_READ, ret_incident, reterr);
	}
	incident_place_free(&place);
	return status;
}

void incident_close(struct incident *incident)
{
	if (incident == NULL)
		return;
	writer_free(incident);
	database_close(&incident->database);
	fold_free(incident->fold);
	lock_release(incident->lock);
	incident_place_free(&incident->place);
	free(incident);
}

/* ---- the list of incidents ---- */

static enum status read_counts(struct incident *incident, struct incident_summary *summary)
{
	struct database *database = &incident->database;
	struct census census;
	enum status status = census_read(database, &census);
	if (status != STATUS_OK)
		return status;
	summary->objects = census.objects;
	summary->documents = census.documents;
	sqlite3_stmt *row = database_take(database,
		"SELECT (SELECT max(coalesce(ended, started)) FROM sweep), EXISTS (SELECT 1 FROM sweep"
		" WHERE ended IS NULL)");
	status = database_step(database, row);
	if (status == STATUS_OK) {
		summary->last_sweep = column_time(row, 0);
		summary->has_unfinished_sweep = sqlite3_column_int(row, 1) != 0;
	}
	database_give(database, row);
	return status;
}

/* One that has not been swept yet has no database: it counts nothing. */
static enum status summarise_incident(struct catalog *catalog, const struct incident_place *place,
                                      struct incident_summary *summary, struct failure *reterr)
{
	struct incident *incident = NULL;
	summary->last_sweep = CLOCK_UNKNOWN;
	enum status status = open_incident_at(catalog, place, PAGES_READ, &incident, reterr);
	if (status == STATUS_ABSENT)
		return STATUS_OK;
	if (status == STATUS_OK)
		status = database_tell(&incident->database, read_counts(incident, summary), reterr);
	incident_close(incident);
	return status;
}

static enum status pass_incident(struct catalog *catalog, sqlite3_stmt *row,
                                 enum status (*each)(void *, const struct incident_summary *),
                                 void *context, struct failure *reterr)
{
	struct incident_place place = {.number = 0};
	struct incident_summary summary = {.name = column_bytes(row, 4), .created = column_time(row, 5)};
	enum status status = database_tell(&catalog->database, unwrap(catalog, row, &place), reterr);
	if (status == STATUS_OK)
		status = summarise_incident(catalog, &place, &summary, reterr);
	if (status == STATUS_OK)
		status = each(context, &summary);
	incident_place_free(&place);
	return status;
}

enum status catalog_list_incidents(struct catalog *catalog,
                                   enum status (*each)(void *, const struct incident_summary *),
                                   void *context, struct failure *reterr)
{
	struct database *database = &catalog->database;
	sqlite3_stmt *list = database_take(database,
		"SELECT number, folder, identity, wrapped_key, name, created"
		" FROM incident WHERE erased IS NULL ORDER BY name");
	enum status status = STATUS_OK, passed = STATUS_OK;
	while (passed == STATUS_OK && (status = database_step(database, list)) == STATUS_OK)
		passed = pass_incident(catalog, list, each, context, reterr);
	database_give(database, list);
	if (passed == STATUS_OK)
		return database_tell(database, status, reterr);
	return passed == STATUS_END ? STATUS_OK : passed;
}
