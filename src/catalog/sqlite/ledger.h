/* SPDX-License-Identifier: Apache-2.0 */
/* The counts of a store. */
#ifndef TIDEMARK_CATALOG_SQLITE_LEDGER_H
#define TIDEMARK_CATALOG_SQLITE_LEDGER_H

#include "base/arena.h"
#include "catalog/sqlite/store.h"
#include "model/view.h"

enum status ledger_read(struct store *store, struct arena *arena, struct ledger *ret_ledger, struct failure *reterr) MUST_CHECK;

#endif
