/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark containers: where it lay, and how long it was open. */
#include "cli/command.h"

#include "base/sum.h"
#include "catalog/questions.h"
#include "cli/session.h"

static enum status execute(struct session *session, struct failure *reterr);

const struct command command_containers = {
	.name = "containers", .group = COMMAND_ANSWERS, .summary = "list the containers that were swept, with exposure and counts",
	.see_also = "probe, sweep, scope", .catalog = COMMAND_READS_CATALOG, .opens_incident = true, .journal = "containers",
	.execute = execute,
};

static void write(struct json_writer *json, const struct container_summary *summary)
{
	json_key(json, "container");
	json_bytes(json, summary->container.name);
	json_key(json, "provider");
	json_string(json, provider_name(summary->container.provider));
	json_key(json, "account");
	summary->container.account.len ? json_bytes(json, summary->container.account) : json_null(json);
	json_key(json, "url");
	json_bytes(json, summary->container.url);
	json_member_unsigned(json, "objects", summary->objects);
	json_member_unsigned(json, "documents", summary->documents);
	json_member_unsigned(json, "bytes", summary->bytes);
	json_member_at_least(json, sum_is_at_least(summary->bytes));
	json_key(json, "unseen");
	json_begin_object(json);
	json_member_unsigned(json, "objects", summary->unseen_objects);
	json_member_unsigned(json, "bytes", summary->unseen_bytes);
	json_member_at_least(json, sum_is_at_least(summary->unseen_bytes));
	json_end_object(json);
	json_key(json, "exposed");
	json_begin_object(json);
	json_member_time(json, "first_seen", summary->exposed.first_seen);
	json_member_time(json, "last_seen", summary->exposed.last_seen);
	json_member_time(json, "closed_at", summary->exposed.closed_at);
	json_end_object(json);
	json_member_time(json, "last_sweep", summary->last_sweep);
}

static enum status show(void *context, const struct container_summary *summary)
{
	struct session *session = context;
	write(output_begin_item(session->output), summary);
	const struct cell cells[] = {
		cell_toned(cell_text(summary->container.url), TONE_STRONG), cell_unsigned(summary->objects),
		cell_unsigned(summary->documents), cell_size(summary->bytes), cell_unsigned(summary->unseen_objects),
		cell_time(summary->exposed.first_seen), cell_time(summary->exposed.last_seen), cell_time(summary->last_sweep),
	};
	return output_end_item(session->output, cells);
}

static enum status execute(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "container", .may_shrink = true, .keeps_end = true}, {.name = "objects", .align = COLUMN_RIGHT},
		{.name = "documents", .align = COLUMN_RIGHT}, {.name = "bytes", .align = COLUMN_RIGHT},
		{.name = "unseen", .align = COLUMN_RIGHT}, {.name = "exposed_from", .title = "EXPOSED FROM", .rank = 1},
		{.name = "exposed_until", .title = "UNTIL", .rank = 1}, {.name = "last_sweep", .title = "LAST SWEEP", .rank = 2},
	};
	static const struct output_list list = {
		.member = "containers", .columns = columns, .column_count = 8, .nothing = "Nothing was swept yet.",
	};
	output_begin_list(session->output, &list);
	enum status status = incident_containers(session->incident, show, session, reterr);
	output_end_list(session->output);
	return status;
}
