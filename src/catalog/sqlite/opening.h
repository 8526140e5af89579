/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a store, with all that its tables need made known. */
#ifndef TIDEMARK_CATALOG_SQLITE_OPENING_H
#define TIDEMARK_CATALOG_SQLITE_OPENING_H

#include "catalog/backend.h"
#include "catalog/sqlite/store.h"

/** Without a writer. */
enum status opening_open(struct store *store, const struct store_place *place, enum pages_mode mode,
                         struct failure *reterr) MUST_CHECK;
void opening_close(struct store *store);

#endif
