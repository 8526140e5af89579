/* SPDX-License-Identifier: Apache-2.0 */
/* A thin hand on FTS5, for the indexes that lie in it: names.h and sqlite/word-index.h. */
#ifndef TIDEMARK_CATALOG_SQLITE_FTS5_H
#define TIDEMARK_CATALOG_SQLITE_FTS5_H

#include "base/buffer.h"
#include "catalog/sqlite/database.h"
#include "words/tokenizer.h"

#include <sqlite3.h>

/* Where a tokenizer puts what it finds. */
typedef int fts5_sink(void *context, int flags, const char *token, int size, int from, int to);
typedef int fts5_tokenize(Fts5Tokenizer *fold, void *context, int flags, const char *text, int size, fts5_sink *sink);

struct fts5_passing {
	fts5_sink *sink;
	void *context;
};

/** Makes a tokenizer known to a connection; its first argument is then that fold, which must outlive it. */
enum status fts5_register(struct database *database, const char *name, fts5_tokenize *tokenize, struct fold *fold) MUST_CHECK;
/** A visitor that passes each token on to a struct fts5_passing. */
int fts5_pass(void *passing, const struct token *token);

/** Makes a function of an index's rows known to a connection. */
enum status fts5_register_function(struct database *database, const char *name, fts5_extension_function function) MUST_CHECK;

/** Appends a text as a string of an expression. */
void fts5_append_quoted(struct buffer *into, struct bytes text);

/** Merges an index's segments where eight of a size have gathered (usermerge), step by step, so that the log
 * stays small, up to a bound: an index of many gigabytes is brought into order over several sweeps. Fewer are
 * left alone: they cost a search little, and merging them a sweep a good deal. command: a merge of ?1 pages. */
enum status fts5_merge(struct database *database, const char *command) MUST_CHECK;

#endif
