/* SPDX-License-Identifier: Apache-2.0 */
/* The words that plans are written with. */
#include "model/plan.h"

static const char *const kinds[] = {[PLAN_CLOSE] = "close", [PLAN_RETAIN] = "retain", [PLAN_NOTIFY] = "notify"};
static const char *const states[] = {"planned", "under_way", "done", "left", "failed", "undone"};
_Static_assert(sizeof kinds / sizeof *kinds == PLAN_KIND_COUNT && sizeof states / sizeof *states == STEP_STATE_COUNT,
               "a word each");

const char *plan_kind_name(enum plan_kind kind)
{
	return kind > 0 && kind < PLAN_KIND_COUNT ? kinds[kind] : "none";
}

enum plan_kind plan_kind_from_name(struct bytes name)
{
	enum plan_kind kind = PLAN_CLOSE;
	while (kind < PLAN_KIND_COUNT && !bytes_equal_string(name, kinds[kind]))
		kind++;
	return kind;
}

const char *step_state_name(enum step_state state)
{
	return state < STEP_STATE_COUNT ? states[state] : "none";
}

enum step_state step_state_from_name(struct bytes name)
{
	enum step_state state = STEP_PLANNED;
	while (state < STEP_STATE_COUNT && !bytes_equal_string(name, states[state]))
		state++;
	return state;
}
