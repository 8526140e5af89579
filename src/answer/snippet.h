/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line of a document's text around the first word that was asked for. Words are
 * cut as the index cuts them, so a snippet shows what made the document a hit.
 */
#ifndef TIDEMARK_ANSWER_SNIPPET_H
#define TIDEMARK_ANSWER_SNIPPET_H

#include "base/arena.h"
#include "catalog/questions.h"
#include "words/tokenizer.h"

#define SNIPPET_WORDS_MAX 32

struct snippet_words {
	struct fold *fold;
	struct bytes words[SNIPPET_WORDS_MAX];   /* folded */
	size_t count;
};

/** The words that a hit is found by, the first SNIPPET_WORDS_MAX of them; they lie in arena. Free it. */
enum status snippet_words_of(const struct query_node *root, struct arena *arena, struct snippet_words *ret_words) MUST_CHECK;
void snippet_words_free(struct snippet_words *words);

/** Appends a line around the first of them; nothing if none occurs or no text is kept. */
enum status snippet_append(struct incident *incident, const struct document_view *view, const struct snippet_words *words,
                           struct buffer *into, struct failure *reterr) MUST_CHECK;

#endif
