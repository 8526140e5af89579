/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lexicon: which names are met in a text and where, what is no name though
 * its words stand there, time that depends on the text alone, and blocks that
 * are none.
 */
#include "words/lexicon.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

/* Behind our headers: it defines a macro called fail. */
#include <cmocka.h>

static const unsigned char seed[LEXICON_SEED_SIZE] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5};

/* clang-format off */
#define TEXT(text) {(const unsigned char *)(text), sizeof(text) - 1}
#define NAME(text) {0, LEXICON_NAME, false, TEXT(text)}
#define EXACT(text) {1, LEXICON_NAME, true, TEXT(text)}
#define NUMBER(text) {1, LEXICON_NUMBER, false, TEXT(text)}
/* clang-format on */

static const struct lexicon_owner owners[] = {
	{TEXT("contoso.com"), TEXT("Contoso")},
	{TEXT("fabrikam.de"), TEXT("Fabrikam")},
};

static const struct lexicon_term terms[] = {
	NAME("Contoso"),
	NAME("Contoso Energy GmbH"),
	NAME("Energy Partners"),
	NAME("Müller & Söhne"),
	NAME("Dr. Oetker"),
	NAME("The Northern Star Company"),
	NAME("Northern Star"),
	NAME("Litware, Inc."),
	NAME("L'Éclair Réunie"),
	NAME("東洋電機製造"),
	NAME("Aktiengesellschaftsverwaltungsgesellschaft Nord"),
	NAME("Straße Süd"),
	EXACT("H&M"),
	EXACT("SAP"),
	NUMBER("K-10234"),
	NUMBER("4711-0815"),
	NAME("a b c"),
	NAME("b c d e"),
	NAME("c"),
};

struct meeting {
	const struct lexicon *lexicon;
	struct bytes text;
	struct buffer met;
	size_t count, end;
};

static enum status meet(void *context, const struct lexicon_match *match)
{
	struct meeting *meeting = context;
	assert_true(match->from < match->to && match->to <= meeting->text.len && match->from >= meeting->end);
	assert_true(text_is_valid(bytes_slice(meeting->text, match->from, match->to - match->from)));
	meeting->end = match->to;
	if (meeting->count++ > 0)
		buffer_append_byte(&meeting->met, '|');
	buffer_append(&meeting->met, bytes_slice(meeting->text, match->from, match->to - match->from));
	return STATUS_OK;
}

struct house {
	struct fold *fold;
	struct buffer block;
	struct lexicon lexicon;
};

static void build(struct house *house, const struct lexicon_term *given, size_t count)
{
	assert_int_equal(fold_new(&house->fold), STATUS_OK);
	house->block = buffer_with_ceiling(LEXICON_SIZE_MAX);
	assert_int_equal(lexicon_build(house->fold, seed, owners, 2, given, count, &house->block), STATUS_OK);
	assert_int_equal(lexicon_open(buffer_bytes(&house->block), &house->lexicon), STATUS_OK);
}

static void tear_down(struct house *house)
{
	buffer_free(&house->block);
	fold_free(house->fold);
}

static void check(const struct house *house, const char *text, const char *met)
{
	struct meeting meeting = {.lexicon = &house->lexicon, .text = bytes_of_string(text), .met = buffer_with_ceiling(1 << 20)};
	assert_int_equal(lexicon_find(&house->lexicon, house->fold, meeting.text, meet, &meeting), STATUS_OK);
	if (!bytes_equal_string(buffer_bytes(&meeting.met), met))
		fail_msg("in: %s\nmet: %s\nnot: %s", text, buffer_string(&meeting.met), met);
	buffer_free(&meeting.met);
}

static void names_are_met(void **state)
{
	static const struct {
		const char *text, *met;
	} examples[] = {
		{"", ""},
		{"Contoso", "Contoso"},
		{"from CONTOSO to contoso, and Contosos not", "CONTOSO|contoso"},
		{"(Contoso)", "Contoso"},
		{"„Contoso“ – Contoso’s", "Contoso|Contoso"},
		/* the longest of those that begin first */
		{"Contoso Energy GmbH wrote", "Contoso Energy GmbH"},
		{"Contoso Energy Ltd wrote", "Contoso"},
		{"Contoso Energy Partners", "Contoso|Energy Partners"},
		{"Contoso Contoso Energy GmbH", "Contoso|Contoso Energy GmbH"},
		{"the northern star company", "the northern star company"},
		{"The Northern Star Choir", "Northern Star"},
		{"a b c", "a b c"},
		{"a b c d e", "a b c"},
		{"b c d e, b c d", "b c d e|c"},
		{"x b c", "c"},
		/* case and marks */
		{"MUELLER & Soehne, Müller & Söhne, MÜLLER & SÖHNE, Muller & Sohne",
	         "Müller & Söhne|MÜLLER & SÖHNE|Muller & Sohne"},
		{"STRASSE SÜD, Strasse Sud", "STRASSE SÜD|Strasse Sud"},
		{"Mu\xCC\x88ller & So\xCC\x88hne", "Mu\xCC\x88ller & So\xCC\x88hne"},
		{"l’eclair reunie", "l’eclair reunie"},
		{"契約:東洋電機製造株式会社", "東洋電機製造"},
		{"AKTIENGESELLSCHAFTSVERWALTUNGSGESELLSCHAFT NORD", "AKTIENGESELLSCHAFTSVERWALTUNGSGESELLSCHAFT NORD"},
		/* between words */
		{"Contoso\nEnergy\r\nGmbH", "Contoso\nEnergy\r\nGmbH"},
		{"Contoso-Energy GmbH", "Contoso-Energy GmbH"},
		{"Contoso\n\nEnergy GmbH", "Contoso"},
		{"Contoso\tEnergy GmbH", "Contoso"},
		{"Contoso: Energy GmbH", "Contoso"},
		{"we sold Energy. Partners came", ""},
		{"Energy, Partners", ""},
		{"The Northern, Star Company", ""},
		{"Dr Oetker, Dr. Oetker, Dr.Oetker", "Dr Oetker|Dr. Oetker|Dr.Oetker"},
		{"Litware Inc, Litware, Inc. and Litware Inc.", "Litware Inc|Litware, Inc|Litware Inc"},
		/* addresses and files are no names */
		{"info@contoso.com www.contoso.com https://contoso.com/a contoso_2.pdf", ""},
		{"Contoso/Fabrikam and Contoso. Then", "Contoso|Contoso"},
		/* as written alone */
		{"H&M, h&m, H M, H & M, SAP, sap, Sap", "H&M|SAP"},
		/* numbers with their marks, and whole */
		{"K-10234, k-10234, K 10234, K10234, K-10234-5, XK-10234, 1.K-10234", "K-10234|k-10234"},
		{"no. 4711-0815.", "4711-0815"},
	};
	struct house house;
	(void)state;
	build(&house, terms, sizeof terms / sizeof *terms);
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
		check(&house, examples[i].text, examples[i].met);
	tear_down(&house);
}

/* Wherever a name stands within the blocks that text is cut in. */
static void places_do_not_matter(void **state)
{
	struct house house;
	(void)state;
	build(&house, terms, sizeof terms / sizeof *terms);
	for (size_t lead = 0; lead < 200; lead++) {
		struct buffer text = buffer_with_ceiling(4096), met = buffer_with_ceiling(4096);
		for (size_t i = 0; i < lead; i++)
			buffer_append_byte(&text, i % 9 == 8 ? ' ' : 'x');
		buffer_append_string(
			&text,
			" Contoso Energy GmbH Müller & Söhne 東洋電機製造 H&M aktiengesellschaftsverwaltungsgesellschaft nord");
		buffer_append_string(
			&met,
			"Contoso Energy GmbH|Müller & Söhne|東洋電機製造|H&M|aktiengesellschaftsverwaltungsgesellschaft nord");
		check(&house, buffer_string(&text), buffer_string(&met));
		buffer_free(&text);
		buffer_free(&met);
	}
	tear_down(&house);
}

static void terms_say_whose_they_are(void **state)
{
	struct house house;
	(void)state;
	build(&house, terms, sizeof terms / sizeof *terms);
	assert_int_equal(lexicon_count_terms(&house.lexicon), sizeof terms / sizeof *terms);
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
		struct lexicon_term term = lexicon_term_at(&house.lexicon, i);
		assert_true(bytes_equal(term.text, terms[i].text) && term.owner == terms[i].owner && term.kind == terms[i].kind &&
		            term.is_exact == terms[i].is_exact);
	}
	assert_true(bytes_equal_string(lexicon_owner_at(&house.lexicon, 1).domain, "fabrikam.de"));
	assert_true(bytes_equal_string(lexicon_owner_at(&house.lexicon, 1).name, "Fabrikam"));
	tear_down(&house);
}

static void nothing_is_in_nothing(void **state)
{
	struct house house;
	(void)state;
	build(&house, NULL, 0);
	check(&house, "Contoso", "");
	tear_down(&house);
}

/* ---- time ---- */

static double seconds(const struct house *house, const char *unit, size_t times)
{
	struct buffer text = buffer_with_ceiling(64 << 20);
	double best = 1e9;
	for (size_t i = 0; i < times; i++)
		buffer_append_string(&text, unit);
	assert_int_equal(buffer_status(&text), STATUS_OK);
	for (int round = 0; round < 3; round++) {
		struct meeting meeting = {.lexicon = &house->lexicon, .text = buffer_bytes(&text), .met = buffer_with_ceiling(0)};
		clock_t before = clock();
		assert_int_equal(lexicon_find(&house->lexicon, house->fold, meeting.text, meet, &meeting), STATUS_OK);
		double took = (double)(clock() - before) / CLOCKS_PER_SEC;
		best = took < best ? took : best;
	}
	buffer_free(&text);
	return best;
}

/* A name for each length up to the longest, all of one word; what they are made of repeated is one failure after the other. */
static void time_is_linear(void **state)
{
	static const char *const units[] = {"a ", "a a a a a a a a a a a a a a a b ", "a", "\xC3\xA9 ", "a, a. ", "\xE6\x9D\xB1"};
	struct lexicon_term deep[2 * LEXICON_WORDS_MAX];
	struct buffer texts = buffer_with_ceiling(1 << 20);
	struct house house;
	(void)state;
	for (size_t i = 0; i < 2 * LEXICON_WORDS_MAX; i++) {
		size_t from = texts.len;
		for (size_t word = 0; word < i / 2; word++)
			buffer_append_string(&texts, "a ");
		buffer_append_string(&texts, i % 2 ? "b" : "a");
		deep[i] = (struct lexicon_term){0, LEXICON_NAME, false, bytes_of(NULL, texts.len - from)};
	}
	const unsigned char *at = texts.at;
	for (size_t i = 0; i < 2 * LEXICON_WORDS_MAX; i++) {
		deep[i].text.at = at;
		at += deep[i].text.len;
	}
	build(&house, deep, 2 * LEXICON_WORDS_MAX);
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		size_t times = 100000 / strlen(units[i]);
		double once = seconds(&house, units[i], times), more = seconds(&house, units[i], 8 * times);
		/* Quadratic would be 64 times. */
		if (more > 24 * once + 0.02)
			fail_msg("\"%s\": %.4f s, and of eight times as much %.4f s", units[i], once, more);
	}
	tear_down(&house);
	buffer_free(&texts);
}

/* ---- blocks ---- */

/* Any byte changed: it is refused, or used and no harm done. */
static void damage_does_no_harm(void **state)
{
	static const char text[] = "Contoso Energy GmbH, Contoso, The Northern Star Company, H&M, K-10234 a b c d e 東洋電機製造";
	struct house house;
	struct lexicon lexicon;
	size_t refused = 0;
	(void)state;
	build(&house, terms, sizeof terms / sizeof *terms);
	for (size_t i = 0; i < house.block.len; i++)
		for (unsigned bit = 0; bit < 8; bit += i < 256 ? 1 : 5) {
			house.block.at[i] ^= (unsigned char)(1u << bit);
			if (lexicon_open(buffer_bytes(&house.block), &lexicon) == STATUS_OK) {
				struct meeting meeting = {
					.lexicon = &lexicon, .text = BYTES_LITERAL(text), .met = buffer_with_ceiling(4096)};
				assert_int_equal(lexicon_find(&lexicon, house.fold, meeting.text, meet, &meeting), STATUS_OK);
				buffer_free(&meeting.met);
			} else {
				refused++;
			}
			house.block.at[i] ^= (unsigned char)(1u << bit);
		}
	assert_true(refused > 1000);
	for (size_t len = 0; len < house.block.len; len += 7)
		assert_int_equal(lexicon_open(bytes_of(house.block.at, len), &lexicon), STATUS_MALFORMED);
	tear_down(&house);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_met),
		cmocka_unit_test(places_do_not_matter),
		cmocka_unit_test(terms_say_whose_they_are),
		cmocka_unit_test(nothing_is_in_nothing),
		cmocka_unit_test(time_is_linear),
		cmocka_unit_test(damage_does_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
