/* SPDX-License-Identifier: Apache-2.0 */
/* How far the latest sweep has come, as its rows tell, whoever is at it. */
#ifndef TIDEMARK_CATALOG_SQLITE_STANDING_H
#define TIDEMARK_CATALOG_SQLITE_STANDING_H

#include "catalog/sqlite/store.h"
#include "model/sweep.h"

/** ABSENT: there was none. */
enum status standing_read(struct store *store, struct sweep_standing *ret_standing, struct failure *reterr) MUST_CHECK;

#endif
