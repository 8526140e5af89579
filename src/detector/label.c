/* SPDX-License-Identifier: Apache-2.0 */
/* Words are compared without case: ASCII, and the letters of Latin-1, whose two bytes differ in one bit. */
#include "detector/label.h"

#include "detector/character.h"

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

const struct label_row *label_at(struct bytes text, size_t at, uint32_t kinds, size_t *ret_to)
{
	const struct label_row *longest = NULL;
	size_t longest_len = 0;
	for (enum label label = 0; label < LABEL_COUNT; label++) {
		if ((kinds & LABEL_BIT(label)) == 0)
			continue;
		for (size_t i = label_ranges[label].first; i < label_ranges[label].end; i++) {
			const char *words = label_rows[i].words;
			if (at >= text.len || ((text.at[at] ^ (unsigned char)words[0]) & 0xDF) != 0)
				continue;
			size_t len = label_rows[i].len;
			if (len > longest_len && len <= text.len - at && has_words(text, at, words, len) &&
			    ends_word(text, at + len)) {
				longest = &label_rows[i];
				longest_len = len;
			}
		}
	}
	if (longest != NULL)
		*ret_to = at + longest_len;
	return longest;
}

const struct label_row *label_ending(struct bytes text, size_t to, uint32_t kinds, size_t *ret_from)
{
	const struct label_row *longest = NULL;
	size_t longest_len = 0;
	if (to == 0)
		return NULL;
	for (enum label label = 0; label < LABEL_COUNT; label++) {
		if ((kinds & LABEL_BIT(label)) == 0)
			continue;
		for (size_t i = label_ranges[label].first; i < label_ranges[label].end; i++) {
			const char *words = label_rows[i].words;
			size_t len = label_rows[i].len;
			if (((text.at[to - 1] ^ (unsigned char)words[len - 1]) & 0x5F) != 0 || len <= longest_len || len > to)
				continue;
			if (has_words(text, to - len, words, len) && begins_word(text, to - len)) {
				longest = &label_rows[i];
				longest_len = len;
			}
		}
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
		if (byte != 0 && strchr(" \t:=#.-()\"'|*>", byte) != NULL)
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
