/* SPDX-License-Identifier: Apache-2.0 */
/* retain whatif: had the policy been in force. */
#include "act/whatif.h"
#include "answer/coverage.h"
#include "answer/range.h"
#include "catalog/questions.h"
#include "cli/retain-commands.h"

#include <stdio.h>

static enum status execute(struct session *session, struct failure *reterr);

/* clang-format off */
static const struct option options[] = {
	RETAIN_POLICY_OPTION,
	{.name = "since", .kind = OPTION_TEXT, .value = "DATE", .is_not_configured = true,
	 .help = "as though it had been in force on that day: ages are counted there, what came later stays [default: now]"},
	{.name = NULL},
};
/* clang-format on */

const struct command command_retain_whatif = {
	.name = "whatif",
	.summary = "tell what a policy would have spared",
	.description =
		"Counts, measure by measure as scope does, what would not have been there any more had the policy been in force: a "
		"person, an address, an organisation is spared only where none of the places it stands in survives; an object goes "
		"only with everything in it. Counts are exact, shares are of what scope counts as distinct. Nothing is changed.\n\n"
		"With --since a day on which strangers first could read, it tells what they would not have found.",
	.options = options,
	.catalog = COMMAND_READS_CATALOG,
	.opens_incident = true,
	.journal = "retain whatif",
	.execute = execute,
};

static enum status read_since(struct session *session, int64_t *ret_at, struct failure *reterr)
{
	const char *since = settings_text(session->settings, "since");
	int64_t now = clock_now();
	*ret_at = now;
	if (since == NULL)
		return STATUS_OK;
	if (!range_parse_since(bytes_of_string(since), now, ret_at))
		return fail(reterr, STATUS_USAGE, "--since", "'%s' is no day; write 2022-08-01, 2022 or 90d", since);
	return *ret_at <= now ? STATUS_OK : fail(reterr, STATUS_USAGE, "--since", "'%s' is still to come", since);
}

static enum finding_kind kind_of(enum measure_kind measure)
{
	static const enum finding_kind kinds[MEASURE_COUNT] = {
		[MEASURE_EMAILS] = FINDING_EMAIL,     [MEASURE_PHONES] = FINDING_PHONE, [MEASURE_PROJECTS] = FINDING_PROJECT,
		[MEASURE_INVOICES] = FINDING_INVOICE, [MEASURE_ORDERS] = FINDING_ORDER, [MEASURE_CONTRACTS] = FINDING_CONTRACT,
	};
	return kinds[measure];
}

/* What nobody looked for is not none. */
static bool is_told(enum measure_kind measure, const struct whatif_measure *counts, const struct coverage *coverage)
{
	return counts->is_counted && (kind_of(measure) == 0 || coverage_is_looked_for(coverage, kind_of(measure)));
}

static void write_measures(struct json_writer *json, const struct whatif_measure measures[MEASURE_COUNT],
                           const struct coverage *coverage)
{
	json_key(json, "would_have_removed");
	json_begin_object(json);
	for (enum measure_kind measure = 0; measure < MEASURE_COUNT; measure++) {
		uint64_t gone = measures[measure].things[1], all = gone + measures[measure].things[0];
		json_key(json, measure_name(measure));
		if (!is_told(measure, &measures[measure], coverage)) {
			json_null(json);
			continue;
		}
		json_begin_object(json);
		json_member_unsigned(json, "count", gone);
		json_key(json, "share");
		json_real(json, all > 0 ? (double)gone / (double)all : 0);
		json_member_unsigned(json, "of", all);
		json_end_object(json);
	}
	json_end_object(json);
}

static void show_measures(struct output *output, const struct whatif_measure measures[MEASURE_COUNT],
                          const struct coverage *coverage)
{
	static const struct column columns[] = {
		{.name = "measure"},
		{.name = "removed", .align = COLUMN_RIGHT},
		{.name = "of", .align = COLUMN_RIGHT},
		{.name = "share", .align = COLUMN_RIGHT},
	};
	static const struct output_list list = {.columns = columns, .column_count = 4};
	output_begin_list(output, &list);
	for (enum measure_kind measure = 0; measure < MEASURE_COUNT; measure++) {
		uint64_t gone = measures[measure].things[1], all = gone + measures[measure].things[0];
		char share[32];
		snprintf(share, sizeof share, "%.1f %%", all > 0 ? 100.0 * (double)gone / (double)all : 0.0);
		bool is_known = is_told(measure, &measures[measure], coverage);
		const struct cell cells[] = {
			cell_string(measure_name(measure)),
			is_known ? cell_unsigned(gone) : cell_toned(cell_string("not looked for"), TONE_DOUBT),
			is_known ? cell_unsigned(all) : CELL_EMPTY,
			is_known ? cell_toned(cell_string(share), TONE_STRONG) : CELL_EMPTY,
		};
		output_begin_item(output);
		enum status status = output_end_item(output, cells);
		(void)status; /* output_finish tells */
	}
	output_end_list(output);
}

static enum status execute(struct session *session, struct failure *reterr)
{
	struct policy policy;
	struct coverage coverage;
	struct whatif_measure measures[MEASURE_COUNT];
	int64_t at;
	enum status status = retain_read_policy(session, &policy, reterr);
	if (status == STATUS_OK)
		status = read_since(session, &at, reterr);
	if (status == STATUS_OK)
		status = incident_coverage(session->incident, &coverage, reterr);
	if (status == STATUS_OK)
		status = whatif_policy(session->incident, &policy, at, measures, reterr);
	if (status != STATUS_OK)
		return status;
	struct json_writer *json = output_members(session->output);
	json_member_string(json, "policy", settings_text(session->settings, "policy"));
	json_member_string(json, "policy_digest", policy.digest);
	json_member_string(json, "incident", session->incident_name);
	json_member_time(json, "since", at);
	write_measures(json, measures, &coverage);
	output_begin_page(session->output, BYTES_LITERAL("What would have gone"));
	output_field(session->output, "policy", "policy", cell_string(settings_text(session->settings, "policy")));
	output_field(session->output, "since", "in force on", cell_time(at));
	show_measures(session->output, measures, &coverage);
	return STATUS_OK;
}
