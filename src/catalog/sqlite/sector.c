/* SPDX-License-Identifier: Apache-2.0 */
#include "catalog/sqlite/sector.h"

#include "model/sector.h"

static struct bytes bytes_of_value(sqlite3_value *value)
{
	const void *text = sqlite3_value_text(value);
	return bytes_of(text, text != NULL ? (size_t)sqlite3_value_bytes(value) : 0);
}

static void rank(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	sqlite3_result_int(context, (int)sector_rank_of(bytes_of_value(values[0]), bytes_of_value(values[1])));
}

enum status sector_register(sqlite3 *handle)
{
	return sqlite3_create_function_v2(handle, "tm_sector", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
	                                  rank, NULL, NULL, NULL) == SQLITE_OK
	               ? STATUS_OK
	               : STATUS_NO_MEMORY;
}
