/* SPDX-License-Identifier: Apache-2.0 */
/* Contents whose kept text is looked through again. */
#ifndef TIDEMARK_CATALOG_SQLITE_RENEWING_H
#define TIDEMARK_CATALOG_SQLITE_RENEWING_H

#include "base/buffer.h"
#include "catalog/sqlite/store.h"
#include "model/renewal.h"
#include "model/view.h"

enum status renewing_begin(struct store *store, const struct renewal_plan *plan, uint64_t turn,
                           struct failure *reterr) MUST_CHECK;
enum status renewing_list(struct store *store, struct buffer *cursor, size_t max, document_visitor *each, void *context,
                          struct failure *reterr) MUST_CHECK;
enum status renewing_put(struct store *store, const struct renewed *renewed, size_t count, uint64_t *ret_altered,
                         struct failure *reterr) MUST_CHECK;

#endif
