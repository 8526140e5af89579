/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line of a document's text around what was asked for: the place where the
 * most of it stands close together. Made here from kept text, so that backends
 * need not.
 */
#ifndef TIDEMARK_ANSWER_SNIPPET_H
#define TIDEMARK_ANSWER_SNIPPET_H

#include "base/arena.h"
#include "base/buffer.h"
#include "catalog/questions.h"
#include "words/forms.h"
#include "words/tokenizer.h"

#define SNIPPET_WORDS_MAX 32

/* Words in a row. */
struct snippet_phrase {
	size_t from, count;        /* in the words of all */
	bool is_prefix;            /* the last may go on */
	const struct forms *forms; /* of the one word, any of which will do; NULL: none */
	struct bytes beginning;    /* of them all */
};

struct snippet_words {
	struct bytes words[SNIPPET_WORDS_MAX]; /* folded, in the arena */
	struct snippet_phrase phrases[SNIPPET_WORDS_MAX];
	size_t count, phrase_count;
	struct fold *fold;
};

/** What a query asks for and does not negate: words, phrases and entities. */
enum status snippet_words_of(const struct query_node *root, struct arena *arena, struct snippet_words *ret_words) MUST_CHECK;
void snippet_words_free(struct snippet_words *words);

/** Appends one line around the best place; nothing if the text is not kept or has none of them. */
enum status snippet_append(struct incident *incident, const struct document_view *view, const struct snippet_words *words,
                           struct buffer *into, struct failure *reterr) MUST_CHECK;

/** The place itself, as snippet_append looks for it within one piece of text: a byte offset, and how many words of the phrases
 *  stand there; 0 for none. */
size_t snippet_find(struct bytes text, const struct snippet_words *words, size_t *ret_at);

/* Where a phrase stands in a line, in bytes. */
struct snippet_mark {
	size_t from, to;
};

/** All places, in order, at most so many; what overlaps is one. Returns their count. */
size_t snippet_mark(struct bytes line, const struct snippet_words *words, struct snippet_mark *marks, size_t most);

#endif
