/* SPDX-License-Identifier: Apache-2.0 */
/* Alphabets, variety, fillings. Counts instead of entropies: they say the same of so short a text, and need no logarithm. */
#include "detector/character.h"
#include "detector/secret.h"

enum { LOOKED_AT = 160 };

bool secret_is_of(enum secret_alphabet alphabet, unsigned char c)
{
	/* What each has beside letters and digits. */
	static const char *const besides[SECRET_ALPHABET_COUNT] = {
		[SECRET_WORD] = "_",        [SECRET_DASHED] = "-",   [SECRET_URL64] = "-_",
		[SECRET_URL64_DOT] = "-_.", [SECRET_BASE64] = "+/=", [SECRET_TOKEN] = "-_.=:|",
	};
	switch (alphabet) {
	case SECRET_DIGITS: return character_is_digit(c);
	case SECRET_HEX: return character_is_hexadecimal(c);
	case SECRET_HEX_WORD: return character_is_hexadecimal(c) || c == '_';
	case SECRET_UPPER: return character_is_upper(c) || character_is_digit(c);
	case SECRET_LOWER: return character_is_lower(c) || character_is_digit(c);
	default: break;
	}
	return character_is_alphanumeric(c) || (besides[alphabet] != NULL && c != '\0' && strchr(besides[alphabet], c) != NULL);
}

size_t secret_run_end(struct bytes text, size_t at, enum secret_alphabet alphabet, size_t most)
{
	size_t end = at;
	while (end < text.len && end - at < most && secret_is_of(alphabet, text.at[end]))
		end++;
	return end;
}

struct secret_shape secret_shape_of(struct bytes text)
{
	struct secret_shape shape = {0};
	bool seen[256] = {false};
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.at[i];
		shape.digits += character_is_digit(c);
		shape.uppers += character_is_upper(c);
		shape.lowers += character_is_lower(c);
		shape.others += !character_is_alphanumeric(c);
		shape.variety += !seen[c];
		seen[c] = true;
	}
	return shape;
}

/* The longest run of letters of one case: words and names are made of such, and what was drawn is not. */
static size_t longest_word(struct bytes text)
{
	size_t longest = 0, length = 0;
	for (size_t i = 0; i < text.len; i++) {
		length = character_is_lower(text.at[i]) ? length + 1 : 0;
		longest = length > longest ? length : longest;
	}
	return longest;
}

bool secret_looks_random(struct bytes text)
{
	text = bytes_slice(text, 0, LOOKED_AT); /* as telling as the whole */
	struct secret_shape shape = secret_shape_of(text);
	size_t letters = shape.uppers + shape.lowers, wanted = text.len / 3 < 10 ? text.len / 3 : 10;
	if (shape.digits == 0 || letters == 0)
		return false;
	if (shape.variety < (wanted > 5 ? wanted : 5))
		return false;
	/* One digit at the end of a name is no chance. */
	return shape.uppers == 0 ? shape.digits >= text.len / 20 + 1 : longest_word(text) < 11 + text.len / 40;
}

/* ---- fillings ---- */

static bool holds_word(struct bytes whole)
{
	struct bytes text = bytes_slice(whole, 0, LOOKED_AT);
	/* clang-format off */
	static const char *const words[] = {
		"a1b2c3d", "d4c3b2a", "example", "xxxx", "changeme", "change_me", "change-me", "placeholder", "dummy", "sample", "redacted", "insert", "your",
		"deadbeef", "01234567", "12345678", "abcdefg", "replace", "todo", "fake", "****", "####", "foobar", "hunter2",
		"0000000", "...", "letmein", "qwerty", "tobedone", "notreal", "testtest", "aaaaaa", "111111", "somestring", "here",
	};
	/* clang-format on */
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct bytes word = bytes_of_string(words[i]);
		for (size_t at = 0; at + word.len <= text.len; at++)
			if (character_to_lower(text.at[at]) == word.at[0] && bytes_start_with_nocase(bytes_from(text, at), word))
				return true;
	}
	return false;
}

/* What its words may be part of by chance, where a text is long and random. */
static bool is_short_word_by_chance(struct bytes text)
{
	return text.len > 60 && secret_looks_random(bytes_slice(text, 0, 30)) &&
	       secret_looks_random(bytes_from(text, text.len - 30));
}

bool secret_is_example(struct bytes text)
{
	struct secret_shape shape = secret_shape_of(text);
	if (text.len >= 8 && shape.variety * 5 <= (text.len < 40 ? text.len : 40))
		return true;
	return bytes_equal_nocase(text, BYTES_LITERAL("secret")) || (holds_word(text) && !is_short_word_by_chance(text));
}

bool secret_begins(struct bytes text, size_t at)
{
	unsigned char before = character_before(text, at), second = at >= 2 ? text.at[at - 2] : ' ';
	if (!character_is_alphanumeric(before) && before != '_' && before != '-')
		return true;
	if (second == '\\' && strchr("ntr", before) != NULL)
		return true;
	return at >= 3 && text.at[at - 3] == '%' && character_is_hexadecimal(second) && character_is_hexadecimal(before);
}
