/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two full-text indexes cut text by these:
 *
 * "tidemark_words" yields the words of words/tokenizer.h. "tidemark_names" yields of a path, for finding
 * candidates: every three code points in a row, and words shorter than that
 * behind a U+0001. Its queries are such tokens themselves, made by match.c.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_FTS5_H
#define TIDEMARK_CATALOG_SQLITE_FTS5_H

#include "words/fold.h"

#include <sqlite3.h>

#define TOKEN_SHORT "\x01"           /* before a word of one or two code points, in names */

/** Makes both known to a connection, which then owns fold's life: it must outlive it. */
enum status fts5_register(sqlite3 *handle, struct fold *fold) MUST_CHECK;

#endif
