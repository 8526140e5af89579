/* SPDX-License-Identifier: Apache-2.0 */
/* Words of notices: in which language, to whom first, and nothing that is put in gets out of its place. */
#include "act/bounce.h"
#include "act/contacts.h"
#include "act/duties.h"
#include "act/notice-mail.h"
#include "act/recipients.h"
#include "base/clock.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

static const struct notice_sender sender = {
	.who = {(const unsigned char *)"Fabrikam Inc.", 13},
	.case_number = {(const unsigned char *)"TM-1", 4},
};

static struct told_facts facts_of(const char *domain)
{
	struct told_facts facts = {
		.domain = bytes_of_string(domain),
		.documents = 1234567,
		.first_date = clock_from_civil(2017, 3, 12, 0, 0, 0),
		.last_date = clock_from_civil(2022, 8, 31, 0, 0, 0),
		.exposed_from = CLOCK_UNKNOWN,
		.exposed_until = CLOCK_UNKNOWN,
		.swept_at = clock_from_civil(2026, 11, 30, 0, 0, 0),
		.unseen_objects = 3,
		.unseen_bytes = 2100000000,
	};
	facts.classes[CLASS_INVOICE] = 2;
	return facts;
}

static bool says(const struct buffer *text, const char *words)
{
	return bytes_find(buffer_bytes(text), bytes_of_string(words)) != BYTES_NOT_FOUND;
}

static void languages_follow_the_country_then_the_suffix(void **state)
{
	static const struct {
		const char *country, *domain, *languages;
	} cases[] = {
		{"DE", "contoso.com", "de"},     {"AT", "contoso.com", "de"},   {"LI", "contoso.com", "de"},
		{"CH", "contoso.com", "de+en"},  {"FR", "contoso.de", "en"},    {"", "contoso.de", "de"},
		{"", "contoso.co.uk", "en"},     {"", "contoso.com", "en+de"},  {"", "contoso.eu", "en+de"},
		{"", "contoso.museum", "en+de"}, {"LU", "contoso.lu", "de+en"}, {"US", "contoso.com", "en"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct notice_languages languages = notice_languages_for(bytes_of_string(cases[i].country),
		                                                         bytes_of_string(cases[i].domain)),
					again;
		struct buffer written = buffer_with_ceiling(64);
		notice_languages_append(&languages, &written);
		assert_string_equal(buffer_string(&written), cases[i].languages);
		assert_true(notice_languages_parse(buffer_bytes(&written), &again));
		assert_int_equal(again.count, languages.count);
		buffer_free(&written);
	}
	struct notice_languages none;
	assert_false(notice_languages_parse(BYTES_LITERAL("fr"), &none));
	assert_false(notice_languages_parse(BYTES_LITERAL("en+"), &none) && none.count != 1);
	assert_false(notice_languages_parse(BYTES_NONE, &none));
}

static void figures_are_written_as_the_language_writes_them(void **state)
{
	struct told_facts facts = facts_of("contoso.com");
	const struct notice_languages both = {{NOTICE_ENGLISH, NOTICE_GERMAN}, 2};
	struct notice_text text;
	(void)state;
	assert_int_equal(notice_compose(&facts, &sender, NOTICE_TO_ORGANISATION, &both, "code", &text), STATUS_OK);
	assert_true(says(&text.plain, "1,234,567"));
	assert_true(says(&text.plain, "12 March 2017 to 31 August 2022"));
	assert_true(says(&text.plain, "(2.1 GB)"));
	assert_true(says(&text.plain, "1.234.567"));
	assert_true(says(&text.plain, "12. März 2017 bis 31. August 2022"));
	assert_true(says(&text.plain, "(2,1 GB)"));
	assert_true(says(&text.plain, "invoices 2"));
	assert_true(says(&text.plain, "Rechnungen 2"));
	assert_false(says(&text.plain, "{"));
	assert_false(says(&text.plain, "Open to strangers from"));
	notice_text_free(&text);
}

static void a_csirt_is_told_no_figure(void **state)
{
	struct told_facts facts = facts_of("contoso.com");
	const struct notice_languages english = {{NOTICE_ENGLISH}, 1};
	struct notice_text text;
	(void)state;
	assert_int_equal(notice_compose(&facts, &sender, NOTICE_TO_CSIRT, &english, "code", &text), STATUS_OK);
	assert_false(says(&text.plain, "1,234,567"));
	assert_false(says(&text.plain, "invoices"));
	assert_true(says(&text.plain, "contoso.com"));
	notice_text_free(&text);
}

static void lines_are_short_and_pages_escaped(void **state)
{
	struct told_facts facts = facts_of("contoso.com");
	struct notice_sender hostile = sender;
	const struct notice_languages german = {{NOTICE_GERMAN}, 1};
	struct notice_text text;
	(void)state;
	hostile.who = BYTES_LITERAL("<b>\r\nBcc: x@y.z\r\n\r\n&\"'\xE2\x80\xAE\xFF{case}");
	assert_int_equal(notice_compose(&facts, &hostile, NOTICE_TO_ORGANISATION, &german, "code", &text), STATUS_OK);
	assert_false(says(&text.page, "<b>"));
	assert_true(says(&text.page, "&lt;b&gt;"));
	assert_false(says(&text.plain, "\nBcc"));
	assert_false(says(&text.plain, "\r"));
	assert_false(says(&text.plain, "\xE2\x80\xAE"));
	assert_true(says(&text.plain, "{case}"));
	size_t column = 0;
	for (size_t i = 0; i < text.plain.len; i++) {
		column = text.plain.at[i] == '\n' ? 0 : column + ((text.plain.at[i] & 0xC0) != 0x80);
		assert_true(column <= 78);
	}
	notice_text_free(&text);
}

static void messages_hold_to_their_form(void **state)
{
	struct told_facts facts = facts_of("contoso.com");
	struct notice_sender hostile = sender;
	const struct notice_languages german = {{NOTICE_GERMAN}, 1};
	struct notice_text text;
	struct buffer message = buffer_with_ceiling(1 << 20);
	(void)state;
	hostile.who = BYTES_LITERAL("Müller & Söhne \"GmbH\", x@y.z\r\nBcc: a@b.c ÄÖÜ ÄÖÜ ÄÖÜ ÄÖÜ ÄÖÜ ÄÖÜ ÄÖÜ ÄÖÜ ÄÖÜ ÄÖÜ ÄÖÜ");
	assert_int_equal(notice_compose(&facts, &hostile, NOTICE_TO_ORGANISATION, &german, "code", &text), STATUS_OK);
	const struct notice_envelope envelope = {BYTES_LITERAL("p@fabrikam.com"), BYTES_LITERAL("s@contoso.com"), hostile.who,
	                                         "abc", 1700000000};
	assert_int_equal(notice_mail_append(&envelope, &text, &message), STATUS_OK);
	size_t column = 0;
	for (size_t i = 0; i < message.len; i++) {
		unsigned char byte = message.at[i];
		assert_true(byte < 0x80 && byte != 0);
		assert_true(byte != '\n' || (i > 0 && message.at[i - 1] == '\r'));
		assert_true(byte != '\r' || (i + 1 < message.len && message.at[i + 1] == '\n'));
		column = byte == '\n' ? 0 : column + 1;
		assert_true(column <= 78);
	}
	assert_false(says(&message, "\r\nBcc"));
	assert_true(says(&message, "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"));
	notice_text_free(&text);
	buffer_free(&message);
}

static void only_addresses_are_written_to(void **state)
{
	static const char *const good[] = {"a@b.de", "first.last+tag@sub.example.co.uk", "x'y@b.de"};
	static const char *const bad[] = {"",           "a",          "a@b",           "@b.de",   "a@b@c.de",    "a b@c.de",
	                                  "a@b.de\r\n", "<a@b.de>",   "a@.de",         "a@de.",   ".a@b.de",     "a,b@c.de",
	                                  "a;b@c.de",   "\"a\"@b.de", "\xC3\xA4@b.de", "a@b.de ", "a@[1.2.3.4]", "a\\@b.de"};
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!notice_may_go_to(bytes_of_string(good[i])))
			fail_msg("%s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (notice_may_go_to(bytes_of_string(bad[i])))
			fail_msg("%s", bad[i]);
}

static void recipients_are_found_in_order_and_once(void **state)
{
	struct arena arena = arena_with_ceiling(1 << 20);
	struct contact contact = {.country = BYTES_LITERAL("DE"), .address = BYTES_LITERAL("cert@bund.example")};
	const struct contacts contacts = {&contact, 1};
	const struct recipient_sources sources = {
		.domain = BYTES_LITERAL("contoso.de"),
		.country = BYTES_LITERAL("de"),
		.contact = BYTES_LITERAL("Privacy@contoso.de; abuse@contoso.de"),
		.security_txt = BYTES_LITERAL(
			"# x\nContact: https://contoso.de/s\r\nCONTACT: mailto:psirt@contoso.de?subject=x\n"
			"Contact: tel:+1\nContact: mailto:privacy@contoso.de\nPolicy: mailto:no@contoso.de\n"),
		.contacts = &contacts,
	};
	static const char *const expected[] = {"privacy@contoso.de",  "abuse@contoso.de",      "psirt@contoso.de",
	                                       "security@contoso.de", "postmaster@contoso.de", "hostmaster@contoso.de",
	                                       "cert@bund.example"};
	struct recipients found;
	(void)state;
	assert_int_equal(recipients_find(&sources, &arena, &found), STATUS_OK);
	assert_int_equal(found.count, sizeof expected / sizeof *expected);
	for (size_t i = 0; i < found.count; i++)
		assert_true(bytes_equal_string(found.at[i].address, expected[i]));
	assert_int_equal(found.at[2].found_by, NOTICE_BY_SECURITY_TXT);
	arena_free(&arena);
}

/* ---- duties ---- */

static struct duty_facts facts_of_people(const char *country, uint64_t people)
{
	struct duty_facts facts = {.now = 1000000, .aware = 1000000 - 73 * 3600, .people = people, .has_people = true};
	snprintf(facts.residences[0].country, sizeof facts.residences[0].country, "%s", country);
	facts.residences[0].people = people;
	facts.residence_count = 1;
	for (size_t i = 0; i < sizeof facts.decisions / sizeof *facts.decisions; i++)
		facts.decisions[i] = (struct duty_decision){CLOCK_UNKNOWN, CLOCK_UNKNOWN, 0, CLOCK_UNKNOWN, BYTES_NONE};
	return facts;
}

struct wanted {
	const char *regime;
	enum duty_state state;
	int64_t due_at;
};

static enum status take_duty(void *context, const struct duty *duty)
{
	struct wanted *wanted = context;
	if (bytes_equal_string(duty->regime.id, wanted->regime)) {
		wanted->state = duty->state;
		wanted->due_at = duty->due_at;
	}
	return STATUS_OK;
}

static struct wanted duty_of(const struct duty_facts *facts, const char *regime)
{
	struct wanted wanted = {regime, DUTY_PROPOSED, 0};
	assert_int_equal(duties_each(facts, take_duty, &wanted), STATUS_OK);
	return wanted;
}

static void duties_are_not_guessed(void **state)
{
	struct duty_facts german = facts_of_people("DE", 3), unknown = facts_of_people("", 3),
			  american = facts_of_people("US", 600);
	(void)state;
	assert_int_equal(duty_of(&german, "gdpr").state, DUTY_OVERDUE);
	assert_true(duty_of(&german, "gdpr").due_at == german.aware + 72 * 3600);
	assert_int_equal(duty_of(&german, "us-ca").state, DUTY_NOT_DUE);
	assert_int_equal(duty_of(&unknown, "gdpr").state, DUTY_UNKNOWN);
	assert_int_equal(duty_of(&american, "gdpr").state, DUTY_NOT_DUE);
	assert_int_equal(duty_of(&american, "us-ca").state, DUTY_UNKNOWN);
	assert_true(duty_of(&american, "us-ca").due_at == american.aware + 30 * 86400);
	assert_int_equal(duty_of(&american, "us-ca-ag").state, DUTY_UNKNOWN);
	assert_true(duty_of(&american, "us-ca-ag").due_at == CLOCK_UNKNOWN);
	struct duty_facts few = facts_of_people("US", 500);
	assert_int_equal(duty_of(&few, "us-ca-ag").state, DUTY_NOT_DUE);
	german.has_people = false;
	german.residence_count = 0;
	assert_int_equal(duty_of(&german, "gdpr").state, DUTY_UNKNOWN);
}

static void a_clock_may_begin_when_people_are_told(void **state)
{
	struct duty_facts facts = facts_of_people("US", 600);
	struct regime regime;
	size_t row = 0;
	(void)state;
	while (regime_at(row, &regime) && !bytes_equal_string(regime.id, "us-ca"))
		row++;
	facts.decisions[row].people_told = facts.now;
	assert_true(duty_of(&facts, "us-ca-ag").due_at == facts.now + 15 * 86400);
	assert_int_equal(duty_of(&facts, "us-ca").state, DUTY_DONE);
	assert_true(regime_find(BYTES_LITERAL("GDPR"), &regime) && bytes_equal_string(regime.id, "gdpr"));
	assert_false(regime_find(BYTES_LITERAL("EEA"), &regime));
}

/* ---- bounces ---- */

static const char mark[] = "tidemark.abcdefghijklmnopqrstuvwxyz@fabrikam.com";

struct taken {
	unsigned count;
	enum bounce_kind kind;
	bool is_named, is_of_several;
};

static enum status take_bounce(void *context, const struct bounce *bounce)
{
	struct taken *taken = context;
	taken->count++;
	taken->kind = bounce->kind;
	taken->is_named = bounce->message.len > 0;
	taken->is_of_several = bounce->is_of_several;
	return STATUS_OK;
}

static struct taken read_message(const char *text)
{
	struct bounce_reading reading = {.arena = arena_with_ceiling(1 << 20)};
	struct document_record record = {
		.outcome = OUTCOME_READ, .media_type = BYTES_LITERAL("message/rfc822"), .text = bytes_of_string(text)};
	struct taken taken = {0};
	assert_int_equal(bounce_take(&reading, &record), STATUS_OK);
	assert_int_equal(bounce_each(&reading, take_bounce, &taken), STATUS_OK);
	assert_int_equal(taken.count, 1);
	bounce_reading_free(&reading);
	return taken;
}

static void messages_are_told_apart(void **state)
{
	static const struct {
		const char *text;
		enum bounce_kind kind;
	} cases[] = {
		{"Action: failed\nStatus: 5.1.1\n", BOUNCE_FAILED},
		{"action:FAILED (bad address)\n", BOUNCE_FAILED},
		{"Action: failed\nStatus: 4.4.7\n", BOUNCE_FAILED},
		{"Action: delayed\nStatus: 4.4.1\n", BOUNCE_DELAYED},
		{"Action: delivered\nStatus: 2.0.0\n", BOUNCE_DELIVERED},
		{"Action: relayed\n", BOUNCE_DELIVERED},
		{"Return-Path: <>\n<x@y.z>: 550 5.7.1 no\n", BOUNCE_FAILED},
		{"From: MAILER-DAEMON@x\nhost said: 550-no such user\n", BOUNCE_FAILED},
		{"From: MAILER-DAEMON@x\nwill be tried for 5 days\n", BOUNCE_AUTOMATIC},
		{"Auto-Submitted: auto-replied\nI am away\n", BOUNCE_AUTOMATIC},
		{"Auto-Submitted: no\nhello\n", BOUNCE_ANSWER},
		{"From: anna@x\nroom 550 is free\n", BOUNCE_ANSWER},
		{"> Action: failed\n", BOUNCE_ANSWER},
		{"", BOUNCE_ANSWER},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[512];
		snprintf(text, sizeof text, "%sMessage-ID: <%s>\n", cases[i].text, mark);
		struct taken taken = read_message(text);
		if (taken.kind != cases[i].kind || !taken.is_named || taken.is_of_several)
			fail_msg("%s: %s", cases[i].text, bounce_kind_name(taken.kind));
	}
	assert_false(read_message("Action: failed\nMessage-ID: <tidemark.short@x>\n").is_named);
	char two[512];
	snprintf(two, sizeof two, "<%s> <tidemark.bbcdefghijklmnopqrstuvwxyz@x>\n", mark);
	assert_true(read_message(two).is_of_several);
}

/* Of a message one reason is kept, however many it gives: else one of them would cost those behind it their memory. */
static void a_message_costs_one_reason(void **state)
{
	static const char line[] = "Diagnostic-Code: smtp; 550 5.1.1 there is nobody of this name here\n";
	enum { LINES = 100000 };
	char *text = malloc(LINES * (sizeof line - 1) + 1);
	(void)state;
	for (size_t i = 0; i < LINES; i++)
		memcpy(text + i * (sizeof line - 1), line, sizeof line);
	assert_int_equal(read_message(text).count, 1);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(languages_follow_the_country_then_the_suffix),
		cmocka_unit_test(figures_are_written_as_the_language_writes_them),
		cmocka_unit_test(a_csirt_is_told_no_figure),
		cmocka_unit_test(lines_are_short_and_pages_escaped),
		cmocka_unit_test(messages_hold_to_their_form),
		cmocka_unit_test(only_addresses_are_written_to),
		cmocka_unit_test(a_message_costs_one_reason),
		cmocka_unit_test(recipients_are_found_in_order_and_once),
		cmocka_unit_test(duties_are_not_guessed),
		cmocka_unit_test(a_clock_may_begin_when_people_are_told),
		cmocka_unit_test(messages_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
