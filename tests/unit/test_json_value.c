/* SPDX-License-Identifier: Apache-2.0 */
/* json-value: what RFC 8259 calls JSON is read, and nothing else. */
#include "base/json-value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct arena arena;

static const struct json_value *read(const char *text)
{
	const struct json_value *value = NULL;
	arena_reset(&arena);
	return json_parse(bytes_of_string(text), &arena, &value) == STATUS_OK ? value : NULL;
}

static void test_reads(void **state)
{
	uint64_t number = 0;
	(void)state;
	const struct json_value *value = read(
		" {\"a\" : [1, -2.5e3, null], \"b\":\"x\\u00e9\\ud83d\\ude00\\n\", \"n\": 42, \"o\":{\"t\":true}} ");
	assert_non_null(value);
	assert_true(bytes_equal_string(json_text_of(value, "b"), "x\xc3\xa9\xf0\x9f\x98\x80\n"));
	assert_true(json_number_of(value, "n", &number));
	assert_int_equal(number, 42);
	assert_int_equal(json_find(json_find(value, "o"), "t")->kind, JSON_TRUE);
	assert_null(json_find(value, "absent"));
	assert_false(json_number_of(value, "b", &number));
	const struct json_value *items = json_find(value, "a");
	assert_int_equal(items->kind, JSON_ARRAY);
	assert_true(bytes_equal_string(items->first->next->text, "-2.5e3"));
	assert_int_equal(items->first->next->next->kind, JSON_NULL);
	assert_null(items->first->next->next->next);
	assert_int_equal(read("\"\"")->text.len, 0);
	assert_non_null(read("{}"));
	assert_non_null(read("[]"));
}

static void test_refuses(void **state)
{
	static const char *const bad[] = {
		"",
		"{",
		"{\"a\"}",
		"{\"a\":1,}",
		"[1,]",
		"[1 2]",
		"01",
		"1.",
		"-",
		"1e",
		"+1",
		"nul",
		"\"a",
		"\"\\x\"",
		"\"\\u12\"",
		"\"\\u0000\"",
		"\"\\ud800\"",
		"\"\\udc00\"",
		"\"\\ud800\\u0041\"",
		"{\"a\":1,\"a\":2}",
		"{} {}",
		"{1:2}",
		"\"\x01\"",
		"\xff",
	};
	char deep[2 * JSON_DEPTH_MAX + 8];
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (read(bad[i]) != NULL)
			fail_msg("%s was read", bad[i]);
	for (size_t depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
		memset(deep, '[', depth);
		memset(deep + depth, ']', depth);
		deep[2 * depth] = '\0';
		assert_int_equal(read(deep) != NULL, depth == JSON_DEPTH_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_reads), cmocka_unit_test(test_refuses)};
	arena = arena_with_ceiling(1 << 20);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
