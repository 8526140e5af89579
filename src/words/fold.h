/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folding for search: what differs only by case, width, ligature or diacritics
 * becomes equal (NFKC, case-folded, marks removed). It works code point by code
 * point, Hangul by syllable, so folding a part of a text gives a part of the
 * folded text: a substring stays a substring and a word stays a word.
 */
#ifndef TIDEMARK_WORDS_FOLD_H
#define TIDEMARK_WORDS_FOLD_H

#include "base/buffer.h"

struct fold; /* a table of what was folded before; one thread at a time */

#define FOLDED_MAX 24 /* code points that one folds into at most */

struct folded {
	unsigned count;
	uint32_t points[FOLDED_MAX];
};

enum status fold_new(struct fold **ret_fold) MUST_CHECK;
void fold_free(struct fold *fold);

/** Takes the next code point (or Hangul syllable) off *rest; false at the end. Invalid bytes and NULs fold
 * into U+FFFD; marks and what is invisible into nothing. */
bool fold_next(struct fold *fold, struct bytes *rest, struct folded *ret_folded);

/** Appends all of text, folded. */
void fold_append(struct fold *fold, struct buffer *into, struct bytes text);

#endif
