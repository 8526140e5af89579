/* SPDX-License-Identifier: Apache-2.0 */
/* What the figures say of one kind. */
#include "model/coverage.h"

bool coverage_is_looked_for(const struct coverage *coverage, enum finding_kind kind)
{
	if ((unsigned)kind >= FINDING_KIND_COUNT)
		return false;
	return coverage->documents > 0 ? coverage->looked_through[kind] > 0 : finding_kind_is_looked_for(kind);
}

uint64_t coverage_missing(const struct coverage *coverage, enum finding_kind kind)
{
	uint64_t older = (unsigned)kind < FINDING_KIND_COUNT ? coverage->older_rules[kind] : 0;
	return older + coverage->not_read + coverage->expired;
}
