/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Destruction, carried out: snapshots, then objects, then the versions that those
 * leave, then what can be destroyed past recovery; each in batches, on record
 * before and behind. Then everything is listed again, and a certificate says what
 * became of it. Interrupted anywhere, the same call goes on.
 */
#ifndef TIDEMARK_ACT_RETAIN_APPLY_H
#define TIDEMARK_ACT_RETAIN_APPLY_H

#include "act/carry.h"
#include "act/certificate.h"

struct retain_applying {
	struct incident *incident;
	struct plan *plan;
	struct bytes operator_name, ticket;
	struct secrets act_secrets;
	struct fetch_setup setup; /* with the secrets that list */
	struct bytes scope_yaml;
	const struct policy *policy; /* asked again for its holds; NULL: not */
	const struct fetch_wait *wait;
	void (*look)(void *context, struct bytes target, const struct secrets *secrets, struct retain_service *ret_service);
	/** Steps that were tried, or objects listed again, so far. Whether to go on. */
	bool (*progress)(void *context, uint64_t count);
	void *context;
};

struct retain_result {
	uint64_t done, left, failed, requests;
	struct id certificate;
	struct certificate_totals totals;
};

/** DENIED where the plan needs a second person's approval and has none. residual (may be NULL) is called for every row that was
 *  not destroyed, once the certificate is kept. */
enum status retain_apply(const struct retain_applying *applying,
                         enum status (*residual)(void *context, const struct retain_row *row), void *context,
                         struct retain_result *ret_result, struct failure *reterr) MUST_CHECK;

/** Whether that user may approve it: another than who planned it. DENIED. */
enum status retain_may_approve(const struct plan *plan, struct bytes user, struct failure *reterr) MUST_CHECK;

#endif
