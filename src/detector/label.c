/* SPDX-License-Identifier: Apache-2.0 */
/* Words are compared without case: ASCII, and the letters of Latin-1, whose two bytes differ in one bit. */
#include "detector/label.h"

#include "detector/character.h"

#include <stdlib.h>

enum { GLUE_MAX = 24, NUMBER_WORDS_MAX = 3, LINE_ABOVE_MAX = 64 };

/* ---- comparing ---- */

/* A byte in lower case, by the one before it. */
static unsigned char fold(unsigned char before, unsigned char byte)
{
	bool is_latin_capital = before == 0xC3 && byte >= 0x80 && byte <= 0x9E && byte != 0x97;
	return is_latin_capital ? (unsigned char)(byte | 0x20) : character_to_lower(byte);
}

static bool is_word(unsigned char byte)
{
	return character_is_alphanumeric(byte) || byte >= 0x80;
}

/* A degree or ordinal sign, a dash or a no-break space is no letter; their first bytes are those of letters, too. */
static bool is_sign_before(struct bytes text, size_t at)
{
	static const char *const signs[] = {"\xC2\xA0", "\xC2\xB0", "\xC2\xBA", "\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x80\xAF"};
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (bytes_end_with(bytes_slice(text, 0, at), bytes_of_string(signs[i])))
			return true;
	return false;
}

/* Whether a word may begin at from. */
static bool begins_word(struct bytes text, size_t from)
{
	return !is_word(character_before(text, from)) || is_sign_before(text, from);
}

static bool ends_word(struct bytes text, size_t to)
{
	return !is_word(character_at(text, to)) || character_at(text, to) == 0xC2 || character_at(text, to) == 0xE2;
}

static bool has_words(struct bytes text, size_t from, const char *words, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (fold(i > 0 ? text.at[from + i - 1] : 0, text.at[from + i]) != (unsigned char)words[i])
			return false;
	return true;
}

/* ---- the rows by two of their bytes ---- */

/*
 * Rows by their first two bytes and by their last two: five bits of each, which
 * case does not change; and by the hash of their last three. Most words of a text begin and end like no row of the
 * kinds asked for, which one look at kinds tells.
 */
enum { KEY_BITS = 5, KEYS = 1 << 2 * KEY_BITS };

struct shelf {
	uint32_t kinds[KEYS]; /* of the rows that stand there; of endings, those of one and two bytes alone */
	uint16_t first[KEYS + 1];
	uint16_t *rows; /* in the order of label_rows */
};

static struct shelf beginnings, endings;

/* The kinds of longer rows by a hash of their last three bytes. */
enum { HASH_BITS = 12 };
static uint32_t long_endings[1 << HASH_BITS];

static size_t hash_ending(unsigned char first, unsigned char second, unsigned char third)
{
	uint32_t low = (uint32_t)(first & 31) << 10 | (uint32_t)(second & 31) << 5 | (third & 31);
	return low * UINT32_C(0x9E3779B1) >> (32 - HASH_BITS);
}

static size_t key_of(unsigned char first, unsigned char second)
{
	const unsigned low = (1 << KEY_BITS) - 1;
	return (size_t)(first & low) << KEY_BITS | (second & low);
}

static size_t key_at(struct bytes text, size_t at)
{
	return key_of(text.at[at], character_at(text, at + 1));
}

static size_t key_ending(struct bytes text, size_t to)
{
	return key_of(character_before(text, to - 1), text.at[to - 1]);
}

/* The kinds of which a row may end there. */
static uint32_t kinds_ending(struct bytes text, size_t to)
{
	uint32_t kinds = to > 0 ? endings.kinds[key_ending(text, to)] : 0;
	return to < 3 ? kinds : kinds | long_endings[hash_ending(text.at[to - 3], text.at[to - 2], text.at[to - 1])];
}

/* The keys at which a row stands: so many from *ret_first on, so far apart. One of a single byte stands at all that have it. */
static size_t keys_of(const struct label_row *row, bool is_by_end, size_t *ret_first, size_t *ret_step)
{
	const unsigned char *words = (const unsigned char *)row->words + (is_by_end && row->len > 1 ? row->len - 2 : 0);
	*ret_step = is_by_end ? 1 << KEY_BITS : 1;
	*ret_first = row->len > 1 ? key_of(words[0], words[1]) : is_by_end ? key_of(0, words[0]) : key_of(words[0], 0);
	return row->len > 1 ? 1 : 1 << KEY_BITS;
}

static enum status fill_shelf(struct shelf *shelf, bool is_by_end, size_t row_count)
{
	uint16_t ends[KEYS];
	size_t first, step, count = 0;
	for (size_t row = 0; row < row_count; row++)
		for (size_t left = keys_of(&label_rows[row], is_by_end, &first, &step); left > 0;
		     left--, first += step, count++) {
			if (!is_by_end || label_rows[row].len < 3)
				shelf->kinds[first] |= LABEL_BIT(label_rows[row].label);
			shelf->first[first + 1]++;
		}
	shelf->rows = calloc(count + 1, sizeof *shelf->rows);
	if (shelf->rows == NULL)
		return STATUS_NO_MEMORY;
	for (size_t key = 0; key < KEYS; key++) {
		shelf->first[key + 1] = (uint16_t)(shelf->first[key + 1] + shelf->first[key]);
		ends[key] = shelf->first[key];
	}
	for (size_t row = 0; row < row_count; row++)
		for (size_t left = keys_of(&label_rows[row], is_by_end, &first, &step); left > 0; left--, first += step)
			shelf->rows[ends[first]++] = (uint16_t)row;
	return STATUS_OK;
}

enum status label_prepare(void)
{
	size_t count = 0;
	if (endings.rows != NULL)
		return STATUS_OK;
	for (enum label label = 0; label < LABEL_COUNT; label++)
		count = label_ranges[label].end > count ? label_ranges[label].end : count;
	for (size_t row = 0; row < count; row++) {
		const unsigned char *end = (const unsigned char *)label_rows[row].words + label_rows[row].len;
		if (label_rows[row].len >= 3)
			long_endings[hash_ending(end[-3], end[-2], end[-1])] |= LABEL_BIT(label_rows[row].label);
	}
	enum status status = fill_shelf(&beginnings, false, count);
	return status == STATUS_OK ? fill_shelf(&endings, true, count) : status;
}

const struct label_row *label_at(struct bytes text, size_t at, uint32_t kinds, size_t *ret_to)
{
	const struct label_row *longest = NULL;
	if (at >= text.len)
		return NULL;
	size_t key = key_at(text, at), longest_len = 0;
	if ((beginnings.kinds[key] & kinds) == 0)
		return NULL;
	for (size_t i = beginnings.first[key]; i < beginnings.first[key + 1]; i++) {
		const struct label_row *row = &label_rows[beginnings.rows[i]];
		size_t len = row->len;
		if ((kinds & LABEL_BIT(row->label)) == 0 || len <= longest_len || len > text.len - at ||
		    !has_words(text, at, row->words, len) || !ends_word(text, at + len))
			continue;
		longest = row;
		longest_len = len;
	}
	if (longest != NULL)
		*ret_to = at + longest_len;
	return longest;
}

const struct label_row *label_ending(struct bytes text, size_t to, uint32_t kinds, size_t *ret_from)
{
	const struct label_row *longest = NULL;
	if ((kinds_ending(text, to) & kinds) == 0)
		return NULL;
	size_t key = key_ending(text, to), longest_len = 0;
	for (size_t i = endings.first[key]; i < endings.first[key + 1]; i++) {
		const struct label_row *row = &label_rows[endings.rows[i]];
		size_t len = row->len;
		if ((kinds & LABEL_BIT(row->label)) == 0 || len <= longest_len || len > to ||
		    !has_words(text, to - len, row->words, len) || !begins_word(text, to - len))
			continue;
		longest = row;
		longest_len = len;
	}
	if (longest != NULL)
		*ret_from = to - longest_len;
	return longest;
}

/* ---- what stands between ---- */

static size_t skip_space_before(struct bytes text, size_t at)
{
	for (;;) {
		unsigned char byte = at > 0 ? text.at[at - 1] : 0;
		if (byte == ' ' || byte == '\t')
			at--;
		else if (at >= 2 && byte == 0xA0 && text.at[at - 2] == 0xC2)
			at -= 2;
		else
			return at;
	}
}

/* "(380)": what kind of document it is, by its number in UNTDID 1001; where the bracket opens, or at. */
static size_t skip_code(struct bytes text, size_t at)
{
	size_t from = at;
	if (at == 0 || text.at[at - 1] != ')')
		return at;
	from--;
	while (from > 0 && at - from < 5 && character_is_digit(text.at[from - 1]))
		from--;
	return from > 0 && from < at - 1 && text.at[from - 1] == '(' ? from - 1 : at;
}

static const struct character_set marks = {{
	CHARACTER_BIT(' ') | CHARACTER_BIT('\t') | CHARACTER_BIT(':') | CHARACTER_BIT('=') | CHARACTER_BIT('#') |
		CHARACTER_BIT('.') | CHARACTER_BIT('-') | CHARACTER_BIT('(') | CHARACTER_BIT(')') | CHARACTER_BIT('"') |
		CHARACTER_BIT('\'') | CHARACTER_BIT('*') | CHARACTER_BIT('>'),
	CHARACTER_BIT('|'),
}};

/* Marks between a label and its value, at most so many bytes. */
static size_t skip_marks(struct bytes text, size_t at, struct label_found *found)
{
	size_t stop = at > GLUE_MAX ? at - GLUE_MAX : 0;
	while (at > stop) {
		at = skip_code(text, at);
		if (at <= stop)
			break;
		unsigned char byte = text.at[at - 1];
		found->has_mark |= byte == ':' || byte == '=' || byte == '\t';
		found->has_number |= byte == '#';
		bool is_degree = at >= 2 && (byte == 0xB0 || byte == 0xBA) && text.at[at - 2] == 0xC2;
		bool is_dash = at >= 3 && (byte == 0x93 || byte == 0x94) && text.at[at - 2] == 0x80 && text.at[at - 3] == 0xE2;
		if (character_in(marks, byte))
			at--;
		else if (at >= 2 && byte == 0xA0 && text.at[at - 2] == 0xC2)
			at -= 2;
		else if (is_degree)
			at -= 2;
		else if (is_dash)
			at -= 3;
		else
			break;
	}
	return at;
}

static bool find_before(struct bytes text, size_t at, uint32_t kinds, struct label_found *found)
{
	uint32_t all = kinds | LABEL_BIT(LABEL_OTHER);
	for (unsigned words = 0; words <= NUMBER_WORDS_MAX; words++) {
		size_t to = skip_marks(text, at, found), from;
		const struct label_row *row = label_ending(text, to, all, &from);
		if (row != NULL) {
			if (row->label == LABEL_OTHER)
				return false;
			found->row = row;
			found->from = from;
			found->to = to;
			return true;
		}
		if (label_ending(text, to, LABEL_BIT(LABEL_NUMBER), &from) == NULL)
			return false;
		found->has_number = true;
		at = from;
	}
	return false;
}

/* skip_marks, most often of a blank or a colon, for those who do not ask what was among them. */
static size_t skip_few_marks(struct bytes text, size_t at)
{
	struct label_found ignored = {.row = NULL};
	size_t to = at, stop = at > GLUE_MAX ? at - GLUE_MAX : 0;
	while (to > stop && text.at[to - 1] != ')' && character_in(marks, text.at[to - 1]))
		to--;
	bool is_done = to == stop || (text.at[to - 1] != ')' && text.at[to - 1] < 0x80);
	return is_done ? to : skip_marks(text, at, &ignored);
}

/* The kinds of which a label may end before at, as far as three bytes of it tell. */
static uint32_t kinds_before(struct bytes text, size_t at)
{
	uint32_t kinds = 0;
	for (unsigned words = 0; words <= NUMBER_WORDS_MAX; words++) {
		size_t to = skip_few_marks(text, at);
		uint32_t here = kinds_ending(text, to);
		kinds |= here;
		if ((here & LABEL_BIT(LABEL_NUMBER)) == 0 || label_ending(text, to, LABEL_BIT(LABEL_NUMBER), &at) == NULL)
			break;
	}
	return kinds;
}

/* Where the line above ends, if nothing but white space stands between its end and at; 0 if something does. */
static size_t line_above(struct bytes text, size_t at)
{
	at = skip_space_before(text, at);
	if (at == 0 || text.at[at - 1] != '\n')
		return 0;
	at--;
	return at > 0 && text.at[at - 1] == '\r' ? at - 1 : at;
}

/* Whether all of what stands on that line before from is white space. */
static bool begins_line(struct bytes text, size_t from)
{
	from = skip_space_before(text, from);
	return from == 0 || text.at[from - 1] == '\n';
}

bool label_before(struct bytes text, size_t at, uint32_t kinds, struct label_found *ret_found)
{
	struct label_found found = {.row = NULL};
	if (find_before(text, at, kinds, &found)) {
		*ret_found = found;
		return true;
	}
	size_t end = line_above(text, at);
	found = (struct label_found){.is_line_above = true};
	if (end == 0 || !find_before(text, end, kinds, &found) || !begins_line(text, found.from))
		return false;
	*ret_found = found;
	return true;
}

uint32_t label_kinds_before(struct bytes text, size_t at)
{
	size_t end = line_above(text, at);
	return kinds_before(text, at) | (end > 0 ? kinds_before(text, end) : 0);
}

const struct label_row *label_near(struct bytes text, size_t at, size_t reach, uint32_t kinds)
{
	struct label_found found;
	size_t stop = at > reach ? at - reach : 0, to;
	for (size_t from = at; from > stop && text.at[from - 1] != '\n';) {
		from--;
		const struct label_row *row = is_word(text.at[from]) && begins_word(text, from) ? label_at(text, from, kinds, &to)
		                                                                                : NULL;
		if (row != NULL && to <= at)
			return row;
	}
	return label_before(text, at, kinds, &found) ? found.row : NULL;
}
