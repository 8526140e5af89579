/* SPDX-License-Identifier: Apache-2.0 */
/* A sweep ends, or is left. */
#ifndef TIDEMARK_CATALOG_SQLITE_ENDING_H
#define TIDEMARK_CATALOG_SQLITE_ENDING_H

#include "catalog/sqlite/store.h"

enum status ending_make(struct store *store, bool is_complete, uint64_t turn, struct failure *reterr) MUST_CHECK;
enum status ending_leave(struct store *store, uint64_t turn, struct failure *reterr) MUST_CHECK;

#endif
