/* SPDX-License-Identifier: Apache-2.0 */
/* The fast look for digits against the slow one: at each offset, in each length, for each byte. */
#include "detector/digit-lane.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool is_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9';
}

static size_t next_slowly(struct bytes text, size_t from, size_t end)
{
	for (size_t at = from; at < end; at++)
		if (is_digit(text.at[at]) && (at == 0 || !is_digit(text.at[at - 1])))
			return at;
	return end;
}

static void every_byte_is_told(void **state)
{
	(void)state;
	unsigned char bytes[64];
	for (unsigned byte = 0; byte < 256; byte++)
		for (unsigned at = 0; at < 64; at++) {
			memset(bytes, at % 2 ? 0xFF : '/', sizeof bytes);
			bytes[at] = (unsigned char)byte;
			uint64_t mask = is_digit((unsigned char)byte) ? (uint64_t)1 << at : 0;
			assert_int_equal(digit_lane_mask(bytes), mask);
			assert_int_equal(digit_lane_mask_plain(bytes), mask);
		}
}

/* A text of runs of all lengths, so that each begins and ends at each place of a stride. */
static void every_run_is_visited(void **state)
{
	(void)state;
	static unsigned char bytes[3000];
	unsigned random = 1;
	for (size_t i = 0; i < sizeof bytes; i++) {
		random = random * 1103515245u + 12345u;
		bytes[i] = (random >> 16) % (2 + i / 300) == 0 ? (unsigned char)('0' + i % 10)
		                                               : (unsigned char)(i % 3 ? ':' : 0xC3);
	}
	struct bytes text = bytes_of(bytes, sizeof bytes);
	for (size_t from = 0; from < text.len; from++) {
		assert_int_equal(digit_lane_next(text, from, text.len), next_slowly(text, from, text.len));
		for (size_t end = from; end < from + 70 && end <= text.len; end++)
			assert_int_equal(digit_lane_next(text, from, end), next_slowly(text, from, end));
	}
	memset(bytes, '7', sizeof bytes);
	assert_int_equal(digit_lane_next(text, 0, text.len), 0);
	assert_int_equal(digit_lane_next(text, 1, text.len), text.len);
	assert_int_equal(digit_lane_next(text, text.len, text.len), text.len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_is_told),
		cmocka_unit_test(every_run_is_visited),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
