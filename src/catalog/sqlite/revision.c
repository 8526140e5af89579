/* SPDX-License-Identifier: Apache-2.0 */
/* A revision takes the place of the one before it, parts first: they are found by what their objects still are. */
#include "catalog/sqlite/revision.h"
#include "catalog/sqlite/numbers.h"

enum status revision_supersede(struct store *store, const struct id *id, int64_t revision)
{
	static const char *const steps[] = {
		"UPDATE document SET state = " SQL_SUPERSEDED " WHERE state = " SQL_LIVE " AND ordinal > 0"
		" AND object IN (SELECT number FROM document WHERE id = ?1 AND revision < ?2)",
		"UPDATE document SET state = " SQL_SUPERSEDED " WHERE state = " SQL_LIVE " AND id = ?1 AND revision < ?2",
	};
	enum status status = STATUS_OK;
	for (size_t i = 0; i < sizeof steps / sizeof *steps && status == STATUS_OK; i++) {
		sqlite3_stmt *step = database_take(&store->database, steps[i]);
		bind_id(step, 1, id);
		bind_integer(step, 2, revision);
		status = database_run(&store->database, step);
	}
	return status;
}
