/* SPDX-License-Identifier: Apache-2.0 */
/* Turns are drawn and told in transactions of tidemark.db alone: none spans two files. */
#include "catalog/turn.h"

#include "base/clock.h"
#include "catalog/inside.h"

#include <stdio.h>

/* ---- taking one ---- */

static enum status draw(struct database *catalog, int64_t incident, int64_t *ret_turn)
{
	enum status status = database_begin(catalog);
	if (status == STATUS_OK) {
		sqlite3_stmt *raise = database_take(catalog, "UPDATE incident SET drawn = drawn + 1 WHERE number = ?1");
		bind_integer(raise, 1, incident);
		status = database_run(catalog, raise);
	}
	if (status == STATUS_OK) {
		sqlite3_stmt *find = database_take(catalog, "SELECT drawn FROM incident WHERE number = ?1");
		bind_integer(find, 1, incident);
		status = database_read_integer(catalog, find, 0, ret_turn);
	}
	if (status == STATUS_OK)
		status = database_commit(catalog);
	if (status != STATUS_OK)
		database_roll_back(catalog);
	return status;
}

enum status turn_draw(struct incident *incident, uint64_t *ret_turn, struct failure *reterr)
{
	struct database *catalog = &incident->catalog->database;
	int64_t turn = 0;
	enum status status = draw(catalog, incident->place.number, &turn);
	if (status == STATUS_OK)
		*ret_turn = (uint64_t)turn;
	return database_tell(catalog, status, reterr);
}

/* ---- what is known of it ---- */

/* The journal's word counts as well: its chain cannot be cut short unnoticed where its head is kept. */
static const char find_reached[] =
	"SELECT max(reached, coalesce((SELECT max(j.reached) FROM journal j WHERE j.incident = i.number), 0)), sweep,"
	" swept, objects, documents FROM incident i WHERE number = ?1";

static enum status read_reached(struct catalog *catalog, int64_t incident, struct turn *ret_turn)
{
	struct database *database = &catalog->database;
	sqlite3_stmt *row = database_take(database, find_reached);
	bind_integer(row, 1, incident);
	enum status status = database_step(database, row);
	if (status == STATUS_OK)
		*ret_turn = (struct turn){
			.number = column_unsigned(row, 0),
			.sweep = column_unsigned(row, 1),
			.swept = column_time(row, 2),
			.has_counts = !column_is_null(row, 3),
			.objects = column_unsigned(row, 3),
			.documents = column_unsigned(row, 4),
		};
	database_give(database, row);
	return status == STATUS_END ? STATUS_MALFORMED : status;
}

static const char note_reached[] = "UPDATE incident"
				   " SET reached = ?2, sweep = ?3, swept = ?4, objects = ?5, documents = ?6"
				   " WHERE number = ?1 AND reached <= ?2";

static enum status note(struct database *catalog, int64_t incident, const struct turn *turn)
{
	sqlite3_stmt *note = database_take(catalog, note_reached);
	bind_integer(note, 1, incident);
	bind_unsigned(note, 2, turn->number);
	bind_unsigned(note, 3, turn->sweep);
	bind_time(note, 4, turn->swept);
	if (turn->has_counts) {
		bind_unsigned(note, 5, turn->objects);
		bind_unsigned(note, 6, turn->documents);
	}
	return database_run(catalog, note);
}

enum status turn_tell(struct incident *incident, struct failure *reterr)
{
	struct database *catalog = &incident->catalog->database;
	struct turn turn;
	enum status status = incident->backend->read_turn(incident->store, &turn, reterr);
	return status == STATUS_OK ? database_tell(catalog, note(catalog, incident->place.number, &turn), reterr) : status;
}

/* ---- comparing ---- */

enum status turn_look_back(struct incident *incident, bool *ret_is_older, struct failure *reterr)
{
	struct database *catalog = &incident->catalog->database;
	struct turn is = {.number = 0}, reached = {.number = 0};
	enum status status = database_tell(catalog, read_reached(incident->catalog, incident->place.number, &reached), reterr);
	if (status == STATUS_OK)
		status = incident->backend->read_turn(incident->store, &is, reterr);
	if (status == STATUS_OK)
		*ret_is_older = is.number < reached.number;
	return status;
}

/* "sweep 2 ended 2022-10-19T10:00:00Z", if that one does not know it. */
static void describe(const struct turn *turn, const struct turn *other, char *into, size_t size)
{
	char ended[CLOCK_TEXT_SIZE];
	if (turn->sweep > 0 && turn->sweep != other->sweep)
		snprintf(into, size, "sweep %llu ended %s", (unsigned long long)turn->sweep, clock_format(turn->swept, ended));
	else
		snprintf(into, size, "it was written to since then");
}

static void compare_counts(const struct turn *is, const struct turn *reached, const char *name, char *words)
{
	if (!is->has_counts || !reached->has_counts ||
	    (is->objects == reached->objects && is->documents == reached->documents && is->sweep == reached->sweep))
		return;
	snprintf(words, TURN_WORDS, "incident %s has %llu objects and %llu documents, where sweep %llu left %llu and %llu", name,
	         (unsigned long long)is->objects, (unsigned long long)is->documents, (unsigned long long)reached->sweep,
	         (unsigned long long)reached->objects, (unsigned long long)reached->documents);
}

static enum status read_drawn(struct catalog *catalog, int64_t incident, int64_t *ret_drawn)
{
	sqlite3_stmt *find = database_take(&catalog->database, "SELECT drawn FROM incident WHERE number = ?1");
	bind_integer(find, 1, incident);
	return database_read_integer(&catalog->database, find, 0, ret_drawn);
}

/* Read in the order in which they rise, so that a sweep meanwhile is none that was put back. */
enum status turn_compare(struct catalog *catalog, int64_t number, struct bytes name, struct incident *incident,
                         char words[TURN_WORDS], bool *ret_is_catalog, struct failure *reterr)
{
	struct turn reached = {.number = 0}, is = {.swept = CLOCK_UNKNOWN};
	int64_t drawn = 0;
	char shown[128], what[96];
	enum status status = database_tell(&catalog->database, read_reached(catalog, number, &reached), reterr);
	if (status == STATUS_OK && incident != NULL)
		status = incident->backend->read_turn(incident->store, &is, reterr);
	if (status == STATUS_OK)
		status = database_tell(&catalog->database, read_drawn(catalog, number, &drawn), reterr);
	if (status != STATUS_OK)
		return status;
	snprintf(shown, sizeof shown, "%.*s", (int)(name.len < 100 ? name.len : 100), (const char *)name.at);
	*ret_is_catalog = is.number > (uint64_t)drawn;
	words[0] = '\0';
	if (is.number < reached.number) {
		describe(&reached, &is, what, sizeof what);
		if (incident == NULL)
			snprintf(words, TURN_WORDS, "incident %s is missing: %s", shown, what);
		else
			snprintf(words, TURN_WORDS, "incident %s is older than the journal says: %s; an old copy was put back",
			         shown, what);
	} else if (*ret_is_catalog) {
		describe(&is, &reached, what, sizeof what);
		snprintf(words, TURN_WORDS,
		         "the journal is older than incident %s: %s, which it does not know; an old copy was put back", shown,
		         what);
	} else if (is.number == reached.number) {
		compare_counts(&is, &reached, shown, words);
	}
	return STATUS_OK;
}
