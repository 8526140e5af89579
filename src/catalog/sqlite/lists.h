/* SPDX-License-Identifier: Apache-2.0 */
/* Lists with counts, and the documents behind them. */
#ifndef TIDEMARK_CATALOG_SQLITE_LISTS_H
#define TIDEMARK_CATALOG_SQLITE_LISTS_H

#include "base/buffer.h"
#include "catalog/sqlite/store.h"
#include "model/view.h"

enum status lists_organisations(struct store *store, bool is_by_sector, struct bytes cursor, organisation_visitor *each,
                                void *context, struct buffer *ret_cursor, struct failure *reterr) MUST_CHECK;
enum status lists_entities(struct store *store, enum finding_kind kind, struct bytes domain, struct bytes cursor,
                           entity_visitor *each, void *context, struct buffer *ret_cursor, struct failure *reterr) MUST_CHECK;
enum status lists_containers(struct store *store, container_visitor *each, void *context, struct failure *reterr) MUST_CHECK;
enum status lists_documents_of(struct store *store, struct bytes domain, document_visitor *each, void *context,
                               struct failure *reterr) MUST_CHECK;
enum status lists_dates_of(struct store *store, struct bytes domain, float confidence, dated_visitor *each, void *context,
                           struct failure *reterr) MUST_CHECK;
enum status lists_documents_with(struct store *store, enum finding_kind kind, struct bytes value, document_visitor *each,
                                 void *context, struct failure *reterr) MUST_CHECK;

#endif
