/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ASCII has eight rows of sixteen: the table of lower halves has a bit for each
 * row in which a byte of that half is of the set, the table of upper halves the
 * row's bit. Two shuffles and an "and" tell 32 bytes.
 */
#include "detector/byte-lane.h"

#include "detector/character.h"

#include <assert.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_AVX2_BUILD 1
#include <immintrin.h>
#endif

void byte_lane_make(const char *bytes, bool has_digits, struct byte_lane *ret_lane)
{
	*ret_lane = (struct byte_lane){.has_digits = has_digits};
	for (; *bytes != '\0'; bytes++) {
		unsigned char byte = (unsigned char)*bytes;
		assert(byte < 0x80 && !character_is_digit(byte));
		ret_lane->has[byte] = true;
		ret_lane->low[byte & 15] |= (unsigned char)(1 << (byte >> 4));
		ret_lane->high[byte >> 4] = (unsigned char)(1 << (byte >> 4));
	}
}

/* Of digits, those that stand behind none. */
static uint64_t first_digits(struct bytes text, size_t from, uint64_t digits)
{
	uint64_t is_behind_digit = from > 0 && character_is_digit(text.at[from - 1]);
	return digits & ~(digits << 1 | is_behind_digit);
}

uint64_t byte_lane_mask_plain(const struct byte_lane *lane, struct bytes text, size_t from, size_t end)
{
	uint64_t mask = 0, digits = 0;
	for (unsigned i = 0; i < BYTE_LANE_STRIDE && i < end - from; i++) {
		mask |= (uint64_t)lane->has[text.at[from + i]] << i;
		digits |= (uint64_t)character_is_digit(text.at[from + i]) << i;
	}
	return lane->has_digits ? mask | first_digits(text, from, digits) : mask;
}

#ifdef HAS_AVX2_BUILD
struct found {
	uint32_t members, digits;
};

__attribute__((target("avx2"))) static struct found look_at_32(const struct byte_lane *lane, const unsigned char *at)
{
	__m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)lane->low));
	__m256i high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)lane->high));
	__m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)at);
	__m256i upper = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
	/* A byte above ASCII is shuffled to nothing. */
	__m256i both = _mm256_and_si256(_mm256_shuffle_epi8(low, bytes), _mm256_shuffle_epi8(high, upper));
	__m256i none = _mm256_cmpeq_epi8(both, _mm256_setzero_si256());
	/* Digits are the ten bytes that come last once '0' is moved to where signed bytes end. */
	__m256i moved = _mm256_add_epi8(bytes, _mm256_set1_epi8(127 - '9'));
	__m256i digits = _mm256_cmpgt_epi8(moved, _mm256_set1_epi8(127 - 10));
	return (struct found){~(uint32_t)_mm256_movemask_epi8(none), (uint32_t)_mm256_movemask_epi8(digits)};
}

__attribute__((target("avx2"))) static uint64_t mask_by_avx2(const struct byte_lane *lane, struct bytes text, size_t from)
{
	struct found first = look_at_32(lane, text.at + from), second = look_at_32(lane, text.at + from + 32);
	uint64_t members = first.members | (uint64_t)second.members << 32;
	uint64_t digits = first.digits | (uint64_t)second.digits << 32;
	return lane->has_digits ? members | first_digits(text, from, digits) : members;
}
#endif

uint64_t byte_lane_mask(const struct byte_lane *lane, struct bytes text, size_t from, size_t end)
{
#ifdef HAS_AVX2_BUILD
	if (end - from >= BYTE_LANE_STRIDE && __builtin_cpu_supports("avx2"))
		return mask_by_avx2(lane, text, from);
#endif
	return byte_lane_mask_plain(lane, text, from, end);
}
