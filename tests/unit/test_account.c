/* SPDX-License-Identifier: Apache-2.0 */
/* What one object costs over all workers that tried it, as this side counts: nothing is taken on a worker's word. */
#include "process/account.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SECOND = 1000 };

static int set_up(void **state)
{
	*state = calloc(1, sizeof(struct account));
	return *state == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
	account_free(*state);
	free(*state);
	return 0;
}

/* Documents of a text so long until one is refused; at most so many. */
static unsigned pay(struct account *account, size_t length, unsigned most)
{
	char *text = malloc(length);
	unsigned paid = 0;
	assert_non_null(text);
	for (size_t i = 0; i < length; i++)
		text[i] = (char)('a' + i % 26);
	while (paid < most && account_pay(account, &(struct document_record){.text = bytes_of(text, length)}) == STATUS_OK)
		paid++;
	free(text);
	return paid;
}

static void test_output_is_paid_whoever_says_it(void **state)
{
	struct account *account = *state;
	const struct allowance allowed = {.output = 10 << 20, .processor_ms = SECOND};
	account_open(account, allowed);
	struct allowance first = account_begin(account, 0, 0);
	assert_int_equal(first.output, allowed.output);
	assert_int_equal(pay(account, 1 << 20, 4), 4);
	struct allowance second = account_begin(account, 0, 0);
	assert_true(second.output <= allowed.output - (4 << 20) && second.output > 0);
	unsigned paid = pay(account, 1 << 20, 100);
	assert_true(paid >= 3 && paid <= 8);
	assert_int_equal(account_begin(account, 0, 0).output, 0);
	/* The next object has its own. */
	account_open(account, allowed);
	assert_int_equal(account_begin(account, 0, 0).output, allowed.output);
}

/* It may deliver what lies open: a path, a title and the like for each of its documents. */
static void test_an_honest_worker_is_not_ended_for_its_last_words(void **state)
{
	struct account *account = *state;
	static char path[8192];
	struct document_record record = {.inner_path = bytes_of(path, sizeof path), .title = bytes_of(path, 4000)};
	memset(path, 'p', sizeof path);
	account_open(account, (struct allowance){.output = 1 << 20, .processor_ms = SECOND});
	account_begin(account, 0, 0);
	struct budget emitter = {.spent = 0};
	budget_begin(&emitter, 1 << 20);
	while (budget_pay_record(&emitter, &record))
		assert_int_equal(account_pay(account, &record), STATUS_OK);
	for (unsigned open = 0; open < 32; open++)
		assert_int_equal(account_pay(account, &record), STATUS_OK);
	budget_free(&emitter);
}

static void test_time_is_looked_at_also_of_a_worker_that_talks(void **state)
{
	struct account *account = *state;
	account_open(account, (struct allowance){.output = 1 << 20, .processor_ms = 10 * SECOND});
	/* It has read other objects before, for five seconds. */
	assert_int_equal(account_begin(account, 5 * SECOND, 0).processor_ms, 10 * SECOND);
	assert_false(account_is_due(account, 100));
	assert_true(account_is_due(account, SECOND));
	account_look(account, 15 * SECOND, 20 * SECOND);
	assert_false(account_is_overdue(account)); /* an honest one ends about now */
	assert_false(account_is_due(account, 20 * SECOND + 100));
	account_look(account, 17 * SECOND, 21 * SECOND);
	assert_true(account_is_overdue(account));
}

static void test_time_is_of_all_workers(void **state)
{
	struct account *account = *state;
	int64_t now = 0;
	unsigned workers = 0;
	account_open(account, (struct allowance){.output = 1 << 20, .processor_ms = 40 * SECOND});
	do {
		uint64_t left = account_begin(account, 0, now).processor_ms;
		assert_int_equal(left, 40 * SECOND - workers * 7 * SECOND);
		workers++;
		account_look(account, 7 * SECOND, now += 8 * SECOND);
		account_look(account, 0, now += SECOND); /* it is gone */
		assert_false(account_is_overdue(account));
	} while (account_affords_another(account));
	assert_int_equal(workers, 5);
}

static void test_none_begins_that_cannot_come_as_far(void **state)
{
	struct account *account = *state;
	account_open(account, (struct allowance){.output = 10 << 20, .processor_ms = SECOND});
	account_begin(account, 0, 0);
	assert_int_equal(pay(account, 1 << 20, 3), 3);
	assert_true(account_affords_another(account));
	account_begin(account, 0, 0);
	assert_int_equal(pay(account, 1 << 20, 4), 4);
	assert_false(account_affords_another(account));
}

#define ACCOUNT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACCOUNT_TEST(test_output_is_paid_whoever_says_it),
		ACCOUNT_TEST(test_an_honest_worker_is_not_ended_for_its_last_words),
		ACCOUNT_TEST(test_time_is_looked_at_also_of_a_worker_that_talks),
		ACCOUNT_TEST(test_time_is_of_all_workers),
		ACCOUNT_TEST(test_none_begins_that_cannot_come_as_far),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
