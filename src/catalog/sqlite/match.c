/* SPDX-License-Identifier: Apache-2.0 */
/* Phrases as rows of words, and the functions registered with SQLite. */
#include "catalog/sqlite/match.h"

#include "base/text.h"
#include "model/query.h"
#include "regex/regex.h"
#include "words/tokenizer.h"

#include <stdlib.h>

/* ---- rows of words ---- */

struct cut_word {
	size_t from, length; /* in the text of all */
	size_t origin;       /* in what they were cut from */
};

struct cut_words {
	struct buffer text;  /* of all, one behind the other */
	struct buffer index; /* struct cut_word each */
	bool may_go_on;      /* the last is the beginning of a word: of a prefix, and one CJK sign may begin a pair */
	bool are_forms;      /* any of them will do */
};

static struct cut_words words_none(void)
{
	return (struct cut_words){buffer_with_ceiling(SIZE_MAX / 2), buffer_with_ceiling(SIZE_MAX / 2), false, false};
}

static void words_free(struct cut_words *words)
{
	buffer_free(&words->text);
	buffer_free(&words->index);
}

static size_t words_count(const struct cut_words *words)
{
	return words->index.len / sizeof(struct cut_word);
}

static struct cut_word word_at(const struct cut_words *words, size_t nth)
{
	struct cut_word word;
	memcpy(&word, words->index.at + nth * sizeof word, sizeof word);
	return word;
}

static struct bytes words_at(const struct cut_words *words, size_t nth)
{
	struct cut_word word = word_at(words, nth);
	return bytes_slice(buffer_bytes(&words->text), word.from, word.length);
}

static int collect_word(void *context, const struct token *token)
{
	struct cut_words *words = context;
	struct cut_word word = {words->text.len, token->text.len, token->from};
	buffer_append(&words->text, token->text);
	buffer_append(&words->index, bytes_of(&word, sizeof word));
	words->may_go_on = token->is_cjk && token->points == 1;
	return 0;
}

/* False when memory ended. */
static bool words_split(struct cut_words *words, struct fold *fold, struct bytes text, bool is_query)
{
	tokenizer_split(fold, text, is_query, collect_word, words);
	return buffer_status(&words->text) == STATUS_OK && buffer_status(&words->index) == STATUS_OK;
}

static bool stands_at(const struct cut_words *path, const struct cut_words *phrase, size_t at)
{
	size_t count = words_count(phrase);
	for (size_t i = 0; i < count; i++) {
		struct bytes here = words_at(path, at + i), wanted = words_at(phrase, i);
		bool may_begin = i + 1 == count && phrase->may_go_on;
		if (may_begin ? !bytes_start_with(here, wanted) : !bytes_equal(here, wanted))
			return false;
	}
	return true;
}

/* False when memory ended. */
static bool words_ask(struct cut_words *words, struct fold *fold, struct bytes text, enum match_words how)
{
	bool is_split = words_split(words, fold, text, true);
	words->may_go_on |= how == MATCH_AS_BEGINNING;
	words->are_forms = how == MATCH_ANY;
	return is_split;
}

/* Which of the forms a word of a path is; their count if none. */
static size_t form_of(const struct cut_words *forms, struct bytes word)
{
	size_t nth = 0;
	while (nth < words_count(forms) && !bytes_equal(words_at(forms, nth), word))
		nth++;
	return nth;
}

static bool has_form(const struct cut_words *path, const struct cut_words *forms)
{
	for (size_t i = 0; i < words_count(path); i++)
		if (form_of(forms, words_at(path, i)) < words_count(forms))
			return true;
	return false;
}

/* The last place where phrase stands, as an offset in what path was cut from; BYTES_NOT_FOUND. */
static size_t words_find_last(const struct cut_words *path, const struct cut_words *phrase)
{
	size_t count = words_count(phrase), in_path = words_count(path);
	if (count == 0)
		return BYTES_NOT_FOUND;
	for (size_t behind = in_path; behind >= count; behind--)
		if (stands_at(path, phrase, behind - count))
			return word_at(path, behind - count).origin;
	return BYTES_NOT_FOUND;
}

/* ---- paths ---- */

struct bytes match_name(struct bytes path)
{
	size_t slash = bytes_find_last_byte(bytes_slice(path, 0, path.len > 0 ? path.len - 1 : 0), '/');
	return slash == BYTES_NOT_FOUND ? path : bytes_from(path, slash + 1);
}

/* ---- SQL functions ---- */

static struct bytes argument_bytes(sqlite3_value *value)
{
	const void *at = sqlite3_value_blob(value);
	return bytes_of(at, at != NULL ? (size_t)sqlite3_value_bytes(value) : 0);
}

static void free_words(void *words)
{
	words_free(words);
	free(words);
}

/* The phrase is cut once for all rows of a statement. */
static struct cut_words *phrase_of(sqlite3_context *context, sqlite3_value *value, enum match_words how)
{
	struct cut_words *phrase = sqlite3_get_auxdata(context, 1);
	if (phrase != NULL)
		return phrase;
	phrase = malloc(sizeof *phrase);
	if (phrase == NULL)
		return NULL;
	*phrase = words_none();
	if (!words_ask(phrase, sqlite3_user_data(context), argument_bytes(value), how)) {
		free_words(phrase);
		return NULL;
	}
	sqlite3_set_auxdata(context, 1, phrase, free_words);
	return sqlite3_get_auxdata(context, 1);
}

static void run_words(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	struct cut_words *phrase = phrase_of(context, values[1], (enum match_words)sqlite3_value_int(values[2]));
	struct cut_words path = words_none();
	if (phrase == NULL || !words_split(&path, sqlite3_user_data(context), argument_bytes(values[0]), false))
		sqlite3_result_error_nomem(context);
	else
		sqlite3_result_int(context, phrase->are_forms ? has_form(&path, phrase)
		                                              : words_find_last(&path, phrase) != BYTES_NOT_FOUND);
	words_free(&path);
}

/* Each piece between stars behind the one before. */
static bool holds_in_order(struct bytes text, struct bytes pattern)
{
	for (;;) {
		size_t star = bytes_find_byte(pattern, QUERY_STAR);
		struct bytes piece = bytes_slice(pattern, 0, star == BYTES_NOT_FOUND ? pattern.len : star);
		size_t found = piece.len > 0 ? bytes_find(text, piece) : 0;
		if (found == BYTES_NOT_FOUND || star == BYTES_NOT_FOUND)
			return found != BYTES_NOT_FOUND;
		text = bytes_from(text, found + piece.len);
		pattern = bytes_from(pattern, star + 1);
	}
}

static void run_contains(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	struct bytes path = argument_bytes(values[0]);
	struct buffer folded = buffer_with_ceiling(SIZE_MAX / 2);
	fold_append(sqlite3_user_data(context), &folded, sqlite3_value_int(values[2]) ? match_name(path) : path);
	if (buffer_status(&folded) != STATUS_OK)
		sqlite3_result_error_nomem(context);
	else
		sqlite3_result_int(context, holds_in_order(buffer_bytes(&folded), argument_bytes(values[1])));
	buffer_free(&folded);
}

static void run_extension(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	struct bytes name = match_name(argument_bytes(values[0]));
	size_t dot = bytes_find_last_byte(name, '.');
	struct buffer folded = buffer_with_ceiling(SIZE_MAX / 2);
	if (dot != BYTES_NOT_FOUND)
		fold_append(sqlite3_user_data(context), &folded, bytes_from(name, dot + 1));
	if (buffer_status(&folded) != STATUS_OK)
		sqlite3_result_error_nomem(context);
	else
		sqlite3_result_int(context, folded.len > 0 && bytes_equal(buffer_bytes(&folded), argument_bytes(values[1])));
	buffer_free(&folded);
}

/* The last part, and behind a NUL the whole path: names in order, those alike by their paths. */
static void run_name_order(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	struct bytes path = argument_bytes(values[0]);
	struct buffer order = buffer_with_ceiling(SIZE_MAX / 2);
	buffer_append(&order, match_name(path));
	buffer_append_byte(&order, 0);
	buffer_append(&order, path);
	if (buffer_status(&order) != STATUS_OK)
		sqlite3_result_error_nomem(context);
	else
		sqlite3_result_blob64(context, order.at, order.len, SQLITE_TRANSIENT);
	buffer_free(&order);
}

static void run_regex(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	struct regex *regex = sqlite3_value_pointer(values[1], MATCH_REGEX);
	bool found = false;
	if (regex != NULL && regex_find(regex, argument_bytes(values[0]), &found) != STATUS_OK)
		sqlite3_result_error_nomem(context);
	else
		sqlite3_result_int(context, found);
}

/* ---- ranking ---- */

struct phrases {
	struct fold *fold;
	size_t count;
	struct cut_words *words;
};

struct phrases *phrases_new(struct fold *fold)
{
	struct phrases *phrases = calloc(1, sizeof *phrases);
	if (phrases != NULL)
		phrases->fold = fold;
	return phrases;
}

bool phrases_add(struct phrases *phrases, struct bytes text, enum match_words how)
{
	struct cut_words *words = realloc(phrases->words, (phrases->count + 1) * sizeof *words);
	if (words == NULL)
		return false;
	phrases->words = words;
	struct cut_words *added = &words[phrases->count++];
	*added = words_none();
	return words_ask(added, phrases->fold, text, how);
}

size_t phrases_count(const struct phrases *phrases)
{
	return phrases->count;
}

size_t phrases_asked(const struct phrases *phrases, size_t nth)
{
	return phrases->words[nth].are_forms ? words_count(&phrases->words[nth]) : 1;
}

void phrases_free(void *given)
{
	struct phrases *phrases = given;
	if (phrases == NULL)
		return;
	for (size_t i = 0; i < phrases->count; i++)
		words_free(&phrases->words[i]);
	free(phrases->words);
	free(phrases);
}

static double weight_at(size_t place, size_t name_from)
{
	return place >= name_from ? MATCH_NAME_WEIGHT : MATCH_FOLDER_WEIGHT;
}

static double rank_of_forms(const struct cut_words *path, const struct cut_words *forms, size_t name_from)
{
	double rank = 0;
	for (size_t i = 0; i < words_count(path); i++) {
		size_t form = form_of(forms, words_at(path, i));
		double here = weight_at(word_at(path, i).origin, name_from) * (form == 0 ? 1 : MATCH_FORM_WEIGHT);
		if (form < words_count(forms) && here > rank)
			rank = here;
	}
	return rank;
}

static double rank_of_phrase(const struct cut_words *path, const struct cut_words *phrase, size_t name_from)
{
	size_t found = words_find_last(path, phrase);
	return found != BYTES_NOT_FOUND ? weight_at(found, name_from) : 0;
}

/* What relevance.h says: of the text, or of a phrase in the title; 0 where it says nothing. */
static double content_says(struct bytes content, size_t nth)
{
	double value = 0;
	if ((nth + 1) * sizeof value <= content.len)
		memcpy(&value, content.at + nth * sizeof value, sizeof value);
	return value;
}

static double rank_of(const struct phrases *phrases, const struct cut_words *path, size_t name_from, struct bytes content)
{
	double rank = content_says(content, 0);
	for (size_t i = 0; i < phrases->count; i++) {
		const struct cut_words *words = &phrases->words[i];
		double here = words->are_forms ? rank_of_forms(path, words, name_from) : rank_of_phrase(path, words, name_from);
		double title = content_says(content, 1 + i);
		rank += here > title ? here : title;
	}
	return rank;
}

static void run_rank(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const struct phrases *phrases = sqlite3_value_pointer(values[1], MATCH_PHRASES);
	struct cut_words path = words_none();
	struct bytes text = argument_bytes(values[0]), content = argument_bytes(values[2]);
	if (phrases == NULL)
		sqlite3_result_double(context, 0);
	else if (!words_split(&path, phrases->fold, text, false))
		sqlite3_result_error_nomem(context);
	else
		sqlite3_result_double(context, rank_of(phrases, &path, text.len - match_name(text).len, content));
	words_free(&path);
}

static void run_repaired(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct buffer repaired = buffer_with_ceiling(SIZE_MAX / 2);
	(void)count;
	text_append_repaired(&repaired, argument_bytes(values[0]));
	if (buffer_status(&repaired) != STATUS_OK)
		sqlite3_result_error_nomem(context);
	else
		sqlite3_result_blob64(context, buffer_string(&repaired), repaired.len, SQLITE_TRANSIENT);
	buffer_free(&repaired);
}

enum status match_register(sqlite3 *handle, struct fold *fold)
{
	static const struct {
		const char *name;
		int arguments;
		void (*run)(sqlite3_context *, int, sqlite3_value **);
	} functions[] = {
		{"tm_words", 3, run_words},           {"tm_contains", 3, run_contains}, {"tm_extension", 2, run_extension},
		{"tm_name_order", 1, run_name_order}, {"tm_regex", 2, run_regex},       {"tm_rank", 3, run_rank},
		{"tm_repaired", 1, run_repaired},
	};
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (sqlite3_create_function_v2(handle, functions[i].name, functions[i].arguments,
		                               SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, fold, functions[i].run,
		                               NULL, NULL, NULL) != SQLITE_OK)
			return STATUS_NO_MEMORY;
	return STATUS_OK;
}
