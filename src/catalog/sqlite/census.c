/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over document; a row of figures in between. */
#include "catalog/sqlite/census.h"
#include "catalog/sqlite/numbers.h"

#include "model/outcome.h"

/* Links and pipes have no text of their own to miss. */
static const char count_live[] = "SELECT count(*), sum(d.ordinal = 0), count(d.content),"
				 " sum(d.outcome NOT IN (1, 7) OR coalesce(c.is_expired, 0) OR coalesce(c.text_beyond, 0) > 0),"
				 " (SELECT count(*) FROM document g JOIN document o ON o.number = g.object"
				 " WHERE g.state = " SQL_LIVE " AND o.gone_at IS NOT NULL)"
				 " FROM document d LEFT JOIN content c ON c.number = d.content"
				 " WHERE d.state = " SQL_LIVE;
_Static_assert(OUTCOME_READ == 1 && OUTCOME_SPECIAL == 7, "stored by number");

static enum status read_row(struct database *database, const char *sql, struct census *ret_census)
{
	sqlite3_stmt *row = database_take(database, sql);
	enum status status = database_step(database, row);
	if (status == STATUS_OK)
		*ret_census = (struct census){column_unsigned(row, 0), column_unsigned(row, 1), column_unsigned(row, 2),
		                              column_unsigned(row, 3), column_unsigned(row, 4)};
	database_give(database, row);
	return status;
}

static const char find_kept[] = "SELECT live, objects, documents, unsearchable, gone FROM census";

enum status census_read(struct database *database, struct census *ret_census)
{
	enum status status = read_row(database, find_kept, ret_census);
	return status == STATUS_END ? read_row(database, count_live, ret_census) : status;
}

enum status census_forget(struct database *database)
{
	return database_run(database, database_take(database, "DELETE FROM census"));
}

enum status census_keep(struct database *database)
{
	struct census census;
	enum status status = census_forget(database);
	if (status == STATUS_OK)
		status = read_row(database, count_live, &census);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *insert = database_take(
		database, "INSERT INTO census (live, objects, documents, unsearchable, gone) VALUES (?1, ?2, ?3, ?4, ?5)");
	bind_unsigned(insert, 1, census.live);
	bind_unsigned(insert, 2, census.objects);
	bind_unsigned(insert, 3, census.documents);
	bind_unsigned(insert, 4, census.unsearchable);
	bind_unsigned(insert, 5, census.gone);
	return database_run(database, insert);
}

enum status census_check(struct database *database, bool *ret_kept_differs)
{
	struct census kept = {0}, counted = {0};
	enum status status = read_row(database, find_kept, &kept);
	*ret_kept_differs = false;
	if (status == STATUS_END)
		return STATUS_OK;
	if (status == STATUS_OK)
		status = read_row(database, count_live, &counted);
	*ret_kept_differs = kept.live != counted.live || kept.objects != counted.objects || kept.documents != counted.documents ||
	                    kept.unsearchable != counted.unsearchable || kept.gone != counted.gone;
	return status;
}
