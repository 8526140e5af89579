/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words are sought by their first four bytes. They are dealt into buckets of
 * words that are alike; for each of the four places two tables of sixteen
 * bytes, one by a byte's lower half and one by its upper, have a bit for each
 * of eight buckets that holds such a half there; sixteen buckets have two sets. Where one bit survives all eight look-ups
 * a word of that bucket may begin: 32 places are told by AVX2 at once.
 *
 *   text:    p  a  s  s  w  o  r  d
 *            ^--^--^--^               lower and upper halves of four bytes: eight tables
 *
 * What passes is compared with the words of that hash alone.
 */
#include "detector/literals.h"

#include "detector/character.h"

#include <assert.h>
#include <stdlib.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_AVX2_BUILD 1
#include <immintrin.h>
#endif

enum {
	GRAM = LITERAL_LEAST,
	BUCKETS = 16,
	SETS = BUCKETS / 8, /* of tables: a byte has a bit for eight buckets */
	SHELF_BITS = 12,    /* entries stand on shelves by a hash of their gram */
	SHELVES = 1 << SHELF_BITS,
	GRAM_BITS = 16,
	GRAM_COUNT = 1 << GRAM_BITS,
	STRIDE = 32,
};

struct entry {
	uint32_t gram; /* in lower case */
	uint32_t word;
};

struct literals {
	const struct literal *const *words;
	size_t entry_count;
	struct entry *entries; /* by shelf, then by word */
	uint32_t shelves[SHELVES + 1];
	struct tables {
		unsigned char low[GRAM][16], high[GRAM][16]; /* a bit for each bucket */
	} sets[SETS];
	unsigned char grams[GRAM_COUNT / 8]; /* a bit for the hash of each gram */
};

/* ---- shelves ---- */

/* Whatever their case: bit 5 is the whole difference, and what else it joins, comparing parts. */
static inline uint32_t gram_at(const unsigned char *at)
{
	uint32_t gram;
	memcpy(&gram, at, sizeof gram);
	return gram | 0x20202020;
}

static inline uint32_t hash_gram(uint32_t gram)
{
	return gram * UINT32_C(0x9E3779B1) >> (32 - GRAM_BITS);
}

static inline size_t shelf_of(uint32_t gram)
{
	return hash_gram(gram) >> (GRAM_BITS - SHELF_BITS);
}

static struct entry entry_of(const struct literal *const *words, size_t word)
{
	return (struct entry){gram_at((const unsigned char *)words[word]->text), (uint32_t)word};
}

static void fill_shelves(struct literals *literals, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t gram = entry_of(literals->words, i).gram, hash = hash_gram(gram);
		literals->shelves[shelf_of(gram) + 1]++;
		literals->grams[hash / 8] |= (unsigned char)(1 << hash % 8);
	}
	for (size_t shelf = 0; shelf < SHELVES; shelf++)
		literals->shelves[shelf + 1] += literals->shelves[shelf];
	/* From the last word on, each shelf from its end: so a shelf's begin where they should once all stand. */
	uint32_t *ends = &literals->shelves[1];
	for (size_t i = count; i-- > 0;) {
		struct entry entry = entry_of(literals->words, i);
		literals->entries[--ends[shelf_of(entry.gram)]] = entry;
	}
	for (size_t shelf = 0; shelf < SHELVES; shelf++)
		literals->shelves[shelf] = ends[shelf];
	literals->shelves[SHELVES] = (uint32_t)count;
}

/* ---- buckets ---- */

/* The halves that stand at each place of a bucket's words, a bit each. */
struct bucket {
	uint16_t low[GRAM], high[GRAM];
	double commonness; /* how often its tables pass in vain: a product */
};

/* How often a byte stands in texts, very roughly, in hundredths. */
static double commonness_of(unsigned char byte)
{
	if (byte == ' ')
		return 14;
	if (character_is_lower(byte))
		return strchr("etaoinsr", byte) != NULL ? 6 : strchr("hldcum", byte) != NULL ? 3 : 1.2;
	return character_is_upper(byte)                ? 0.7
	       : character_is_digit(byte)              ? 1.5
	       : strchr("\n.,-/:=\"_<>", byte) != NULL ? 0.8
	                                               : 0.1;
}

static void add_byte(struct bucket *bucket, size_t place, unsigned char byte)
{
	bucket->low[place] |= (uint16_t)(1 << (byte & 15));
	bucket->high[place] |= (uint16_t)(1 << (byte >> 4));
}

static struct bucket bucket_with(const struct bucket *bucket, const struct literal *word, const double common[256])
{
	struct bucket with = *bucket;
	with.commonness = 1;
	for (size_t place = 0; place < GRAM; place++) {
		unsigned char byte = (unsigned char)word->text[place];
		double sum = 0;
		add_byte(&with, place, byte);
		add_byte(&with, place, word->is_any_case ? character_to_upper(byte) : byte);
		add_byte(&with, place, word->is_any_case ? character_to_lower(byte) : byte);
		for (unsigned high = 0; high < 16; high++)
			for (unsigned low = 0; (with.high[place] >> high & 1) != 0 && low < 16; low++)
				sum += (with.low[place] >> low & 1) != 0 ? common[high << 4 | low] : 0;
		with.commonness *= sum / 100;
	}
	return with;
}

struct dealt {
	const struct literal *word;
	double commonness;
};

static int compare_commonness(const void *a, const void *b)
{
	double x = ((const struct dealt *)a)->commonness, y = ((const struct dealt *)b)->commonness;
	return (x < y) - (x > y);
}

/* The most common words first, each where it makes the tables pass the least in vain. */
static void deal(const struct dealt *dealt, size_t count, const double common[256], struct bucket buckets[BUCKETS])
{
	for (size_t i = 0; i < count; i++) {
		struct bucket best = {0};
		size_t chosen = BUCKETS;
		for (size_t k = 0; k < BUCKETS; k++) {
			struct bucket with = bucket_with(&buckets[k], dealt[i].word, common);
			if (chosen == BUCKETS ||
			    with.commonness - buckets[k].commonness < best.commonness - buckets[chosen].commonness) {
				chosen = k;
				best = with;
			}
		}
		buckets[chosen] = best;
	}
}

static enum status fill_buckets(struct literals *literals, size_t count)
{
	struct bucket none = {0}, buckets[BUCKETS] = {0};
	double common[256];
	struct dealt *dealt = calloc(count + 1, sizeof *dealt);
	if (dealt == NULL)
		return STATUS_NO_MEMORY;
	for (unsigned byte = 0; byte < 256; byte++)
		common[byte] = commonness_of((unsigned char)byte);
	for (size_t i = 0; i < count; i++)
		dealt[i] = (struct dealt){literals->words[i], bucket_with(&none, literals->words[i], common).commonness};
	qsort(dealt, count, sizeof *dealt, compare_commonness);
	deal(dealt, count, common, buckets);
	free(dealt);
	for (size_t k = 0; k < BUCKETS; k++)
		for (size_t place = 0; place < GRAM; place++)
			for (unsigned half = 0; half < 16; half++) {
				struct tables *tables = &literals->sets[k / 8];
				tables->low[place][half] |= (unsigned char)((buckets[k].low[place] >> half & 1) << k % 8);
				tables->high[place][half] |= (unsigned char)((buckets[k].high[place] >> half & 1) << k % 8);
			}
	return STATUS_OK;
}

enum status literals_make(const struct literal *const *words, size_t count, struct literals **ret_literals)
{
	struct literals *literals = calloc(1, sizeof *literals);
	struct entry *entries = calloc(count + 1, sizeof *entries);
	if (literals == NULL || entries == NULL) {
		free(literals);
		free(entries);
		return STATUS_NO_MEMORY;
	}
	literals->words = words;
	literals->entries = entries;
	literals->entry_count = count;
	for (size_t i = 0; i < count; i++)
		assert(strlen(words[i]->text) >= LITERAL_LEAST);
	fill_shelves(literals, count);
	enum status status = fill_buckets(literals, count);
	if (status != STATUS_OK) {
		literals_free(literals);
		return status;
	}
	*ret_literals = literals;
	return STATUS_OK;
}

void literals_free(struct literals *literals)
{
	if (literals == NULL)
		return;
	free(literals->entries);
	free(literals);
}

/* ---- seeking ---- */

static bool stands_at(const struct literal *word, struct bytes text, size_t at)
{
	struct bytes here = bytes_from(text, at), wanted = bytes_of_string(word->text);
	return word->is_any_case ? bytes_start_with_nocase(here, wanted) : bytes_start_with(here, wanted);
}

static bool begins_at(const struct literals *literals, struct bytes text, size_t at)
{
	size_t cursor = 0, word;
	uint32_t hash = hash_gram(gram_at(text.at + at));
	return (literals->grams[hash / 8] >> hash % 8 & 1) != 0 && literals_next(literals, text, at, &cursor, &word);
}

#ifdef HAS_AVX2_BUILD
__attribute__((target("avx2"))) static __m256i shuffle(const unsigned char table[16], __m256i halves)
{
	return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)table)), halves);
}

__attribute__((target("avx2"))) static __m256i look_up(const struct tables *tables, size_t place, __m256i low, __m256i high)
{
	return _mm256_and_si256(shuffle(tables->low[place], low), shuffle(tables->high[place], high));
}

/* The first of the places from on, by strides, at which a word may begin; where fewer than a stride is left if there is none. A
 * bit for each of that stride. */
__attribute__((target("avx2"))) static size_t skip_by_avx2(const struct literals *literals, struct bytes text, size_t from,
                                                           size_t last, uint32_t *ret_places)
{
	const __m256i half = _mm256_set1_epi8(15);
	for (; from + STRIDE + GRAM <= text.len && from < last; from += STRIDE) {
		__m256i first = _mm256_set1_epi8(-1), second = first;
		for (size_t place = 0; place < GRAM; place++) {
			__m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(text.at + from + place));
			__m256i low = _mm256_and_si256(bytes, half), high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);
			first = _mm256_and_si256(first, look_up(&literals->sets[0], place, low, high));
			second = _mm256_and_si256(second, look_up(&literals->sets[1], place, low, high));
		}
		__m256i none = _mm256_cmpeq_epi8(_mm256_or_si256(first, second), _mm256_setzero_si256());
		*ret_places = ~(uint32_t)_mm256_movemask_epi8(none);
		if (*ret_places != 0)
			return from;
	}
	*ret_places = 0;
	return from;
}
#endif

size_t literals_find_plain(const struct literals *literals, struct bytes text, size_t from, size_t end)
{
	for (size_t at = from; at < end && at + GRAM <= text.len; at++)
		if (begins_at(literals, text, at))
			return at;
	return end;
}

size_t literals_find(const struct literals *literals, struct bytes text, size_t from, size_t end)
{
#ifdef HAS_AVX2_BUILD
	uint32_t places = 1;
	while (places != 0 && __builtin_cpu_supports("avx2")) {
		from = skip_by_avx2(literals, text, from, end, &places);
		for (uint32_t left = places; left != 0; left &= left - 1) {
			size_t at = from + (size_t)__builtin_ctz(left);
			if (at >= end)
				return end;
			if (begins_at(literals, text, at))
				return at;
		}
		from += places != 0 ? STRIDE : 0;
	}
#endif
	return literals_find_plain(literals, text, from, end);
}

bool literals_next(const struct literals *literals, struct bytes text, size_t at, size_t *cursor, size_t *ret_word)
{
	if (at + GRAM > text.len)
		return false;
	uint32_t gram = gram_at(text.at + at);
	size_t shelf = shelf_of(gram), count = literals->shelves[shelf + 1] - literals->shelves[shelf];
	while (*cursor < count) {
		const struct entry *entry = &literals->entries[literals->shelves[shelf] + (*cursor)++];
		if (entry->gram != gram || !stands_at(literals->words[entry->word], text, at))
			continue;
		*ret_word = entry->word;
		return true;
	}
	return false;
}
