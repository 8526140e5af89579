/* SPDX-License-Identifier: Apache-2.0 */
/* Civil time by the proleptic Gregorian calendar, without the C library's time zones. */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

int64_t clock_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

int64_t clock_monotonic(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_processor(void)
{
	struct timespec used;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

/* Days since 1970-01-01, counting years from March so that leap days come last. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

int64_t clock_from_civil(int year, int month, int day, int hour, int minute, int second)
{
	return ((days_from_civil(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
}

#define YEAR_0 INT64_C(-62167219200)
#define YEAR_10000 INT64_C(253402300800)

int64_t clock_limit(int64_t seconds)
{
	return seconds >= YEAR_0 && seconds < YEAR_10000 ? seconds : CLOCK_UNKNOWN;
}

const char *clock_format(int64_t seconds, char into[CLOCK_TEXT_SIZE])
{
	time_t when = (time_t)seconds;
	struct tm tm;
	into[0] = '\0';
	if (clock_limit(seconds) == CLOCK_UNKNOWN || gmtime_r(&when, &tm) == NULL)
		return into;
	strftime(into, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (tm.tm_year + 1900 < 1000) /* strftime does not pad years */
		snprintf(into, CLOCK_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02dZ", (tm.tm_year + 1900) % 10000,
		         (tm.tm_mon + 1) % 100, tm.tm_mday % 100, tm.tm_hour % 100, tm.tm_min % 100, tm.tm_sec % 100);
	return into;
}

/* count digits at the start of *b; moves past them. */
static bool take_digits(struct bytes *b, size_t count, int *ret_value)
{
	uint64_t value;
	if (b->len < count || !bytes_parse_u64(bytes_slice(*b, 0, count), &value))
		return false;
	*ret_value = (int)value;
	*b = bytes_from(*b, count);
	return true;
}

static bool take_byte(struct bytes *b, const char *choices)
{
	if (b->len == 0 || b->at[0] == '\0' || strchr(choices, b->at[0]) == NULL)
		return false;
	*b = bytes_from(*b, 1);
	return true;
}

static bool is_civil(int year, int month, int day, int hour, int minute, int second)
{
	static const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month >= 1 && month <= 12 && day >= 1 && day <= lengths[month - 1] && (month != 2 || day < 29 || is_leap) &&
	       hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 60;
}

/* "Z", "+hh:mm" or "+hhmm" as seconds to subtract. */
static bool take_offset(struct bytes *b, int *ret_seconds)
{
	int hours, minutes = 0;
	if (take_byte(b, "Zz")) {
		*ret_seconds = 0;
		return true;
	}
	bool negative = b->len > 0 && b->at[0] == '-';
	if (!take_byte(b, "+-") || !take_digits(b, 2, &hours))
		return false;
	take_byte(b, ":");
	if (!take_digits(b, 2, &minutes))
		return false;
	*ret_seconds = (hours * 60 + minutes) * 60 * (negative ? -1 : 1);
	return true;
}

int64_t clock_parse_rfc3339(struct bytes b)
{
	int year, month, day, hour = 0, minute = 0, second = 0, offset = 0;
	b = bytes_trim(b);
	if (!take_digits(&b, 4, &year) || !take_byte(&b, "-") || !take_digits(&b, 2, &month) || !take_byte(&b, "-") ||
	    !take_digits(&b, 2, &day))
		return CLOCK_UNKNOWN;
	if (take_byte(&b, "Tt ")) {
		if (!take_digits(&b, 2, &hour) || !take_byte(&b, ":") || !take_digits(&b, 2, &minute))
			return CLOCK_UNKNOWN;
		if (take_byte(&b, ":") && !take_digits(&b, 2, &second))
			return CLOCK_UNKNOWN;
		if (take_byte(&b, ".,"))
			while (take_byte(&b, "0123456789"))
				continue;
		if (b.len > 0 && !take_offset(&b, &offset))
			return CLOCK_UNKNOWN;
	}
	if (b.len > 0 || !is_civil(year, month, day, hour, minute, second))
		return CLOCK_UNKNOWN;
	return clock_from_civil(year, month, day, hour, minute, second) - offset;
}

static int month_of(const char name[4])
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	for (int i = 0; i < 12; i++)
		if (bytes_equal_nocase(bytes_of_string(name), bytes_of(months + 3 * i, 3)))
			return i + 1;
	return 0;
}

int64_t clock_parse_rfc5322(struct bytes b)
{
	char text[64], month_name[4] = "", zone[8] = "";
	int year, month, day, hour, minute, second = 0, offset = 0;
	b = bytes_trim(b);
	size_t comma = bytes_find_byte(b, ',');
	if (comma != BYTES_NOT_FOUND)
		b = bytes_trim(bytes_from(b, comma + 1));
	size_t length = b.len < sizeof text - 1 ? b.len : sizeof text - 1;
	if (length > 0)
		memcpy(text, b.at, length);
	text[length] = '\0';
	int fields = sscanf(text, "%2d%*1[- ]%3s%*1[- ]%4d %2d:%2d:%2d %7s", &day, month_name, &year, &hour, &minute, &second,
	                    zone);
	if (fields < 5 && sscanf(text, "%*3s %3s %2d %2d:%2d:%2d %4d", month_name, &day, &hour, &minute, &second, &year) == 6)
		fields = 6; /* asctime's form, which HTTP allows as well */
	if (fields < 5)
		return CLOCK_UNKNOWN;
	if (fields == 5)
		sscanf(text, "%*d %*s %*d %*d:%*d %7s", zone);
	if (year < 100)
		year += year < 50 ? 2000 : 1900;
	month = month_of(month_name);
	if (year < 0 || !is_civil(year, month, day, hour, minute, second))
		return CLOCK_UNKNOWN;
	struct bytes rest = bytes_of_string(zone);
	if (rest.len > 0 && (zone[0] == '+' || zone[0] == '-') && !take_offset(&rest, &offset))
		offset = 0;
	return clock_from_civil(year, month, day, hour, minute, second) - offset;
}
