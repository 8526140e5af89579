/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark close: plan which doors to shut, shut them and prove it, open them again as they were. */
#include "act/close.h"
#include "base/clock.h"
#include "base/digest.h"
#include "cli/acting-secrets.h"
#include "cli/command.h"
#include "cli/input-file.h"
#include "cli/interrupt.h"
#include "cli/output-file.h"
#include "cli/session.h"
#include "cli/targets.h"
#include "scope/scope.h"
#include "scope/target.h"

enum { SCOPE_BYTES = 16 << 20 };

static enum status plan(struct session *session, struct failure *reterr);
static enum status apply(struct session *session, struct failure *reterr);
static enum status undo(struct session *session, struct failure *reterr);

/* clang-format off */
#define RATE {.name = "rate", .kind = OPTION_RATE, .value = "REQ/s", .high = 10000, .standard = "20", \
	.help = "most requests a second to one account"}
#define TICKET {.name = "ticket", .kind = OPTION_TEXT, .value = "T", .is_not_configured = true, \
	.help = "under which it is done, for the record"}

static const struct option plan_options[] = {
	{.name = "output", .letter = 'o', .kind = OPTION_PATH, .value = "PLAN", .is_not_configured = true,
	 .help = "the file that the plan is written to; must be given"},
	{.name = "account", .kind = OPTION_FLAG,
	 .help = "shut the whole account to strangers as well, through Resource Manager: all its containers, at once"},
	RATE,
	{.name = NULL},
};

static const struct option apply_options[] = {TICKET, RATE, {.name = NULL}};

static const struct command command_plan = {
	.name = "plan",
	.summary = "look which doors of containers stand open, and write the smallest change that shuts each",
	.description =
		"Looks as the owner and as a stranger; changes nothing. A plan is good for seven days, in this catalog and "
		"incident, as it was written.\n\n"
		"Exits with 4 when some targets could not be looked at, with 1 when none could.",
	.operands = "TARGET...", .operands_min = 1, .operands_max = COMMAND_ANY_NUMBER,
	.operand_help = "TARGET is a container's URL, az://ACCOUNT/CONTAINER, - for standard input or @FILE; both hold one "
			"target a line.",
	.options = plan_options, .catalog = COMMAND_WRITES_CATALOG, .opens_incident = true, .catches_interrupt = true, .execute = plan,
};

static const struct command command_apply = {
	.name = "apply",
	.summary = "shut what the plan names, and prove from outside that strangers are refused",
	.description =
		"What has changed since it was planned is left and reported. The same command goes on where it was stopped. A "
		"container counts as closed where its owner's view says so and a stranger's probes are refused several times, all "
		"with the same words; never because a server is busy, silent or breaks off.\n\n"
		"Exits with 4 when something was left, failed or could not be proved.",
	.operands = "PLAN", .operands_min = 1, .operands_max = 1,
	.options = apply_options, .catalog = COMMAND_WRITES_CATALOG, .opens_incident = true, .catches_interrupt = true, .execute = apply,
};

static const struct command command_undo = {
	.name = "undo",
	.summary = "open again, as it was, what the plan has shut",
	.description = "What somebody has changed since is left and reported.",
	.operands = "PLAN", .operands_min = 1, .operands_max = 1,
	.options = apply_options, .catalog = COMMAND_WRITES_CATALOG, .opens_incident = true, .catches_interrupt = true, .execute = undo,
};

static const struct command *const subcommands[] = {&command_plan, &command_apply, &command_undo, NULL};

static const struct command_example examples[] = {
	{"close plan az://contoso/backup -o close.json", "what would shut it, and who would be cut off"},
	{"close apply close.json --ticket INC-4711", "shut it, and see it refused from outside"},
	{"close undo close.json --ticket INC-4711", "open it as it was"},
	{.line = NULL},
};

const struct command command_close = {
	.name = "close", .group = COMMAND_FINDS,
	.summary = "shut containers to strangers with the smallest change, and prove it",
	.description =
		"Takes the credentials that az users set: AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN; "
		"AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or a managed identity, with AZURE_SUBSCRIPTION_ID for an "
		"account's flag.",
	.subcommands = subcommands, .examples = examples, .see_also = "probe, sweep, containers, journal",
};

static const struct column door_columns[] = {
	{.name = "target", .may_shrink = true}, {.name = "door"}, {.name = "open"}, {.name = "planned"},
	{.name = "how", .may_shrink = true, .least = 30},
};
static const struct output_list door_list = {
	.columns = door_columns, .column_count = sizeof door_columns / sizeof *door_columns,
};

static const struct column step_columns[] = {
	{.name = "step", .align = COLUMN_RIGHT}, {.name = "target", .may_shrink = true}, {.name = "action"}, {.name = "state"},
	{.name = "reason", .may_shrink = true, .least = 30},
};
static const struct output_list step_list = {
	.member = "steps", .columns = step_columns, .column_count = sizeof step_columns / sizeof *step_columns, .nothing = "nothing to do",
};

static const struct column proof_columns[] = {
	{.name = "target", .may_shrink = true}, {.name = "door"}, {.name = "closed"}, {.name = "verdict"}, {.name = "probes", .align = COLUMN_RIGHT},
	{.name = "observed_at"}, {.name = "why", .may_shrink = true, .least = 30},
};
static const struct output_list proof_list = {
	.member = "proofs", .columns = proof_columns, .column_count = sizeof proof_columns / sizeof *proof_columns,
};
/* clang-format on */

/* ---- what all three have ---- */

static bool is_interrupted(void *context)
{
	(void)context;
	return interrupt_is_asked();
}

static const struct fetch_wait wait = {is_interrupted, NULL};

static void say(void *context, struct bytes target, const char *what)
{
	session_detail(context, "%.*s: %s", (int)target.len, (const char *)target.at, what);
}

static struct close_setting setting_of(struct session *session)
{
	return (struct close_setting){
		.catalog = session->catalog,
		.incident = session->incident,
		.incident_name = bytes_of_string(session->incident_name),
		.secrets = acting_secrets(PROVIDER_AZURE),
		.operator_name = bytes_of_string(settings_text(session->settings, "operator")),
		.rate = settings_rate(session->settings, "rate"),
		.patience = (uint32_t)settings_number(session->settings, "patience") * 1000,
		.wait = &wait,
		.arena = session->arena,
		.say = say,
		.context = session,
	};
}

/* What --scope denies is not touched, whatever a plan says. */
static enum status read_scope(struct session *session, struct close_setting *setting, struct failure *reterr)
{
	const char *path = settings_text(session->settings, "scope");
	struct buffer yaml = buffer_with_ceiling(SCOPE_BYTES);
	setting->scope = scope_new(session->arena);
	if (path == NULL)
		return STATUS_OK;
	enum status status = input_file_read(path, SCOPE_BYTES, &yaml, reterr);
	if (status == STATUS_OK) {
		setting->scope_yaml = arena_copy(session->arena, buffer_bytes(&yaml));
		status = scope_read(&setting->scope, setting->scope_yaml, path, reterr);
	}
	buffer_free(&yaml);
	return status;
}

/* Whether it is a target, and may be acted on, by scope and by what is set. */
static enum status check_target(struct session *session, struct close_setting *setting, struct bytes written,
                                struct failure *reterr)
{
	struct target target;
	enum status status = target_parse(written, session->arena, &target, reterr);
	if (status == STATUS_OK)
		status = scope_add_target(&setting->scope, &target, reterr);
	return status == STATUS_OK ? carry_check(&setting->secrets, &target, reterr) : status;
}

static void put_hash(struct json_writer *json, const unsigned char hash[PLAN_DIGEST_SIZE])
{
	struct buffer hex = buffer_with_ceiling(256);
	digest_append_hex(&hex, bytes_of(hash, PLAN_DIGEST_SIZE));
	json_member_text(json, "hash", buffer_bytes(&hex));
	buffer_free(&hex);
}

struct record {
	const struct plan_head *head;
	const char *ticket;
	const struct carry_tally *tally; /* NULL: before it is done */
	uint64_t proved;
};

/* What is about to be done is on record before it is done, and what came of it behind. */
static enum status put_on_record(struct session *session, const char *verb, const struct record *record, struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(1 << 16);
	struct json_writer json = json_writer_into(&detail);
	char id[ID_TEXT_SIZE];
	json_begin_object(&json);
	json_member_string(&json, "plan", id_format(record->head->id, id));
	put_hash(&json, record->head->hash);
	json_member_unsigned(&json, "steps", record->head->steps);
	json_member_string(&json, "ticket", record->ticket);
	if (record->tally != NULL) {
		json_member_unsigned(&json, "done", record->tally->done);
		json_member_unsigned(&json, "left", record->tally->left);
		json_member_unsigned(&json, "failed", record->tally->failed);
		json_member_unsigned(&json, "undone", record->tally->undone);
		json_member_unsigned(&json, "proved", record->proved);
	}
	json_end_object(&json);
	enum status status = buffer_status(&detail);
	if (status == STATUS_OK)
		status = session_journal(session, verb, buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

static const char *answer_word(enum answer answer)
{
	return answer == ANSWER_YES ? "yes" : answer == ANSWER_NO ? "no" : "unknown";
}

static void put_answer(struct json_writer *json, const char *name, enum answer answer)
{
	json_key(json, name);
	if (answer == ANSWER_NOT_ESTABLISHED)
		json_null(json);
	else
		json_boolean(json, answer == ANSWER_YES);
}

/* ---- plan ---- */

static enum status show_doors(struct session *session, const struct close_survey *survey)
{
	enum status status = STATUS_OK;
	output_begin_list(session->output, &door_list);
	for (size_t i = 0; i < survey->count && status == STATUS_OK; i++) {
		const struct close_finding *finding = &survey->findings[i];
		output_begin_item(session->output);
		const struct cell cells[] = {
			cell_text(finding->target),
			cell_string(close_door_name(finding->door)),
			cell_toned(cell_string(answer_word(finding->is_open)),
		                   finding->is_open == ANSWER_YES ? TONE_BAD : TONE_PLAIN),
			cell_boolean(finding->is_planned),
			cell_text(finding->how),
		};
		status = output_end_item(session->output, cells);
	}
	output_end_list(session->output);
	return status == STATUS_END ? STATUS_OK : status;
}

static void write_step(struct json_writer *json, const struct plan_step *step, enum step_state state, struct bytes reason)
{
	json_member_unsigned(json, "step", step->number);
	json_member_text(json, "target", step->target);
	json_member_text(json, "object", step->object);
	json_member_text(json, "version", step->version);
	json_member_text(json, "etag", step->etag);
	json_member_text(json, "action", step->action);
	json_member_text(json, "why", step->why);
	json_member_string(json, "state", step_state_name(state));
	json_member_text(json, "reason", reason);
}

/* The JSON is what the plan's file holds; the table shows all doors, open or not. */
static enum status show_plan(struct session *session, const struct close_setting *setting, const struct close_survey *survey,
                             const struct plan_head *head)
{
	struct json_writer *json = output_members(session->output);
	char id[ID_TEXT_SIZE];
	uint64_t number = 0;
	json_member_string(json, "plan", plan_kind_name(head->kind));
	json_member_string(json, "id", id_format(head->id, id));
	json_member_text(json, "incident", head->incident);
	json_member_time(json, "made_at", head->made_at);
	json_member_time(json, "expires_at", head->expires_at);
	put_hash(json, head->hash);
	json_key(json, "steps");
	json_begin_array(json);
	for (size_t i = 0; i < survey->count; i++) {
		struct plan_step step = survey->findings[i].step;
		if (!survey->findings[i].is_planned)
			continue;
		step.number = ++number;
		json_begin_object(json);
		write_step(json, &step, STEP_PLANNED, BYTES_NONE);
		json_end_object(json);
	}
	json_end_array(json);
	json_key(json, "blast");
	json_begin_object(json);
	close_put_blast(setting, survey, json);
	json_end_object(json);
	output_begin_page(session->output, BYTES_NONE);
	output_field(session->output, "plan", "Plan", cell_string(id));
	output_field(session->output, "steps", "Steps", cell_unsigned(head->steps));
	output_field(session->output, "expires_at", "Good until", cell_time(head->expires_at));
	enum status status = show_doors(session, survey);
	output_note(session->output, "%s",
	            head->steps > 0 ? "nothing was changed yet; 'tidemark close apply PLAN --ticket T' does it"
	                            : "no door of these targets stands open that could be shut");
	return status;
}

static enum status write_plan(struct session *session, const struct close_setting *setting, const struct close_survey *survey,
                              struct plan_head *head, struct failure *reterr)
{
	struct output_file file;
	enum status status = output_file_begin(&file, settings_text(session->settings, "output"), reterr);
	if (status != STATUS_OK)
		return status;
	const struct plan_sink sink = {output_file_write, &file};
	status = close_write(setting, survey, &sink, clock_now(), head, reterr);
	return output_file_end(&file, status, reterr);
}

static void warn_unknown(struct session *session, const struct close_survey *survey)
{
	for (size_t i = 0; i < survey->count; i++) {
		const struct close_finding *finding = &survey->findings[i];
		if (finding->door != CLOSE_CONTAINER || finding->is_open != ANSWER_NOT_ESTABLISHED)
			continue;
		const char *where = arena_copy_string(session->arena, finding->target);
		session_warn(session, where != NULL ? where : "target", "its doors could not be looked at: %.*s",
		             (int)finding->how.len, (const char *)finding->how.at);
	}
}

/* Before anything is sent. */
static enum status check_targets(struct session *session, struct close_setting *setting, const struct target_list *targets,
                                 struct failure *reterr)
{
	enum status status = read_scope(session, setting, reterr);
	for (size_t i = 0; i < targets->count && status == STATUS_OK; i++)
		status = check_target(session, setting, bytes_of_string(targets->written[i]), reterr);
	return status;
}

static enum status plan(struct session *session, struct failure *reterr)
{
	struct close_setting setting = setting_of(session);
	struct close_survey survey;
	struct plan_head head;
	struct target_list targets;
	setting.with_account = settings_flag(session->settings, "account");
	if (settings_text(session->settings, "output") == NULL)
		return fail(reterr, STATUS_USAGE, "-o", "say which file the plan goes to");
	enum status status = targets_expand(session->settings, session->arena, &targets, reterr);
	if (status == STATUS_OK)
		status = check_targets(session, &setting, &targets, reterr);
	if (status == STATUS_OK)
		status = close_survey(&setting, targets.written, targets.count, &survey, reterr);
	if (status != STATUS_OK)
		return status;
	warn_unknown(session, &survey);
	if (survey.unknown == survey.targets && survey.planned == 0)
		return fail(reterr, STATUS_DENIED, "targets", "none of them could be looked at; no plan was written");
	status = write_plan(session, &setting, &survey, &head, reterr);
	if (status == STATUS_OK)
		status = put_on_record(session, "close plan", &(struct record){.head = &head}, reterr);
	session->exit_code = survey.unknown > 0 ? EXIT_IN_PART : EXIT_DONE;
	return status == STATUS_OK ? show_plan(session, &setting, &survey, &head) : status;
}

/* ---- apply ---- */

struct door_to_prove {
	struct bytes target;
	bool is_site, got_in_before;
};

/* One plan while it is carried out. */
struct closing {
	struct session *session;
	struct close_setting setting;
	struct plan *plan;
	struct plan_run *run;
	struct carry_tally tally;
	struct door_to_prove *doors; /* of steps that are done; room for all */
	size_t door_count, proved, unproved;
};

static enum status show_step(void *context, const struct plan_step *step, const struct step_outcome *outcome,
                             const struct act_answer *answer)
{
	struct closing *closing = context;
	struct session *session = closing->session;
	bool is_site = bytes_equal_string(step->action, act_verb_name(ACT_CLOSE_SITE));
	(void)answer;
	write_step(output_begin_item(session->output), step, outcome->state, outcome->reason);
	const struct cell cells[] = {
		cell_unsigned(step->number),
		cell_text(step->target),
		cell_text(step->action),
		cell_toned(cell_string(step_state_name(outcome->state)),
	                   outcome->state == STEP_DONE || outcome->state == STEP_UNDONE ? TONE_GOOD : TONE_DOUBT),
		cell_text(outcome->reason),
	};
	if (outcome->state == STEP_DONE && closing->doors != NULL) {
		struct door_to_prove *door = &closing->doors[closing->door_count++];
		*door = (struct door_to_prove){arena_copy(session->arena, step->target), is_site, close_saw_stranger(step->why)};
		if (door->target.at == NULL)
			return STATUS_NO_MEMORY;
	}
	enum status status = output_end_item(session->output, cells);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status begin(struct session *session, enum plan_use use, struct closing *closing, struct failure *reterr)
{
	const char *path = settings_operand(session->settings, 0);
	*closing = (struct closing){.session = session, .setting = setting_of(session)};
	enum status status = plan_open(path, PLAN_CLOSE, session->incident, use, clock_now(), &closing->plan, reterr);
	if (status != STATUS_OK)
		return status;
	/* Each step's target is looked at once more: the credential may be another's than when it was planned. */
	struct plan_step step;
	status = read_scope(session, &closing->setting, reterr);
	while (status == STATUS_OK && (status = plan_next(closing->plan, &step, NULL, reterr)) == STATUS_OK)
		status = check_target(session, &closing->setting, step.target, reterr);
	if (status == STATUS_END)
		status = plan_rewind(closing->plan, reterr);
	const struct plan_head *head = plan_get_head(closing->plan);
	const struct record record = {.head = head, .ticket = settings_text(session->settings, "ticket")};
	if (status == STATUS_OK)
		status = plan_run_begin(session->incident, head, bytes_of_string(session->desk.operator_name),
		                        bytes_of_string(record.ticket), clock_now(), &closing->run, reterr);
	if (status == STATUS_OK)
		status = put_on_record(session, use == PLAN_TO_APPLY ? "close apply" : "close undo", &record, reterr);
	return status;
}

static void end(struct closing *closing)
{
	plan_run_free(closing->run);
	plan_free(closing->plan);
}

static struct carriage carriage_of(struct closing *closing)
{
	return (struct carriage){
		.plan = closing->plan,
		.run = closing->run,
		.secrets = closing->setting.secrets,
		.operator_name = closing->setting.operator_name,
		.rate = closing->setting.rate,
		.patience = closing->setting.patience,
		.wait = &wait,
		.each = show_step,
		.context = closing,
	};
}

static void write_proof(struct json_writer *json, const struct close_proof *proof, bool is_site)
{
	json_member_text(json, "target", proof->target);
	json_member_string(json, "door", close_door_name(is_site ? CLOSE_SITE : CLOSE_CONTAINER));
	put_answer(json, "closed", proof->is_closed);
	json_member_string(json, "verdict", verdict_name(proof->verdict.kind));
	json_member_unsigned(json, "probes", proof->probes);
	json_member_time(json, "observed_at", proof->verdict.observed_at);
	json_key(json, "recorded");
	json_boolean(json, proof->is_recorded);
	json_member_text(json, "why", proof->why);
	json_key(json, "evidence");
	json_begin_array(json);
	for (size_t i = 0; i < proof->verdict.evidence_count; i++) {
		const struct evidence *evidence = &proof->verdict.evidence[i];
		json_begin_object(json);
		json_member_string(json, "method", evidence->method);
		json_member_text(json, "url", evidence->url);
		json_key(json, "status");
		evidence->status > 0 ? json_unsigned(json, evidence->status) : json_null(json);
		json_member_text(json, "code", evidence->code);
		json_member_time(json, "at", evidence->at);
		json_end_object(json);
	}
	json_end_array(json);
}

static enum status show_proof(struct closing *closing, const struct close_proof *proof, bool is_site)
{
	struct output *output = closing->session->output;
	write_proof(output_begin_item(output), proof, is_site);
	const struct cell cells[] = {
		cell_text(proof->target),
		cell_string(close_door_name(is_site ? CLOSE_SITE : CLOSE_CONTAINER)),
		cell_toned(cell_string(answer_word(proof->is_closed)), proof->is_closed == ANSWER_YES ? TONE_GOOD : TONE_BAD),
		cell_string(verdict_name(proof->verdict.kind)),
		cell_unsigned(proof->probes),
		cell_time(proof->verdict.observed_at),
		cell_text(proof->why),
	};
	enum status status = output_end_item(output, cells);
	return status == STATUS_END ? STATUS_OK : status;
}

static bool was_proved_before(const struct closing *closing, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (closing->doors[i].is_site == closing->doors[index].is_site &&
		    bytes_equal(closing->doors[i].target, closing->doors[index].target))
			return true;
	return false;
}

static enum status prove_all(struct closing *closing, struct failure *reterr)
{
	enum status status = STATUS_OK;
	output_begin_list(closing->session->output, &proof_list);
	for (size_t i = 0; i < closing->door_count && status == STATUS_OK; i++) {
		struct close_proof proof;
		if (was_proved_before(closing, i))
			continue;
		const struct door_to_prove *door = &closing->doors[i];
		status = close_prove(&closing->setting, door->target, door->is_site, door->got_in_before, &proof, reterr);
		if (status != STATUS_OK)
			break;
		++*(proof.is_closed == ANSWER_YES ? &closing->proved : &closing->unproved);
		status = show_proof(closing, &proof, closing->doors[i].is_site);
	}
	output_end_list(closing->session->output);
	return status;
}

static void put_figures(struct closing *closing)
{
	struct output *output = closing->session->output;
	struct json_writer *json = output_members(output);
	char id[ID_TEXT_SIZE];
	json_member_string(json, "plan", id_format(plan_get_head(closing->plan)->id, id));
	json_member_unsigned(json, "done", closing->tally.done);
	json_member_unsigned(json, "left", closing->tally.left);
	json_member_unsigned(json, "failed", closing->tally.failed);
	json_member_unsigned(json, "undone", closing->tally.undone);
	json_key(json, "residuals");
	json_begin_array(json);
	json_end_array(json);
	json_member_string(json, "certificate", NULL);
}

/* One that was interrupted tells how far it came, and goes on with the same command. */
static enum status finish(struct closing *closing, const char *verb, enum status so_far, struct failure *reterr)
{
	struct session *session = closing->session;
	bool is_all = closing->tally.left == 0 && closing->tally.failed == 0 && closing->unproved == 0;
	bool is_interrupted_now = so_far == STATUS_INTERRUPTED && closing->run != NULL;
	if (so_far != STATUS_OK && !is_interrupted_now)
		return so_far;
	const struct record record = {
		.head = plan_get_head(closing->plan),
		.ticket = settings_text(session->settings, "ticket"),
		.tally = &closing->tally,
		.proved = closing->proved,
	};
	enum status status = is_interrupted_now ? STATUS_OK : plan_run_end(closing->run, clock_now(), reterr);
	put_figures(closing);
	if (closing->unproved > 0)
		output_note(session->output,
		            "changed, but not proved from outside for %zu; run the same command again in a while",
		            closing->unproved);
	session->exit_code = is_interrupted_now ? EXIT_INTERRUPTED : is_all ? EXIT_DONE : EXIT_IN_PART;
	return status == STATUS_OK ? put_on_record(session, verb, &record, reterr) : status;
}

static enum status apply(struct session *session, struct failure *reterr)
{
	struct closing closing;
	enum status status = begin(session, PLAN_TO_APPLY, &closing, reterr);
	if (status == STATUS_OK) {
		closing.doors = arena_allocate(session->arena, plan_get_head(closing.plan)->steps * sizeof *closing.doors + 1);
		status = closing.doors != NULL ? STATUS_OK : fail(reterr, STATUS_NO_MEMORY, "plan", "memory is used up");
	}
	if (status == STATUS_OK) {
		const struct carriage carriage = carriage_of(&closing);
		output_begin_list(session->output, &step_list);
		status = carry_out(&carriage, &closing.tally, reterr);
		output_end_list(session->output);
	}
	if (status == STATUS_OK)
		status = prove_all(&closing, reterr);
	status = finish(&closing, "close applied", status, reterr);
	end(&closing);
	return status;
}

/* ---- undo ---- */

static enum status undo(struct session *session, struct failure *reterr)
{
	struct closing closing;
	enum status status = begin(session, PLAN_TO_READ, &closing, reterr);
	if (status == STATUS_OK) {
		const struct carriage carriage = carriage_of(&closing);
		output_begin_list(session->output, &step_list);
		status = carry_back(&carriage, &closing.tally, reterr);
		output_end_list(session->output);
	}
	status = finish(&closing, "close undone", status, reterr);
	end(&closing);
	return status;
}
