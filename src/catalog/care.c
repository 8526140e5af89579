/* SPDX-License-Identifier: Apache-2.0 */
/* Looking after a catalog: what it holds, whether it is whole, copies of it, and erasing. */
#include "base/sum.h"
#include "catalog/incident.h"
#include "catalog/inside.h"
#include "catalog/path.h"
#include "catalog/sqlite/schema.h"
#include "catalog/turn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- all incidents of a catalog ---- */

struct place_visit {
	struct catalog *catalog;
	enum status (*each)(struct place_visit *, struct bytes name);
	void *context;
	struct failure *reterr;
};

static enum status visit_incidents(struct place_visit *visit)
{
	struct buffer names = buffer_with_ceiling(1u << 24);
	enum status status = gather_incidents(visit->catalog, &names, visit->reterr);
	for (size_t at = 0; at < names.len && status == STATUS_OK;) {
		struct bytes name = bytes_of_string((const char *)names.at + at);
		status = visit->each(visit, name);
		at += name.len + 1;
	}
	buffer_free(&names);
	return status;
}

/* ---- info ---- */

/* Sizes of the files of a directory and of those one level below it. */
static uint64_t directory_size(const char *path, bool goes_below)
{
	uint64_t size = 0;
	DIR *directory = opendir(path);
	if (directory == NULL)
		return 0;
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		struct stat info;
		if (entry->d_name[0] == '.' || fstatat(dirfd(directory), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (S_ISREG(info.st_mode))
			sum_add(&size, (uint64_t)info.st_size);
		char *below = S_ISDIR(info.st_mode) && goes_below ? path_join(path, entry->d_name) : NULL;
		if (below != NULL)
			sum_add(&size, directory_size(below, false));
		free(below);
	}
	closedir(directory);
	return size;
}

enum status catalog_describe(struct catalog *catalog, struct catalog_info *ret_info, struct failure *reterr)
{
	struct database *database = &catalog->database;
	struct catalog_info info = {.bytes = directory_size(catalog->directory, true)};
	enum status status = schema_version(database, &info.schema);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	sqlite3_stmt *row = database_take(
		database, "SELECT (SELECT count(*) FROM incident WHERE erased IS NULL), (SELECT count(*) FROM journal),"
			  " (SELECT value FROM fact WHERE name = 'created')");
	status = database_step(database, row);
	if (status == STATUS_OK) {
		info.incidents = column_unsigned(row, 0);
		info.journal_entries = column_unsigned(row, 1);
		info.created = column_time(row, 2);
		*ret_info = info;
	}
	database_give(database, row);
	return database_tell(database, status, reterr);
}

/* ---- backup ---- */

struct backup {
	const char *directory;
	bool copied_any; /* in this round */
	struct copied {
		int64_t incident;
		uint64_t turn;
		bool is_there;
	} * copied;
	size_t count;
};

enum { ROUNDS_MAX = 8 };

/* The real path, that of a directory which is yet to be made included; NULL where there is no such place. */
static char *real_path(const char *path)
{
	char *real = realpath(path, NULL), *copy = NULL, *parent = NULL, *whole = NULL;
	if (real != NULL || errno != ENOENT)
		return real;
	copy = strdup(path);
	for (size_t len = copy != NULL ? strlen(copy) : 0; len > 1 && copy[len - 1] == '/';)
		copy[--len] = '\0';
	char *slash = copy != NULL ? strrchr(copy, '/') : NULL;
	if (slash == copy && slash != NULL)
		parent = strdup("/");
	else if (copy != NULL) {
		if (slash != NULL)
			*slash = '\0';
		parent = realpath(slash != NULL ? copy : ".", NULL);
	}
	if (parent != NULL)
		whole = path_join(parent, slash != NULL ? slash + 1 : copy);
	free(parent);
	free(copy);
	return whole;
}

/* inner is outer, or below it. */
static bool is_within(const char *inner, const char *outer)
{
	size_t len = strcmp(outer, "/") == 0 ? 0 : strlen(outer);
	return strncmp(inner, outer, len) == 0 && (inner[len] == '/' || inner[len] == '\0');
}

/* A copy within what it is of would be copied with it, and purged with it; and one around it is no directory of its own. */
static enum status check_apart(const char *catalog, const char *directory, struct failure *reterr)
{
	char *from = real_path(catalog), *to = real_path(directory);
	bool is_apart = from == NULL || to == NULL || (!is_within(to, from) && !is_within(from, to));
	free(from);
	free(to);
	return is_apart ? STATUS_OK
	                : fail(reterr, STATUS_DENIED, directory,
	                       "is within the catalog or around it; a backup needs a place of its own");
}

static enum status make_empty_directory(const char *path, struct failure *reterr)
{
	if (mkdir(path, 0700) == 0)
		return STATUS_OK;
	if (errno != EEXIST)
		return fail(reterr, errno == ENOSPC ? STATUS_NO_SPACE : STATUS_DENIED, path, "cannot be made (%s)",
		            strerror(errno));
	DIR *directory = opendir(path);
	bool is_empty = directory != NULL;
	for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			is_empty = false;
	if (directory != NULL)
		closedir(directory);
	return is_empty ? STATUS_OK
	                : fail(reterr, STATUS_DENIED, path, "is not an empty directory; a backup needs one of its own");
}

static enum status make_folder(const char *path, struct failure *reterr)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return STATUS_OK;
	return fail(reterr, errno == ENOSPC ? STATUS_NO_SPACE : STATUS_DENIED, path, "cannot be made (%s)", strerror(errno));
}

/* What was copied of an incident in an earlier round, or a place for it. NULL when memory ended. */
static struct copied *find_copied(struct backup *backup, int64_t incident)
{
	size_t at = 0;
	while (at < backup->count && backup->copied[at].incident != incident)
		at++;
	if (at < backup->count)
		return &backup->copied[at];
	struct copied *copied = realloc(backup->copied, (backup->count + 1) * sizeof *copied);
	if (copied == NULL)
		return NULL;
	backup->copied = copied;
	copied[backup->count] = (struct copied){.incident = incident};
	return &copied[backup->count++];
}

/* A backup is whole once it has a tidemark.db: it goes before anything else of it is copied again. */
static enum status copy_incident(struct backup *backup, struct incident *incident, const char *folder, struct failure *reterr)
{
	char *whole = path_join(backup->directory, CATALOG_FILE);
	if (whole == NULL)
		return fail(reterr, STATUS_NO_MEMORY, folder, "memory is used up");
	remove(whole);
	free(whole);
	backup->copied_any = true;
	enum status status = make_folder(folder, reterr);
	return status == STATUS_OK ? incident->backend->copy(incident->store, folder, reterr) : status;
}

/* What it is at is asked before it is copied: the copy may be ahead of that, never behind. */
static enum status back_up_into(struct place_visit *visit, const struct incident_place *place, const char *folder)
{
	struct incident *incident = NULL;
	struct turn turn = {.number = 0};
	struct copied *copied = find_copied(visit->context, place->number);
	if (copied == NULL)
		return fail(visit->reterr, STATUS_NO_MEMORY, folder, "memory is used up");
	enum status status = open_incident_at(visit->catalog, place, STORE_READ, &incident, visit->reterr);
	if (status == STATUS_ABSENT)
		return STATUS_OK; /* not swept yet */
	if (status == STATUS_OK)
		status = incident->backend->read_turn(incident->store, &turn, visit->reterr);
	if (status == STATUS_OK && (!copied->is_there || copied->turn != turn.number))
		status = copy_incident(visit->context, incident, folder, visit->reterr);
	if (status == STATUS_OK)
		*copied = (struct copied){place->number, turn.number, true};
	incident_close(incident);
	return status;
}

static enum status back_up_incident(struct place_visit *visit, struct bytes name)
{
	const struct backup *backup = visit->context;
	struct incident_place place = {.number = 0};
	enum status status = find_incident(visit->catalog, name, &place, visit->reterr);
	if (status != STATUS_OK)
		return status == STATUS_ABSENT ? STATUS_OK : status; /* purged meanwhile */
	char *folder = path_join(backup->directory, strrchr(place.folder, '/') + 1);
	status = folder == NULL ? fail(visit->reterr, STATUS_NO_MEMORY, place.folder, "memory is used up")
	                        : back_up_into(visit, &place, folder);
	free(folder);
	incident_place_free(&place);
	return status;
}

/* The incidents come first: a backup that has its tidemark.db is whole. Where a sweep began or ended meanwhile, that one
 * may know more than the copy of its incident: both are made once more. */
enum status catalog_backup(struct catalog *catalog, const char *directory, struct failure *reterr)
{
	struct backup backup = {.directory = directory};
	struct place_visit visit = {catalog, back_up_incident, &backup, reterr};
	enum status status = check_apart(catalog->directory, directory, reterr);
	if (status == STATUS_OK)
		status = make_empty_directory(directory, reterr);
	for (int round = 0; status == STATUS_OK; round++) {
		backup.copied_any = false;
		status = visit_incidents(&visit);
		if (status != STATUS_OK || (round > 0 && !backup.copied_any))
			break;
		status = round < ROUNDS_MAX ? database_copy(&catalog->database, directory, CATALOG_FILE, reterr)
		                            : fail(reterr, STATUS_BUSY, directory,
		                                   "sweeps begin and end faster than they are copied; try again");
	}
	free(backup.copied);
	return status;
}

/* ---- purge ---- */

struct foresight {
	int64_t expired_by;
	enum status (*each)(void *, const struct purge_forecast *);
	void *context;
};

static enum status weigh(struct incident *incident, int64_t expired_by, struct purge_forecast *forecast)
{
	struct store_counts counts = {.objects = 0};
	struct failure ignored;
	if (expired_by != 0)
		return incident->backend->foresee(incident->store, expired_by, &forecast->documents, &forecast->bytes, &ignored);
	enum status status = incident->backend->count(incident->store, &counts, &ignored);
	forecast->objects = counts.objects;
	forecast->documents = counts.documents;
	return status;
}

/* One that does not open may be destroyed all the same: that is what is advised where it is damaged. */
static enum status foresee_incident(struct place_visit *visit, struct bytes name)
{
	const struct foresight *foresight = visit->context;
	struct incident_place place = {.number = 0};
	struct incident *incident = NULL;
	struct failure ignored;
	struct purge_forecast forecast = {.incident = name};
	enum status status = find_incident(visit->catalog, name, &place, visit->reterr);
	if (status != STATUS_OK)
		return status;
	if (foresight->expired_by == 0)
		forecast.bytes = directory_size(place.folder, false);
	status = open_incident_at(visit->catalog, &place, STORE_READ, &incident, &ignored);
	forecast.is_known = status == STATUS_ABSENT; /* not swept yet: there is nothing */
	if (status == STATUS_OK)
		forecast.is_known = weigh(incident, foresight->expired_by, &forecast) == STATUS_OK;
	incident_close(incident);
	incident_place_free(&place);
	return foresight->each(foresight->context, &forecast);
}

enum status catalog_foresee(struct catalog *catalog, struct bytes incident, int64_t expired_by,
                            enum status (*each)(void *, const struct purge_forecast *), void *context, struct failure *reterr)
{
	struct foresight foresight = {expired_by, each, context};
	struct place_visit visit = {catalog, foresee_incident, &foresight, reterr};
	return incident.len > 0 ? foresee_incident(&visit, incident) : visit_incidents(&visit);
}

/* What expires is changed, and changes draw turns. */
static enum status expire(struct incident *incident, int64_t by, struct failure *reterr)
{
	uint64_t turn = 0;
	enum status status = turn_draw(incident, &turn, reterr);
	if (status == STATUS_OK)
		status = incident->backend->expire(incident->store, by, turn, reterr);
	return status == STATUS_OK ? turn_tell(incident, reterr) : status;
}

static enum status expire_at(struct place_visit *visit, const struct incident_place *place, struct bytes name)
{
	struct incident *incident = NULL;
	struct lock *lock = NULL;
	const int64_t *expired_by = visit->context;
	enum status status = lock_incident(place, name, &lock, visit->reterr);
	if (status == STATUS_OK)
		status = open_incident_at(visit->catalog, place, STORE_WRITE, &incident, visit->reterr);
	if (status == STATUS_OK)
		status = expire(incident, *expired_by, visit->reterr);
	incident_close(incident);
	lock_release(lock);
	return status;
}

static enum status expire_incident(struct place_visit *visit, struct bytes name)
{
	struct incident_place place = {.number = 0};
	enum status status = find_incident(visit->catalog, name, &place, visit->reterr);
	if (status == STATUS_OK)
		status = expire_at(visit, &place, name);
	incident_place_free(&place);
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

/* ---- looks at doors ---- */

static enum status observe_at(struct catalog *catalog, const struct incident_place *place, struct bytes name,
                              const struct container *container, const struct door_look *looks, size_t count,
                              struct failure *reterr)
{
	struct incident *incident = NULL;
	struct lock *lock = NULL;
	uint64_t turn = 0;
	enum status status = lock_incident(place, name, &lock, reterr);
	if (status == STATUS_OK)
		status = open_incident_at(catalog, place, STORE_WRITE, &incident, reterr);
	if (status == STATUS_OK)
		status = turn_draw(incident, &turn, reterr);
	if (status == STATUS_OK)
		status = incident->backend->observe(incident->store, container, looks, count, turn, reterr);
	if (status == STATUS_OK)
		status = turn_tell(incident, reterr);
	incident_close(incident);
	lock_release(lock);
	return status;
}

enum status catalog_observe(struct catalog *catalog, struct bytes incident, const struct container *container,
                            const struct door_look *looks, size_t count, struct failure *reterr)
{
	struct incident_place place = {.number = 0};
	if (catalog->mode == CATALOG_READ)
		return fail(reterr, STATUS_DENIED, catalog->directory, "the catalog is open for reading only");
	enum status status = find_incident(catalog, incident, &place, reterr);
	if (status == STATUS_OK)
		status = observe_at(catalog, &place, incident, container, looks, count, reterr);
	incident_place_free(&place);
	return status;
}

/* ---- destroying ---- */

static enum status remove_folder(const char *path, struct failure *reterr)
{
	DIR *directory = opendir(path);
	if (directory == NULL)
		return errno == ENOENT ? STATUS_OK : fail(reterr, STATUS_DENIED, path, "cannot be removed (%s)", strerror(errno));
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(directory), entry->d_name, 0);
	closedir(directory);
	if (rmdir(path) != 0)
		return fail(reterr, STATUS_DENIED, path, "its key is erased, but it cannot be removed (%s)", strerror(errno));
	return STATUS_OK;
}

static enum status erase_key(struct catalog *catalog, int64_t number)
{
	struct database *database = &catalog->database;
	sqlite3_stmt *erase = database_take(database, "UPDATE incident SET wrapped_key = NULL, erased = ?2 WHERE number = ?1");
	bind_integer(erase, 1, number);
	bind_integer(erase, 2, clock_now());
	enum status status = database_run(database, erase);
	if (status != STATUS_OK)
		return status;
	/* The log must not keep the page that held it. */
	status = database_execute(database, "PRAGMA wal_checkpoint(TRUNCATE)");
	return status == STATUS_BUSY ? STATUS_OK : status;
}

static enum status destroy_incident(struct catalog *catalog, struct bytes name, struct failure *reterr)
{
	struct incident_place place = {.number = 0};
	struct lock *lock = NULL;
	enum status status = find_incident(catalog, name, &place, reterr);
	if (status != STATUS_OK)
		return status;
	if (access(place.folder, F_OK) == 0)
		status = lock_incident(&place, name, &lock, reterr);
	if (status == STATUS_OK)
		status = database_tell(&catalog->database, erase_key(catalog, place.number), reterr);
	if (status == STATUS_OK)
		status = schema_forget_copies(catalog->database.path, &schema_of_catalog);
	if (status == STATUS_DENIED)
		fail(reterr, status, catalog->database.path,
		     "its key is erased, but a copy of an earlier version cannot be removed");
	if (status == STATUS_OK)
		status = remove_folder(place.folder, reterr);
	lock_release(lock);
	incident_place_free(&place);
	return status;
}

enum status catalog_purge(struct catalog *catalog, struct bytes incident, int64_t expired_by, struct failure *reterr)
{
	struct place_visit visit = {catalog, expire_incident, &expired_by, reterr};
	if (catalog->mode == CATALOG_READ)
		return fail(reterr, STATUS_DENIED, catalog->directory, "the catalog is open for reading only");
	if (expired_by == 0)
		return destroy_incident(catalog, incident, reterr);
	return incident.len > 0 ? expire_incident(&visit, incident) : visit_incidents(&visit);
}
