/* SPDX-License-Identifier: Apache-2.0 */
/* range: bounds are inclusive, k is 1024 and kB is 1000, and a year, month or day means all of it. */
#include "answer/range.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define LOWEST INT64_MIN
#define HIGHEST INT64_MAX

struct row {
	const char *text;
	int64_t low, high;
};

typedef bool parse(struct bytes text, int64_t *ret_low, int64_t *ret_high);

static void assert_ranges(parse *function, const struct row *rows)
{
	for (; rows->text != NULL; rows++) {
		int64_t low = 7, high = 7;
		bool parsed = function(bytes_of_string(rows->text), &low, &high);
		if (!parsed || low != rows->low || high != rows->high)
			fail_msg("%s: %d %lld..%lld", rows->text, parsed, (long long)low, (long long)high);
	}
}

static void assert_no_ranges(parse *function, const char *const *bad)
{
	for (; *bad != NULL; bad++) {
		int64_t low = 7, high = 8;
		if (function(bytes_of_string(*bad), &low, &high))
			fail_msg("%s is no range, but was %lld..%lld", *bad, (long long)low, (long long)high);
		assert_true(low == 7 && high == 8);
	}
}

static void units_of_size_are_binary_unless_they_end_in_b_alone(void **state)
{
	(void)state;
	assert_ranges(range_parse_size, (const struct row[]){{"0", 0, 0},
	                                                     {"4096", 4096, 4096},
	                                                     {"4096B", 4096, 4096},
	                                                     {"1k", 1024, 1024},
	                                                     {"1K", 1024, 1024},
	                                                     {"1KiB", 1024, 1024},
	                                                     {"1kib", 1024, 1024},
	                                                     {"1kB", 1000, 1000},
	                                                     {"1KB", 1000, 1000},
	                                                     {"2M", 2097152, 2097152},
	                                                     {"2MB", 2000000, 2000000},
	                                                     {"2MiB", 2097152, 2097152},
	                                                     {"1G", 1073741824, 1073741824},
	                                                     {"1GB", 1000000000, 1000000000},
	                                                     {"3T", INT64_C(3298534883328), INT64_C(3298534883328)},
	                                                     {"3TB", INT64_C(3000000000000), INT64_C(3000000000000)},
	                                                     {"9223372036854775806", HIGHEST - 1, HIGHEST - 1},
	                                                     {NULL, 0, 0}});
}

static void sizes_are_compared_and_spanned(void **state)
{
	(void)state;
	assert_ranges(range_parse_size, (const struct row[]){{">1M", 1048577, HIGHEST},
	                                                     {">=1M", 1048576, HIGHEST},
	                                                     {"<10k", LOWEST, 10239},
	                                                     {"<=10k", LOWEST, 10240},
	                                                     {"1k..2M", 1024, 2097152},
	                                                     {"1k..", 1024, HIGHEST},
	                                                     {"..2kB", LOWEST, 2000},
	                                                     {"5..5", 5, 5},
	                                                     {"<0", LOWEST, -1},
	                                                     {">9223372036854775806", HIGHEST, HIGHEST},
	                                                     {NULL, 0, 0}});
}

static void what_is_no_size_is_refused(void **state)
{
	(void)state;
	assert_no_ranges(range_parse_size, (const char *const[]){"",
	                                                         "k",
	                                                         "kB",
	                                                         "B",
	                                                         ">",
	                                                         ">=",
	                                                         "<",
	                                                         "..",
	                                                         "...",
	                                                         "1..2..3",
	                                                         "-1",
	                                                         "+1",
	                                                         "1.5M",
	                                                         "1kk",
	                                                         "1x",
	                                                         "1 2",
	                                                         "=1",
	                                                         ">>1",
	                                                         "=>1",
	                                                         "> k",
	                                                         "1e3",
	                                                         "0x10",
	                                                         "1P",
	                                                         "9223372036854775807",
	                                                         "18446744073709551616",
	                                                         "16777216T",
	                                                         "99999999999T",
	                                                         "1k..x",
	                                                         "x..1k",
	                                                         ">1..2",
	                                                         NULL});
	int64_t low, high;
	assert_false(range_parse_size(BYTES_NONE, &low, &high));
	assert_false(range_parse_size(BYTES_LITERAL("1\0"), &low, &high));
}

static void a_unit_needs_its_letter(void **state)
{
	(void)state;
	assert_no_ranges(range_parse_size, (const char *const[]){"10i", "10iB", NULL});
}

static int64_t at(int year, int month, int day)
{
	return clock_from_civil(year, month, day, 0, 0, 0);
}

/* The last day of a month that is longer than the one before. */
#define NOW (clock_from_civil(2021, 3, 31, 1, 0, 0))

static bool parse_time(struct bytes text, int64_t *ret_low, int64_t *ret_high)
{
	return range_parse_time(text, NOW, ret_low, ret_high);
}

static void a_year_month_or_day_is_all_of_it(void **state)
{
	(void)state;
	assert_ranges(parse_time,
	              (const struct row[]){{"2019", at(2019, 1, 1), at(2020, 1, 1) - 1},
	                                   {"2019-03", at(2019, 3, 1), at(2019, 4, 1) - 1},
	                                   {"2019-12", at(2019, 12, 1), at(2020, 1, 1) - 1},
	                                   {"2020-02", at(2020, 2, 1), at(2020, 2, 29) + 86399},
	                                   {"2020-05-01", at(2020, 5, 1), at(2020, 5, 1) + 86399},
	                                   {"2020-05-01T10:00:00Z", at(2020, 5, 1) + 36000, at(2020, 5, 1) + 36000},
	                                   {"2020-05-01T10:00:00+02:00", at(2020, 5, 1) + 28800, at(2020, 5, 1) + 28800},
	                                   {NULL, 0, 0}});
}

static void times_are_compared_and_spanned(void **state)
{
	(void)state;
	assert_ranges(parse_time, (const struct row[]){{"2019-03..2021", at(2019, 3, 1), at(2022, 1, 1) - 1},
	                                               {"2019..", at(2019, 1, 1), HIGHEST},
	                                               {"..2019-03-05", LOWEST, at(2019, 3, 6) - 1},
	                                               {">2020", at(2021, 1, 1), HIGHEST},
	                                               {">=2020", at(2020, 1, 1), HIGHEST},
	                                               {"<2020", LOWEST, at(2020, 1, 1) - 1},
	                                               {"<=2020", LOWEST, at(2021, 1, 1) - 1},
	                                               {">2020-05-01", at(2020, 5, 2), HIGHEST},
	                                               {"<2020-05-01T10:00:00Z", LOWEST, at(2020, 5, 1) + 35999},
	                                               {NULL, 0, 0}});
}

static void what_is_no_time_is_refused(void **state)
{
	(void)state;
	assert_no_ranges(
		parse_time,
		(const char *const[]){"",         ">",      "<=",      "..",        "19",      "201",      "20199",
	                              "2019-",    "2019-0", "2019-00", "2019-13",   "2019-3",  "2019-03-", "2019-03-32",
	                              "2019-3-1", "201x",   "2019/03", "yesterday", "2019..x", "x..2019",  "2019-01..2020..2021",
	                              "-2019",    "+201",   " 201",    NULL});
}

static void ages_are_told_by_now(void **state)
{
	(void)state;
	int64_t day = 86400, now = NOW;
	assert_ranges(parse_time, (const struct row[]){{"<90d", now - 90 * day + 1, HIGHEST},
	                                               {"<=90d", now - 90 * day, HIGHEST},
	                                               {">2w", LOWEST, now - 14 * day - 1},
	                                               {">=12h", LOWEST, now - day / 2},
	                                               {"1d..2d", now - 2 * day, now - day},
	                                               {"2d..", LOWEST, now - 2 * day},
	                                               {"<=1mo", at(2021, 2, 28) + 3600, HIGHEST},
	                                               {"<=13mo", at(2020, 2, 29) + 3600, HIGHEST},
	                                               {"<=1y", at(2020, 3, 31) + 3600, HIGHEST},
	                                               {"..1y", at(2020, 3, 31) + 3600, HIGHEST},
	                                               {NULL, 0, 0}});
	assert_no_ranges(parse_time,
	                 (const char *const[]){"90d", "<d", "<90", "<90m", "<-1d", "<9999999d", "<99999y", "1d..2", NULL});
}

static void a_beginning_has_no_end(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t since;
	} rows[] = {
		{"2019", 1546300800},   {"2019-03", 1551398400}, {"2020-05-01", 1588291200}, {"2020-05-01T10:00:00Z", 1588327200},
		{"2019..", 1546300800}, {">=2019", 1546300800},  {">2018", 1546300800},
	};
	int64_t since = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(range_parse_since(bytes_of_string(rows[i].text), NOW, &since));
		assert_int_equal(since, rows[i].since);
	}
	assert_true(range_parse_since(BYTES_LITERAL("<90d"), NOW, &since));
	assert_int_equal(since, NOW - 90 * 86400 + 1);
	assert_true(range_parse_since(BYTES_LITERAL("90d"), NOW, &since));
	assert_int_equal(since, NOW - 90 * 86400);
	static const char *const ends[] = {"", "..2019", "2019..2020", "<2019", ">90d", "1d..2d", "soon", "..", NULL};
	for (const char *const *end = ends; *end != NULL; end++)
		assert_false(range_parse_since(bytes_of_string(*end), NOW, &since));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_of_size_are_binary_unless_they_end_in_b_alone),
		cmocka_unit_test(sizes_are_compared_and_spanned),
		cmocka_unit_test(what_is_no_size_is_refused),
		cmocka_unit_test(a_unit_needs_its_letter),
		cmocka_unit_test(a_year_month_or_day_is_all_of_it),
		cmocka_unit_test(times_are_compared_and_spanned),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(ages_are_told_by_now),
		cmocka_unit_test(a_beginning_has_no_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
