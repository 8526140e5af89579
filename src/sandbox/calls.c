/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of a role as one seccomp filter. Calls that are allowed whatever
 * their arguments cost nothing: since Linux 5.11 the kernel remembers them.
 */
#define _GNU_SOURCE
#include "sandbox/rules.h"

#include <seccomp.h>
#include <unistd.h>

enum { ARGUMENTS = 6 };

/* What the kernel reads of an int; the upper half of its register may hold anything. */
#define INT_MASK UINT64_C(0xffffffff)

struct comparison {
	struct scmp_arg_cmp of[ARGUMENTS];
	unsigned count;
};

static struct comparison with(struct comparison comparison, const struct condition *condition, uint64_t mask, uint64_t value)
{
	comparison.of[comparison.count++] = SCMP_CMP(condition->argument, SCMP_CMP_MASKED_EQ, mask, value);
	return comparison;
}

/* Each value of a condition is a rule of its own, beside each of the next condition. */
static int add_rules(scmp_filter_ctx filter, const struct call_row *row, int call, const struct condition *condition,
                     struct comparison so_far)
{
	int failed = 0;
	if (condition == NULL || condition->kind == CONDITION_END)
		return seccomp_rule_add_array(filter, row->error == 0 ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO((unsigned)row->error),
		                              call, so_far.count, so_far.of);
	uint64_t mask = condition->with.number | condition->without.number;
	switch (condition->kind) {
	case CONDITION_IS:
		for (const struct named_number *value = condition->values; value->name != NULL; value++)
			failed |= add_rules(
				filter, row, call, condition + 1,
				with(so_far, condition, INT_MASK & ~condition->ignored.number, value->number & INT_MASK));
		return failed;
	case CONDITION_HAS:
		return add_rules(filter, row, call, condition + 1, with(so_far, condition, mask, condition->with.number));
	case CONDITION_IS_NULL: return add_rules(filter, row, call, condition + 1, with(so_far, condition, UINT64_MAX, 0));
	case CONDITION_IS_OWN:
		return add_rules(filter, row, call, condition + 1, with(so_far, condition, INT_MASK, (uint64_t)getpid()));
	case CONDITION_END: break;
	}
	return -1;
}

static int add_role(scmp_filter_ctx filter, enum sandbox_role role)
{
	int failed = 0;
	for (const struct call_row *row = call_rows; row < call_rows + call_row_count; row++)
		if (is_of_role(row->roles, role))
			for (const struct named_number *call = row->calls; call->name != NULL; call++)
				failed |= add_rules(filter, row, (int)call->number, row->conditions,
				                    (struct comparison){.count = 0});
	return failed;
}

enum status calls_restrict(enum sandbox_role role)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (filter == NULL)
		return STATUS_BROKEN;
	/* Calls of another architecture as well; a tree, for the kernels that remember nothing. */
	int failed = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	failed |= seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	failed |= add_role(filter, role);
	if (failed == 0)
		failed = seccomp_load(filter);
	seccomp_release(filter);
	return failed == 0 ? STATUS_OK : STATUS_BROKEN;
}
