/* SPDX-License-Identifier: Apache-2.0 */
/* retain plan, approve, apply: what goes, who agrees, and its destruction. */
#include "act/retain-apply.h"
#include "base/digest.h"
#include "catalog/sign-ins.h"
#include "cli/acting-secrets.h"
#include "cli/input-file.h"
#include "cli/interrupt.h"
#include "cli/output-file.h"
#include "cli/password.h"
#include "cli/progress.h"
#include "cli/retain-commands.h"
#include "scope/target.h"

#include <stdio.h>
#include <string.h>

enum { SCOPE_FILE_MAX = 16 << 20 };

static enum status make_plan(struct session *session, struct failure *reterr);
static enum status approve(struct session *session, struct failure *reterr);
static enum status apply(struct session *session, struct failure *reterr);
static enum status undo(struct session *session, struct failure *reterr);

/* clang-format off */
#define RATE_OPTION {.name = "rate", .kind = OPTION_RATE, .value = "REQ/s", .high = 10000, \
	.help = "most requests a second to one account"}

static const struct option plan_options[] = {
	RETAIN_POLICY_OPTION,
	{.name = "output", .letter = 'o', .kind = OPTION_PATH, .value = "PLAN", .is_not_configured = true,
	 .help = "the file that the plan is written to; must be given"},
	RATE_OPTION,
	{.name = NULL},
};
static const struct option approve_options[] = {
	{.name = "user", .kind = OPTION_TEXT, .value = "NAME", .is_not_configured = true,
	 .help = "who approves: a user (tidemark user list) other than the planner; the password is asked for, or read from standard input"},
	{.name = NULL},
};
static const struct option apply_options[] = {
	{.name = "ticket", .kind = OPTION_TEXT, .value = "T", .is_not_configured = true, .help = "under which it is done, for the record"},
	{.name = "policy", .kind = OPTION_PATH, .value = "FILE",
	 .help = "a policy whose holds are asked once more before each step: what they keep now is left"},
	RATE_OPTION,
	{.name = NULL},
};

const struct command command_retain_plan = {
	.name = "plan",
	.summary = "write which objects, versions, snapshots and soft-deleted copies a policy lets go",
	.description =
		"Lists the incident's containers as they are now, with versions, snapshots and what is soft-deleted, and decides of each "
		"by what the incident knows of it. Only what was swept is planned, and as it was swept: what has changed since, what was "
		"never seen and what a hold keeps is left, and counted. Changes nothing. A plan is good for seven days, in this catalog "
		"and incident, as it was written. Exits with 4 where a container could not be listed.\n\n"
		"Takes the credentials that az users set: AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN.",
	.options = plan_options, .catalog = COMMAND_WRITES_CATALOG, .opens_incident = true, .journal = "retain plan",
	.catches_interrupt = true, .execute = make_plan,
};
const struct command command_retain_approve = {
	.name = "approve",
	.summary = "say yes to a plan, as a second person",
	.description =
		"Where the policy has approval: second, a plan is applied only once a user of the operator's pages, an admin or an analyst "
		"other than who planned it, has approved it with their password. The approval is of this very file: one that was edited "
		"or made again needs another. A refused one exits with 1.",
	.operands = "PLAN", .operands_min = 1, .operands_max = 1,
	.options = approve_options, .catalog = COMMAND_WRITES_CATALOG, .opens_incident = true, .execute = approve,
};
const struct command command_retain_apply = {
	.name = "apply",
	.summary = "destroy what the plan names, list again, and certify",
	.description =
		"Deletes each on its condition, in batches; what has changed since it was planned, is leased, held or immutable is left, "
		"with its reason. Then lists again with versions, snapshots and what is soft-deleted, and keeps a certificate of what is "
		"destroyed, what survives until when, and what was left. The same command goes on where it was stopped.\n\n"
		"Where the account keeps soft-deleted objects and the policy has undo_days, what is deleted survives for as long as the "
		"account says; retain undo brings it back.\n\n"
		"Exits with 4 when something was left, failed or survives.",
	.operands = "PLAN", .operands_min = 1, .operands_max = 1,
	.options = apply_options, .catalog = COMMAND_WRITES_CATALOG, .opens_incident = true, .catches_interrupt = true, .execute = apply,
};
/* clang-format on */

/* clang-format off */
static const struct option undo_options[] = {
	{.name = "ticket", .kind = OPTION_TEXT, .value = "T", .is_not_configured = true, .help = "under which it is done, for the record"},
	RATE_OPTION,
	{.name = NULL},
};
const struct command command_retain_undo = {
	.name = "undo",
	.summary = "bring back what a plan deleted, where soft delete still has it",
	.description =
		"Asks for each object that the plan deleted, with its soft-deleted snapshots and versions. What is past recovery stays so. "
		"An object of an account that keeps versions is a version after that, and made the current one by copying it "
		"(az storage blob copy).\n\n"
		"Exits with 4 when something could not be brought back.",
	.operands = "PLAN", .operands_min = 1, .operands_max = 1,
	.options = undo_options, .catalog = COMMAND_WRITES_CATALOG, .opens_incident = true, .catches_interrupt = true, .execute = undo,
};
/* clang-format on */

/* ---- what plan and apply have ---- */

struct retaining {
	struct session *session;
	struct secrets secrets;
	struct buffer scope_yaml;
	const char *unit;
};

static bool is_interrupted(void *context)
{
	(void)context;
	return interrupt_is_asked();
}

static const struct fetch_wait wait = {is_interrupted, NULL};

static bool show_progress(void *context, uint64_t count)
{
	const struct retaining *retaining = context;
	const struct progress_figures figures = {.unit = retaining->unit, .done = count};
	progress_show(retaining->session->progress, &figures, clock_monotonic());
	return !interrupt_is_asked();
}

static enum status find_secrets(void *context, struct bytes written, const struct container *container,
                                struct secrets *ret_secrets, struct failure *reterr)
{
	const struct retaining *retaining = context;
	struct arena arena = arena_with_ceiling(1 << 20);
	struct target target;
	(void)container;
	enum status status = target_parse(written, &arena, &target, reterr);
	if (status == STATUS_OK)
		status = carry_check(&retaining->secrets, &target, reterr);
	if (status == STATUS_OK)
		*ret_secrets = retaining->secrets;
	arena_free(&arena);
	return status;
}

/* What the account does not tell is not known, and told so. */
static void look_at_service(void *context, struct bytes target, const struct secrets *secrets, struct retain_service *ret_service)
{
	const struct retaining *retaining = context;
	const struct settings *settings = retaining->session->settings;
	struct arena arena = arena_with_ceiling(1 << 20);
	struct act_step step = {.number = 1, .verb = ACT_LOOK_SERVICE};
	struct act_answer answer = {.number = 0};
	struct actor *actor = NULL;
	struct failure failure = {.why = ""};
	enum status status = actor_start(
		&(struct actor_plan){
			.target = target,
			.secrets = *secrets,
			.operator_name = bytes_of_string(settings_text(settings, "operator")),
			.rate = settings_rate(settings, "rate"),
			.patience = (uint32_t)settings_number(settings, "patience") * 1000,
		},
		&actor, &failure);
	if (status == STATUS_OK)
		status = actor_do(actor, &step, 1, &wait, &arena, &answer, &failure);
	if (status == STATUS_OK && answer.result == ACT_DONE)
		*ret_service = (struct retain_service){answer.found.has_soft_delete, answer.found.may_delete_permanently,
		                                       answer.found.retention_days};
	else
		session_detail(retaining->session, "%.*s: whether soft delete is on is not known: %s", (int)target.len,
		               (const char *)target.at, status == STATUS_OK ? act_result_says(answer.result) : failure.why);
	actor_free(actor);
	arena_free(&arena);
}

static enum status begin(struct session *session, const char *unit, struct retaining *retaining, struct failure *reterr)
{
	const char *scope = settings_text(session->settings, "scope");
	*retaining = (struct retaining){
		.session = session,
		.secrets = acting_secrets(PROVIDER_AZURE),
		.scope_yaml = buffer_with_ceiling(SCOPE_FILE_MAX),
		.unit = unit,
	};
	return scope != NULL ? input_file_read(scope, SCOPE_FILE_MAX, &retaining->scope_yaml, reterr) : STATUS_OK;
}

/* Of those that fetch knows; what else proves who asks is for those who act. */
static struct fetch_setup setup_of(const struct retaining *retaining)
{
	const struct settings *settings = retaining->session->settings;
	return (struct fetch_setup){
		.rate = settings_rate(settings, "rate"),
		.connections = 2,
		.patience = (uint32_t)settings_number(settings, "patience") * 1000,
		.operator_name = bytes_of_string(settings_text(settings, "operator")),
		.secrets = retaining->secrets,
	};
}

/* ---- plan ---- */

static void warn_unlisted(void *context, struct bytes target, const struct failure *why)
{
	const struct retaining *retaining = context;
	char where[256];
	snprintf(where, sizeof where, "%.*s", (int)(target.len < 200 ? target.len : 200), (const char *)target.at);
	session_warn(retaining->session, where, "could not be listed, and nothing of it is planned: %s", why->why);
}

static void put_hash(struct json_writer *json, const unsigned char hash[PLAN_DIGEST_SIZE])
{
	struct buffer hex = buffer_with_ceiling(256);
	digest_append_hex(&hex, bytes_of(hash, PLAN_DIGEST_SIZE));
	json_member_text(json, "hash", buffer_bytes(&hex));
	buffer_free(&hex);
}

static enum status show_step(struct session *session, const struct plan_step *step)
{
	struct json_writer *json = output_begin_item(session->output);
	json_member_unsigned(json, "step", step->number);
	json_member_text(json, "target", step->target);
	json_member_text(json, "object", step->object);
	json_member_text(json, "version", step->version);
	json_member_text(json, "etag", step->etag);
	json_member_text(json, "action", step->action);
	json_member_text(json, "why", step->why);
	json_member_string(json, "state", step_state_name(step->state));
	json_member_text(json, "reason", step->reason);
	const struct cell cells[] = {
		cell_unsigned(step->number),
		cell_text(step->target),
		cell_text(step->object),
		cell_text(step->version),
		cell_text(step->action),
		cell_text(step->why),
		cell_string(step_state_name(step->state)),
		cell_text(step->reason),
	};
	return output_end_item(session->output, cells);
}

static enum status show_steps(struct session *session, const char *path, struct failure *reterr)
{
	static const struct column columns[] = {{.name = "step", .align = COLUMN_RIGHT},
	                                        {.name = "target"},
	                                        {.name = "object"},
	                                        {.name = "version"},
	                                        {.name = "action"},
	                                        {.name = "why"},
	                                        {.name = "state"},
	                                        {.name = "reason"}};
	static const struct output_list list = {.member = "steps", .columns = columns, .column_count = 8};
	struct plan *plan = NULL;
	struct plan_step step;
	enum status status = plan_open(path, PLAN_RETAIN, session->incident, PLAN_TO_READ, clock_now(), &plan, reterr);
	if (status != STATUS_OK)
		return status;
	output_begin_list(session->output, &list);
	while ((status = plan_next(plan, &step, NULL, reterr)) == STATUS_OK)
		if (show_step(session, &step) != STATUS_OK)
			break;
	output_end_list(session->output);
	plan_free(plan);
	return status == STATUS_END ? STATUS_OK : status;
}

static void show_blast(struct session *session, const struct plan_head *head, const struct retain_blast *blast)
{
	struct output *output = session->output;
	char id[ID_TEXT_SIZE];
	output_begin_page(output, BYTES_NONE);
	output_field(output, "plan", "Plan", cell_string(id_format(head->id, id)));
	output_field(output, "expires_at", "Good until", cell_time(head->expires_at));
	output_field(output, "objects", "Objects", cell_unsigned(blast->objects));
	output_field(output, "versions", "Versions", cell_unsigned(blast->versions));
	output_field(output, "snapshots", "Snapshots", cell_unsigned(blast->snapshots));
	output_field(output, "deleted", "Soft-deleted copies", cell_unsigned(blast->deleted));
	output_field(output, "tiers", "To another tier", cell_unsigned(blast->tiers));
	output_field(output, "bytes", "Bytes", cell_size(blast->bytes));
	output_field(output, "people", "People of whom nothing is left",
	             blast->has_people ? cell_unsigned(blast->people) : CELL_EMPTY);
	output_field(output, "organisations", "Organisations of which nothing is left", cell_unsigned(blast->organisations));
	output_field(output, "oldest", "Oldest", cell_time(blast->oldest));
	output_field(output, "newest", "Newest", cell_time(blast->newest));
	for (enum retain_left left = RETAIN_KEPT + 1; left < RETAIN_LEFT_COUNT; left++)
		if (blast->left[left] > 0)
			output_field(output, retain_left_name(left), retain_left_name(left), cell_unsigned(blast->left[left]));
	if (blast->surviving > 0)
		output_note(output, "%llu soft-deleted copies survive until their retention ends.",
		            (unsigned long long)blast->surviving);
	if (blast->retention_days > 0)
		output_note(output, "What is deleted stays soft-deleted for %u days there.", (unsigned)blast->retention_days);
	output_note(output, "%s",
	            head->steps > 0 ? "Nothing was changed yet; 'tidemark retain apply PLAN --ticket T' does it."
	                            : "There is nothing to do.");
}

static enum status show_plan(struct session *session, const struct plan_head *head, const struct retain_blast *blast,
                             struct failure *reterr)
{
	struct json_writer *json = output_members(session->output);
	char id[ID_TEXT_SIZE];
	json_member_string(json, "plan", plan_kind_name(head->kind));
	json_member_string(json, "id", id_format(head->id, id));
	json_member_text(json, "incident", head->incident);
	json_member_time(json, "made_at", head->made_at);
	json_member_time(json, "expires_at", head->expires_at);
	put_hash(json, head->hash);
	json_key(json, "blast");
	json_begin_object(json);
	retain_blast_write(blast, json);
	json_end_object(json);
	if (output_get_format(session->output) != OUTPUT_TABLE)
		return show_steps(session, settings_text(session->settings, "output"), reterr);
	show_blast(session, head, blast);
	return STATUS_OK;
}

static enum status write_plan(const struct retaining *retaining, const struct policy *policy, struct plan_head *head,
                              struct retain_blast *blast, struct failure *reterr)
{
	struct session *session = retaining->session;
	struct output_file file;
	const struct retain_planning planning = {
		.policy = policy,
		.policy_name = settings_text(session->settings, "policy"),
		.operator_name = bytes_of_string(session->desk.operator_name),
		.now = clock_now(),
		.setup = setup_of(retaining),
		.scope_yaml = buffer_bytes(&retaining->scope_yaml),
		.find_secrets = find_secrets,
		.look = look_at_service,
		.warn = warn_unlisted,
		.progress = show_progress,
		.context = (void *)(uintptr_t)retaining,
	};
	enum status status = output_file_begin(&file, settings_text(session->settings, "output"), reterr);
	if (status != STATUS_OK)
		return status;
	const struct plan_sink sink = {output_file_write, &file};
	status = retain_plan(session->incident, bytes_of_string(session->incident_name), &planning, &sink, head, blast, reterr);
	return output_file_end(&file, status, reterr);
}

static enum status make_plan(struct session *session, struct failure *reterr)
{
	struct retaining retaining;
	struct policy policy;
	struct plan_head head;
	struct retain_blast blast;
	if (settings_text(session->settings, "output") == NULL)
		return fail(reterr, STATUS_USAGE, "--output", "name the file that the plan is written to (-o PLAN)");
	enum status status = retain_read_policy(session, &policy, reterr);
	if (status == STATUS_OK)
		status = begin(session, "objects", &retaining, reterr);
	if (status != STATUS_OK)
		return status;
	status = write_plan(&retaining, &policy, &head, &blast, reterr);
	progress_clear(session->progress);
	if (status == STATUS_OK)
		status = show_plan(session, &head, &blast, reterr);
	if (status == STATUS_OK && blast.unlisted > 0)
		session->exit_code = EXIT_IN_PART;
	buffer_free(&retaining.scope_yaml);
	return status;
}

/* ---- approve ---- */

static enum status check_user(struct session *session, const char *name, struct failure *reterr)
{
	char password[USER_PASSWORD_MAX + 2];
	struct sign_in sign_in;
	struct failure ignored;
	enum status status = password_ask(password, reterr);
	if (status != STATUS_OK)
		return status;
	const struct sign_in_attempt attempt = {.name = bytes_of_string(name),
	                                        .password = bytes_of_string(password),
	                                        .address = BYTES_LITERAL("command line"),
	                                        .now = clock_now()};
	status = sign_in_begin(session->catalog, &attempt, &sign_in, reterr);
	explicit_bzero(password, sizeof password);
	if (status != STATUS_OK)
		return status;
	if (sign_in.verdict == SIGN_IN_TOO_MANY)
		return fail(reterr, STATUS_DENIED, "approval", "too many wrong passwords; try again in %u s",
		            (unsigned)sign_in.wait);
	if (sign_in.verdict != SIGN_IN_RIGHT)
		return fail(reterr, STATUS_DENIED, "approval", "there is no such user, or the password is wrong");
	status = sign_in_end(session->catalog, bytes_of_string(sign_in.token), &ignored);
	(void)status; /* a session nobody has the token of ends by itself */
	explicit_bzero(sign_in.token, sizeof sign_in.token);
	if (sign_in.role != USER_ADMIN && sign_in.role != USER_ANALYST)
		return fail(reterr, STATUS_DENIED, "approval", "an admin or an analyst approves; this user is %s",
		            user_role_name(sign_in.role));
	return STATUS_OK;
}

static enum status put_on_record(struct session *session, const char *verb, const struct plan_head *head, const char *name,
                                 const char *value, const struct retain_result *result, struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(1 << 16);
	struct json_writer json = json_writer_into(&detail);
	char id[ID_TEXT_SIZE];
	json_begin_object(&json);
	json_member_string(&json, "plan", id_format(head->id, id));
	put_hash(&json, head->hash);
	json_member_unsigned(&json, "steps", head->steps);
	json_member_string(&json, name, value);
	if (result != NULL) {
		json_member_unsigned(&json, "done", result->done);
		json_member_unsigned(&json, "left", result->left);
		json_member_unsigned(&json, "failed", result->failed);
		json_member_string(&json, "certificate", id_format(result->certificate, id));
	}
	json_end_object(&json);
	enum status status = buffer_status(&detail);
	if (status == STATUS_OK)
		status = session_journal(session, verb, buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

static enum status approve(struct session *session, struct failure *reterr)
{
	struct failure ignored;
	const char *user = settings_text(session->settings, "user");
	struct plan *plan = NULL;
	if (user == NULL)
		return fail(reterr, STATUS_USAGE, "--user", "say who approves");
	enum status status = plan_open(settings_operand(session->settings, 0), PLAN_RETAIN, session->incident, PLAN_TO_APPLY,
	                               clock_now(), &plan, reterr);
	if (status == STATUS_OK)
		status = retain_may_approve(plan, bytes_of_string(user), reterr);
	if (status == STATUS_OK)
		status = check_user(session, user, reterr);
	if (status == STATUS_DENIED && plan != NULL) {
		enum status recorded = put_on_record(session, "retain approve refused", plan_get_head(plan), "user", user, NULL,
		                                     &ignored);
		(void)recorded; /* that it was refused is what counts */
	}
	if (status == STATUS_OK)
		status = put_on_record(session, "retain approve", plan_get_head(plan), "user", user, NULL, reterr);
	if (status == STATUS_OK)
		status = incident_approve(session->incident, plan_get_head(plan), bytes_of_string(user), clock_now(), reterr);
	if (status == STATUS_OK) {
		struct json_writer *json = output_members(session->output);
		char id[ID_TEXT_SIZE];
		json_member_string(json, "plan", id_format(plan_get_head(plan)->id, id));
		json_member_string(json, "approved_by", user);
		output_begin_page(session->output, BYTES_NONE);
		output_field(session->output, "plan", "Plan", cell_string(id));
		output_field(session->output, "approved_by", "Approved by", cell_string(user));
	}
	plan_free(plan);
	return status;
}

/* ---- apply ---- */

static enum status show_residual(void *context, const struct retain_row *row)
{
	struct session *session = context;
	struct json_writer *json = output_begin_item(session->output);
	json_member_text(json, "target", row->target);
	json_member_text(json, "object", row->object);
	json_key(json, "version");
	json_bytes(json, row->version);
	json_member_string(json, "state", retain_state_name(row->state));
	json_member_time(json, "survives_until", row->until);
	json_member_text(json, "reason", row->reason);
	const struct cell cells[] = {
		cell_text(row->target),  cell_text(row->object),
		cell_text(row->version), cell_toned(cell_string(retain_state_name(row->state)), TONE_DOUBT),
		cell_time(row->until),   cell_text(row->reason),
	};
	return output_end_item(session->output, cells);
}

static enum status apply_plan(const struct retaining *retaining, struct plan *plan, const struct policy *policy,
                              struct retain_result *result, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "target", .rank = 1}, {.name = "object", .may_shrink = true, .keeps_end = true},
		{.name = "version"},           {.name = "state"},
		{.name = "survives_until"},    {.name = "reason", .may_shrink = true},
	};
	static const struct output_list list = {
		.member = "residuals", .columns = columns, .column_count = 6, .nothing = "Nothing of it is left."};
	struct session *session = retaining->session;
	const char *ticket = settings_text(session->settings, "ticket");
	const struct retain_applying applying = {
		.incident = session->incident,
		.plan = plan,
		.operator_name = bytes_of_string(session->desk.operator_name),
		.ticket = bytes_of_string(ticket),
		.act_secrets = retaining->secrets,
		.setup = setup_of(retaining),
		.scope_yaml = buffer_bytes(&retaining->scope_yaml),
		.policy = policy,
		.wait = &wait,
		.look = look_at_service,
		.progress = show_progress,
		.context = (void *)(uintptr_t)retaining,
	};
	char id[ID_TEXT_SIZE];
	struct json_writer *json = output_members(session->output);
	json_member_string(json, "plan", id_format(plan_get_head(plan)->id, id));
	output_begin_list(session->output, &list);
	enum status status = retain_apply(&applying, show_residual, session, result, reterr);
	output_end_list(session->output);
	progress_clear(session->progress);
	json = output_members(session->output);
	json_member_unsigned(json, "done", result->done);
	json_member_unsigned(json, "left", result->left);
	json_member_unsigned(json, "failed", result->failed);
	json_member_unsigned(json, "requests", result->requests);
	json_key(json, "certificate");
	status == STATUS_OK ? json_string(json, id_format(result->certificate, id)) : json_null(json);
	return status;
}

/* Before anything is sent: whether each target may be acted on with what is set. */
static enum status check_targets(struct retaining *retaining, struct plan *plan, struct failure *reterr)
{
	struct buffer last = buffer_with_ceiling(1 << 16);
	struct secrets secrets;
	struct plan_step step;
	enum status status;
	while ((status = plan_next(plan, &step, NULL, reterr)) == STATUS_OK) {
		if (bytes_equal(buffer_bytes(&last), step.target))
			continue;
		status = find_secrets(retaining, step.target, NULL, &secrets, reterr);
		if (status != STATUS_OK)
			break;
		buffer_reset(&last);
		buffer_append(&last, step.target);
	}
	buffer_free(&last);
	return status == STATUS_END ? plan_rewind(plan, reterr) : status;
}

static void tell_result(struct session *session, const struct retain_result *result)
{
	char id[ID_TEXT_SIZE];
	output_note(session->output, "%llu done, %llu left, %llu failed; %llu destroyed, %llu survive. Certificate %s.",
	            (unsigned long long)result->done, (unsigned long long)result->left, (unsigned long long)result->failed,
	            (unsigned long long)result->totals.rows[RETAIN_DESTROYED],
	            (unsigned long long)result->totals.rows[RETAIN_SURVIVES], id_format(result->certificate, id));
	bool is_whole = result->left + result->failed + result->totals.rows[RETAIN_SURVIVES] + result->totals.rows[RETAIN_LEFT] ==
	                0;
	session->exit_code = is_whole ? EXIT_DONE : EXIT_IN_PART;
}

static enum status apply(struct session *session, struct failure *reterr)
{
	struct retaining retaining;
	struct policy policy;
	struct retain_result result;
	struct plan *plan = NULL;
	bool has_policy = settings_has(session->settings, "policy");
	const char *ticket = settings_text(session->settings, "ticket");
	enum status status = begin(session, "steps", &retaining, reterr);
	if (status == STATUS_OK && has_policy)
		status = retain_read_policy(session, &policy, reterr);
	if (status == STATUS_OK)
		status = plan_open(settings_operand(session->settings, 0), PLAN_RETAIN, session->incident, PLAN_TO_APPLY,
		                   clock_now(), &plan, reterr);
	if (status == STATUS_OK)
		status = check_targets(&retaining, plan, reterr);
	if (status == STATUS_OK)
		status = put_on_record(session, "retain apply", plan_get_head(plan), "ticket", ticket, NULL, reterr);
	if (status == STATUS_OK)
		status = apply_plan(&retaining, plan, has_policy ? &policy : NULL, &result, reterr);
	if (status == STATUS_OK) {
		status = put_on_record(session, "retain applied", plan_get_head(plan), "ticket", ticket, &result, reterr);
		tell_result(session, &result);
	}
	plan_free(plan);
	buffer_free(&retaining.scope_yaml);
	return status;
}

/* ---- undo ---- */

static enum status bring_back(const struct retaining *retaining, struct plan *plan, struct carry_tally *tally,
                              struct failure *reterr)
{
	struct session *session = retaining->session;
	const char *ticket = settings_text(session->settings, "ticket");
	struct plan_run *run = NULL;
	struct carriage carriage = {
		.plan = plan,
		.secrets = retaining->secrets,
		.operator_name = bytes_of_string(session->desk.operator_name),
		.rate = settings_rate(session->settings, "rate"),
		.patience = (uint32_t)settings_number(session->settings, "patience") * 1000,
		.wait = &wait,
	};
	enum status status = plan_run_begin(session->incident, plan_get_head(plan), carriage.operator_name,
	                                    bytes_of_string(ticket), clock_now(), &run, reterr);
	carriage.run = run;
	if (status == STATUS_OK)
		status = carry_back(&carriage, tally, reterr);
	plan_run_free(run);
	return status;
}

static void show_undone(struct session *session, const struct plan_head *head, const struct carry_tally *tally)
{
	struct json_writer *json = output_members(session->output);
	char id[ID_TEXT_SIZE];
	json_member_string(json, "plan", id_format(head->id, id));
	json_member_unsigned(json, "undone", tally->undone);
	json_member_unsigned(json, "left", tally->left);
	json_member_unsigned(json, "failed", tally->failed);
	output_begin_page(session->output, BYTES_NONE);
	output_field(session->output, "undone", "Brought back", cell_unsigned(tally->undone));
	output_field(session->output, "left", "Left", cell_unsigned(tally->left));
	output_field(session->output, "failed", "Failed", cell_unsigned(tally->failed));
	session->exit_code = tally->left + tally->failed == 0 ? EXIT_DONE : EXIT_IN_PART;
}

static enum status undo(struct session *session, struct failure *reterr)
{
	struct retaining retaining;
	struct carry_tally tally = {.undone = 0};
	struct plan *plan = NULL;
	const char *ticket = settings_text(session->settings, "ticket");
	enum status status = begin(session, "steps", &retaining, reterr);
	if (status == STATUS_OK)
		status = plan_open(settings_operand(session->settings, 0), PLAN_RETAIN, session->incident, PLAN_TO_READ,
		                   clock_now(), &plan, reterr);
	if (status == STATUS_OK)
		status = check_targets(&retaining, plan, reterr);
	if (status == STATUS_OK)
		status = put_on_record(session, "retain undo", plan_get_head(plan), "ticket", ticket, NULL, reterr);
	if (status == STATUS_OK)
		status = bring_back(&retaining, plan, &tally, reterr);
	if (status == STATUS_OK)
		show_undone(session, plan_get_head(plan), &tally);
	plan_free(plan);
	buffer_free(&retaining.scope_yaml);
	return status;
}
