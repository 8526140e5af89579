/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much a content is about what was asked: an SQL function on rows of `words`.
 *
 *     tm_relevance(words, pointer)      pointer: struct phrases, MATCH_PHRASES
 *
 * The expression of the row's question is the phrases' own, alternatives joined by
 * OR. The answer is for tm_rank (match.h), which knows the paths: doubles as they
 * lie in memory, first what the text says, then what the title says of each phrase.
 * A phrase, weighed by how rare it is where there are several, counts
 *
 *   - in the title as in a name, less where the title is very long;
 *   - in the text below 1: the first mentions count, more than five do not; less in
 *     a longer text, and hardly at all where a word is repeated so that it makes up
 *     a tenth of it;
 *   - as a form of a word (match.h) less than as the word.
 *
 * And 0.75 where all of them stand side by side somewhere, less the further apart,
 * but for texts that repeat one so.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_RELEVANCE_H
#define TIDEMARK_CATALOG_SQLITE_RELEVANCE_H

#include "catalog/sqlite/database.h"

enum status relevance_register(struct database *database) MUST_CHECK;

#endif
