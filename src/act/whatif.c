/* SPDX-License-Identifier: Apache-2.0 */
/* Two judges of an object, each fed its documents one by one. */
#include "act/whatif.h"

/* ---- by a policy ---- */

struct policy_judge {
	const struct policy *policy;
	int64_t at;
	struct policy_vote vote;
};

static enum status hear_document(void *context, const struct retained_object *object, const struct retained_document *document)
{
	struct policy_judge *judge = context;
	if (document == NULL) {
		judge->vote = policy_vote_begin();
		return STATUS_OK;
	}
	if (policy_abstains(document))
		return STATUS_OK;
	struct policy_decision decision = policy_decide(judge->policy, judge->at, object, document);
	policy_vote_add(&judge->vote, &decision);
	return STATUS_OK;
}

static bool came_later(const struct retained_object *object, int64_t at)
{
	return object->object.created > at || object->object.modified > at;
}

static unsigned judge_by_policy(void *context, const struct retained_object *object)
{
	const struct policy_judge *judge = context;
	return !came_later(object, judge->at) && policy_vote_end(&judge->vote).verdict == POLICY_GOES;
}

enum status whatif_policy(struct incident *incident, const struct policy *policy, int64_t at,
                          struct whatif_measure ret_measures[MEASURE_COUNT], struct failure *reterr)
{
	struct policy_judge judge = {.policy = policy, .at = at};
	return incident_whatif(incident, policy_facts(policy), hear_document, judge_by_policy, &judge, ret_measures, reterr);
}

/* ---- by age alone ---- */

struct age_judge {
	int64_t cutoffs[WHATIF_LEVELS];
	unsigned count;
	unsigned level;
	bool is_heard;
};

/* The youngest document keeps the object, and so does one of which nobody knows how old it is. */
static enum status hear_age(void *context, const struct retained_object *object, const struct retained_document *document)
{
	struct age_judge *judge = context;
	unsigned level = 0;
	(void)object;
	if (document == NULL) {
		judge->level = judge->count;
		judge->is_heard = false;
		return STATUS_OK;
	}
	if (policy_abstains(document))
		return STATUS_OK;
	while (level < judge->count && document->dated != CLOCK_UNKNOWN && document->dated < judge->cutoffs[level])
		level++;
	judge->level = level < judge->level ? level : judge->level;
	judge->is_heard = true;
	return STATUS_OK;
}

static unsigned judge_by_age(void *context, const struct retained_object *object)
{
	const struct age_judge *judge = context;
	(void)object;
	return judge->is_heard ? judge->level : 0;
}

enum status whatif_ages(struct incident *incident, unsigned step, unsigned count, int64_t at,
                        struct whatif_measure ret_measures[MEASURE_COUNT], struct failure *reterr)
{
	struct age_judge judge = {.count = count < WHATIF_LEVELS ? count : WHATIF_LEVELS};
	for (unsigned i = 0; i < judge.count; i++) {
		const struct policy_match match = {.over = step * (i + 1), .unit = POLICY_MONTHS};
		judge.cutoffs[i] = policy_cutoff(&match, at);
	}
	return incident_whatif(incident, 0, hear_age, judge_by_age, &judge, ret_measures, reterr);
}
