/* SPDX-License-Identifier: Apache-2.0 */
/* retain policy: why a document stays or goes; Azure's lifecycle rules taken over and handed out. */
#include "act/lifecycle.h"
#include "answer/reference.h"
#include "catalog/questions.h"
#include "catalog/retention.h"
#include "cli/input-file.h"
#include "cli/output-file.h"
#include "cli/retain-commands.h"

#include <stdio.h>

static enum status execute(struct session *session, struct failure *reterr);

static const struct option options[] = {RETAIN_POLICY_OPTION, {.name = NULL}};

const struct command command_retain_policy = {
	.name = "policy",
	.summary = "explain a policy, take over Azure's lifecycle rules, hand them out",
	.description =
		"explain PATH tells of an object of the incident, by its path or id, what the policy decides, and how every rule and "
		"every hold stands with each document in it: which would decide too, were it not for the first.\n\n"
		"import azure FILE reads a lifecycle policy as Azure shows it (JSON) and writes a policy of tidemark's: into the file "
		"of --policy, or to standard output. export azure FILE with --policy writes a lifecycle policy into FILE; without it, "
		"FILE is the policy, and JSON goes to standard output. Either tells rule by rule what does not fit; what would do "
		"more over there than here is not written.",
	.operands = "explain PATH | import azure FILE | export azure FILE",
	.operands_min = 2,
	.operands_max = 3,
	.options = options,
	.catalog = COMMAND_WITHOUT_CATALOG,
	.execute = execute,
};

/* ---- explain ---- */

struct explaining {
	struct session *session;
	const struct policy *policy;
	int64_t at;
	struct policy_vote vote;
	struct json_writer *json;
	struct buffer why; /* of the condition that was least sure */
	enum policy_answer least;
	bool is_telling;
};

static const char *const answers[] = {[POLICY_NO] = "no", [POLICY_UNKNOWN] = "unknown", [POLICY_YES] = "yes"};

static void write_condition(void *context, const char *condition, enum policy_answer answer, const char *why)
{
	struct explaining *explaining = context;
	struct json_writer *json = explaining->json;
	json_begin_object(json);
	json_member_string(json, "condition", condition);
	json_member_string(json, "holds", answers[answer]);
	json_member_string(json, "why", why);
	json_end_object(json);
	if (answer > explaining->least || (answer == explaining->least && answer != POLICY_YES))
		return;
	if (answer < explaining->least)
		buffer_reset(&explaining->why);
	explaining->least = answer;
	buffer_append_format(&explaining->why, "%s%s", explaining->why.len > 0 ? "; " : "", why);
}

static const char *action_of(const struct policy_rule *rule)
{
	return rule == NULL ? "hold" : rule->action == POLICY_DELETE ? "delete" : rule->action == POLICY_TIER ? "tier" : "report";
}

/* rule NULL: of a hold. */
static enum status show_check(struct explaining *explaining, const struct retained_object *object,
                              const struct retained_document *document, struct bytes name, const struct policy_rule *rule,
                              const struct policy_match *match)
{
	struct output *output = explaining->session->output;
	explaining->json = output_begin_item(output);
	buffer_reset(&explaining->why);
	explaining->least = POLICY_YES;
	json_member_text(explaining->json, "document", document->path);
	json_member_text(explaining->json, rule != NULL ? "rule" : "hold", name);
	json_member_string(explaining->json, "action", action_of(rule));
	json_key(explaining->json, "conditions");
	json_begin_array(explaining->json);
	enum policy_answer answer = policy_match_document(match, explaining->at, object, document, write_condition, explaining);
	json_end_array(explaining->json);
	json_member_string(explaining->json, "matches", answers[answer]);
	const struct cell cells[] = {
		cell_text(document->path),
		cell_text(name),
		cell_string(action_of(rule)),
		cell_toned(cell_string(answers[answer]), answer == POLICY_YES       ? TONE_STRONG
	                                                 : answer == POLICY_UNKNOWN ? TONE_DOUBT
	                                                                            : TONE_DIM),
		cell_text(buffer_bytes(&explaining->why)),
	};
	return output_end_item(output, cells);
}

static bool is_over(const struct policy_hold *hold, int64_t at)
{
	return hold->until != CLOCK_UNKNOWN && at >= hold->until;
}

static enum status tell_document(void *context, const struct retained_object *object, const struct retained_document *document)
{
	struct explaining *explaining = context;
	const struct policy *policy = explaining->policy;
	enum status status = STATUS_OK;
	if (document == NULL || policy_abstains(document))
		return STATUS_OK;
	for (size_t i = 0; i < policy->hold_count && status == STATUS_OK; i++)
		if (!is_over(&policy->holds[i], explaining->at))
			status = show_check(explaining, object, document, policy->holds[i].name, NULL, &policy->holds[i].match);
	for (size_t i = 0; i < policy->rule_count && status == STATUS_OK; i++)
		status = show_check(explaining, object, document, policy->rules[i].name, &policy->rules[i],
		                    &policy->rules[i].match);
	return status;
}

static enum status count_vote(void *context, const struct retained_object *object, const struct retained_document *document)
{
	struct explaining *explaining = context;
	if (document == NULL || policy_abstains(document))
		return STATUS_OK;
	struct policy_decision decision = policy_decide(explaining->policy, explaining->at, object, document);
	policy_vote_add(&explaining->vote, &decision);
	return STATUS_OK;
}

static enum status take_object(void *context, const struct document_view *view)
{
	*(struct id *)context = view->object;
	return STATUS_OK;
}

static enum status show_decision(struct explaining *explaining, const struct id *object, const struct policy_decision *decision)
{
	struct json_writer *json = output_members(explaining->session->output);
	struct buffer reason = buffer_with_ceiling(4096);
	char id[ID_TEXT_SIZE];
	policy_append_reason(decision, &reason);
	json_member_string(json, "path", settings_operand(explaining->session->settings, 1));
	json_member_string(json, "object", id_format(*object, id));
	json_member_string(json, "policy", settings_text(explaining->session->settings, "policy"));
	json_member_string(json, "policy_digest", explaining->policy->digest);
	json_member_time(json, "at", explaining->at);
	json_member_string(json, "decision", policy_verdict_name(decision->verdict));
	json_member_text(json, "rule", decision->rule != NULL ? decision->rule->name : BYTES_NONE);
	json_member_text(json, "hold", decision->hold != NULL ? decision->hold->name : BYTES_NONE);
	json_member_text(json, "reason", buffer_bytes(&reason));
	json_member_unsigned(json, "documents", explaining->vote.documents);
	output_note(explaining->session->output, "%s: %s, %s.", settings_operand(explaining->session->settings, 1),
	            policy_verdict_name(decision->verdict), buffer_string(&reason));
	enum status status = buffer_status(&reason);
	buffer_free(&reason);
	return status;
}

static enum status explain(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "document", .may_shrink = true, .keeps_end = true},
		{.name = "rule"},
		{.name = "action"},
		{.name = "matches"},
		{.name = "because", .may_shrink = true},
	};
	static const struct output_list checks = {
		.member = "checks", .columns = columns, .column_count = 5, .nothing = "The policy has no rules."};
	struct policy policy;
	struct id object, document;
	struct explaining explaining = {.session = session, .policy = &policy, .at = clock_now(), .vote = policy_vote_begin()};
	enum status status = retain_read_policy(session, &policy, reterr);
	if (status == STATUS_OK)
		status = reference_find(session->incident, bytes_of_string(settings_operand(session->settings, 1)), &document,
		                        reterr);
	if (status == STATUS_OK)
		status = incident_find(session->incident, &document, take_object, &object, reterr);
	if (status == STATUS_OK)
		status = incident_retained_object(session->incident, &object, policy_facts(&policy), count_vote, &explaining,
		                                  reterr);
	if (status == STATUS_ABSENT)
		return fail(reterr, status, settings_operand(session->settings, 1),
		            "is of an earlier revision, or of none; a policy decides of what is there now");
	struct policy_decision decision = policy_vote_end(&explaining.vote);
	if (status == STATUS_OK)
		status = show_decision(&explaining, &object, &decision);
	if (status != STATUS_OK)
		return status;
	explaining.why = buffer_with_ceiling(1 << 16);
	output_begin_list(session->output, &checks);
	status = incident_retained_object(session->incident, &object, policy_facts(&policy), tell_document, &explaining, reterr);
	output_end_list(session->output);
	buffer_free(&explaining.why);
	return status;
}

/* ---- Azure ---- */

struct told_misfits {
	struct session *session;
	struct buffer json; /* of a list */
	struct json_writer writer;
};

static void note_misfit(void *context, struct bytes rule, const char *what, const char *why)
{
	struct told_misfits *misfits = context;
	struct json_writer *json = &misfits->writer;
	json_begin_object(json);
	json_member_text(json, "rule", rule);
	json_member_string(json, "what", what);
	json_member_string(json, "why", why);
	json_end_object(json);
	session_note(misfits->session, "%.*s%s%s: %s", (int)(rule.len < 200 ? rule.len : 200),
	             rule.len > 0 ? (const char *)rule.at : "", rule.len > 0 ? ": " : "", what, why);
}

static enum status write_whole(const char *path, struct bytes text, struct failure *reterr)
{
	struct output_file file;
	enum status status = output_file_begin(&file, path, reterr);
	if (status != STATUS_OK)
		return status;
	status = output_file_write(&file, text, reterr);
	return output_file_end(&file, status, reterr);
}

/* In JSON what was made stands beside what does not fit; else it stands alone, so that it can be a file. */
static enum status hand_over(struct told_misfits *misfits, const struct buffer *made, const char *member, const char *path,
                             size_t rules, struct failure *reterr)
{
	struct session *session = misfits->session;
	if (buffer_status(made) != STATUS_OK || buffer_status(&misfits->json) != STATUS_OK)
		return fail(reterr, STATUS_NO_MEMORY, "policy", "memory is used up");
	enum status status = path != NULL ? write_whole(path, buffer_bytes(made), reterr) : STATUS_OK;
	if (status != STATUS_OK)
		return status;
	if (!output_wants_json(session->output)) {
		path == NULL ? output_raw(session->output, buffer_bytes(made)) : session_note(session, "Written to %s.", path);
		return STATUS_OK;
	}
	struct json_writer *json = output_members(session->output);
	json_member_string(json, "written_to", path);
	json_member_unsigned(json, "rules", rules);
	json_member_text(json, member, buffer_bytes(made));
	json_key(json, "does_not_fit");
	json_raw(json, buffer_bytes(&misfits->json));
	return STATUS_OK;
}

static struct told_misfits begin_misfits(struct session *session)
{
	return (struct told_misfits){.session = session, .json = buffer_with_ceiling(16u << 20)};
}

static enum status import_azure(struct session *session, const char *path, struct failure *reterr)
{
	struct told_misfits misfits = begin_misfits(session);
	struct buffer text = buffer_with_ceiling(POLICY_FILE_MAX), yaml = buffer_with_ceiling(16u << 20);
	struct policy policy;
	misfits.writer = json_writer_into(&misfits.json);
	json_begin_array(&misfits.writer);
	enum status status = input_file_read(path, POLICY_FILE_MAX, &text, reterr);
	if (status == STATUS_OK)
		status = lifecycle_read(buffer_bytes(&text), path, session->arena, note_misfit, &misfits, &policy, reterr);
	if (status == STATUS_OK) {
		json_end_array(&misfits.writer);
		policy_file_append(&policy, &yaml);
		status = hand_over(&misfits, &yaml, "yaml", settings_text(session->settings, "policy"), policy.rule_count,
		                   reterr);
	}
	buffer_free(&text);
	buffer_free(&yaml);
	buffer_free(&misfits.json);
	return status;
}

static enum status read_exported(struct session *session, const char *path, struct policy *ret_policy, struct failure *reterr)
{
	struct buffer text = buffer_with_ceiling(POLICY_FILE_MAX);
	if (settings_has(session->settings, "policy"))
		return retain_read_policy(session, ret_policy, reterr);
	enum status status = input_file_read(path, POLICY_FILE_MAX, &text, reterr);
	if (status == STATUS_OK)
		status = policy_file_read(buffer_bytes(&text), path, session->arena, ret_policy, reterr);
	buffer_free(&text);
	return status;
}

static enum status export_azure(struct session *session, const char *path, struct failure *reterr)
{
	struct told_misfits misfits = begin_misfits(session);
	struct buffer json = buffer_with_ceiling(16u << 20);
	struct policy policy;
	enum status status = read_exported(session, path, &policy, reterr);
	misfits.writer = json_writer_into(&misfits.json);
	json_begin_array(&misfits.writer);
	if (status == STATUS_OK) {
		lifecycle_append(&policy, note_misfit, &misfits, &json);
		buffer_append_byte(&json, '\n');
		json_end_array(&misfits.writer);
		status = hand_over(&misfits, &json, "json", settings_has(session->settings, "policy") ? path : NULL,
		                   policy.rule_count, reterr);
	}
	buffer_free(&json);
	buffer_free(&misfits.json);
	return status;
}

/* ---- which ---- */

static enum status open_incident(struct session *session, struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(1 << 16);
	struct json_writer json = json_writer_into(&detail);
	enum status status = session_open_catalog(session, CATALOG_APPEND, reterr);
	if (status == STATUS_DENIED)
		status = session_open_catalog(session, CATALOG_READ, reterr);
	if (status == STATUS_OK)
		status = session_open_incident(session, INCIDENT_READ, reterr);
	json_begin_object(&json);
	settings_describe(session->settings, &json);
	json_end_object(&json);
	if (status == STATUS_OK)
		status = session_journal(session, "retain policy explain", buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

static enum status execute(struct session *session, struct failure *reterr)
{
	const struct settings *settings = session->settings;
	const char *verb = settings_operand(settings, 0);
	size_t count = settings_operand_count(settings);
	if (strcmp(verb, "explain") == 0 && count == 2) {
		enum status status = open_incident(session, reterr);
		return status == STATUS_OK ? explain(session, reterr) : status;
	}
	bool is_import = strcmp(verb, "import") == 0;
	if ((is_import || strcmp(verb, "export") == 0) && count == 3) {
		if (strcmp(settings_operand(settings, 1), "azure") != 0)
			return fail(reterr, STATUS_USAGE, settings_operand(settings, 1),
			            "is not a provider whose rules are read; azure is");
		return is_import ? import_azure(session, settings_operand(settings, 2), reterr)
		                 : export_azure(session, settings_operand(settings, 2), reterr);
	}
	return fail(reterr, STATUS_USAGE, verb, "write 'retain policy explain PATH', 'import azure FILE' or 'export azure FILE'");
}
