/* SPDX-License-Identifier: Apache-2.0 */
/* One summary, as JSON members and as a page. */
#include "cli/sweep-report.h"

#include "answer/sweep-summary.h"
#include "rules-version.h"

#include <unistd.h>

void sweep_report_rules_version(const struct custom_rules *own, struct buffer *into)
{
	buffer_append_string(into, TIDEMARK_FORMATS_VERSION ".");
	sweep_report_detection_version(own, into);
}

void sweep_report_detection_version(const struct custom_rules *own, struct buffer *into)
{
	buffer_append_string(into, TIDEMARK_DETECTION_VERSION);
	if (own->digest[0] != '\0')
		buffer_append_format(into, "+%s", own->digest);
}

struct bytes sweep_report_formats_version(void)
{
	return BYTES_LITERAL(TIDEMARK_FORMATS_VERSION);
}

static enum status write_summary(const struct session *session, const struct sweep_intent *intent,
                                 const struct sweep_summary *summary, struct json_writer *json)
{
	struct bytes *targets = arena_allocate(session->arena, intent->target_count * sizeof *targets);
	if (targets == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < intent->target_count; i++)
		targets[i] = intent->targets[i].target.written;
	sweep_summary_write(
		&(struct sweep_summary_head){
			session->incident_name,
			targets,
			intent->target_count,
			intent->authority,
		},
		summary, json);
	return STATUS_OK;
}

static void show_outcomes(struct session *session, const struct sweep_summary *summary)
{
	static const struct column columns[] = {
		{.name = "outcome"},
		{.name = "objects", .align = COLUMN_RIGHT},
		{.name = "bytes", .align = COLUMN_RIGHT},
		{.name = "parts", .align = COLUMN_RIGHT},
	};
	static const struct output_list list = {.columns = columns, .column_count = 4};
	output_begin_list(session->output, &list);
	for (enum outcome outcome = OUTCOME_READ; outcome < OUTCOME_COUNT; outcome++) {
		if (summary->outcomes[outcome].objects + summary->inner[outcome].documents == 0)
			continue;
		const struct cell cells[] = {
			cell_toned(cell_string(outcome_name(outcome)), outcome_is_partial(outcome) ? TONE_DOUBT : TONE_PLAIN),
			cell_unsigned(summary->outcomes[outcome].objects),
			cell_size(summary->outcomes[outcome].bytes),
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
	uint64_t allowed = 0;
	output_heading(session->output, "Found");
	for (enum finding_kind kind = FINDING_EMAIL; kind < FINDING_KIND_COUNT; kind++)
		if (summary->findings[kind] > 0)
			output_field(session->output, finding_kind_name(kind), finding_kind_name(kind),
			             cell_unsigned(summary->findings[kind]));
	for (enum finding_kind kind = FINDING_EMAIL; kind < FINDING_KIND_COUNT; kind++)
		allowed += summary->allowed[kind];
	if (allowed > 0)
		output_field(session->output, "allowed", "allowed, and not reported", cell_unsigned(allowed));
}

static void show_page(struct session *session, const struct sweep_intent *intent, const struct sweep_summary *summary,
                      bool was_interrupted)
{
	struct output *output = session->output;
	output_begin_page(output, BYTES_LITERAL("Sweep"));
	output_field(output, "incident", "incident", cell_string(session->incident_name));
	output_field(output, "sweep", "sweep", cell_unsigned(summary->sweep));
	if (intent->authority.len > 0)
		output_field(output, "authority", "on the authority of", cell_text(intent->authority));
	output_field(output, "listed", "objects listed", cell_unsigned(summary->objects.listed));
	output_field(output, "read", "read", cell_unsigned(summary->objects.read));
	output_field(output, "unchanged", "unchanged since", cell_unsigned(summary->objects.unchanged));
	output_field(output, "new", "new since the sweep before", cell_unsigned(summary->changes.fresh));
	output_field(output, "changed", "changed", cell_unsigned(summary->changes.changed));
	output_field(output, "gone", "gone", cell_unsigned(summary->changes.gone));
	output_field(output, "skipped", "skipped", cell_unsigned(summary->objects.skipped));
	output_field(output, "failed", "failed", cell_unsigned(summary->objects.failed));
	output_field(output, "documents", "documents", cell_unsigned(summary->documents));
	output_field(output, "twins", "known by their bytes, not read twice", cell_unsigned(summary->twins));
	if (summary->renewed.documents > 0) {
		output_field(output, "renewed", "kept texts looked through again", cell_unsigned(summary->renewed.documents));
		output_field(output, "altered", "of these, with other findings", cell_unsigned(summary->renewed.altered));
	}
	output_field(output, "bytes_listed", "bytes listed", cell_size(summary->bytes.listed));
	output_field(output, "bytes_fetched", "bytes fetched", cell_size(summary->bytes.fetched));
	output_field(output, "bytes_unseen", "bytes unseen", cell_size(summary->bytes.unseen));
	output_field(output, "complete", "listed to the end", cell_boolean(summary->is_complete));
	output_heading(output, "Outcomes");
	show_outcomes(session, summary);
	show_findings(session, summary);
	uint64_t unread = summary->objects.listed - summary->outcomes[OUTCOME_READ].objects;
	if (unread > 0)
		output_note(output,
		            "%llu of %llu objects were not wholly read: tidemark search outcome:unread lists them and says why.",
		            (unsigned long long)unread, (unsigned long long)summary->objects.listed);
	if (was_interrupted)
		output_note(output, "Interrupted; everything so far is kept. The same command goes on from here.");
	else if (isatty(STDOUT_FILENO))
		output_note(output, "Next: tidemark organisations, tidemark scope, tidemark search WORDS");
}

enum status sweep_report_show(struct session *session, const struct sweep_intent *intent, const struct sweep_summary *summary,
                              bool was_interrupted)
{
	enum status status = write_summary(session, intent, summary, output_members(session->output));
	if (status == STATUS_OK)
		show_page(session, intent, summary, was_interrupted);
	return status;
}

enum status sweep_report_journal(struct session *session, const struct sweep_intent *intent, const struct sweep_summary *summary,
                                 struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(16 << 20);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	enum status status = write_summary(session, intent, summary, &json);
	json_end_object(&json);
	if (status == STATUS_OK)
		status = buffer_status(&detail);
	if (status == STATUS_OK)
		status = session_journal(session, "sweep", buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}
