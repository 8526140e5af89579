/* SPDX-License-Identifier: Apache-2.0 */
#include "catalog/sqlite/sector.h"

#include "model/sector.h"

static void rank(sqlite3_context *context, int count, sqlite3_value **values)
{
	const void *text = sqlite3_value_text(values[0]);
	(void)count;
	sqlite3_result_int(context,
	                   (int)sector_rank_of(bytes_of(text, text != NULL ? (size_t)sqlite3_value_bytes(values[0]) : 0)));
}

enum status sector_register(sqlite3 *handle)
{
	return sqlite3_create_function_v2(handle, "tm_sector", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
	                                  rank, NULL, NULL, NULL) == SQLITE_OK
	               ? STATUS_OK
	               : STATUS_NO_MEMORY;
}
