/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of objects. */
#ifndef TIDEMARK_CATALOG_SQLITE_PART_H
#define TIDEMARK_CATALOG_SQLITE_PART_H

#include "catalog/sqlite/store.h"
#include "model/record.h"

struct open_object;

/** Puts a part's row, ARRIVING; the same part again replaces it. content 0: none. */
enum status part_put(struct store *store, struct open_object *object, const struct document_record *part,
                     int64_t content) MUST_CHECK;

#endif
