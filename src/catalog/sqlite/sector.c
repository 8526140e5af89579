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

static void of_domain(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	struct bytes sector = sector_of_domain(bytes_of_value(values[0]));
	if (sector.len == 0)
		sqlite3_result_null(context);
	else
		sqlite3_result_text(context, (const char *)sector.at, (int)sector.len, SQLITE_STATIC);
}

static bool add(sqlite3 *handle, const char *name, int arguments,
                void (*function)(sqlite3_context *context, int count, sqlite3_value **values))
{
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
	return sqlite3_create_function_v2(handle, name, arguments, flags, NULL, function, NULL, NULL, NULL) == SQLITE_OK;
}

enum status sector_register(sqlite3 *handle)
{
	bool is_added = add(handle, "tm_sector", 2, rank) && add(handle, "tm_sector_of", 1, of_domain);
	return is_added ? STATUS_OK : STATUS_NO_MEMORY;
}
