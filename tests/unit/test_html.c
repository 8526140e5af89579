/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing that is put into a page as text is anything else there. */
#include "base/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_written(void (*write)(struct buffer *, struct bytes), const char *text, size_t len, const char *expected)
{
	struct buffer html = buffer_with_ceiling(1 << 16);
	write(&html, bytes_of(text, len));
	assert_int_equal(buffer_status(&html), STATUS_OK);
	assert_string_equal(buffer_string(&html), expected);
	buffer_free(&html);
}

static void test_every_character_that_means_something_is_escaped(void **state)
{
	(void)state;
	assert_written(html_text, "<a href=\"x\" b='y'>&amp;", 23, "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
	assert_written(html_text, "", 0, "");
}

static void test_what_steers_or_hides_is_written_out(void **state)
{
	(void)state;
	assert_written(html_text, "a\0b\x1B[31m\xE2\x80\xAEz\xC2\x85", 14, "a\\u{0}b\\u{1B}[31m\\u{202E}z\\u{85}");
	assert_written(html_text, "\xFF\xC0\xAF", 3, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void test_foreign_text_is_boxed(void **state)
{
	(void)state;
	assert_written(html_foreign, "</bdi><b>", 9, "<bdi class=\"foreign\">&lt;/bdi&gt;&lt;b&gt;</bdi>");
	assert_written(html_foreign_lines, "one\n</pre>", 10, "<pre class=\"foreign\" dir=\"auto\">one\n&lt;/pre&gt;</pre>");
	assert_written(html_foreign_lines, "", 0, "<pre class=\"foreign\" dir=\"auto\"></pre>");
}

static void test_signatures_are_stars(void **state)
{
	(void)state;
	assert_written(html_text, "?sig=abcDEF123%2Bxyz&se=1", 25, "?sig=***************&amp;se=1");
}

static void test_the_ceiling_is_told(void **state)
{
	struct buffer html = buffer_with_ceiling(8);
	(void)state;
	html_string(&html, "<<<<");
	assert_int_equal(buffer_status(&html), STATUS_TOO_LARGE);
	buffer_free(&html);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_character_that_means_something_is_escaped),
		cmocka_unit_test(test_what_steers_or_hides_is_written_out),
		cmocka_unit_test(test_foreign_text_is_boxed),
		cmocka_unit_test(test_signatures_are_stars),
		cmocka_unit_test(test_the_ceiling_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
