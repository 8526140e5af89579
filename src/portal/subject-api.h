/* SPDX-License-Identifier: Apache-2.0 */
/* The subject's routes of the API. What is refused reads the same for every subject, and for every token. */
#ifndef TIDEMARK_PORTAL_SUBJECT_API_H
#define TIDEMARK_PORTAL_SUBJECT_API_H

#include "portal/asking.h"
#include "portal/handler.h"

portal_handler portal_begin_proof, portal_check_proof, portal_answer, portal_answer_csv, portal_asked, portal_appeal;

/** What went wrong as problem+json (RFC 9457); ours is given back, for the door to tell. */
enum status portal_refuse(struct portal_call *call, const struct asking *asking, enum status status,
                          const struct failure *why) MUST_CHECK;

/** Of a call, now. */
struct asking asking_of_call(struct portal_call *call);

/** Whose bearer token came with it: DENIED as by asking_know, for one that came as a cookie, too. */
enum status portal_know_bearer(struct portal_call *call, struct asking *asking, struct asking_subject *ret_subject,
                               struct failure *reterr) MUST_CHECK;

/** The answer as JSON, or as CSV, for who the asking knows: pages offer the same for download. */
enum status portal_tell_json(struct portal_call *call, struct asking *asking, const struct asking_subject *subject,
                             struct failure *reterr) MUST_CHECK;
enum status portal_tell_csv(struct portal_call *call, struct asking *asking, const struct asking_subject *subject,
                            struct failure *reterr) MUST_CHECK;

#endif
