/* SPDX-License-Identifier: Apache-2.0 */
/* Two marks, each matched byte by byte across pieces. */
#include "format/text/comment-finder.h"

#define FOUND_MAX ((size_t)4 << 20)
static const char opening[] = "<!--";

struct comment_finder comment_finder_new(void)
{
	return (struct comment_finder){.found = buffer_with_ceiling(FOUND_MAX)};
}

void comment_finder_free(struct comment_finder *finder)
{
	buffer_free(&finder->found);
}

static void keep(struct comment_finder *finder, struct bytes text)
{
	if (text.len > FOUND_MAX - finder->found.len)
		finder->dropped += text.len;
	else
		buffer_append(&finder->found, text);
}

/* Looks for an opening mark. Returns how much of piece was passed. */
static size_t pass_outside(struct comment_finder *finder, struct bytes piece)
{
	if (finder->matched == 0) {
		size_t at = bytes_find_byte(piece, '<');
		if (at == BYTES_NOT_FOUND)
			return piece.len;
		finder->matched = 1;
		return at + 1;
	}
	if (piece.at[0] != (unsigned char)opening[finder->matched]) {
		finder->matched = 0;
		return 0;
	}
	if (++finder->matched == sizeof opening - 1) {
		finder->matched = 0;
		finder->is_inside = true;
	}
	return 1;
}

static size_t pass_inside(struct comment_finder *finder, struct bytes piece)
{
	unsigned char c = piece.at[0];
	if (c == '-') {
		if (finder->matched < 2)
			finder->matched++;
		else
			keep(finder, BYTES_LITERAL("-"));
		return 1;
	}
	if (finder->matched == 2 && c == '>') {
		keep(finder, BYTES_LITERAL("\n"));
		finder->matched = 0;
		finder->is_inside = false;
		return 1;
	}
	keep(finder, bytes_slice(BYTES_LITERAL("--"), 0, finder->matched));
	finder->matched = 0;
	size_t length = bytes_find_byte(piece, '-');
	length = length == BYTES_NOT_FOUND ? piece.len : length;
	keep(finder, bytes_slice(piece, 0, length));
	return length;
}

void comment_finder_feed(struct comment_finder *finder, struct bytes piece)
{
	while (piece.len > 0)
		piece = bytes_from(piece, finder->is_inside ? pass_inside(finder, piece) : pass_outside(finder, piece));
}

struct bytes comment_finder_found(const struct comment_finder *finder)
{
	return buffer_bytes(&finder->found);
}
