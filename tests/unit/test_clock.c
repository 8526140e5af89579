/* SPDX-License-Identifier: Apache-2.0 */
/* clock: published dates come out as the seconds they are; what is no date is unknown. */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct row {
	const char *text;
	int64_t seconds;
};

static void assert_parse(int64_t (*parse)(struct bytes), const struct row *rows)
{
	for (; rows->text != NULL; rows++) {
		int64_t got = parse(bytes_of_string(rows->text));
		if (got != rows->seconds)
			fail_msg("%s is %lld, not %lld", rows->text, (long long)got, (long long)rows->seconds);
	}
}

static void civil_dates_are_the_seconds_they_are(void **state)
{
	(void)state;
	assert_true(clock_from_civil(1970, 1, 1, 0, 0, 0) == 0);
	assert_true(clock_from_civil(1969, 12, 31, 23, 59, 59) == -1);
	assert_true(clock_from_civil(2000, 2, 29, 0, 0, 0) == 951782400);
	assert_true(clock_from_civil(2000, 3, 1, 0, 0, 0) == 951868800);
	assert_true(clock_from_civil(1900, 3, 1, 0, 0, 0) - clock_from_civil(1900, 2, 28, 0, 0, 0) == 86400);
	assert_true(clock_from_civil(2038, 1, 19, 3, 14, 8) == INT64_C(2147483648));
	assert_true(clock_from_civil(1, 1, 1, 0, 0, 0) == INT64_C(-62135596800));
	assert_true(clock_from_civil(9999, 12, 31, 23, 59, 59) == INT64_C(253402300799));
}

static void rfc3339_is_read(void **state)
{
	(void)state;
	assert_parse(clock_parse_rfc3339, (const struct row[]){{"1970-01-01T00:00:00Z", 0},
	                                                       {"1985-04-12T23:20:50.52Z", 482196050},
	                                                       {"1996-12-19T16:39:57-08:00", 851042397},
	                                                       {"1990-12-31T23:59:60Z", 662688000},
	                                                       {"1990-12-31T15:59:60-08:00", 662688000},
	                                                       {"1937-01-01T12:00:27.87+00:20", -1041337173},
	                                                       {"2022-08-01T12:00:00Z", 1659355200},
	                                                       {"2022-08-01t12:00:00z", 1659355200},
	                                                       {"2022-08-01 12:00:00Z", 1659355200},
	                                                       {"2022-08-01", 1659312000},
	                                                       {" 2022-08-01\n", 1659312000},
	                                                       {"2022-08-01T12:00:00.1234567Z", 1659355200},
	                                                       {"2022-08-01T14:00:00+02:00", 1659355200},
	                                                       {"2022-08-01T12:00:00-00:00", 1659355200},
	                                                       {"2024-02-29T00:00:00Z", 1709164800},
	                                                       {"0001-01-01T00:00:00Z", INT64_C(-62135596800)},
	                                                       {"9999-12-31T23:59:59Z", INT64_C(253402300799)},
	                                                       {NULL, 0}});
}

static void what_is_no_rfc3339_is_unknown(void **state)
{
	(void)state;
	static const char *const bad[] = {"",
	                                  " ",
	                                  "2022",
	                                  "2022-08",
	                                  "2022-8-1",
	                                  "2022-08-01T",
	                                  "2022-08-01Z",
	                                  "2022-08-01T12",
	                                  "2022-08-01T12:",
	                                  "2022-08-01T12:00:",
	                                  "2022-08-01T12:00:00Zx",
	                                  "2022-08-01T12:00:00+2",
	                                  "2022-08-01T12:00:00+02:",
	                                  "2022-13-01",
	                                  "2022-00-01",
	                                  "2022-01-00",
	                                  "2022-01-32",
	                                  "2022-01-01T25:00:00Z",
	                                  "2022-01-01T00:60:00Z",
	                                  "2022-01-01T00:00:61Z",
	                                  "+2022-01-01",
	                                  "-2022-01-01",
	                                  "22-01-01",
	                                  "2022/01/01",
	                                  "Mon, 01 Aug 2022 12:00:00 GMT",
	                                  "2022-08-01T-1:00:00Z",
	                                  "2022-08-01T12:00:00 +02:00 x",
	                                  "20220801T120000Z",
	                                  NULL};
	for (size_t i = 0; bad[i] != NULL; i++)
		if (clock_parse_rfc3339(bytes_of_string(bad[i])) != CLOCK_UNKNOWN)
			fail_msg("%s is no RFC 3339", bad[i]);
	assert_true(clock_parse_rfc3339(BYTES_NONE) == CLOCK_UNKNOWN);
	assert_true(clock_parse_rfc3339(BYTES_LITERAL("2022-08-01\0")) == CLOCK_UNKNOWN);
	assert_true(clock_parse_rfc3339(bytes_slice(BYTES_LITERAL("2022-08-01"), 0, 9)) == CLOCK_UNKNOWN);
}

/* RFC 3339 5.7: the day within its month, leap years minded; 5.6: hours to 23. */
static void days_that_no_calendar_has_are_unknown(void **state)
{
	(void)state;
	static const char *const bad[] = {"2019-02-30", "2019-02-29", "1900-02-29", "2019-04-31T00:00:00Z", NULL};
	for (size_t i = 0; bad[i] != NULL; i++)
		if (clock_parse_rfc3339(bytes_of_string(bad[i])) != CLOCK_UNKNOWN)
			fail_msg("%s is no day", bad[i]);
	assert_true(clock_parse_rfc5322(BYTES_LITERAL("Sat, 30 Feb 2019 00:00:00 +0000")) == CLOCK_UNKNOWN);
}

static void rfc5322_and_http_dates_are_read(void **state)
{
	(void)state;
	assert_parse(clock_parse_rfc5322, (const struct row[]){{"Fri, 21 Nov 1997 09:55:06 -0600", 880127706},
	                                                       {"Tue, 1 Jul 2003 10:52:37 +0200", 1057049557},
	                                                       {"Thu, 13 Feb 1969 23:32:54 -0330", -27723426},
	                                                       {"21 Nov 1997 09:55 -0600", 880127700},
	                                                       {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
	                                                       {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
	                                                       {"Mon, 01 Aug 2022 12:00:00 +0000", 1659355200},
	                                                       {"Mon, 01 aug 2022 12:00:00 Z", 1659355200},
	                                                       {"Mon, 1 Aug 2022 14:00:00 +0200 (CEST)", 1659355200},
	                                                       {" Mon, 1 Aug 2022 12:00:00 GMT\r\n", 1659355200},
	                                                       {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
	                                                       {"Tue, 01 Aug 95 00:00:00 GMT", 807235200},
	                                                       {"Tue, 01 Aug 05 00:00:00 GMT", 1122854400},
	                                                       {NULL, 0}});
}

/* RFC 9110 5.6.7: a recipient must accept all three forms. */
static void the_asctime_form_of_http_is_read(void **state)
{
	(void)state;
	assert_true(clock_parse_rfc5322(BYTES_LITERAL("Sun Nov  6 08:49:37 1994")) == 784111777);
}

static void what_is_no_mail_date_is_unknown(void **state)
{
	(void)state;
	static const char *const bad[] = {"",
	                                  " ",
	                                  ",",
	                                  "Mon,",
	                                  "Mon, 01 Aug",
	                                  "Mon, 01 Aug 2022",
	                                  "Mon, 01 Xyz 2022 12:00:00 GMT",
	                                  "Mon, 32 Aug 2022 12:00:00 GMT",
	                                  "Mon, 00 Aug 2022 12:00:00 GMT",
	                                  "Mon, 01 Aug 2022 25:00:00 GMT",
	                                  "Mon, 01 Aug 2022 12:60:00 GMT",
	                                  "Mon, 01 Aug 2022 12:00:61 GMT",
	                                  "Mon, -1 Aug 2022 12:00:00 GMT",
	                                  "Mon, 01 Aug 2022 -1:00:00 GMT",
	                                  "Mon, 01 Aug 2022 12:-1:00 GMT",
	                                  "2022-08-01T12:00:00Z",
	                                  "yesterday",
	                                  NULL};
	for (size_t i = 0; bad[i] != NULL; i++)
		if (clock_parse_rfc5322(bytes_of_string(bad[i])) != CLOCK_UNKNOWN)
			fail_msg("%s is no mail date", bad[i]);
	assert_true(clock_parse_rfc5322(BYTES_NONE) == CLOCK_UNKNOWN);
	char huge[5000];
	memset(huge, '1', sizeof huge);
	assert_true(clock_parse_rfc5322(bytes_of(huge, sizeof huge)) == CLOCK_UNKNOWN);
}

static void times_are_written_as_rfc3339_and_read_back(void **state)
{
	(void)state;
	char text[CLOCK_TEXT_SIZE];
	assert_string_equal(clock_format(1659355200, text), "2022-08-01T12:00:00Z");
	assert_string_equal(clock_format(0, text), "1970-01-01T00:00:00Z");
	assert_string_equal(clock_format(-1, text), "1969-12-31T23:59:59Z");
	assert_string_equal(clock_format(INT64_C(-62135596800), text), "0001-01-01T00:00:00Z");
	assert_string_equal(clock_format(INT64_C(253402300799), text), "9999-12-31T23:59:59Z");
	for (int64_t t = INT64_C(-62135596800); t <= INT64_C(253402300799); t += 31536001 * INT64_C(3))
		assert_true(clock_parse_rfc3339(bytes_of_string(clock_format(t, text))) == t);
}

static void unknown_and_unwritable_times_are_empty(void **state)
{
	(void)state;
	char text[CLOCK_TEXT_SIZE] = "x";
	static const int64_t times[] = {CLOCK_UNKNOWN, INT64_MIN + 1, INT64_MAX, INT64_C(253402300800), INT64_C(-62167219201)};
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		assert_ptr_equal(clock_format(times[i], text), text);
		assert_string_equal(text, "");
	}
}

static void what_no_date_can_say_is_unknown(void **state)
{
	(void)state;
	static const int64_t said[] = {INT64_C(-62167219200), -1, 0, INT64_C(253402300799)};
	static const int64_t unsaid[] = {INT64_MIN, INT64_MIN + 1, INT64_C(-62167219201), INT64_C(253402300800), INT64_MAX};
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		assert_true(clock_limit(said[i]) == said[i]);
	for (size_t i = 0; i < sizeof unsaid / sizeof *unsaid; i++)
		assert_true(clock_limit(unsaid[i]) == CLOCK_UNKNOWN);
}

static void the_zone_of_the_machine_does_not_matter(void **state)
{
	(void)state;
	char text[CLOCK_TEXT_SIZE];
	setenv("TZ", "Asia/Tokyo", 1);
	assert_string_equal(clock_format(0, text), "1970-01-01T00:00:00Z");
	assert_true(clock_parse_rfc5322(BYTES_LITERAL("Thu, 01 Jan 1970 00:00:00 GMT")) == 0);
	setenv("TZ", "UTC", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(civil_dates_are_the_seconds_they_are),
		cmocka_unit_test(rfc3339_is_read),
		cmocka_unit_test(what_is_no_rfc3339_is_unknown),
		cmocka_unit_test(days_that_no_calendar_has_are_unknown),
		cmocka_unit_test(rfc5322_and_http_dates_are_read),
		cmocka_unit_test(the_asctime_form_of_http_is_read),
		cmocka_unit_test(what_is_no_mail_date_is_unknown),
		cmocka_unit_test(times_are_written_as_rfc3339_and_read_back),
		cmocka_unit_test(unknown_and_unwritable_times_are_empty),
		cmocka_unit_test(what_no_date_can_say_is_unknown),
		cmocka_unit_test(the_zone_of_the_machine_does_not_matter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
