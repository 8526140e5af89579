/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Matching paths: SQL functions that decide on the path itself what names.h
 * found candidates for.
 *
 *     tm_words(path, phrase, prefix)    its words stand in a row in the path; the last may go on if prefix
 *     tm_contains(path, folded, last)   substring, of the last part alone if last; of folded pieces with QUERY_STAR
 *                                       between them each behind the one before
 *     tm_extension(path, folded)        what follows the last dot of the last part
 *     tm_name_order(path)               what to sort by: the last part, then the path
 *     tm_regex(path, pointer)           pointer: struct regex, MATCH_REGEX
 *     tm_rank(path, pointer)            pointer: struct phrases, MATCH_PHRASES
 */
#ifndef TIDEMARK_CATALOG_SQLITE_MATCH_H
#define TIDEMARK_CATALOG_SQLITE_MATCH_H

#include "words/fold.h"

#include <sqlite3.h>

#define MATCH_REGEX "tidemark-regex"
#define MATCH_PHRASES "tidemark-phrases"

enum status match_register(sqlite3 *handle, struct fold *fold) MUST_CHECK;

/** The last part of a path; a slash at its end belongs to it. */
struct bytes match_name(struct bytes path);

/* The positive phrases of a query, to rank paths by. */
struct phrases;
struct phrases *phrases_new(struct fold *fold);
/** False when memory ended. */
bool phrases_add(struct phrases *phrases, struct bytes phrase, bool is_prefix);
void phrases_free(void *phrases);

#endif
