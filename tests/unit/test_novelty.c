/* SPDX-License-Identifier: Apache-2.0 */
/* sweep/novelty: bytes are new once, whoever asks, and the claim is told before anybody hears that they are known. */
#include "sweep/novelty.h"

#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 4, DIGESTS = 5000 };

static struct novelty *novelty;
static struct queue *queue;
static int claims[THREADS][DIGESTS];

static int set_up(void **state)
{
	(void)state;
	assert_int_equal(novelty_new(&novelty), STATUS_OK);
	assert_int_equal(queue_new(1, &queue), STATUS_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	novelty_free(novelty);
	queue_free(queue);
	return 0;
}

/* The same number gives the same digest. */
static const unsigned char *digest_of(uint64_t number, unsigned char into[32])
{
	memset(into, 0, 32);
	store_le64(into, number * UINT64_C(0x9E3779B97F4A7C15));
	return into;
}

static bool is_new(uint64_t number)
{
	unsigned char digest[32];
	bool answer = false;
	assert_int_equal(novelty_claim(novelty, digest_of(number, digest), queue, &claims[0][0], &answer), STATUS_OK);
	return answer;
}

static void bytes_are_new_once(void **state)
{
	(void)state;
	unsigned char digest[32];
	void *claim = NULL;
	novelty_learn(novelty, digest_of(1, digest));
	assert_false(is_new(1));
	assert_int_equal(queue_take_within(queue, 0, &claim), STATUS_TIMED_OUT);
	assert_true(is_new(2));
	assert_int_equal(queue_take_within(queue, 0, &claim), STATUS_OK);
	assert_ptr_equal(claim, &claims[0][0]);
	assert_false(is_new(2));
	assert_int_equal(queue_take_within(queue, 0, &claim), STATUS_TIMED_OUT);
	assert_false(is_new(0)); /* the mark of a free place */
}

static void nothing_is_new_to_one_who_gave_up(void **state)
{
	(void)state;
	unsigned char digest[32];
	novelty_give_up(novelty);
	assert_false(is_new(3));
	novelty_learn(novelty, digest_of(4, digest));
	assert_false(is_new(5));
}

static void it_gives_up_where_there_is_no_more_room(void **state)
{
	(void)state;
	unsigned char digest[32];
	for (uint64_t i = 1; i <= NOVELTY_MAX; i++)
		novelty_learn(novelty, digest_of(i, digest));
	assert_false(is_new(NOVELTY_MAX));
	assert_true(is_new(NOVELTY_MAX + UINT64_C(1)));
	assert_false(is_new(NOVELTY_MAX + UINT64_C(2)));
}

static void a_claim_that_cannot_be_told_is_an_error(void **state)
{
	(void)state;
	unsigned char digest[32];
	bool answer = false;
	queue_close(queue);
	assert_int_equal(novelty_claim(novelty, digest_of(6, digest), queue, &claims[0][0], &answer), STATUS_END);
	assert_false(answer);
}

/* ---- with threads ---- */

static atomic_size_t news;

static void *claim_all(void *own)
{
	int *mine = own;
	for (uint64_t i = 0; i < DIGESTS; i++) {
		unsigned char digest[32];
		bool answer = false;
		if (novelty_claim(novelty, digest_of(i + 1, digest), queue, &mine[i], &answer) == STATUS_OK && answer)
			atomic_fetch_add(&news, 1);
	}
	return NULL;
}

static void many_threads_claim_everything_once(void **state)
{
	(void)state;
	pthread_t threads[THREADS];
	bool was_told[DIGESTS] = {false};
	void *claim;
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, claim_all, claims[i]), 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(atomic_load(&news), DIGESTS);
	while (queue_take_within(queue, 0, &claim) == STATUS_OK) {
		size_t digest = (size_t)((int *)claim - &claims[0][0]) % DIGESTS;
		assert_false(was_told[digest]);
		was_told[digest] = true;
	}
	for (size_t i = 0; i < DIGESTS; i++)
		assert_true(was_told[i]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(bytes_are_new_once),
		TEST(nothing_is_new_to_one_who_gave_up),
		TEST(it_gives_up_where_there_is_no_more_room),
		TEST(a_claim_that_cannot_be_told_is_an_error),
		TEST(many_threads_claim_everything_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
