/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payloads, sealed with the incident's key and bound to where they stand:
 *
 *   of a plan: operator NUL ticket        of a step: reason NUL what it was before; none where both are empty
 */
#include "catalog/plans.h"

#include "base/clock.h"
#include "catalog/inside.h"
#include "catalog/path.h"

#include <stdio.h>
#include <stdlib.h>

enum { PAYLOAD_MAX = 1 << 20 };

struct plan_run {
	struct incident *incident;
	struct lock *lock;
	int64_t number;
};

void incident_identity(const struct incident *incident, unsigned char into[INCIDENT_IDENTITY_SIZE])
{
	_Static_assert(PAGES_IDENTITY_SIZE == INCIDENT_IDENTITY_SIZE, "an incident is its store's identity");
	memcpy(into, incident->place.identity, INCIDENT_IDENTITY_SIZE);
}

void incident_plan_key(const struct incident *incident, struct vault_key *ret_key)
{
	vault_key_derive(&incident->catalog->key, "plan", ret_key);
}

/* ---- payloads ---- */

static struct bytes bind_to(int64_t plan, uint64_t step, unsigned char into[24])
{
	memcpy(into, "plan\0\0\0", 8);
	store_le64(into + 8, (uint64_t)plan);
	store_le64(into + 16, step);
	return bytes_of(into, 24);
}

static enum status seal_pair(const struct incident *incident, struct bytes binding, struct bytes first, struct bytes second,
                             struct buffer *sealed)
{
	struct buffer plain = buffer_with_ceiling(PAYLOAD_MAX);
	buffer_append(&plain, first);
	buffer_append_byte(&plain, '\0');
	buffer_append(&plain, second);
	enum status status = buffer_status(&plain);
	if (status == STATUS_OK)
		status = vault_seal(&incident->place.key, binding, buffer_bytes(&plain), sealed);
	buffer_free(&plain);
	return status;
}

static enum status open_pair(const struct incident *incident, struct bytes binding, struct bytes sealed, struct arena *arena,
                             struct bytes *ret_first, struct bytes *ret_second)
{
	struct buffer plain = buffer_with_ceiling(PAYLOAD_MAX);
	enum status status = vault_open(&incident->place.key, binding, sealed, &plain);
	size_t first = bytes_find_byte(buffer_bytes(&plain), '\0');
	struct bytes kept = BYTES_NONE;
	if (status != STATUS_OK || first == BYTES_NOT_FOUND)
		status = status == STATUS_NO_MEMORY ? status : STATUS_MALFORMED;
	else if ((kept = arena_copy(arena, buffer_bytes(&plain))).at == NULL)
		status = STATUS_NO_MEMORY;
	buffer_free(&plain);
	if (status != STATUS_OK)
		return status;
	*ret_first = bytes_slice(kept, 0, first);
	*ret_second = bytes_from(kept, first + 1);
	return STATUS_OK;
}

/* ---- claiming ---- */

static enum status claim(struct plan_run *run, struct failure *reterr)
{
	const struct incident_place *place = &run->incident->place;
	struct lock_holder holder = {0, CLOCK_UNKNOWN};
	char start[CLOCK_TEXT_SIZE];
	char *path = path_join(place->folder, "plan-lock");
	enum status status = path == NULL ? STATUS_NO_MEMORY : lock_take(path, &run->lock, &holder);
	free(path);
	if (status == STATUS_BUSY)
		return fail(reterr, status, place->folder,
		            "process %ld carries out a plan of this incident since %s; wait for it", holder.pid,
		            clock_format(holder.start, start));
	if (status != STATUS_OK)
		return fail(reterr, status, place->folder, "cannot be locked; check permissions and free space");
	return STATUS_OK;
}

static enum status find_number(struct database *database, struct id id, struct bytes hash, int64_t *ret_number)
{
	sqlite3_stmt *find = database_take(database, "SELECT number, hash FROM plan WHERE id = ?1");
	bind_id(find, 1, &id);
	enum status status = database_step(database, find);
	*ret_number = status == STATUS_OK ? sqlite3_column_int64(find, 0) : 0;
	if (status == STATUS_OK && !bytes_equal(column_bytes(find, 1), hash))
		status = STATUS_MALFORMED;
	database_give(database, find);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status insert_plan(struct plan_run *run, const struct plan_head *head, struct bytes operator_name,
                               struct bytes ticket, int64_t now)
{
	struct database *database = &run->incident->catalog->database;
	struct buffer sealed = buffer_with_ceiling(2 * PAYLOAD_MAX);
	unsigned char binding[24];
	int64_t last = 0;
	enum status status = database_read_integer(database, database_take(database, "SELECT max(number) FROM plan"), 0, &last);
	run->number = last + 1;
	if (status == STATUS_OK)
		status = seal_pair(run->incident, bind_to(run->number, 0, binding), operator_name, ticket, &sealed);
	if (status == STATUS_OK) {
		sqlite3_stmt *insert = database_take(database,
		                                     "INSERT INTO plan (number, id, incident, kind, hash, begun, payload)"
		                                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
		bind_integer(insert, 1, run->number);
		bind_id(insert, 2, &head->id);
		bind_integer(insert, 3, run->incident->place.number);
		bind_integer(insert, 4, head->kind);
		bind_blob(insert, 5, bytes_of(head->hash, sizeof head->hash));
		bind_integer(insert, 6, now);
		bind_blob(insert, 7, buffer_bytes(&sealed));
		status = database_run(database, insert);
	}
	buffer_free(&sealed);
	return status;
}

static enum status record(struct plan_run *run, const struct plan_head *head, struct bytes operator_name, struct bytes ticket,
                          int64_t now)
{
	struct database *database = &run->incident->catalog->database;
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = find_number(database, head->id, bytes_of(head->hash, sizeof head->hash), &run->number);
	if (status == STATUS_OK && run->number == 0)
		status = insert_plan(run, head, operator_name, ticket, now);
	if (status == STATUS_OK)
		status = database_commit(database);
	if (status != STATUS_OK)
		database_roll_back(database);
	return status;
}

enum status plan_run_begin(struct incident *incident, const struct plan_head *head, struct bytes operator_name,
                           struct bytes ticket, int64_t now, struct plan_run **ret_run, struct failure *reterr)
{
	struct database *database = &incident->catalog->database;
	if (incident->catalog->mode == CATALOG_READ)
		return fail(reterr, STATUS_DENIED, incident->catalog->directory, "the catalog is open for reading only");
	struct plan_run *run = calloc(1, sizeof *run);
	if (run == NULL)
		return database_tell(database, STATUS_NO_MEMORY, reterr);
	run->incident = incident;
	enum status status = claim(run, reterr);
	if (status == STATUS_OK)
		status = database_tell(database, record(run, head, operator_name, ticket, now), reterr);
	if (status == STATUS_OK)
		*ret_run = run;
	else
		plan_run_free(run);
	return status;
}

void plan_run_free(struct plan_run *run)
{
	if (run == NULL)
		return;
	lock_release(run->lock);
	free(run);
}

/* ---- steps ---- */

/* Of a row of step, state, at, survives_until and payload. */
static enum status read_outcome(struct incident *incident, int64_t plan, sqlite3_stmt *row, struct arena *arena,
                                struct step_outcome *outcome)
{
	unsigned char binding[24];
	int64_t state = sqlite3_column_int64(row, 1);
	*outcome = (struct step_outcome){
		.number = column_unsigned(row, 0),
		.state = (enum step_state)state,
		.at = column_time(row, 2),
		.survives_until = column_time(row, 3),
	};
	if (state < 0 || state >= STEP_STATE_COUNT)
		return STATUS_MALFORMED;
	if (column_is_null(row, 4))
		return STATUS_OK;
	return open_pair(incident, bind_to(plan, outcome->number, binding), column_bytes(row, 4), arena, &outcome->reason,
	                 &outcome->before);
}

enum status plan_run_find(struct plan_run *run, uint64_t step, struct arena *arena, struct step_outcome *ret_outcome,
                          struct failure *reterr)
{
	struct database *database = &run->incident->catalog->database;
	struct step_outcome outcome = {.number = step, .at = CLOCK_UNKNOWN, .survives_until = CLOCK_UNKNOWN};
	sqlite3_stmt *find = database_take(database, "SELECT step, state, at, survives_until, payload FROM plan_step"
	                                             " WHERE plan = ?1 AND step = ?2");
	bind_integer(find, 1, run->number);
	bind_unsigned(find, 2, step);
	enum status status = database_step(database, find);
	if (status == STATUS_OK)
		status = read_outcome(run->incident, run->number, find, arena, &outcome);
	database_give(database, find);
	if (status == STATUS_END)
		status = STATUS_OK;
	if (status == STATUS_OK)
		*ret_outcome = outcome;
	return database_tell(database, status, reterr);
}

static enum status put_outcome(struct plan_run *run, const struct step_outcome *outcome)
{
	struct database *database = &run->incident->catalog->database;
	struct buffer sealed = buffer_with_ceiling(2 * PAYLOAD_MAX);
	unsigned char binding[24];
	enum status status = STATUS_OK;
	if (outcome->reason.len > 0 || outcome->before.len > 0)
		status = seal_pair(run->incident, bind_to(run->number, outcome->number, binding), outcome->reason,
		                   outcome->before, &sealed);
	if (status == STATUS_OK) {
		sqlite3_stmt *put = database_take(database, "INSERT OR REPLACE INTO plan_step"
		                                            " (plan, step, state, at, survives_until, payload)"
		                                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
		bind_integer(put, 1, run->number);
		bind_unsigned(put, 2, outcome->number);
		bind_integer(put, 3, outcome->state);
		bind_integer(put, 4, outcome->at);
		bind_time(put, 5, outcome->survives_until);
		bind_blob_or_null(put, 6, buffer_bytes(&sealed));
		status = database_run(database, put);
	}
	buffer_free(&sealed);
	return status;
}

enum status plan_run_put(struct plan_run *run, const struct step_outcome *outcomes, size_t count, struct failure *reterr)
{
	struct database *database = &run->incident->catalog->database;
	enum status status = database_begin(database);
	for (size_t i = 0; status == STATUS_OK && i < count; i++)
		status = put_outcome(run, &outcomes[i]);
	if (status == STATUS_OK)
		status = database_commit(database);
	if (status != STATUS_OK)
		database_roll_back(database);
	return database_tell(database, status, reterr);
}

enum status plan_run_end(struct plan_run *run, int64_t now, struct failure *reterr)
{
	struct database *database = &run->incident->catalog->database;
	sqlite3_stmt *update = database_take(database, "UPDATE plan SET ended = ?2 WHERE number = ?1");
	bind_integer(update, 1, run->number);
	bind_integer(update, 2, now);
	return database_tell(database, database_run(database, update), reterr);
}

/* ---- asking ---- */

static enum status read_record(struct incident *incident, sqlite3_stmt *row, struct arena *arena, struct plan_record *record)
{
	struct bytes hash = column_bytes(row, 2);
	unsigned char binding[24];
	int64_t number = sqlite3_column_int64(row, 0);
	record->kind = (enum plan_kind)sqlite3_column_int64(row, 1);
	record->begun = column_time(row, 3);
	record->ended = column_time(row, 4);
	if (hash.len != sizeof record->hash)
		return STATUS_MALFORMED;
	memcpy(record->hash, hash.at, sizeof record->hash);
	return open_pair(incident, bind_to(number, 0, binding), column_bytes(row, 5), arena, &record->operator_name,
	                 &record->ticket);
}

enum status incident_plan(struct incident *incident, struct id id, struct arena *arena, struct plan_record *ret_record,
                          struct failure *reterr)
{
	struct database *database = &incident->catalog->database;
	struct plan_record record = {.id = id};
	char text[ID_TEXT_SIZE];
	sqlite3_stmt *find = database_take(database, "SELECT number, kind, hash, begun, ended, payload FROM plan"
	                                             " WHERE id = ?1 AND incident = ?2");
	bind_id(find, 1, &id);
	bind_integer(find, 2, incident->place.number);
	enum status status = database_step(database, find);
	if (status == STATUS_OK)
		status = read_record(incident, find, arena, &record);
	database_give(database, find);
	if (status == STATUS_END)
		return fail(reterr, STATUS_ABSENT, id_format(id, text), "no plan of that id was carried out in this incident");
	if (status == STATUS_OK)
		*ret_record = record;
	return database_tell(database, status, reterr);
}

enum status incident_plan_steps(struct incident *incident, struct id id,
                                enum status (*each)(void *context, const struct step_outcome *outcome), void *context,
                                struct failure *reterr)
{
	struct database *database = &incident->catalog->database;
	struct arena arena = arena_with_ceiling(4 * PAYLOAD_MAX);
	struct step_outcome outcome;
	sqlite3_stmt *rows = database_take(database, "SELECT s.step, s.state, s.at, s.survives_until, s.payload, p.number"
	                                             " FROM plan p JOIN plan_step s ON s.plan = p.number"
	                                             " WHERE p.id = ?1 AND p.incident = ?2 ORDER BY s.step");
	bind_id(rows, 1, &id);
	bind_integer(rows, 2, incident->place.number);
	enum status status = STATUS_OK, passed = STATUS_OK;
	while (passed == STATUS_OK && (status = database_step(database, rows)) == STATUS_OK) {
		arena_reset(&arena);
		passed = read_outcome(incident, sqlite3_column_int64(rows, 5), rows, &arena, &outcome);
		if (passed == STATUS_OK)
			passed = each(context, &outcome);
	}
	database_give(database, rows);
	arena_free(&arena);
	if (passed == STATUS_END)
		return STATUS_OK;
	return database_tell(database, passed != STATUS_OK ? passed : status, reterr);
}
