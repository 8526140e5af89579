/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A query as an SQL condition on rows `d` of document, with its parameters.
 * Every condition that an index can answer is a set of document numbers, so
 * that SQLite may start from the smallest.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_COMPILE_H
#define TIDEMARK_CATALOG_SQLITE_COMPILE_H

#include "base/arena.h"
#include "catalog/sqlite/store.h"
#include "model/query.h"

#define QUERY_NODES_MAX 400
#define QUERY_DEPTH_MAX 60

enum parameter_kind { PARAMETER_INTEGER, PARAMETER_REAL, PARAMETER_TEXT, PARAMETER_BLOB, PARAMETER_REGEX };
struct parameter {
	enum parameter_kind kind;
	int64_t integer;
	double real;
	struct bytes bytes; /* lies in the compiled query's arena, or is the caller's */
	struct regex *regex;
};

struct compiled {
	struct arena arena;
	struct buffer condition;  /* SQL; parameters are numbered ?100 and up */
	struct buffer parameters; /* struct parameter each */
	struct buffer words;      /* FTS5 expression of all positive words, for ranking; empty if there are none */
	struct phrases *phrases;  /* the same, for ranking paths */
};

#define FIRST_PARAMETER 100

/** USAGE when the query is too large or its regular expression is refused. Free it in any case. */
enum status compile_query(const struct query *query, struct fold *fold, struct compiled *ret_compiled,
                          struct failure *reterr) MUST_CHECK;
void compiled_bind(const struct compiled *compiled, sqlite3_stmt *statement);
void compiled_free(struct compiled *compiled);

#endif
