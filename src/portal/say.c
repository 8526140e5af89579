/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/say.h"

#include "base/clock.h"
#include "base/html.h"

#include <stdio.h>

static void say_number(struct buffer *into, enum language language, uint64_t number)
{
	char digits[24];
	int count = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
	for (int i = 0; i < count; i++) {
		if (i > 0 && (count - i) % 3 == 0)
			say(into, language, WORD_NUMBER_GROUP);
		buffer_append_byte(into, (unsigned char)digits[i]);
	}
}

/* Sizes as people say them: 2.1 GB, 310 MB; in steps of a thousand, rounded once. */
static void say_size(struct buffer *into, enum language language, uint64_t bytes)
{
	static const char *const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
	enum { UNITS = sizeof units / sizeof *units, NEARLY_NEXT = 9995 };
	uint64_t step = 100; /* a tenth of the unit */
	size_t unit = 0;
	if (bytes < 1000) {
		SAY(into, language, WORD_SIZE_BYTES, said_number(bytes));
		return;
	}
	for (; bytes / step >= NEARLY_NEXT && unit + 1 < UNITS; unit++)
		step *= 1000;
	uint64_t tenths = bytes / step + (bytes % step >= step / 2);
	uint64_t whole = bytes / (10 * step) + (bytes % (10 * step) >= 5 * step);
	say_number(into, language, tenths < 1000 ? tenths / 10 : whole);
	if (tenths % 10 != 0 && tenths < 1000) {
		say(into, language, WORD_NUMBER_POINT);
		buffer_append_byte(into, (unsigned char)('0' + tenths % 10));
	}
	HTML(into, "\xC2\xA0");
	buffer_append_string(into, units[unit]);
}

static void say_day(struct buffer *into, enum language language, int64_t time, bool has_hour)
{
	char text[CLOCK_TEXT_SIZE];
	int year = 0, month = 0, day = 0, hour = 0, minute = 0;
	if (sscanf(clock_format(time, text), "%d-%d-%dT%d:%d", &year, &month, &day, &hour, &minute) != 5 || month < 1 ||
	    month > 12) {
		say(into, language, WORD_DATE_UNKNOWN);
		return;
	}
	char year_text[8], day_text[8], clock_text[16];
	snprintf(year_text, sizeof year_text, "%d", year % 10000);
	snprintf(day_text, sizeof day_text, "%d", day % 100);
	snprintf(clock_text, sizeof clock_text, "%02d:%02d", hour % 100, minute % 100);
	HTML(into, "<time datetime=\"");
	buffer_append_string(into, text);
	HTML(into, "\">");
	enum word named = (enum word)((int)WORD_MONTH_1 + month - 1);
	SAY(into, language, has_hour ? WORD_DATE_TIME : WORD_DATE_DAY, said_string(day_text),
	    said_string(words_of(language, named)), said_string(year_text), said_string(clock_text));
	HTML(into, "</time>");
}

void say_value(struct buffer *into, enum language language, struct said value)
{
	switch (value.kind) {
	case SAID_TEXT: html_text(into, value.text); break;
	case SAID_FOREIGN: html_foreign(into, value.text); break;
	case SAID_NUMBER: say_number(into, language, value.number); break;
	case SAID_COUNT:
		SAY(into, language, value.number == 1 ? value.one : (enum word)((int)value.one + 1), said_number(value.number));
		break;
	case SAID_SIZE: say_size(into, language, value.number); break;
	case SAID_DAY: say_day(into, language, value.time, false); break;
	case SAID_TIME: say_day(into, language, value.time, true); break;
	}
}

void say_filled(struct buffer *into, enum language language, enum word word, const struct said *values, size_t count)
{
	struct bytes rest = bytes_of_string(words_of(language, word));
	while (rest.len > 0) {
		size_t at = bytes_find_byte(rest, '{');
		html_text(into, bytes_slice(rest, 0, at));
		if (at == BYTES_NOT_FOUND || at + 2 >= rest.len)
			break;
		size_t number = (size_t)(rest.at[at + 1] - '1');
		if (number < count)
			say_value(into, language, values[number]);
		rest = bytes_from(rest, at + 3);
	}
}

void say(struct buffer *into, enum language language, enum word word)
{
	say_filled(into, language, word, NULL, 0);
}
