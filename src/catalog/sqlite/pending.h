/* SPDX-License-Identifier: Apache-2.0 */
/* What waits to be read. */
#ifndef TIDEMARK_CATALOG_SQLITE_PENDING_H
#define TIDEMARK_CATALOG_SQLITE_PENDING_H

#include "base/arena.h"
#include "base/buffer.h"
#include "catalog/sqlite/store.h"
#include "model/sweep.h"

enum status pending_read(struct store *store, struct buffer *cursor, size_t max, struct arena *arena,
                         struct pending_object *ret_objects, size_t *ret_count) MUST_CHECK;

#endif
