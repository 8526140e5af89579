/* SPDX-License-Identifier: Apache-2.0 */
/* The sketches of contents, and what lies beside one by its bands. */
#ifndef TIDEMARK_CATALOG_SQLITE_SKETCHES_H
#define TIDEMARK_CATALOG_SQLITE_SKETCHES_H

#include "catalog/sqlite/store.h"
#include "model/sketch.h"
#include "model/view.h"

/** ABSENT where a content has none. */
enum status sketches_read(struct database *database, int64_t content, struct sketch *ret_sketch) MUST_CHECK;
/** Takes a content out of bands and families, while its sketch can still be read. */
enum status sketches_erase(struct database *database, int64_t content) MUST_CHECK;

/** As struct backend's. */
enum status sketches_alike(struct store *store, const struct id *id, twin_visitor *each, void *context, bool *ret_is_all,
                           struct failure *reterr) MUST_CHECK;

#endif
