/* SPDX-License-Identifier: Apache-2.0 */
/* incidents: the dossiers of a catalog. */
#include "answer/incidents.h"
#include "cli/session.h"

static enum status list_incidents(struct session *session, struct failure *reterr);

static const struct command_example examples[] = {
	{"incidents", "see what dossiers there are and whether a sweep of one is unfinished"},
	{.line = NULL},
};

const struct command command_incidents = {
	.name = "incidents",
	.group = COMMAND_KEEPS,
	.summary = "list the incidents of the catalog",
	.description = "An incident is the dossier in which sweeps, counts, notices and destructions are gathered. A sweep makes "
		       "one; --incident NAME names it.",
	.examples = examples,
	.see_also = "sweep, catalog, containers",
	.catalog = COMMAND_READS_CATALOG,
	.journal = "incidents",
	.execute = list_incidents,
};

static const struct column columns[] = {
	{.name = "name", .may_shrink = true},
	{.name = "objects", .align = COLUMN_RIGHT},
	{.name = "documents", .align = COLUMN_RIGHT},
	{.name = "created", .rank = 3},
	{.name = "last_sweep"},
	{.name = "unfinished", .rank = 2},
};

static const struct output_list list = {
	.member = "incidents",
	.columns = columns,
	.column_count = sizeof columns / sizeof *columns,
	.nothing = "No incident yet; tidemark sweep TARGET makes one.",
};

static enum status put_incident(void *context, const struct incident_summary *incident)
{
	struct output *output = context;
	incidents_write(incident, output_begin_item(output));
	const struct cell cells[] = {
		cell_text(incident->name),    cell_unsigned(incident->objects), cell_unsigned(incident->documents),
		cell_time(incident->created), cell_time(incident->last_sweep),  cell_boolean(incident->has_unfinished_sweep),
	};
	return output_end_item(output, cells);
}

static enum status list_incidents(struct session *session, struct failure *reterr)
{
	output_begin_list(session->output, &list);
	enum status status = catalog_list_incidents(session->catalog, put_incident, session->output, reterr);
	if (status == STATUS_OK || status == STATUS_END)
		output_end_list(session->output);
	return status;
}
