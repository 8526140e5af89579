/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hundreds of thousands of names sought in a text at once, in time that depends
 * on the text alone. A name is a run of words (fold.h: whatever their case and
 * marks), so one is met only where words begin and end; of names that overlap
 * the one that begins first, and of those the longest. Between its words may
 * stand what a name is broken and hyphenated with, no end of a sentence or cell.
 *
 * It is built once, into one block of bytes without pointers, and used wherever
 * that block lies, by any number of processes; who did not build it looks at it
 * first (lexicon_open), and is then safe from it whatever it holds.
 */
#ifndef TIDEMARK_WORDS_LEXICON_H
#define TIDEMARK_WORDS_LEXICON_H

#include "words/fold.h"

/* Whose names they are. */
struct lexicon_owner {
	struct bytes domain, name;
};

enum lexicon_kind { LEXICON_NAME, LEXICON_NUMBER, LEXICON_KIND_COUNT };

struct lexicon_term {
	uint32_t owner; /* index */
	enum lexicon_kind kind;
	bool is_exact; /* only where it is written so, with its marks and in its case; a number is always met with its marks */
	struct bytes text; /* valid UTF-8 */
};

#define LEXICON_WORDS_MAX 32
#define LEXICON_TEXT_MAX 512
#define LEXICON_OWNERS_MAX 1000000
#define LEXICON_TERMS_MAX 4000000
#define LEXICON_SIZE_MAX (128u << 20)
#define LEXICON_SEED_SIZE 16

/** How many words a text has: what is written without spaces has one for each sign. */
size_t lexicon_count_words(struct fold *fold, struct bytes text);

/** Appends the block to into, which is empty. Terms of more than LEXICON_WORDS_MAX words or LEXICON_TEXT_MAX bytes, or without
 *  words, are the caller's mistake; of two that have the same words the first counts. The seed is nobody's to know. TOO_LARGE
 *  beyond LEXICON_SIZE_MAX. */
enum status lexicon_build(struct fold *fold, const unsigned char seed[LEXICON_SEED_SIZE], const struct lexicon_owner *owners,
                          size_t owner_count, const struct lexicon_term *terms, size_t term_count,
                          struct buffer *into) MUST_CHECK;

/* A block that was looked at; borrows it. */
struct lexicon {
	struct bytes block;
	const struct lexicon_head *head;
	const uint64_t *singles, *pairs; /* filters */
	const struct lexicon_slot *slots;
	const struct lexicon_node *nodes;
	const struct lexicon_row *rows;
	const struct lexicon_holder *holders;
	const unsigned char *strings;
};

/** MALFORMED for what cannot be one. The block is aligned to 8 bytes. */
enum status lexicon_open(struct bytes block, struct lexicon *ret_lexicon) MUST_CHECK;

size_t lexicon_count_terms(const struct lexicon *lexicon);
struct lexicon_term lexicon_term_at(const struct lexicon *lexicon, size_t term);
struct lexicon_owner lexicon_owner_at(const struct lexicon *lexicon, size_t owner);

struct lexicon_match {
	size_t term;
	size_t from, to; /* bytes of the text */
};

/** Any status but OK ends the search and is returned. */
typedef enum status lexicon_found(void *context, const struct lexicon_match *match);

/** Calls found for every name in the text (valid UTF-8), by their beginnings; none overlaps another. */
enum status lexicon_find(const struct lexicon *lexicon, struct fold *fold, struct bytes text, lexicon_found *found,
                         void *context) MUST_CHECK;

#endif
