/* SPDX-License-Identifier: Apache-2.0 */
#include "register/common.h"

#include "base/text.h"
#include "words/lexicon.h"

#include <stdlib.h>
#include <string.h>

enum { KIND_WORD = 1, KIND_COUNTRY, KIND_CODE };

enum { LETTERS_LEAST = 3, LETTERS_EXACT = 3, INITIALS_MAX = 6, NUMBER_LEAST = 5, DIGITS_LEAST = 7, FOLDED_SIZE_MAX = 64 << 10 };

/* ---- the lists ---- */

static enum status add(struct hash_table *table, unsigned kind, struct bytes text, uint64_t value)
{
	bool is_new;
	uint64_t *entry = hash_table_enter(table, hash_of(kind, text), &is_new);
	if (entry == NULL)
		return STATUS_NO_MEMORY;
	if (is_new)
		*entry = value;
	return STATUS_OK;
}

/* The next part of a line, up to a mark. */
static struct bytes take_part(struct bytes *line, unsigned char mark)
{
	struct bytes part = bytes_slice(*line, 0, bytes_find_byte(*line, mark));
	*line = bytes_from(*line, part.len + 1);
	return part;
}

static enum status add_words(struct common *common)
{
	enum status status = STATUS_OK;
	for (const char *const *line = common_words_lines; *line != NULL && status == STATUS_OK; line++)
		for (struct bytes rest = bytes_of_string(*line); rest.len > 0 && status == STATUS_OK;) {
			struct bytes word = common_words_of(common, take_part(&rest, ' '));
			status = word.len > 0 ? add(&common->words, KIND_WORD, word, 1) : STATUS_OK;
		}
	return status;
}

static enum status add_countries(struct common *common)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; countries_lines[i] != NULL && status == STATUS_OK; i++) {
		struct bytes rest = bytes_of_string(countries_lines[i]);
		status = add(&common->codes, KIND_CODE, take_part(&rest, '|'), i);
		while (rest.len > 0 && status == STATUS_OK)
			status = add(&common->countries, KIND_COUNTRY, common_words_of(common, take_part(&rest, '|')), i);
	}
	return status;
}

enum status common_start(struct common *common)
{
	*common = (struct common){.folded = buffer_with_ceiling(FOLDED_SIZE_MAX)};
	enum status status = fold_new(&common->fold);
	if (status == STATUS_OK)
		status = add_words(common);
	if (status == STATUS_OK)
		status = add_countries(common);
	if (status != STATUS_OK)
		common_free(common);
	return status;
}

void common_free(struct common *common)
{
	fold_free(common->fold);
	hash_table_free(&common->words);
	hash_table_free(&common->countries);
	hash_table_free(&common->codes);
	buffer_free(&common->folded);
}

/* ---- words ---- */

struct bytes common_words_of(struct common *common, struct bytes text)
{
	struct folded folded;
	bool is_within = false;
	buffer_reset(&common->folded);
	while (fold_next(common->fold, &text, &folded))
		for (unsigned i = 0; i < folded.count; i++) {
			unsigned char encoded[4];
			bool is_word = text_is_word(folded.points[i]), is_sign = is_word && text_is_cjk(folded.points[i]);
			if (is_word && (!is_within || is_sign) && common->folded.len > 0)
				buffer_append_byte(&common->folded, ' ');
			if (is_word)
				buffer_append(&common->folded, bytes_of(encoded, text_encode(folded.points[i], encoded)));
			is_within = is_word && !is_sign;
		}
	return buffer_bytes(&common->folded);
}

struct shape {
	size_t words, letters, digits, shortest, common_words; /* letters: code points of words, digits among them */
	bool is_spaceless;                                     /* signs that stand without blanks */
};

static struct shape shape_of(struct common *common, struct bytes text)
{
	struct shape shape = {.shortest = SIZE_MAX};
	struct bytes rest = common_words_of(common, text);
	while (rest.len > 0) {
		struct bytes word = take_part(&rest, ' ');
		uint32_t point;
		size_t letters = text_count(word);
		for (size_t i = 0; i < word.len; i++)
			shape.digits += word.at[i] >= '0' && word.at[i] <= '9';
		shape.is_spaceless |= text_decode(word, &point) > 0 && text_is_cjk(point);
		shape.words++;
		shape.letters += letters;
		shape.shortest = letters < shape.shortest ? letters : shape.shortest;
		shape.common_words += hash_table_find(&common->words, hash_of(KIND_WORD, word)) != NULL;
	}
	return shape;
}

static bool has_small_letters(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((text.at[i] >= 'a' && text.at[i] <= 'z') || text.at[i] >= 0x80)
			return true;
	return false;
}

/* Eight digits that are a day of our time, the year first or last. */
static bool is_date(struct bytes folded)
{
	if (folded.len != 8)
		return false;
	unsigned values[8];
	for (size_t i = 0; i < 8; i++) {
		if (folded.at[i] < '0' || folded.at[i] > '9')
			return false;
		values[i] = folded.at[i] - '0';
	}
	unsigned first = values[0] * 10 + values[1], second = values[2] * 10 + values[3], third = values[4] * 10 + values[5],
		 fourth = values[6] * 10 + values[7];
	bool is_year_first = (first == 19 || first == 20) && third >= 1 && third <= 12 && fourth >= 1 && fourth <= 31;
	bool is_year_last = (third == 19 || third == 20) && first >= 1 && first <= 31 && second >= 1 && second <= 31;
	return is_year_first || is_year_last;
}

static const char *refuses_number(struct common *common, struct bytes text, const struct shape *shape)
{
	if (shape->digits == 0)
		return "has no digit";
	if (shape->letters < NUMBER_LEAST)
		return "is too short to be nobody else's";
	if (shape->digits == shape->letters && shape->letters < DIGITS_LEAST)
		return "is too short to be nobody else's: digits alone need seven";
	return is_date(common_words_of(common, text)) ? "reads like a date" : NULL;
}

static const char *refuses_name(struct common *common, struct bytes text, const struct shape *shape)
{
	if (hash_table_find(&common->countries, hash_of(KIND_COUNTRY, common_words_of(common, text))) != NULL)
		return "is a country";
	if (shape->digits == shape->letters)
		return "is a number";
	if (shape->letters < LETTERS_LEAST && !(shape->digits > 0 && shape->letters == 2))
		return "is too short to mean anyone";
	if (shape->words == 1 && shape->common_words == 1)
		return "is a common word or a given name, and means nobody by itself";
	if (shape->words == 1 && shape->letters <= LETTERS_EXACT && has_small_letters(text))
		return "is too short to mean anyone, unless in capitals";
	return NULL;
}

const char *common_refuses(struct common *common, enum register_term_kind kind, struct bytes text)
{
	struct shape shape = shape_of(common, text);
	if (shape.words == 0)
		return "has no letters";
	if (shape.words > LEXICON_WORDS_MAX || text.len > LEXICON_TEXT_MAX)
		return "is too long to be sought";
	return kind == REGISTER_NUMBER ? refuses_number(common, text, &shape) : refuses_name(common, text, &shape);
}

bool common_is_exact(struct common *common, struct bytes text)
{
	struct shape shape = shape_of(common, text);
	return shape.common_words == shape.words || (shape.letters <= LETTERS_EXACT && !shape.is_spaceless) ||
	       (shape.shortest == 1 && shape.letters <= INITIALS_MAX && !shape.is_spaceless);
}

/* ---- countries ---- */

bool common_is_country_code(const struct common *common, struct bytes code)
{
	return hash_table_find(&common->codes, hash_of(KIND_CODE, code)) != NULL;
}

const char *common_code_of_country(struct common *common, struct bytes name)
{
	const uint64_t *line = hash_table_find(&common->countries, hash_of(KIND_COUNTRY, common_words_of(common, name)));
	return line != NULL ? countries_lines[*line] : NULL;
}
