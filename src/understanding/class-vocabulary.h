/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the words of a document's title, its first page and its tables' columns
 * speak for. Of each class: 1 - (1-w1)(1-w2)... over the phrases met, each once,
 * so more evidence never lowers it.
 */
#ifndef TIDEMARK_UNDERSTANDING_CLASS_VOCABULARY_H
#define TIDEMARK_UNDERSTANDING_CLASS_VOCABULARY_H

#include "base/status.h"
#include "model/table.h"
#include "understanding/class-words.h"

#define VOCABULARY_MATCHES_MAX 256

struct vocabulary_match {
	const struct class_word *word;
	float weight; /* the word's, less where it stands among others */
};

struct vocabulary {
	float scores[CLASS_COUNT];
	bool has_title[CLASS_COUNT]; /* a title speaks for it */
	struct vocabulary_match matches[VOCABULARY_MATCHES_MAX];
	size_t match_count;
};

struct vocabulary_input {
	struct bytes title, text;
	const struct table_span *tables;
	size_t table_count;
	bool is_table; /* all of it: its words are data, only its columns speak */
};

enum status vocabulary_weigh(const struct vocabulary_input *input, struct vocabulary *ret_vocabulary) MUST_CHECK;

#endif
