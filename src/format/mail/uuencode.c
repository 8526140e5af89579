/* SPDX-License-Identifier: Apache-2.0 */
/* Three bytes in four characters from ' ' to '`'. Blanks at a line's end may be lost on the way. */
#include "format/mail/uuencode.h"

enum { LINE_BYTES_MAX = 45, NAME_BYTES_MAX = 1024 };

static struct bytes line_at(struct bytes text, size_t at, size_t *ret_next)
{
	struct bytes rest = bytes_from(text, at);
	size_t newline = bytes_find_byte(rest, '\n');
	*ret_next = newline == BYTES_NOT_FOUND ? text.len : at + newline + 1;
	struct bytes line = bytes_slice(rest, 0, newline == BYTES_NOT_FOUND ? rest.len : newline);
	return line.len > 0 && line.at[line.len - 1] == '\r' ? bytes_slice(line, 0, line.len - 1) : line;
}

static unsigned value_of(unsigned char c)
{
	return ((unsigned)c - ' ') & 0x3F;
}

/* How many bytes a line of data holds; 0 if it is none, or the last. */
static size_t line_length(struct bytes line)
{
	size_t length = line.len > 0 ? value_of(line.at[0]) : 0, characters = (length + 2) / 3 * 4;
	if (length == 0 || length > LINE_BYTES_MAX || line.len > characters + 3 || line.len + 4 < characters + 1)
		return 0;
	for (size_t i = 0; i < line.len; i++)
		if (line.at[i] < ' ' || line.at[i] > '`')
			return 0;
	return length;
}

static bool is_begin(struct bytes line, struct bytes *ret_name)
{
	size_t at = 6, digits = 0;
	if (!bytes_start_with(line, BYTES_LITERAL("begin ")))
		return false;
	while (at < line.len && line.at[at] >= '0' && line.at[at] <= '7') {
		at++;
		digits++;
	}
	if (digits < 3 || digits > 6 || at >= line.len || line.at[at] != ' ')
		return false;
	*ret_name = bytes_slice(bytes_trim(bytes_from(line, at)), 0, NAME_BYTES_MAX);
	return ret_name->len > 0;
}

size_t uuencode_find(struct bytes text, struct bytes *ret_name, size_t *ret_data)
{
	for (size_t at = 0; at < text.len;) {
		bool is_first = at == 0 && bytes_start_with(text, BYTES_LITERAL("begin "));
		size_t found = is_first ? 0 : bytes_find(bytes_from(text, at), BYTES_LITERAL("\nbegin ")), data, next;
		if (found == BYTES_NOT_FOUND)
			break;
		at += found + !is_first;
		bool has_begun = is_begin(line_at(text, at, &data), ret_name);
		if (has_begun && line_length(line_at(text, data, &next)) > 0) {
			*ret_data = data;
			return at;
		}
		at++;
	}
	return BYTES_NOT_FOUND;
}

static void decode_line(struct bytes line, size_t length, struct buffer *into)
{
	for (size_t i = 0; i < length; i += 3) {
		unsigned four[4];
		for (size_t k = 0; k < 4; k++) {
			size_t at = 1 + i / 3 * 4 + k;
			four[k] = at < line.len ? value_of(line.at[at]) : 0;
		}
		unsigned char three[3] = {(unsigned char)(four[0] << 2 | four[1] >> 4),
		                          (unsigned char)(four[1] << 4 | four[2] >> 2), (unsigned char)(four[2] << 6 | four[3])};
		buffer_append(into, bytes_of(three, length - i < 3 ? length - i : 3));
	}
}

size_t uuencode_decode(struct bytes text, struct buffer *into, bool *ret_is_whole)
{
	size_t at = 0, next, length;
	struct bytes line;
	*ret_is_whole = false;
	while (at < text.len && (length = line_length(line = line_at(text, at, &next))) > 0) {
		decode_line(line, length, into);
		at = next;
	}
	/* "`", or a line of blanks; then "end". */
	line = line_at(text, at, &next);
	if (at < text.len && bytes_trim(line).len == (line.len > 0 && line.at[0] == '`' ? 1 : 0))
		line = line_at(text, next, &next);
	if (bytes_equal(bytes_trim(line), BYTES_LITERAL("end"))) {
		*ret_is_whole = true;
		at = next;
	}
	return at;
}
