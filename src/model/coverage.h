/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far an incident was looked through for each kind of finding. Where nobody
 * looked, "none" is no answer; where not all was looked through, a count is at
 * least so much, and this says of how many documents more nobody knows.
 */
#ifndef TIDEMARK_MODEL_COVERAGE_H
#define TIDEMARK_MODEL_COVERAGE_H

#include "model/finding.h"

struct coverage {
	uint64_t unseen_objects,
		unseen_bytes; /* objects that were not read, special ones too; of them what nobody saw (a sum, see sum.h) */
	/* Of live documents, but for links and other special files: */
	uint64_t documents;
	uint64_t not_read;                           /* not wholly: names only, the first bytes only, or their outcome says why */
	uint64_t expired;                            /* what was found in them is erased */
	uint64_t looked_through[FINDING_KIND_COUNT]; /* for that kind, wholly or in part */
	uint64_t older_rules[FINDING_KIND_COUNT];    /* read, by rules that did not look for that kind */
};

/** Whether any was looked through for it; where there is no document at all, whether rules of this version look for it. */
bool coverage_is_looked_for(const struct coverage *coverage, enum finding_kind kind);
/** Documents that were not, or not wholly, looked through for it. */
uint64_t coverage_missing(const struct coverage *coverage, enum finding_kind kind);

#endif
