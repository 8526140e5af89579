/* SPDX-License-Identifier: Apache-2.0 */
/* catalog/lock: who holds it is told, and who merely has a dead holder's descriptor for a moment is waited for. */
#include "catalog/lock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/tidemark-lock-XXXXXX";

static int make_file(void **state)
{
	(void)state;
	snprintf(path, sizeof path, "/tmp/tidemark-lock-XXXXXX");
	int descriptor = mkstemp(path);
	return descriptor < 0 ? -1 : close(descriptor);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void a_holder_that_lives_is_named(void **state)
{
	(void)state;
	struct lock *lock = NULL, *other = NULL;
	struct lock_holder holder = {0, 0};
	assert_int_equal(lock_take(path, &lock, &holder), STATUS_OK);
	assert_int_equal(lock_take(path, &other, &holder), STATUS_BUSY);
	assert_int_equal(holder.pid, getpid());
	lock_release(lock);
	assert_int_equal(lock_take(path, &other, &holder), STATUS_OK);
	lock_release(other);
}

/* As a program between fork and exec: it has the descriptor, for so long. */
static void inherit_for_a_moment(int told)
{
	struct lock *lock = NULL;
	struct lock_holder holder;
	if (lock_take(path, &lock, &holder) != STATUS_OK)
		_exit(1);
	if (fork() == 0) {
		(void)!write(told, "x", 1);
		nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
	}
	_exit(0);
}

static void the_heir_of_a_dead_holder_is_waited_for(void **state)
{
	(void)state;
	struct lock *lock = NULL;
	struct lock_holder holder;
	int told[2], status;
	char byte;
	assert_int_equal(pipe(told), 0);
	pid_t child = fork();
	if (child == 0)
		inherit_for_a_moment(told[1]);
	assert_int_equal(read(told[0], &byte, 1), 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(lock_take(path, &lock, &holder), STATUS_OK);
	lock_release(lock);
	close(told[0]);
	close(told[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_holder_that_lives_is_named, make_file, remove_file),
		cmocka_unit_test_setup_teardown(the_heir_of_a_dead_holder_is_waited_for, make_file, remove_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
