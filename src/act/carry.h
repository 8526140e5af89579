/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Carrying a plan out: its steps in order, those that one request takes as one
 * batch, each put on record before it is done and behind; goes on where an
 * earlier run stopped, and touches nothing that the plan does not name.
 */
#ifndef TIDEMARK_ACT_CARRY_H
#define TIDEMARK_ACT_CARRY_H

#include "act/plan.h"
#include "catalog/plans.h"
#include "process/actor.h"

enum carry_turn { CARRY_NOW, CARRY_NOT_NOW, CARRY_LEAVE };

struct carriage {
	struct plan *plan; /* at its first step */
	struct plan_run *run;
	struct secrets secrets; /* what the environment holds for those who act */
	struct bytes operator_name;
	double rate;
	uint32_t patience; /* milliseconds */
	const struct fetch_wait *wait;
	/** Whether a step's turn is now; all: its members. CARRY_LEAVE puts it on record as LEFT, *ret_reason of constant text. NULL: every
	 *  step's is. */
	enum carry_turn (*turn)(void *context, const struct plan_step *step, const struct json_value *all,
	                        const char **ret_reason);
	/** What became of a step, each once, in order of batches; NULL: nobody asks. Any status but OK ends it. answer: NULL where
	 *  nothing was asked for it now. */
	enum status (*each)(void *context, const struct plan_step *step, const struct step_outcome *outcome,
	                    const struct act_answer *answer);
	void *context;
};

struct carry_tally {
	uint64_t done, left, failed, undone;
	uint64_t requests;
};

/** Does what is not done yet. OK however single steps end; INTERRUPTED keeps what was done. Steps planned as LEFT are left. */
enum status carry_out(const struct carriage *carriage, struct carry_tally *ret_tally, struct failure *reterr) MUST_CHECK;
/** Takes back what was done, as far as it can be: what was closed is opened as it was, what is soft-deleted comes back. */
enum status carry_back(const struct carriage *carriage, struct carry_tally *ret_tally, struct failure *reterr) MUST_CHECK;

/** Whether these secrets may act on a target at all. DENIED: none of them, or of another account; USAGE: they make no sense. */
enum status carry_check(const struct secrets *secrets, const struct target *target, struct failure *reterr) MUST_CHECK;

#endif
