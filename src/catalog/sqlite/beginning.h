/* SPDX-License-Identifier: Apache-2.0 */
/* A sweep begins, or goes on where the unfinished one of the same plan was left. */
#ifndef TIDEMARK_CATALOG_SQLITE_BEGINNING_H
#define TIDEMARK_CATALOG_SQLITE_BEGINNING_H

#include "base/buffer.h"
#include "catalog/sqlite/store.h"
#include "model/sweep.h"

enum status beginning_make(struct store *store, const struct sweep_plan *plan, uint64_t turn, struct sweep_state *ret_state,
                           struct failure *reterr) MUST_CHECK;
/** Which number the next content has. */
enum status beginning_read_position(struct store *store) MUST_CHECK;

enum status beginning_find_cursor(struct store *store, size_t target, struct buffer *ret_cursor, bool *ret_is_done) MUST_CHECK;

#endif
