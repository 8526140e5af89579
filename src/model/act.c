/* SPDX-License-Identifier: Apache-2.0 */
/* The words of verbs and results, and permits. */
#include "model/act.h"

#include "base/digest.h"

static const char *const verbs[] = {
	[ACT_LOOK_CONTAINER] = "look-container",
	[ACT_LOOK_SERVICE] = "look-service",
	[ACT_LOOK_ACCOUNT] = "look-account",
	[ACT_LOOK_OBJECT] = "look-object",
	[ACT_CLOSE_CONTAINER] = "close-container",
	[ACT_REOPEN_CONTAINER] = "reopen-container",
	[ACT_CLOSE_SITE] = "close-site",
	[ACT_REOPEN_SITE] = "reopen-site",
	[ACT_CLOSE_ACCOUNT] = "close-account",
	[ACT_REOPEN_ACCOUNT] = "reopen-account",
	[ACT_DELETE] = "delete",
	[ACT_DELETE_PERMANENTLY] = "delete-permanently",
	[ACT_UNDELETE] = "undelete",
	[ACT_SET_TIER] = "tier:",
};

static const struct {
	enum step_state state;
	const char *says;
} results[] = {
	[ACT_DONE] = {STEP_DONE, "done"},
	[ACT_WAS_SO] = {STEP_DONE, "was so already"},
	[ACT_CHANGED] = {STEP_LEFT, "left alone: it has changed since it was planned"},
	[ACT_ABSENT] = {STEP_LEFT, "left alone: it is not there any more"},
	[ACT_LEASED] = {STEP_LEFT, "left alone: somebody holds a lease on it"},
	[ACT_HELD] = {STEP_LEFT, "left alone: a legal hold or a policy of immutability keeps it"},
	[ACT_HAS_SNAPSHOTS] = {STEP_LEFT, "left alone: it has snapshots that are not in the plan"},
	[ACT_DENIED] = {STEP_FAILED, "refused: the credential may not do that"},
	[ACT_UNSUPPORTED] = {STEP_FAILED, "refused: that is not offered there"},
	[ACT_BUSY] = {STEP_FAILED, "not done: throttled; run the same command again later"},
	[ACT_UNREACHABLE] = {STEP_FAILED, "nobody answered; run the same command again, which looks first whether it was done"},
};

_Static_assert(sizeof verbs / sizeof *verbs == ACT_VERB_COUNT && sizeof results / sizeof *results == ACT_RESULT_COUNT,
               "a row each");

const char *act_verb_name(enum act_verb verb)
{
	return verb > 0 && verb < ACT_VERB_COUNT ? verbs[verb] : "none";
}

enum act_verb act_verb_from_action(struct bytes action)
{
	enum act_verb verb = ACT_LOOK_CONTAINER;
	if (bytes_start_with(action, bytes_of_string(verbs[ACT_SET_TIER])))
		return ACT_SET_TIER;
	while (verb < ACT_VERB_COUNT && !bytes_equal_string(action, verbs[verb]))
		verb++;
	return verb;
}

enum step_state act_state(enum act_result result)
{
	return result > 0 && result < ACT_RESULT_COUNT ? results[result].state : STEP_FAILED;
}

const char *act_result_says(enum act_result result)
{
	return result > 0 && result < ACT_RESULT_COUNT ? results[result].says : "";
}

void act_permit(const unsigned char plan_hash[PLAN_DIGEST_SIZE], struct bytes target, const struct act_step *step,
                unsigned char into[PLAN_DIGEST_SIZE])
{
	const struct bytes fields[] = {target, step->object, step->version, step->etag, step->value};
	enum { FIELDS = sizeof fields / sizeof *fields };
	unsigned char numbers[2 + 8 + FIELDS * 8];
	struct bytes parts[3 + FIELDS] = {BYTES_LITERAL("tidemark-permit-1"), bytes_of(plan_hash, PLAN_DIGEST_SIZE),
	                                  bytes_of(numbers, sizeof numbers)};
	numbers[0] = (unsigned char)step->verb;
	numbers[1] = step->is_snapshot;
	store_le64(numbers + 2, step->number);
	for (size_t i = 0; i < FIELDS; i++) {
		store_le64(numbers + 10 + 8 * i, fields[i].len);
		parts[3 + i] = fields[i];
	}
	digest_sha256_of(parts, sizeof parts / sizeof *parts, into);
}
