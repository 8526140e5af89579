/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cuts the first kilobytes into words (words/tokenizer.h) and looks at each word
 * for phrases that begin with it, in the sorted table: a phrase is looked for as
 * long as one of the table goes on so.
 */
#include "understanding/class-vocabulary.h"

#include "base/text.h"
#include "words/tokenizer.h"

#include <stdlib.h>

enum {
	PAGE = 6000, /* bytes of a text that are its first page */
	TOP = 2000,  /* in which a title stands */
	TOP_LINES = 30,
	WORDS_MAX = 2048,
	PHRASE_WORDS_MAX = 6,
	TITLE_EXTRA_MAX = 10, /* words of a title's line beside its phrase ... */
	ALONE_EXTRA_MAX = 3,  /* ... where that is a single word */
	COLUMNS_MAX = 64,
	HEADER_MAX = 4096,
	TABLES_MAX = 16,
};

struct word {
	uint32_t from, length; /* in folded */
	uint32_t at, to, line; /* where it stands in the text; counted lines that have words */
};

struct words {
	struct word items[WORDS_MAX];
	size_t count;
	struct buffer folded;
	struct bytes text;
	size_t last_end;
	uint32_t line;
};

static bool has_line_end(struct bytes text)
{
	return bytes_find_byte(text, '\n') != BYTES_NOT_FOUND;
}

static int keep_word(void *context, const struct token *token)
{
	struct words *words = context;
	if (words->count == WORDS_MAX)
		return 1;
	if (words->count > 0 && token->from > words->last_end &&
	    has_line_end(bytes_slice(words->text, words->last_end, token->from - words->last_end)))
		words->line++;
	words->last_end = token->to;
	words->items[words->count++] = (struct word){
		.from = (uint32_t)words->folded.len,
		.length = (uint32_t)token->text.len,
		.at = (uint32_t)token->from,
		.to = (uint32_t)token->to,
		.line = words->line,
	};
	buffer_append(&words->folded, token->text);
	return 0;
}

static void cut_words(struct fold *fold, struct bytes text, struct words *words)
{
	words->count = 0;
	words->line = 0;
	words->last_end = 0;
	words->text = text;
	buffer_reset(&words->folded);
	tokenizer_split(fold, text, false, keep_word, words);
}

/* ---- the table ---- */

/* The first row whose phrase is no smaller, bytewise. */
static size_t find_first(struct bytes phrase)
{
	size_t low = 0, high = class_word_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (bytes_compare(bytes_of_string(class_words[middle].phrase), phrase) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct weighing {
	struct vocabulary *vocabulary;
	float doubts[CLASS_COUNT]; /* 1 - score */
};

static void add_match(struct weighing *weighing, const struct class_word *word, float share)
{
	struct vocabulary *vocabulary = weighing->vocabulary;
	float weight = word->weight * share;
	for (size_t i = 0; i < vocabulary->match_count; i++) {
		struct vocabulary_match *match = &vocabulary->matches[i];
		if (match->word != word)
			continue;
		if (match->weight < weight) {
			weighing->doubts[word->class] *= (1 - weight) / (1 - match->weight);
			match->weight = weight;
		}
		return;
	}
	if (vocabulary->match_count == VOCABULARY_MATCHES_MAX)
		return;
	vocabulary->matches[vocabulary->match_count++] = (struct vocabulary_match){word, weight};
	weighing->doubts[word->class] *= 1 - weight;
	vocabulary->has_title[word->class] |= word->place == CLASS_WORD_TITLE;
}

/* ---- titles ---- */

/* How much of a title's word counts for count words of a line of length words, before others of them; 0: it is none. */
static float share_of_title(size_t count, size_t before, size_t length)
{
	size_t extra = length - count;
	bool is_at_edge = before == 0 || before + count == length;
	if (extra == 0)
		return 1;
	if (!is_at_edge || extra > (count == 1 ? ALONE_EXTRA_MAX : TITLE_EXTRA_MAX))
		return 0;
	return extra <= 3 ? 0.9f : 0.8f;
}

/* A line that goes on, or ends as a sentence does. */
static bool ends_sentence(const struct words *words, size_t last)
{
	struct bytes behind = bytes_from(words->text, words->items[last].to);
	return behind.len > 0 && (behind.at[0] == '.' || behind.at[0] == ',' || behind.at[0] == ';');
}

static bool is_on_top(const struct word *word)
{
	return word->at < TOP && word->line < TOP_LINES;
}

struct line {
	size_t from, to; /* words */
};

/* A title that goes on in the next line: the phrase ends that one, and both lines are short. */
static float share_of_broken_title(const struct words *words, size_t nth, size_t count, const struct line *line)
{
	size_t end = line->to;
	while (end < words->count && words->items[end].line == words->items[line->to].line)
		end++;
	return nth + count == end && end - line->from <= count + TITLE_EXTRA_MAX ? 0.8f : 0;
}

static float share_of_phrase(const struct words *words, size_t nth, size_t count, const struct line *line)
{
	if (!is_on_top(&words->items[nth]))
		return 0;
	bool is_whole = count == line->to - line->from;
	if (!is_whole && ends_sentence(words, line->to - 1))
		return 0;
	if (nth + count <= line->to)
		return share_of_title(count, nth - line->from, line->to - line->from);
	return share_of_broken_title(words, nth, count, line);
}

static void match_rows(struct weighing *weighing, struct bytes phrase, size_t row, const struct words *words, size_t nth,
                       size_t count, const struct line *line, bool is_text)
{
	for (; row < class_word_count && bytes_equal_string(phrase, class_words[row].phrase); row++) {
		const struct class_word *word = &class_words[row];
		float share = 0;
		if (word->place == CLASS_WORD_TEXT && is_text)
			share = 1;
		else if (word->place == CLASS_WORD_TITLE)
			share = share_of_phrase(words, nth, count, line);
		if (share > 0)
			add_match(weighing, word, share);
	}
}

/* All phrases that begin with a word. */
static void match_at(struct weighing *weighing, const struct words *words, size_t nth, const struct line *line, bool is_text)
{
	char phrase[CLASS_WORD_LENGTH_MAX + 1];
	size_t length = 0;
	for (size_t count = 1; count <= PHRASE_WORDS_MAX && nth + count <= words->count; count++) {
		const struct word *word = &words->items[nth + count - 1];
		if (length + word->length + 1 > sizeof phrase)
			return;
		memcpy(phrase + length, words->folded.at + word->from, word->length);
		length += word->length;
		struct bytes whole = bytes_of(phrase, length);
		size_t row = find_first(whole);
		if (row == class_word_count || !bytes_start_with(bytes_of_string(class_words[row].phrase), whole))
			return;
		match_rows(weighing, whole, row, words, nth, count, line, is_text);
		phrase[length++] = ' ';
	}
}

static void match_words(struct weighing *weighing, const struct words *words, bool is_text)
{
	struct line line = {.from = 0, .to = 0};
	for (size_t i = 0; i < words->count; i++) {
		if (i == line.to) {
			line.from = i;
			while (line.to < words->count && words->items[line.to].line == words->items[i].line)
				line.to++;
		}
		match_at(weighing, words, i, &line, is_text);
	}
}

/* ---- columns ---- */

static void match_column(struct weighing *weighing, struct fold *fold, struct bytes cell, struct words *words)
{
	struct buffer phrase = buffer_with_ceiling(2 * CLASS_WORD_LENGTH_MAX);
	cut_words(fold, bytes_slice(cell, 0, 2 * CLASS_WORD_LENGTH_MAX), words);
	for (size_t i = 0; i < words->count; i++) {
		if (i > 0)
			buffer_append_byte(&phrase, ' ');
		buffer_append(&phrase, bytes_slice(buffer_bytes(&words->folded), words->items[i].from, words->items[i].length));
	}
	struct bytes whole = buffer_status(&phrase) == STATUS_OK ? buffer_bytes(&phrase) : BYTES_NONE;
	for (size_t row = find_first(whole);
	     whole.len > 0 && row < class_word_count && bytes_equal_string(whole, class_words[row].phrase); row++)
		if (class_words[row].place == CLASS_WORD_COLUMN)
			add_match(weighing, &class_words[row], 1);
	buffer_free(&phrase);
}

/* Cells of the first line that has any. */
static void match_header(struct weighing *weighing, struct fold *fold, struct bytes text, const struct table_span *table,
                         struct words *words)
{
	size_t end = table->to < text.len ? (size_t)table->to : text.len;
	struct bytes rest = table->from < end ? bytes_slice(text, (size_t)table->from, end - (size_t)table->from) : BYTES_NONE;
	size_t line_end = bytes_find_byte(bytes_slice(rest, 0, HEADER_MAX), '\n');
	struct bytes header = bytes_slice(rest, 0, line_end == BYTES_NOT_FOUND ? HEADER_MAX : line_end);
	for (size_t cells = 0; header.len > 0 && cells < COLUMNS_MAX; cells++) {
		size_t cell = bytes_find_byte(header, table->delimiter);
		match_column(weighing, fold, bytes_slice(header, 0, cell == BYTES_NOT_FOUND ? header.len : cell), words);
		header = cell == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(header, cell + 1);
	}
}

/* ---- the whole ---- */

/* To the last whole character. */
static struct bytes first_page(struct bytes text)
{
	struct bytes page = bytes_slice(text, 0, PAGE);
	return page.len < text.len ? bytes_slice(page, 0, text_valid_length(page)) : page;
}

static void weigh(struct weighing *weighing, const struct vocabulary_input *input, struct fold *fold, struct words *words)
{
	for (size_t i = 0; i < input->table_count && i < TABLES_MAX; i++)
		match_header(weighing, fold, input->text, &input->tables[i], words);
	cut_words(fold, bytes_slice(input->title, 0, TOP), words);
	match_words(weighing, words, false);
	cut_words(fold, input->is_table ? BYTES_NONE : first_page(input->text), words);
	match_words(weighing, words, true);
}

enum status vocabulary_weigh(const struct vocabulary_input *input, struct vocabulary *ret_vocabulary)
{
	struct weighing weighing = {.vocabulary = ret_vocabulary};
	struct fold *fold = NULL;
	struct words *words = malloc(sizeof *words);
	enum status status = words != NULL ? fold_new(&fold) : STATUS_NO_MEMORY;
	memset(ret_vocabulary, 0, sizeof *ret_vocabulary);
	for (size_t i = 0; i < CLASS_COUNT; i++)
		weighing.doubts[i] = 1;
	if (status == STATUS_OK) {
		words->folded = buffer_with_ceiling(WORDS_MAX * TOKEN_SIZE_MAX);
		weigh(&weighing, input, fold, words);
		status = buffer_status(&words->folded);
		buffer_free(&words->folded);
	}
	for (size_t i = 0; i < CLASS_COUNT; i++)
		ret_vocabulary->scores[i] = 1 - weighing.doubts[i];
	fold_free(fold);
	free(words);
	return status;
}
