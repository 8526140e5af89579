/* SPDX-License-Identifier: Apache-2.0 */
/* sweep/handed: memory and claims of what is under way, until it is finished. */
#include "sweep/handed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct id id_numbered(unsigned char number)
{
	struct id id = {{0}};
	id.bytes[ID_SIZE - 1] = number;
	return id;
}

static void memory_is_that_of_what_is_under_way(void **state)
{
	(void)state;
	struct handed handed = {.count = 0};
	for (unsigned char i = 0; i < 3; i++) {
		struct id id = id_numbered(i);
		handed_add(&handed, &id, 10u + i);
	}
	assert_int_equal(handed.memory, 33);
	struct id first = id_numbered(0), stranger = id_numbered(9);
	handed_forget(&handed, &first);
	handed_forget(&handed, &first);
	handed_forget(&handed, &stranger);
	assert_int_equal(handed.memory, 23);
	assert_int_equal(handed.count, 2);
}

static void a_claim_is_over_with_its_object(void **state)
{
	(void)state;
	struct handed handed = {.count = 0};
	const unsigned char digest[32] = {1, 2, 3}, other[32] = {1, 2, 4};
	struct id first = id_numbered(1), second = id_numbered(2), stranger = id_numbered(9);
	handed_add(&handed, &first, 0);
	handed_add(&handed, &second, 0);
	handed_claim(&handed, &stranger, digest);
	assert_false(handed_is_claimed(&handed, digest));
	handed_claim(&handed, &second, digest);
	assert_true(handed_is_claimed(&handed, digest));
	assert_false(handed_is_claimed(&handed, other));
	handed_forget(&handed, &first);
	assert_true(handed_is_claimed(&handed, digest));
	handed_forget(&handed, &second);
	assert_false(handed_is_claimed(&handed, digest));
	/* A place that is used again brings no claim with it. */
	handed_add(&handed, &first, 0);
	handed_add(&handed, &second, 0);
	assert_false(handed_is_claimed(&handed, digest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_that_of_what_is_under_way),
		cmocka_unit_test(a_claim_is_over_with_its_object),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
