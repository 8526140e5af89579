/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark discover: containers that documents name. */
#include "cli/session.h"

#include "answer/discovered.h"

static enum status text(struct session *session, struct failure *reterr);

/* clang-format off */
static const struct command command_text = {
	.name = "text", .summary = "list the containers that the catalog's documents name",
	.description = "Of each: its target, as tidemark probe takes it, how many documents name it and some of them. Nobody is asked "
	               "anything, and signatures within URLs are never used.",
	.catalog = COMMAND_READS_CATALOG, .opens_incident = true, .journal = "discover text", .execute = text,
};
static const struct command *const subcommands[] = {&command_text, NULL};

static const struct command_example examples[] = {
	{"discover text", "which further containers backups and mails name"},
	{"discover text --format jsonl", "the same for a program"},
	{.line = NULL},
};

const struct command command_discover = {
	.name = "discover", .group = COMMAND_FINDS, .summary = "find containers that documents name",
	.description = "What an account lists is not asked for yet: of Azure tidemark-fetch lists the blobs of one container alone, and "
	               "of S3 and Google Cloud there is no provider; az storage container list, aws s3 ls and gcloud storage ls say it.",
	.subcommands = subcommands, .examples = examples, .see_also = "probe, sweep, entities",
};
/* clang-format on */

static enum status text(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "target", .may_shrink = true, .least = 30},
		{.name = "documents", .align = COLUMN_RIGHT},
		{.name = "swept", .rank = 1},
		{.name = "found_in", .title = "FOUND IN", .may_shrink = true, .keeps_end = true},
	};
	static const struct output_list rows = {
		.member = "targets",
		.columns = columns,
		.column_count = sizeof columns / sizeof *columns,
		.nothing = "No document that was read names a container.",
	};
	struct arena arena = arena_with_ceiling(1u << 30);
	struct discovered_list list;
	enum status status = discovered_find(session->incident, &arena, &list, reterr);
	if (status == STATUS_OK) {
		output_begin_list(session->output, &rows);
		for (size_t i = 0; i < list.count && status == STATUS_OK; i++) {
			const struct discovered *found = &list.found[i];
			discovered_write(found, output_begin_item(session->output));
			const struct cell cells[] = {
				cell_toned(cell_text(found->target.len > 0 ? found->target : found->url), TONE_STRONG),
				cell_unsigned(found->documents),
				cell_boolean(found->is_swept),
				cell_text(found->place_count > 0 ? found->places[0].path : BYTES_NONE),
			};
			status = output_end_item(session->output, cells);
		}
		output_end_list(session->output);
		discovered_free(&list);
	}
	arena_free(&arena);
	return status == STATUS_END ? STATUS_OK : status;
}
