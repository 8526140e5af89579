/* SPDX-License-Identifier: Apache-2.0 */
/* The mail that brings a code says what it should, to whom it should, and nothing else. */
#include "portal/proof-mail.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static struct proof_letter letter(const char *to, const char *subject, bool is_german)
{
	return (struct proof_letter){
		.from = BYTES_LITERAL("proof@leak.example.com"),
		.to = bytes_of_string(to),
		.subject = bytes_of_string(subject),
		.host = BYTES_LITERAL("leak.example.com"),
		.case_number = BYTES_LITERAL("TM-ABCD-EFGH"),
		.code = "abcdefghijklmnopqrstuvwxyz234567",
		.expires = 1700003600,
		.now = 1700000000,
		.is_german = is_german,
	};
}

static void it_brings_the_code_and_asks_for_no_link(void **state)
{
	(void)state;
	for (int german = 0; german < 2; german++) {
		struct buffer mail = buffer_with_ceiling(1 << 16);
		struct proof_letter one = letter("postmaster@contoso.com", "contoso.com", german);
		assert_int_equal(proof_mail_write(&one, &mail), STATUS_OK);
		const char *text = buffer_string(&mail);
		assert_non_null(strstr(text, "To: postmaster@contoso.com\r\n"));
		assert_non_null(strstr(text, "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"));
		assert_non_null(strstr(text, "\r\n    abcd-efgh-ijkl-mnop-qrst-uvwx-yz23-4567\r\n"));
		assert_non_null(strstr(text, "    contoso.com\r\n"));
		assert_non_null(strstr(text, "TM-ABCD-EFGH"));
		assert_non_null(strstr(text, "2023-11-14 23:13 UTC"));
		assert_null(strstr(text, "http"));
		for (const char *line = text; *line != '\0';) {
			const char *end = strstr(line, "\r\n");
			assert_non_null(end);
			assert_true(end - line <= 76);
			for (const char *at = line; at < end; at++)
				assert_true((unsigned char)*at >= ' ' && (unsigned char)*at < 0x7f);
			line = end + 2;
		}
		buffer_free(&mail);
	}
}

/* Whatever an asker types, there is one recipient and no header of theirs. */
static void nothing_can_be_put_in(void **state)
{
	static const char *const hostile[] = {
		"a\r\nBcc: victim@fabrikam.com\r\n@contoso.com",
		"a\n@contoso.com",
		"a@contoso.com\r\nSubject: x",
		"a@contoso.com,b@fabrikam.com",
		"a@b@contoso.com",
		"\"a b\"@contoso.com",
		"<a@contoso.com>",
		"-oQ/tmp@contoso.com",
		"a b@contoso.com",
		"a\t@contoso.com",
		"@contoso.com",
		"a@",
		"",
		"a@[127.0.0.1]",
		"\xc3\xa4@contoso.com",
	};
	(void)state;
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		struct buffer mail = buffer_with_ceiling(1 << 16);
		struct proof_letter one = letter(hostile[i], "contoso.com", false);
		assert_int_equal(proof_mail_write(&one, &mail), STATUS_MALFORMED);
		assert_int_equal(mail.len, 0);
		buffer_free(&mail);
	}
	struct buffer mail = buffer_with_ceiling(1 << 16);
	struct proof_letter one = letter("postmaster@contoso.com", "contoso.com\r\n.\r\nMAIL FROM:<x>", false);
	assert_int_equal(proof_mail_write(&one, &mail), STATUS_MALFORMED);
	buffer_free(&mail);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_brings_the_code_and_asks_for_no_link),
		cmocka_unit_test(nothing_can_be_put_in),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
