/* SPDX-License-Identifier: Apache-2.0 */
/* Setting tidemark-act up, and one step or batch at a time. */
#define _GNU_SOURCE
#include "process/actor.h"

#include "base/clock.h"
#include "base/patience.h"
#include "wire/act-messages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 200, SLACK_MS = 2000 };

struct actor {
	struct process process;
	struct bytes target; /* a copy */
	unsigned char hash[PLAN_DIGEST_SIZE];
	bool may_change, is_lost;
	int64_t silence_max;
	struct failure why_lost;
	unsigned char frame[WIRE_FRAME_MAX];
	struct wire_writer writer;
};

static enum status lose(struct actor *actor, enum status how, const char *why, struct failure *reterr)
{
	char words[PROCESS_WORDS_SIZE];
	if (!actor->is_lost) {
		spawn_words(&actor->process, words);
		actor->is_lost = true;
		fail(&actor->why_lost, STATUS_CRASHED, "tidemark-act", "tidemark-act %s%s%s", why,
		     words[0] != '\0' ? "; it said: " : "", words);
		spawn_kill(&actor->process);
	}
	if (reterr != NULL)
		*reterr = actor->why_lost;
	return how;
}

static enum status lose_line(struct actor *actor, enum status status, struct failure *reterr)
{
	const char *why = status == STATUS_TIMED_OUT   ? "was silent beyond all patience"
	                  : status == STATUS_MALFORMED ? "broke the protocol"
	                                               : "ended unexpectedly";
	return lose(actor, STATUS_CRASHED, why, reterr);
}

static enum status say(struct actor *actor)
{
	return wire_send_within(actor->process.socket, (int)actor->silence_max, &actor->writer, -1);
}

static enum status hear(struct actor *actor, enum act_wire_state awaited, const struct fetch_wait *wait,
                        struct wire_reader *ret_reader)
{
	unsigned char state = (unsigned char)awaited;
	int64_t until = clock_monotonic() + actor->silence_max;
	enum status status;
	do {
		int64_t left = until - clock_monotonic();
		if (left <= 0)
			return STATUS_TIMED_OUT;
		status = wire_receive(actor->process.socket, (int)(wait != NULL && left > LOOK_MS ? LOOK_MS : left), actor->frame,
		                      ret_reader);
		if (status == STATUS_TIMED_OUT && wait != NULL && wait->is_interrupted(wait->context))
			return STATUS_INTERRUPTED;
	} while (status == STATUS_TIMED_OUT);
	return status == STATUS_OK ? permit_message(&act_permits, &state, ret_reader) : status;
}

/* ---- set-up ---- */

static enum status send_setup(struct actor *actor, const struct actor_plan *plan)
{
	struct act_setup setup = {
		.rate = plan->rate,
		.patience = plan->patience,
		.may_change = plan->hash != NULL,
		.operator_name = plan->operator_name,
		.secrets = plan->secrets,
	};
	memcpy(setup.hash, actor->hash, sizeof setup.hash);
	act_put_setup(&actor->writer, &setup);
	enum status status = say(actor);
	explicit_bzero(&actor->writer, sizeof actor->writer);
	if (status != STATUS_OK)
		return status;
	act_put_target(&actor->writer, plan->target);
	return say(actor);
}

static enum status await_ready(struct actor *actor, struct failure *reterr)
{
	struct wire_reader reader;
	struct act_failed failed;
	enum status status = hear(actor, ACT_COMES_UP, NULL, &reader);
	if (status != STATUS_OK)
		return lose_line(actor, status, reterr);
	if (reader.type == ACT_READY)
		return STATUS_OK;
	if (act_get_failed(&reader, &failed) != STATUS_OK)
		return lose_line(actor, STATUS_MALFORMED, reterr);
	fail(reterr, failed.status, "", "%.*s", (int)failed.why.len, (const char *)failed.why.at);
	if (reterr != NULL)
		snprintf(reterr->where, sizeof reterr->where, "%.*s", (int)failed.where.len, (const char *)failed.where.at);
	return failed.status == STATUS_ABSENT ? STATUS_DENIED : failed.status;
}

enum status actor_start(const struct actor_plan *plan, struct actor **ret_actor, struct failure *reterr)
{
	struct actor *actor = calloc(1, sizeof *actor);
	unsigned char *target = malloc(plan->target.len + 1);
	if (actor == NULL || target == NULL) {
		free(actor);
		free(target);
		return fail(reterr, STATUS_NO_MEMORY, "tidemark-act", "memory is used up");
	}
	memcpy(target, plan->target.at, plan->target.len);
	actor->target = bytes_of(target, plan->target.len);
	actor->process = PROCESS_NONE;
	actor->may_change = plan->hash != NULL;
	if (plan->hash != NULL)
		memcpy(actor->hash, plan->hash, sizeof actor->hash);
	int64_t patience = plan->patience > 0 ? plan->patience : PATIENCE_STANDARD;
	/* All requests of a step together may hold twice patience; each of a batch is told by itself. */
	actor->silence_max = 5 * patience / 2 + SLACK_MS;
	enum status status = spawn_start("tidemark-act", &actor->process, reterr);
	if (status == STATUS_OK) {
		enum status sent = send_setup(actor, plan);
		status = sent == STATUS_OK || sent == STATUS_CRASHED ? await_ready(actor, reterr)
		                                                     : lose_line(actor, sent, reterr);
	}
	if (status == STATUS_OK)
		*ret_actor = actor;
	else
		actor_free(actor);
	return status;
}

void actor_free(struct actor *actor)
{
	if (actor == NULL)
		return;
	spawn_finish(&actor->process);
	free((void *)(uintptr_t)actor->target.at);
	free(actor);
}

/* ---- steps ---- */

static enum status send_steps(struct actor *actor, const struct act_step *steps, size_t count)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		struct act_step step = steps[i];
		act_permit(actor->hash, actor->target, &step, step.permit);
		act_put_step(&actor->writer, &step);
		status = say(actor);
	}
	if (status == STATUS_OK) {
		act_put_empty(&actor->writer, ACT_GO);
		status = say(actor);
	}
	return status;
}

static bool is_answer_to(const struct actor *actor, const struct act_step *step, const struct act_answer *answer)
{
	unsigned char permit[PLAN_DIGEST_SIZE];
	act_permit(actor->hash, actor->target, step, permit);
	return answer->number == step->number && memcmp(answer->permit, permit, sizeof permit) == 0;
}

static enum status hear_answers(struct actor *actor, const struct act_step *steps, size_t count, const struct fetch_wait *wait,
                                struct arena *arena, struct act_answer *answers)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		struct wire_reader reader;
		status = hear(actor, ACT_ACTS, wait, &reader);
		if (status == STATUS_OK)
			status = act_get_answer(&reader, arena, &answers[i]);
		if (status == STATUS_OK && !is_answer_to(actor, &steps[i], &answers[i]))
			status = STATUS_MALFORMED;
	}
	return status;
}

enum status actor_do(struct actor *actor, const struct act_step *steps, size_t count, const struct fetch_wait *wait,
                     struct arena *arena, struct act_answer *ret_answers, struct failure *reterr)
{
	if (actor->is_lost)
		return lose(actor, STATUS_CRASHED, "", reterr);
	enum status status = send_steps(actor, steps, count);
	if (status == STATUS_OK)
		status = hear_answers(actor, steps, count, wait, arena, ret_answers);
	if (status == STATUS_OK)
		return STATUS_OK;
	if (status == STATUS_INTERRUPTED)
		return lose(actor, status, "was interrupted", reterr);
	return lose_line(actor, status, reterr);
}
