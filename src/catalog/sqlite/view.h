/* SPDX-License-Identifier: Apache-2.0 */
/* Document rows as views, and lists of them passed to a visitor. */
#ifndef TIDEMARK_CATALOG_SQLITE_VIEW_H
#define TIDEMARK_CATALOG_SQLITE_VIEW_H

#include "catalog/sqlite/store.h"
#include "model/view.h"

#define COPIES_CACHED 256

/** Counts of copies, remembered while one list is passed on: a thousand copies of one content count
 * themselves once. */
struct copies {
	struct {
		int64_t content;
		uint64_t count;
	} known[COPIES_CACHED];
};

/** Passes the document of that number; score goes into the view. ABSENT if there is none. */
enum status view_pass(struct store *store, int64_t document, double score, struct copies *copies, document_visitor *each,
                      void *context) MUST_CHECK;

/** Passes the documents whose numbers are the first column of a bound statement; gives it back. END from each
 * stops: OK. */
enum status view_pass_all(struct store *store, sqlite3_stmt *numbers, document_visitor *each, void *context) MUST_CHECK;

#endif
