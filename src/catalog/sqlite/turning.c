/* SPDX-License-Identifier: Apache-2.0 */
/* One row; beside it stands what the store is like, so that another can be told from it. */
#include "catalog/sqlite/turning.h"

enum status turning_write(struct database *database, uint64_t turn)
{
	sqlite3_stmt *write = database_take(database, "UPDATE turn SET number = ?1");
	bind_unsigned(write, 1, turn);
	return database_run(database, write);
}

static const char find_turn[] = "SELECT (SELECT number FROM turn), s.number, s.ended, c.objects, c.documents"
				" FROM (SELECT 1)"
				" LEFT JOIN sweep s ON s.number = (SELECT max(number) FROM sweep WHERE is_finished)"
				" LEFT JOIN census c ON 1";

enum status turning_read(struct database *database, struct turn *ret_turn)
{
	sqlite3_stmt *row = database_take(database, find_turn);
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
