/* SPDX-License-Identifier: Apache-2.0 */
/* text: RFC 3629 to the letter, and nothing a terminal obeys gets through. */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

typedef void append(struct buffer *into, struct bytes b);

static void assert_appends(append *function, struct bytes from, const char *wanted)
{
	struct buffer buffer = buffer_with_ceiling(1 << 16);
	function(&buffer, from);
	assert_string_equal(buffer_string(&buffer), wanted);
	assert_int_equal(buffer.len, strlen(wanted));
	buffer_free(&buffer);
}

static bool is_scalar(uint32_t c)
{
	return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

static void every_scalar_value_survives_a_round_trip(void **state)
{
	(void)state;
	for (uint32_t c = 0; c < 0x110100; c++) {
		unsigned char into[4];
		uint32_t back = 7;
		size_t length = text_encode(c, into);
		size_t wanted = !is_scalar(c) ? 0 : c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		if (length != wanted)
			fail_msg("U+%X encodes to %zu bytes", c, length);
		if (length > 0 && (text_decode(bytes_of(into, length), &back) != length || back != c))
			fail_msg("U+%X comes back as U+%X", c, back);
	}
	unsigned char into[4];
	assert_int_equal(text_encode(TEXT_INVALID, into), 0);
}

/* Table 3-7 of the Unicode standard, written out again: lead, and the least and greatest second byte. */
static size_t well_formed_length(const unsigned char b[4])
{
	static const struct {
		unsigned char from, to, low, high;
		size_t length;
	} rows[] = {{0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
	            {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
	            {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
	if (b[0] < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (b[0] < rows[i].from || b[0] > rows[i].to || b[1] < rows[i].low || b[1] > rows[i].high)
			continue;
		for (size_t j = 2; j < rows[i].length; j++)
			if (b[j] < 0x80 || b[j] > 0xBF)
				return 0;
		return rows[i].length;
	}
	return 0;
}

static void every_sequence_is_judged_by_the_standards_table(void **state)
{
	(void)state;
	static const unsigned char tails[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xF4, 0xFF};
	for (unsigned first = 0; first < 256; first++)
		for (unsigned second = 0; second < 256; second++)
			for (size_t i = 0; i < sizeof tails * sizeof tails; i++) {
				unsigned char b[4] = {(unsigned char)first, (unsigned char)second, tails[i / sizeof tails],
				                      tails[i % sizeof tails]};
				uint32_t c = 0;
				size_t length = well_formed_length(b), got = text_decode(bytes_of(b, 4), &c);
				if (got != (length ? length : 1) || (c == TEXT_INVALID) != (length == 0))
					fail_msg("%02X %02X %02X %02X: length %zu", b[0], b[1], b[2], b[3], got);
				if (length > 0 && !text_is_valid(bytes_of(b, length)))
					fail_msg("%02X %02X %02X %02X is valid", b[0], b[1], b[2], b[3]);
				if (length > 1 && text_is_valid(bytes_of(b, length - 1)))
					fail_msg("%02X %02X %02X %02X is cut and yet valid", b[0], b[1], b[2], b[3]);
			}
}

static void the_valid_length_ends_before_what_is_cut_or_wrong(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t length;
	} rows[] = {{"", 0},
	            {"abc", 3},
	            {"abcdefghijklmnop", 16},
	            {"abcdefg\x80", 7},
	            {"abcdefgh\x80", 8},
	            {"abcdefghi\xC3", 9},
	            {"a\xC3\xA4", 3},
	            {"a\xE2\x82", 1},
	            {"a\xE2\x82\xAC", 4},
	            {"a\xF0\x9F\x98", 1},
	            {"\xF0\x9F\x98\x80", 4},
	            {"a\xC0\x80", 1},
	            {"a\xE0\x80\x80", 1},
	            {"a\xED\xA0\x80", 1},
	            {"a\xF4\x90\x80\x80", 1},
	            {"a\xF5\x80\x80\x80", 1},
	            {"\xEF\xBF\xBE", 3},
	            {"\xFE", 0},
	            {NULL, 0}};
	for (size_t i = 0; rows[i].text != NULL; i++) {
		struct bytes b = bytes_of_string(rows[i].text);
		assert_int_equal(text_valid_length(b), rows[i].length);
		assert_int_equal(text_is_valid(b), rows[i].length == b.len);
	}
	assert_true(text_is_valid(BYTES_NONE));
	assert_true(text_is_valid(BYTES_LITERAL("a\0b")));
}

static void code_points_are_counted_and_found(void **state)
{
	(void)state;
	struct bytes text = BYTES_LITERAL("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80z");
	static const size_t offsets[] = {0, 1, 3, 6, 10, 11, 11};
	assert_int_equal(text_count(text), 5);
	for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++)
		assert_int_equal(text_offset(text, i), offsets[i]);
	assert_int_equal(text_offset(text, SIZE_MAX), 11);
	assert_int_equal(text_count(BYTES_NONE), 0);
	assert_int_equal(text_offset(BYTES_NONE, 1), 0);
	uint32_t c = 7;
	assert_int_equal(text_decode(BYTES_NONE, &c), 0);
}

#define LOST "\xEF\xBF\xBD"

static void repair_replaces_each_bad_byte_and_each_nul(void **state)
{
	(void)state;
	assert_appends(text_append_repaired, BYTES_NONE, "");
	assert_appends(text_append_repaired, BYTES_LITERAL("a\xC3\xA4z\n\x1B"), "a\xC3\xA4z\n\x1B");
	assert_appends(text_append_repaired, BYTES_LITERAL("a\0b\0"), "a" LOST "b" LOST);
	assert_appends(text_append_repaired, BYTES_LITERAL("\xE2\x82"), LOST LOST);
	assert_appends(text_append_repaired, BYTES_LITERAL("\xC0\xAFx"), LOST LOST "x");
	assert_appends(text_append_repaired, BYTES_LITERAL("\xED\xA0\x80x\xFF"), LOST LOST LOST "x" LOST);
	assert_appends(text_append_repaired, BYTES_LITERAL("abcdefgh\0\xFFijklmnop"), "abcdefgh" LOST LOST "ijklmnop");
	assert_appends(text_append_repaired, BYTES_LITERAL("\xEF\xBB\xBFx"), "\xEF\xBB\xBFx");
}

static void every_control_is_escaped_and_nothing_else(void **state)
{
	(void)state;
	for (uint32_t c = 0; c < 0x110000; c += c < 0x3000 ? 1 : 0x10) {
		unsigned char raw[4];
		char wanted[16];
		size_t length = text_encode(c, raw);
		bool is_control = c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x61C || c == 0x180E || c == 0x200B ||
		                  c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
		                  (c >= 0xE0000 && c <= 0xE007F);
		if (length == 0)
			continue;
		snprintf(wanted, sizeof wanted, "\\u{%X}", c);
		if (!is_control) {
			memcpy(wanted, raw, length);
			wanted[length] = '\0';
		}
		assert_appends(text_append_escaped, bytes_of(raw, length), wanted);
	}
}

static void hostile_names_are_harmless_to_show(void **state)
{
	(void)state;
	assert_appends(text_append_escaped, BYTES_LITERAL("\x1B[31mred\a"), "\\u{1B}[31mred\\u{7}");
	assert_appends(text_append_escaped,
	               BYTES_LITERAL("\xC2\x9B"
	                             "31m"),
	               "\\u{9B}31m");
	assert_appends(text_append_escaped,
	               BYTES_LITERAL("\x9B"
	                             "31m"),
	               LOST "31m");
	assert_appends(text_append_escaped,
	               BYTES_LITERAL("invoice\xE2\x80\xAE"
	                             "fdp.exe"),
	               "invoice\\u{202E}fdp.exe");
	assert_appends(text_append_escaped, BYTES_LITERAL("a\\u{7}\0b"), "a\\u{7}\\u{0}b");
	assert_appends(text_append_escaped, BYTES_LITERAL("\xC0\x8A\xED\xA0\x80"), LOST LOST LOST LOST LOST);
	assert_appends(text_append_escaped, BYTES_LITERAL("\xC3\xA4 \xE6\x97\xA5"), "\xC3\xA4 \xE6\x97\xA5");
}

static void assert_utf16(struct bytes utf16, bool is_big, const char *wanted)
{
	struct buffer buffer = buffer_with_ceiling(1 << 16);
	text_append_utf16(&buffer, utf16, is_big);
	assert_string_equal(buffer_string(&buffer), wanted);
	buffer_free(&buffer);
}

static void utf16_of_both_orders_becomes_utf8(void **state)
{
	(void)state;
	assert_utf16(BYTES_LITERAL("a\0\xE4\0\xAC\x20"), false, "a\xC3\xA4\xE2\x82\xAC");
	assert_utf16(BYTES_LITERAL("\0a\0\xE4\x20\xAC"), true, "a\xC3\xA4\xE2\x82\xAC");
	assert_utf16(BYTES_LITERAL("\x3D\xD8\x00\xDE"), false, "\xF0\x9F\x98\x80");
	assert_utf16(BYTES_LITERAL("\xD8\x3D\xDE\x00"), true, "\xF0\x9F\x98\x80");
	assert_utf16(BYTES_LITERAL("\xD8\x00\xDC\x00\xDB\xFF\xDF\xFF"), true, "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF");
	assert_utf16(BYTES_NONE, true, "");
}

static void lone_surrogates_become_replacements_and_swallow_nothing(void **state)
{
	(void)state;
	assert_utf16(BYTES_LITERAL("\xD8\x3D"), true, LOST);
	assert_utf16(BYTES_LITERAL("\xDE\x00\0a"), true, LOST "a");
	assert_utf16(BYTES_LITERAL("\xD8\x3D\0a"), true, LOST "a");
	assert_utf16(BYTES_LITERAL("\xD8\x3D\xD8\x3D\xDE\x00"), true, LOST "\xF0\x9F\x98\x80");
	assert_utf16(BYTES_LITERAL("\xDE\x00\xD8\x3D"), true, LOST LOST);
	assert_utf16(BYTES_LITERAL("\0a\xD8\x3D\xDE"), true, "a" LOST);
}

static void width_is_what_a_terminal_needs(void **state)
{
	(void)state;
	assert_int_equal(text_width(BYTES_NONE), 0);
	assert_int_equal(text_width(BYTES_LITERAL("abc")), 3);
	assert_int_equal(text_width(BYTES_LITERAL("\xC3\xA4")), 1);
	assert_int_equal(text_width(BYTES_LITERAL("a\xCC\x88")), 1);
	assert_int_equal(text_width(BYTES_LITERAL("\xE6\x97\xA5\xE6\x9C\xAC")), 4);
}

static void words_are_letters_digits_and_marks(void **state)
{
	(void)state;
	static const uint32_t word[] = {'a', 'Z', '0', 0xE4, 0x308, 0x3B1, 0x661, 0x5D0, 0x65E5, 0xE01, 0x1D400};
	static const uint32_t other[] = {0, ' ', '_', '-', '@', '.', 0x7F, 0xA0, 0x2014, 0x20AC, 0x1F600, 0xD800, 0x110000};
	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		if (!text_is_word(word[i]))
			fail_msg("U+%X is of a word", word[i]);
	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		if (text_is_word(other[i]))
			fail_msg("U+%X is of no word", other[i]);
	assert_false(text_is_word(TEXT_INVALID));
	assert_true(text_is_cjk(0x65E5) && text_is_cjk(0x3042) && text_is_cjk(0xAC00) && text_is_cjk(0xE01));
	assert_true(text_is_cjk(0x20000));
	assert_false(text_is_cjk('a') || text_is_cjk(0xE4) || text_is_cjk(0x3B1) || text_is_cjk(0x1F600));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_scalar_value_survives_a_round_trip),
		cmocka_unit_test(every_sequence_is_judged_by_the_standards_table),
		cmocka_unit_test(the_valid_length_ends_before_what_is_cut_or_wrong),
		cmocka_unit_test(code_points_are_counted_and_found),
		cmocka_unit_test(repair_replaces_each_bad_byte_and_each_nul),
		cmocka_unit_test(every_control_is_escaped_and_nothing_else),
		cmocka_unit_test(hostile_names_are_harmless_to_show),
		cmocka_unit_test(utf16_of_both_orders_becomes_utf8),
		cmocka_unit_test(lone_surrogates_become_replacements_and_swallow_nothing),
		cmocka_unit_test(width_is_what_a_terminal_needs),
		cmocka_unit_test(words_are_letters_digits_and_marks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
