/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lane of literals, with detectors of its own: every word is met wherever
 * it begins, once, in order, across the scan's seams and however the text is
 * cut; and text made of nothing but beginnings costs what it is long.
 */
#include "scan-text.h"

#include "detector/literals.h"

#include <stdio.h>

static const struct literal first_words[] = {
	{"ghp_", false}, {"Password", true}, {"pass", true}, {"aaaa", false}, {"aaaab", false}};
static const struct literal second_words[] = {{"hp_x", false}, {"über", false}};

static size_t asked; /* how often any detector was */

/* The word itself, spelled with the number it has. */
static bool match_word(const struct literal *words, enum finding_kind kind, struct bytes text, size_t at, struct match *match)
{
	asked++;
	match->from = at;
	match->to = at + strlen(words[match->literal].text);
	match->kind = kind;
	match->confidence = 0.5f;
	assert_true(match->to <= text.len);
	buffer_append_format(match->value, "%zu", match->literal);
	return true;
}
static bool match_first(struct bytes text, size_t at, struct match *match)
{
	return match_word(first_words, FINDING_EMAIL, text, at, match);
}
static bool match_second(struct bytes text, size_t at, struct match *match)
{
	return match_word(second_words, FINDING_URL, text, at, match);
}
static bool match_sign(struct bytes text, size_t at, struct match *match)
{
	(void)text;
	match->from = at;
	match->to = at + 1;
	match->kind = FINDING_IP;
	match->confidence = 0.5f;
	buffer_append_string(match->value, "sign");
	return true;
}

static const struct detector detector_first = {.name = "first",
                                               .version = 1,
                                               .lane = LANE_LITERALS,
                                               .literals = first_words,
                                               .literal_count = sizeof first_words / sizeof *first_words,
                                               .match = match_first};
static const struct detector detector_second = {.name = "second",
                                                .version = 1,
                                                .lane = LANE_LITERALS,
                                                .literals = second_words,
                                                .literal_count = sizeof second_words / sizeof *second_words,
                                                .match = match_second};
static const struct detector detector_sign = {
	.name = "sign", .version = 1, .lane = LANE_TRIGGERS, .triggers = "@", .match = match_sign};

/* Of its own, so that the library's registry stays out of the program. */
const struct detector *const detector_registry[] = {&detector_first, &detector_sign, &detector_second, NULL};

static enum status write_down(void *context, const struct finding *finding)
{
	buffer_append_format(context, "%llu:%c%.*s ", (unsigned long long)finding->from, finding->rule.at[0],
	                     (int)finding->value.len, (const char *)finding->value.at);
	return STATUS_OK;
}

static void scan_pieces(struct bytes text, size_t step, struct buffer *into)
{
	struct scan *scan;
	buffer_reset(into);
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	assert_int_equal(scan_start(write_down, into, &scan), STATUS_OK);
	for (size_t at = 0; at < text.len;) {
		size_t end = at + step < text.len ? at + step : text.len;
		while (end < text.len && (text.at[end] & 0xC0) == 0x80)
			end++;
		assert_int_equal(scan_feed(scan, bytes_slice(text, at, end - at)), STATUS_OK);
		at = end;
	}
	assert_int_equal(scan_finish(scan), STATUS_OK);
	scan_free(scan);
}

static void every_word_is_met_where_it_begins(void **state)
{
	(void)state;
	struct buffer found = buffer_with_ceiling(1 << 20);
	const struct example examples[] = {
		{"", ""},
		{"ghp", ""},
		{"ghp_", "0:f0 "},
		{"xghp_", "1:f0 "},
		{"GHP_ pASSWORD Pass", "5:f1 5:f2 14:f2 "},
		{"ghp_x@ghp_", "0:f0 1:s0 5:ssign 6:f0 "},
		{"aaaaab", "0:f3 1:f4 1:f3 "},
		{"üüber ü", "1:s1 "},
	};
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		scan_pieces(bytes_of_string(examples[i].text), 1000, &found);
		buffer_append_byte(&found, 0);
		assert_string_equal((const char *)found.at, examples[i].values);
	}
	buffer_free(&found);
}

/* Words at every place around the ends of two blocks, and the same in pieces. */
static void seams_and_cuts_change_nothing(void **state)
{
	(void)state;
	enum { BLOCK = 64 * 1024 };
	struct buffer text = buffer_with_ceiling(1 << 20), found = buffer_with_ceiling(1 << 20),
		      again = buffer_with_ceiling(1 << 20);
	for (size_t before = 0; before < 12; before++) {
		buffer_reset(&text);
		for (size_t block = 1; block <= 2; block++)
			while (text.len < block * BLOCK - before)
				buffer_append_byte(&text, '.');
		buffer_append_string(&text, "ghp_x");
		memcpy(text.at + BLOCK - before, "Password", 8);
		char wanted[80];
		snprintf(wanted, sizeof wanted, "%zu:f1 %zu:f2 %zu:f0 %zu:s0 ", BLOCK - before, BLOCK - before,
		         2 * BLOCK - before, 2 * BLOCK - before + 1);
		scan_pieces(buffer_bytes(&text), SIZE_MAX / 2, &found);
		assert_true(bytes_equal_string(buffer_bytes(&found), wanted));
		for (size_t step = 1; step < 5000; step = step * 3 + before) {
			scan_pieces(buffer_bytes(&text), step, &again);
			assert_true(bytes_equal(buffer_bytes(&again), buffer_bytes(&found)));
		}
	}
	buffer_free(&text);
	buffer_free(&found);
	buffer_free(&again);
}

/* A word begins at each byte but the last: it is asked about once for each that does, and no oftener. */
static void repetition_costs_what_it_is_long(void **state)
{
	(void)state;
	enum { LENGTH = 4 << 20 };
	struct buffer text = buffer_with_ceiling(LENGTH), found = buffer_with_ceiling(SIZE_MAX / 2);
	for (size_t i = 0; i < LENGTH; i++)
		buffer_append_byte(&text, 'a');
	asked = 0;
	scan_pieces(buffer_bytes(&text), SIZE_MAX / 2, &found);
	assert_int_equal(asked, LENGTH - 3);
	memset(text.at, 'p', LENGTH); /* passes no filter */
	asked = 0;
	scan_pieces(buffer_bytes(&text), SIZE_MAX / 2, &found);
	assert_int_equal(asked, 0);
	buffer_free(&text);
	buffer_free(&found);
}

/* What it finds is what comparing at every byte finds. */
static void agrees_with_the_plain_way(void **state)
{
	(void)state;
	static const struct literal words[] = {
		{"abab", false}, {"baba", true}, {"abba", false}, {"aabb", true}, {"bbbbbb", false}};
	const struct literal *given[] = {&words[0], &words[1], &words[2], &words[3], &words[4]};
	struct literals *literals;
	assert_int_equal(literals_make(given, 5, &literals), STATUS_OK);
	uint32_t random = 7;
	unsigned char letters[300];
	for (size_t i = 0; i < sizeof letters; i++)
		letters[i] = (unsigned char)"abAB"[(random = random * 1664525 + 1013904223) >> 30];
	struct bytes text = bytes_of(letters, sizeof letters);
	for (size_t from = 0; from < 40; from++) {
		size_t at = from, end = text.len - from / 2;
		for (size_t place = from; place < end; place++) {
			size_t cursor = 0, word, met = 0;
			for (size_t i = 0; i < 5; i++) {
				struct bytes here = bytes_from(text, place), wanted = bytes_of_string(words[i].text);
				if (!(words[i].is_any_case ? bytes_start_with_nocase(here, wanted)
				                           : bytes_start_with(here, wanted)))
					continue;
				if (met++ == 0) {
					assert_int_equal(literals_find(literals, text, at, end), place);
					assert_int_equal(literals_find_plain(literals, text, at, end), place);
				}
				assert_true(literals_next(literals, text, place, &cursor, &word));
				assert_int_equal(word, i);
			}
			assert_false(literals_next(literals, text, place, &cursor, &word));
			at = met > 0 ? place + 1 : at;
		}
		assert_int_equal(literals_find(literals, text, at, end), end);
	}
	literals_free(literals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_is_met_where_it_begins),
		cmocka_unit_test(seams_and_cuts_change_nothing),
		cmocka_unit_test(repetition_costs_what_it_is_long),
		cmocka_unit_test(agrees_with_the_plain_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
