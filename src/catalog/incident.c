/* SPDX-License-Identifier: Apache-2.0 */
/* Opening an incident, and what a list of them says of each. */
#include "catalog/incident.h"

#include "base/clock.h"
#include "catalog/inside.h"
#include "catalog/names.h"
#include "catalog/path.h"
#include "catalog/sqlite/census.h"
#include "catalog/sqlite/match.h"
#include "catalog/sqlite/schema.h"
#include "catalog/sqlite/total.h"
#include "catalog/sqlite/word-index.h"
#include "catalog/sqlite/writer.h"

#include <stdio.h>
#include <stdlib.h>

static enum status register_functions(struct database *database, void *fold)
{
	enum status status = word_index_register(database, fold);
	if (status == STATUS_OK)
		status = names_register(database, fold);
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
	char *file = path_join(place->folder, INCIDENT_FILE);
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
		status = schema_open(&incident->database, file, &place->key, place->identity, mode,
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
	char *path = path_join(incident->place.folder, "lock");
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
	enum status status = database_tell(&catalog->database, read_incident_place(catalog, row, &place), reterr);
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
