/* SPDX-License-Identifier: Apache-2.0 */
/* Objects, outcomes and findings of one sweep. */
#include "answer/sweep-summary.h"

#include "base/sum.h"

bool sweep_summary_is_partial(const struct sweep_summary *summary)
{
	for (enum outcome outcome = OUTCOME_READ; outcome < OUTCOME_COUNT; outcome++)
		if (summary->outcomes[outcome].objects > 0 && outcome_is_partial(outcome))
			return true;
	return false;
}

static void write_objects(const struct sweep_summary *summary, struct json_writer *json)
{
	json_key(json, "objects");
	json_begin_object(json);
	json_member_unsigned(json, "listed", summary->objects.listed);
	json_member_unsigned(json, "read", summary->objects.read);
	json_member_unsigned(json, "unchanged", summary->objects.unchanged);
	json_member_unsigned(json, "skipped", summary->objects.skipped);
	json_member_unsigned(json, "failed", summary->objects.failed);
	json_end_object(json);
	json_key(json, "changes");
	json_begin_object(json);
	json_member_unsigned(json, "new", summary->changes.fresh);
	json_member_unsigned(json, "changed", summary->changes.changed);
	json_member_unsigned(json, "gone", summary->changes.gone);
	json_end_object(json);
	json_member_unsigned(json, "documents", summary->documents);
	json_key(json, "renewed");
	json_begin_object(json);
	json_member_unsigned(json, "documents", summary->renewed.documents);
	json_member_unsigned(json, "altered", summary->renewed.altered);
	json_end_object(json);
	json_key(json, "bytes");
	json_begin_object(json);
	json_member_unsigned(json, "listed", summary->bytes.listed);
	json_member_unsigned(json, "fetched", summary->bytes.fetched);
	json_member_unsigned(json, "unseen", summary->bytes.unseen);
	json_member_at_least(json, sum_is_at_least(summary->bytes.listed) || sum_is_at_least(summary->bytes.fetched) ||
	                                   sum_is_at_least(summary->bytes.unseen));
	json_end_object(json);
}

static void write_outcomes(const struct sweep_summary *summary, struct json_writer *json)
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

static void write_kinds(const char *name, const uint64_t counts[FINDING_KIND_COUNT], struct json_writer *json)
{
	json_key(json, name);
	json_begin_object(json);
	for (enum finding_kind kind = FINDING_EMAIL; kind < FINDING_KIND_COUNT; kind++)
		if (counts[kind] > 0)
			json_member_unsigned(json, finding_kind_name(kind), counts[kind]);
	json_end_object(json);
}

void sweep_summary_write(const struct sweep_summary_head *head, const struct sweep_summary *summary, struct json_writer *json)
{
	json_member_unsigned(json, "sweep", summary->sweep);
	json_key(json, "incident");
	json_string(json, head->incident);
	json_key(json, "targets");
	json_begin_array(json);
	for (size_t i = 0; i < head->target_count; i++)
		json_bytes(json, head->targets[i]);
	json_end_array(json);
	write_objects(summary, json);
	write_outcomes(summary, json);
	write_kinds("findings", summary->findings, json);
	write_kinds("allowed", summary->allowed, json);
	json_member_unsigned(json, "twins", summary->twins);
	json_member_text(json, "authority", head->authority);
	json_key(json, "seconds");
	json_real(json, summary->ended != CLOCK_UNKNOWN ? (double)(summary->ended - summary->started) : 0.0);
	json_key(json, "complete");
	json_boolean(json, summary->is_complete);
}
