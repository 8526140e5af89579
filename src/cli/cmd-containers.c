/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark containers: where it lay, and how long it was open. */
#include "cli/command.h"

#include "answer/containers.h"
#include "cli/session.h"
#include "scope/target.h"

static enum status execute(struct session *session, struct failure *reterr);

const struct command command_containers = {
	.name = "containers",
	.group = COMMAND_ANSWERS,
	.summary = "list the containers that were swept, with exposure and counts",
	.see_also = "probe, sweep, scope",
	.catalog = COMMAND_READS_CATALOG,
	.opens_incident = true,
	.journal = "containers",
	.execute = execute,
};

static enum status show(void *context, const struct container_summary *summary)
{
	struct session *session = context;
	struct buffer target = buffer_with_ceiling(1 << 20);
	target_append_container(&summary->container, &target);
	containers_write(summary, output_begin_item(session->output));
	const struct cell cells[] = {
		cell_toned(cell_text(buffer_bytes(&target)), TONE_STRONG),
		cell_unsigned(summary->objects),
		cell_unsigned(summary->documents),
		cell_size(summary->bytes),
		cell_unsigned(summary->unseen_objects),
		cell_time(summary->exposed.first_seen),
		cell_time(summary->exposed.last_seen),
		cell_time(summary->exposed.closed_at),
		cell_time(summary->last_sweep),
		cell_time(summary->last_read),
		cell_toned(cell_string(containers_listing_name(summary->listing)),
	                   summary->listing == LISTING_COMPLETE ? TONE_PLAIN : TONE_DOUBT),
	};
	enum status status = output_end_item(session->output, cells);
	buffer_free(&target);
	return status;
}

static enum status execute(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "container", .may_shrink = true, .keeps_end = true},
		{.name = "objects", .align = COLUMN_RIGHT},
		{.name = "documents", .align = COLUMN_RIGHT},
		{.name = "bytes", .align = COLUMN_RIGHT},
		{.name = "unseen", .align = COLUMN_RIGHT},
		{.name = "exposed_from", .title = "EXPOSED FROM", .rank = 1},
		{.name = "last_seen_open", .rank = 1},
		{.name = "closed_at", .title = "CLOSED", .rank = 1},
		{.name = "last_sweep", .title = "LAST SWEEP", .rank = 2},
		{.name = "last_read", .title = "LAST READ", .rank = 3},
		{.name = "listing"},
	};
	static const struct output_list list = {
		.member = "containers",
		.columns = columns,
		.column_count = sizeof columns / sizeof *columns,
		.nothing = "Nothing was swept yet.",
	};
	output_begin_list(session->output, &list);
	enum status status = incident_containers(session->incident, show, session, reterr);
	output_end_list(session->output);
	return status;
}
