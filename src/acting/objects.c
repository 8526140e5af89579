/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects: deleted, brought back, moved to another tier. What may have been done
 * already, by a request that nobody answered or a run that was killed, is looked
 * at first; one that is gone then was ours.
 */
#include "acting/hand.h"

#include "provider/http.h"

/* ---- wording ---- */

static enum status word_head(const struct saying *saying, const struct acting *acting, const struct occasion *occasion,
                             struct arena *arena, struct request *ret_request)
{
	const struct act_step *step = saying->steps;
	const struct object object = {.name = step->object, .version = step->version, .is_snapshot = step->is_snapshot};
	const struct object_part part = {.is_head = true};
	(void)occasion;
	return acting->provider->ask_object(&acting->target, &acting->terms, &object, &part, arena, ret_request);
}

static enum status word_step(const struct saying *saying, const struct acting *acting, const struct occasion *occasion,
                             struct arena *arena, struct request *ret_request)
{
	(void)occasion;
	return azure_ask_step(&acting->target, &acting->terms, saying->steps, arena, ret_request);
}

static enum status word_batch(const struct saying *saying, const struct acting *acting, const struct occasion *occasion,
                              struct arena *arena, struct request *ret_request)
{
	bool has_key = credential_fits(&acting->credential, &acting->target);
	return azure_ask_batch(&acting->target, &acting->terms, saying->steps, saying->count, &acting->credential,
	                       has_key ? BYTES_NONE : acting->bearers[AZURE_FOR_STORAGE], occasion, arena, ret_request);
}

/* ---- looking ---- */

static struct said look(struct acting *acting, const struct act_step *step, struct act_answer *answer)
{
	const struct saying saying = {.word = word_head, .steps = step, .count = 1};
	struct object object = {.size = OBJECT_SIZE_UNKNOWN, .modified = CLOCK_UNKNOWN};
	struct said said = acting_say(acting, &saying, answer);
	if (!was_granted(&said) || http_read_head(&said.reply, &acting->work, &object) != STATUS_OK)
		return said;
	azure_read_holds(&said.reply, &answer->found);
	answer->etag = object.etag;
	answer->found.modified = object.modified;
	answer->found.size = object.size;
	answer->found.tier = reply_header(&said.reply, "x-ms-access-tier");
	return said;
}

void acting_look_object(struct acting *acting, const struct act_step *step, struct act_answer *answer)
{
	struct said said = look(acting, step, answer);
	if (was_granted(&said))
		acting_note(answer, ACT_DONE, "");
	else
		acting_conclude(acting, &said, answer);
}

/* ---- one ---- */

static bool is_as_planned(const struct act_step *step, const struct act_answer *answer)
{
	return step->version.len > 0 || step->etag.len == 0 || answer->etag.len == 0 || bytes_equal(step->etag, answer->etag);
}

/* Whether it still has to be done; else the answer is concluded. */
static bool is_still_due(struct acting *acting, const struct act_step *step, bool is_again, struct act_answer *answer)
{
	struct said said = look(acting, step, answer);
	if (!was_granted(&said)) {
		acting_conclude(acting, &said, answer);
		if (answer->result == ACT_ABSENT && step->verb == ACT_DELETE && is_again)
			acting_note(answer, ACT_DONE, "");
		return false;
	}
	if (!is_as_planned(step, answer)) {
		acting_note(answer, ACT_CHANGED, "");
		return false;
	}
	if (step->verb != ACT_SET_TIER || !bytes_equal_nocase(step->value, answer->found.tier))
		return true;
	acting_note(answer, is_again ? ACT_DONE : ACT_WAS_SO, "");
	return false;
}

static void note_granted(const struct act_step *step, const struct reply *reply, struct act_answer *answer)
{
	struct bytes permanent = reply_header(reply, "x-ms-delete-type-permanent");
	acting_note(answer, ACT_DONE, "");
	answer->status = reply->status;
	if (step->verb == ACT_DELETE_PERMANENTLY)
		answer->is_permanent = ANSWER_YES;
	else if (step->verb == ACT_DELETE && permanent.len > 0)
		answer->is_permanent = bytes_equal_nocase(permanent, BYTES_LITERAL("true")) ? ANSWER_YES : ANSWER_NO;
}

/* Deleting takes a condition; a tier does not, and what is soft-deleted cannot be looked at. */
static bool looks_first(const struct act_step *step, bool is_again)
{
	return step->verb == ACT_SET_TIER || (step->verb == ACT_DELETE && is_again);
}

void acting_change_object(struct acting *acting, const struct act_step *step, struct act_answer *answer)
{
	bool is_again = step->is_again;
	for (unsigned tries = 0; tries < ACTING_TRIES; tries++) {
		if (looks_first(step, is_again) && !is_still_due(acting, step, is_again, answer))
			return;
		const struct saying saying = {.word = word_step, .is_write = true, .steps = step, .count = 1};
		struct said said = acting_say(acting, &saying, answer);
		if (was_granted(&said)) {
			note_granted(step, &said.reply, answer);
			return;
		}
		if (!said.is_unanswered) {
			acting_conclude(acting, &said, answer);
			bool was_deleted = step->verb == ACT_DELETE || step->verb == ACT_DELETE_PERMANENTLY;
			if (answer->result == ACT_ABSENT && was_deleted && is_again)
				acting_note(answer, ACT_DONE, "");
			return;
		}
		is_again = true;
	}
	acting_note(answer, ACT_UNREACHABLE, "it was asked for time and again without an answer; look at it by hand");
}

/* ---- many ---- */

struct batch {
	struct acting *acting;
	size_t indices[ACT_BATCH_MAX]; /* of its steps among all */
	struct act_step steps[ACT_BATCH_MAX];
	bool is_settled[ACT_BATCH_MAX];
	size_t count;
};

/* One that is throttled, or fails over there, is asked for by itself. */
static void take_part(void *context, size_t index, const struct reply *reply)
{
	struct batch *batch = context;
	struct acting *acting = batch->acting;
	struct act_answer *answer = &acting->answers[batch->indices[index]];
	struct refusal refusal = {.reason = REFUSAL_OTHER};
	struct terms terms = acting->terms;
	if (reply->status >= 200 && reply->status <= 299) {
		note_granted(&batch->steps[index], reply, answer);
		batch->is_settled[index] = true;
		return;
	}
	if (acting->provider->read_refusal(reply, &terms, &acting->work, &refusal) != STATUS_OK)
		return;
	enum act_result result = azure_mean_refusal(reply->status, refusal.code);
	if (result == ACT_BUSY || result == ACT_UNREACHABLE)
		return;
	answer->status = reply->status;
	answer->code = refusal.code;
	acting_note(answer, result, "");
	batch->is_settled[index] = true;
}

/* A condition on a tier is a look at each: those go by themselves. */
static bool goes_along(const struct act_step *step)
{
	return !step->is_again && (step->verb == ACT_DELETE || step->etag.len == 0);
}

static void do_batch(struct batch *batch)
{
	struct acting *acting = batch->acting;
	struct act_answer whole = {.number = 0};
	const struct saying saying = {.word = word_batch, .is_write = true, .steps = batch->steps, .count = batch->count};
	struct said said = acting_say(acting, &saying, &whole);
	acting->answers[batch->indices[0]].requests += whole.requests;
	if (was_granted(&said) && azure_read_batch(&said.reply, batch->count, &acting->work, take_part, batch) != STATUS_OK)
		said.is_unanswered = true;
	/* One that was refused as a whole did nothing. */
	bool may_be_done = was_granted(&said) || said.is_unanswered;
	for (size_t i = 0; i < batch->count; i++)
		acting->steps[batch->indices[i]].is_again |= may_be_done && !batch->is_settled[i];
}

enum status acting_change_objects(struct acting *acting)
{
	enum status status = STATUS_OK;
	static struct batch batch; /* one process does one thing at a time */
	bool is_settled[ACT_BATCH_MAX] = {false};
	batch = (struct batch){.acting = acting};
	for (size_t i = 0; i < acting->count; i++) {
		if (!goes_along(&acting->steps[i]))
			continue;
		batch.indices[batch.count] = i;
		batch.steps[batch.count++] = acting->steps[i];
	}
	if (batch.count > 1)
		do_batch(&batch);
	for (size_t i = 0; i < batch.count; i++)
		is_settled[batch.indices[i]] = batch.is_settled[i];
	for (size_t i = 0; i < acting->count && status == STATUS_OK; i++) {
		if (!is_settled[i])
			acting_change_object(acting, &acting->steps[i], &acting->answers[i]);
		status = acting_tell(acting, i);
	}
	return status;
}
