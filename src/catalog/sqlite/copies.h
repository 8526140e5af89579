/* SPDX-License-Identifier: Apache-2.0 */
/* Copies and what their indexes have. */
#ifndef TIDEMARK_CATALOG_SQLITE_COPIES_H
#define TIDEMARK_CATALOG_SQLITE_COPIES_H

#include "catalog/sqlite/store.h"
#include "model/copy.h"

enum status copies_put(struct store *store, const struct copy_holding *copy, const struct index_entry *entries, size_t count,
                       uint64_t turn, uint64_t *ret_new, struct failure *reterr) MUST_CHECK;
enum status copies_mark(struct store *store, const struct id *id, int64_t when, struct bytes by, uint64_t turn,
                        struct failure *reterr) MUST_CHECK;
enum status copies_list(struct store *store, copy_visitor *each, void *context, struct failure *reterr) MUST_CHECK;
enum status copies_seen(struct store *store, const struct container *container, const struct bytes *object,
                        struct seen_by_others *ret_seen, struct failure *reterr) MUST_CHECK;

#endif
