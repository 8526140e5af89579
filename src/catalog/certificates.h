/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Approvals of plans, and the certificates of what came of them: texts that
 * act/certificate.h makes and reads, kept in pieces, so that one of 100,000
 * objects is written and read in memory that does not grow with it.
 */
#ifndef TIDEMARK_CATALOG_CERTIFICATES_H
#define TIDEMARK_CATALOG_CERTIFICATES_H

#include "catalog/catalog.h"
#include "model/plan.h"

/* ---- approvals ---- */

/** Of the plan of that id and hash. */
enum status incident_approve(struct incident *incident, const struct plan_head *head, struct bytes user, int64_t now,
                             struct failure *reterr) MUST_CHECK;
/** Calls each, the earliest first. END from each stops: OK. */
enum status incident_approvals(struct incident *incident, const struct plan_head *head,
                               enum status (*each)(void *context, struct bytes user, int64_t at), void *context,
                               struct failure *reterr) MUST_CHECK;

/* ---- certificates ---- */

#define CERTIFICATE_PIECE_MAX (64u << 10)

struct certificate_keeper;

/** Pieces are of CERTIFICATE_PIECE_MAX at most; durable, all of them, when end returns. */
enum status certificate_keep(struct incident *incident, struct id id, struct id plan, int64_t now,
                             struct certificate_keeper **ret_keeper, struct failure *reterr) MUST_CHECK;
enum status certificate_keep_piece(struct certificate_keeper *keeper, struct bytes piece, struct failure *reterr) MUST_CHECK;
/** Frees the keeper, whatever comes of it. */
enum status certificate_keep_end(struct certificate_keeper *keeper, struct failure *reterr) MUST_CHECK;
/** Instead of end: nothing is kept. NULL is allowed. */
void certificate_keep_not(struct certificate_keeper *keeper);

/** Calls each for every piece, in order. ABSENT: none of that id, by its own or by its plan's: then the latest. */
enum status incident_certificate(struct incident *incident, struct id id, enum status (*each)(void *context, struct bytes piece),
                                 void *context, struct failure *reterr) MUST_CHECK;

#endif
