/* SPDX-License-Identifier: Apache-2.0 */
/* Carrying out a query. */
#ifndef TIDEMARK_CATALOG_SQLITE_SEARCH_H
#define TIDEMARK_CATALOG_SQLITE_SEARCH_H

#include "base/buffer.h"
#include "catalog/sqlite/store.h"
#include "model/query.h"
#include "model/view.h"

enum status search_run(struct store *store, const struct query *query, struct search_totals *ret_totals, document_visitor *each,
                       void *context, struct buffer *cursor, struct failure *reterr) MUST_CHECK;

#endif
