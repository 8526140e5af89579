/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inflections of a word, by which a question meets it in another number, case
 * or tense: of English, German, French and Spanish together, since neither a word
 * nor an index says of which language it is. Made of the word alone, by endings:
 * some are no words, and stand nowhere.
 */
#ifndef TIDEMARK_WORDS_FORMS_H
#define TIDEMARK_WORDS_FORMS_H

#include "words/fold.h"

enum { FORMS_MAX = 40, FORMS_LETTERS_LEAST = 4, FORMS_BEGINNING_LEAST = 3, FORMS_LETTERS_MOST = 32, FORM_SIZE_MAX = 40 };

struct forms {
	size_t count;
	unsigned char lengths[FORMS_MAX];
	char texts[FORMS_MAX][FORM_SIZE_MAX]; /* folded, each once; the first is the word itself */
};

/** False if text is not one word of FORMS_LETTERS_LEAST to FORMS_LETTERS_MOST Latin letters: that stands for itself alone. */
bool forms_make(struct fold *fold, struct bytes text, struct forms *ret_forms);

/** Good as long as forms is. */
struct bytes forms_at(const struct forms *forms, size_t nth);

/** What they all begin with: FORMS_BEGINNING_LEAST letters or more, which an index of trigrams can look for. */
struct bytes forms_beginning(const struct forms *forms);

#endif
