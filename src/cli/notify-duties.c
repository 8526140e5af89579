/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark notify status, draft and decide: who was reached, and what the law wants by when. */
#include "cli/notify-commands.h"

#include "act/draft.h"
#include "act/duties.h"
#include "act/reach.h"
#include "catalog/notices.h"
#include "cli/session.h"

#include <stdio.h>

static enum status execute_status(struct session *session, struct failure *reterr);
static enum status execute_draft(struct session *session, struct failure *reterr);
static enum status execute_decide(struct session *session, struct failure *reterr);

/* clang-format off */
static const struct option decide_options[] = {
	{.name = "aware", .kind = OPTION_TEXT, .value = "TIME", .is_not_configured = true,
	 .help = "since when the owner has been aware, whatever regime is named; a date or RFC 3339"},
	{.name = "authority-told", .kind = OPTION_TEXT, .value = "TIME", .is_not_configured = true, .help = "when the authority was told"},
	{.name = "people-told", .kind = OPTION_TEXT, .value = "TIME", .is_not_configured = true, .help = "when the people were told"},
	{.name = "people", .kind = OPTION_CHOICE, .choices = "must|need-not", .is_not_configured = true,
	 .help = "whether people must be told under that regime"},
	{.name = "why", .kind = OPTION_TEXT, .value = "TEXT", .is_not_configured = true, .help = "the reasons, for the record; must be given"},
	{.name = NULL},
};

const struct command command_notify_status = {
	.name = "status", .summary = "show who was reached, and what is due when",
	.description = "Reached is an organisation whose notice a server took and that has not come back since, or that acknowledged one: "
	               "nobody can say that it was read. Unreachable is one of which every recipient refused or its message came back. "
	               "What a CSIRT was told does not count for the organisation.\n\n"
	               "Times follow from the dated rows that this version has (notify draft --help); where the residence of people is not "
	               "known, it is said to be unknown whether a duty applies. This is no legal advice.",
	.catalog = COMMAND_READS_CATALOG, .opens_incident = true, .journal = "notify status", .execute = execute_status,
};

const struct command command_notify_draft = {
	.name = "draft", .summary = "draft the form for an authority from the ledger",
	.description = "REGIME is gdpr, gdpr-34, eu-digital-omnibus, us-ca, us-ca-ag, us-ny, us-tx, us-co, us-fl or us-de. Each field says "
	               "what it rests on; what nobody here can know is marked as unknown. Made again later it is the update that says more.",
	.operands = "REGIME", .operands_min = 1, .operands_max = 1, .catalog = COMMAND_READS_CATALOG, .opens_incident = true,
	.journal = "notify draft", .execute = execute_draft,
};

const struct command command_notify_decide = {
	.name = "decide", .summary = "put down what was decided or done under a regime, with its reasons",
	.description = "It is kept with the incident and stands in the register of breaches: notify status shows it, notify draft states it.",
	.operands = "REGIME", .operands_min = 1, .operands_max = 1, .options = decide_options, .catalog = COMMAND_WRITES_CATALOG,
	.opens_incident = true, .execute = execute_decide,
};
/* clang-format on */

/* ---- status ---- */

static enum status show_notice(void *context, const struct notice *notice)
{
	struct session *session = context;
	struct json_writer *json = output_begin_item(session->output);
	const char *state = notice_state_name(notice->state);
	char code[NOTICE_CODE_SIZE];
	json_member_text(json, "organisation", notice->name.organisation);
	json_member_text(json, "recipient", notice->name.recipient);
	json_member_string(json, "found_by", notice_finding_name(notice->found_by));
	json_member_string(json, "channel", notice_channel_name(notice->name.channel));
	json_member_text(json, "language", notice->language);
	json_member_string(json, "state", state);
	json_member_time(json, "at", notice->at);
	json_member_unsigned(json, "attempts", notice->attempts);
	json_key(json, "unknown");
	json_boolean(json, notice->is_unknown);
	json_key(json, "delivered");
	json_boolean(json, notice->is_delivered);
	json_key(json, "written");
	json_boolean(json, notice->is_written);
	json_member_text(json, "reason", notice->reason);
	incident_notice_code(session->incident, &notice->name, code);
	json_member_string(json, "code", code);
	const struct cell cells[] = {
		cell_toned(cell_text(notice->name.organisation), TONE_STRONG),
		cell_text(notice->name.recipient),
		cell_string(notice_finding_name(notice->found_by)),
		cell_string(notice_channel_name(notice->name.channel)),
		cell_text(notice->language),
		cell_toned(cell_string(notice->is_unknown ? "sent?" : state), notice->is_unknown ? TONE_DOUBT : TONE_PLAIN),
		cell_time(notice->at),
		cell_unsigned(notice->attempts),
		cell_text(notice->reason),
	};
	return output_end_item(session->output, cells);
}

static enum status write_duty(void *context, const struct duty *duty)
{
	struct json_writer *json = output_members(((struct session *)context)->output);
	json_begin_object(json);
	json_member_text(json, "regime", duty->regime.id);
	json_member_text(json, "name", duty->regime.name);
	json_member_text(json, "article", duty->regime.article);
	json_member_string(json, "told", duty->regime.tells_people ? "people" : "authority");
	json_member_text(json, "authority", duty->regime.authority);
	json_member_time(json, "due_at", duty->due_at);
	json_member_string(json, "state", duty_state_name(duty->state));
	json_member_text(json, "basis", buffer_bytes(&duty->basis));
	json_end_object(json);
	return STATUS_OK;
}

static enum status show_duty(void *context, const struct duty *duty)
{
	struct session *session = context;
	struct buffer line = buffer_with_ceiling(1 << 14);
	char due[CLOCK_TEXT_SIZE];
	if (duty->state == DUTY_NOT_DUE || duty->state == DUTY_PROPOSED)
		return STATUS_OK;
	buffer_append_format(&line, "%s%s%s: ", duty_state_name(duty->state), duty->due_at != CLOCK_UNKNOWN ? ", due " : "",
	                     clock_format(duty->due_at, due));
	buffer_append(&line, buffer_bytes(&duty->basis));
	char label[128];
	snprintf(label, sizeof label, "%.*s %.*s", (int)duty->regime.name.len, (const char *)duty->regime.name.at,
	         (int)duty->regime.article.len, (const char *)duty->regime.article.at);
	const char *kept = arena_copy_string(session->arena, bytes_of_string(label));
	if (kept != NULL)
		output_field(session->output, "deadline", kept, cell_text(buffer_bytes(&line)));
	buffer_free(&line);
	return kept != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static void write_reach(struct session *session, const struct reach *reach)
{
	struct json_writer *json = output_members(session->output);
	json_key(json, "reach");
	json_begin_object(json);
	json_member_unsigned(json, "organisations", reach->organisations);
	json_member_unsigned(json, "reached", reach->reached);
	json_member_unsigned(json, "acknowledged", reach->acknowledged);
	json_member_unsigned(json, "unreachable", reach->unreachable);
	json_member_unsigned(json, "waiting", reach->waiting);
	json_end_object(json);
}

static enum status show_duties(struct session *session, const struct duty_facts *facts)
{
	struct json_writer *json = output_members(session->output);
	json_key(json, "deadlines");
	json_begin_array(json);
	enum status status = duties_each(facts, write_duty, session);
	json_end_array(json);
	if (status == STATUS_OK && output_get_format(session->output) == OUTPUT_TABLE) {
		output_begin_page(session->output, BYTES_LITERAL("Deadlines"));
		status = duties_each(facts, show_duty, session);
	}
	return status;
}

static enum status execute_status(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "organisation"},
		{.name = "recipient"},
		{.name = "found_by", .rank = 1},
		{.name = "channel", .rank = 3},
		{.name = "language", .rank = 3},
		{.name = "state"},
		{.name = "at", .rank = 1},
		{.name = "attempts", .align = COLUMN_RIGHT, .rank = 2},
		{.name = "reason", .rank = 2, .may_shrink = true},
	};
	static const struct output_list list = {
		.member = "notices",
		.columns = columns,
		.column_count = sizeof columns / sizeof *columns,
		.nothing = "Nobody was to be told yet; tidemark notify plan begins.",
	};
	struct duty_facts *facts = arena_allocate(session->arena, sizeof *facts);
	struct reach reach;
	if (facts == NULL)
		return STATUS_NO_MEMORY;
	output_begin_list(session->output, &list);
	enum status status = reach_find(session->incident, show_notice, session, &reach, reterr);
	output_end_list(session->output);
	if (status == STATUS_OK)
		status = duty_facts_find(session->catalog, session->incident, bytes_of_string(session->incident_name),
		                         session->arena, facts, reterr);
	if (status != STATUS_OK)
		return status;
	write_reach(session, &reach);
	status = show_duties(session, facts);
	output_note(session->output,
	            "%llu organisations: %llu reached, of which %llu acknowledged; %llu unreachable; %llu waited for",
	            (unsigned long long)reach.organisations, (unsigned long long)reach.reached,
	            (unsigned long long)reach.acknowledged, (unsigned long long)reach.unreachable,
	            (unsigned long long)reach.waiting);
	return status;
}

/* ---- draft ---- */

static enum status find_regime(struct session *session, struct regime *ret_regime, struct failure *reterr)
{
	const char *written = settings_operand(session->settings, 0);
	if (!regime_find(bytes_of_string(written), ret_regime))
		return fail(reterr, STATUS_USAGE, written,
		            "is no regime that is known here; tidemark notify draft --help lists them");
	return STATUS_OK;
}

static enum status show_field(void *context, const struct draft_field *field)
{
	struct session *session = context;
	struct json_writer *json = output_begin_item(session->output);
	json_member_string(json, "field", field->name);
	json_member_string(json, "label", field->label);
	json_member_string(json, "article", field->article);
	json_key(json, "known");
	json_boolean(json, field->value.len > 0);
	json_member_text(json, "value", field->value);
	json_member_text(json, "basis", field->basis);
	const struct cell cells[] = {
		cell_toned(cell_string(field->label), TONE_STRONG),
		cell_toned(field->value.len > 0 ? cell_text(field->value) : cell_string("unknown"),
	                   field->value.len > 0 ? TONE_PLAIN : TONE_DOUBT),
		cell_string(field->article),
		cell_text(field->basis),
	};
	return output_end_item(session->output, cells);
}

static void write_head(struct session *session, const struct regime *regime)
{
	struct json_writer *json = output_members(session->output);
	char number[NOTICE_CASE_SIZE];
	incident_case_number(session->incident, number);
	json_member_text(json, "regime", regime->id);
	json_member_text(json, "name", regime->name);
	json_member_text(json, "article", regime->article);
	json_member_text(json, "authority", regime->authority);
	json_member_text(json, "in_force", regime->in_force);
	json_member_text(json, "source", regime->source);
	json_member_text(json, "read_on", regime->read);
	json_member_string(json, "incident", session->incident_name);
	json_member_string(json, "case", number);
}

static enum status execute_draft(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "field"},
		{.name = "value", .may_shrink = true, .least = 30},
		{.name = "article", .rank = 1},
		{.name = "basis", .rank = 2, .may_shrink = true, .least = 20},
	};
	static const struct output_list list = {
		.member = "fields", .columns = columns, .column_count = sizeof columns / sizeof *columns};
	struct duty_facts *facts = arena_allocate(session->arena, sizeof *facts);
	struct regime regime;
	enum status status = facts != NULL ? find_regime(session, &regime, reterr) : STATUS_NO_MEMORY;
	if (status == STATUS_OK)
		status = duty_facts_find(session->catalog, session->incident, bytes_of_string(session->incident_name),
		                         session->arena, facts, reterr);
	if (status != STATUS_OK)
		return status;
	write_head(session, &regime);
	output_begin_list(session->output, &list);
	status = draft_each(session->incident, &regime, facts, show_field, session, reterr);
	output_end_list(session->output);
	output_note(session->output, "a draft: whoever signs it answers for it; what is unknown here is to be filled in");
	return status == STATUS_END ? STATUS_OK : status;
}

/* ---- decide ---- */

static enum status read_time(struct session *session, const char *option, int64_t *ret_time, struct failure *reterr)
{
	char shown[32];
	*ret_time = clock_parse_rfc3339(bytes_of_string(settings_text(session->settings, option)));
	snprintf(shown, sizeof shown, "--%s", option);
	if (*ret_time == CLOCK_UNKNOWN)
		return fail(reterr, STATUS_USAGE, shown, "a date or a time, as 2026-11-30T08:00:00Z");
	return *ret_time <= clock_now() ? STATUS_OK : fail(reterr, STATUS_USAGE, shown, "has not come yet: say when it was");
}

static enum status put_on_record(struct session *session, const struct notice_decision *decision, const char *what,
                                 struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(1 << 16);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	json_member_text(&json, "regime", decision->regime);
	json_member_string(&json, "what", what);
	json_member_time(&json, "at", decision->at);
	json_member_text(&json, "why", decision->why);
	json_end_object(&json);
	enum status status = buffer_status(&detail);
	if (status == STATUS_OK)
		status = session_journal(session, "notify decide", buffer_bytes(&detail), reterr);
	if (status == STATUS_OK)
		status = incident_decide(session->incident, decision, reterr);
	buffer_free(&detail);
	return status;
}

static enum status decide_time(struct session *session, struct notice_decision *decision, const char *option,
                               enum notice_decided what, struct failure *reterr)
{
	if (!settings_has(session->settings, option))
		return STATUS_OK;
	enum status status = read_time(session, option, &decision->at, reterr);
	decision->what = what;
	return status == STATUS_OK ? put_on_record(session, decision, option, reterr) : status;
}

static enum status decide_people(struct session *session, struct notice_decision *decision, struct failure *reterr)
{
	if (!settings_has(session->settings, "people"))
		return STATUS_OK;
	bool must = settings_is(session->settings, "people", "must");
	decision->at = decision->made;
	decision->what = must ? NOTICE_DECIDE_TELL : NOTICE_DECIDE_NOT;
	return put_on_record(session, decision, must ? "people must be told" : "people need not be told", reterr);
}

static enum status execute_decide(struct session *session, struct failure *reterr)
{
	static const char *const given[] = {"aware", "authority-told", "people-told", "people"};
	struct regime regime;
	struct bytes why = bytes_trim(bytes_of_string(settings_text(session->settings, "why")));
	bool is_anything = false;
	for (size_t i = 0; i < sizeof given / sizeof *given; i++)
		is_anything |= settings_has(session->settings, given[i]);
	enum status status = find_regime(session, &regime, reterr);
	if (status == STATUS_OK && why.len == 0)
		return fail(reterr, STATUS_USAGE, "--why", "must say why, for the record");
	if (status == STATUS_OK && why.len > NOTICE_REASON_MAX)
		return fail(reterr, STATUS_USAGE, "--why", "is longer than %d bytes", NOTICE_REASON_MAX);
	if (status == STATUS_OK && !is_anything)
		return fail(reterr, STATUS_USAGE, "notify decide",
		            "say what: --aware, --authority-told, --people-told or --people");
	struct notice_decision decision = {
		.regime = regime.id,
		.made = clock_now(),
		.operator_name = bytes_of_string(session->desk.operator_name),
		.why = why,
	};
	if (status == STATUS_OK)
		status = decide_time(session, &decision, "aware", NOTICE_DECIDE_AWARE, reterr);
	if (status == STATUS_OK)
		status = decide_time(session, &decision, "authority-told", NOTICE_DECIDE_AUTHORITY_TOLD, reterr);
	if (status == STATUS_OK)
		status = decide_time(session, &decision, "people-told", NOTICE_DECIDE_PEOPLE_TOLD, reterr);
	if (status == STATUS_OK)
		status = decide_people(session, &decision, reterr);
	if (status == STATUS_OK)
		json_member_text(output_members(session->output), "regime", regime.id);
	if (status == STATUS_OK)
		output_note(session->output, "put down; tidemark notify status shows it");
	return status;
}
