/* SPDX-License-Identifier: Apache-2.0 */
/* Who else holds it. Whoever changes that holds the incident as a sweep does. */
#ifndef TIDEMARK_CATALOG_COPIES_H
#define TIDEMARK_CATALOG_COPIES_H

#include "catalog/catalog.h"
#include "model/copy.h"

/** Puts it, and what its index has (count may be 0); what is there already stays as it is. *ret_new: so many entries were not. */
enum status incident_put_copy(struct incident *incident, const struct copy_holding *copy, const struct index_entry *entries,
                              size_t count, uint64_t *ret_new, struct failure *reterr) MUST_CHECK;
/** Asked to delete it: the first time counts. Or, by not empty, somebody attests that it is gone. ABSENT. */
enum status incident_mark_copy(struct incident *incident, const struct id *id, int64_t when, struct bytes by,
                               struct failure *reterr) MUST_CHECK;
/** By since. END from each stops (OK is returned). */
enum status incident_copies(struct incident *incident, copy_visitor *each, void *context, struct failure *reterr) MUST_CHECK;
/** object NULL: the container as a whole, all that is in it. */
enum status incident_seen_by_others(struct incident *incident, const struct container *container, const struct bytes *object,
                                    struct seen_by_others *ret_seen, struct failure *reterr) MUST_CHECK;

#endif
