/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the ends of UTF-16 in other text: see the header. */
#include "format/text/wide.h"

#include "base/text.h"

enum {
	ZEROS_MIN = 4,   /* letters of ASCII in a row that make a beginning */
	BACK_MAX = 4096, /* how far before them its line may have begun */
	LINE_MIN = 12,   /* bytes of a line that is surely no UTF-16 */
	PAIRS_MIN = 32,  /* units of two ASCII letters each, in a row: no language does that */
	WRONG_WEIGHT = 4,
	WRONG_MAX = 8,
};

static bool is_letter(unsigned char c)
{
	return (c >= 0x20 && c < 0x7F) || (c >= '\t' && c <= '\r');
}

static bool is_word(unsigned char c)
{
	return c == ' ' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool wide_is_wrong(uint16_t c)
{
	if (c < 0xA0)
		return c >= 0x7F || (c < 0x20 && !((c >= '\b' && c <= '\r') || c == 0x1A || c == 0x1B));
	return c >= 0xFFF0 || (c >= 0xE000 && c < 0xF900);
}

static uint16_t unit_at(struct bytes text, size_t at, bool is_big_endian)
{
	return is_big_endian ? load_be16(text.at + at) : load_le16(text.at + at);
}

/* ---- where it begins ---- */

/* Text that needs no UTF-16 to be text. */
static bool is_narrow(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < 0x80 && !is_letter(text.at[i]))
			return false;
	return text_is_valid(text);
}

/* The line of a beginning may have begun with other letters than ASCII, and its file with a mark. */
static size_t back_to_line(struct bytes text, size_t at, bool is_big_endian)
{
	size_t line = at;
	while (line > 0 && at - line < BACK_MAX) {
		size_t before = line - 1;
		bool has_zero = is_big_endian ? before > 0 && text.at[before - 1] == 0 : text.at[line] == 0;
		if (text.at[before] == '\n' && !has_zero && (at - line) % 2 == 0)
			break;
		if ((at - before) % 2 == 0 && wide_is_wrong(unit_at(text, before, is_big_endian)))
			return at;
		line = before;
	}
	bool is_line = (at - line) % 2 == 0 && at - line < BACK_MAX;
	return is_line && !is_narrow(bytes_slice(text, line, at - line)) ? line : at;
}

bool wide_find_start(struct bytes text, struct wide_start *ret_start)
{
	size_t from = 0;
	for (;;) {
		size_t zero = bytes_find_byte(bytes_from(text, from), 0);
		if (zero == BYTES_NOT_FOUND)
			return false;
		zero += from;
		size_t zeros = 1, last = zero;
		for (; last + 2 < text.len && is_letter(text.at[last + 1]) && text.at[last + 2] == 0; last += 2)
			zeros++;
		from = last + 1;
		if (zeros < ZEROS_MIN)
			continue;
		bool follows = last + 1 < text.len && is_letter(text.at[last + 1]);
		bool precedes = zero > 0 && is_letter(text.at[zero - 1]);
		/* A letter at both ends: one of them is of the text around, and lines tell which. */
		bool ends_line = text.at[last - 1] == '\n' && (!follows || text.at[last + 1] != '\n');
		bool is_big = follows && !ends_line && (!precedes || text.at[zero - 1] == '\n');
		size_t at = is_big ? zero : precedes ? zero - 1 : zero + 1;
		*ret_start = (struct wide_start){.at = back_to_line(text, at, is_big), .is_big_endian = is_big};
		return true;
	}
}

/* ---- where it ends ---- */

bool wide_is_narrow_line(struct bytes text, bool is_big_endian)
{
	struct bytes line = bytes_slice(text, 0, WIDE_LOOKAHEAD);
	size_t end = bytes_find_byte(line, '\n'), words = 0;
	if (end != BYTES_NOT_FOUND && !is_big_endian && end + 1 < text.len && text.at[end + 1] == 0)
		return false;
	line = bytes_slice(line, 0, end);
	for (size_t i = 0; i < line.len; i++) {
		if (line.at[i] < 0x80 && !is_letter(line.at[i]))
			return false;
		words += is_word(line.at[i]) || line.at[i] >= 0x80;
	}
	size_t valid = text_valid_length(line);
	return line.len >= LINE_MIN && words * 4 >= line.len * 3 && (valid == line.len || line.len - valid < 4);
}

size_t wide_length(struct bytes text, bool is_big_endian, bool is_last)
{
	size_t pairs = 0, line = 0, first_wrong = 0;
	unsigned wrong = 0;
	size_t sure = is_last ? text.len : text.len - (text.len < WIDE_LOOKAHEAD ? text.len : WIDE_LOOKAHEAD);
	for (size_t at = 0; at + 2 <= text.len; at += 2) {
		uint16_t c = unit_at(text, at, is_big_endian);
		if (wide_is_wrong(c)) {
			first_wrong = wrong == 0 ? at : first_wrong;
			wrong += WRONG_WEIGHT;
			if (wrong > WRONG_MAX)
				return first_wrong;
		} else {
			wrong -= wrong > 0;
		}
		pairs = is_letter(text.at[at]) && is_letter(text.at[at + 1]) ? pairs + 1 : 0;
		if (pairs == PAIRS_MIN)
			return at + 2 - 2 * PAIRS_MIN;
		if (c != '\n')
			continue;
		if (at + 2 > sure)
			return line > 0 ? line : text.len & ~(size_t)1;
		line = at + 2;
		if (wide_is_narrow_line(bytes_from(text, line), is_big_endian))
			return line;
	}
	return is_last || line == 0 ? text.len & ~(size_t)1 : line;
}
