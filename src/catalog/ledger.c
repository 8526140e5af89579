/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The counts of an incident over its live rows. references: every mention in
 * every place; distinct: values, contents, objects by their bytes (by their
 * place where the bytes were not seen).
 */
#include "catalog/inside.h"

#define LIVE_CONTENTS                                                                                        \
	"WITH place AS MATERIALIZED (SELECT content, count(*) AS copies FROM document WHERE state = 1 AND "  \
	"content IS NOT NULL"                                                                                \
	" GROUP BY content) "

static const char count_objects[] = "SELECT count(*), sum(sha256 IS NULL) + (SELECT count(DISTINCT sha256) "
                                    "FROM document WHERE sha256 IS NOT NULL"
				    " AND state = 1 AND ordinal = 0) FROM document WHERE state = 1 AND "
                                    "ordinal = 0";
static const char count_documents[] = LIVE_CONTENTS "SELECT sum(copies), count(*) FROM place";
static const char count_emails[] =
	LIVE_CONTENTS "SELECT sum(o.mentions * place.copies), count(DISTINCT e.number) FROM entity e"
	" JOIN occurrence o ON o.entity = e.number JOIN place ON place.content = o.content WHERE e.kind = 1";
static const char count_organisations[] =
	LIVE_CONTENTS "SELECT sum(place.copies), count(DISTINCT a.organisation) FROM"
	" (SELECT DISTINCT organisation, content FROM attribution) a JOIN place ON place.content = a.content";
_Static_assert(FINDING_EMAIL == 1, "stored by number");

static enum status count(struct database *database, const char *sql, struct measure *ret_measure)
{
	sqlite3_stmt *row = database_take(database, sql);
	enum status status = database_step(database, row);
	if (status == STATUS_OK)
		*ret_measure = (struct measure){column_unsigned(row, 0), column_unsigned(row, 1)};
	database_give(database, row);
	return status;
}

static enum status count_unseen(struct database *database, struct ledger *ledger)
{
	sqlite3_stmt *rows = database_take(database,
		"SELECT outcome, unseen FROM document WHERE state = 1 AND ordinal = 0 AND outcome <> 1");
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		unsigned outcome = (unsigned)sqlite3_column_int(rows, 0);
		uint64_t bytes = column_unsigned(rows, 1);
		if (outcome == OUTCOME_PENDING)
			outcome = OUTCOME_LISTED_ONLY;
		if (outcome >= OUTCOME_COUNT)
			continue;
		ledger->unseen_by_outcome[outcome].objects++;
		ledger->unseen_by_outcome[outcome].bytes += bytes;
		ledger->unseen.objects++;
		ledger->unseen.bytes += bytes;
	}
	database_give(database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

enum { YEARS_MAX = 10000 };

static enum status count_years(struct database *database, struct arena *arena, struct ledger *ledger)
{
	sqlite3_stmt *rows = database_take(database, "SELECT CAST(strftime('%Y', o.modified, 'unixepoch') AS "
	                                             "INTEGER) AS year, count(*) FROM document d"
	                                             " JOIN document o ON o.number = d.object WHERE d.state "
	                                             "= 1 AND d.content IS NOT NULL AND o.modified IS NOT "
	                                             "NULL"
	                                             " GROUP BY 1 HAVING year IS NOT NULL ORDER BY 1 LIMIT "
	                                             "10000");
	struct buffer years = buffer_with_ceiling(YEARS_MAX * sizeof(struct year_measure));
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		struct year_measure year = {sqlite3_column_int(rows, 0), column_unsigned(rows, 1)};
		buffer_append(&years, bytes_of(&year, sizeof year));
	}
	database_give(database, rows);
	ledger->year_count = years.len / sizeof *ledger->years;
	if (status == STATUS_END)
		status = buffer_status(&years);
	if (status == STATUS_OK && ledger->year_count > 0) {
		ledger->years = arena_allocate(arena, years.len);
		if (ledger->years == NULL)
			status = STATUS_NO_MEMORY;
		else
			memcpy(ledger->years, years.at, years.len);
	}
	buffer_free(&years);
	return status;
}

static enum status read_rules(struct database *database, struct arena *arena, struct ledger *ledger)
{
	sqlite3_stmt *row = database_take(database, "SELECT l.text FROM sweep s JOIN label l ON l.number = "
	                                            "s.rules ORDER BY s.number DESC LIMIT 1");
	enum status status = database_step(database, row);
	if (status == STATUS_OK) {
		ledger->rules_version = arena_copy(arena, column_bytes(row, 0));
		if (ledger->rules_version.at == NULL)
			status = STATUS_NO_MEMORY;
	}
	database_give(database, row);
	return status == STATUS_END ? STATUS_OK : status;
}

enum status incident_ledger(struct incident *incident, struct arena *arena, struct ledger *ret_ledger,
                            struct failure *reterr)
{
	struct database *database = &incident->database;
	struct ledger ledger = {.years = NULL};
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	status = count(database, count_objects, &ledger.objects);
	if (status == STATUS_OK)
		status = count(database, count_documents, &ledger.documents);
	if (status == STATUS_OK)
		status = count(database, count_emails, &ledger.emails);
	if (status == STATUS_OK)
		status = count(database, count_organisations, &ledger.organisations);
	if (status == STATUS_OK)
		status = count_unseen(database, &ledger);
	if (status == STATUS_OK)
		status = count_years(database, arena, &ledger);
	if (status == STATUS_OK)
		status = read_rules(database, arena, &ledger);
	database_end_reading(database);
	if (status == STATUS_OK)
		*ret_ledger = ledger;
	return database_tell(database, status, reterr);
}
