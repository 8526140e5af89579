/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What would have gone, had it been so: under a policy in force on a day, or
 * under the plainest of all, that whatever is dated longer ago goes. A thing
 * (a person, an address, an organisation) is spared only where none of its
 * places survives. What came after that day stays.
 */
#ifndef TIDEMARK_ACT_WHATIF_H
#define TIDEMARK_ACT_WHATIF_H

#include "act/policy.h"
#include "catalog/retention.h"

/** things[1] of a measure goes, things[0] stays. */
enum status whatif_policy(struct incident *incident, const struct policy *policy, int64_t at,
                          struct whatif_measure ret_measures[MEASURE_COUNT], struct failure *reterr) MUST_CHECK;

/** Under rules of count ages, each step months more: what is of level n goes under a rule of n steps. */
enum status whatif_ages(struct incident *incident, unsigned step, unsigned count, int64_t at,
                        struct whatif_measure ret_measures[MEASURE_COUNT], struct failure *reterr) MUST_CHECK;

#endif
