/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark organisations: whose data it is, as far as can be told. */
#include "cli/command.h"

#include "answer/organisations.h"
#include "cli/listing.h"
#include "cli/session.h"

static enum status execute(struct session *session, struct failure *reterr);

static const struct option options[] = {
	LISTING_OPTIONS,
	{.name = "country",
         .kind = OPTION_TEXT,
         .value = "CC",
         .is_not_configured = true,
         .help = "only those of a country (DE, US, ...)"},
	{.name = NULL},
};

const struct command command_organisations = {
	.name = "organisations",
	.group = COMMAND_ANSWERS,
	.summary = "list the organisations whose data was found",
	.description =
		"An organisation is named by its registrable domain. A party is one of those whose document it is; a mention "
		"is one that is spoken of. A party of which no domain is known is told by its name alone. Free-mail providers are "
		"never organisations. The country is what the surest evidence names: a VAT id, an address, else the domain's ending.",
	.options = options,
	.see_also = "lookup, entities, scope",
	.catalog = COMMAND_READS_CATALOG,
	.opens_incident = true,
	.journal = "organisations",
	.execute = execute,
};

static enum status show(void *context, const struct organisation_summary *summary)
{
	struct listing *listing = context;
	struct bytes country = bytes_of_string(settings_text(listing->session->settings, "country"));
	if (country.len > 0 && !bytes_equal_nocase(country, summary->country))
		return STATUS_OK;
	if (!paging_takes_another(&listing->paging))
		return STATUS_END;
	organisations_write(summary, output_begin_item(listing->session->output));
	const struct cell cells[] = {
		cell_toned(cell_text(organisation_domain(summary->domain)), TONE_STRONG),
		cell_text(summary->name),
		cell_string(relationship_name(summary->relationship)),
		cell_text(summary->sector),
		cell_text(summary->country),
		cell_unsigned(summary->documents),
		cell_unsigned(summary->as_party),
		cell_unsigned(summary->mentions),
		cell_unsigned(summary->addresses),
		cell_time(summary->first_date),
		cell_time(summary->last_date),
		cell_real(summary->confidence),
	};
	return output_end_item(listing->session->output, cells);
}

/* A misspelt one would list nobody, and look like an answer. */
static bool is_country(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((text.at[i] | 0x20) < 'a' || (text.at[i] | 0x20) > 'z')
			return false;
	return text.len == 2;
}

static enum status execute(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "domain"},
		{.name = "name", .rank = 3, .may_shrink = true},
		{.name = "relationship", .rank = 4},
		{.name = "sector", .rank = 6},
		{.name = "country", .rank = 5},
		{.name = "documents", .align = COLUMN_RIGHT},
		{.name = "as_party", .title = "AS PARTY", .align = COLUMN_RIGHT},
		{.name = "mentions", .align = COLUMN_RIGHT},
		{.name = "addresses", .align = COLUMN_RIGHT},
		{.name = "first_date", .title = "FIRST", .rank = 2},
		{.name = "last_date", .title = "LAST", .rank = 2},
		{.name = "confidence", .align = COLUMN_RIGHT, .rank = 1},
	};
	static const struct output_list list = {
		.member = "organisations",
		.columns = columns,
		.column_count = sizeof columns / sizeof *columns,
		.nothing = "No organisation was recognised.",
	};
	struct bytes country = bytes_of_string(settings_text(session->settings, "country"));
	struct listing listing;
	if (settings_has(session->settings, "country") && !is_country(country))
		return fail(reterr, STATUS_USAGE, "--country", "is two letters (ISO 3166-1), as DE or US");
	listing_begin(&listing, session, &list);
	enum status status = incident_organisations(session->incident, listing_cursor(&listing), show, &listing,
	                                            &listing.paging.cursor, reterr);
	listing_end(&listing);
	return status;
}
