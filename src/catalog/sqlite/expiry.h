/* SPDX-License-Identifier: Apache-2.0 */
/* Contents whose time is over. */
#ifndef TIDEMARK_CATALOG_SQLITE_EXPIRY_H
#define TIDEMARK_CATALOG_SQLITE_EXPIRY_H

#include "catalog/sqlite/store.h"

/** How many of them documents have, and the bytes of their texts. */
enum status expiry_foresee(struct store *store, int64_t by, uint64_t *ret_contents, uint64_t *ret_bytes,
                           struct failure *reterr) MUST_CHECK;
/** Erases them, makes the index anew if there were any, and counts what is there (census.h). */
enum status expiry_erase(struct store *store, int64_t now, uint64_t turn, uint64_t *ret_expired) MUST_CHECK;
/** The same, and nothing of them stays in the file. */
enum status expiry_purge(struct store *store, int64_t by, uint64_t turn, struct failure *reterr) MUST_CHECK;

#endif
