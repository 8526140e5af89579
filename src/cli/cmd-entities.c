/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark entities: the distinct values of one kind of finding. */
#include "cli/command.h"

#include "answer/coverage.h"
#include "answer/entities.h"
#include "cli/listing.h"
#include "cli/session.h"

static enum status execute(struct session *session, struct failure *reterr);

static const struct option options[] = {
	{.name = "kind",
         .kind = OPTION_CHOICE,
         .choices =
                 "email|domain|url|storage_url|phone|person|organisation_name|postal_address|ip|iban|card|vat_id|national_id|passport|"
                 "date_of_birth|amount|project|invoice|order|contract|quote|secret",
         .standard = "email",
         .help = "which kind"},
	{.name = "domain",
         .kind = OPTION_TEXT,
         .value = "D",
         .is_not_configured = true,
         .help = "only those of a domain and what lies below it"},
	LISTING_OPTIONS,
	{.name = NULL},
};

static const struct command_example examples[] = {
	{"entities --kind email --domain contoso.com", "addresses of one organisation"},
	{"entities --kind storage_url", "further containers that documents point to"},
	{"entities --kind secret", "what opens something, each by its digest: equal ones are counted together, none is tried"},
	{.line = NULL},
};

const struct command command_entities = {
	.name = "entities",
	.group = COMMAND_ANSWERS,
	.summary = "list distinct addresses, domains, URLs and other entities",
	.options = options,
	.examples = examples,
	.see_also = "organisations, search",
	.catalog = COMMAND_READS_CATALOG,
	.opens_incident = true,
	.journal = "entities",
	.execute = execute,
};

static enum status show(void *context, const struct entity_summary *summary)
{
	struct listing *listing = context;
	if (!paging_takes_another(&listing->paging))
		return STATUS_END;
	entities_write(summary, output_begin_item(listing->session->output));
	const struct cell cells[] = {
		cell_string(finding_kind_name(summary->kind)),
		cell_toned(cell_text(summary->value), TONE_STRONG),
		cell_unsigned(summary->references),
		cell_unsigned(summary->documents),
		summary->carved > 0 ? cell_toned(cell_unsigned(summary->carved), TONE_DOUBT) : cell_text(BYTES_NONE),
	};
	return output_end_item(listing->session->output, cells);
}

static enum status execute(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "kind", .rank = 1},
		{.name = "value", .may_shrink = true, .least = 52},
		{.name = "references", .align = COLUMN_RIGHT},
		{.name = "documents", .align = COLUMN_RIGHT},
		{.name = "carved", .align = COLUMN_RIGHT, .rank = 2},
	};
	static const struct output_list list = {
		.member = "entities",
		.columns = columns,
		.column_count = 5,
		.nothing = "None was found.",
	};
	struct listing listing;
	struct coverage coverage;
	struct buffer note = buffer_with_ceiling(1024);
	enum finding_kind kind = finding_kind_from_name(bytes_of_string(settings_text(session->settings, "kind")));
	struct output_list shown = list;
	enum status status = incident_coverage(session->incident, &coverage, reterr);
	if (status != STATUS_OK)
		return status;
	if (!coverage_is_looked_for(&coverage, kind))
		shown.nothing = coverage_nobody_looked;
	listing_begin(&listing, session, &shown);
	status = incident_entities(session->incident, kind, bytes_of_string(settings_text(session->settings, "domain")),
	                           listing_cursor(&listing), show, &listing, &listing.paging.cursor, reterr);
	listing_end(&listing);
	coverage_write(&coverage, FINDING_KIND_BIT(kind), output_members(session->output));
	coverage_append_note(&coverage, FINDING_KIND_BIT(kind), &note);
	if (note.len > 0)
		output_note(session->output, "%s", buffer_string(&note));
	buffer_free(&note);
	return status;
}
