/* SPDX-License-Identifier: Apache-2.0 */
/* queue: nothing is lost or doubled, weight is bounded, closing wakes everyone. */
#include "base/clock.h"
#include "base/queue.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include <cmocka.h>

static struct queue *queue;
static int items[1000];

static void open_queue(size_t capacity)
{
	assert_int_equal(queue_new(capacity, &queue), STATUS_OK);
}

static int close_queue(void **state)
{
	(void)state;
	queue_free(queue);
	queue = NULL;
	return 0;
}

static void items_come_out_in_the_order_they_went_in(void **state)
{
	(void)state;
	void *item = NULL;
	open_queue(100);
	for (int i = 0; i < 100; i++)
		assert_int_equal(queue_push(queue, &items[i], 1), STATUS_OK);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(queue_take(queue, &item), STATUS_OK);
		assert_ptr_equal(item, &items[i]);
	}
	assert_int_equal(queue_push(queue, NULL, 1), STATUS_OK);
	assert_int_equal(queue_take(queue, &item), STATUS_OK);
	assert_null(item);
}

static void closing_drains_and_then_ends(void **state)
{
	(void)state;
	void *item = &items[9];
	open_queue(100);
	assert_int_equal(queue_push(queue, &items[0], 1), STATUS_OK);
	assert_int_equal(queue_push(queue, &items[1], 1), STATUS_OK);
	queue_close(queue);
	queue_close(queue);
	assert_int_equal(queue_push(queue, &items[2], 1), STATUS_END);
	assert_int_equal(queue_take(queue, &item), STATUS_OK);
	assert_ptr_equal(item, &items[0]);
	assert_int_equal(queue_take_within(queue, 0, &item), STATUS_OK);
	assert_ptr_equal(item, &items[1]);
	assert_int_equal(queue_take(queue, &item), STATUS_END);
	assert_int_equal(queue_take_within(queue, 1000, &item), STATUS_END);
	assert_ptr_equal(item, &items[1]);
}

static void waiting_ends_when_its_time_is_over(void **state)
{
	(void)state;
	void *item = &items[9];
	open_queue(100);
	int64_t before = clock_monotonic();
	assert_int_equal(queue_take_within(queue, 1050, &item), STATUS_TIMED_OUT);
	int64_t waited = clock_monotonic() - before;
	assert_in_range(waited, 1045, 30000);
	assert_ptr_equal(item, &items[9]);
	assert_int_equal(queue_take_within(queue, 0, &item), STATUS_TIMED_OUT);
}

static void items_left_behind_are_freed_with_the_queue(void **state)
{
	(void)state;
	open_queue(100);
	assert_int_equal(queue_push(queue, &items[0], 1), STATUS_OK);
	queue_free(NULL);
}

static void expect_next(size_t number)
{
	void *item = NULL;
	assert_int_equal(queue_take_within(queue, 0, &item), STATUS_OK);
	assert_ptr_equal(item, &items[number]);
}

static void urgent_items_go_first_in_their_own_order_and_need_no_room(void **state)
{
	(void)state;
	open_queue(2);
	assert_int_equal(queue_push_urgent(queue, &items[1]), STATUS_OK);
	expect_next(1);
	assert_int_equal(queue_push(queue, &items[10], 1), STATUS_OK);
	assert_int_equal(queue_push(queue, &items[11], 1), STATUS_OK);
	assert_int_equal(queue_push_urgent(queue, &items[2]), STATUS_OK);
	assert_int_equal(queue_push_urgent(queue, &items[3]), STATUS_OK);
	expect_next(2);
	assert_int_equal(queue_push_urgent(queue, &items[4]), STATUS_OK);
	expect_next(3);
	expect_next(4);
	expect_next(10);
	assert_int_equal(queue_push_urgent(queue, &items[5]), STATUS_OK);
	expect_next(5);
	expect_next(11);
	assert_int_equal(queue_push_urgent(queue, &items[6]), STATUS_OK);
	assert_int_equal(queue_push(queue, &items[12], 1), STATUS_OK);
	expect_next(6);
	expect_next(12);
	queue_close(queue);
	assert_int_equal(queue_push_urgent(queue, &items[7]), STATUS_END);
}

/* ---- with threads ---- */

static atomic_size_t pushed, taken, seen[1000];
static atomic_int last_status;

static void *push_one(void *weight)
{
	atomic_store(&last_status, (int)queue_push(queue, &items[0], *(size_t *)weight));
	atomic_fetch_add(&pushed, 1);
	return NULL;
}

static void *take_one(void *unused)
{
	void *item;
	(void)unused;
	atomic_store(&last_status, (int)queue_take(queue, &item));
	atomic_fetch_add(&taken, 1);
	return NULL;
}

static pthread_t run(void *(*function)(void *), void *argument)
{
	pthread_t thread;
	atomic_store(&pushed, 0);
	atomic_store(&taken, 0);
	assert_int_equal(pthread_create(&thread, NULL, function, argument), 0);
	return thread;
}

static bool comes_true(const atomic_size_t *count)
{
	for (int i = 0; i < 3000 && atomic_load(count) == 0; i++)
		usleep(1000);
	return atomic_load(count) != 0;
}

static void a_push_waits_for_room(void **state)
{
	(void)state;
	void *item;
	size_t weight = 4;
	open_queue(10);
	assert_int_equal(queue_push(queue, &items[1], 3), STATUS_OK);
	assert_int_equal(queue_push(queue, &items[2], 4), STATUS_OK);
	pthread_t thread = run(push_one, &weight);
	usleep(50000);
	assert_int_equal(atomic_load(&pushed), 0);
	assert_int_equal(queue_take(queue, &item), STATUS_OK);
	assert_true(comes_true(&pushed));
	pthread_join(thread, NULL);
	assert_int_equal(atomic_load(&last_status), STATUS_OK);
}

static void an_item_heavier_than_the_queue_passes_when_it_is_empty(void **state)
{
	(void)state;
	void *item;
	size_t weight = 1;
	open_queue(10);
	assert_int_equal(queue_push(queue, &items[1], 1000), STATUS_OK);
	pthread_t thread = run(push_one, &weight);
	usleep(50000);
	assert_int_equal(atomic_load(&pushed), 0);
	assert_int_equal(queue_take(queue, &item), STATUS_OK);
	assert_ptr_equal(item, &items[1]);
	assert_true(comes_true(&pushed));
	pthread_join(thread, NULL);
	assert_int_equal(queue_push(queue, &items[2], 9), STATUS_OK);
}

static void closing_wakes_who_waits_to_push(void **state)
{
	(void)state;
	size_t weight = 1;
	open_queue(1);
	assert_int_equal(queue_push(queue, &items[1], 1), STATUS_OK);
	pthread_t thread = run(push_one, &weight);
	usleep(20000);
	queue_close(queue);
	assert_true(comes_true(&pushed));
	pthread_join(thread, NULL);
	assert_int_equal(atomic_load(&last_status), STATUS_END);
}

static void closing_wakes_all_who_wait_to_take(void **state)
{
	(void)state;
	pthread_t threads[4];
	open_queue(1);
	for (int i = 0; i < 4; i++)
		threads[i] = run(take_one, NULL);
	usleep(20000);
	queue_close(queue);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(atomic_load(&taken), 4);
	assert_int_equal(atomic_load(&last_status), STATUS_END);
}

enum { PUSHERS = 4, EACH = 250, CAPACITY = 17, WEIGHT_MAX = 5 };

static void *push_many(void *first)
{
	for (size_t i = *(size_t *)first; i < *(size_t *)first + EACH; i++)
		if (queue_push(queue, &items[i], i % WEIGHT_MAX + 1) == STATUS_OK)
			atomic_fetch_add(&pushed, 1);
	return NULL;
}

static void *take_many(void *unused)
{
	void *item;
	(void)unused;
	while (queue_take(queue, &item) == STATUS_OK)
		atomic_fetch_add(&seen[(int *)item - items], 1);
	return NULL;
}

static void many_threads_lose_and_double_nothing(void **state)
{
	(void)state;
	pthread_t pushers[PUSHERS], takers[3];
	size_t firsts[PUSHERS];
	open_queue(CAPACITY);
	atomic_store(&pushed, 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&takers[i], NULL, take_many, NULL), 0);
	for (size_t i = 0; i < PUSHERS; i++) {
		firsts[i] = i * EACH;
		assert_int_equal(pthread_create(&pushers[i], NULL, push_many, &firsts[i]), 0);
	}
	for (size_t i = 0; i < PUSHERS; i++)
		pthread_join(pushers[i], NULL);
	queue_close(queue);
	for (size_t i = 0; i < 3; i++)
		pthread_join(takers[i], NULL);
	for (size_t i = 0; i < PUSHERS * EACH; i++)
		assert_int_equal(atomic_load(&seen[i]), 1);
	assert_int_equal(atomic_load(&pushed), PUSHERS * EACH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(items_come_out_in_the_order_they_went_in, close_queue),
		cmocka_unit_test_teardown(closing_drains_and_then_ends, close_queue),
		cmocka_unit_test_teardown(waiting_ends_when_its_time_is_over, close_queue),
		cmocka_unit_test_teardown(items_left_behind_are_freed_with_the_queue, close_queue),
		cmocka_unit_test_teardown(urgent_items_go_first_in_their_own_order_and_need_no_room, close_queue),
		cmocka_unit_test_teardown(a_push_waits_for_room, close_queue),
		cmocka_unit_test_teardown(an_item_heavier_than_the_queue_passes_when_it_is_empty, close_queue),
		cmocka_unit_test_teardown(closing_wakes_who_waits_to_push, close_queue),
		cmocka_unit_test_teardown(closing_wakes_all_who_wait_to_take, close_queue),
		cmocka_unit_test_teardown(many_threads_lose_and_double_nothing, close_queue),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
