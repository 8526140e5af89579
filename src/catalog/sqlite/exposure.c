/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times are whole seconds, so a door that was found open in this second already costs nothing: a page or an object each.
 */
#include "catalog/sqlite/exposure.h"

#include "catalog/sqlite/batch.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/turning.h"
#include "catalog/sqlite/writer.h"

_Static_assert(DOOR_READ == 2 && FOUND_OPEN == 1 && FOUND_REFUSED == 2, "stored by number");

static enum status put_observation(struct database *database, int64_t container, int64_t sweep, const struct door_look *look)
{
	sqlite3_stmt *insert = database_take(database,
	                                     "INSERT INTO observation (container, door, sweep, found, first_at, last_at, said)"
	                                     " VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)"
	                                     " ON CONFLICT DO UPDATE SET last_at = max(last_at, excluded.last_at)");
	bind_integer(insert, 1, container);
	bind_integer(insert, 2, look->door);
	bind_integer(insert, 3, sweep);
	bind_integer(insert, 4, look->found);
	bind_integer(insert, 5, look->at);
	bind_text_or_null(insert, 6, look->said);
	return database_run(database, insert);
}

static enum status observe(struct store *store, const struct target_state *target, enum door door, enum found found, int64_t now,
                           struct bytes said)
{
	const struct door_look look = {door, found, now, said};
	return put_observation(&store->database, target->container, (int64_t)store->writer->sweep, &look);
}

static enum status begin_or_go_on(struct database *database, int64_t container, enum door door, int64_t now)
{
	sqlite3_stmt *update = database_take(database, "UPDATE exposure SET last_seen = max(last_seen, ?3)"
	                                               " WHERE container = ?1 AND door = ?2 AND closed_at IS NULL");
	bind_integer(update, 1, container);
	bind_integer(update, 2, door);
	bind_integer(update, 3, now);
	enum status status = database_run(database, update);
	if (status != STATUS_OK || sqlite3_changes(database->handle) > 0)
		return status;
	sqlite3_stmt *insert = database_take(
		database, "INSERT INTO exposure (container, door, first_seen, last_seen) VALUES (?1, ?2, ?3, ?3)");
	bind_integer(insert, 1, container);
	bind_integer(insert, 2, door);
	bind_integer(insert, 3, now);
	return database_run(database, insert);
}

static enum status end_open(struct database *database, int64_t container, enum door door, int64_t now)
{
	sqlite3_stmt *update = database_take(database, "UPDATE exposure SET closed_at = max(last_seen, ?3)"
	                                               " WHERE container = ?1 AND door = ?2 AND closed_at IS NULL");
	bind_integer(update, 1, container);
	bind_integer(update, 2, door);
	bind_integer(update, 3, now);
	return database_run(database, update);
}

enum status exposure_note_open(struct store *store, size_t target, enum door door, int64_t now)
{
	struct target_state *state = &store->writer->targets[target];
	if (!state->is_anonymous || state->open_at[door] == now)
		return STATUS_OK;
	enum status status = observe(store, state, door, FOUND_OPEN, now, BYTES_NONE);
	if (status == STATUS_OK)
		status = begin_or_go_on(&store->database, state->container, door, now);
	if (status == STATUS_OK)
		state->open_at[door] = now;
	return status;
}

enum status exposure_note_refused(struct store *store, size_t target, enum door door, int64_t now, struct bytes said)
{
	struct target_state *state = &store->writer->targets[target];
	if (!state->is_anonymous)
		return STATUS_OK;
	enum status status = observe(store, state, door, FOUND_REFUSED, now, said);
	if (status == STATUS_OK && door != DOOR_READ)
		status = end_open(&store->database, state->container, door, now);
	state->open_at[door] = CLOCK_UNKNOWN;
	return status;
}

enum status exposure_settle_reads(struct store *store)
{
	sqlite3_stmt *update = database_take(
		&store->database,
		"UPDATE exposure SET closed_at = max(last_seen, o.last_at) FROM observation o"
		" WHERE exposure.door = " SQL_BY_READ
		" AND exposure.closed_at IS NULL AND o.container = exposure.container AND o.door = " SQL_BY_READ
		" AND o.sweep = ?1 AND o.found = " SQL_REFUSED " AND NOT EXISTS (SELECT 1 FROM observation p"
		" WHERE p.container = o.container AND p.door = " SQL_BY_READ " AND p.sweep = ?1 AND p.found = " SQL_OPEN ")");
	bind_unsigned(update, 1, store->writer->sweep);
	return database_run(&store->database, update);
}

/* ---- a listing that was refused ---- */

static enum status note_refusal(struct store *store, size_t target, struct bytes said)
{
	static const enum door doors[] = {DOOR_LIST, DOOR_VERSION, DOOR_SNAPSHOT};
	int64_t now = clock_now();
	enum status status = batch_start(store);
	for (size_t i = 0; i < sizeof doors / sizeof *doors && status == STATUS_OK; i++)
		status = exposure_note_refused(store, target, doors[i], now, said);
	return status;
}

enum status exposure_note_refusal(struct store *store, size_t target, struct bytes said, struct failure *reterr)
{
	if (target >= store->writer->target_count)
		return fail(reterr, STATUS_BROKEN, store->database.path, "the sweep has no such target");
	return batch_tell(store, note_refusal(store, target, said), reterr);
}

/* ---- looks outside of sweeps ---- */

static enum status find_container(struct database *database, const struct container *container, int64_t *ret_number)
{
	sqlite3_stmt *find = database_take(database,
	                                   "SELECT number FROM container WHERE provider = ?1 AND account = ?2 AND name = ?3");
	bind_integer(find, 1, container->provider);
	bind_text(find, 2, container->account);
	bind_blob(find, 3, container->name);
	enum status status = database_read_integer(database, find, 0, ret_number);
	return status == STATUS_OK && *ret_number == 0 ? STATUS_ABSENT : status;
}

/* One that no sweep has met yet is made known by what was found open there. */
static enum status find_or_add(struct database *database, const struct container *container, const struct door_look *looks,
                               size_t count, int64_t *ret_number)
{
	bool is_open = false;
	for (size_t i = 0; i < count; i++)
		is_open = is_open || looks[i].found == FOUND_OPEN;
	enum status status = find_container(database, container, ret_number);
	if (status != STATUS_ABSENT || !is_open)
		return status;
	sqlite3_stmt *insert = database_take(database,
	                                     "INSERT INTO container (provider, account, name, url) VALUES (?1, ?2, ?3, ?4)");
	bind_integer(insert, 1, container->provider);
	bind_text(insert, 2, container->account);
	bind_blob(insert, 3, container->name);
	bind_text(insert, 4, container->url);
	status = database_run(database, insert);
	if (status == STATUS_OK)
		*ret_number = sqlite3_last_insert_rowid(database->handle);
	return status;
}

/* Its number is below all sweeps', which is told as none. */
static enum status put_looks(struct database *database, int64_t container, const struct door_look *looks, size_t count)
{
	int64_t least = 0;
	enum status status = database_read_integer(
		database, database_take(database, "SELECT min(sweep) FROM observation WHERE sweep < 0"), 0, &least);
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		status = put_observation(database, container, least - 1, &looks[i]);
		if (status == STATUS_OK && looks[i].found == FOUND_OPEN)
			status = begin_or_go_on(database, container, looks[i].door, looks[i].at);
		else if (status == STATUS_OK)
			status = end_open(database, container, looks[i].door, looks[i].at);
	}
	return status;
}

enum status observing_put(struct store *store, const struct container *container, const struct door_look *looks, size_t count,
                          uint64_t turn, struct failure *reterr)
{
	struct database *database = &store->database;
	int64_t number = 0;
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = find_or_add(database, container, looks, count, &number);
	if (status == STATUS_OK)
		status = put_looks(database, number, looks, count);
	if (status == STATUS_OK)
		status = turning_write(database, turn);
	if (status == STATUS_OK)
		status = database_commit(database);
	if (status != STATUS_OK)
		database_roll_back(database);
	return status == STATUS_ABSENT ? fail(reterr, status, "container", "this incident knows no such container")
	                               : database_tell(database, status, reterr);
}
