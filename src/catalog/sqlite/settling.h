/* SPDX-License-Identifier: Apache-2.0 */
/* What waited when a sweep was left. */
#ifndef TIDEMARK_CATALOG_SQLITE_SETTLING_H
#define TIDEMARK_CATALOG_SQLITE_SETTLING_H

#include "catalog/sqlite/store.h"
#include "model/outcome.h"

/** It is as listed; what was changed, too. */
enum status settling_settle(struct store *store, uint64_t sweep) MUST_CHECK;
enum status settling_give_up(struct store *store, size_t target, enum outcome outcome, struct bytes note,
                             struct failure *reterr) MUST_CHECK;

#endif
