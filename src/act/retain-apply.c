/* SPDX-License-Identifier: Apache-2.0 */
/* The plan is gone through once for each phase; a step that follows another waits for that one's to be done. */
#include "act/retain-apply.h"

#include "catalog/retention.h"
#include "scope/scope.h"
#include "scope/target.h"

static const char method[] =
	"Clear, in the words of NIST SP 800-88 Rev. 2: logical deletion through the provider's own interface (Delete Blob, each on "
	"its condition) of the object, its versions and its snapshots, and permanent deletion of soft-deleted ones where the account "
	"allows it; then listed again with versions, snapshots and soft-deleted copies, as far as the container lists them. No media "
	"were purged or destroyed.";

/* ---- approval ---- */

struct approval_search {
	struct bytes planner;
	bool is_found;
};

static enum status look_for_second(void *context, struct bytes user, int64_t at)
{
	struct approval_search *search = context;
	(void)at;
	search->is_found |= !bytes_equal(user, search->planner);
	return STATUS_OK;
}

enum status retain_may_approve(const struct plan *plan, struct bytes user, struct failure *reterr)
{
	if (!bytes_equal(user, json_text_of(plan_get_members(plan), "planned_by")))
		return STATUS_OK;
	return fail(reterr, STATUS_DENIED, "approval", "who planned it cannot approve it; ask a second person");
}

static enum status check_approval(const struct retain_applying *applying, struct failure *reterr)
{
	const struct json_value *members = plan_get_members(applying->plan);
	struct approval_search search = {.planner = json_text_of(members, "planned_by")};
	if (!bytes_equal_string(json_text_of(json_find(members, "policy"), "approval"), "second"))
		return STATUS_OK;
	enum status status = incident_approvals(applying->incident, plan_get_head(applying->plan), look_for_second, &search,
	                                        reterr);
	if (status != STATUS_OK || search.is_found)
		return status;
	return fail(reterr, STATUS_DENIED, "approval",
	            "its policy wants a second person's approval, and there is none; 'tidemark retain approve PLAN --user NAME'");
}

/* ---- turns ---- */

struct phases {
	const struct retain_applying *applying;
	struct plan_run *run;
	enum retain_phase phase;
	struct arena arena;
	struct target target; /* of written */
	struct scope scope;
	struct buffer written;
	struct failure *reterr;
	enum status status; /* of a look that failed: ends the run */
	uint64_t steps;
};

/* Whether a hold of the policy keeps it now, or cannot be ruled out. */
struct hold_search {
	const struct retain_applying *applying;
	int64_t now;
	bool is_held;
};

static enum status look_for_hold(void *context, const struct retained_object *object, const struct retained_document *document)
{
	struct hold_search *search = context;
	if (document != NULL && !policy_abstains(document))
		search->is_held |= policy_decide(search->applying->policy, search->now, object, document).verdict == POLICY_HELD;
	return STATUS_OK;
}

static enum status be_in(struct phases *phases, struct bytes written)
{
	struct bytes scope = phases->applying->scope_yaml;
	if (bytes_equal(buffer_bytes(&phases->written), written))
		return STATUS_OK;
	arena_reset(&phases->arena);
	buffer_reset(&phases->written);
	buffer_append(&phases->written, written);
	phases->scope = scope_new(&phases->arena);
	enum status status = target_parse(written, &phases->arena, &phases->target, phases->reterr);
	if (status == STATUS_OK)
		status = scope_add_target(&phases->scope, &phases->target, phases->reterr);
	return status == STATUS_OK && scope.len > 0 ? scope_read(&phases->scope, scope, "scope file", phases->reterr) : status;
}

/* What is decided by the facts of its object is held with it. */
static bool is_held(struct phases *phases, const struct plan_step *step)
{
	struct hold_search search = {.applying = phases->applying, .now = clock_now()};
	if (phases->applying->policy == NULL)
		return false;
	for (unsigned own = 0; own < 2 && phases->status == STATUS_OK && !search.is_held; own++) {
		const struct object object = {.name = step->object, .version = own ? step->version : BYTES_NONE};
		struct id id = object_id(&phases->target.container, &object);
		phases->status = incident_retained_object(phases->applying->incident, &id, policy_facts(phases->applying->policy),
		                                          look_for_hold, &search, phases->reterr);
		if (phases->status == STATUS_ABSENT)
			phases->status = STATUS_OK;
	}
	return search.is_held;
}

static bool is_done(struct phases *phases, uint64_t step)
{
	struct arena arena = arena_with_ceiling(1 << 20);
	struct step_outcome outcome = {.state = STEP_PLANNED};
	phases->status = plan_run_find(phases->run, step, &arena, &outcome, phases->reterr);
	arena_free(&arena);
	return phases->status == STATUS_OK && outcome.state == STEP_DONE;
}

/* NULL: it is carried out, unless phases->status says that this could not be told. */
static const char *reason_to_leave(struct phases *phases, const struct plan_step *step, uint64_t follows)
{
	if (!scope_allows_object(&phases->scope, &phases->target, step->object))
		return "left alone: the scope file denies it";
	if (follows > 0 && !is_done(phases, follows))
		return "left alone: what had to go before it was not deleted";
	return is_held(phases, step) ? "left alone: a hold of the policy keeps it now" : NULL;
}

/* Once something could not be told, no further step is begun. */
static enum carry_turn take_turn(void *context, const struct plan_step *step, const struct json_value *all,
                                 const char **ret_reason)
{
	struct phases *phases = context;
	uint64_t follows = 0;
	if (phases->status != STATUS_OK || retain_phase_of(step) != phases->phase)
		return CARRY_NOT_NOW;
	if (step->state != STEP_PLANNED)
		return CARRY_NOW;
	(void)json_number_of(all, "follows", &follows);
	phases->status = be_in(phases, step->target);
	const char *reason = phases->status == STATUS_OK ? reason_to_leave(phases, step, follows) : NULL;
	bool is_left = phases->status == STATUS_OK && reason != NULL && !is_done(phases, step->number);
	if (phases->status != STATUS_OK)
		return CARRY_NOT_NOW;
	*ret_reason = reason;
	return is_left ? CARRY_LEAVE : CARRY_NOW;
}

static enum status count_step(void *context, const struct plan_step *step, const struct step_outcome *outcome,
                              const struct act_answer *answer)
{
	struct phases *phases = context;
	(void)step;
	(void)outcome;
	(void)answer;
	if (phases->status != STATUS_OK)
		return phases->status;
	return phases->applying->progress(phases->applying->context, ++phases->steps) ? STATUS_OK : STATUS_INTERRUPTED;
}

static enum status carry_phases(struct phases *phases, struct retain_result *result, struct failure *reterr)
{
	const struct retain_applying *applying = phases->applying;
	const struct carriage carriage = {
		.plan = applying->plan,
		.run = phases->run,
		.secrets = applying->act_secrets,
		.operator_name = applying->operator_name,
		.rate = applying->setup.rate,
		.patience = applying->setup.patience,
		.wait = applying->wait,
		.turn = take_turn,
		.each = count_step,
		.context = phases,
	};
	enum status status = STATUS_OK;
	for (phases->phase = 0; phases->phase < RETAIN_PHASE_COUNT && status == STATUS_OK; phases->phase++) {
		struct carry_tally tally = {.done = 0};
		status = plan_rewind(applying->plan, reterr);
		if (status == STATUS_OK)
			status = carry_out(&carriage, &tally, reterr);
		result->done += tally.done;
		result->left += tally.left;
		result->failed += tally.failed;
		result->requests += tally.requests;
	}
	return status == STATUS_OK ? phases->status : status;
}

/* ---- proof ---- */

static enum status look_for_soft_deleted(void *context, const struct retain_row *row)
{
	*(bool *)context |= row->state == RETAIN_SURVIVES && row->until != CLOCK_UNKNOWN;
	return STATUS_OK;
}

struct residual_visitor {
	enum status (*each)(void *context, const struct retain_row *row);
	void *context;
};

static enum status pass_residual(void *context, const struct retain_row *row)
{
	const struct residual_visitor *visitor = context;
	return row->state != RETAIN_DESTROYED ? visitor->each(visitor->context, row) : STATUS_OK;
}

static enum status prove(const struct retain_applying *applying, struct plan_run *run, const struct residual_visitor *residuals,
                         struct retain_result *result, struct failure *reterr)
{
	const struct retain_verifying verifying = {
		.plan = applying->plan,
		.run = run,
		.setup = applying->setup,
		.scope_yaml = applying->scope_yaml,
		.look = applying->look,
		.progress = applying->progress,
		.context = applying->context,
	};
	struct certificate_facts facts = {
		.plan = applying->plan,
		.operator_name = applying->operator_name,
		.ticket = applying->ticket,
		.done = result->done,
		.left = result->left,
		.failed = result->failed,
		.method = method,
	};
	struct retain_verdict *verdict = NULL;
	enum status status = retain_verify(&verifying, &verdict, reterr);
	if (status != STATUS_OK)
		return status;
	facts.verified_at = clock_now();
	facts.gaps = retain_verdict_gaps(verdict);
	status = retain_verdict_pass(verdict, look_for_soft_deleted, &facts.has_soft_deleted, reterr);
	if (status == STATUS_OK)
		status = certificate_make(applying->incident, &facts, verdict, &result->certificate, &result->totals, reterr);
	if (status == STATUS_OK && residuals->each != NULL)
		status = retain_verdict_pass(verdict, pass_residual, (void *)(uintptr_t)residuals, reterr);
	retain_verdict_free(verdict);
	return status;
}

enum status retain_apply(const struct retain_applying *applying,
                         enum status (*residual)(void *context, const struct retain_row *row), void *context,
                         struct retain_result *ret_result, struct failure *reterr)
{
	struct retain_result result = {.done = 0};
	struct phases phases = {.applying = applying,
	                        .arena = arena_with_ceiling(64 << 20),
	                        .written = buffer_with_ceiling(1 << 16),
	                        .reterr = reterr};
	enum status status = check_approval(applying, reterr);
	if (status == STATUS_OK)
		status = plan_run_begin(applying->incident, plan_get_head(applying->plan), applying->operator_name,
		                        applying->ticket, clock_now(), &phases.run, reterr);
	if (status == STATUS_OK)
		status = carry_phases(&phases, &result, reterr);
	if (status == STATUS_OK)
		status = prove(applying, phases.run, &(struct residual_visitor){residual, context}, &result, reterr);
	if (status == STATUS_OK)
		status = plan_run_end(phases.run, clock_now(), reterr);
	plan_run_free(phases.run);
	arena_free(&phases.arena);
	buffer_free(&phases.written);
	*ret_result = result;
	return status;
}
