/* SPDX-License-Identifier: Apache-2.0 */
/* What came of reading objects, as a sweep brings it: many at a time. */
#ifndef TIDEMARK_CATALOG_SQLITE_PUTTING_H
#define TIDEMARK_CATALOG_SQLITE_PUTTING_H

#include "catalog/sqlite/store.h"
#include "model/sweep.h"

enum status putting_put(struct store *store, const struct sweep_entry *entries, size_t count, struct failure *reterr) MUST_CHECK;

#endif
