/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions: what matches, what is refused, and that time stays linear. */
#include "regex/regex.h"

#include "base/buffer.h"
#include "base/clock.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static bool matches(const char *pattern, const char *text)
{
	struct regex *regex;
	struct failure failure = {{0}, {0}};
	bool found = false;
	if (regex_compile(bytes_of_string(pattern), &regex, &failure) != STATUS_OK)
		fail_msg("%s: %s", pattern, failure.why);
	assert_int_equal(regex_find(regex, bytes_of_string(text), &found), STATUS_OK);
	/* The same object serves again. */
	bool again = !found;
	assert_int_equal(regex_find(regex, bytes_of_string(text), &again), STATUS_OK);
	assert_int_equal(found, again);
	regex_free(regex);
	return found;
}

static void patterns_match_as_written(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool found;
	} cases[] = {
		{"", "", true},
		{"", "x", true},
		{"abc", "xabcx", true},
		{"abc", "ab", false},
		{"^abc$", "abc", true},
		{"^abc$", "abcd", false},
		{"a.c", "a\nc", false},
		{"a.c",
	         "a\xE2\x82\xAC"
	         "c",
	         true},
		{"a*b", "b", true},
		{"^a+b", "b", false},
		{"colou?r", "color", true},
		{"(ab|cd)+e", "ababcde", true},
		{"^(ab|cd)+e", "abce", false},
		{"^a{3}$", "aaa", true},
		{"^a{3}$", "aa", false},
		{"^a{2,}$", "aaaa", true},
		{"^a{2,3}$", "aaaa", false},
		{"^a{0,2}$", "", true},
		{"a{,2}", "a{,2}", true},
		{"{", "{", true},
		{"x{1", "x{1", true},
		{"a{2}?", "aa", true},
		{"^[a-c]+$", "abc", true},
		{"^[^a-c]+$", "xyz", true},
		{"^[^a-c]+$", "xbz", false},
		{"[]a]", "]", true},
		{"[a-]", "-", true},
		{"[\\d-]", "-", true},
		{"^[\\w.]+@x$", "a.b@x", true},
		{"\\d{4}-\\d\\d", "in 2021-03", true},
		{"\\bcat\\b", "a cat!", true},
		{"\\bcat\\b", "concat", false},
		{"\\Bcat", "concat", true},
		{"(?i)ABC", "xaBcx", true},
		{"(?i:a)B", "AB", true},
		{"(?i:a)B", "Ab", false},
		{"(?i)[a-c]{2}", "BC", true},
		{"(?i)\xC3\xA4", "\xC3\x84", true},
		{"\\.pdf$", "x.pdf", true},
		{"\\.pdf$", "xpdf", false},
		{"a\\/b", "a/b", true},
		{"\\x41\\x{20AC}\\u00e4", "A\xE2\x82\xAC\xC3\xA4", true},
		{"\\s\\S", " x", true},
		{"^\\W$", "\xC3\xA4", false},
		{"a|", "b", true},
		{"^(a|b|c|)$", "c", true},
		{"(((a)))", "a", true},
		{"^(a*)*$", "aaaa", true},
		{"(a*)+b", "b", true},
		{"^(|a){3}$", "aaa", true},
		{"x*", "y", true},
		{"a^b", "ab", false},
		{"a$b", "ab", false},
		{"[[:]", ":", true},
		{"^.$", "\xFF", true},
		{"^[^a]$", "\xFF", true},
		{"^\\x{FF}$", "\xFF", false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (matches(cases[i].pattern, cases[i].text) != cases[i].found)
			fail_msg("'%s' on '%s' should %smatch", cases[i].pattern, cases[i].text, cases[i].found ? "" : "not ");
}

static void what_cannot_be_had_is_refused(void **state)
{
	static const struct {
		const char *pattern, *word;
	} cases[] = {
		{"(a)\\1", "reference"},
		{"\\k<a>", "reference"},
		{"(?=a)", "looking"},
		{"(?!a)", "looking"},
		{"(?<=a)b", "looking"},
		{"(?<!a)b", "looking"},
		{"(?>a)", "not known"},
		{"(?P<x>a)", "not known"},
		{"a++", "possessive"},
		{"*a", "nothing"},
		{"a|*", "nothing"},
		{"(a", ") is missing"},
		{"a)", "has no ("},
		{"[a", "] is missing"},
		{"[z-a]", "before it begins"},
		{"a{3,2}", "before it begins"},
		{"a{1001}", "1000"},
		{"((a{100}){100}){100}", "states"},
		{"\\", "backslash"},
		{"\\q", "not known"},
		{"\\xZ1", "hexadecimal"},
		{"\\x{110000}", "hexadecimal"},
		{"[\\w-z]", NULL},
		{"\xFF", "UTF-8"},
		{"(){1000}{1000}{1000}{1000}", "too far"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct regex *regex = NULL;
		struct failure failure = {{0}, {0}};
		enum status status = regex_compile(bytes_of_string(cases[i].pattern), &regex, &failure);
		if (cases[i].word == NULL) {
			assert_int_equal(status, STATUS_OK);
		} else if (status != STATUS_USAGE || strstr(failure.why, cases[i].word) == NULL) {
			fail_msg("'%s' should be refused for '%s', got %s: %s", cases[i].pattern, cases[i].word,
			         status_name(status), failure.why);
		}
		regex_free(regex);
	}
}

static void depth_and_length_are_bounded(void **state)
{
	struct buffer pattern = buffer_with_ceiling(1u << 20);
	struct regex *regex = NULL;
	struct failure failure;
	(void)state;
	for (int i = 0; i < 2000; i++)
		buffer_append_byte(&pattern, '(');
	assert_int_equal(regex_compile(buffer_bytes(&pattern), &regex, &failure), STATUS_USAGE);
	for (int i = 0; i < 4000; i++)
		buffer_append_byte(&pattern, 'a');
	assert_int_equal(regex_compile(buffer_bytes(&pattern), &regex, &failure), STATUS_USAGE);
	buffer_reset(&pattern);
	buffer_append_byte(&pattern, 'a');
	for (int i = 0; i < 1000; i++)
		buffer_append_string(&pattern, "{1}");
	assert_int_equal(regex_compile(buffer_bytes(&pattern), &regex, &failure), STATUS_USAGE);
	buffer_free(&pattern);
}

/* What makes backtracking matchers take years. */
static void time_is_linear(void **state)
{
	struct buffer text = buffer_with_ceiling(1u << 20);
	int64_t from = clock_monotonic();
	(void)state;
	for (int i = 0; i < 20000; i++)
		buffer_append_byte(&text, 'a');
	assert_false(matches("^(a+)+$b", buffer_string(&text)));
	assert_false(matches("(a|aa)+$b", buffer_string(&text)));
	assert_false(matches("(a?){50}a{50}b", buffer_string(&text)));
	assert_false(matches("(.*)(.*)(.*)(.*)(.*)(.*)x", buffer_string(&text)));
	assert_true(clock_monotonic() - from < 20000);
	buffer_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_match_as_written),
		cmocka_unit_test(what_cannot_be_had_is_refused),
		cmocka_unit_test(depth_and_length_are_bounded),
		cmocka_unit_test(time_is_linear),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
