/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index of words: contents by the words of their title and text, cut as
 * words/tokenizer.h does. It is the table `words`, whose rows have the contents'
 * numbers. Rows are never taken out singly.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_WORD_INDEX_H
#define TIDEMARK_CATALOG_SQLITE_WORD_INDEX_H

#include "base/buffer.h"
#include "catalog/sqlite/database.h"
#include "words/fold.h"

/** Makes known to a connection what the index needs; fold must outlive it. */
enum status word_index_register(struct database *database, struct fold *fold) MUST_CHECK;

enum status word_index_add(struct database *database, int64_t content, struct bytes title, struct bytes text) MUST_CHECK;
/** Takes out all there is. */
enum status word_index_clear(struct database *database) MUST_CHECK;
/** Brings it into order where many pieces of it have gathered. */
enum status word_index_merge(struct database *database) MUST_CHECK;
/** MALFORMED if it is damaged. Worded as a write. */
enum status word_index_verify(struct database *database) MUST_CHECK;

/** Appends an expression that finds a phrase; is_prefix: its last word may go on. False, and nothing appended, if
 * it has no words. Where memory ends, that sticks to the buffer. */
bool word_index_ask(struct fold *fold, struct bytes phrase, bool is_prefix, struct buffer *into);

#endif
