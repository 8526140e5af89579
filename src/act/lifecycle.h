/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Azure's lifecycle management policies (JSON, as `az storage account management-policy` shows
 * and takes them) as policies of ours, and back. The two say different things:
 * Azure has prefixes and no exceptions, knows nothing of what is in an object,
 * has no order (the cheapest action wins) and no holds. What does not fit is told
 * one by one; a rule that would do more over there than here is not written.
 */
#ifndef TIDEMARK_ACT_LIFECYCLE_H
#define TIDEMARK_ACT_LIFECYCLE_H

#include "act/policy.h"

#define LIFECYCLE_RULES_MAX 100
#define LIFECYCLE_FILTERS_MAX 10

/** rule: its name, or empty: the whole. what: the member. */
typedef void lifecycle_misfit(void *context, struct bytes rule, const char *what, const char *why);

/** All lies in the arena. USAGE with the line in reterr where it is no lifecycle policy. */
enum status lifecycle_read(struct bytes json, const char *name, struct arena *arena, lifecycle_misfit *each, void *context,
                           struct policy *ret_policy, struct failure *reterr) MUST_CHECK;

/** {"rules":[...]}: the rules that fit, and no others. */
void lifecycle_append(const struct policy *policy, lifecycle_misfit *each, void *context, struct buffer *into);

#endif
