/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sending: the plan is gone through once, an organisation's steps stand together.
 * What the catalog knows of a notice decides what is done about it, so that a run
 * that was killed is gone on with by another.
 */
#include "act/notify.h"

#include "base/clock.h"
#include "base/hash.h"
#include "catalog/notices.h"

#include <stdio.h>

enum { MESSAGE_MAX = 1 << 20 };

/* One run. */
struct run {
	const struct notify_sending *sending;
	struct notify_sent *sent;
	struct notice_sender sender;
	struct hash_table last; /* when each domain was sent something, by the monotonic clock */
	struct failure *reterr;
	/* Of the organisation at hand: */
	struct buffer organisation;
	bool is_settled; /* one of its recipients was told, or may have been */
	bool has_turned; /* one of its recipients failed */
	bool is_begun;   /* it is an organisation at all */
	bool ends;       /* the operator's own server takes nothing */
};

/* ---- the notice of a step, as the catalog has it ---- */

struct standing {
	enum notice_state state;
	bool is_unknown, is_known;
	char reason[NOTIFY_REASON];
};

static enum status take_standing(void *context, const struct notice *notice)
{
	struct standing *standing = context;
	standing->is_known = true;
	standing->state = notice->state;
	standing->is_unknown = notice->is_unknown;
	snprintf(standing->reason, sizeof standing->reason, "%.*s", (int)notice->reason.len,
	         notice->reason.len > 0 ? (const char *)notice->reason.at : "");
	return STATUS_OK;
}

static enum status find_standing(struct run *run, const struct notify_step *step, struct standing *ret_standing)
{
	*ret_standing = (struct standing){.state = NOTICE_STATE_PLANNED};
	enum status status = incident_notice(run->sending->incident, &step->name, take_standing, ret_standing, run->reterr);
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

static void tell(struct run *run, const struct notify_step *step, const struct standing *standing, bool is_new)
{
	const struct notify_told told = {step, standing->state, is_new, standing->is_unknown, standing->reason};
	if (run->sending->told != NULL)
		run->sending->told(run->sending->context, &told);
}

/* ---- one message ---- */

struct handing {
	struct run *run;
	const struct notify_step *step;
	uint64_t ticket;
};

static enum status hand_over(void *context, struct failure *reterr)
{
	struct handing *handing = context;
	return incident_hand_over_notice(handing->run->sending->incident, handing->ticket, reterr);
}

/* Message and signature, as it goes. */
static enum status write_message(struct run *run, const struct notify_step *step, struct buffer *into)
{
	const struct notify_sending *sending = run->sending;
	struct notice_text text;
	struct buffer body = buffer_with_ceiling(MESSAGE_MAX);
	char message[NOTICE_MESSAGE_SIZE];
	enum status status = notify_compose_step(sending->catalog, sending->incident, step, &run->sender, &text, run->reterr);
	if (status != STATUS_OK)
		return status;
	incident_notice_message(sending->incident, &step->name, message);
	const struct notice_envelope envelope = {sending->from, step->name.recipient, run->sender.who, message, clock_now()};
	status = notice_mail_append(&envelope, &text, &body);
	if (status == STATUS_OK && sending->sign != NULL)
		status = sending->sign(sending->context, buffer_bytes(&body), into, run->reterr);
	buffer_append(into, buffer_bytes(&body));
	notice_text_free(&text);
	buffer_free(&body);
	return status == STATUS_OK ? buffer_status(into) : status;
}

/* No domain is sent two messages within pace. */
static enum status keep_pace(struct run *run, struct bytes address)
{
	bool is_new = false;
	uint64_t *last = hash_table_enter(&run->last, hash_of(0, notice_domain_of(address)), &is_new);
	if (last == NULL)
		return STATUS_NO_MEMORY;
	int64_t now = clock_monotonic(), next = (int64_t)*last + run->sending->pace;
	if (!is_new && now < next) {
		if (run->sending->pause != NULL && !run->sending->pause(run->sending->context, (uint32_t)(next - now)))
			return STATUS_INTERRUPTED;
		now = clock_monotonic();
	}
	*last = (uint64_t)now;
	return STATUS_OK;
}

static void count(struct run *run, enum notice_event event)
{
	run->sent->done += event == NOTICE_SENT;
	run->sent->unknown += event == NOTICE_HANDED_OVER;
	run->sent->refused += event == NOTICE_REFUSED;
	run->sent->deferred += event == NOTICE_DEFERRED;
}

static enum status carry(struct run *run, const struct notify_step *step, struct bytes message, struct standing *standing)
{
	const struct notify_sending *sending = run->sending;
	const struct notice_attempt attempt = {
		.name = step->name,
		.found_by = step->found_by,
		.language = bytes_of_string(notice_language_name(step->languages.at[0])),
		.is_again = sending->is_again,
	};
	struct handing handing = {.run = run, .step = step};
	struct notify_outcome outcome = {.event = NOTICE_DEFERRED};
	enum status status = incident_begin_notice(sending->incident, &attempt, &handing.ticket, run->reterr);
	if (status == STATUS_OK)
		status = sending->record(sending->context, step, run->reterr);
	if (status == STATUS_OK)
		status = sending->carry(sending->context, step->name.recipient, message, hand_over, &handing, &outcome,
		                        run->reterr);
	if (status == STATUS_OK && outcome.event != NOTICE_HANDED_OVER)
		status = incident_tell_attempt(sending->incident, handing.ticket, outcome.event, bytes_of_string(outcome.reason),
		                               run->reterr);
	if (status != STATUS_OK)
		return status;
	count(run, outcome.event);
	run->ends |= outcome.is_end;
	standing->is_unknown = outcome.event == NOTICE_HANDED_OVER;
	standing->state = outcome.event == NOTICE_REFUSED    ? NOTICE_STATE_REFUSED
	                  : outcome.event == NOTICE_DEFERRED ? NOTICE_STATE_PLANNED
	                                                     : NOTICE_STATE_SENT;
	snprintf(standing->reason, sizeof standing->reason, "%s", outcome.reason);
	return STATUS_OK;
}

/* CHANGED, where another run tells it at this moment, counts as told before; where facts have changed, as left. */
static enum status deliver(struct run *run, const struct notify_step *step, struct standing *standing)
{
	struct buffer message = buffer_with_ceiling(MESSAGE_MAX);
	enum status status = write_message(run, step, &message);
	if (status == STATUS_CHANGED) {
		run->sent->left++;
		run->is_settled = true;
		snprintf(standing->reason, sizeof standing->reason, "what is known has changed since it was planned; plan anew");
		tell(run, step, standing, false);
		buffer_free(&message);
		return STATUS_OK;
	}
	if (status == STATUS_OK)
		status = keep_pace(run, step->name.recipient);
	if (status == STATUS_OK)
		status = carry(run, step, buffer_bytes(&message), standing);
	buffer_free(&message);
	if (status == STATUS_CHANGED) {
		run->sent->before++;
		run->is_settled = true;
		return STATUS_OK;
	}
	if (status == STATUS_OK)
		tell(run, step, standing, true);
	return status;
}

/* ---- one step ---- */

static enum status escalate(struct run *run, const struct notify_step *step)
{
	run->has_turned = true;
	return incident_tell_notice(run->sending->incident, &step->name, NOTICE_ESCALATED, BYTES_NONE, run->reterr);
}

static bool may_be_sent(const struct run *run, const struct standing *standing)
{
	return standing->state == NOTICE_STATE_PLANNED || (standing->is_unknown && run->sending->is_again);
}

static enum status take_turn(struct run *run, const struct notify_step *step, struct standing *standing)
{
	enum status status = STATUS_OK;
	bool is_due = may_be_sent(run, standing);
	if (!is_due) {
		run->sent->before += standing->state == NOTICE_STATE_SENT || standing->state == NOTICE_STATE_ACKNOWLEDGED;
		run->sent->unknown += standing->is_unknown;
		tell(run, step, standing, false);
	} else {
		status = deliver(run, step, standing);
	}
	return status;
}

static enum status take_step(struct run *run, const struct notify_step *step)
{
	struct standing standing;
	enum status status = find_standing(run, step, &standing);
	if (status != STATUS_OK || run->sending->carry == NULL)
		return status;
	status = take_turn(run, step, &standing);
	if (status != STATUS_OK || step->is_alongside)
		return status;
	bool has_failed = standing.state == NOTICE_STATE_REFUSED || standing.state == NOTICE_STATE_BOUNCED ||
	                  standing.state == NOTICE_STATE_ESCALATED;
	if (!has_failed) {
		run->is_settled = true;
		return STATUS_OK;
	}
	return standing.state == NOTICE_STATE_ESCALATED ? STATUS_OK : escalate(run, step);
}

/* ---- all of them ---- */

static void end_organisation(struct run *run)
{
	if (run->is_begun && !run->is_settled && run->sending->carry != NULL)
		run->sent->exhausted++;
	run->is_begun = false;
}

static void begin_organisation(struct run *run, const struct notify_step *step)
{
	end_organisation(run);
	buffer_reset(&run->organisation);
	buffer_append(&run->organisation, step->name.organisation);
	run->is_begun = true;
	run->is_settled = run->has_turned = false;
}

static enum status visit(struct run *run, const struct notify_step *step)
{
	if (!run->is_begun || !bytes_equal(buffer_bytes(&run->organisation), step->name.organisation))
		begin_organisation(run, step);
	if (step->is_left) {
		run->sent->left++;
		run->is_settled = true;
		return STATUS_OK;
	}
	return run->is_settled && !step->is_alongside ? STATUS_OK : take_step(run, step);
}

enum status notify_send(const struct notify_sending *sending, struct notify_sent *ret_sent, struct failure *reterr)
{
	struct run run = {
		.sending = sending,
		.sent = ret_sent,
		.sender = notify_sender_of(sending->plan),
		.organisation = buffer_with_ceiling(NOTICE_ADDRESS_MAX + 1),
		.reterr = reterr,
	};
	struct notify_step step;
	*ret_sent = (struct notify_sent){.done = 0};
	enum status status = plan_rewind(sending->plan, reterr);
	while (status == STATUS_OK && !run.ends && (status = notify_next(sending->plan, &step, reterr)) == STATUS_OK)
		status = sending->pause == NULL || sending->pause(sending->context, 0) ? visit(&run, &step) : STATUS_INTERRUPTED;
	if (status == STATUS_END)
		end_organisation(&run);
	hash_table_free(&run.last);
	buffer_free(&run.organisation);
	return status == STATUS_END ? STATUS_OK : status;
}
