/* SPDX-License-Identifier: Apache-2.0 */
/* process/listing-watch: honest listings get through, however long; those that get nowhere end. */
#include "process/listing-watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { PATIENCE = 1000, PAGE = 1000 };

static struct listing_watch watch;
static struct failure failure;

static int set_up(void **state)
{
	(void)state;
	listing_watch_init(&watch);
	failure = (struct failure){.why = ""};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	listing_watch_free(&watch);
	return 0;
}

static struct bytes cursor_of(char into[24], unsigned long long number)
{
	return bytes_of(into, number == 0 ? 0 : (size_t)snprintf(into, 24, "%llu", number));
}

static void note(unsigned long long number)
{
	char name[24];
	int length = snprintf(name, sizeof name, "o-%llu", number);
	listing_watch_note(&watch, &(struct object){.name = bytes_of(name, (size_t)length)});
}

/* One page from cursor to next, with so many objects of the numbers from first on, in so many milliseconds. */
static enum status turn(unsigned long long cursor, unsigned long long next, unsigned long long first, unsigned count, int took)
{
	char from[24], to[24];
	listing_watch_begin(&watch, cursor_of(from, cursor), 0);
	for (unsigned i = 0; i < count; i++)
		note(first + i);
	return listing_watch_end(&watch, cursor_of(from, cursor), cursor_of(to, next), PATIENCE, took, &failure);
}

static void test_a_long_listing_gets_through(void **state)
{
	(void)state;
	for (unsigned long long page = 0; page < 3000; page++)
		assert_int_equal(turn(page, page + 1, page * PAGE, PAGE, PATIENCE / 2), STATUS_OK);
}

/* As of one that is listed while it changes. */
static void test_some_names_may_come_twice(void **state)
{
	(void)state;
	for (unsigned long long page = 0; page < 200; page++)
		assert_int_equal(turn(page, page + 1, page * (PAGE - 100), PAGE, 1), STATUS_OK);
}

static void test_versions_of_one_name_are_different(void **state)
{
	(void)state;
	char version[24], from[24], to[24];
	for (unsigned long long page = 0; page < 100; page++) {
		listing_watch_begin(&watch, cursor_of(from, page), 0);
		for (unsigned i = 0; i < PAGE; i++) {
			int length = snprintf(version, sizeof version, "%llu", page * PAGE + i);
			listing_watch_note(&watch, &(struct object){.name = BYTES_LITERAL("o"),
			                                            .version = bytes_of(version, (size_t)length)});
		}
		assert_int_equal(listing_watch_end(&watch, cursor_of(from, page), cursor_of(to, page + 1), PATIENCE, 1, &failure),
		                 STATUS_OK);
	}
}

static void test_circles_of_any_length_are_left(void **state)
{
	(void)state;
	for (unsigned length = 1; length <= 40; length++) {
		enum status status = turn(0, 1000, 0, 1, 0);
		unsigned long long pages = 0, objects = 1;
		for (; status == STATUS_OK && pages < 1000; pages++, objects++)
			status = turn(1000 + pages % length, 1000 + (pages + 1) % length, objects, 1, 0);
		assert_int_equal(status, STATUS_MALFORMED);
		assert_true(pages <= 4 * length + 1);
		assert_non_null(strstr(failure.why, "circles"));
	}
}

static void test_the_same_names_again_are_left(void **state)
{
	(void)state;
	static const unsigned different[] = {PAGE, 50 * PAGE};
	for (size_t i = 0; i < sizeof different / sizeof *different; i++) {
		enum status status = STATUS_OK;
		unsigned long long page = 0;
		for (; status == STATUS_OK && page < 1000; page++)
			status = turn(page, page + 1, page * PAGE % different[i], PAGE, 0);
		assert_int_equal(status, STATUS_MALFORMED);
		assert_in_range(page * PAGE, 1.9 * different[i], 2.2 * different[i] + 11000);
		assert_non_null(strstr(failure.why, "same objects"));
	}
}

static void test_pages_of_nothing_new_have_patience_and_no_more(void **state)
{
	(void)state;
	assert_int_equal(turn(0, 1, 0, PAGE, 0), STATUS_OK);
	for (unsigned long long page = 1; page < 10; page++)
		assert_int_equal(turn(page, page + 1, 0, page % 2 ? 0 : PAGE / 2, PATIENCE / 10), STATUS_OK);
	assert_int_equal(turn(10, 11, PAGE, 1, PATIENCE / 2), STATUS_OK);
	for (unsigned long long page = 11; page < 20; page++)
		assert_int_equal(turn(page, page + 1, 0, 0, PATIENCE / 10), STATUS_OK);
	assert_int_equal(turn(20, 21, 0, 0, PATIENCE / 10), STATUS_TIMED_OUT);
}

static void test_quick_pages_of_nothing_are_counted(void **state)
{
	(void)state;
	unsigned long long page = 0;
	while (page < 100000 && turn(page, page + 1, 0, 0, 0) == STATUS_OK)
		page++;
	assert_in_range(page, 1000, 3000);
}

static void test_a_listing_that_begins_anew_is_a_new_one(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 30; round++)
		for (unsigned long long page = 0; page < 3; page++)
			assert_int_equal(turn(page, page + 1, page * PAGE, PAGE, PATIENCE / 2), STATUS_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_long_listing_gets_through, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_some_names_may_come_twice, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_versions_of_one_name_are_different, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_circles_of_any_length_are_left, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_same_names_again_are_left, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_pages_of_nothing_new_have_patience_and_no_more, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_quick_pages_of_nothing_are_counted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_listing_that_begins_anew_is_a_new_one, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
