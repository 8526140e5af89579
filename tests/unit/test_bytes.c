/* SPDX-License-Identifier: Apache-2.0 */
/* bytes: slices never reach outside, NULL is the empty run, numbers are whole or refused, loads name their order. */
#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct bytes of(const char *text)
{
	return bytes_of_string(text);
}

static void a_slice_is_clipped_to_what_there_is(void **state)
{
	(void)state;
	struct bytes b = BYTES_LITERAL("abcdef");
	assert_true(bytes_equal_string(bytes_slice(b, 0, 6), "abcdef"));
	assert_true(bytes_equal_string(bytes_slice(b, 2, 3), "cde"));
	assert_true(bytes_equal_string(bytes_slice(b, 4, 3), "ef"));
	assert_true(bytes_equal_string(bytes_slice(b, 1, SIZE_MAX), "bcdef"));
	assert_int_equal(bytes_slice(b, 6, 1).len, 0);
	assert_int_equal(bytes_slice(b, 7, 1).len, 0);
	assert_int_equal(bytes_slice(b, SIZE_MAX, SIZE_MAX).len, 0);
	assert_ptr_equal(bytes_slice(b, SIZE_MAX, 1).at, b.at + 6);
	assert_true(bytes_equal_string(bytes_from(b, 5), "f"));
	assert_null(bytes_slice(BYTES_NONE, 3, 3).at);
	assert_int_equal(bytes_slice(BYTES_NONE, 3, 3).len, 0);
}

static void null_is_the_empty_run(void **state)
{
	(void)state;
	assert_int_equal(bytes_of_string(NULL).len, 0);
	assert_true(bytes_equal(BYTES_NONE, of("")));
	assert_true(bytes_equal_string(BYTES_NONE, NULL));
	assert_false(bytes_equal(BYTES_NONE, of("a")));
	assert_true(bytes_start_with(BYTES_NONE, BYTES_NONE));
	assert_true(bytes_end_with(of("a"), BYTES_NONE));
	assert_true(bytes_equal_nocase(BYTES_NONE, of("")));
	assert_int_equal(bytes_compare(BYTES_NONE, of("")), 0);
	assert_true(bytes_compare(BYTES_NONE, of("a")) < 0);
	assert_int_equal(bytes_trim(BYTES_NONE).len, 0);
	assert_true(bytes_find(BYTES_NONE, of("a")) == BYTES_NOT_FOUND);
	assert_true(bytes_find_byte(BYTES_NONE, 0) == BYTES_NOT_FOUND);
	assert_true(bytes_find_last_byte(BYTES_NONE, 0) == BYTES_NOT_FOUND);
}

static void order_is_of_unsigned_bytes_then_of_length(void **state)
{
	(void)state;
	static const char *const ordered[] = {"",   "A",    "AB",   "B",    "a",        "a.", "a/",
	                                      "ab", "\x7F", "\x80", "\xFF", "\xFF\x01", NULL};
	for (size_t i = 0; ordered[i] != NULL; i++) {
		for (size_t j = 0; ordered[j] != NULL; j++) {
			int order = bytes_compare(of(ordered[i]), of(ordered[j]));
			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
		}
	}
	assert_true(bytes_compare(BYTES_LITERAL("a\0b"), BYTES_LITERAL("a\0c")) < 0);
	assert_true(bytes_compare(BYTES_LITERAL("a\0"), BYTES_LITERAL("a")) > 0);
}

static void equality_and_ends_count_every_byte(void **state)
{
	(void)state;
	assert_false(bytes_equal(BYTES_LITERAL("a\0b"), BYTES_LITERAL("a\0c")));
	assert_false(bytes_equal_string(BYTES_LITERAL("a\0"), "a"));
	assert_true(bytes_start_with(of("abc"), of("ab")));
	assert_false(bytes_start_with(of("ab"), of("abc")));
	assert_false(bytes_start_with(of("abc"), of("bc")));
	assert_true(bytes_end_with(of("abc"), of("bc")));
	assert_false(bytes_end_with(of("bc"), of("abc")));
	assert_false(bytes_end_with(of("abc"), of("ab")));
}

static void only_ascii_letters_lose_their_case(void **state)
{
	(void)state;
	assert_true(bytes_equal_nocase(of("aZ[@`{09"), of("Az[@`{09")));
	assert_false(bytes_equal_nocase(of("@"), of("`")));
	assert_false(bytes_equal_nocase(of("["), of("{")));
	assert_false(bytes_equal_nocase(of("\xC3\x84"), of("\xC3\xA4")));
	assert_false(bytes_equal_nocase(of("ab"), of("abc")));
	assert_true(bytes_start_with_nocase(of("Content-Type"), of("CONTENT-")));
	assert_false(bytes_start_with_nocase(of("Con"), of("CONTENT-")));
}

static void the_first_and_the_last_are_found(void **state)
{
	(void)state;
	struct bytes b = BYTES_LITERAL("ab\0ab\0c");
	assert_int_equal(bytes_find(b, BYTES_LITERAL("ab")), 0);
	assert_int_equal(bytes_find(b, BYTES_LITERAL("\0c")), 5);
	assert_int_equal(bytes_find(b, BYTES_LITERAL("")), 0);
	assert_true(bytes_find(b, BYTES_LITERAL("ac")) == BYTES_NOT_FOUND);
	assert_true(bytes_find(of("ab"), of("abc")) == BYTES_NOT_FOUND);
	assert_true(bytes_find(bytes_slice(b, 0, 1), of("ab")) == BYTES_NOT_FOUND);
	assert_int_equal(bytes_find_byte(b, 0), 2);
	assert_int_equal(bytes_find_last_byte(b, 0), 5);
	assert_int_equal(bytes_find_last_byte(b, 'a'), 3);
	assert_true(bytes_find_byte(b, 'x') == BYTES_NOT_FOUND);
	assert_true(bytes_find_byte(bytes_slice(b, 0, 6), 'c') == BYTES_NOT_FOUND);
}

static void trimming_takes_white_space_off_both_ends_alone(void **state)
{
	(void)state;
	assert_true(bytes_equal_string(bytes_trim(of(" \t\r\n\v\fa \tb \r\n")), "a \tb"));
	assert_int_equal(bytes_trim(of(" \t\r\n\v\f")).len, 0);
	assert_true(bytes_equal(bytes_trim(BYTES_LITERAL("\0a\0")), BYTES_LITERAL("\0a\0")));
	assert_true(bytes_equal_string(bytes_trim(of("\xC2\xA0")), "\xC2\xA0"));
	assert_true(bytes_equal_string(bytes_trim(of("\x08\x0E")), "\x08\x0E"));
}

static void a_number_is_all_digits_and_fits(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t value;
	} good[] = {{"0", 0},
	            {"7", 7},
	            {"0042", 42},
	            {"18446744073709551615", UINT64_MAX},
	            {"00018446744073709551615", UINT64_MAX},
	            {"18446744073709551609", UINT64_MAX - 6},
	            {NULL, 0}};
	static const char *const bad[] = {"",
	                                  " 1",
	                                  "1 ",
	                                  "+1",
	                                  "-1",
	                                  "0x1",
	                                  "1.0",
	                                  "1a",
	                                  "\xD9\xA1",
	                                  "18446744073709551616",
	                                  "18446744073709551620",
	                                  "99999999999999999999",
	                                  "184467440737095516150",
	                                  NULL};
	for (size_t i = 0; good[i].text != NULL; i++) {
		uint64_t value = 99;
		assert_true(bytes_parse_u64(of(good[i].text), &value));
		assert_true(value == good[i].value);
	}
	for (size_t i = 0; bad[i] != NULL; i++) {
		uint64_t value = 99;
		assert_false(bytes_parse_u64(of(bad[i]), &value));
		assert_true(value == 99);
	}
	uint64_t value = 99;
	assert_false(bytes_parse_u64(BYTES_NONE, &value));
	assert_false(bytes_parse_u64(BYTES_LITERAL("1\0"), &value));
	assert_true(bytes_parse_u64(bytes_slice(of("123"), 0, 2), &value));
	assert_true(value == 12);
}

static void loads_and_stores_name_their_order_and_need_no_alignment(void **state)
{
	(void)state;
	unsigned char bytes[] = {0, 0xF1, 0xE2, 0xD3, 0xC4, 0xB5, 0xA6, 0x97, 0x88}, stored[9] = {0};
	assert_int_equal(load_le16(bytes + 1), 0xE2F1);
	assert_int_equal(load_be16(bytes + 1), 0xF1E2);
	assert_true(load_le32(bytes + 1) == 0xC4D3E2F1u);
	assert_true(load_be32(bytes + 1) == 0xF1E2D3C4u);
	assert_true(load_le64(bytes + 1) == UINT64_C(0x8897A6B5C4D3E2F1));
	store_le64(stored + 1, UINT64_C(0x8897A6B5C4D3E2F1));
	assert_memory_equal(stored, bytes, sizeof bytes);
	store_le32(stored + 1, 0x04030201u);
	assert_memory_equal(stored + 1, "\1\2\3\4\xB5", 5);
}

static void a_line_holds_no_controls(void **state)
{
	(void)state;
	assert_true(bytes_are_one_line(of("one line, \xc3\xbc")) && bytes_are_one_line(BYTES_NONE));
	assert_false(bytes_are_one_line(of("two\nlines")) || bytes_are_one_line(of("\r")) || bytes_are_one_line(of("\x7f")));
	assert_false(bytes_are_one_line(bytes_of("a\0b", 3)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slice_is_clipped_to_what_there_is),
		cmocka_unit_test(null_is_the_empty_run),
		cmocka_unit_test(order_is_of_unsigned_bytes_then_of_length),
		cmocka_unit_test(equality_and_ends_count_every_byte),
		cmocka_unit_test(only_ascii_letters_lose_their_case),
		cmocka_unit_test(the_first_and_the_last_are_found),
		cmocka_unit_test(trimming_takes_white_space_off_both_ends_alone),
		cmocka_unit_test(a_line_holds_no_controls),
		cmocka_unit_test(a_number_is_all_digits_and_fits),
		cmocka_unit_test(loads_and_stores_name_their_order_and_need_no_alignment),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
