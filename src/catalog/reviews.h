/* SPDX-License-Identifier: Apache-2.0 */
/* What operators decided, kept with the incident over sweeps and versions of the rules. */
#ifndef TIDEMARK_CATALOG_REVIEWS_H
#define TIDEMARK_CATALOG_REVIEWS_H

#include "catalog/catalog.h"
#include "model/review.h"

#define REVIEW_WHY_MAX 4000

/** Durable when it returns. The catalog is open to append; waits for other writers as the journal does. */
enum status incident_review(struct incident *incident, const struct review *review, struct failure *reterr) MUST_CHECK;
/** Calls each in the order they were given, whatever a later one says. subject empty: of all. END from each stops: OK. */
enum status incident_reviews(struct incident *incident, struct bytes subject, review_visitor *each, void *context,
                             struct failure *reterr) MUST_CHECK;

#endif
