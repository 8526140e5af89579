/* SPDX-License-Identifier: Apache-2.0 */
/* One summary, as JSON members and as a page. */
#include "cli/sweep-report.h"

#include "base/sum.h"
#include "rules-version.h"

#include <unistd.h>

bool sweep_report_is_partial(const struct sweep_summary *summary)
{
	for (enum outcome outcome = OUTCOME_READ; outcome < OUTCOME_COUNT; outcome++)
		if (summary->outcomes[outcome].objects > 0 && outcome_is_partial(outcome))
			return true;
	return false;
}

void sweep_report_rules_version(struct buffer *into)
{
	buffer_append_string(into, TIDEMARK_RULES_VERSION);
}

static void write_objects(struct json_writer *json, const struct sweep_summary *summary)
{
	json_key(json, "objects");
	json_begin_object(json);
	json_member_unsigned(json, "listed", summary->objects.listed);
	json_member_unsigned(json, "read", summary->objects.read);
	json_member_unsigned(json, "unchanged", summary->objects.unchanged);
	json_member_unsigned(json, "skipped", summary->objects.skipped);
	json_member_unsigned(json, "failed", summary->objects.failed);
	json_end_object(json);
	json_member_unsigned(json, "documents", summary->documents);
	json_key(json, "bytes");
	json_begin_object(json);
	json_member_unsigned(json, "listed", summary->bytes.listed);
	json_member_unsigned(json, "fetched", summary->bytes.fetched);
	json_member_unsigned(json, "unseen", summary->bytes.unseen);
	json_member_at_least(json, sum_is_at_least(summary->bytes.listed) || sum_is_at_least(summary->bytes.fetched) ||
	                           sum_is_at_least(summary->bytes.unseen));
	json_end_object(json);
}

static void write_outcomes(struct json_writer *json, const struct sweep_summary *summary)
{
	json_key(json, "outcomes");
	json_begin_array(json);
	for (enum outcome outcome = OUTCOME_READ; outcome < OUTCOME_COUNT; outcome++) {
		if (summary->outcomes[outcome].objects == 0)
			continue;
		json_begin_object(json);
		json_key(json, "outcome");
		json_string(json, outcome_name(outcome));
		json_member_unsigned(json, "objects", summary->outcomes[outcome].objects);
		json_member_unsigned(json, "bytes", summary->outcomes[outcome].bytes);
		json_member_at_least(json, sum_is_at_least(summary->outcomes[outcome].bytes));
		json_end_object(json);
	}
	json_end_array(json);
	json_key(json, "parts");
	json_begin_array(json);
	for (enum outcome outcome = OUTCOME_READ; outcome < OUTCOME_COUNT; outcome++) {
		if (summary->inner[outcome].documents == 0)
			continue;
		json_begin_object(json);
		json_key(json, "outcome");
		json_string(json, outcome_name(outcome));
		json_member_unsigned(json, "documents", summary->inner[outcome].documents);
		json_member_unsigned(json, "bytes", summary->inner[outcome].bytes);
		json_member_at_least(json, sum_is_at_least(summary->inner[outcome].bytes));
		json_end_object(json);
	}
	json_end_array(json);
}

static void write_findings(struct json_writer *json, const struct sweep_summary *summary)
{
	json_key(json, "findings");
	json_begin_object(json);
	for (enum finding_kind kind = FINDING_EMAIL; kind < FINDING_KIND_COUNT; kind++)
		if (summary->findings[kind] > 0)
			json_member_unsigned(json, finding_kind_name(kind), summary->findings[kind]);
	json_end_object(json);
}

static void write_targets(struct json_writer *json, const struct sweep_intent *intent)
{
	json_key(json, "targets");
	json_begin_array(json);
	for (size_t i = 0; i < intent->target_count; i++)
		json_bytes(json, intent->targets[i].target.written);
	json_end_array(json);
}

static void write_summary(struct json_writer *json, const struct session *session, const struct sweep_intent *intent,
                          const struct sweep_summary *summary)
{
	json_member_unsigned(json, "sweep", summary->sweep);
	json_key(json, "incident");
	json_string(json, session->incident_name);
	write_targets(json, intent);
	write_objects(json, summary);
	write_outcomes(json, summary);
	write_findings(json, summary);
	json_member_unsigned(json, "twins", summary->twins);
	json_key(json, "authority");
	intent->authority.len ? json_bytes(json, intent->authority) : json_null(json);
	json_key(json, "seconds");
	json_real(json, summary->ended != CLOCK_UNKNOWN ? (double)(summary->ended - summary->started) : 0.0);
	json_key(json, "complete");
	json_boolean(json, summary->is_complete);
}

static void show_outcomes(struct session *session, const struct sweep_summary *summary)
{
	static const struct column columns[] = {
		{.name = "outcome"}, {.name = "objects", .align = COLUMN_RIGHT}, {.name = "bytes", .align = COLUMN_RIGHT},
		{.name = "parts", .align = COLUMN_RIGHT},
	};
	static const struct output_list list = {.columns = columns, .column_count = 4};
	output_begin_list(session->output, &list);
	for (enum outcome outcome = OUTCOME_READ; outcome < OUTCOME_COUNT; outcome++) {
		if (summary->outcomes[outcome].objects + summary->inner[outcome].documents == 0)
			continue;
		const struct cell cells[] = {
			cell_toned(cell_string(outcome_name(outcome)), outcome_is_partial(outcome) ? TONE_DOUBT : TONE_PLAIN),
			cell_unsigned(summary->outcomes[outcome].objects), cell_size(summary->outcomes[outcome].bytes),
			cell_unsigned(summary->inner[outcome].documents),
		};
		output_begin_item(session->output);
		enum status status = output_end_item(session->output, cells);
		(void)status; /* output_finish tells */
	}
	output_end_list(session->output);
}

static void show_findings(struct session *session, const struct sweep_summary *summary)
{
	output_heading(session->output, "Found");
	for (enum finding_kind kind = FINDING_EMAIL; kind < FINDING_KIND_COUNT; kind++)
		if (summary->findings[kind] > 0)
			output_field(session->output, finding_kind_name(kind), finding_kind_name(kind),
			             cell_unsigned(summary->findings[kind]));
}

void sweep_report_show(struct session *session, const struct sweep_intent *intent, const struct sweep_summary *summary,
                       bool was_interrupted)
{
	struct output *output = session->output;
	write_summary(output_members(output), session, intent, summary);
	output_begin_page(output, BYTES_LITERAL("Sweep"));
	output_field(output, "incident", "incident", cell_string(session->incident_name));
	output_field(output, "sweep", "sweep", cell_unsigned(summary->sweep));
	if (intent->authority.len > 0)
		output_field(output, "authority", "on the authority of", cell_text(intent->authority));
	output_field(output, "listed", "objects listed", cell_unsigned(summary->objects.listed));
	output_field(output, "read", "read", cell_unsigned(summary->objects.read));
	output_field(output, "unchanged", "unchanged since", cell_unsigned(summary->objects.unchanged));
	output_field(output, "skipped", "skipped", cell_unsigned(summary->objects.skipped));
	output_field(output, "failed", "failed", cell_unsigned(summary->objects.failed));
	output_field(output, "documents", "documents", cell_unsigned(summary->documents));
	output_field(output, "twins", "known by their bytes, not read twice", cell_unsigned(summary->twins));
	output_field(output, "bytes_listed", "bytes listed", cell_size(summary->bytes.listed));
	output_field(output, "bytes_fetched", "bytes fetched", cell_size(summary->bytes.fetched));
	output_field(output, "bytes_unseen", "bytes unseen", cell_size(summary->bytes.unseen));
	output_field(output, "complete", "listed to the end", cell_boolean(summary->is_complete));
	output_heading(output, "Outcomes");
	show_outcomes(session, summary);
	show_findings(session, summary);
	if (was_interrupted)
		output_note(output, "Interrupted; everything so far is kept. The same command goes on from here.");
	else if (isatty(STDOUT_FILENO))
		output_note(output, "Next: tidemark organisations, tidemark scope, tidemark search WORDS");
}

enum status sweep_report_journal(struct session *session, const struct sweep_intent *intent,
                                 const struct sweep_summary *summary, struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(16 << 20);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	write_summary(&json, session, intent, summary);
	json_end_object(&json);
	enum status status = buffer_status(&detail);
	if (status == STATUS_OK)
		status = session_journal(session, "sweep", buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}
