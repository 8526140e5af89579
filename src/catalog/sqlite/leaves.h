/* SPDX-License-Identifier: Apache-2.0 */
/* The leaves of a store's manifest: what is counted, each under the scope key (docs/counting.md). */
#ifndef TIDEMARK_CATALOG_SQLITE_LEAVES_H
#define TIDEMARK_CATALOG_SQLITE_LEAVES_H

#include "catalog/sqlite/store.h"
#include "model/measure.h"

enum status leaves_register(sqlite3 *handle) MUST_CHECK;

/** rules: appended, the version of the latest sweep's. END from each stops: that is no failure. */
enum status leaves_read(struct store *store, const struct vault_key *key, leaf_visitor *each, void *context, struct buffer *rules,
                        struct failure *reterr) MUST_CHECK;

#endif
