/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What search takes for a word, and the two FTS5 tokenizers made of it.
 *
 * A word is a run of letters and digits, folded (fold.h); a longer one than
 * TOKEN_SIZE_MAX bytes counts by its beginning. What is written without spaces
 * (CJK) is cut into overlapping pairs, and the last of a run stands alone once
 * more: a phrase of pairs finds any two or more signs, a pair's beginning any one.
 *
 * "tidemark_words" yields words. "tidemark_names" yields of a path, for finding
 * candidates: every three code points in a row, and words shorter than that
 * behind a U+0001. Its queries are such tokens themselves, made by match.c.
 */
#ifndef TIDEMARK_CATALOG_TOKENIZER_H
#define TIDEMARK_CATALOG_TOKENIZER_H

#include "catalog/fold.h"

#include <sqlite3.h>

#define TOKEN_SIZE_MAX 128
#define TOKEN_SHORT "\x01"           /* before a word of one or two code points, in names */

struct token {
	struct bytes text;           /* good during the call */
	unsigned points;
	bool is_cjk;
	size_t from, to;             /* bytes of the text it was cut from */
};

/** Not 0 stops, and is returned. */
typedef int token_visitor(void *context, const struct token *token);

/** is_query: leaves out the last sign of a CJK run when a pair holds it already. */
int tokenizer_split(struct fold *fold, struct bytes text, bool is_query, token_visitor *each, void *context);

/** Every three code points in a row of folded text. */
int tokenizer_visit_trigrams(struct bytes folded, token_visitor *each, void *context);

/** Makes both known to a connection, which then owns fold's life: it must outlive it. */
enum status tokenizer_register(sqlite3 *handle, struct fold *fold) MUST_CHECK;

#endif
