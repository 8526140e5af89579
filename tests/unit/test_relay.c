/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's mail server as its URL names it, and what may stand in an envelope. */
#include "model/relay.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void a_url_names_server_port_and_user(void **state)
{
	const struct {
		const char *url;
		bool is_tls;
		const char *user, *host;
		uint16_t port;
	} rows[] = {
		{"smtp://mail.example", false, "", "mail.example", 25},
		{"smtps://mail.example", true, "", "mail.example", 465},
		{"SMTP://Mail.example:587/", false, "", "Mail.example", 587},
		{"smtp://tidemark@mail.example:2525", false, "tidemark", "mail.example", 2525},
		{"smtp://a@b.example@mail.example", false, "a@b.example", "mail.example", 25},
		{"smtp://127.0.0.1:1025", false, "", "127.0.0.1", 1025},
		{"smtps://[2001:db8::1]:465", true, "", "2001:db8::1", 465},
		{"smtp://[::1]", false, "", "::1", 25},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct relay relay;
		if (!relay_parse(bytes_of_string(rows[i].url), &relay))
			fail_msg("%s", rows[i].url);
		assert_int_equal(relay.is_tls, rows[i].is_tls);
		assert_true(bytes_equal_string(relay.user, rows[i].user));
		assert_true(bytes_equal_string(relay.host, rows[i].host));
		assert_int_equal(relay.port, rows[i].port);
	}
}

static void other_urls_are_refused(void **state)
{
	static const char *const urls[] = {
		"",
		"mail.example",
		"http://mail.example",
		"smtp://",
		"smtp://:25",
		"smtp://mail.example:0",
		"smtp://mail.example:65536",
		"smtp://mail.example:25x",
		"smtp://user:password@mail.example",
		"smtp://@mail.example",
		"smtp://mail.example/path",
		"smtp://mail.example?x",
		"smtp://mail example",
		"smtp://mail.example\r\nRCPT",
		"smtp://[::1",
		"smtp://[mail.example]",
		"smtp://[]",
		"smtp://m\xc3\xa4il.example",
		"smtp://us%20er@mail.example",
	};
	struct relay relay;
	(void)state;
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
		if (relay_parse(bytes_of_string(urls[i]), &relay))
			fail_msg("%s", urls[i]);
}

static void an_envelope_carries_plain_addresses(void **state)
{
	static const char *const carried[] = {"a@b", "first.last+tag@contoso.example", "j\xc3\xb6rg@contoso.example",
	                                      "o'neil=x@contoso.example"};
	static const char *const not_carried[] = {
		"",        "a",     "@b",    "a@",    "a@b@c", "a b@c",   "a@b c",  "<a@b>",         "a@b>",   "a@b\r",
		"a@b\nX:", "a\t@b", "a,b@c", "a;b@c", "a:b@c", "\"a\"@b", "a\\b@c", "a@[127.0.0.1]", "a(b)@c", "a@b\x7f"};
	(void)state;
	for (size_t i = 0; i < sizeof carried / sizeof *carried; i++)
		if (!relay_may_carry(bytes_of_string(carried[i])))
			fail_msg("%s", carried[i]);
	for (size_t i = 0; i < sizeof not_carried / sizeof *not_carried; i++)
		if (relay_may_carry(bytes_of_string(not_carried[i])))
			fail_msg("%s", not_carried[i]);
	assert_false(relay_may_carry(bytes_of("a\0b@c", 5)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_url_names_server_port_and_user),
		cmocka_unit_test(other_urls_are_refused),
		cmocka_unit_test(an_envelope_carries_plain_addresses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
