/* SPDX-License-Identifier: Apache-2.0 */
/* json: commas and nesting keep themselves, and whatever text comes, what goes out is RFC 8259. */
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct buffer buffer;
static struct json_writer json;

static int start(void **state)
{
	(void)state;
	buffer = buffer_with_ceiling(1 << 20);
	json = json_writer_into(&buffer);
	return 0;
}

static int end(void **state)
{
	(void)state;
	buffer_free(&buffer);
	return 0;
}

static void assert_written(const char *wanted)
{
	assert_int_equal(buffer_status(&buffer), STATUS_OK);
	assert_string_equal(buffer_string(&buffer), wanted);
	buffer_reset(&buffer);
	json = json_writer_into(&buffer);
}

static void nesting_keeps_its_commas(void **state)
{
	(void)state;
	json_begin_object(&json);
	json_key(&json, "a");
	json_begin_array(&json);
	json_unsigned(&json, 1);
	json_begin_array(&json);
	json_end_array(&json);
	json_begin_object(&json);
	json_end_object(&json);
	json_null(&json);
	json_end_array(&json);
	json_key(&json, "b");
	json_begin_object(&json);
	json_key(&json, "c");
	json_boolean(&json, true);
	json_key(&json, "d");
	json_boolean(&json, false);
	json_end_object(&json);
	json_key(&json, "e");
	json_raw(&json, BYTES_LITERAL("[1,2]"));
	json_key(&json, "f");
	json_string(&json, "g");
	json_end_object(&json);
	assert_written("{\"a\":[1,[],{},null],\"b\":{\"c\":true,\"d\":false},\"e\":[1,2],\"f\":\"g\"}");
}

static void empty_things_have_no_commas(void **state)
{
	(void)state;
	json_begin_array(&json);
	json_end_array(&json);
	assert_written("[]");
	json_begin_object(&json);
	json_end_object(&json);
	assert_written("{}");
	json_begin_array(&json);
	json_raw(&json, BYTES_LITERAL("1"));
	json_raw(&json, BYTES_LITERAL("2"));
	json_end_array(&json);
	assert_written("[1,2]");
}

static void whole_numbers_are_written_to_the_last_digit(void **state)
{
	(void)state;
	json_begin_array(&json);
	json_unsigned(&json, 0);
	json_unsigned(&json, UINT64_MAX);
	json_integer(&json, INT64_MIN);
	json_integer(&json, INT64_MAX);
	json_integer(&json, -1);
	json_end_array(&json);
	assert_written("[0,18446744073709551615,-9223372036854775808,9223372036854775807,-1]");
}

static double read_back(double value)
{
	json_real(&json, value);
	double got = strtod(buffer_string(&buffer), NULL);
	buffer_reset(&buffer);
	json = json_writer_into(&buffer);
	return got;
}

static void reals_are_numbers_or_null(void **state)
{
	(void)state;
	json_begin_array(&json);
	json_real(&json, 0.5);
	json_real(&json, 0);
	json_real(&json, -2.25);
	json_real(&json, (double)NAN);
	json_real(&json, (double)INFINITY);
	json_real(&json, -(double)INFINITY);
	json_end_array(&json);
	assert_written("[0.5,0,-2.25,null,null,null]");
	assert_true(fabs(read_back(0.123456) - 0.123456) < 1e-9);
}

static void reals_lose_no_more_than_the_seventh_decimal(void **state)
{
	(void)state;
	static const double values[] = {1234567.25, 12345678, 86400.125, 99.999999, 1.0000005};
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		if (fabs(read_back(values[i]) - values[i]) > 1e-6)
			fail_msg("%.7f comes back as %.7f", values[i], read_back(values[i]));
}

static void strings_are_escaped(void **state)
{
	(void)state;
	json_bytes(&json, BYTES_LITERAL("a\"b\\c/\n\t\r\b\f\0\x1F\x7F"));
	assert_written("\"a\\\"b\\\\c/\\n\\t\\u000d\\u0008\\u000c\\u0000\\u001f\\u007f\"");
	json_bytes(&json, BYTES_LITERAL("\xC3\xA4\xF0\x9F\x98\x80"));
	assert_written("\"\xC3\xA4\xF0\x9F\x98\x80\"");
	json_bytes(&json, BYTES_NONE);
	assert_written("\"\"");
	json_string(&json, "");
	assert_written("\"\"");
	json_string(&json, NULL);
	assert_written("null");
	json_begin_object(&json);
	json_key(&json, "a\"\n");
	json_null(&json);
	json_end_object(&json);
	assert_written("{\"a\\\"\\n\":null}");
}

/* Read back by a JSON reader each is the character that went in. */
static void what_steers_a_terminal_is_escaped(void **state)
{
	static const char *const cases[][2] = {
		{"\xC2\x80", "\\u0080"},
		{"\xC2\x9B"
	         "31m",
	         "\\u009b31m"},
		{"\xC2\x9F", "\\u009f"},
		{"\xC2\xA0", "\xC2\xA0"},
		{"\xD8\x9C", "\\u061c"},
		{"\xD8\x9B", "\xD8\x9B"},
		{"\xE1\xA0\x8E", "\\u180e"},
		{"\xE2\x80\x8B", "\\u200b"},
		{"\xE2\x80\x8E", "\\u200e"},
		{"a\xE2\x80\x8F"
	         "b",
	         "a\\u200fb"},
		{"\xE2\x80\xA8\xE2\x80\xA9", "\\u2028\\u2029"},
		{"\xE2\x80\xAA\xE2\x80\xAE", "\\u202a\\u202e"},
		{"\xE2\x80\xAF", "\xE2\x80\xAF"},
		{"\xE2\x81\xA0", "\\u2060"},
		{"\xE2\x81\xA6\xE2\x81\xA9", "\\u2066\\u2069"},
		{"\xEF\xBB\xBF", "\\ufeff"},
		{"\xEF\xBF\xBD", "\xEF\xBF\xBD"},
		{"\xF3\xA0\x80\x81\xF3\xA0\x81\xBF", "\\udb40\\udc01\\udb40\\udc7f"},
		{"\xE2\x80\x99\xE2\x82\xAC", "\xE2\x80\x99\xE2\x82\xAC"},
		{"\xD9\x85\xE2\x80\x8C\xD8\xAE", "\xD9\x85\xE2\x80\x8C\xD8\xAE"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char wanted[64];
		snprintf(wanted, sizeof wanted, "\"%s\"", cases[i][1]);
		json_string(&json, cases[i][0]);
		assert_written(wanted);
	}
	json_begin_object(&json);
	json_key(&json, "\xC2\x9B");
	json_null(&json);
	json_end_object(&json);
	assert_written("{\"\\u009b\":null}");
}

/* Whatever the bytes: nothing unsafe is left in what goes out. */
static void no_code_point_that_is_unsafe_goes_out(void **state)
{
	(void)state;
	for (uint32_t c = 1; c < 0xE1000; c++) {
		unsigned char encoded[4];
		size_t length = text_encode(c, encoded);
		if (length == 0 || !text_is_unsafe(c))
			continue;
		json_bytes(&json, bytes_of(encoded, length));
		for (size_t i = 0; i < buffer.len; i++)
			assert_in_range(buffer.at[i], 0x20, 0x7E);
		buffer_reset(&buffer);
		json = json_writer_into(&buffer);
	}
}

static void text_that_is_no_utf8_is_repaired(void **state)
{
	(void)state;
	json_bytes(&json, BYTES_LITERAL("a\xFF\"\xC3"));
	assert_written("\"a\xEF\xBF\xBD\\\"\xEF\xBF\xBD\"");
	for (unsigned first = 0; first < 256; first++) {
		for (unsigned second = 0; second < 256; second++) {
			unsigned char pair[2] = {(unsigned char)first, (unsigned char)second};
			json_bytes(&json, bytes_of(pair, 2));
			assert_true(text_is_valid(buffer_bytes(&buffer)));
			for (size_t i = 0; i < buffer.len; i++)
				assert_true(buffer.at[i] >= 0x20);
			buffer_reset(&buffer);
			json = json_writer_into(&buffer);
		}
	}
}

static void signatures_are_stars(void **state)
{
	(void)state;
	json_bytes(&json, BYTES_LITERAL("https://a/b?sv=1&sig=ab%3D&se=1 \xff"));
	assert_written("\"https://a/b?sv=1&sig=*****&se=1 \xef\xbf\xbd\"");
	json_begin_object(&json);
	json_member_string(&json, "query", "{\"u\":\"?a=1\\u0026sig=ab\"}");
	json_end_object(&json);
	assert_written("{\"query\":\"{\\\"u\\\":\\\"?a=1\\\\u0026sig=**\\\"}\"}");
}

static void times_are_rfc3339_or_null(void **state)
{
	(void)state;
	json_begin_array(&json);
	json_time(&json, 1659355200);
	json_time(&json, CLOCK_UNKNOWN);
	json_time(&json, INT64_MAX);
	json_end_array(&json);
	assert_written("[\"2022-08-01T12:00:00Z\",null,null]");
}

static void levels_up_to_sixty_three_keep_their_commas(void **state)
{
	(void)state;
	for (int i = 0; i < 63; i++) {
		json_begin_array(&json);
		json_null(&json);
	}
	for (int i = 0; i < 63; i++) {
		json_null(&json);
		json_end_array(&json);
	}
	const char *text = buffer_string(&buffer);
	assert_int_equal(buffer.len, 63 * 2 + 2 * 63 * 4 + 62 + 63);
	assert_null(strstr(text, "nulln"));
	assert_null(strstr(text, "]n"));
	assert_null(strstr(text, "l["));
	assert_null(strstr(text, ",]"));
	assert_null(strstr(text, "[,"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nesting_keeps_its_commas, start, end),
		cmocka_unit_test_setup_teardown(empty_things_have_no_commas, start, end),
		cmocka_unit_test_setup_teardown(whole_numbers_are_written_to_the_last_digit, start, end),
		cmocka_unit_test_setup_teardown(reals_are_numbers_or_null, start, end),
		cmocka_unit_test_setup_teardown(reals_lose_no_more_than_the_seventh_decimal, start, end),
		cmocka_unit_test_setup_teardown(strings_are_escaped, start, end),
		cmocka_unit_test_setup_teardown(what_steers_a_terminal_is_escaped, start, end),
		cmocka_unit_test_setup_teardown(no_code_point_that_is_unsafe_goes_out, start, end),
		cmocka_unit_test_setup_teardown(text_that_is_no_utf8_is_repaired, start, end),
		cmocka_unit_test_setup_teardown(signatures_are_stars, start, end),
		cmocka_unit_test_setup_teardown(times_are_rfc3339_or_null, start, end),
		cmocka_unit_test_setup_teardown(levels_up_to_sixty_three_keep_their_commas, start, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
