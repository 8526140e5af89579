/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and comparing names, a few words at a time. */
#include "words/person-name.h"

#include "base/text.h"
#include "words/person-words.h"

#include <utf8proc.h>

enum { WORDS_MAX = 6, WORD_MAX = 40, FOLDED_WORDS_MAX = 12, NEAR_LENGTH = 5, BACKING_LENGTH = 3 };

struct words {
	struct bytes at[WORDS_MAX];
	size_t count, capitals, louds;
};

/* ---- reading ---- */

static bool is_small(uint32_t c)
{
	return utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_LL;
}

static bool is_large(uint32_t c)
{
	return utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_LU;
}

static bool is_joint(uint32_t c)
{
	return c == '-' || c == '\'' || c == 0x2019 || c == '.';
}

static struct bytes to_lower(struct bytes word, unsigned char room[4 * WORD_MAX])
{
	size_t len = 0;
	for (uint32_t c; word.len > 0 && len + 4 < 4 * WORD_MAX;) {
		word = bytes_from(word, text_decode(word, &c));
		len += text_encode((uint32_t)utf8proc_tolower((utf8proc_int32_t)c), room + len);
	}
	return bytes_of(room, len);
}

/* Letters, and between them what joins them; "J." is an initial. */
static bool is_name_word(struct bytes word, size_t *ret_smalls, size_t *ret_larges)
{
	uint32_t c = 0, last = 0, first = 0;
	size_t letters = 0, smalls = 0, larges = 0;
	bool is_filler = true;
	if (word.len == 0 || word.len > WORD_MAX)
		return false;
	for (struct bytes rest = word; rest.len > 0; last = c) {
		rest = bytes_from(rest, text_decode(rest, &c));
		bool is_letter = text_is_word(c) && !(c >= '0' && c <= '9') && c != '_';
		if (is_joint(c) ? letters == 0 || last == '-' || last == '.' : !is_letter)
			return false;
		if (is_letter && letters++ == 0)
			first = c;
		is_filler = is_filler && (is_joint(c) || c == first);
		smalls += is_small(c);
		larges += is_large(c);
	}
	*ret_smalls = smalls;
	*ret_larges = larges;
	return last != '-' && last != '\'' && (last != '.' || letters <= 3) && !(is_filler && letters > 2);
}

static struct bytes take_word(struct bytes *rest)
{
	while (rest->len > 0 && rest->at[0] <= ' ')
		*rest = bytes_from(*rest, 1);
	size_t end = 0;
	while (end < rest->len && rest->at[end] > ' ')
		end++;
	struct bytes word = bytes_slice(*rest, 0, end);
	*rest = bytes_from(*rest, end);
	return word;
}

static bool read_words(struct bytes written, bool any_case, struct words *words)
{
	unsigned char room[4 * WORD_MAX];
	for (struct bytes rest = written, word; (word = take_word(&rest)).len > 0;) {
		size_t smalls, larges;
		if (words->count == WORDS_MAX || !is_name_word(word, &smalls, &larges))
			return false;
		struct bytes lower = to_lower(word, room);
		if (words->count == 0 && person_is_title(lower))
			continue;
		if (person_is_no_name(lower))
			return false;
		uint32_t first = 0;
		text_decode(word, &first);
		bool is_particle = person_is_particle(lower);
		if (is_small(first) && !is_particle && !any_case)
			return false;
		words->capitals += !is_small(first);
		words->louds += (larges > 1 && smalls == 0) || is_particle || word.len <= 2;
		words->at[words->count++] = word;
	}
	return words->count > 0 && (any_case || words->capitals > 0);
}

/* First letters large, where a name is written in one case throughout. */
static void append_word(struct buffer *into, struct bytes word, bool is_one_case)
{
	unsigned char room[4 * WORD_MAX], encoded[4];
	bool is_first = !person_is_particle(to_lower(word, room));
	for (uint32_t c; word.len > 0;) {
		word = bytes_from(word, text_decode(word, &c));
		if (is_one_case)
			c = (uint32_t)(is_first ? utf8proc_toupper((utf8proc_int32_t)c) : utf8proc_tolower((utf8proc_int32_t)c));
		is_first = is_joint(c);
		buffer_append(into, bytes_of(encoded, text_encode(c, encoded)));
	}
}

static void append_words(struct buffer *into, const struct words *words, bool is_one_case)
{
	for (size_t i = 0; i < words->count; i++) {
		if (i > 0)
			buffer_append_byte(into, ' ');
		append_word(into, words->at[i], is_one_case);
	}
}

size_t person_name_append(struct buffer *into, struct bytes written, bool any_case)
{
	struct words given = {.count = 0}, surname = {.count = 0};
	written = bytes_trim(written);
	if (written.len == 0 || written.len > PERSON_NAME_LENGTH_MAX)
		return 0;
	size_t comma = bytes_find_byte(written, ',');
	if (comma != BYTES_NOT_FOUND) {
		if (!read_words(bytes_slice(written, 0, comma), any_case, &surname) || surname.count > 3)
			return 0;
		written = bytes_from(written, comma + 1);
	}
	if (!read_words(written, any_case, &given) || given.count + surname.count > WORDS_MAX)
		return 0;
	size_t count = given.count + surname.count, capitals = given.capitals + surname.capitals;
	bool is_one_case = given.louds + surname.louds == count || capitals == 0;
	append_words(into, &given, is_one_case);
	if (surname.count > 0)
		buffer_append_byte(into, ' ');
	append_words(into, &surname, is_one_case);
	return count;
}

/* ---- comparing ---- */

static bool is_folded_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || c >= 0x80;
}

void person_name_fold(struct fold *fold, struct bytes name, struct buffer *into)
{
	struct buffer folded = buffer_with_ceiling(8 * PERSON_NAME_LENGTH_MAX);
	size_t begin = into->len;
	fold_append(fold, &folded, bytes_slice(name, 0, PERSON_NAME_LENGTH_MAX));
	for (size_t i = 0; i < folded.len; i++) {
		unsigned char c = folded.at[i], last = into->len > begin ? into->at[into->len - 1] : 0;
		if (c == 'e' && (last == 'a' || last == 'o' || last == 'u'))
			continue;
		if (is_folded_letter(c))
			buffer_append_byte(into, c);
		else if (c != '\'' && last != ' ' && last != 0)
			buffer_append_byte(into, ' ');
	}
	while (into->len > begin && into->at[into->len - 1] == ' ')
		buffer_truncate(into, into->len - 1);
	buffer_free(&folded);
}

static size_t split(struct bytes folded, struct bytes words[FOLDED_WORDS_MAX])
{
	size_t count = 0;
	for (struct bytes word; count < FOLDED_WORDS_MAX && (word = take_word(&folded)).len > 0;)
		words[count++] = word;
	return count;
}

size_t person_name_sort(struct bytes folded, struct buffer *into)
{
	struct bytes words[FOLDED_WORDS_MAX];
	size_t count = split(folded, words);
	for (size_t i = 1; i < count; i++)
		for (size_t k = i; k > 0 && bytes_compare(words[k], words[k - 1]) < 0; k--) {
			struct bytes swapped = words[k];
			words[k] = words[k - 1];
			words[k - 1] = swapped;
		}
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buffer_append_byte(into, ' ');
		buffer_append(into, words[i]);
	}
	return count;
}

/* One byte more, less or other. */
static bool is_near(struct bytes a, struct bytes b)
{
	if (a.len > b.len)
		return is_near(b, a);
	if (a.len < NEAR_LENGTH || b.len - a.len > 1)
		return false;
	size_t same = 0;
	while (same < a.len && a.at[same] == b.at[same])
		same++;
	return bytes_equal(bytes_from(a, same + (a.len == b.len)), bytes_from(b, same + 1));
}

static bool is_initial_of(struct bytes initial, struct bytes word)
{
	return initial.len == 1 && word.at[0] == initial.at[0];
}

/* Whether each word of the smaller has one of its own in the larger, and one of them is more than an initial. */
static bool is_within(const struct bytes *smaller, size_t count, const struct bytes *larger, size_t larger_count)
{
	bool is_taken[FOLDED_WORDS_MAX] = {false}, has_word = false;
	for (size_t i = 0; i < count; i++) {
		size_t found = larger_count;
		for (size_t k = 0; k < larger_count && found == larger_count; k++)
			if (!is_taken[k] && bytes_equal(smaller[i], larger[k]))
				found = k;
		for (size_t k = 0; k < larger_count && found == larger_count; k++)
			if (!is_taken[k] && (is_near(smaller[i], larger[k]) || is_initial_of(smaller[i], larger[k]) ||
			                     is_initial_of(larger[k], smaller[i])))
				found = k;
		if (found == larger_count)
			return false;
		is_taken[found] = true;
		has_word = has_word || (smaller[i].len > 1 && larger[found].len > 1);
	}
	return has_word;
}

bool person_names_agree(struct bytes a, struct bytes b)
{
	struct bytes left[FOLDED_WORDS_MAX], right[FOLDED_WORDS_MAX];
	size_t left_count = split(a, left), right_count = split(b, right);
	if (left_count == 0 || right_count == 0)
		return true;
	if (left_count <= right_count ? is_within(left, left_count, right, right_count)
	                              : is_within(right, right_count, left, left_count))
		return true;
	return left[0].len > 2 && bytes_equal(left[0], right[0]);
}

bool person_name_backs(struct bytes folded, struct bytes local)
{
	struct bytes words[FOLDED_WORDS_MAX];
	unsigned char lower[64];
	size_t count = split(folded, words), len = 0;
	for (size_t i = 0; i < local.len && i < sizeof lower; i++) {
		unsigned char c = local.at[i] >= 'A' && local.at[i] <= 'Z' ? local.at[i] | 0x20 : local.at[i];
		if (c == 'e' && len > 0 && (lower[len - 1] == 'a' || lower[len - 1] == 'o' || lower[len - 1] == 'u'))
			continue;
		lower[len++] = c;
	}
	for (size_t i = 0; i < count; i++)
		if (words[i].len >= BACKING_LENGTH && bytes_find(bytes_of(lower, len), words[i]) != BYTES_NOT_FOUND)
			return true;
	return false;
}
