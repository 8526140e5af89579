/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which one-byte charset a text in a Latin script is in, by what its bytes
 * would make of the words they stand in: a sign or a capital in the midst of a
 * word speaks against, a letter of Western Europe in a word speaks for. DOS and
 * Mac OS, which uchardet does not know, against windows-1252 and its guess.
 */
#include "base/buffer.h"
#include "base/text.h"
#include "format/text/charset-table.h"
#include "format/text/charset.h"

#include <utf8proc.h>

enum { MARGIN = 3, FRAME_FIRST = 0x2500, FRAME_LAST = 0x259F };

enum sort { SORT_OTHER, SORT_SPACE, SORT_SMALL, SORT_CAPITAL, SORT_MARK, SORT_FRAME, SORT_FOREIGN, SORT_NONE };

static bool is_mark(uint32_t c)
{
	static const uint32_t marks[] = {0xA1, 0xA3, 0xA7, 0xA9, 0xAB, 0xAE, 0xB0, 0xB2, 0xB3, 0xBB, 0xBF, 0x20AC, 0x2122};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (marks[i] == c)
			return true;
	return false;
}

static enum sort sort_of(uint32_t c)
{
	if (c < 0x80)
		return c >= 'a' && c <= 'z' ? SORT_SMALL : c >= 'A' && c <= 'Z' ? SORT_CAPITAL : SORT_OTHER;
	if (c == 0xFFFD || c < 0xA0)
		return SORT_NONE;
	if (c >= FRAME_FIRST && c <= FRAME_LAST)
		return SORT_FRAME;
	if (c == 0xA0)
		return SORT_SPACE;
	if (c >= 0xC0 && c < 0x250 && c != 0xD7 && c != 0xF7)
		return utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_LU ? SORT_CAPITAL : SORT_SMALL;
	if (c >= 0x370 && c < 0x2000)
		return SORT_FOREIGN;
	return (c >= 0x2010 && c <= 0x203A) || is_mark(c) ? SORT_MARK : SORT_OTHER;
}

static bool is_letter(enum sort sort)
{
	return sort == SORT_SMALL || sort == SORT_CAPITAL;
}

/* Letters that German, French, Spanish, Portuguese, Italian and the languages of the North are full of. */
static bool is_common(uint32_t c)
{
	static const uint32_t common[] = {0xE4, 0xF6, 0xFC, 0xDF, 0xE9, 0xE8, 0xE0, 0xE7, 0xEA, 0xF1, 0xE1,
	                                  0xED, 0xF3, 0xFA, 0xE3, 0xF8, 0xE5, 0xE6, 0xC4, 0xD6, 0xDC, 0xC9};
	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		if (common[i] == c)
			return true;
	return false;
}

static int score_letter(uint32_t c, enum sort before, enum sort after)
{
	enum sort sort = sort_of(c);
	bool is_within = is_letter(before) && is_letter(after);
	switch (sort) {
	case SORT_SPACE: return 0;
	case SORT_SMALL:
		if (after == SORT_CAPITAL)
			return -3;
		if (!is_letter(before) && !is_letter(after))
			return 0;
		return is_common(c) ? 3 : 1;
	case SORT_CAPITAL:
		if (before == SORT_SMALL)
			return -3;
		return !is_letter(after) && !is_letter(before) ? 0 : is_common(c) ? 2 : 1;
	case SORT_MARK: return is_within ? (c == 0x2019 ? 3 : -3) : 1;
	case SORT_FRAME: return before == SORT_FRAME || after == SORT_FRAME ? 1 : is_within ? -4 : -1;
	case SORT_FOREIGN: return is_letter(before) || is_letter(after) ? -3 : 0;
	case SORT_NONE: return -4;
	default: return is_letter(before) || is_letter(after) ? -3 : 0;
	}
}

static long score(struct bytes decoded)
{
	long sum = 0;
	uint32_t c = 0, next = 0;
	enum sort before = SORT_OTHER;
	size_t length = text_decode(decoded, &c);
	while (length > 0) {
		decoded = bytes_from(decoded, length);
		length = text_decode(decoded, &next);
		if (c >= 0x80)
			sum += score_letter(c, before, length > 0 ? sort_of(next) : SORT_OTHER);
		before = sort_of(c);
		c = next;
	}
	return sum;
}

static long score_as(const char *charset, struct bytes sample)
{
	struct buffer decoded = buffer_with_ceiling(4 * sample.len + 64);
	long sum = LONG_MIN / 2;
	if (charset_append_decoded(&decoded, bytes_of_string(charset), sample) == STATUS_OK)
		sum = score(buffer_bytes(&decoded));
	buffer_free(&decoded);
	return sum;
}

const char *charset_weigh_latin(struct bytes sample, const char *favourite)
{
	static const char *const others[] = {"ibm850", "ibm437", "macintosh"};
	const char *best = NULL;
	long highest = 0;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		long sum = score_as(others[i], sample);
		if (sum > highest) {
			highest = sum;
			best = others[i];
		}
	}
	/* Mac OS for Central Europe differs from that for the West in letters that uchardet does not look at. */
	long margin = strcmp(favourite, "x-mac-ce") == 0 ? 0 : MARGIN;
	return best != NULL && highest >= score_as(favourite, sample) + margin ? best : favourite;
}
