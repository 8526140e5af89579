/* SPDX-License-Identifier: Apache-2.0 */
/* One actor at a time, for the target at hand; a batch is gathered from the plan, done, and put on record. */
#include "act/carry.h"

#include "base/clock.h"
#include "provider/credential.h"

#include <stdio.h>
#include <stdlib.h>

enum { BATCH_BYTES = 8 << 20, ANSWER_BYTES = 16 << 20, FOUND_BYTES = 4 << 20, LIVES = 2 };

struct carrying {
	const struct carriage *carriage;
	bool is_back;
	struct carry_tally tally;
	struct actor *actor;
	struct bytes actor_target; /* in actor_arena */
	struct arena actor_arena, batch_arena, answer_arena, found_arena;
	size_t count;
	struct plan_step planned[ACT_BATCH_MAX]; /* copies, in batch_arena */
	struct act_step steps[ACT_BATCH_MAX];
	struct act_answer answers[ACT_BATCH_MAX];
	struct step_outcome outcomes[ACT_BATCH_MAX];
};

/* ---- credentials ---- */

static bool is_set(const struct secrets *secrets, const char *name)
{
	return secrets_find(secrets, name).len > 0;
}

/* Of an identity it is known only over there what it may. */
static bool has_identity(const struct secrets *secrets)
{
	return is_set(secrets, "AZURE_CLIENT_SECRET") || is_set(secrets, "IDENTITY_ENDPOINT") ||
	       is_set(secrets, "AZURE_TOKEN_CREDENTIALS");
}

static const struct credentials *credentials_of(enum provider_kind provider)
{
	const struct credentials *const *at = credentials_registry;
	while (*at != NULL && (*at)->provider != provider)
		at++;
	return *at;
}

enum status carry_check(const struct secrets *secrets, const struct target *target, struct failure *reterr)
{
	struct arena arena = arena_with_ceiling(1 << 20);
	struct credential credential = {.kind = CREDENTIAL_NONE};
	char where[sizeof reterr->where];
	snprintf(where, sizeof where, "%.*s", (int)(target->written.len < 128 ? target->written.len : 128),
	         (const char *)target->written.at);
	const struct credentials *credentials = credentials_of(target->container.provider);
	if (credentials == NULL || credentials->acting_names == NULL)
		return fail(reterr, STATUS_UNSUPPORTED, where, "nothing can be changed there by this version; Azure Blob alone");
	enum status status = credentials->read(secrets, &arena, &credential, reterr);
	if (status == STATUS_OK && credential.kind != CREDENTIAL_NONE && !credential_fits(&credential, target) &&
	    !has_identity(secrets))
		status = fail(reterr, STATUS_DENIED, where,
		              "the credential in %s is of the account %.*s, not of this one; nothing was sent", credential.source,
		              (int)credential.account.len, (const char *)credential.account.at);
	else if (status == STATUS_OK && credential.kind == CREDENTIAL_NONE && !has_identity(secrets))
		status = fail(reterr, STATUS_DENIED, where,
		              "no credentials: set AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, or "
		              "AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET");
	arena_free(&arena);
	return status;
}

/* ---- steps of a plan as steps to do ---- */

static enum act_verb backwards(enum act_verb verb)
{
	switch (verb) {
	case ACT_CLOSE_CONTAINER: return ACT_REOPEN_CONTAINER;
	case ACT_CLOSE_SITE: return ACT_REOPEN_SITE;
	case ACT_CLOSE_ACCOUNT: return ACT_REOPEN_ACCOUNT;
	case ACT_DELETE: return ACT_UNDELETE;
	default: return ACT_VERB_COUNT;
	}
}

/* ACT_VERB_COUNT where nothing is to be done about it. */
static enum act_verb verb_of(const struct carrying *carrying, const struct plan_step *step)
{
	enum act_verb verb = act_verb_from_action(step->action);
	if (verb == ACT_VERB_COUNT || !act_verb_changes(verb))
		return ACT_VERB_COUNT;
	return carrying->is_back ? backwards(verb) : verb;
}

static struct bytes value_of(enum act_verb verb, const struct plan_step *step, const struct step_outcome *found)
{
	switch (verb) {
	case ACT_SET_TIER: return bytes_from(step->action, strlen(act_verb_name(ACT_SET_TIER)));
	case ACT_REOPEN_CONTAINER:
	case ACT_REOPEN_SITE:
	case ACT_REOPEN_ACCOUNT: return found->before.len > 0 ? found->before : step->before;
	default: return step->before;
	}
}

static enum status copy_bytes(struct arena *arena, struct bytes *bytes)
{
	if (bytes->len == 0)
		return STATUS_OK;
	*bytes = arena_copy(arena, *bytes);
	return bytes->at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status copy_step(struct arena *arena, const struct plan_step *step, struct plan_step *into)
{
	enum status status = STATUS_OK;
	*into = *step;
	struct bytes *const members[] = {&into->target, &into->object, &into->version, &into->etag,
	                                 &into->action, &into->why,    &into->reason,  &into->before};
	for (size_t i = 0; i < sizeof members / sizeof *members && status == STATUS_OK; i++)
		status = copy_bytes(arena, members[i]);
	return status;
}

static enum status add_step(struct carrying *carrying, const struct plan_step *step, enum act_verb verb,
                            const struct step_outcome *found, struct failure *reterr)
{
	size_t at = carrying->count;
	struct plan_step *planned = &carrying->planned[at];
	struct bytes value = value_of(verb, step, found);
	enum status status = copy_step(&carrying->batch_arena, step, planned);
	if (status == STATUS_OK)
		status = copy_bytes(&carrying->batch_arena, &value);
	if (status != STATUS_OK)
		return fail(reterr, status, "plan", "memory is used up");
	carrying->steps[at] = (struct act_step){
		.number = planned->number,
		.verb = verb,
		.object = planned->object,
		.version = verb == ACT_UNDELETE ? BYTES_NONE : planned->version,
		.is_snapshot = planned->is_snapshot,
		.etag = carrying->is_back ? BYTES_NONE : planned->etag,
		.value = value,
		.is_again = !carrying->is_back && (found->state == STEP_UNDER_WAY || found->state == STEP_FAILED),
	};
	carrying->count++;
	return STATUS_OK;
}

/* ---- the actor ---- */

static void end_actor(struct carrying *carrying)
{
	actor_free(carrying->actor);
	carrying->actor = NULL;
	arena_reset(&carrying->actor_arena);
}

static enum status be_at(struct carrying *carrying, struct bytes target, struct failure *reterr)
{
	const struct carriage *carriage = carrying->carriage;
	if (carrying->actor != NULL && bytes_equal(carrying->actor_target, target))
		return STATUS_OK;
	end_actor(carrying);
	carrying->actor_target = arena_copy(&carrying->actor_arena, target);
	if (carrying->actor_target.at == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "plan", "memory is used up");
	return actor_start(
		&(struct actor_plan){
			.target = carrying->actor_target,
			.secrets = carriage->secrets,
			.hash = plan_get_head(carriage->plan)->hash,
			.operator_name = carriage->operator_name,
			.rate = carriage->rate,
			.patience = carriage->patience,
		},
		&carrying->actor, reterr);
}

/* One that is lost is started anew, and then looks first. Twice lost, it is the steps' end. */
static enum status ask(struct carrying *carrying, struct failure *reterr)
{
	enum status status = STATUS_CRASHED;
	for (unsigned life = 0; life < LIVES && status == STATUS_CRASHED; life++) {
		arena_reset(&carrying->answer_arena);
		status = be_at(carrying, carrying->planned[0].target, reterr);
		if (status == STATUS_OK)
			status = actor_do(carrying->actor, carrying->steps, carrying->count, carrying->carriage->wait,
			                  &carrying->answer_arena, carrying->answers, reterr);
		if (status == STATUS_CRASHED)
			end_actor(carrying);
		for (size_t i = 0; i < carrying->count && status == STATUS_CRASHED; i++)
			carrying->steps[i].is_again = !carrying->is_back;
	}
	return status;
}

/* ---- on record ---- */

static enum status put_under_way(struct carrying *carrying, struct failure *reterr)
{
	int64_t now = clock_now();
	/* What is taken back stays done until it is not. */
	if (carrying->is_back)
		return STATUS_OK;
	for (size_t i = 0; i < carrying->count; i++)
		carrying->outcomes[i] = (struct step_outcome){
			.number = carrying->planned[i].number,
			.state = STEP_UNDER_WAY,
			.at = now,
			.survives_until = CLOCK_UNKNOWN,
			.before = carrying->planned[i].before,
		};
	return plan_run_put(carrying->carriage->run, carrying->outcomes, carrying->count, reterr);
}

/* As "left alone: somebody holds a lease on it (LeaseIdMissing)". */
static struct bytes reason_of(struct carrying *carrying, const struct act_answer *answer)
{
	struct buffer text = buffer_with_ceiling(8192);
	if (answer->result == ACT_DONE)
		return BYTES_NONE;
	buffer_append_string(&text, act_result_says(answer->result));
	if (answer->code.len > 0) {
		buffer_append_string(&text, " (");
		buffer_append(&text, answer->code);
		buffer_append_byte(&text, ')');
	}
	if (answer->why.len > 0) {
		buffer_append_string(&text, "; ");
		buffer_append(&text, answer->why);
	}
	struct bytes kept = arena_copy(&carrying->answer_arena, buffer_bytes(&text));
	buffer_free(&text);
	return kept;
}

/* Soft-deleted objects live on for as long as the account keeps them, which whoever planned has to know. */
static struct step_outcome outcome_of(struct carrying *carrying, size_t index)
{
	const struct act_answer *answer = &carrying->answers[index];
	struct step_outcome outcome = {
		.number = carrying->planned[index].number,
		.state = act_state(answer->result),
		.at = clock_now(),
		.survives_until = CLOCK_UNKNOWN,
		.reason = reason_of(carrying, answer),
		.before = answer->result == ACT_DONE ? answer->before : BYTES_NONE,
	};
	if (!carrying->is_back)
		return outcome;
	outcome.before = carrying->steps[index].value;
	outcome.state = outcome.state == STEP_DONE ? STEP_UNDONE : STEP_DONE;
	return outcome;
}

static void count(struct carry_tally *tally, enum step_state state)
{
	uint64_t *const counts[STEP_STATE_COUNT] = {
		[STEP_UNDER_WAY] = &tally->failed, [STEP_DONE] = &tally->done,     [STEP_LEFT] = &tally->left,
		[STEP_FAILED] = &tally->failed,    [STEP_UNDONE] = &tally->undone,
	};
	if (counts[state] != NULL)
		++*counts[state];
}

static enum status tell(struct carrying *carrying, const struct plan_step *step, const struct step_outcome *outcome,
                        const struct act_answer *answer)
{
	const struct carriage *carriage = carrying->carriage;
	bool was_refused = carrying->is_back && outcome->state == STEP_DONE && answer != NULL;
	if (was_refused)
		++*(act_state(answer->result) == STEP_LEFT ? &carrying->tally.left : &carrying->tally.failed);
	else
		count(&carrying->tally, outcome->state);
	return carriage->each != NULL ? carriage->each(carriage->context, step, outcome, answer) : STATUS_OK;
}

/* What is not known to have been done stays under way. */
static enum status give_up(struct carrying *carrying, const struct failure *why)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < carrying->count && status == STATUS_OK; i++) {
		struct step_outcome outcome = {
			.number = carrying->planned[i].number,
			.state = STEP_UNDER_WAY,
			.at = clock_now(),
			.survives_until = CLOCK_UNKNOWN,
			.reason = bytes_of_string(why->why),
		};
		status = tell(carrying, &carrying->planned[i], &outcome, NULL);
	}
	return status;
}

static enum status flush(struct carrying *carrying, struct failure *reterr)
{
	struct failure failure = {.why = ""};
	if (carrying->count == 0)
		return STATUS_OK;
	enum status status = put_under_way(carrying, reterr);
	if (status != STATUS_OK)
		return status;
	status = ask(carrying, &failure);
	if (status == STATUS_CRASHED) {
		status = give_up(carrying, &failure);
	} else if (status == STATUS_OK) {
		for (size_t i = 0; i < carrying->count; i++) {
			carrying->outcomes[i] = outcome_of(carrying, i);
			carrying->tally.requests += carrying->answers[i].requests;
		}
		status = plan_run_put(carrying->carriage->run, carrying->outcomes, carrying->count, &failure);
		for (size_t i = 0; i < carrying->count && status == STATUS_OK; i++)
			status = tell(carrying, &carrying->planned[i], &carrying->outcomes[i], &carrying->answers[i]);
	}
	if (status != STATUS_OK && reterr != NULL)
		*reterr = failure;
	carrying->count = 0;
	arena_reset(&carrying->batch_arena);
	return status;
}

/* ---- the plan ---- */

static bool goes_along(const struct carrying *carrying, const struct plan_step *step, enum act_verb verb)
{
	if (carrying->count == 0)
		return true;
	return carrying->count < ACT_BATCH_MAX && act_verb_goes_in_batches(verb) && verb == carrying->steps[0].verb &&
	       bytes_equal(step->target, carrying->planned[0].target) && carrying->batch_arena.used < BATCH_BYTES / 4;
}

/* A step may have been planned as left, be done already, or be nothing that can be done. */
static bool is_due(const struct carrying *carrying, const struct plan_step *step, const struct step_outcome *found,
                   enum act_verb verb)
{
	if (verb == ACT_VERB_COUNT)
		return false;
	if (carrying->is_back)
		return found->state == STEP_UNDER_WAY ||
		       (found->state == STEP_DONE && (found->before.len > 0 || verb == ACT_UNDELETE));
	return step->state == STEP_PLANNED && found->state != STEP_DONE;
}

static enum status pass_over(struct carrying *carrying, const struct plan_step *step, struct step_outcome *found)
{
	if (carrying->is_back)
		return STATUS_OK;
	if (found->state == STEP_PLANNED) {
		found->state = STEP_LEFT;
		found->reason = step->reason;
	}
	return tell(carrying, step, found, NULL);
}

static enum status leave(struct carrying *carrying, const struct plan_step *step, const char *reason, struct failure *reterr)
{
	const struct step_outcome outcome = {
		.number = step->number,
		.state = STEP_LEFT,
		.at = clock_now(),
		.survives_until = CLOCK_UNKNOWN,
		.reason = bytes_of_string(reason),
	};
	enum status status = plan_run_put(carrying->carriage->run, &outcome, 1, reterr);
	return status == STATUS_OK ? tell(carrying, step, &outcome, NULL) : status;
}

static enum status take_step(struct carrying *carrying, const struct plan_step *step, const struct json_value *all,
                             struct failure *reterr)
{
	const struct carriage *carriage = carrying->carriage;
	struct step_outcome found;
	const char *reason = "";
	enum carry_turn turn = carriage->turn != NULL ? carriage->turn(carriage->context, step, all, &reason) : CARRY_NOW;
	if (turn == CARRY_NOT_NOW)
		return STATUS_OK;
	if (turn == CARRY_LEAVE)
		return leave(carrying, step, reason, reterr);
	arena_reset(&carrying->found_arena);
	enum status status = plan_run_find(carrying->carriage->run, step->number, &carrying->found_arena, &found, reterr);
	if (status != STATUS_OK)
		return status;
	enum act_verb verb = verb_of(carrying, step);
	if (!is_due(carrying, step, &found, verb))
		return pass_over(carrying, step, &found);
	if (!goes_along(carrying, step, verb))
		status = flush(carrying, reterr);
	return status == STATUS_OK ? add_step(carrying, step, verb, &found, reterr) : status;
}

static enum status carry(const struct carriage *carriage, bool is_back, struct carry_tally *ret_tally, struct failure *reterr)
{
	struct plan_step step;
	const struct json_value *all = NULL;
	struct carrying *carrying = calloc(1, sizeof *carrying);
	if (carrying == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "plan", "memory is used up");
	carrying->carriage = carriage;
	carrying->is_back = is_back;
	carrying->actor_arena = arena_with_ceiling(1 << 20);
	carrying->batch_arena = arena_with_ceiling(BATCH_BYTES);
	carrying->answer_arena = arena_with_ceiling(ANSWER_BYTES);
	carrying->found_arena = arena_with_ceiling(FOUND_BYTES);
	enum status status;
	while ((status = plan_next(carriage->plan, &step, &all, reterr)) == STATUS_OK) {
		if (carriage->wait != NULL && carriage->wait->is_interrupted(carriage->wait->context))
			status = fail(reterr, STATUS_INTERRUPTED, "plan", "interrupted; the same command goes on");
		if (status == STATUS_OK)
			status = take_step(carrying, &step, all, reterr);
		if (status != STATUS_OK)
			break;
	}
	if (status == STATUS_END)
		status = flush(carrying, reterr);
	*ret_tally = carrying->tally;
	end_actor(carrying);
	arena_free(&carrying->actor_arena);
	arena_free(&carrying->batch_arena);
	arena_free(&carrying->answer_arena);
	arena_free(&carrying->found_arena);
	free(carrying);
	return status;
}

enum status carry_out(const struct carriage *carriage, struct carry_tally *ret_tally, struct failure *reterr)
{
	return carry(carriage, false, ret_tally, reterr);
}

enum status carry_back(const struct carriage *carriage, struct carry_tally *ret_tally, struct failure *reterr)
{
	return carry(carriage, true, ret_tally, reterr);
}
