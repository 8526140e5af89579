/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What keeps detectors from being asked in vain keeps them from nothing else:
 * at every trigger and every run of digits of drawn texts, who is not asked
 * would have found nothing.
 */
#include "scan-text.h"

#include "detector/digit-run.h"

/* Pieces that texts are drawn from: numbers, what stands around them, and what looks like either. */
/* clang-format off */
static const char *const pieces[] = {
	" ", " ", " ", "\n", "\t", "-", ".", "/", ",", ":", "(", ")", "'", "\xC2\xA0", "\xE2\x80\x91", "\xE2\x80\x99", "#", "$", "+", "+ ", "%", "@",
	"<", ">", ";", "|", "!", "~", "\"", "=", "_", "\r\n", "\xC2\xB0", "  ", "0", "7", "12", "31", "05", "2019", "123", "1234", "4111", "12345",
	"123456", "1234567", "20190331", "4111111111111111", "219-09-9999", "+49 30 901820", "00", "(0)", "(415) 555-0123", "3.5", "1,234.56",
	"10.0.0.1", "2001:db8::1", "EUR", "USD", " CHF", "US$", "\xE2\x82\xAC", "\xC2\xA3", "A$", "Invoice", "Invoice No.", "Rechnungsnummer:",
	"Nr.", "PO", "Order", "Tel", "Tel.", "Phone:", "Fax", "born", "geb. am", "Geburtsdatum", "March", "mars", "Dez.", "SSN", "VAT", "USt-IdNr.",
	"DE", "GB", "CHE", "ATU", "FR", "IE", "IBAN", "DE89", "ES", "A", "B", "X", "x", "AB", "ABC", "RSSMRA", "RSSMRA85T10A562S", "A562S",
	"L898902C36UTO7408122F1204159ZE184226B<<<<<10", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n", "Card", "Visa", "million", "Anna",
	"anna@contoso.com", "%40", "http://", "https://contoso.com/a", "arn:aws:s3:::bucket/key", "contoso.com", "www.contoso.de", "Contact",
	"Ansprechpartner", ": ", "Muster, Anna <anna@contoso.com>", ";AccountKey=", "AccountName=acct;AccountKey=abc", "://a:b3b3@", "$6$",
	"$6$saltsalt$", "$2y$", "8Q~", "abc8Q~", "Jk2mN8pQr4StUvWx6YzAb3CdEf5GhIj7Kl9Mn0", "00D", "123456789012345|", "\xD0\x96", "\xE4\xB8\xAD",
	"\xC3\x9F", "No", "no.", "v", "ddd", "Q", "1st", "of", "555-0123 (office)", "RE-", "nr.", "12/2019", "1.", "2.", "0049",
};
/* clang-format on */

static uint32_t drawn = 5;

static size_t draw(size_t below)
{
	drawn = drawn * 1664525 + 1013904223;
	return (drawn >> 8) % below;
}

static void draw_text(struct buffer *text)
{
	buffer_reset(text);
	for (size_t count = 1 + draw(14); count > 0; count--)
		buffer_append_string(text, pieces[draw(sizeof pieces / sizeof *pieces)]);
}

static bool has_byte(const char *bytes, unsigned char wanted)
{
	for (; bytes != NULL && *bytes != '\0'; bytes++) {
		bool is_range = bytes[1] == '-' && bytes[2] != '\0';
		if (wanted >= (unsigned char)bytes[0] && wanted <= (unsigned char)bytes[is_range ? 2 : 0])
			return true;
		bytes += is_range ? 2 : 0;
	}
	return bytes == NULL;
}

static bool is_refused(const struct detector *detector, struct bytes text, size_t at)
{
	unsigned char before = at > 0 ? text.at[at - 1] : ' ', behind = at + 1 < text.len ? text.at[at + 1] : ' ';
	for (const struct beside *beside = detector->beside; beside != NULL && beside->triggers != NULL; beside++)
		if (strchr(beside->triggers, text.at[at]) != NULL)
			return !has_byte(beside->before, before) || !has_byte(beside->behind, behind);
	return false;
}

static bool is_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_passed_over(const struct detector *detector, struct bytes text, size_t at)
{
	bool begins = is_digit(text.at[at]) && (at == 0 || !is_digit(text.at[at - 1]));
	if (detector->lane == LANE_TRIGGERS)
		return text.at[at] != 0 && strchr(detector->triggers, text.at[at]) != NULL && is_refused(detector, text, at);
	if (detector->lane != LANE_DIGITS || !begins || detector->wants == NULL)
		return false;
	struct digit_run run = digit_run_at(text, at);
	return !detector->wants(&run);
}

static void who_is_not_asked_would_find_nothing(void **state)
{
	(void)state;
	struct buffer text = buffer_with_ceiling(1 << 16), value = buffer_with_ceiling(1 << 16);
	size_t passed = 0;
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	for (size_t round = 0; round < 60000; round++) {
		draw_text(&text);
		struct bytes whole = buffer_bytes(&text);
		for (size_t at = 0; at < whole.len; at++)
			for (const struct detector *const *detector = detector_registry; *detector != NULL; detector++) {
				if (!is_passed_over(*detector, whole, at))
					continue;
				struct match match = {.value = &value};
				buffer_reset(&value);
				passed++;
				if ((*detector)->match(whole, at, &match))
					fail_msg("%s is not asked at %zu of: %.*s", (*detector)->name, at, (int)whole.len,
					         (const char *)whole.at);
			}
	}
	assert_true(passed > 100000);
	buffer_free(&text);
	buffer_free(&value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_not_asked_would_find_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
