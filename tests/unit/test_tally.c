/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker says of one job, counted: honest ones never meet the bounds, and none gets past them. */
#include "process/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static int set_up(void **state)
{
	*state = calloc(1, sizeof(struct tally));
	return *state == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

static enum status document(struct tally *tally, uint32_t ordinal)
{
	return tally_document(tally, &(struct document_record){.ordinal = ordinal});
}

static void test_each_document_comes_once(void **state)
{
	struct tally *tally = *state;
	const struct extract_job job = {.size = 1};
	for (int round = 0; round < 2; round++) {
		tally_begin(tally, &job, 0);
		assert_int_equal(document(tally, 2), STATUS_OK);
		assert_int_equal(document(tally, RECORD_PARTS_MAX), STATUS_OK);
		assert_int_equal(document(tally, 1), STATUS_OK);
		assert_int_equal(document(tally, 2), STATUS_MALFORMED);
		assert_int_equal(document(tally, RECORD_PARTS_MAX), STATUS_MALFORMED);
		assert_int_equal(document(tally, 0), STATUS_OK);
		assert_int_equal(document(tally, 0), STATUS_MALFORMED);
	}
}

static void test_progress_is_told_as_often_as_agreed(void **state)
{
	enum { HOUR = 3600 * 1000 };
	struct tally *tally = *state;
	const struct extract_job job = {.size = 1};
	tally_begin(tally, &job, HOUR);
	for (int64_t now = HOUR; now < 2 * HOUR; now += EXTRACT_PROGRESS_MS)
		assert_int_equal(tally_progress(tally, now), STATUS_OK);
	tally_begin(tally, &job, HOUR);
	unsigned taken = 0;
	while (tally_progress(tally, HOUR + 1000) == STATUS_OK)
		taken++;
	assert_true(taken < 100);
}

static void test_only_windows_of_the_object_are_wanted(void **state)
{
	struct tally *tally = *state;
	const struct extract_job whole = {.size = 10 * EXTRACT_WINDOW_SIZE};
	const struct extract_job windowed = {.size = 10 * EXTRACT_WINDOW_SIZE - 1, .is_windowed = true};
	tally_begin(tally, &whole, 0);
	assert_int_equal(tally_want(tally, 0), STATUS_MALFORMED);
	tally_begin(tally, &windowed, 0);
	assert_int_equal(tally_want(tally, 0), STATUS_OK);
	assert_int_equal(tally_want(tally, 9 * EXTRACT_WINDOW_SIZE), STATUS_OK);
	assert_int_equal(tally_want(tally, 10 * EXTRACT_WINDOW_SIZE), STATUS_MALFORMED);
	assert_int_equal(tally_want(tally, windowed.size), STATUS_MALFORMED);
	assert_int_equal(tally_want(tally, 1), STATUS_MALFORMED);
	assert_int_equal(tally_want(tally, UINT64_MAX - EXTRACT_WINDOW_SIZE + 1), STATUS_MALFORMED);
}

/* One that leaps about in an object may come back to each window many times, but not for ever. */
static void test_windows_come_to_an_end(void **state)
{
	struct tally *tally = *state;
	const struct extract_job job = {.size = 100 * (uint64_t)EXTRACT_WINDOW_SIZE, .is_windowed = true};
	unsigned taken = 0;
	tally_begin(tally, &job, 0);
	while (taken < 10000 && tally_want(tally, (taken % 100) * (uint64_t)EXTRACT_WINDOW_SIZE) == STATUS_OK)
		taken++;
	assert_true(taken >= 30 * 100 && taken < 10000);
}

/* Of a document that was read before, itself is told and no part. */
static void test_a_renewal_tells_one_document(void **state)
{
	struct tally *tally = *state;
	const struct extract_job job = {.size = 100, .is_renewal = true};
	tally_begin(tally, &job, 0);
	assert_int_equal(tally_document(tally, &(struct document_record){.ordinal = 1}), STATUS_MALFORMED);
	tally_begin(tally, &job, 0);
	assert_int_equal(tally_document(tally, &(struct document_record){.ordinal = 0}), STATUS_OK);
	assert_int_equal(tally_document(tally, &(struct document_record){.ordinal = 0}), STATUS_MALFORMED);
}

int main(void)
{
#define TALLY_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TALLY_TEST(test_each_document_comes_once),
		TALLY_TEST(test_progress_is_told_as_often_as_agreed),
		TALLY_TEST(test_only_windows_of_the_object_are_wanted),
		TALLY_TEST(test_windows_come_to_an_end),
		TALLY_TEST(test_a_renewal_tells_one_document),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
