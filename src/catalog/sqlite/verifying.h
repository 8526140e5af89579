/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a store is whole, and rows that must agree do. */
#ifndef TIDEMARK_CATALOG_SQLITE_VERIFYING_H
#define TIDEMARK_CATALOG_SQLITE_VERIFYING_H

#include "catalog/backend.h"

/** As struct backend's verify. */
enum status verifying_make(const struct store_place *place, bool may_write, damage_visitor *each, void *context,
                           uint64_t *ret_pages, struct failure *reterr) MUST_CHECK;

#endif
