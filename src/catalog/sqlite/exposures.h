/* SPDX-License-Identifier: Apache-2.0 */
/* When a document could be reached. */
#ifndef TIDEMARK_CATALOG_SQLITE_EXPOSURES_H
#define TIDEMARK_CATALOG_SQLITE_EXPOSURES_H

#include "catalog/sqlite/store.h"
#include "model/view.h"

enum status exposures_list(struct store *store, const struct id *id, exposure_visitor *each, void *context,
                           struct failure *reterr) MUST_CHECK;

#endif
