/* SPDX-License-Identifier: Apache-2.0 */
/* buffer: the ceiling holds to the byte, the first failure sticks, a NUL always stands behind the contents. */
#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void assert_holds(const struct buffer *buffer, const char *text)
{
	assert_true(bytes_equal_string(buffer_bytes(buffer), text));
	assert_int_equal(buffer->at[buffer->len], 0);
}

static void an_empty_buffer_allocates_nothing(void **state)
{
	(void)state;
	struct buffer buffer = buffer_with_ceiling(10);
	buffer_append(&buffer, BYTES_NONE);
	buffer_append_string(&buffer, "");
	buffer_append_string(&buffer, NULL);
	buffer_append_format(&buffer, "%s", "");
	buffer_truncate(&buffer, 0);
	buffer_consume(&buffer, 0);
	buffer_consume(&buffer, 5);
	assert_null(buffer.at);
	assert_string_equal(buffer_string(&buffer), "");
	assert_int_equal(buffer_bytes(&buffer).len, 0);
	assert_int_equal(buffer_status(&buffer), STATUS_OK);
	buffer_free(&buffer);
}

static void appends_follow_each_other(void **state)
{
	(void)state;
	struct buffer buffer = buffer_with_ceiling(100);
	buffer_append_string(&buffer, "ab");
	buffer_append_byte(&buffer, 'c');
	buffer_append_format(&buffer, "%03d-%s", 7, "x");
	buffer_append(&buffer, BYTES_LITERAL("!"));
	memcpy(buffer_extend(&buffer, 2), "yz", 2);
	assert_holds(&buffer, "abc007-x!yz");
	assert_int_equal(buffer_status(&buffer), STATUS_OK);
	assert_string_equal(buffer_string(&buffer), "abc007-x!yz");
	buffer_free(&buffer);
	assert_null(buffer.at);
	assert_int_equal(buffer.ceiling, 100);
}

static void contents_may_hold_nuls(void **state)
{
	(void)state;
	struct buffer buffer = buffer_with_ceiling(100);
	buffer_append(&buffer, BYTES_LITERAL("a\0b"));
	buffer_append_byte(&buffer, 0);
	assert_int_equal(buffer.len, 4);
	assert_memory_equal(buffer.at, "a\0b\0", 5);
	buffer_free(&buffer);
}

static void the_ceiling_holds_to_the_byte(void **state)
{
	(void)state;
	for (size_t ceiling = 0; ceiling < 200; ceiling++) {
		struct buffer buffer = buffer_with_ceiling(ceiling);
		for (size_t i = 0; i < ceiling; i++)
			buffer_append_byte(&buffer, (unsigned char)i);
		assert_int_equal(buffer_status(&buffer), STATUS_OK);
		assert_int_equal(buffer.len, ceiling);
		assert_true(buffer.capacity <= ceiling + 1);
		buffer_append_byte(&buffer, 'x');
		assert_int_equal(buffer_status(&buffer), STATUS_TOO_LARGE);
		assert_int_equal(buffer.len, ceiling);
		for (size_t i = 0; i < ceiling; i++)
			assert_int_equal(buffer.at[i], (unsigned char)i);
		buffer_free(&buffer);
	}
}

static void the_first_failure_sticks(void **state)
{
	(void)state;
	struct buffer buffer = buffer_with_ceiling(5);
	buffer_append_string(&buffer, "abc");
	buffer_append_string(&buffer, "def");
	assert_int_equal(buffer_status(&buffer), STATUS_TOO_LARGE);
	buffer_append_byte(&buffer, 'd');
	buffer_append_string(&buffer, "d");
	buffer_append_format(&buffer, "%d", 1);
	assert_null(buffer_extend(&buffer, 1));
	assert_null(buffer_extend(&buffer, 0));
	assert_holds(&buffer, "abc");
	buffer_truncate(&buffer, 1);
	assert_int_equal(buffer_status(&buffer), STATUS_TOO_LARGE);
	buffer_append_byte(&buffer, 'd');
	assert_holds(&buffer, "a");
	buffer_reset(&buffer);
	assert_int_equal(buffer_status(&buffer), STATUS_OK);
	assert_int_equal(buffer.len, 0);
	buffer_append_string(&buffer, "vwxyz");
	assert_int_equal(buffer_status(&buffer), STATUS_OK);
	assert_holds(&buffer, "vwxyz");
	buffer_free(&buffer);
}

static void a_freed_buffer_can_be_used_again(void **state)
{
	(void)state;
	struct buffer buffer = buffer_with_ceiling(3);
	buffer_append_string(&buffer, "abcd");
	buffer_free(&buffer);
	assert_int_equal(buffer_status(&buffer), STATUS_OK);
	buffer_append_string(&buffer, "abc");
	assert_holds(&buffer, "abc");
	buffer_append_byte(&buffer, 'd');
	assert_int_equal(buffer_status(&buffer), STATUS_TOO_LARGE);
	buffer_free(&buffer);
}

static void a_format_that_does_not_fit_leaves_nothing(void **state)
{
	(void)state;
	struct buffer buffer = buffer_with_ceiling(8);
	buffer_append_format(&buffer, "%s", "12345678");
	assert_holds(&buffer, "12345678");
	assert_int_equal(buffer_status(&buffer), STATUS_OK);
	buffer_truncate(&buffer, 2);
	buffer_append_format(&buffer, "%s", "1234567");
	assert_int_equal(buffer_status(&buffer), STATUS_TOO_LARGE);
	assert_holds(&buffer, "12");
	buffer_free(&buffer);
}

static void lengths_that_overflow_are_too_large(void **state)
{
	(void)state;
	struct buffer buffer = buffer_with_ceiling(SIZE_MAX / 2);
	buffer_append_string(&buffer, "abc");
	assert_null(buffer_extend(&buffer, SIZE_MAX));
	assert_int_equal(buffer_status(&buffer), STATUS_TOO_LARGE);
	buffer_reset(&buffer);
	buffer_append_string(&buffer, "abc");
	assert_null(buffer_extend(&buffer, SIZE_MAX - 2));
	assert_int_equal(buffer_status(&buffer), STATUS_TOO_LARGE);
	assert_holds(&buffer, "abc");
	buffer_free(&buffer);
}

static void both_ends_can_be_cut(void **state)
{
	(void)state;
	struct buffer buffer = buffer_with_ceiling(100);
	buffer_append_string(&buffer, "abcdef");
	buffer_truncate(&buffer, 9);
	assert_holds(&buffer, "abcdef");
	buffer_truncate(&buffer, 5);
	assert_holds(&buffer, "abcde");
	buffer_consume(&buffer, 2);
	assert_holds(&buffer, "cde");
	buffer_consume(&buffer, 0);
	assert_holds(&buffer, "cde");
	buffer_append_byte(&buffer, 'X');
	assert_holds(&buffer, "cdeX");
	buffer_consume(&buffer, 4);
	assert_holds(&buffer, "");
	buffer_append_string(&buffer, "zz");
	buffer_consume(&buffer, SIZE_MAX);
	assert_holds(&buffer, "");
	buffer_free(&buffer);
}

static void growth_keeps_what_was_there(void **state)
{
	(void)state;
	struct buffer buffer = buffer_with_ceiling(1 << 20);
	for (unsigned i = 0; i < 100000; i++)
		buffer_append_byte(&buffer, (unsigned char)(i * 7));
	assert_int_equal(buffer.len, 100000);
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal(buffer.at[i], (unsigned char)(i * 7));
	buffer_free(&buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_buffer_allocates_nothing),
		cmocka_unit_test(appends_follow_each_other),
		cmocka_unit_test(contents_may_hold_nuls),
		cmocka_unit_test(the_ceiling_holds_to_the_byte),
		cmocka_unit_test(the_first_failure_sticks),
		cmocka_unit_test(a_freed_buffer_can_be_used_again),
		cmocka_unit_test(a_format_that_does_not_fit_leaves_nothing),
		cmocka_unit_test(lengths_that_overflow_are_too_large),
		cmocka_unit_test(both_ends_can_be_cut),
		cmocka_unit_test(growth_keeps_what_was_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
