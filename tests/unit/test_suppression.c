/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small counts of published tables, against those who work them out: one who solves intervals from the total and all that is shown,
 * and one who knows the rule as well and goes through every table that would have been shown alike.
 */
#include "answer/suppression.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS_MAX = 12 };

static uint64_t roll(uint64_t sides)
{
	static uint64_t state = 20220924;
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (state >> 33) % sides;
}

/* The least and the most that a small count can be, for one who knows the total: small counts are 1 to 9, withheld ones 10 or more. */
static void solve(const uint64_t *counts, const enum figure_state *states, size_t count, uint64_t *ret_least, uint64_t *ret_most)
{
	uint64_t rest = 0, small = 0, withheld = 0;
	for (size_t i = 0; i < count; i++) {
		rest += states[i] == FIGURE_SHOWN ? 0 : counts[i];
		small += states[i] == FIGURE_SMALL;
		withheld += states[i] == FIGURE_WITHHELD;
	}
	uint64_t most = rest - (small - 1) - 10 * withheld;
	*ret_most = most > 9 ? 9 : most;
	*ret_least = withheld > 0 || rest <= 9 * (small - 1) ? 1 : rest - 9 * (small - 1);
}

static void test_intervals_tell_no_more_than_what_is_shown(void **state)
{
	uint64_t counts[ROWS_MAX];
	enum figure_state states[ROWS_MAX];
	unsigned published = 0;
	(void)state;
	for (unsigned trial = 0; trial < 200000; trial++) {
		size_t count = 1 + roll(ROWS_MAX);
		for (size_t i = 0; i < count; i++)
			counts[i] = 1 + (roll(2) ? roll(12) : roll(1 + roll(100000)));
		if (!suppression_find(counts, count, trial & 1, states))
			continue;
		for (size_t i = 0; i < count; i++) {
			uint64_t least, most;
			assert_true((counts[i] < SUPPRESSION_SMALL) == (states[i] == FIGURE_SMALL));
			if (states[i] != FIGURE_SMALL)
				continue;
			solve(counts, states, count, &least, &most);
			assert_int_equal(least, 1);
			assert_int_equal(most, 9);
			published++;
		}
	}
	assert_true(published > 50000);
}

/* Whether two tables of one total are shown alike. */
static bool look_alike(const uint64_t *a, const enum figure_state *states_a, const uint64_t *b, const enum figure_state *states_b,
                       size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (states_a[i] != states_b[i] || (states_a[i] == FIGURE_SHOWN && a[i] != b[i]))
			return false;
	return true;
}

/* Every table of these rows and this total that would have been shown as this one: which values its row has in them. */
static unsigned values_of(const uint64_t *counts, const enum figure_state *states, size_t row, bool from_end)
{
	uint64_t other[3], total = counts[0] + counts[1] + counts[2];
	enum figure_state other_states[3];
	unsigned values = 0;
	for (other[0] = 1; other[0] < total; other[0]++)
		for (other[1] = 1; other[0] + other[1] < total; other[1]++) {
			other[2] = total - other[0] - other[1];
			if (suppression_find(other, 3, from_end, other_states) &&
			    look_alike(counts, states, other, other_states, 3) && other[row] < SUPPRESSION_SMALL)
				values |= 1u << other[row];
		}
	return values;
}

static void test_who_knows_the_rule_learns_no_more_than_that_it_is_not_nine(void **state)
{
	const unsigned one_to_eight = 0x1FE;
	uint64_t counts[3];
	enum figure_state states[3];
	unsigned looked_at = 0;
	(void)state;
	for (counts[0] = 1; counts[0] < 45; counts[0]++)
		for (counts[1] = 1; counts[1] < 45; counts[1] += 1 + counts[1] / 12)
			for (counts[2] = 1; counts[2] < 45; counts[2] += 1 + counts[2] / 12)
				for (size_t row = 0; row < 3; row++) {
					if (counts[row] > 2 || !suppression_find(counts, 3, row == 1, states))
						continue;
					assert_int_equal(values_of(counts, states, row, row == 1) & one_to_eight, one_to_eight);
					looked_at++;
				}
	assert_true(looked_at > 500);
}

static void test_what_is_withheld_follows_from_the_order(void **state)
{
	static const uint64_t counts[] = {3, 400, 50, 7, 60};
	enum figure_state states[5];
	(void)state;
	assert_true(suppression_find(counts, 5, false, states));
	assert_memory_equal(states,
	                    ((enum figure_state[]){FIGURE_SMALL, FIGURE_WITHHELD, FIGURE_SHOWN, FIGURE_SMALL, FIGURE_SHOWN}),
	                    sizeof states);
	assert_true(suppression_find(counts, 5, true, states));
	assert_memory_equal(states,
	                    ((enum figure_state[]){FIGURE_SMALL, FIGURE_SHOWN, FIGURE_SHOWN, FIGURE_SMALL, FIGURE_WITHHELD}),
	                    sizeof states);
	assert_true(suppression_find((const uint64_t[]){10, 11}, 2, false, states));
	assert_int_equal(states[0], FIGURE_SHOWN);
	assert_true(suppression_find(NULL, 0, false, states));
}

static void test_what_cannot_be_kept_is_not_published(void **state)
{
	enum figure_state states[3];
	(void)state;
	assert_false(suppression_find((const uint64_t[]){4}, 1, false, states));
	assert_false(suppression_find((const uint64_t[]){4, 9, 9}, 3, false, states));
	assert_false(suppression_find((const uint64_t[]){1, 10}, 2, false, states));
	assert_false(suppression_find((const uint64_t[]){1, 17}, 2, false, states));
	assert_true(suppression_find((const uint64_t[]){1, 18}, 2, false, states));
	/* One that is large enough with another. */
	assert_true(suppression_find((const uint64_t[]){1, 12, 40}, 3, false, states));
	assert_int_equal(states[2], FIGURE_WITHHELD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_intervals_tell_no_more_than_what_is_shown),
		cmocka_unit_test(test_who_knows_the_rule_learns_no_more_than_that_it_is_not_nine),
		cmocka_unit_test(test_what_is_withheld_follows_from_the_order),
		cmocka_unit_test(test_what_cannot_be_kept_is_not_published),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
