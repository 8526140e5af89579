/* SPDX-License-Identifier: Apache-2.0 */
/* similarity and sketches: estimates hold against counted shingles, layout does not count, and nothing made up is believed. */
#include "understanding/similarity.h"

#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const unsigned char key[FINDING_SECRET_KEY_SIZE] = "one incident's", other_key[FINDING_SECRET_KEY_SIZE] = "another's";

static struct sketch sketch_of(const char *text)
{
	struct sketch sketch;
	assert_int_equal(similarity_sketch(key, bytes_of_string(text), &sketch), STATUS_OK);
	return sketch;
}

/* word0 word1 ...; each change-th is another. */
static char *words(size_t count, size_t change)
{
	struct buffer text = buffer_with_ceiling(64 * count + 64);
	for (size_t i = 0; i < count; i++)
		buffer_append_format(&text, "%s%zu%s", change > 0 && i % change == change - 1 ? "other" : "word", i,
		                     i % 12 == 11 ? "\n" : " ");
	assert_int_equal(buffer_status(&text), STATUS_OK);
	char *copy = strdup(buffer_string(&text));
	buffer_free(&text);
	return copy;
}

/* Of n words one in m changed: five shingles of each change differ. */
static double counted(size_t count, size_t change)
{
	double shingles = (double)(count - SKETCH_SHINGLE + 1), differ = 0;
	for (size_t i = 0; i + SKETCH_SHINGLE <= count; i++) {
		bool is_changed = false;
		for (size_t j = i; j < i + SKETCH_SHINGLE; j++)
			is_changed |= j % change == change - 1;
		differ += is_changed;
	}
	return (shingles - differ) / (shingles + differ);
}

static void estimates_what_can_be_counted(void **state)
{
	static const size_t counts[] = {300, 3000, 60000}, changes[] = {12, 30, 50, 120};
	(void)state;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		char *plain = words(counts[i], 0);
		struct sketch a = sketch_of(plain);
		for (size_t j = 0; j < sizeof changes / sizeof *changes; j++) {
			char *changed = words(counts[i], changes[j]);
			struct sketch b = sketch_of(changed);
			double told = sketch_similarity(&a, &b), real = counted(counts[i], changes[j]);
			assert_true(told > real - 0.06 && told < real + 0.06);
			assert_false(sketch_is_same_text(&a, &b));
			free(changed);
		}
		free(plain);
	}
}

static void layout_and_case_do_not_count(void **state)
{
	(void)state;
	struct sketch a = sketch_of("The quick brown fox jumps over the lazy dog, and the dog does not mind it in the least; it "
	                            "sleeps on in the sun until noon.");
	struct sketch b = sketch_of(
		"THE QUICK  brown\tfox jumps\r\nover the la\xC2\xADzy dog, and\xC2\xA0the dog does not mind it in\n"
		"the least; it sleeps on in the sun until noon.\n\n");
	struct sketch c = sketch_of("The quick brown fox jumps over the lazy dog, and the dog does not mind it in the least; it "
	                            "sleeps on in the sun until noon!");
	assert_true(sketch_is_same_text(&a, &b));
	assert_true(sketch_is_kin(&a, &b));
	assert_false(sketch_is_same_text(&a, &c));
	assert_false(a.has_bins);
	assert_true(sketch_similarity(&a, &a) < 0.1);
}

static void short_texts_have_none(void **state)
{
	struct sketch sketch;
	(void)state;
	assert_int_equal(similarity_sketch(key, BYTES_NONE, &sketch), STATUS_ABSENT);
	assert_int_equal(similarity_sketch(key, BYTES_LITERAL("Kind regards, and see you on Monday at ten."), &sketch),
	                 STATUS_ABSENT);
}

static void keys_of_incidents_keep_them_apart(void **state)
{
	char *text = words(400, 0);
	struct sketch a = sketch_of(text), b;
	(void)state;
	assert_int_equal(similarity_sketch(other_key, bytes_of_string(text), &b), STATUS_OK);
	assert_false(sketch_is_same_text(&a, &b));
	assert_true(sketch_similarity(&a, &b) < 0.05);
	free(text);
}

static struct finding found(enum finding_kind kind, const char *value)
{
	return (struct finding){.kind = kind, .value = bytes_of_string(value)};
}

static void note(struct sketch *sketch, const struct finding *findings, size_t count)
{
	assert_int_equal(similarity_note_findings(key, findings, count, sketch), STATUS_OK);
}

/* Two forms that were filled in for two people are near, and not one document. */
static void what_was_found_keeps_forms_apart(void **state)
{
	char *text = words(600, 0), *changed = words(600, 150);
	struct sketch a = sketch_of(text), b = sketch_of(changed), c = b, d = b, blank = b;
	(void)state;
	note(&a, (struct finding[]){found(FINDING_PERSON, "anna"), found(FINDING_EMAIL, "a@x.example")}, 2);
	note(&b, (struct finding[]){found(FINDING_PERSON, "bert"), found(FINDING_EMAIL, "b@x.example")}, 2);
	note(&c,
	     (struct finding[]){found(FINDING_EMAIL, "a@x.example"), found(FINDING_PERSON, "anna"),
	                        found(FINDING_PERSON, "anna")},
	     3);
	note(&d, (struct finding[]){found(FINDING_EMAIL, "anna"), found(FINDING_PERSON, "a@x.example")}, 2);
	note(&blank, NULL, 0);
	assert_true(sketch_similarity(&a, &b) > SKETCH_NEAR);
	assert_true(sketch_is_kin(&a, &c));
	assert_false(sketch_is_kin(&a, &b));
	assert_false(sketch_is_kin(&a, &d));
	assert_false(sketch_is_kin(&a, &blank));
	free(text);
	free(changed);
}

static void goes_into_a_fact_and_out_of_it(void **state)
{
	char *text = words(500, 0), value[SKETCH_VALUE_SIZE];
	struct sketch a = sketch_of(text), b;
	(void)state;
	note(&a, (struct finding[]){found(FINDING_EMAIL, "a@x.example")}, 1);
	struct fact fact = sketch_fact(&a, value);
	assert_true(fact.value.len < FACT_VALUE_MAX);
	assert_true(sketch_of_fact(&fact, &b));
	assert_memory_equal(a.bins, b.bins, sizeof a.bins);
	assert_true(a.findings == b.findings && sketch_is_same_text(&a, &b));
	/* A worker that was taken over says what it likes. */
	static const char bad[] = {'\x01', '=', ' ', '\xC3'};
	for (size_t i = 0; i < sizeof bad; i++)
		for (size_t at = 40; at < SKETCH_VALUE_SIZE; at += 97) {
			char kept = value[at];
			value[at] = bad[i];
			assert_false(sketch_of_fact(&fact, &b));
			value[at] = kept;
		}
	for (size_t length = 0; length < SKETCH_VALUE_SIZE; length += 61)
		assert_false(sketch_of_value(bytes_of(value, length == 48 ? 47 : length), &b));
	memset(value + 48, 'A', SKETCH_VALUE_SIZE - 48);
	assert_false(sketch_of_fact(&fact, &b));
	fact.kind = FACT_CLASS;
	assert_false(sketch_of_fact(&fact, &b));
	free(text);
}

static size_t shared_bands(const struct sketch *a, const struct sketch *b)
{
	int64_t keys_a[SKETCH_KEYS], keys_b[SKETCH_KEYS];
	size_t count_a = sketch_keys(a, keys_a), count_b = sketch_keys(b, keys_b), shared = 0;
	assert_int_equal(count_a, SKETCH_KEYS);
	for (size_t i = 0; i < count_a; i++) {
		assert_true(keys_a[i] > 0);
		assert_int_equal(keys_a[i] & 1, i == SKETCH_KEYS - 1);
		for (size_t j = 0; j < count_b; j++)
			shared += keys_a[i] == keys_b[j];
	}
	return shared;
}

static void what_is_near_shares_a_band(void **state)
{
	(void)state;
	for (size_t count = 80; count < 4000; count += 61) {
		char *plain = words(count, 0), *near_one = words(count, 48);
		struct sketch a = sketch_of(plain), b = sketch_of(near_one);
		assert_int_equal(shared_bands(&a, &a), SKETCH_KEYS);
		if (sketch_similarity(&a, &b) >= SKETCH_NEAR)
			assert_true(shared_bands(&a, &b) > 0);
		free(plain);
		free(near_one);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(estimates_what_can_be_counted),
		cmocka_unit_test(layout_and_case_do_not_count),
		cmocka_unit_test(short_texts_have_none),
		cmocka_unit_test(keys_of_incidents_keep_them_apart),
		cmocka_unit_test(what_was_found_keeps_forms_apart),
		cmocka_unit_test(goes_into_a_fact_and_out_of_it),
		cmocka_unit_test(what_is_near_shares_a_band),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
