/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark containers: where it lay, and how long it was open. */
#include "cli/command.h"

#include "answer/containers.h"
#include "base/clock.h"
#include "cli/session.h"
#include "scope/target.h"

enum { NOTES_SHOWN = 10 };

static enum status execute(struct session *session, struct failure *reterr);

const struct command command_containers = {
	.name = "containers",
	.group = COMMAND_ANSWERS,
	.summary = "list the containers that were swept, with exposure and counts",
	.see_also = "probe, sweep, watch, scope",
	.catalog = COMMAND_READS_CATALOG,
	.opens_incident = true,
	.journal = "containers",
	.execute = execute,
};

struct containers_shown {
	struct session *session;
	const char *stale[NOTES_SHOWN]; /* what stands open and nobody is known to use */
	size_t stale_count;
};

/* What nobody writes to any more, and everybody could read: it is told first. */
static void keep_stale(struct containers_shown *shown, const struct container_summary *summary, struct bytes target)
{
	enum answer dormant = containers_are_dormant(summary->last_write, summary->last_read, clock_now());
	struct buffer line = buffer_with_ceiling(1 << 20);
	char at[CLOCK_TEXT_SIZE];
	if (summary->open_doors == 0 || summary->last_write == CLOCK_UNKNOWN || dormant == ANSWER_NO)
		return;
	if (shown->stale_count++ >= NOTES_SHOWN)
		return;
	buffer_append(&line, target);
	buffer_append_format(&line, " stood open when last looked at, and nothing was written there since %.10s%s",
	                     clock_format(summary->last_write, at),
	                     dormant == ANSWER_YES ? ", nor read by who may" : "; who reads it is not known");
	shown->stale[shown->stale_count - 1] = arena_copy_string(shown->session->arena, buffer_bytes(&line));
	buffer_free(&line);
}

static enum status show(void *context, const struct container_summary *summary)
{
	struct containers_shown *shown = context;
	struct session *session = shown->session;
	struct buffer target = buffer_with_ceiling(1 << 20);
	target_append_container(&summary->container, &target);
	keep_stale(shown, summary, buffer_bytes(&target));
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
		cell_toned(cell_string(containers_listing_name(summary->listing)),
	                   summary->listing == LISTING_COMPLETE ? TONE_PLAIN : TONE_DOUBT),
		cell_time(summary->last_write),
		cell_time(summary->last_read),
		cell_time(summary->last_taken),
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
		{.name = "listing"},
		{.name = "last_write", .title = "LAST WRITE", .rank = 3},
		{.name = "last_read", .title = "LAST READ", .rank = COLUMN_CSV_ONLY},
		{.name = "last_taken", .title = "LAST TAKEN", .rank = 3},
	};
	static const struct output_list list = {
		.member = "containers",
		.columns = columns,
		.column_count = sizeof columns / sizeof *columns,
		.nothing = "Nothing was swept yet.",
	};
	output_begin_list(session->output, &list);
	struct containers_shown shown = {.session = session};
	enum status status = incident_containers(session->incident, show, &shown, reterr);
	output_end_list(session->output);
	for (size_t i = 0; i < shown.stale_count && i < NOTES_SHOWN; i++)
		if (shown.stale[i] != NULL)
			output_note(session->output, "%s", shown.stale[i]);
	if (shown.stale_count > NOTES_SHOWN)
		output_note(session->output, "and %zu more", shown.stale_count - NOTES_SHOWN);
	return status;
}
