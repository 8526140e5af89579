/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times are whole seconds, so a door that was found open in this second already costs nothing: a page or an object each.
 */
#include "catalog/sqlite/exposure.h"

#include "catalog/sqlite/batch.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/writer.h"

_Static_assert(DOOR_READ == 2 && FOUND_OPEN == 1 && FOUND_REFUSED == 2, "stored by number");

static enum status observe(struct store *store, const struct target_state *target, enum door door, enum found found, int64_t now,
                           struct bytes said)
{
	sqlite3_stmt *insert = database_take(&store->database,
	                                     "INSERT INTO observation (container, door, sweep, found, first_at, last_at, said)"
	                                     " VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)"
	                                     " ON CONFLICT DO UPDATE SET last_at = max(last_at, excluded.last_at)");
	bind_integer(insert, 1, target->container);
	bind_integer(insert, 2, door);
	bind_unsigned(insert, 3, store->writer->sweep);
	bind_integer(insert, 4, found);
	bind_integer(insert, 5, now);
	bind_text_or_null(insert, 6, said);
	return database_run(&store->database, insert);
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
