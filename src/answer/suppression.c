/* SPDX-License-Identifier: Apache-2.0 */
/* The attacker's sum: what is not shown, less one for each other small count and ten for each withheld one, is the most there can be. */
#include "answer/suppression.h"

#include "base/sum.h"

static size_t mark_small(const uint64_t *counts, size_t count, enum figure_state *states, uint64_t *ret_rest)
{
	size_t small = 0;
	uint64_t rest = 0;
	for (size_t i = 0; i < count; i++) {
		bool is_small = counts[i] < SUPPRESSION_SMALL;
		states[i] = is_small ? FIGURE_SMALL : FIGURE_SHOWN;
		small += is_small;
		if (is_small)
			rest += counts[i];
	}
	*ret_rest = rest;
	return small;
}

bool suppression_find(const uint64_t *counts, size_t count, bool from_end, enum figure_state *ret_states)
{
	uint64_t rest;
	size_t small = mark_small(counts, count, ret_states, &rest), withheld = 0;
	for (size_t i = 0; i < count && small > 0; i++) {
		size_t row = from_end ? count - 1 - i : i;
		if (withheld > 0 && rest >= (small - 1) + (SUPPRESSION_SMALL - 1) + SUPPRESSION_SMALL * withheld)
			return true;
		if (ret_states[row] != FIGURE_SHOWN)
			continue;
		ret_states[row] = FIGURE_WITHHELD;
		sum_add(&rest, counts[row]);
		withheld++;
	}
	return small == 0 || (withheld > 0 && rest >= (small - 1) + (SUPPRESSION_SMALL - 1) + SUPPRESSION_SMALL * withheld);
}
