/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether what a plan destroyed is gone: its containers are listed again, with
 * versions, snapshots and what is soft-deleted, and every row of the plan is held
 * against that. Nothing is destroyed on the word of whoever deleted it.
 */
#ifndef TIDEMARK_ACT_RETAIN_VERIFY_H
#define TIDEMARK_ACT_RETAIN_VERIFY_H

#include "act/retain.h"
#include "catalog/plans.h"

enum retain_state { RETAIN_DESTROYED, RETAIN_SURVIVES, RETAIN_LEFT, RETAIN_STATE_COUNT };
const char *retain_state_name(enum retain_state state);

/* One version or snapshot of an object of a plan; the current one has no version. */
struct retain_row {
	struct bytes target, object, version;
	bool is_snapshot;
	enum retain_state state;
	int64_t until; /* it survives until then at the latest; CLOCK_UNKNOWN */
	struct bytes reason;
};

struct retain_verifying {
	struct plan *plan;
	struct plan_run *run;
	struct fetch_setup setup; /* with the secrets */
	struct bytes scope_yaml;
	void (*look)(void *context, struct bytes target, const struct secrets *secrets, struct retain_service *ret_service);
	bool (*progress)(void *context, uint64_t listed); /* whether to go on */
	void *context;
};

struct retain_verdict;

/** Lists again. A container that cannot be listed is no failure: nothing of it is destroyed then. */
enum status retain_verify(const struct retain_verifying *verifying, struct retain_verdict **ret_verdict,
                          struct failure *reterr) MUST_CHECK;
void retain_verdict_free(struct retain_verdict *verdict);

/** Calls each for every row, in the plan's order. */
enum status retain_verdict_pass(struct retain_verdict *verdict, enum status (*each)(void *context, const struct retain_row *row),
                                void *context, struct failure *reterr) MUST_CHECK;

/* What could not be looked at anywhere. */
struct retain_gaps {
	bool lacks_versions, lacks_deleted, lacks_listing;
};
struct retain_gaps retain_verdict_gaps(const struct retain_verdict *verdict);

#endif
