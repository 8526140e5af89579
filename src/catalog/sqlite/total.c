/* SPDX-License-Identifier: Apache-2.0 */
/* One aggregate function, of one argument or two. */
#include "catalog/sqlite/total.h"

#include "base/sum.h"

static uint64_t argument_unsigned(sqlite3_value *value)
{
	int64_t number = sqlite3_value_int64(value);
	return number > 0 ? (uint64_t)number : 0;
}

static void step(sqlite3_context *context, int count, sqlite3_value **values)
{
	uint64_t *total = sqlite3_aggregate_context(context, sizeof *total), more = argument_unsigned(values[0]);
	if (total == NULL) {
		sqlite3_result_error_nomem(context);
		return;
	}
	if (count > 1 && __builtin_mul_overflow(more, argument_unsigned(values[1]), &more))
		more = SUM_MAX;
	sum_add(total, more);
}

static void finish(sqlite3_context *context)
{
	const uint64_t *total = sqlite3_aggregate_context(context, 0);
	sqlite3_result_int64(context, total != NULL ? (int64_t)*total : 0);
}

enum status total_register(sqlite3 *handle)
{
	for (int arguments = 1; arguments <= 2; arguments++)
		if (sqlite3_create_function_v2(handle, "tm_total", arguments,
		                               SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, NULL, step, finish,
		                               NULL) != SQLITE_OK)
			return STATUS_NO_MEMORY;
	return STATUS_OK;
}
