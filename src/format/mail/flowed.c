/* SPDX-License-Identifier: Apache-2.0 */
/* Line by line: quoting depth (4.5), stuffed blanks (4.4), the signature's separator (4.3), soft breaks (4.1). */
#include "format/mail/flowed.h"

struct flowed flowed_start(bool deletes_space)
{
	return (struct flowed){.deletes_space = deletes_space, .carry = buffer_with_ceiling(SIZE_MAX / 4)};
}

void flowed_free(struct flowed *flowed)
{
	buffer_free(&flowed->carry);
}

static size_t quoting_depth(struct bytes line)
{
	size_t depth = 0;
	while (depth < line.len && line.at[depth] == '>')
		depth++;
	return depth;
}

/* line: without its break. */
static void put_line(struct flowed *flowed, struct bytes line, struct buffer *into)
{
	size_t depth = quoting_depth(line);
	struct bytes words = bytes_from(line, depth);
	if (words.len > 0 && words.at[0] == ' ')
		words = bytes_from(words, 1);
	bool is_separator = bytes_equal(words, BYTES_LITERAL("-- "));
	bool is_soft = !is_separator && words.len > 0 && words.at[words.len - 1] == ' ';
	bool goes_on = flowed->is_open && depth == flowed->depth && !is_separator;
	if (flowed->is_open && !goes_on)
		buffer_append_byte(into, '\n');
	if (!goes_on) {
		buffer_append(into, bytes_slice(line, 0, depth));
		if (depth > 0)
			buffer_append_byte(into, ' ');
	}
	if (is_soft && flowed->deletes_space)
		words.len--;
	buffer_append(into, words);
	if (!is_soft)
		buffer_append_byte(into, '\n');
	flowed->is_open = is_soft;
	flowed->depth = depth;
}

static struct bytes without_return(struct bytes line)
{
	return line.len > 0 && line.at[line.len - 1] == '\r' ? bytes_slice(line, 0, line.len - 1) : line;
}

enum status flowed_feed(struct flowed *flowed, struct bytes piece, bool is_last, struct buffer *into)
{
	size_t newline;
	while ((newline = bytes_find_byte(piece, '\n')) != BYTES_NOT_FOUND) {
		struct bytes line = bytes_slice(piece, 0, newline);
		if (flowed->carry.len > 0) {
			buffer_append(&flowed->carry, line);
			line = buffer_bytes(&flowed->carry);
		}
		put_line(flowed, without_return(line), into);
		buffer_reset(&flowed->carry);
		piece = bytes_from(piece, newline + 1);
	}
	buffer_append(&flowed->carry, piece);
	if (is_last) {
		if (flowed->carry.len > 0)
			put_line(flowed, without_return(buffer_bytes(&flowed->carry)), into);
		if (flowed->is_open)
			buffer_append_byte(into, '\n');
		flowed->is_open = false;
		buffer_reset(&flowed->carry);
	}
	return buffer_status(&flowed->carry) == STATUS_OK ? buffer_status(into) : buffer_status(&flowed->carry);
}
