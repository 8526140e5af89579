/* SPDX-License-Identifier: Apache-2.0 */
/* Findings depend on the document alone: not on how it is cut into pieces, nor on where the scan's own blocks begin. */
#include "scan-text.h"

enum { BLOCK = 64 * 1024 };

static const char sample[] =
	"From: Jörg Müller <jörg@müller.de>, anna@contoso.com\n"
	"siehe https://acct.blob.core.windows.net/c/k?sv=1&sig=abc 🍓 用户@例子.公司 10.0.0.1 2001:db8::1 www.contoso.de\n"
	"http://contoso.com/a?x=https://fabrikam.com/b first.last.com@contoso.com contoso.net v1.2.3.4 ::ffff:192.0.2.1 «bob@x.org»\n"
	"paid by 4111 1111 1111 1111 to DE89 3704 0044 0532 0130 00, card:5555555555554444\n"
	"Tel. 030/901820-0, +49 (0)30 901820 (415) 555-0123 VAT DE 136 695 976 SSN: 219-09-9999 geb. am 1. März 1975\n"
	"1.234,56 € $5 EUR 1'000.50 Rechnung Nr. RE-20151008/504 vom 08.10.2015 PO # 4711 NIR 2 53 07 2A 073 004 43\n"
	"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n";

/* All that was found, a line each; spans less a number of code points, so that shifted documents compare equal. */
struct report {
	struct buffer lines;
	uint64_t shift;
};

static enum status report_finding(void *context, const struct finding *finding)
{
	struct report *report = context;
	buffer_append_format(&report->lines, "%s %.*s %lld %lld %.2f ", finding_kind_name(finding->kind), (int)finding->rule.len,
	                     (const char *)finding->rule.at, (long long)finding->from - (long long)report->shift,
	                     (long long)finding->to - (long long)report->shift, (double)finding->confidence);
	buffer_append(&report->lines, finding->value);
	buffer_append_byte(&report->lines, ' ');
	buffer_append(&report->lines, finding->raw);
	buffer_append_byte(&report->lines, '\n');
	return STATUS_OK;
}

static bool is_boundary(struct bytes text, size_t at)
{
	return at >= text.len || (text.at[at] & 0xC0) != 0x80;
}

/* Feeds two or more pieces: first up to cut, then of size step (0: the rest at once). */
static void scan_in_pieces(struct scan *scan, struct bytes text, size_t cut, size_t step)
{
	assert_int_equal(scan_feed(scan, bytes_slice(text, 0, cut)), STATUS_OK);
	while (cut < text.len) {
		size_t end = step ? cut + step : text.len;
		while (!is_boundary(text, end))
			end++;
		assert_int_equal(scan_feed(scan, bytes_slice(text, cut, end - cut)), STATUS_OK);
		cut = end;
	}
	assert_int_equal(scan_finish(scan), STATUS_OK);
}

static void assert_same(const struct report *a, const struct report *b, size_t where)
{
	if (!bytes_equal(buffer_bytes(&a->lines), buffer_bytes(&b->lines)))
		fail_msg("at %zu:\n%.*s\nis not\n%.*s", where, (int)a->lines.len, (const char *)a->lines.at, (int)b->lines.len,
		         (const char *)b->lines.at);
}

static void cuts_change_nothing(void **state)
{
	(void)state;
	struct bytes text = bytes_of_string(sample);
	struct report whole = {.lines = buffer_with_ceiling(1 << 20)}, cut = {.lines = buffer_with_ceiling(1 << 20)};
	struct scan *scan, *cut_scan;
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	assert_int_equal(scan_start(report_finding, &whole, &scan), STATUS_OK);
	assert_int_equal(scan_start(report_finding, &cut, &cut_scan), STATUS_OK);
	scan_in_pieces(scan, text, 0, 0);
	assert_true(whole.lines.len > 800);
	for (size_t at = 0; at <= text.len; at++) {
		if (!is_boundary(text, at))
			continue;
		buffer_reset(&cut.lines);
		scan_in_pieces(cut_scan, text, at, 0);
		assert_same(&whole, &cut, at);
	}
	for (size_t step = 1; step < 9; step++) {
		buffer_reset(&cut.lines);
		scan_in_pieces(cut_scan, text, 0, step);
		assert_same(&whole, &cut, step);
	}
	scan_free(scan);
	scan_free(cut_scan);
	buffer_free(&whole.lines);
	buffer_free(&cut.lines);
}

/* The sample behind so many bytes of filling, and with as many behind it. Two-byte letters make bytes and code points
 * differ. */
static void report_shifted(struct scan *scan, struct report *report, size_t filling, size_t piece)
{
	struct buffer text = buffer_with_ceiling(1 << 20);
	for (size_t i = 0; i + 2 <= filling; i += 2)
		buffer_append_string(&text, i % 64 == 0 ? "\n " : "é");
	if (filling % 2 != 0)
		buffer_append_string(&text, ".");
	buffer_append_string(&text, "\n");
	report->shift = text_count(buffer_bytes(&text));
	buffer_append_string(&text, sample);
	for (size_t i = 0; i < 3000; i++)
		buffer_append_string(&text, "\n-");
	buffer_reset(&report->lines);
	scan_in_pieces(scan, buffer_bytes(&text), 0, piece);
	buffer_free(&text);
}

static void seams_change_nothing(void **state)
{
	(void)state;
	struct report first = {.lines = buffer_with_ceiling(1 << 20)}, other = {.lines = buffer_with_ceiling(1 << 20)};
	struct scan *scan, *other_scan;
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	assert_int_equal(scan_start(report_finding, &first, &scan), STATUS_OK);
	assert_int_equal(scan_start(report_finding, &other, &other_scan), STATUS_OK);
	report_shifted(scan, &first, 100, 0);
	for (size_t before = 0; before <= sizeof sample + 2; before++) {
		report_shifted(other_scan, &other, BLOCK - before, before % 3 == 0 ? 4099 : 0);
		assert_same(&first, &other, before);
		if (before % 7 == 0) {
			report_shifted(other_scan, &other, 2 * BLOCK - before, 0);
			assert_same(&first, &other, before);
		}
	}
	for (size_t before = 0; before < 40; before++) {
		report_shifted(other_scan, &other, BLOCK + DETECTOR_REACH - before, 0);
		assert_same(&first, &other, before);
	}
	scan_free(scan);
	scan_free(other_scan);
	buffer_free(&first.lines);
	buffer_free(&other.lines);
}

static enum status refuse(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
	return STATUS_BUSY;
}

static void hands_on_a_refusal(void **state)
{
	(void)state;
	struct scan *scan;
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	assert_int_equal(scan_start(refuse, NULL, &scan), STATUS_OK);
	assert_int_equal(scan_feed(scan, BYTES_LITERAL("anna@contoso.com")), STATUS_OK);
	assert_int_equal(scan_finish(scan), STATUS_BUSY);
	assert_int_equal(scan_feed(scan, BYTES_LITERAL("nothing")), STATUS_OK);
	assert_int_equal(scan_finish(scan), STATUS_OK);
	assert_int_equal(scan_finish(scan), STATUS_OK);
	scan_free(scan);
	scan_free(NULL);
}

/* What is worst for each detector; a walk that is not bounded would make this test take minutes. */
static void hostile_text_ends(void **state)
{
	(void)state;
	static const char *const worst[] = {
		"@",
		".",
		":",
		"a.",
		"a@",
		"a@b.",
		"a@b.co,",
		"::",
		"f:",
		"1.",
		"http://",
		"http://a.b/",
		"=a@b.com",
		"%41",
		"x-",
		"é",
		"%25",
		"http://a/?sig=",
		"://",
		"&sig=",
		"用.",
		"\n\t<a@b.com>",
		"a@b.com\n ",
		"7",
		"1 ",
		"1.",
		"1-1/",
		"4111 ",
		"4111111111111111 ",
		"DE89 ",
		"card 1 ",
		"41111111111111111111 ",
	};
	struct report report = {.lines = buffer_with_ceiling(256u << 20)};
	struct buffer text = buffer_with_ceiling(1 << 20);
	struct scan *scan;
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	assert_int_equal(scan_start(report_finding, &report, &scan), STATUS_OK);
	for (size_t i = 0; i < sizeof worst / sizeof worst[0]; i++) {
		buffer_reset(&text);
		buffer_reset(&report.lines);
		while (text.len < 512 * 1024)
			buffer_append_string(&text, worst[i]);
		scan_in_pieces(scan, buffer_bytes(&text), 0, 0);
		assert_int_equal(buffer_status(&report.lines), STATUS_OK);
	}
	scan_free(scan);
	buffer_free(&text);
	buffer_free(&report.lines);
}

struct marks {
	struct buffer kinds;
};

static enum status mark_finding(void *context, const struct finding *finding)
{
	struct marks *marks = context;
	bool is_carved = finding_is_carved(finding);
	assert_true(!is_carved || finding->confidence <= FINDING_CARVED_CONFIDENCE);
	assert_true(is_carved == bytes_end_with(finding->rule, BYTES_LITERAL("/carved")));
	if (finding->kind == FINDING_EMAIL)
		buffer_append_byte(&marks->kinds, is_carved ? 'c' : 'r');
	return STATUS_OK;
}

/* Wherever the seams of blocks lie, what touches carved text is marked, and nothing else. */
static void what_was_carved_is_marked(void **state)
{
	(void)state;
	struct marks marks = {buffer_with_ceiling(1 << 20)};
	struct buffer filler = buffer_with_ceiling(4 * BLOCK);
	struct scan *scan;
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	assert_int_equal(scan_start(mark_finding, &marks, &scan), STATUS_OK);
	for (size_t shift = 0; shift < 3 * BLOCK; shift += 5003) {
		buffer_reset(&marks.kinds);
		buffer_reset(&filler);
		while (filler.len < shift)
			buffer_append_byte(&filler, '\n');
		assert_int_equal(scan_feed(scan, buffer_bytes(&filler)), STATUS_OK);
		for (unsigned i = 0; i < 3; i++) {
			assert_int_equal(scan_turn(scan, false), STATUS_OK);
			assert_int_equal(scan_feed(scan, BYTES_LITERAL("anna@contoso.com\n")), STATUS_OK);
			assert_int_equal(scan_turn(scan, true), STATUS_OK);
			assert_int_equal(scan_feed(scan, BYTES_LITERAL("bob@fabrikam.com\n")), STATUS_OK);
		}
		assert_int_equal(scan_feed(scan, BYTES_LITERAL("carl@")), STATUS_OK);
		assert_int_equal(scan_turn(scan, false), STATUS_OK);
		assert_int_equal(scan_feed(scan, BYTES_LITERAL("contoso.com\ndora@contoso.com\n")), STATUS_OK);
		assert_int_equal(scan_finish(scan), STATUS_OK);
		/* carl@ runs on into what was read behind it. */
		assert_int_equal(marks.kinds.len, 8);
		assert_memory_equal(marks.kinds.at, "rcrcrccr", 8);
	}
	scan_free(scan);
	buffer_free(&filler);
	buffer_free(&marks.kinds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_change_nothing),       cmocka_unit_test(seams_change_nothing),
		cmocka_unit_test(what_was_carved_is_marked), cmocka_unit_test(hands_on_a_refusal),
		cmocka_unit_test(hostile_text_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
