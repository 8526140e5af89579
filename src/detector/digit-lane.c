/* SPDX-License-Identifier: Apache-2.0 */
/* A mask of 64 bytes says where digits are; where one begins, the bit below it is not set. */
#include "detector/digit-lane.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { STRIDE = 64 };

/* The top bit of each byte of a word that is a digit. */
static uint64_t find_digits(uint64_t word)
{
	const uint64_t tops = UINT64_C(0x8080808080808080), ones = UINT64_C(0x0101010101010101);
	uint64_t low = word & ~tops;
	uint64_t is_at_least_0 = low + (0x80 - '0') * ones, is_above_9 = low + (0x80 - '9' - 1) * ones;
	return is_at_least_0 & ~is_above_9 & ~word & tops;
}

uint64_t digit_lane_mask_plain(const unsigned char bytes[64])
{
	uint64_t mask = 0;
	for (unsigned i = 0; i < STRIDE / 8; i++) {
		uint64_t digits = find_digits(load_le64(bytes + (size_t)8 * i));
		mask |= ((digits >> 7) * UINT64_C(0x0102040810204080) >> 56) << (8 * i);
	}
	return mask;
}

#ifdef __SSE2__
/* Digits are the ten bytes that come last once '0' is moved to where signed bytes end. */
static uint64_t mask_of_16(const unsigned char *bytes)
{
	__m128i moved = _mm_add_epi8(_mm_loadu_si128((const __m128i *)(const void *)bytes), _mm_set1_epi8(127 - '9'));
	return (unsigned)_mm_movemask_epi8(_mm_cmpgt_epi8(moved, _mm_set1_epi8(127 - 10)));
}

uint64_t digit_lane_mask(const unsigned char bytes[64])
{
	return mask_of_16(bytes) | mask_of_16(bytes + 16) << 16 | mask_of_16(bytes + 32) << 32 | mask_of_16(bytes + 48) << 48;
}
#else
uint64_t digit_lane_mask(const unsigned char bytes[64])
{
	return digit_lane_mask_plain(bytes);
}
#endif

static bool is_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9';
}

size_t digit_lane_next(struct bytes text, size_t from, size_t end)
{
	uint64_t before = from > 0 && from <= text.len && is_digit(text.at[from - 1]);
	while (from < end) {
		unsigned char last[STRIDE] = {0};
		size_t len = end - from < STRIDE ? end - from : STRIDE;
		const unsigned char *at = text.at + from;
		if (len < STRIDE)
			at = memcpy(last, at, len);
		uint64_t digits = digit_lane_mask(at);
		uint64_t starts = digits & ~(digits << 1 | before);
		if (starts != 0)
			return from + (size_t)__builtin_ctzll(starts);
		before = digits >> 63;
		from += len;
	}
	return end;
}
