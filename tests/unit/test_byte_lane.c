/* SPDX-License-Identifier: Apache-2.0 */
/* The fast look for bytes and beginnings of digits against the slow one: at each offset, in each length, for each byte. */
#include "detector/byte-lane.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char set[] = "@%.:;<\t|~$!\x01\x7F";

static bool is_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_place(struct bytes text, size_t at)
{
	unsigned char byte = text.at[at];
	return (byte != 0 && strchr(set, byte) != NULL) || (is_digit(byte) && (at == 0 || !is_digit(text.at[at - 1])));
}

static uint64_t look_slowly(struct bytes text, size_t from, size_t end)
{
	uint64_t mask = 0;
	for (size_t at = from; at < end && at < from + BYTE_LANE_STRIDE; at++)
		mask |= (uint64_t)is_place(text, at) << (at - from);
	return mask;
}

static void every_byte_is_told(void **state)
{
	(void)state;
	struct byte_lane lane;
	unsigned char bytes[64];
	byte_lane_make(set, true, &lane);
	for (unsigned byte = 0; byte < 256; byte++)
		for (unsigned at = 0; at < 64; at++) {
			memset(bytes, at % 2 ? 0xFF : '/', sizeof bytes);
			bytes[at] = (unsigned char)byte;
			struct bytes text = bytes_of(bytes, sizeof bytes);
			uint64_t mask = look_slowly(text, 0, 64);
			assert_true(byte_lane_mask(&lane, text, 0, 64) == mask);
			assert_true(byte_lane_mask_plain(&lane, text, 0, 64) == mask);
		}
}

/* Runs of all lengths begin and end at each place of a stride, among bytes of the set. */
static void every_place_is_visited(void **state)
{
	(void)state;
	static unsigned char bytes[3000];
	struct byte_lane lane;
	unsigned random = 1;
	byte_lane_make(set, true, &lane);
	for (size_t i = 0; i < sizeof bytes; i++) {
		random = random * 1103515245u + 12345u;
		bytes[i] = (random >> 16) % (2 + i / 300) == 0 ? (unsigned char)('0' + i % 10)
		                                               : (unsigned char)(i % 3 ? ':' : 0xC3);
	}
	struct bytes text = bytes_of(bytes, sizeof bytes);
	for (size_t from = 0; from < text.len; from++)
		for (size_t end = from; end < from + 70 && end <= text.len; end++) {
			uint64_t mask = look_slowly(text, from, end);
			assert_true(byte_lane_mask(&lane, text, from, end) == mask);
			assert_true(byte_lane_mask_plain(&lane, text, from, end) == mask);
		}
}

static void a_lane_may_have_no_digits(void **state)
{
	(void)state;
	struct byte_lane lane;
	struct bytes text = bytes_of_string("0123456789@123456789@123456789@123456789@123456789@123456789@12345");
	byte_lane_make("@", false, &lane);
	assert_true(byte_lane_mask(&lane, text, 0, text.len) == byte_lane_mask_plain(&lane, text, 0, text.len));
	assert_int_equal(byte_lane_mask(&lane, text, 0, 30), UINT64_C(1) << 10 | UINT64_C(1) << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_is_told),
		cmocka_unit_test(every_place_is_visited),
		cmocka_unit_test(a_lane_may_have_no_digits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
