/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about one document, and what its content says. */
#ifndef TIDEMARK_CATALOG_SQLITE_READING_H
#define TIDEMARK_CATALOG_SQLITE_READING_H

#include "base/buffer.h"
#include "catalog/sqlite/store.h"
#include "model/view.h"

enum status reading_begin_moment(struct store *store, struct failure *reterr) MUST_CHECK;
void reading_end_moment(struct store *store);

enum status reading_get(struct store *store, enum relation relation, const struct id *id, document_visitor *each, void *context,
                        struct failure *reterr) MUST_CHECK;
enum status reading_between(struct store *store, const struct id *low, const struct id *high, document_visitor *each,
                            void *context, struct failure *reterr) MUST_CHECK;
enum status reading_at_path(struct store *store, struct bytes path, document_visitor *each, void *context,
                            struct failure *reterr) MUST_CHECK;
enum status reading_text(struct store *store, const unsigned char content_key[32], uint64_t from, uint64_t to,
                         struct buffer *into, struct failure *reterr) MUST_CHECK;
enum status reading_findings(struct store *store, const unsigned char content_key[32], finding_visitor *each, void *context,
                             struct failure *reterr) MUST_CHECK;
enum status reading_facts(struct store *store, const unsigned char content_key[32], fact_visitor *each, void *context,
                          struct failure *reterr) MUST_CHECK;
enum status reading_attributions(struct store *store, const struct document_view *view, attribution_visitor *each, void *context,
                                 struct failure *reterr) MUST_CHECK;

#endif
