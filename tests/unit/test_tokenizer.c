/* SPDX-License-Identifier: Apache-2.0 */
/* What search takes for a word, and how what looks alike becomes equal. */
#include "words/tokenizer.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

static struct fold *fold;

static int set_up(void **state)
{
	(void)state;
	return fold_new(&fold) == STATUS_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	fold_free(fold);
	return 0;
}

static int keep_token(void *context, const struct token *token)
{
	struct buffer *text = context;
	if (text->len > 0)
		buffer_append_byte(text, ' ');
	buffer_append(text, token->text);
	return 0;
}

static void check_words(const char *text, bool is_query, const char *expected)
{
	struct buffer words = buffer_with_ceiling(1u << 16);
	assert_int_equal(tokenizer_split(fold, bytes_of_string(text), is_query, keep_token, &words), 0);
	assert_string_equal(buffer_string(&words), expected);
	buffer_free(&words);
}

static void check_fold(const char *text, const char *expected)
{
	struct buffer folded = buffer_with_ceiling(1u << 16);
	fold_append(fold, &folded, bytes_of_string(text));
	assert_string_equal(buffer_string(&folded), expected);
	buffer_free(&folded);
}

static void what_is_folded_folds_into_itself(void **state)
{
	static const char *const written[] = {"",
	                                      "Hello World 42",
	                                      ("STRASSE stra\xC3\x9F"
	                                       "e"),
	                                      "A\xCC\x88rger",
	                                      "\xEF\xAC\x81nd",
	                                      "\xEF\xBC\xA1\xEF\xBC\x91",
	                                      "\xCE\xA3\xCF\x82",
	                                      "\xE6\x97\xA5\xE6\x9C\xAC"};
	(void)state;
	for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
		struct buffer once = buffer_with_ceiling(1u << 16);
		fold_append(fold, &once, bytes_of_string(written[i]));
		check_fold(buffer_string(&once), buffer_string(&once));
		buffer_free(&once);
	}
	check_fold("\xCE\xA3\xCF\x82", "\xCF\x83\xCF\x83"); /* a final sigma is a sigma */
	check_fold("\xE2\x91\xA0", "1");                    /* a circled digit */
}

static void folding_keeps_to_the_buffers_ceiling(void **state)
{
	struct buffer buffer = buffer_with_ceiling(4);
	(void)state;
	fold_append(fold, &buffer, BYTES_LITERAL("ABCD"));
	assert_int_equal(buffer_status(&buffer), STATUS_OK);
	fold_append(fold, &buffer, BYTES_LITERAL("E"));
	assert_int_equal(buffer_status(&buffer), STATUS_TOO_LARGE);
	assert_string_equal(buffer_string(&buffer), "abcd");
	buffer_free(&buffer);
}

static void case_marks_and_forms_fold(void **state)
{
	(void)state;
	check_fold("Hello, WORLD", "hello, world");
	check_fold("Z\xC3\xBCrich \xC3\x89"
	           "cole",
	           "zurich ecole");
	check_fold("u\xCC\x88", "u"); /* a mark apart, as macOS writes it */
	check_fold("Stra\xC3\x9F"
	           "e",
	           "strasse");
	check_fold("\xEF\xBC\xA1\xEF\xBC\x91", "a1"); /* full width */
	check_fold("\xEF\xAC\x81n", "fin");           /* a ligature */
	check_fold("co\xC2\xADoperate", "cooperate"); /* a soft hyphen */
	check_fold("\xD0\x99\xD0\x9E\xD0\x96", "\xD0\xB8\xD0\xBE\xD0\xB6");
	check_fold("\xFF", "\xEF\xBF\xBD");
	check_fold("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "\xED\x95\x9C"); /* jamo as a syllable */
	check_fold("\xED\x95\x9C", "\xED\x95\x9C");
}

static void words_are_letters_and_digits(void **state)
{
	(void)state;
	check_words("", false, "");
	check_words("-- .,;", false, "");
	check_words("Invoice_2021-03.PDF", false, "invoice 2021 03 pdf");
	check_words("bob@mail.contoso.com", false, "bob mail contoso com");
	check_words("1\xC2\xBD", false, "11 2");
	check_words("na\xC3\xAFve caf\xC3\xA9s", true, "naive cafes");
	check_words("a\xC2\xA0"
	            "b\xE3\x80\x80"
	            "c",
	            false, "a b c");
}

static void signs_are_paired(void **state)
{
	(void)state;
	check_words("\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD", false,
	            "\xE6\x9D\xB1\xE4\xBA\xAC \xE4\xBA\xAC\xE9\x83\xBD \xE9\x83\xBD");
	check_words("\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD", true, "\xE6\x9D\xB1\xE4\xBA\xAC \xE4\xBA\xAC\xE9\x83\xBD");
	check_words("\xE6\x9D\xB1", true, "\xE6\x9D\xB1");
	check_words("abc\xE6\x9D\xB1\xE4\xBA\xAC"
	            "def",
	            false, "abc \xE6\x9D\xB1\xE4\xBA\xAC \xE4\xBA\xAC def");
}

static void a_long_word_counts_by_its_beginning(void **state)
{
	struct buffer text = buffer_with_ceiling(1u << 16), words = buffer_with_ceiling(1u << 16);
	(void)state;
	for (int i = 0; i < 5000; i++)
		buffer_append_byte(&text, 'A');
	for (int i = 0; i < 200; i++)
		buffer_append_string(&text, "\xC3\xA4");
	tokenizer_split(fold, buffer_bytes(&text), false, keep_token, &words);
	assert_true(words.len > 100 && words.len <= TOKEN_SIZE_MAX);
	buffer_free(&text);
	buffer_free(&words);
}

static void trigrams_are_code_points_in_a_row(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{"", ""},
		{"ab", ""},
		{"abc", "abc"},
		{"abcd", "abc bcd"},
		{"a\xE2\x82\xAC"
	         "cd",
	         "a\xE2\x82\xAC"
	         "c \xE2\x82\xAC"
	         "cd"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buffer tokens = buffer_with_ceiling(1024);
		tokenizer_visit_trigrams(bytes_of_string(cases[i].text), keep_token, &tokens);
		assert_string_equal(buffer_string(&tokens), cases[i].expected);
		buffer_free(&tokens);
	}
}

struct offsets {
	struct bytes text;
	size_t last;
};

static int check_offsets(void *context, const struct token *token)
{
	struct offsets *offsets = context;
	assert_true(token->from < token->to && token->to <= offsets->text.len);
	assert_true(token->text.len > 0 && token->text.len <= TOKEN_SIZE_MAX && token->points > 0);
	assert_true(bytes_find_byte(token->text, 0) == BYTES_NOT_FOUND);
	return 0;
}

/* A part of a text folds into a part of the folded text, whatever the bytes are. */
static void any_bytes_fold_piece_by_piece(void **state)
{
	unsigned char bytes[64];
	uint32_t random = 1;
	(void)state;
	for (size_t round = 0; round < 20000; round++) {
		size_t length = 1 + round % sizeof bytes;
		for (size_t i = 0; i < length; i++) {
			random = random * 1664525u + 1013904223u;
			bytes[i] = (unsigned char)(random >> (round % 3 == 0 ? 24 : 25));
		}
		struct offsets offsets = {bytes_of(bytes, length), 0};
		struct buffer whole = buffer_with_ceiling(1u << 16), part = buffer_with_ceiling(1u << 16);
		tokenizer_split(fold, offsets.text, false, check_offsets, &offsets);
		fold_append(fold, &whole, offsets.text);
		fold_append(fold, &part, bytes_slice(offsets.text, 0, length / 2));
		if (length / 2 < length && bytes[length / 2] < 0x80)
			assert_true(bytes_start_with(buffer_bytes(&whole), buffer_bytes(&part)));
		buffer_free(&whole);
		buffer_free(&part);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(case_marks_and_forms_fold),
		cmocka_unit_test(what_is_folded_folds_into_itself),
		cmocka_unit_test(folding_keeps_to_the_buffers_ceiling),
		cmocka_unit_test(words_are_letters_and_digits),
		cmocka_unit_test(signs_are_paired),
		cmocka_unit_test(a_long_word_counts_by_its_beginning),
		cmocka_unit_test(trigrams_are_code_points_in_a_row),
		cmocka_unit_test(any_bytes_fold_piece_by_piece),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
