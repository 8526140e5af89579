/* SPDX-License-Identifier: Apache-2.0 */
/* Adding up the ledger's groups, and the statistics of drawing without putting back. */
#include "answer/sampling.h"

#include "base/sum.h"

#include <math.h>
#include <stdio.h>

static void add(struct sampling_tally *tally, const struct ledger_group *group)
{
	sum_add(&tally->objects, group->objects);
	sum_add(&tally->bytes, group->bytes);
}

/* What was decided behind the drawing: looked into, or left for its size. */
static bool was_drawn(const struct ledger_group *group)
{
	return group->was_fetched || group->outcome == OUTCOME_OVER_BUDGET || group->outcome == OUTCOME_TOO_LARGE;
}

static void note_sample(struct sampling *sampling, const struct sample *sample, uint64_t sweep)
{
	if (!sample->is_drawn || sweep <= sampling->sweep)
		return;
	sampling->sweep = sweep;
	sampling->sample = *sample;
}

/* Of a share of one half, which is the widest. */
static double margin_of(const struct sampling *sampling)
{
	double population = (double)sampling->population.objects, drawn = (double)sampling->drawn.objects;
	if (sampling->drawn.objects == 0)
		return 1.0;
	return sampling->population.objects == 1 ? 0.0 : 1.96 * sqrt(0.25 / drawn * (population - drawn) / (population - 1));
}

bool sampling_find(const struct ledger *ledger, struct sampling *ret_sampling)
{
	struct sampling sampling = {.sweep = 0};
	note_sample(&sampling, &ledger->sample, ledger->latest_sweep);
	bool is_one = ledger->sample.is_drawn;
	for (size_t i = 0; i < ledger->group_count; i++) {
		const struct ledger_group *group = &ledger->groups[i];
		if (!group->is_left_out && !was_drawn(group))
			continue;
		is_one |= group->is_left_out;
		add(&sampling.population, group);
		if (!group->is_left_out)
			add(&sampling.drawn, group);
		note_sample(&sampling, &group->sample, group->sweep);
	}
	sampling.margin = margin_of(&sampling);
	if (is_one)
		*ret_sampling = sampling;
	return is_one;
}

/* ---- writing ---- */

static void write_tally(const char *key, const struct sampling_tally *tally, struct json_writer *json)
{
	json_key(json, key);
	json_begin_object(json);
	json_member_unsigned(json, "objects", tally->objects);
	json_member_unsigned(json, "bytes", tally->bytes);
	json_member_at_least(json, sum_is_at_least(tally->bytes));
	json_end_object(json);
}

static double drawn_share(const struct sampling *sampling)
{
	return sampling->population.objects > 0 ? (double)sampling->drawn.objects / (double)sampling->population.objects : 0.0;
}

void sampling_write(const struct sampling *sampling, struct json_writer *json)
{
	char asked[32];
	if (sampling == NULL) {
		json_null(json);
		return;
	}
	if (sampling->sample.count > 0)
		snprintf(asked, sizeof asked, "%llu", (unsigned long long)sampling->sample.count);
	else
		snprintf(asked, sizeof asked, "%g%%", 100 * sampling->sample.share);
	json_begin_object(json);
	json_member_unsigned(json, "sweep", sampling->sweep);
	json_key(json, "sample");
	json_string(json, asked);
	json_key(json, "method");
	json_string(json,
	            sampling->sample.count > 0 ? "the lowest ids of each target" : "ids below that share of all possible ids");
	write_tally("population", &sampling->population, json);
	write_tally("drawn", &sampling->drawn, json);
	json_key(json, "share");
	json_real(json, drawn_share(sampling));
	json_key(json, "confidence");
	json_real(json, 0.95);
	json_key(json, "margin");
	json_real(json, sampling->margin);
	json_end_object(json);
}
