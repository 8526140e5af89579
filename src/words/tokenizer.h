/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What search takes for a word: one rule for the index, the query and the snippet.
 *
 * A word is a run of letters and digits, folded (fold.h); a longer one than
 * TOKEN_SIZE_MAX bytes counts by its beginning. What is written without spaces
 * (CJK) is cut into overlapping pairs, and the last of a run stands alone once
 * more: a phrase of pairs finds any two or more signs, a pair's beginning any one.
 */
#ifndef TIDEMARK_WORDS_TOKENIZER_H
#define TIDEMARK_WORDS_TOKENIZER_H

#include "words/fold.h"

#define TOKEN_SIZE_MAX 128

struct token {
	struct bytes text; /* good during the call */
	unsigned points;
	bool is_cjk;
	size_t from, to; /* bytes of the text it was cut from */
};

/** Not 0 stops, and is returned. */
typedef int token_visitor(void *context, const struct token *token);

/** is_query: leaves out the last sign of a CJK run when a pair holds it already. */
int tokenizer_split(struct fold *fold, struct bytes text, bool is_query, token_visitor *each, void *context);

/** Every three code points in a row of folded text. */
int tokenizer_visit_trigrams(struct bytes folded, token_visitor *each, void *context);

#endif
