/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client of tidemark-act: one target with its credential, and what is to be
 * done there, one planned step at a time, or a batch of them that the provider
 * takes in one request. Calls block.
 *
 * What it answers is held against what was asked: a permit for each step, made
 * of the plan's hash. An actor that ends, falls silent or breaks the protocol
 * is lost: CRASHED, and so is all that is asked of it later; the steps under
 * way may have been done. Whoever asks records them as under way before, and
 * asks again with is_again.
 */
#ifndef TIDEMARK_PROCESS_ACTOR_H
#define TIDEMARK_PROCESS_ACTOR_H

#include "base/arena.h"
#include "model/act.h"
#include "model/secret.h"
#include "process/fetcher.h"

struct actor;

struct actor_plan {
	struct bytes target;        /* as written */
	struct secrets secrets;     /* of the target's provider */
	const unsigned char *hash;  /* of the plan, PLAN_DIGEST_SIZE bytes; NULL: it only looks, and refuses to change */
	struct bytes operator_name; /* for the User-Agent */
	double rate;                /* requests a second, 0: none */
	uint32_t patience;          /* milliseconds, 0: as usual */
};

/** Starts it, sets it up, waits for READY. DENIED, USAGE, UNSUPPORTED as it says; ABSENT if the program is not there. */
enum status actor_start(const struct actor_plan *plan, struct actor **ret_actor, struct failure *reterr) MUST_CHECK;
/** Ends it. NULL is allowed. */
void actor_free(struct actor *actor);

/** Carries out steps, at most ACT_BATCH_MAX of them, more than one only where act_verb_goes_in_batches and all are of one verb.
 *  Permits are made here. ret_answers: one each, in their order; bytes in arena. OK whatever they came to. INTERRUPTED once wait
 *  (may be NULL) says so, and CRASHED: nothing is known of any of them. */
enum status actor_do(struct actor *actor, const struct act_step *steps, size_t count, const struct fetch_wait *wait,
                     struct arena *arena, struct act_answer *ret_answers, struct failure *reterr) MUST_CHECK;

#endif
