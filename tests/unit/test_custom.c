/* SPDX-License-Identifier: Apache-2.0 */
/* Own rules over texts: spans, borders of blocks, words near and far, and what the worst of them costs. */
#include "detector/custom.h"
#include "regex/regex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- matches of a pattern ---- */

static bool note_span(void *context, size_t from, size_t to)
{
	buffer_append_format(context, "%zu-%zu ", from, to);
	return true;
}

static void expect_spans(const char *pattern, const char *text, size_t max_length, const char *expected)
{
	struct regex *regex = NULL;
	struct failure failure;
	struct buffer spans = buffer_with_ceiling(1 << 16);
	assert_int_equal(regex_compile(bytes_of_string(pattern), &regex, &failure), STATUS_OK);
	assert_int_equal(regex_each(regex, bytes_of_string(text), 0, strlen(text), max_length, note_span, &spans), STATUS_OK);
	assert_string_equal(buffer_string(&spans), expected);
	buffer_free(&spans);
	regex_free(regex);
}

static void spans_are_told(void **state)
{
	(void)state;
	expect_spans("b+", "abbab", 100, "1-3 4-5 ");
	expect_spans("ab|abcd", "abcd abc", 100, "0-4 5-7 ");
	expect_spans("\\bab\\b", "ab abc ab", 100, "0-2 7-9 ");
	expect_spans("^a+$", "aa\nba\na\r\naaa", 100, "0-2 6-7 9-12 ");
	expect_spans("x*", "axxb", 100, "1-3 ");
	expect_spans("a.*c", "a b c\na c", 100, "0-5 6-9 ");
	expect_spans("(?i)M\xC3\x9CLLER", "m\xC3\xBCller", 100, "0-7 ");
	expect_spans("a{1,9}", "aaaaaa", 3, "0-3 1-4 2-5 3-6 ");
	expect_spans("a", "", 100, "");
}

/* ---- rules ---- */

struct found {
	struct buffer lines;
	size_t count;
};

static enum status note(void *context, const struct finding *finding, uint64_t from, uint64_t to)
{
	struct found *found = context;
	found->count++;
	assert_true(to - from >= finding->to - finding->from);
	if (found->lines.len < 4000)
		buffer_append_format(&found->lines, "%llu-%llu:%.*s ", (unsigned long long)finding->from,
		                     (unsigned long long)finding->to, (int)finding->value.len, (const char *)finding->value.at);
	return STATUS_OK;
}

static struct found look(const struct custom_rule *rule, struct bytes text, size_t piece)
{
	struct found found = {.lines = buffer_with_ceiling(1 << 16)};
	struct custom_scan *scan = NULL;
	assert_int_equal(custom_take_digest("0123abcd"), STATUS_OK);
	assert_int_equal(custom_take_rule(rule), STATUS_OK);
	assert_int_equal(custom_scan_start(note, &found, &scan), STATUS_OK);
	for (size_t at = 0; at < text.len; at += piece)
		assert_int_equal(custom_scan_feed(scan, bytes_slice(text, at, piece)), STATUS_OK);
	assert_int_equal(custom_scan_finish(scan), STATUS_OK);
	custom_scan_free(scan);
	custom_forget();
	return found;
}

static const struct custom_rule number = {
	.name = {(const unsigned char *)"number", 6},
	.kind = FINDING_ORDER,
	.pattern = {(const unsigned char *)"\\bN-\\d{4}\\b", 11},
	.within = 20,
	.confidence = 0.5f,
};

/* Every place of a block's borders, and every way to cut the text. */
static void borders_do_not_matter(void **state)
{
	(void)state;
	struct buffer text = buffer_with_ceiling(1 << 20);
	enum { APART = 997, COUNT = 300 };
	for (unsigned i = 0; i < COUNT; i++) {
		buffer_append_format(&text, "N-%04u", i);
		for (unsigned j = 6; j < APART; j++)
			buffer_append_byte(&text, j % 61 == 0 ? '\n' : ' ');
	}
	const size_t pieces[] = {1 << 20, 65536, 4099, 13};
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct found found = look(&number, buffer_bytes(&text), pieces[i]);
		assert_int_equal(found.count, COUNT);
		assert_true(bytes_start_with(buffer_bytes(&found.lines), BYTES_LITERAL("0-6:N-0000 997-1003:N-0001 ")));
		buffer_free(&found.lines);
	}
	buffer_free(&text);
}

static void a_keyword_may_lie_in_another_block(void **state)
{
	(void)state;
	struct custom_rule rule = number;
	rule.keywords[0] = BYTES_LITERAL("order");
	rule.keyword_count = 1;
	for (size_t before = 65536 - 40; before < 65536 + 40; before++) {
		struct buffer text = buffer_with_ceiling(1 << 20);
		for (size_t i = 0; i < before; i++)
			buffer_append_byte(&text, '.');
		buffer_append_string(&text, "ORDER no. N-1234 and far away from all of them N-5678");
		struct found found = look(&rule, buffer_bytes(&text), 1 << 20);
		assert_int_equal(found.count, 1);
		buffer_free(&found.lines);
		buffer_free(&text);
	}
}

/* A pattern that would go back for ever elsewhere, on the text it would do so on. */
static void nothing_is_superlinear(void **state)
{
	(void)state;
	struct custom_rule rule = number;
	rule.pattern = BYTES_LITERAL("(a|a?a)*(a|aa)+(.*,){3}b$");
	struct buffer text = buffer_with_ceiling(1 << 20);
	for (size_t i = 0; i < 1 << 19; i++)
		buffer_append_byte(&text, i % 97 == 0 ? ',' : 'a');
	struct found found = look(&rule, buffer_bytes(&text), 1 << 20);
	assert_int_equal(found.count, 0);
	buffer_free(&found.lines);
	buffer_free(&text);
}

static void what_is_out_of_bounds_is_not_taken(void **state)
{
	(void)state;
	struct custom_rule rule = number;
	assert_int_equal(custom_take_rule(&rule), STATUS_MALFORMED); /* before the digest */
	assert_int_equal(custom_take_digest("0123abcd"), STATUS_OK);
	assert_int_equal(custom_take_digest("0123abcd"), STATUS_MALFORMED);
	rule.pattern = BYTES_LITERAL("(x");
	assert_int_equal(custom_take_rule(&rule), STATUS_MALFORMED);
	for (size_t i = 0; i < CUSTOM_RULES_MAX; i++)
		assert_int_equal(custom_take_rule(&number), STATUS_OK);
	assert_int_equal(custom_take_rule(&number), STATUS_MALFORMED);
	const struct allowed allowed = {.kind = FINDING_KIND_COUNT, .value = BYTES_LITERAL("x")};
	for (size_t i = 0; i < ALLOWED_MAX; i++)
		assert_int_equal(custom_take_allowed(&allowed), STATUS_OK);
	assert_int_equal(custom_take_allowed(&allowed), STATUS_MALFORMED);
	custom_forget();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_are_told),
		cmocka_unit_test(borders_do_not_matter),
		cmocka_unit_test(a_keyword_may_lie_in_another_block),
		cmocka_unit_test(nothing_is_superlinear),
		cmocka_unit_test(what_is_out_of_bounds_is_not_taken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
