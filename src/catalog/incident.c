/* SPDX-License-Identifier: Apache-2.0 */
/* Opening an incident, and what a list of them says of each. */
#include "catalog/incident.h"

#include "base/clock.h"
#include "catalog/inside.h"
#include "catalog/path.h"

#include <stdio.h>
#include <stdlib.h>

struct store_place store_place_of(const struct incident_place *place)
{
	return (struct store_place){.folder = place->folder, .key = &place->key, .identity = place->identity};
}

enum status open_incident_at(struct catalog *catalog, const struct incident_place *place, enum store_mode mode,
                             struct incident **ret_incident, struct failure *reterr)
{
	struct incident *incident = calloc(1, sizeof *incident);
	if (incident == NULL)
		return fail(reterr, STATUS_NO_MEMORY, place->folder, "memory is used up");
	*incident = (struct incident){.catalog = catalog, .place = *place, .backend = catalog->backend};
	incident->place.folder = strdup(place->folder);
	struct store_place at = store_place_of(&incident->place);
	enum status status = at.folder == NULL ? fail(reterr, STATUS_NO_MEMORY, place->folder, "memory is used up")
	                                       : incident->backend->open(&at, mode, &incident->store, reterr);
	if (status == STATUS_OK)
		*ret_incident = incident;
	else
		incident_close(incident);
	return status;
}

enum status lock_incident(const struct incident_place *place, struct bytes name, struct lock **ret_lock, struct failure *reterr)
{
	struct lock_holder holder = {0, CLOCK_UNKNOWN};
	char start[CLOCK_TEXT_SIZE];
	char *path = path_join(place->folder, "lock");
	enum status status = path == NULL ? STATUS_NO_MEMORY : lock_take(path, ret_lock, &holder);
	free(path);
	if (status == STATUS_OK)
		return STATUS_OK;
	char shown[sizeof reterr->where];
	snprintf(shown, sizeof shown, "%.*s", (int)(name.len < 128 ? name.len : 128), name.len > 0 ? (const char *)name.at : "");
	if (status == STATUS_BUSY)
		return fail(reterr, STATUS_BUSY, shown,
		            "process %ld works on this incident since %s; wait for it, or name another "
		            "--incident",
		            holder.pid, clock_format(holder.start, start));
	return fail(reterr, status, place->folder, "cannot be locked; check permissions and free space");
}

bool incident_holder(const struct incident_place *place, struct lock_holder *ret_holder)
{
	char *path = path_join(place->folder, "lock");
	bool is_held = path != NULL && lock_find_holder(path, ret_holder);
	free(path);
	return is_held;
}

/* The lock comes before the store: only its holder may make or change what lies there. */
static enum status open_for_sweep(struct catalog *catalog, const struct incident_place *place, struct bytes name,
                                  struct incident **ret_incident, struct failure *reterr)
{
	struct incident *incident = NULL;
	struct lock *lock = NULL;
	enum status status = lock_incident(place, name, &lock, reterr);
	if (status == STATUS_OK)
		status = open_incident_at(catalog, place, STORE_SWEEP, &incident, reterr);
	if (status != STATUS_OK) {
		lock_release(lock);
		return status;
	}
	incident->lock = lock;
	incident->is_for_sweep = true;
	*ret_incident = incident;
	return STATUS_OK;
}

enum status incident_open(struct catalog *catalog, struct bytes name, enum incident_mode mode, struct incident **ret_incident,
                          struct failure *reterr)
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
			status = open_incident_at(catalog, &place, STORE_READ, ret_incident, reterr);
	}
	incident_place_free(&place);
	return status;
}

void incident_close(struct incident *incident)
{
	if (incident == NULL)
		return;
	if (incident->store != NULL)
		incident->backend->close(incident->store);
	lock_release(incident->lock);
	incident_place_free(&incident->place);
	free(incident);
}

/* ---- the list of incidents ---- */

/* One that has not been swept yet has nothing stored: it counts nothing. */
static enum status summarise_incident(struct catalog *catalog, const struct incident_place *place,
                                      struct incident_summary *summary, struct failure *reterr)
{
	struct incident *incident = NULL;
	struct store_counts counts = {.last_sweep = CLOCK_UNKNOWN};
	enum status status = open_incident_at(catalog, place, STORE_READ, &incident, reterr);
	if (status == STATUS_OK)
		status = incident->backend->count(incident->store, &counts, reterr);
	incident_close(incident);
	summary->objects = counts.objects;
	summary->documents = counts.documents;
	summary->last_sweep = counts.last_sweep;
	summary->has_unfinished_sweep = counts.has_unfinished_sweep;
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

static enum status pass_incident(struct catalog *catalog, sqlite3_stmt *row,
                                 enum status (*each)(void *, const struct incident_summary *), void *context,
                                 struct failure *reterr)
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

enum status catalog_list_incidents(struct catalog *catalog, enum status (*each)(void *, const struct incident_summary *),
                                   void *context, struct failure *reterr)
{
	struct database *database = &catalog->database;
	sqlite3_stmt *list = database_take(database, "SELECT number, folder, identity, wrapped_key, name, created"
	                                             " FROM incident WHERE erased IS NULL ORDER BY name");
	enum status status = STATUS_OK, passed = STATUS_OK;
	while (passed == STATUS_OK && (status = database_step(database, list)) == STATUS_OK)
		passed = pass_incident(catalog, list, each, context, reterr);
	database_give(database, list);
	if (passed == STATUS_OK)
		return database_tell(database, status, reterr);
	return passed == STATUS_END ? STATUS_OK : passed;
}
