/* SPDX-License-Identifier: Apache-2.0 */
/* A point is a span [first, last] (a size is one number, a year many seconds); comparisons open it on one side. */
#include "answer/range.h"

#include "base/clock.h"

#include <stdio.h>

typedef bool parse_point(struct bytes text, int64_t *ret_first, int64_t *ret_last);

static bool parse_range(struct bytes text, parse_point *point, int64_t *ret_low, int64_t *ret_high)
{
	int64_t first, last, low = INT64_MIN, high = INT64_MAX;
	size_t dots = bytes_find(text, BYTES_LITERAL(".."));
	if (dots != BYTES_NOT_FOUND) {
		struct bytes from = bytes_slice(text, 0, dots), to = bytes_from(text, dots + 2);
		if (from.len + to.len == 0 || (from.len > 0 && !point(from, &low, &last)) ||
		    (to.len > 0 && !point(to, &first, &high)))
			return false;
	} else if (text.len > 0 && (text.at[0] == '>' || text.at[0] == '<')) {
		bool is_greater = text.at[0] == '>', is_equal = text.len > 1 && text.at[1] == '=';
		if (!point(bytes_from(text, is_equal ? 2 : 1), &first, &last))
			return false;
		if (is_greater)
			low = is_equal ? first : last + 1;
		else
			high = is_equal ? last : first - 1;
	} else if (!point(text, &low, &high)) {
		return false;
	}
	*ret_low = low;
	*ret_high = high;
	return true;
}

/* k, M, G, T and kiB, ... are powers of 1024; kB, ... of 1000: as options read sizes. */
static bool parse_bytes(struct bytes text, int64_t *ret_first, int64_t *ret_last)
{
	static const char units[] = "kmgt";
	uint64_t value, base = 1024, factor = 1;
	text = bytes_trim(text);
	bool has_b = text.len > 0 && (text.at[text.len - 1] | 0x20) == 'b';
	text.len -= has_b;
	bool has_i = text.len > 0 && (text.at[text.len - 1] | 0x20) == 'i';
	text.len -= has_i;
	if (has_b && !has_i)
		base = 1000;
	const char *unit = text.len == 0 ? NULL : memchr(units, text.at[text.len - 1] | 0x20, sizeof units - 1);
	if (has_i && unit == NULL)
		return false;
	if (unit != NULL) {
		text.len--;
		for (const char *step = units; step <= unit; step++)
			factor *= base;
	}
	if (!bytes_parse_u64(text, &value) || __builtin_mul_overflow(value, factor, &value) || value >= INT64_MAX)
		return false;
	*ret_first = *ret_last = (int64_t)value;
	return true;
}

bool range_parse_size(struct bytes text, int64_t *ret_low, int64_t *ret_high)
{
	return parse_range(text, parse_bytes, ret_low, ret_high);
}

/* YYYY or YYYY-MM; anything longer is RFC 3339. */
static bool parse_moment(struct bytes text, int64_t *ret_first, int64_t *ret_last)
{
	uint64_t year, month = 0;
	bool has_month = text.len == 7 && text.at[4] == '-';
	if (text.len == 4 || has_month) {
		if (!bytes_parse_u64(bytes_slice(text, 0, 4), &year) ||
		    (has_month && (!bytes_parse_u64(bytes_from(text, 5), &month) || month < 1 || month > 12)))
			return false;
		*ret_first = clock_from_civil((int)year, has_month ? (int)month : 1, 1, 0, 0, 0);
		*ret_last = !has_month    ? clock_from_civil((int)year + 1, 1, 1, 0, 0, 0) - 1
		            : month == 12 ? clock_from_civil((int)year + 1, 1, 1, 0, 0, 0) - 1
		                          : clock_from_civil((int)year, (int)month + 1, 1, 0, 0, 0) - 1;
		return true;
	}
	*ret_first = clock_parse_rfc3339(text);
	*ret_last = text.len == 10 ? *ret_first + 86399 : *ret_first;
	return *ret_first != CLOCK_UNKNOWN;
}

/* The same day and time so many months before, or the last day of a month that is too short for it. */
static int64_t months_before(int64_t now, uint64_t months)
{
	char text[CLOCK_TEXT_SIZE];
	int year, month, day, hour, minute, second;
	if (sscanf(clock_format(now, text), "%d-%d-%dT%d:%d:%d", &year, &month, &day, &hour, &minute, &second) != 6)
		return CLOCK_UNKNOWN;
	int64_t index = (int64_t)year * 12 + month - 1 - (int64_t)months;
	if (index < 12)
		return CLOCK_UNKNOWN;
	year = (int)(index / 12);
	month = (int)(index % 12) + 1;
	int64_t first = clock_from_civil(year, month, 1, hour, minute, second);
	int64_t next = clock_from_civil(year + month / 12, month % 12 + 1, 1, hour, minute, second);
	int64_t moment = first + (day - 1) * INT64_C(86400);
	return moment < next ? moment : next - 86400;
}

/* "90d", "6w", "24mo", "2y" before now. */
static bool parse_age(struct bytes text, int64_t now, int64_t *ret_moment)
{
	static const struct {
		const char *unit;
		int64_t seconds;
		uint64_t months;
	} units[] = {
		{"h", 3600, 0}, {"d", 86400, 0}, {"w", 7 * 86400, 0}, {"mo", 0, 1}, {"y", 0, 12},
	};
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		struct bytes unit = bytes_of_string(units[i].unit);
		uint64_t count;
		if (!bytes_end_with(text, unit) || !bytes_parse_u64(bytes_slice(text, 0, text.len - unit.len), &count) ||
		    count > 1000000)
			continue;
		*ret_moment = units[i].months > 0 ? months_before(now, count * units[i].months)
		                                  : now - (int64_t)count * units[i].seconds;
		return *ret_moment != CLOCK_UNKNOWN;
	}
	return false;
}

/* The younger, the later: "<90d" is what is less than 90 days old. */
static bool parse_ages(struct bytes text, int64_t now, int64_t *ret_low, int64_t *ret_high)
{
	int64_t moment, low = INT64_MIN, high = INT64_MAX;
	size_t dots = bytes_find(text, BYTES_LITERAL(".."));
	if (dots != BYTES_NOT_FOUND) {
		struct bytes younger = bytes_slice(text, 0, dots), older = bytes_from(text, dots + 2);
		if (younger.len + older.len == 0 || (younger.len > 0 && !parse_age(younger, now, &high)) ||
		    (older.len > 0 && !parse_age(older, now, &low)))
			return false;
	} else {
		bool is_older = text.len > 0 && text.at[0] == '>', is_equal = text.len > 1 && text.at[1] == '=';
		if (text.len == 0 || (!is_older && text.at[0] != '<') ||
		    !parse_age(bytes_from(text, is_equal ? 2 : 1), now, &moment))
			return false;
		if (is_older)
			high = is_equal ? moment : moment - 1;
		else
			low = is_equal ? moment : moment + 1;
	}
	*ret_low = low;
	*ret_high = high;
	return true;
}

bool range_parse_time(struct bytes text, int64_t now, int64_t *ret_low, int64_t *ret_high)
{
	return parse_range(text, parse_moment, ret_low, ret_high) || parse_ages(text, now, ret_low, ret_high);
}

/* A year, month or day begins with its first second; that it ends is not meant. */
bool range_parse_since(struct bytes text, int64_t now, int64_t *ret_since)
{
	int64_t since, end;
	if (parse_age(text, now, ret_since))
		return true;
	if (parse_moment(text, &since, &end))
		end = INT64_MAX;
	else if (!range_parse_time(text, now, &since, &end))
		return false;
	if (since == INT64_MIN || end != INT64_MAX)
		return false;
	*ret_since = since;
	return true;
}
