/* SPDX-License-Identifier: Apache-2.0 */
/* base/yaml: the tree, the lines, and what is refused. */
#include "base/buffer.h"
#include "base/yaml.h"

/* After ours: cmocka has a macro of the name fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct reading {
	struct arena arena;
	const struct yaml_node *root;
	struct failure failure;
};

static enum status parse(struct reading *reading, const char *text)
{
	reading->arena = arena_with_ceiling(64 << 20);
	reading->root = NULL;
	reading->failure = (struct failure){.why = ""};
	return yaml_parse(bytes_of_string(text), "scope.yaml", &reading->arena, &reading->root, &reading->failure);
}

static void assert_refused(const char *text, const char *part_of_why)
{
	struct reading reading;
	assert_int_equal(parse(&reading, text), STATUS_USAGE);
	assert_non_null(strstr(reading.failure.why, part_of_why));
	assert_string_equal(reading.failure.where, "scope.yaml");
	arena_free(&reading.arena);
}

static void builds_a_tree_with_lines(void **state)
{
	(void)state;
	struct reading reading;
	assert_int_equal(parse(&reading, "# a comment\nallow:\n  - target: az://a/b\n    authority: \"x: y\"\n  - az://c\n"
	                                 "deny: []\nempty:\n"),
	                 STATUS_OK);
	const struct yaml_node *allow = yaml_find(reading.root, "allow");
	assert_non_null(allow);
	assert_int_equal(allow->kind, YAML_SEQUENCE);
	assert_int_equal(allow->count, 2);
	const struct yaml_node *authority = yaml_find(allow->first, "authority");
	assert_true(bytes_equal_string(authority->text, "x: y"));
	assert_int_equal(authority->line, 4);
	assert_false(authority->is_plain);
	assert_true(bytes_equal_string(allow->first->next->text, "az://c"));
	assert_int_equal(allow->first->next->line, 5);
	assert_int_equal(yaml_find(reading.root, "deny")->count, 0);
	assert_true(yaml_is_null(yaml_find(reading.root, "empty")));
	assert_null(yaml_find(reading.root, "absent"));
	arena_free(&reading.arena);
}

static void reads_truth_values_when_plain(void **state)
{
	(void)state;
	struct reading reading;
	bool value = false;
	assert_int_equal(parse(&reading, "{a: Yes, b: \"yes\", c: off, d: maybe}"), STATUS_OK);
	assert_true(yaml_as_boolean(yaml_find(reading.root, "a"), &value) && value);
	assert_false(yaml_as_boolean(yaml_find(reading.root, "b"), &value));
	assert_true(yaml_as_boolean(yaml_find(reading.root, "c"), &value) && !value);
	assert_false(yaml_as_boolean(yaml_find(reading.root, "d"), &value));
	arena_free(&reading.arena);
}

static void takes_an_empty_document(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "# nothing\n", "---\n", "~", "null"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct reading reading;
		assert_int_equal(parse(&reading, texts[i]), STATUS_OK);
		assert_null(reading.root);
		arena_free(&reading.arena);
	}
}

static void refuses_what_is_not_plain_configuration(void **state)
{
	(void)state;
	assert_refused("a: &x 1\nb: *x\n", "anchors");
	assert_refused("a: 1\nb: *x\n", "line 2");
	assert_refused("a: !!python/object:os.system x\n", "tags");
	assert_refused("a: 1\na: 2\n", "line 2: the same key twice");
	assert_refused("? [a, b]\n: 1\n", "a key must be text");
	assert_refused("--- 1\n--- 2\n", "more than one document");
	assert_refused("a: [1, 2\n", "line");
	assert_refused("a: \"\\0\"\n", "NUL");
	assert_refused("a: \x01\n", "line");
	assert_refused("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "nested too deep");
}

static void refuses_too_much_of_it(void **state)
{
	(void)state;
	struct buffer text = buffer_with_ceiling(8 << 20);
	for (size_t i = 0; i < YAML_NODES_MAX + 10; i++)
		buffer_append_string(&text, "- a\n");
	assert_refused(buffer_string(&text), "too much");
	while (text.len <= YAML_SIZE_MAX)
		buffer_append_string(&text, "# and so on and on and on\n");
	assert_refused(buffer_string(&text), "larger than");
	buffer_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builds_a_tree_with_lines), cmocka_unit_test(reads_truth_values_when_plain),
		cmocka_unit_test(takes_an_empty_document),  cmocka_unit_test(refuses_what_is_not_plain_configuration),
		cmocka_unit_test(refuses_too_much_of_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
