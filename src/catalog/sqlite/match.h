/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Matching paths: SQL functions that decide on the path itself what names.h
 * found candidates for.
 *
 *     tm_words(path, words, how)        of enum match_words
 *     tm_contains(path, folded, last)   substring, of the last part alone if last; of folded pieces with QUERY_STAR
 *                                       between them each behind the one before
 *     tm_extension(path, folded)        what follows the last dot of the last part
 *     tm_name_order(path)               what to sort by: the last part, then the path
 *     tm_repaired(path)                 what is not UTF-8 in it as U+FFFD
 *     tm_regex(path, pointer)           pointer: struct regex, MATCH_REGEX
 *     tm_rank(path, pointer, content)   pointer: struct phrases, MATCH_PHRASES; content: what relevance.h says of it, or
 *                                       NULL: what is asked for counts where it stands in the path or the title,
 *                                       whichever is more, and what the text says is added
 */
#ifndef TIDEMARK_CATALOG_SQLITE_MATCH_H
#define TIDEMARK_CATALOG_SQLITE_MATCH_H

#include "words/fold.h"

#include <sqlite3.h>

#define MATCH_REGEX "tidemark-regex"
#define MATCH_PHRASES "tidemark-phrases"

enum match_words {
	MATCH_IN_A_ROW,     /* all of them, one behind the other */
	MATCH_AS_BEGINNING, /* likewise, and the last may go on */
	MATCH_ANY           /* one of them, which are forms of the first */
};

enum status match_register(sqlite3 *handle, struct fold *fold) MUST_CHECK;

/** The last part of a path; a slash at its end belongs to it. */
struct bytes match_name(struct bytes path);

/* The positive phrases of a query, to rank by. */
struct phrases;
struct phrases *phrases_new(struct fold *fold);
/** False when memory ended. */
bool phrases_add(struct phrases *phrases, struct bytes words, enum match_words how);
size_t phrases_count(const struct phrases *phrases);
/** Phrases that the index of words is asked for this one: one, or as many as it has forms, the word itself first. */
size_t phrases_asked(const struct phrases *phrases, size_t nth);
void phrases_free(void *phrases);

/* What a form of a word counts where the word itself counts 1. */
#define MATCH_FORM_WEIGHT 0.45
/* What a phrase counts that stands in a name; in a folder's. A text adds less than 1 (relevance.h). */
#define MATCH_NAME_WEIGHT 1.5
#define MATCH_FOLDER_WEIGHT 0.3

#endif
