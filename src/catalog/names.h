/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index of names: documents by what stands in their paths. It finds
 * candidates, which may be too many, never too few: who asks decides on the path
 * itself (sqlite/match.h). What it is made of, only names.c knows.
 */
#ifndef TIDEMARK_CATALOG_NAMES_H
#define TIDEMARK_CATALOG_NAMES_H

#include "base/buffer.h"
#include "catalog/sqlite/database.h"
#include "words/fold.h"

/** Makes known to a connection what the index needs; fold must outlive it. */
enum status names_register(struct database *database, struct fold *fold) MUST_CHECK;

/** Adds a document's path, once. There is no taking out: answers look at the documents' states. */
enum status names_add(struct database *database, int64_t document, struct bytes path) MUST_CHECK;

/** SQL of the candidates' numbers, up to where its parameter is to stand: a question, as text. */
extern const char names_candidates[];
/** Appends the question for paths that may have the words of a phrase in a row; is_prefix: the last may go on. False, and
 *  nothing appended, if it has no words, or is too short a prefix for the index to tell. Where memory ends, that sticks to the
 *  buffer, here and below. */
bool names_ask_phrase(struct fold *fold, struct bytes phrase, bool is_prefix, struct buffer *question);
/** The same for paths that may hold a substring, folded already. False if it is too short for the index to tell. */
bool names_ask_substring(struct bytes folded, struct buffer *question);

/** Brings it into order where many pieces of it have gathered. */
enum status names_merge(struct database *database) MUST_CHECK;
/** MALFORMED if it is damaged. Worded as a write. */
enum status names_verify(struct database *database) MUST_CHECK;

#endif
