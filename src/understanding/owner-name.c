/* SPDX-License-Identifier: Apache-2.0 */
/* Folding by utf8proc, into words of letters and digits. */
#include "understanding/owner-name.h"

#include "model/finding.h"

#include <string.h>
#include <utf8proc.h>

enum { POINTS_MAX = 4 * ORGANISATION_NAME_MAX, WORDS_MAX = 32, LABEL_MIN = 4 };

/* Two ways to write one form; the second is the key's. */
static const char *const forms_in_full[][2] = {
	{"limited", "ltd"}, {"incorporated", "inc"},      {"corporation", "corp"},
	{"company", "co"},  {"aktiengesellschaft", "ag"}, {"aktiebolag", "ab"},
};

/* clang-format off */
/* What a name ends with, and is not called. */
static const char *const forms[] = {
	"ltd", "plc", "llp", "lp", "inc", "corp", "llc", "co", "gmbh", "ggmbh", "mbh", "ag", "kg", "kgaa", "ohg", "ev", "eg", "ek", "ug",
	"se", "sa", "sarl", "sas", "sasu", "eurl", "sci", "snc", "sl", "slu", "sau", "srl", "spa", "ltda", "lda", "bv", "nv", "oy", "oyj",
	"ab", "as", "asa", "aps", "kft", "zrt", "doo", "sro", "kk", "pte", "pty", "sdn", "bhd", "na", "haftungsbeschrankt",
};
/* clang-format on */

struct words {
	char text[2 * ORGANISATION_KEY_MAX];
	size_t length;
	struct {
		size_t from, to;
	} at[WORDS_MAX];
	size_t count;
};

static bool is_of_word(utf8proc_int32_t c)
{
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NO: return true;
	default: return false;
	}
}

/* Dots and apostrophes stand within words: "L.L.C." is one. */
static bool is_within_word(utf8proc_int32_t c)
{
	return c == '.' || c == '\'' || c == 0x2019;
}

static void shorten(struct words *words)
{
	size_t from = words->at[words->count - 1].from;
	struct bytes word = bytes_of(words->text + from, words->length - from);
	for (size_t i = 0; i < sizeof forms_in_full / sizeof *forms_in_full; i++)
		if (bytes_equal_string(word, forms_in_full[i][0])) {
			size_t length = strlen(forms_in_full[i][1]);
			memcpy(words->text + from, forms_in_full[i][1], length);
			words->length = from + length;
			return;
		}
}

static void end_word(struct words *words)
{
	if (words->count == 0 || words->at[words->count - 1].to != 0)
		return;
	shorten(words);
	words->at[words->count - 1].to = words->length;
}

static void add_point(struct words *words, utf8proc_int32_t c)
{
	bool is_open = words->count > 0 && words->at[words->count - 1].to == 0;
	if (!is_open && words->count == WORDS_MAX)
		return;
	if (words->length + 4 > sizeof words->text)
		return;
	if (!is_open)
		words->at[words->count++].from = words->length;
	words->length += (size_t)utf8proc_encode_char(c, (utf8proc_uint8_t *)words->text + words->length);
}

static bool cut_into_words(struct bytes name, struct words *words)
{
	utf8proc_int32_t points[POINTS_MAX];
	*words = (struct words){.length = 0};
	name = bytes_slice(name, 0, ORGANISATION_NAME_MAX);
	utf8proc_ssize_t count = utf8proc_decompose(name.at, (utf8proc_ssize_t)name.len, points, POINTS_MAX,
	                                            UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
	                                                    UTF8PROC_STRIPMARK);
	if (count < 0 || count > POINTS_MAX)
		return false;
	for (utf8proc_ssize_t i = 0; i < count; i++) {
		if (is_of_word(points[i]))
			add_point(words, points[i]);
		else if (!is_within_word(points[i]))
			end_word(words);
	}
	end_word(words);
	return words->count > 0;
}

static struct bytes word_at(const struct words *words, size_t i)
{
	return bytes_of(words->text + words->at[i].from, words->at[i].to - words->at[i].from);
}

static bool has_letter(const struct words *words)
{
	for (size_t i = 0; i < words->length; i++)
		if (words->text[i] < '0' || words->text[i] > '9')
			return true;
	return false;
}

bool owner_name_append_key(struct buffer *into, struct bytes name)
{
	struct words words;
	if (!cut_into_words(name, &words) || !has_letter(&words))
		return false;
	size_t before = into->len;
	buffer_append_string(into, ORGANISATION_BY_NAME);
	for (size_t i = 0; i < words.count; i++) {
		struct bytes word = word_at(&words, i);
		if (into->len - before + word.len + 1 > ORGANISATION_KEY_MAX)
			break;
		if (i > 0)
			buffer_append_byte(into, ' ');
		buffer_append(into, word);
	}
	return true;
}

static bool is_form(struct bytes word)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (bytes_equal_string(word, forms[i]))
			return true;
	return false;
}

static bool is_plain(struct bytes label)
{
	for (size_t i = 0; i < label.len; i++)
		if (label.at[i] >= 0x80)
			return false;
	return label.len >= LABEL_MIN;
}

static bool append_words(struct buffer *into, const struct words *words, size_t count)
{
	size_t length = words->at[count - 1].to;
	if (is_form(word_at(words, 0)) || !is_plain(bytes_of(words->text, length)))
		return false;
	buffer_append(into, bytes_of(words->text, length));
	return true;
}

bool owner_name_append_label(struct buffer *into, struct bytes name)
{
	struct words words;
	if (!cut_into_words(name, &words))
		return false;
	size_t count = words.count;
	while (count > 1 && is_form(word_at(&words, count - 1)))
		count--;
	return append_words(into, &words, count);
}

bool owner_name_append_whole_label(struct buffer *into, struct bytes name)
{
	struct words words;
	return cut_into_words(name, &words) && append_words(into, &words, words.count);
}

bool owner_name_append_domain_label(struct buffer *into, struct bytes domain)
{
	struct bytes label = bytes_slice(domain, 0, bytes_find_byte(domain, '.'));
	size_t before = into->len;
	for (size_t i = 0; i < label.len; i++)
		if (label.at[i] != '-')
			buffer_append_byte(into, label.at[i]);
	if (into->len - before >= LABEL_MIN)
		return true;
	buffer_truncate(into, before);
	return false;
}
