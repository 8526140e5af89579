/* SPDX-License-Identifier: Apache-2.0 */
/* The turn that a store is at: turn.h. */
#ifndef TIDEMARK_CATALOG_SQLITE_TURNING_H
#define TIDEMARK_CATALOG_SQLITE_TURNING_H

#include "catalog/backend.h"
#include "catalog/sqlite/database.h"

/** Writes it, in the transaction of the change. */
enum status turning_write(struct database *database, uint64_t turn) MUST_CHECK;
enum status turning_read(struct database *database, struct turn *ret_turn) MUST_CHECK;

#endif
