/* SPDX-License-Identifier: Apache-2.0 */
/* Whose bytes are known already. */
#ifndef TIDEMARK_CATALOG_SQLITE_TWIN_H
#define TIDEMARK_CATALOG_SQLITE_TWIN_H

#include "catalog/sqlite/store.h"
#include "model/id.h"

enum status twin_digests(struct store *store, size_t max, void (*each)(void *context, const unsigned char sha256[32]),
                         void *context, bool *ret_is_all, struct failure *reterr) MUST_CHECK;
enum status twin_adopt(struct store *store, const struct id *id, const unsigned char sha256[32], uint64_t fetched_bytes,
                       struct failure *reterr) MUST_CHECK;

#endif
