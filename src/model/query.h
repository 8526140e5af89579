/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A parsed question to the catalog: a tree of conditions on documents, how to
 * sort what matches, and where to go on. Made by answer/query.c from what a
 * person wrote; carried out by catalog backends. All of it lies in one arena.
 */
#ifndef TIDEMARK_MODEL_QUERY_H
#define TIDEMARK_MODEL_QUERY_H

#include "model/document-class.h"
#include "model/finding.h"
#include "model/object.h"
#include "model/outcome.h"

enum query_operation { QUERY_ALL, QUERY_ANY, QUERY_NOT, QUERY_TERM };

enum query_field {
	QUERY_TEXT, /* words in order (one word, or a phrase), in names or contents as query.in says */
	QUERY_NAME, /* substring of the last part of the path, case and marks folded; QUERY_STAR: anything between */
	QUERY_PATH, /* substring of the path, likewise */
	QUERY_EXTENSION,
	QUERY_CONTAINER,
	QUERY_PROVIDER,
	QUERY_TYPE,
	QUERY_CLASS,
	QUERY_SIZE,
	QUERY_MODIFIED,
	QUERY_DATED,
	QUERY_EXPOSED, /* low .. high, inclusive */
	QUERY_SHA256,
	QUERY_ENTITY,
	QUERY_ORGANISATION,
	QUERY_SIGNED,
	QUERY_OUTCOME,
	QUERY_CARVED,
	QUERY_GONE,
	QUERY_REGEX, /* on the path; linear time */
};

struct query_node {
	enum query_operation operation;
	const struct query_node *const *children;
	size_t child_count;
	enum query_field field;
	struct bytes text;
	bool is_prefix; /* QUERY_TEXT: its last word may go on */
	bool takes_forms; /* QUERY_TEXT of one word, not below a NOT: an inflection of it (words/forms.h) will do, and counts less */
	enum finding_kind kind;    /* QUERY_ENTITY; QUERY_STAR in its text: anything */
	enum document_class class; /* QUERY_CLASS */
	uint64_t outcomes;         /* QUERY_OUTCOME: a bit (1 << outcome) each; with LISTED_ONLY goes PENDING */
	int64_t low, high;         /* ranges; INT64_MIN and INT64_MAX where open */
};

/* Where a pattern takes anything; no text has it. */
#define QUERY_STAR '\0'

enum query_in { QUERY_IN_ALL, QUERY_IN_NAMES, QUERY_IN_CONTENTS };
enum query_sort { QUERY_SORT_RELEVANCE, QUERY_SORT_DATED, QUERY_SORT_MODIFIED, QUERY_SORT_SIZE, QUERY_SORT_NAME };

struct query {
	const struct query_node *root; /* NULL: everything */
	enum query_in in;
	enum query_sort sort;
	bool is_reversed;
	struct bytes cursor; /* what an earlier page gave as its end; empty: from the start */
};

/** Called while a question is worked on: whether to go on. */
typedef bool question_pulse(void *context);

#endif
