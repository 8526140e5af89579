/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A filter of three bytes, looked at in every second place: each word has its
 * first three bytes in it and the three behind its first, so that wherever it
 * begins one of them is met.
 *
 *   text:   .  .  p  a  s  s  w  o  r  d        places looked at: even ones
 *                 ^--^--^                       begins at an even place: "pas"
 *              p  a  s  s  w  o                 at an odd one: "ass", a byte later
 *                 ^--^--^
 *
 * What passes the filter is compared with the words of that hash alone.
 */
#include "detector/literals.h"

#include <assert.h>
#include <stdlib.h>

enum {
	GRAM = LITERAL_LEAST - 1,
	HASH_BITS = 16,
	SHELF_BITS = 12, /* entries stand on shelves by the upper bits of their hash */
	SHELVES = 1 << SHELF_BITS,
};

/* Three bytes of a word that begin at its first or second. */
struct entry {
	uint16_t hash;
	uint16_t offset;
	uint32_t word;
};

struct literals {
	const struct literal *const *words;
	size_t entry_count;
	struct entry *entries; /* by shelf, then by word */
	uint32_t shelves[SHELVES + 1];
	unsigned char filter[(1 << HASH_BITS) / 8];
};

/* Of the lowest three bytes, whatever their case: bit 5 is the whole difference, and what else it joins, comparing parts. */
static inline uint32_t hash_gram(uint32_t gram)
{
	return ((gram & 0xFFFFFF) | 0x202020) * UINT32_C(0x9E3779B1) >> (32 - HASH_BITS);
}

static inline uint32_t gram_at(const unsigned char *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16;
}

static size_t shelf_of(uint32_t hash)
{
	return hash >> (HASH_BITS - SHELF_BITS);
}

static struct entry entry_of(const struct literal *const *words, size_t word, size_t offset)
{
	const unsigned char *text = (const unsigned char *)words[word]->text;
	return (struct entry){(uint16_t)hash_gram(gram_at(text + offset)), (uint16_t)offset, (uint32_t)word};
}

enum status literals_make(const struct literal *const *words, size_t count, struct literals **ret_literals)
{
	struct literals *literals = calloc(1, sizeof *literals);
	struct entry *entries = calloc(2 * count + 1, sizeof *entries);
	if (literals == NULL || entries == NULL) {
		free(literals);
		free(entries);
		return STATUS_NO_MEMORY;
	}
	literals->words = words;
	literals->entries = entries;
	literals->entry_count = 2 * count;
	for (size_t i = 0; i < 2 * count; i++) {
		assert(strlen(words[i / 2]->text) >= LITERAL_LEAST);
		struct entry entry = entry_of(words, i / 2, i % 2);
		literals->filter[entry.hash / 8] |= (unsigned char)(1 << entry.hash % 8);
		literals->shelves[shelf_of(entry.hash) + 1]++;
	}
	for (size_t shelf = 0; shelf < SHELVES; shelf++)
		literals->shelves[shelf + 1] += literals->shelves[shelf];
	/* From the last word on, each shelf from its end: so a shelf's begin where they should once all stand. */
	uint32_t *ends = &literals->shelves[1];
	for (size_t i = 2 * count; i-- > 0;) {
		struct entry entry = entry_of(words, i / 2, i % 2);
		entries[--ends[shelf_of(entry.hash)]] = entry;
	}
	for (size_t shelf = 0; shelf < SHELVES; shelf++)
		literals->shelves[shelf] = ends[shelf];
	literals->shelves[SHELVES] = (uint32_t)(2 * count);
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

static bool stands_at(const struct literal *word, struct bytes text, size_t at)
{
	struct bytes here = bytes_from(text, at), wanted = bytes_of_string(word->text);
	return word->is_any_case ? bytes_start_with_nocase(here, wanted) : bytes_start_with(here, wanted);
}

/* Whether a word begins so many bytes before a place that passed the filter. */
static bool begins_before(const struct literals *literals, struct bytes text, size_t place, uint32_t hash, size_t offset)
{
	size_t shelf = shelf_of(hash);
	for (uint32_t i = literals->shelves[shelf]; i < literals->shelves[shelf + 1]; i++) {
		const struct entry *entry = &literals->entries[i];
		if (entry->hash == hash && entry->offset == offset &&
		    stands_at(literals->words[entry->word], text, place - offset))
			return true;
	}
	return false;
}

size_t literals_find(const struct literals *literals, struct bytes text, size_t from, size_t end)
{
	size_t last = end + 1 < text.len ? end + 1 : text.len; /* a word at end - 1 may be met a byte later */
	for (size_t place = from; place + GRAM <= text.len && place < last; place += 2) {
		uint32_t hash = hash_gram(gram_at(text.at + place));
		if ((literals->filter[hash / 8] >> hash % 8 & 1) == 0)
			continue;
		if (place > from && begins_before(literals, text, place, hash, 1))
			return place - 1;
		if (place < end && begins_before(literals, text, place, hash, 0))
			return place;
	}
	return end;
}

bool literals_next(const struct literals *literals, struct bytes text, size_t at, size_t *cursor, size_t *ret_word)
{
	if (at + GRAM > text.len)
		return false;
	uint32_t hash = hash_gram(gram_at(text.at + at));
	size_t shelf = shelf_of(hash), count = literals->shelves[shelf + 1] - literals->shelves[shelf];
	while (*cursor < count) {
		const struct entry *entry = &literals->entries[literals->shelves[shelf] + (*cursor)++];
		if (entry->hash != hash || entry->offset != 0 || !stands_at(literals->words[entry->word], text, at))
			continue;
		*ret_word = entry->word;
		return true;
	}
	return false;
}
