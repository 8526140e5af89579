/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a lexicon lies in memory, and how both who build and who use it cut text
 * into words. Private to words/.
 *
 * It is a trie over words, with the failure links of Aho and Corasick (1975):
 *
 *   head | filter of single words | filter of pairs | slots | nodes | terms | owners | strings
 *
 * A word is its keyed hash, and a step from a node by a word is found in one
 * table of all steps, by the hash of both. Words that begin names are often
 * common ones ("The", "Deutsche"), so nothing is walked before two words side by
 * side begin one, or a word is one alone: a bit of each filter tells.
 */
#ifndef TIDEMARK_WORDS_LEXICON_PARTS_H
#define TIDEMARK_WORDS_LEXICON_PARTS_H

#include "base/text.h"
#include "words/lexicon.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct lexicon_head {
	unsigned char magic[8];
	uint64_t size, seed[2];
	uint32_t single_bits, pair_bits, slot_bits;
	uint32_t node_count, term_count, owner_count;
	uint64_t string_size;
};

#define LEXICON_MAGIC "tm-lex-1"

struct lexicon_slot {
	uint64_t key;   /* of the step */
	uint32_t child; /* 0: an empty slot */
	uint32_t unused;
};

/* A step is found within so many slots. */
#define LEXICON_PROBES_MAX 512

struct lexicon_node {
	uint32_t failure; /* of a lesser depth; the root's is itself */
	uint32_t output;  /* the node of the longest term that ends here: itself or along the failures; 0: none */
	uint32_t term;    /* LEXICON_NO_TERM */
	uint32_t depth;   /* words */
};

#define LEXICON_NO_TERM UINT32_MAX

struct lexicon_row {
	uint32_t owner, text;
	uint16_t text_length;
	uint8_t kind, is_exact;
};

struct lexicon_holder {
	uint32_t domain, name;
	uint16_t domain_length, name_length;
};

/* Where each part begins, in bytes; all but the strings are multiples of 8. */
struct lexicon_layout {
	size_t singles, pairs, slots, nodes, rows, holders, strings, end;
};

static inline size_t lexicon_round(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

static inline struct lexicon_layout lexicon_lay_out(const struct lexicon_head *head)
{
	struct lexicon_layout layout;
	layout.singles = lexicon_round(sizeof *head);
	layout.pairs = layout.singles + ((size_t)1 << head->single_bits) / 8;
	layout.slots = layout.pairs + ((size_t)1 << head->pair_bits) / 8;
	layout.nodes = layout.slots + (sizeof(struct lexicon_slot) << head->slot_bits);
	layout.rows = layout.nodes + head->node_count * sizeof(struct lexicon_node);
	layout.holders = lexicon_round(layout.rows + head->term_count * sizeof(struct lexicon_row));
	layout.strings = lexicon_round(layout.holders + head->owner_count * sizeof(struct lexicon_holder));
	layout.end = layout.strings + (size_t)head->string_size;
	return layout;
}

/* ---- hashes ---- */

__extension__ typedef unsigned __int128 lexicon_product;

static inline uint64_t lexicon_mix(uint64_t a, uint64_t b)
{
	lexicon_product product = (lexicon_product)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/** Of a word that is folded. */
uint64_t lexicon_hash_folded(const uint64_t seed[2], struct bytes word);

/* Of two words that stand side by side: each is mixed already. */
static inline uint64_t lexicon_pair(uint64_t first, uint64_t second)
{
	return (first << 1 | first >> 63) ^ second;
}

/* Of the step that a word leads from a node. */
static inline uint64_t lexicon_step_key(const uint64_t seed[2], uint32_t node, uint64_t word)
{
	return lexicon_mix(word ^ seed[1], (node + UINT64_C(1)) * UINT64_C(0xD6E8FEB86659FD93));
}

/* 1 or 0. shift: what is left of a hash is the number of a bit. */
static inline unsigned lexicon_filter_has(const uint64_t *filter, unsigned shift, uint64_t hash)
{
	uint64_t bit = hash >> shift;
	return (unsigned)(filter[bit / 64] >> bit % 64 & 1);
}

/* ---- cutting ---- */

/* What a word is handed to; false stops. Behind the last byte of a run may lie anything that is no part of it. */
typedef bool lexicon_take(void *context, uint64_t hash, size_t from, size_t to);

/* Letters and digits of ASCII, and all bytes that are not: a bit each. */
static inline uint64_t lexicon_word_mask(const unsigned char bytes[64], uint64_t *ret_foreign)
{
	uint64_t words = 0, foreign = 0;
#ifdef __SSE2__
	for (unsigned i = 0; i < 4; i++) {
		__m128i part = _mm_loadu_si128((const __m128i *)(const void *)(bytes + (size_t)16 * i));
		__m128i lower = _mm_or_si128(part, _mm_set1_epi8(0x20));
		/* Signed: letters and digits are what comes last once 'z' or '9' is moved to the end. */
		__m128i letters = _mm_cmpgt_epi8(_mm_add_epi8(lower, _mm_set1_epi8(127 - 'z')), _mm_set1_epi8(127 - 26));
		__m128i digits = _mm_cmpgt_epi8(_mm_add_epi8(part, _mm_set1_epi8(127 - '9')), _mm_set1_epi8(127 - 10));
		uint64_t high = (unsigned)_mm_movemask_epi8(part);
		words |= ((unsigned)_mm_movemask_epi8(_mm_or_si128(letters, digits)) | high) << (16 * i);
		foreign |= high << (16 * i);
	}
#else
	for (unsigned i = 0; i < 64; i++) {
		unsigned char c = bytes[i], lower = c | 0x20;
		bool is_word = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c >= 0x80;
		words |= (uint64_t)is_word << i;
		foreign |= (uint64_t)(c >= 0x80) << i;
	}
#endif
	*ret_foreign = foreign;
	return words;
}

/* Ones over so many of sixteen bytes, and their number as a hash takes it. */
struct lexicon_ones {
	uint64_t low, high, length;
};
extern const struct lexicon_ones lexicon_ones[17];

static inline uint64_t lexicon_load(const unsigned char *at)
{
	uint64_t word;
	memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/* A run of letters and digits of ASCII is a word. There are sixteen bytes to read behind its beginning. */
static inline uint64_t lexicon_hash_short(const uint64_t seed[2], const unsigned char *at, size_t len)
{
	const uint64_t lower = UINT64_C(0x2020202020202020);
	const struct lexicon_ones *ones = &lexicon_ones[len];
	return lexicon_mix(((lexicon_load(at) | lower) & ones->low) ^ seed[0],
	                   ((lexicon_load(at + 8) | lower) & ones->high) ^ seed[1] ^ ones->length);
}

/** The same of any length, wherever it stands. */
uint64_t lexicon_hash_ascii(const uint64_t seed[2], struct bytes word);

/** Cuts a run with other bytes in it. */
bool lexicon_cut_run(const uint64_t seed[2], struct fold *fold, struct bytes text, size_t from, size_t to, lexicon_take *take,
                     void *context);

/* Of a run: one word, or what it is cut into. */
__attribute__((always_inline)) static inline bool lexicon_take_run(const uint64_t seed[2], struct fold *fold, struct bytes text,
                                                                   size_t from, size_t to, bool is_foreign, lexicon_take *take,
                                                                   void *context)
{
	if (__builtin_expect(is_foreign, 0))
		return lexicon_cut_run(seed, fold, text, from, to, take, context);
	if (__builtin_expect(to - from > 16 || from + 16 > text.len, 0))
		return take(context, lexicon_hash_ascii(seed, bytes_slice(text, from, to - from)), from, to);
	return take(context, lexicon_hash_short(seed, text.at + from, to - from), from, to);
}

/** Cuts a text into its words. Inlined, so that who takes them costs no call. Within a block of 64 bytes runs are found by
 *  their first bits and those behind their last. */
__attribute__((always_inline)) static inline bool lexicon_cut(const uint64_t seed[2], struct fold *fold, struct bytes text,
                                                              lexicon_take *take, void *context)
{
	size_t run = 0; /* where the run began that goes on from the block before */
	uint64_t is_open = 0;
	bool is_foreign = false;
	for (size_t base = 0; base < text.len; base += 64) {
		unsigned char last[64] = {0};
		const unsigned char *at = text.at + base;
		if (text.len - base < sizeof last)
			at = memcpy(last, at, text.len - base);
		uint64_t foreign, words = lexicon_word_mask(at, &foreign);
		uint64_t before = words << 1 | is_open, starts = words & ~before, ends = before & ~words;
		if (is_open) {
			size_t end = ends != 0 ? (size_t)__builtin_ctzll(ends) : 64;
			is_foreign |= (foreign & (end < 64 ? ~(UINT64_MAX << end) : UINT64_MAX)) != 0;
			if (ends == 0)
				continue;
			ends &= ends - 1;
			if (!lexicon_take_run(seed, fold, text, run, base + end, is_foreign, take, context))
				return false;
		}
		for (; ends != 0; ends &= ends - 1, starts &= starts - 1) {
			size_t start = (size_t)__builtin_ctzll(starts), end = (size_t)__builtin_ctzll(ends);
			bool has_foreign = foreign != 0 && (foreign >> start & ~(UINT64_MAX << (end - start))) != 0;
			if (!lexicon_take_run(seed, fold, text, base + start, base + end, has_foreign, take, context))
				return false;
		}
		is_open = starts != 0;
		if (is_open) {
			size_t start = (size_t)__builtin_ctzll(starts);
			run = base + start;
			is_foreign = foreign >> start != 0;
		}
	}
	return !is_open || lexicon_take_run(seed, fold, text, run, text.len, is_foreign, take, context);
}

#endif
