/* SPDX-License-Identifier: Apache-2.0 */
/* The subject's cookie, and words as people say them. */
#include "base/clock.h"
#include "model/portal.h"
#include "portal/page-session.h"
#include "portal/say.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ID_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ID_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define ID_C "cccccccccccccccccccccccccccccccc"

static void test_what_was_begun_is_read_as_it_was_written(void **state)
{
	struct buffer cookie = buffer_with_ceiling(PORTAL_TOKEN_MAX);
	struct page_session session = {.state = SESSION_PROVING};
	(void)state;
	session.ids[PROOF_DNS] = bytes_of_string(ID_A);
	session.ids[PROOF_MAIL] = bytes_of_string(ID_B);
	page_session_write(&session, &cookie);
	assert_string_equal(buffer_string(&cookie), "p-d" ID_A "m" ID_B);
	struct page_session read = page_session_read(buffer_bytes(&cookie));
	assert_int_equal(read.state, SESSION_PROVING);
	assert_true(bytes_equal_string(read.ids[PROOF_DNS], ID_A));
	assert_int_equal(read.ids[PROOF_HTTP].len, 0);
	assert_true(bytes_equal_string(read.ids[PROOF_MAIL], ID_B));
	assert_true(bytes_equal_string(page_session_any(&read), ID_A));
	buffer_free(&cookie);
}

static void test_all_methods_of_a_domain_have_room(void **state)
{
	struct buffer cookie = buffer_with_ceiling(PORTAL_TOKEN_MAX);
	struct page_session session = {.state = SESSION_PROVING};
	(void)state;
	session.ids[PROOF_DNS] = bytes_of_string(ID_A);
	session.ids[PROOF_HTTP] = bytes_of_string(ID_B);
	session.ids[PROOF_MAIL] = bytes_of_string(ID_C);
	session.ids[PROOF_INVITATION] = bytes_of_string(ID_A);
	page_session_write(&session, &cookie);
	assert_int_equal(buffer_status(&cookie), STATUS_OK);
	assert_string_equal(buffer_string(&cookie), "p-d" ID_A "h" ID_B "m" ID_C);
	buffer_free(&cookie);
}

static void test_other_cookies_are_tokens_or_none(void **state)
{
	static const char *const broken[] = {"p-d", "p-x" ID_A, "p-d" ID_A "h", "p-d" ID_A "m" ID_B "q"};
	(void)state;
	assert_int_equal(page_session_read(BYTES_NONE).state, SESSION_NONE);
	struct page_session proved = page_session_read(bytes_of_string(ID_A));
	assert_int_equal(proved.state, SESSION_PROVED);
	assert_true(bytes_equal_string(proved.token, ID_A));
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
		assert_int_equal(page_session_read(bytes_of_string(broken[i])).state, SESSION_NONE);
}

static void test_a_form_token_follows_from_its_cookie_alone(void **state)
{
	char one[FORM_TOKEN_LENGTH], again[FORM_TOKEN_LENGTH], other[FORM_TOKEN_LENGTH];
	(void)state;
	page_session_form_token(bytes_of_string(ID_A), one);
	page_session_form_token(bytes_of_string(ID_A), again);
	page_session_form_token(bytes_of_string(ID_B), other);
	assert_memory_equal(one, again, sizeof one);
	assert_memory_not_equal(one, other, sizeof one);
	assert_memory_not_equal(one, ID_A, sizeof one);
}

static void assert_said(enum language language, struct said value, const char *expected)
{
	struct buffer html = buffer_with_ceiling(1 << 12);
	say_value(&html, language, value);
	assert_string_equal(buffer_string(&html), expected);
	buffer_free(&html);
}

static void test_numbers_and_sizes(void **state)
{
	(void)state;
	assert_said(LANGUAGE_EN, said_number(0), "0");
	assert_said(LANGUAGE_EN, said_number(1234567), "1,234,567");
	assert_said(LANGUAGE_DE, said_number(123456), "123.456");
	assert_said(LANGUAGE_EN, said_size(999), "999 bytes");
	assert_said(LANGUAGE_EN, said_size(1000), "1\xC2\xA0kB");
	assert_said(LANGUAGE_DE, said_size(2149999999), "2,1\xC2\xA0GB");
	assert_said(LANGUAGE_EN, said_size(999950), "1\xC2\xA0MB");
	assert_said(LANGUAGE_EN, said_size(310499999), "310\xC2\xA0MB");
	assert_said(LANGUAGE_EN, said_size(UINT64_MAX),
	            "18.4\xC2\xA0"
	            "EB");
	assert_said(LANGUAGE_EN, said_count(WORD_DOCUMENTS_ONE, 1), "1 document");
	assert_said(LANGUAGE_EN, said_count(WORD_DOCUMENTS_ONE, 0), "0 documents");
	assert_said(LANGUAGE_DE, said_count(WORD_DOCUMENTS_ONE, 2000), "2.000 Dokumente");
}

static void test_days_and_times(void **state)
{
	int64_t time = clock_from_civil(2021, 3, 12, 9, 5, 0);
	(void)state;
	assert_said(LANGUAGE_EN, said_day(time), "<time datetime=\"2021-03-12T09:05:00Z\">12 March 2021</time>");
	assert_said(LANGUAGE_DE, said_day(time), "<time datetime=\"2021-03-12T09:05:00Z\">12. M\xC3\xA4rz 2021</time>");
	assert_said(LANGUAGE_DE, said_time(time),
	            "<time datetime=\"2021-03-12T09:05:00Z\">12. M\xC3\xA4rz 2021, 09:05 Uhr UTC</time>");
	assert_said(LANGUAGE_EN, said_day(CLOCK_UNKNOWN), "date not known");
}

static void test_every_language_is_found_by_its_tag(void **state)
{
	(void)state;
	for (unsigned i = 0; i < LANGUAGE_COUNT; i++)
		assert_int_equal(language_of_tag(bytes_of_string(language_tags[i])), i);
	assert_int_equal(language_of_tag(bytes_of_string("tlh")), LANGUAGE_EN);
	assert_false(language_is_tag(bytes_of_string("tlh")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_begun_is_read_as_it_was_written),
		cmocka_unit_test(test_all_methods_of_a_domain_have_room),
		cmocka_unit_test(test_other_cookies_are_tokens_or_none),
		cmocka_unit_test(test_a_form_token_follows_from_its_cookie_alone),
		cmocka_unit_test(test_numbers_and_sizes),
		cmocka_unit_test(test_days_and_times),
		cmocka_unit_test(test_every_language_is_found_by_its_tag),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
