/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark scope: the count ledger, which both sides of an incident can recompute. */
#include "cli/command.h"

#include "base/sum.h"
#include "catalog/questions.h"
#include "cli/session.h"
#include "sweep/plan.h"

#include <math.h>
#include <stdio.h>

static enum status execute(struct session *session, struct failure *reterr);

const struct command command_scope = {
	.name = "scope", .group = COMMAND_ANSWERS, .summary = "count what an incident exposed, both ways",
	.description = "References counts every mention in every place; distinct counts normalised values: objects and documents by "
	               "their contents, addresses in lower case, organisations by registrable domain. What was not read is counted "
	               "as unseen, by outcome.",
	.see_also = "organisations, containers, search", .catalog = COMMAND_READS_CATALOG, .opens_incident = true,
	.journal = "scope", .execute = execute,
};

/* resolved is null until mailboxes, families and organisations are resolved; a measure not built yet is null itself. */
static void write_measure(struct json_writer *json, const char *name, const struct measure *measure)
{
	json_key(json, name);
	if (measure == NULL) {
		json_null(json);
		return;
	}
	json_begin_object(json);
	json_member_unsigned(json, "references", measure->references);
	json_member_unsigned(json, "distinct", measure->distinct);
	json_key(json, "resolved");
	json_null(json);
	json_member_at_least(json, sum_is_at_least(measure->references));
	json_end_object(json);
}

static void write_counts(struct json_writer *json, const struct ledger *ledger)
{
	static const char *const later[] = {
		"pages", "people", "phones", "projects", "invoices", "orders", "contracts", "signed_documents", "countries",
	};
	json_key(json, "counts");
	json_begin_object(json);
	write_measure(json, "objects", &ledger->objects);
	write_measure(json, "documents", &ledger->documents);
	write_measure(json, "emails", &ledger->emails);
	write_measure(json, "organisations", &ledger->organisations);
	for (size_t i = 0; i < sizeof later / sizeof *later; i++)
		write_measure(json, later[i], NULL);
	json_end_object(json);
}

static void write_years(struct json_writer *json, const struct ledger *ledger)
{
	char year[16];
	json_key(json, "by_year");
	json_begin_object(json);
	for (size_t i = 0; i < ledger->year_count; i++) {
		snprintf(year, sizeof year, "%d", ledger->years[i].year);
		json_member_unsigned(json, year, ledger->years[i].documents);
	}
	json_end_object(json);
}

static void write_unseen(struct json_writer *json, const struct ledger *ledger)
{
	json_key(json, "unseen");
	json_begin_object(json);
	json_member_unsigned(json, "objects", ledger->unseen.objects);
	json_member_unsigned(json, "bytes", ledger->unseen.bytes);
	json_member_at_least(json, sum_is_at_least(ledger->unseen.bytes));
	json_key(json, "by_outcome");
	json_begin_object(json);
	for (enum outcome outcome = OUTCOME_READ + 1; outcome < OUTCOME_COUNT; outcome++) {
		if (ledger->unseen_by_outcome[outcome].objects == 0)
			continue;
		json_key(json, outcome_name(outcome));
		json_begin_object(json);
		json_member_unsigned(json, "objects", ledger->unseen_by_outcome[outcome].objects);
		json_member_unsigned(json, "bytes", ledger->unseen_by_outcome[outcome].bytes);
		json_member_at_least(json, sum_is_at_least(ledger->unseen_by_outcome[outcome].bytes));
		json_end_object(json);
	}
	json_end_object(json);
	json_end_object(json);
}

/* ---- sampling ---- */

struct tally {
	uint64_t objects, bytes;
};

/* Objects that a sample was drawn from, over all sweeps that drew one, and what of them was drawn. */
struct sampling {
	uint64_t sweep, count;           /* of the latest of those sweeps; count 0: a share */
	double share;
	struct tally population, drawn;
};

static void add(struct tally *tally, const struct ledger_group *group)
{
	sum_add(&tally->objects, group->objects);
	sum_add(&tally->bytes, group->bytes);
}

/* What was decided behind the drawing: looked into, or left for its size. */
static bool was_drawn(const struct ledger_group *group)
{
	return group->was_fetched || group->outcome == OUTCOME_OVER_BUDGET || group->outcome == OUTCOME_TOO_LARGE;
}

static void note_sample(struct sampling *sampling, struct bytes settings, uint64_t sweep)
{
	if (sweep > sampling->sweep && plan_find_sample(settings, &sampling->share, &sampling->count))
		sampling->sweep = sweep;
}

/* False if the latest sweep drew no sample and no earlier one left anything out. */
static bool find_sampling(const struct ledger *ledger, struct sampling *sampling)
{
	double share;
	uint64_t count;
	*sampling = (struct sampling){.sweep = 0};
	note_sample(sampling, ledger->settings, ledger->latest_sweep);
	bool is_one = sampling->sweep > 0;
	for (size_t i = 0; i < ledger->group_count; i++) {
		const struct ledger_group *group = &ledger->groups[i];
		bool is_left_out = bytes_equal_string(group->note, plan_not_in_sample);
		if (!plan_find_sample(group->settings, &share, &count) || (!is_left_out && !was_drawn(group)))
			continue;
		is_one |= is_left_out;
		add(&sampling->population, group);
		if (!is_left_out)
			add(&sampling->drawn, group);
		note_sample(sampling, group->settings, group->sweep);
	}
	return is_one;
}

/* Half the width of the 95 % interval of a share of one half, which is the widest, drawn without putting back. */
static double margin_of(const struct sampling *sampling)
{
	double population = (double)sampling->population.objects, drawn = (double)sampling->drawn.objects;
	if (sampling->drawn.objects == 0)
		return 1.0;
	return sampling->population.objects == 1 ? 0.0 : 1.96 * sqrt(0.25 / drawn * (population - drawn) / (population - 1));
}

static void write_tally(struct json_writer *json, const char *key, const struct tally *tally)
{
	json_key(json, key);
	json_begin_object(json);
	json_member_unsigned(json, "objects", tally->objects);
	json_member_unsigned(json, "bytes", tally->bytes);
	json_member_at_least(json, sum_is_at_least(tally->bytes));
	json_end_object(json);
}

static void write_sampling(struct json_writer *json, const struct ledger *ledger)
{
	struct sampling sampling;
	char asked[32];
	json_key(json, "sampling");
	if (!find_sampling(ledger, &sampling)) {
		json_null(json);
		return;
	}
	if (sampling.count > 0)
		snprintf(asked, sizeof asked, "%llu", (unsigned long long)sampling.count);
	else
		snprintf(asked, sizeof asked, "%g%%", 100 * sampling.share);
	json_begin_object(json);
	json_member_unsigned(json, "sweep", sampling.sweep);
	json_key(json, "sample");
	json_string(json, asked);
	json_key(json, "method");
	json_string(json, sampling.count > 0 ? "the lowest ids of each target" : "ids below that share of all possible ids");
	write_tally(json, "population", &sampling.population);
	write_tally(json, "drawn", &sampling.drawn);
	json_key(json, "share");
	json_real(json, sampling.population.objects > 0
		? (double)sampling.drawn.objects / (double)sampling.population.objects : 0.0);
	json_key(json, "confidence");
	json_real(json, 0.95);
	json_key(json, "margin");
	json_real(json, margin_of(&sampling));
	json_end_object(json);
}

static void write_head(const struct session *session, const struct ledger *ledger, int64_t now, struct json_writer *json)
{
	static const char *const empty[] = {"by_class", "by_country"};
	json_key(json, "incident");
	json_string(json, session->incident_name);
	json_key(json, "as_of");
	json_time(json, now);
	json_key(json, "rules_version");
	json_bytes(json, ledger->rules_version);
	write_counts(json, ledger);
	write_years(json, ledger);
	for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
		json_key(json, empty[i]);
		json_begin_object(json);
		json_end_object(json);
	}
	write_unseen(json, ledger);
	write_sampling(json, ledger);
	json_key(json, "manifest");
	json_null(json);
}

static enum status write_container(void *context, const struct container_summary *summary)
{
	struct json_writer *json = context;
	json_begin_object(json);
	json_key(json, "container");
	json_bytes(json, summary->container.name);
	json_key(json, "url");
	json_bytes(json, summary->container.url);
	json_member_unsigned(json, "objects", summary->objects);
	json_member_unsigned(json, "documents", summary->documents);
	json_member_unsigned(json, "bytes", summary->bytes);
	json_member_unsigned(json, "unseen_objects", summary->unseen_objects);
	json_member_unsigned(json, "unseen_bytes", summary->unseen_bytes);
	json_member_at_least(json, sum_is_at_least(summary->bytes) || sum_is_at_least(summary->unseen_bytes));
	json_end_object(json);
	return STATUS_OK;
}

static void show_measure(struct output *output, const char *name, const struct measure *measure)
{
	const struct cell cells[] = {
		cell_string(name), cell_unsigned(measure->references), cell_toned(cell_unsigned(measure->distinct), TONE_STRONG),
	};
	output_begin_item(output);
	enum status status = output_end_item(output, cells);
	(void)status; /* output_finish tells */
}

static void show_counts(struct output *output, const struct ledger *ledger)
{
	static const struct column columns[] = {
		{.name = "measure"}, {.name = "references", .align = COLUMN_RIGHT}, {.name = "distinct", .align = COLUMN_RIGHT},
	};
	static const struct output_list list = {.columns = columns, .column_count = 3};
	output_begin_list(output, &list);
	show_measure(output, "objects", &ledger->objects);
	show_measure(output, "documents", &ledger->documents);
	show_measure(output, "emails", &ledger->emails);
	show_measure(output, "organisations", &ledger->organisations);
	output_end_list(output);
}

static void show_unseen(struct output *output, const struct ledger *ledger)
{
	static const struct column columns[] = {
		{.name = "outcome"}, {.name = "objects", .align = COLUMN_RIGHT}, {.name = "bytes", .align = COLUMN_RIGHT},
	};
	static const struct output_list list = {.columns = columns, .column_count = 3, .nothing = "Everything was read."};
	output_heading(output, "Unseen");
	output_begin_list(output, &list);
	for (enum outcome outcome = OUTCOME_READ + 1; outcome < OUTCOME_COUNT; outcome++) {
		if (ledger->unseen_by_outcome[outcome].objects == 0)
			continue;
		const struct cell cells[] = {
			cell_toned(cell_string(outcome_name(outcome)), TONE_DOUBT),
			cell_unsigned(ledger->unseen_by_outcome[outcome].objects), cell_size(ledger->unseen_by_outcome[outcome].bytes),
		};
		output_begin_item(output);
		enum status status = output_end_item(output, cells);
		(void)status; /* output_finish tells */
	}
	output_end_list(output);
}

static void show_page(struct session *session, const struct ledger *ledger, int64_t now)
{
	struct output *output = session->output;
	output_begin_page(output, BYTES_LITERAL("Scope"));
	output_field(output, "incident", "incident", cell_string(session->incident_name));
	output_field(output, "as_of", "as of", cell_time(now));
	output_field(output, "rules_version", "rules", cell_text(ledger->rules_version));
	output_heading(output, "Counts");
	show_counts(output, ledger);
	show_unseen(output, ledger);
	struct sampling sampling;
	if (find_sampling(ledger, &sampling))
		output_note(output, "A sample: %llu of %llu objects were drawn; counts are of these, and a share of objects is "
		            "known to within %.1f points, 19 times of 20.", (unsigned long long)sampling.drawn.objects,
		            (unsigned long long)sampling.population.objects, 100 * margin_of(&sampling));
}

static enum status execute(struct session *session, struct failure *reterr)
{
	struct ledger ledger;
	int64_t now = clock_now();
	enum status status = incident_ledger(session->incident, session->arena, &ledger, reterr);
	if (status != STATUS_OK)
		return status;
	struct json_writer *json = output_members(session->output);
	write_head(session, &ledger, now, json);
	json_key(json, "by_container");
	json_begin_array(json);
	status = incident_containers(session->incident, write_container, json, reterr);
	json_end_array(json);
	if (status == STATUS_OK)
		show_page(session, &ledger, now);
	return status;
}
