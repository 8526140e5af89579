/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kept texts are looked through again, in an incident opened by INCIDENT_SWEEP,
 * within a sweep that was begun or by itself:
 *
 *     begin, then next and put by turns until next passes nothing; end.
 *
 * A content and all documents that have it change at once, in the batch that put
 * is part of. What was put is not passed again, also after a kill: who goes on
 * begins again under the same plan. Superseded revisions are left as they are,
 * but where a live document has their content.
 */
#ifndef TIDEMARK_CATALOG_RENEWALS_H
#define TIDEMARK_CATALOG_RENEWALS_H

#include "base/buffer.h"
#include "catalog/catalog.h"
#include "model/renewal.h"
#include "model/view.h"

/** What the plan points to must outlive the renewal. */
enum status renewal_begin(struct incident *incident, const struct renewal_plan *plan, struct failure *reterr) MUST_CHECK;
/** Passes one document each of up to max contents from the cursor on (empty at first; moved on). Passes none: there are no more. */
enum status renewal_next(struct incident *incident, struct buffer *cursor, size_t max, document_visitor *each, void *context,
                         struct failure *reterr) MUST_CHECK;
/** *ret_altered: contents of which something else came out than was kept. */
enum status renewal_put(struct incident *incident, const struct renewed *renewed, size_t count, uint64_t *ret_altered,
                        struct failure *reterr) MUST_CHECK;
/** Makes all that was put durable. */
enum status renewal_end(struct incident *incident, struct failure *reterr) MUST_CHECK;

#endif
