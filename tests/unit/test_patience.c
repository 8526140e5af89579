/* SPDX-License-Identifier: Apache-2.0 */
/* base/patience: whatever fails in a row, the sum stays below three times patience, and the first has all of it. */
#include "base/patience.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const int64_t patiences[] = {1000, 2000, 5000, 120000, 86400000};

static void one_request_has_all_of_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof patiences / sizeof *patiences; i++) {
		int64_t target = patience_for_target(patiences[i], 0);
		assert_int_equal(target, 2 * patiences[i]);
		assert_int_equal(patience_for_request(patiences[i], target), patiences[i]);
	}
}

/* A target asked in vain, one request after the other. */
static int64_t spend(int64_t patience, int64_t held, unsigned *ret_requests)
{
	int64_t left = patience_for_target(patience, held), spent = 0;
	for (int64_t next; (next = patience_for_request(patience, left)) > 0; left -= next) {
		spent += next;
		*ret_requests += 1;
	}
	return spent;
}

static void targets_and_runs_in_vain_come_to_an_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof patiences / sizeof *patiences; i++) {
		unsigned requests = 0, targets = 0;
		int64_t patience = patiences[i], held = spend(patience, 0, &requests);
		assert_true(held <= 2 * patience);
		assert_in_range(requests, 5, 10);
		for (unsigned ignored; patience_for_target(patience, held) > 0; targets++)
			held += spend(patience, held, &ignored);
		assert_true(held <= patience * 5 / 2);
		assert_true(targets > 0);
		/* Of each only the listing is asked for. */
		for (held = targets = 0; patience_for_target(patience, held) > 0; targets++)
			held += patience_for_request(patience, patience_for_target(patience, held));
		assert_true(held <= patience * 5 / 2);
		assert_in_range(targets, 6, 12);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_request_has_all_of_it),
		cmocka_unit_test(targets_and_runs_in_vain_come_to_an_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
