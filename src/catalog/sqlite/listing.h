/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of listings. */
#ifndef TIDEMARK_CATALOG_SQLITE_LISTING_H
#define TIDEMARK_CATALOG_SQLITE_LISTING_H

#include "catalog/sqlite/store.h"
#include "model/sweep.h"

enum status listing_find_known(struct store *store, struct listed_object *objects, size_t count,
                               struct failure *reterr) MUST_CHECK;
enum status listing_put_page(struct store *store, size_t target, const struct listed_object *objects, size_t count,
                             struct bytes next_cursor, bool is_last, struct failure *reterr) MUST_CHECK;
enum status listing_note_end(struct store *store, size_t target, enum listing_end end, struct failure *reterr) MUST_CHECK;
enum status listing_lacks_versions(struct store *store, struct failure *reterr) MUST_CHECK;

#endif
