/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a document could be reached: its container's spans at each door, as far as its object was met there. An object keeps
 * no spans of its own, only when strangers' listings had it and when a stranger read it: very many of them must fit.
 */
#include "catalog/sqlite/exposures.h"

#include "base/arena.h"
#include "catalog/sqlite/document.h"
#include "catalog/sqlite/numbers.h"

enum { EVIDENCE_MAX = 4, SAID_BYTES = 1 << 16 };

_Static_assert(DOOR_LIST == 1 && DOOR_READ == 2 && DOOR_VERSION == 3 && DOOR_SNAPSHOT == 4 && OBJECT_SNAPSHOT == 1 &&
                       FOUND_OPEN == 1 && FOUND_REFUSED == 2,
               "stored by number");

static const char list_exposures[] =
	"WITH object AS (SELECT container, flags, version, exposed_first, exposed_last, read_at, gone_at FROM document"
	" WHERE number = (SELECT object FROM document WHERE id = ?1 AND state <> " SQL_ARRIVING " ORDER BY state = " SQL_LIVE
	" DESC, revision DESC LIMIT 1)),"
	" met AS (SELECT container, CASE WHEN flags & 1 THEN " SQL_BY_SNAPSHOT " WHEN version IS NOT NULL THEN " SQL_BY_VERSION
	" ELSE " SQL_BY_LIST " END AS door,"
	" exposed_first AS first, exposed_last AS last, gone_at FROM object"
	" UNION ALL SELECT container, 2, read_at, read_at, gone_at FROM object)"
	" SELECT x.container, x.door, max(x.first_seen, met.first), min(x.last_seen, met.last), x.closed_at, met.gone_at"
	" FROM met JOIN exposure x ON x.container = met.container AND x.door = met.door"
	" AND x.first_seen <= met.last AND x.last_seen >= met.first ORDER BY x.door, x.number";

/* Of several looks that a moment belongs to, the first sweep's. */
#define FIRST_LOOK(found, moment) \
	"(found = " found " AND sweep = (SELECT min(o.sweep) FROM observation o WHERE o.container = ?1 AND o.door = ?2" \
	" AND o.found = " found " AND " moment " BETWEEN o.first_at AND o.last_at))"

/* clang-format off */
static const char list_evidence[] =
	"SELECT found, sweep, first_at, last_at, said FROM observation WHERE container = ?1 AND door = ?2"
	" AND (" FIRST_LOOK(SQL_OPEN, "?3") " OR " FIRST_LOOK(SQL_OPEN, "?4") " OR " FIRST_LOOK(SQL_REFUSED, "?5") ")"
	" ORDER BY first_at, sweep, found";
/* clang-format on */

struct exposure_gathering {
	struct observation evidence[EVIDENCE_MAX];
	size_t count;
	struct arena words;
};

static enum status gather_evidence(struct database *database, int64_t container, const struct exposure *exposure,
                                   struct exposure_gathering *gathering)
{
	sqlite3_stmt *rows = database_take(database, list_evidence);
	enum status status;
	bind_integer(rows, 1, container);
	bind_integer(rows, 2, exposure->door);
	bind_integer(rows, 3, exposure->first_seen);
	bind_integer(rows, 4, exposure->last_seen);
	bind_time(rows, 5, exposure->closed_at);
	while ((status = database_step(database, rows)) == STATUS_OK) {
		struct bytes said = arena_copy(&gathering->words, column_bytes(rows, 4));
		if (said.at == NULL)
			status = STATUS_NO_MEMORY;
		if (status != STATUS_OK)
			break;
		gathering->evidence[gathering->count++] = (struct observation){
			(enum found)sqlite3_column_int(rows, 0),
			column_unsigned(rows, 1),
			column_time(rows, 2),
			column_time(rows, 3),
			said,
		};
	}
	database_give(database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

/* It ended when its container's door was found shut, or when it was no longer there. */
static enum status pass_exposure(struct database *database, sqlite3_stmt *row, exposure_visitor *each, void *context)
{
	struct exposure_gathering gathering = {.words = arena_with_ceiling(SAID_BYTES)};
	int64_t gone_at = column_time(row, 5);
	struct exposure exposure = {
		.door = (enum door)sqlite3_column_int(row, 1),
		.first_seen = column_time(row, 2),
		.last_seen = column_time(row, 3),
		.closed_at = column_time(row, 4),
		.evidence = gathering.evidence,
	};
	bool is_gone = gone_at != CLOCK_UNKNOWN && (exposure.closed_at == CLOCK_UNKNOWN || gone_at < exposure.closed_at);
	if (is_gone)
		exposure.closed_at = gone_at;
	enum status status = gather_evidence(database, sqlite3_column_int64(row, 0), &exposure, &gathering);
	if (is_gone)
		gathering.evidence[gathering.count++] = (struct observation){
			.found = FOUND_GONE, .first_at = gone_at, .last_at = gone_at};
	exposure.evidence_count = gathering.count;
	if (status == STATUS_OK)
		status = each(context, &exposure);
	arena_free(&gathering.words);
	return status;
}

enum status exposures_list(struct store *store, const struct id *id, exposure_visitor *each, void *context,
                           struct failure *reterr)
{
	struct database *database = &store->database;
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	sqlite3_stmt *rows = database_take(database, list_exposures);
	bind_id(rows, 1, id);
	while ((status = database_step(database, rows)) == STATUS_OK) {
		status = pass_exposure(database, rows, each, context);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	database_end_reading(database);
	return database_tell(database, status == STATUS_END ? STATUS_OK : status, reterr);
}
