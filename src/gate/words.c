/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A text is cut as the index cuts it, and where letters meet digits once more:
 * inv4711 is a word and a number. What cannot be cut into words (CJK) is in no
 * list, and so is not shown.
 */
#include "gate/words.h"

#include "base/hash.h"
#include "gate/generic-words.h"
#include "words/tokenizer.h"

#include <stdlib.h>

enum { WORD_MAX = 64 };

struct words {
	struct fold *fold;
	struct hash_table names, numbers;
	bool has_failed;
};

static void enter(struct words *words, struct hash_table *table, struct bytes word)
{
	bool is_new;
	words->has_failed |= hash_table_enter(table, hash_of(0, word), &is_new) == NULL;
}

static bool has(const struct hash_table *table, struct bytes word)
{
	return hash_table_find(table, hash_of(0, word)) != NULL;
}

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/* The longest run of digits, or of anything else, at its beginning. */
static struct bytes first_run(struct bytes word)
{
	size_t end = 1;
	while (end < word.len && is_digit(word.at[end]) == is_digit(word.at[0]))
		end++;
	return bytes_slice(word, 0, end);
}

/* ---- dates ---- */

static unsigned number_at(struct bytes digits, size_t from, size_t count)
{
	unsigned number = 0;
	for (size_t i = from; i < from + count; i++)
		number = number * 10 + (unsigned)(digits.at[i] - '0');
	return number;
}

static bool is_year(unsigned number)
{
	return number >= 1900 && number < 2100;
}

static bool is_day(unsigned month, unsigned day)
{
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* 7, 31, 2021, 202103, 20210304, 04032021: as dates and counts of a page are written. */
static bool is_date(struct bytes digits)
{
	switch (digits.len) {
	case 1:
	case 2: return true;
	case 4: return is_year(number_at(digits, 0, 4));
	case 6: return is_year(number_at(digits, 0, 4)) && is_day(number_at(digits, 4, 2), 1);
	case 8:
		return (is_year(number_at(digits, 0, 4)) && is_day(number_at(digits, 4, 2), number_at(digits, 6, 2))) ||
		       (is_year(number_at(digits, 4, 4)) && is_day(number_at(digits, 2, 2), number_at(digits, 0, 2)));
	default: return false;
	}
}

/* ---- words ---- */

static int allow_name(void *context, const struct token *token)
{
	struct words *words = context;
	enter(words, &words->names, token->text);
	return 0;
}

static int allow_number(void *context, const struct token *token)
{
	struct words *words = context;
	enter(words, &words->numbers, token->text);
	return 0;
}

static enum status after(const struct words *words)
{
	return words->has_failed ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status words_new(struct words **ret_words)
{
	struct words *words = calloc(1, sizeof *words);
	enum status status = words != NULL ? fold_new(&words->fold) : STATUS_NO_MEMORY;
	for (size_t i = 0; i < generic_row_count && status == STATUS_OK; i++)
		status = words_allow_name(words, bytes_of_string(generic_rows[i].words));
	if (status == STATUS_OK)
		*ret_words = words;
	else
		words_free(words);
	return status;
}

void words_free(struct words *words)
{
	if (words == NULL)
		return;
	fold_free(words->fold);
	hash_table_free(&words->names);
	hash_table_free(&words->numbers);
	free(words);
}

enum status words_allow_name(struct words *words, struct bytes name)
{
	tokenizer_split(words->fold, name, false, allow_name, words);
	return after(words);
}

enum status words_allow_number(struct words *words, struct bytes number)
{
	tokenizer_split(words->fold, number, false, allow_number, words);
	return after(words);
}

void words_forget_numbers(struct words *words)
{
	hash_table_free(&words->numbers);
	words->numbers = (struct hash_table){.count = 0};
}

static bool is_allowed(const struct words *words, struct bytes run)
{
	return has(&words->names, run) || has(&words->numbers, run) || (is_digit(run.at[0]) && is_date(run));
}

static int refuse(void *context, const struct token *token)
{
	const struct words *words = context;
	/* Of a longer one the tokenizer keeps the beginning alone. */
	if (token->to - token->from > WORD_MAX)
		return 1;
	if (has(&words->names, token->text) || has(&words->numbers, token->text))
		return 0;
	for (struct bytes rest = token->text; rest.len > 0;) {
		struct bytes run = first_run(rest);
		if (!is_allowed(words, run))
			return 1;
		rest = bytes_from(rest, run.len);
	}
	return 0;
}

bool words_may_be_shown(struct words *words, struct bytes text)
{
	return !words->has_failed && tokenizer_split(words->fold, text, false, refuse, words) == 0;
}
