/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines and runs. A run goes on through the view until a line that is a
 * boundary; the line break before a boundary belongs to it (RFC 2046 5.1.1),
 * so a break at a run's end is held back until the next line is known.
 */
#include "format/mail/reader.h"

#include "format/mail/header.h"

enum { VIEW_SIZE = 256 << 10, BOUNDARY_LINE_MAX = 1024 };

struct mail_reader mail_reader_over(struct source *source, uint64_t at, uint64_t end)
{
	return (struct mail_reader){
		.source = source,
		.at = at,
		.end = end < source->size ? end : source->size,
		.hit = MAIL_DEPTH_MAX,
	};
}

static struct bytes rest_of_view(const struct mail_reader *reader)
{
	return bytes_from(reader->view, (size_t)(reader->at - reader->view_at));
}

/* A view of at least wanted bytes from at on, or of all there are. */
static enum status look(struct mail_reader *reader, size_t wanted, struct bytes *ret_rest)
{
	uint64_t left = reader->end > reader->at ? reader->end - reader->at : 0;
	*ret_rest = rest_of_view(reader);
	if (ret_rest->len >= wanted || ret_rest->len >= left)
		return STATUS_OK;
	enum status status = source_view(reader->source, reader->at, left < VIEW_SIZE ? (size_t)left : VIEW_SIZE, &reader->view);
	if (status != STATUS_OK)
		return status;
	reader->view_at = reader->at;
	if (reader->view.len == 0)
		reader->end = reader->at; /* the source is shorter than it said */
	*ret_rest = reader->view;
	return STATUS_OK;
}

/* A whole line with its break; at the message's end, and beyond VIEW_SIZE, without. */
static enum status look_at_line(struct mail_reader *reader, struct bytes *ret_line)
{
	enum status status = look(reader, 1, ret_line);
	size_t newline = bytes_find_byte(*ret_line, '\n');
	if (status == STATUS_OK && newline == BYTES_NOT_FOUND) {
		status = look(reader, VIEW_SIZE, ret_line);
		newline = bytes_find_byte(*ret_line, '\n');
	}
	if (newline != BYTES_NOT_FOUND)
		*ret_line = bytes_slice(*ret_line, 0, newline + 1);
	return status;
}

/* Which boundary a line is, innermost first. */
static bool is_boundary(struct mail_reader *reader, struct bytes line)
{
	if (line.len < 2 || line.at[0] != '-' || line.at[1] != '-')
		return false;
	line = bytes_from(line, 2);
	while (line.len > 0 && (line.at[line.len - 1] <= ' '))
		line.len--;
	for (unsigned i = reader->depth; i-- > 0;) {
		struct bytes boundary = reader->boundaries[i];
		bool closes = line.len == boundary.len + 2 && line.at[boundary.len] == '-' && line.at[boundary.len + 1] == '-';
		if ((line.len != boundary.len && !closes) || !bytes_start_with(line, boundary))
			continue;
		reader->hit = i;
		reader->hit_closes = closes;
		return true;
	}
	return false;
}

/* Where in view the next line begins that is a boundary or can not be told yet: its length if there is none.
 * *ret_line is the boundary, empty if it can not be told. */
static size_t find_boundary(struct mail_reader *reader, struct bytes view, struct bytes *ret_line)
{
	size_t from = 0;
	*ret_line = BYTES_NONE;
	while (reader->depth > 0) {
		size_t at = bytes_find(bytes_from(view, from), BYTES_LITERAL("\n--"));
		if (at == BYTES_NOT_FOUND)
			break;
		from += at + 1;
		struct bytes line = bytes_slice(view, from, BOUNDARY_LINE_MAX);
		size_t newline = bytes_find_byte(line, '\n');
		if (newline == BYTES_NOT_FOUND && from + BOUNDARY_LINE_MAX > view.len)
			return from;
		line = newline == BYTES_NOT_FOUND ? BYTES_NONE : bytes_slice(line, 0, newline + 1);
		if (is_boundary(reader, line)) {
			*ret_line = line;
			return from;
		}
	}
	/* A last "\n-" or "\r" may begin one, or the break before it. */
	bool is_begun = view.len >= 2 && view.at[view.len - 1] == '-' && view.at[view.len - 2] == '\n';
	bool is_half_break = view.len >= 2 && view.at[view.len - 1] == '\r' && reader->depth > 0;
	return is_begun || is_half_break ? view.len - 1 : view.len;
}

static enum status end_at_boundary(struct mail_reader *reader, size_t length)
{
	reader->hit_at = reader->at - reader->newline.len;
	reader->at += length;
	reader->newline = BYTES_NONE;
	reader->is_checked = false;
	return STATUS_END;
}

/* Cuts the line break off the end of a run and holds it back. */
static void hold_newline(struct mail_reader *reader, struct bytes *run)
{
	if (reader->depth == 0 || run->len == 0 || run->at[run->len - 1] != '\n') {
		reader->is_checked = true; /* in mid-line, or there is nothing to meet */
		return;
	}
	reader->is_checked = false;
	bool has_return = run->len > 1 && run->at[run->len - 2] == '\r';
	reader->newline = has_return ? BYTES_LITERAL("\r\n") : BYTES_LITERAL("\n");
	run->len -= reader->newline.len;
}

enum status mail_reader_take_run(struct mail_reader *reader, struct bytes *ret_run)
{
	struct bytes view, line;
	enum status status = look(reader, BOUNDARY_LINE_MAX, &view);
	if (status != STATUS_OK)
		return status;
	reader->hit = MAIL_DEPTH_MAX;
	if (!reader->is_checked && view.len > 0) {
		size_t newline = bytes_find_byte(bytes_slice(view, 0, BOUNDARY_LINE_MAX), '\n');
		line = bytes_slice(view, 0, newline == BYTES_NOT_FOUND ? BOUNDARY_LINE_MAX : newline + 1);
		if (is_boundary(reader, line))
			return end_at_boundary(reader, line.len);
		reader->is_checked = true;
	}
	if (reader->newline.len > 0) {
		*ret_run = reader->newline;
		reader->newline = BYTES_NONE;
		return STATUS_OK;
	}
	if (view.len == 0)
		return STATUS_END;
	size_t length = find_boundary(reader, view, &line);
	reader->at += length;
	*ret_run = bytes_slice(view, 0, length);
	hold_newline(reader, ret_run);
	return STATUS_OK;
}

/* ---- header fields ---- */

static bool is_blank(struct bytes line)
{
	return line.len == 0 || line.at[0] == '\n' || (line.len == 2 && line.at[0] == '\r' && line.at[1] == '\n');
}

/* A line that is no field, among fields: the rest of one that was folded badly, if a field follows it. */
static bool is_strayed(struct mail_reader *reader, struct bytes line)
{
	struct bytes view;
	if (look(reader, line.len + 512, &view) != STATUS_OK)
		return false;
	return mail_field_name_length(bytes_from(view, line.len)) > 0;
}

/* Whether line belongs to a header of which size bytes were read. */
static bool is_header_line(struct mail_reader *reader, struct bytes line, size_t size)
{
	if (size == 0 && (bytes_start_with(line, BYTES_LITERAL("From ")) || bytes_start_with(line, BYTES_LITERAL(">From "))))
		return true;
	if (mail_field_name_length(line) > 0)
		return true;
	if (size == 0)
		return false;
	return line.at[0] == ' ' || line.at[0] == '\t' || is_strayed(reader, line);
}

/* Appends a line so that a strayed one continues the field before it. */
static void append_header_line(struct buffer *block, struct bytes line)
{
	bool is_strayed_line = block->len > 0 && line.at[0] != ' ' && line.at[0] != '\t' && mail_field_name_length(line) == 0;
	if (is_strayed_line)
		buffer_append_byte(block, ' ');
	buffer_append(block, line);
}

enum status mail_reader_take_header(struct mail_reader *reader, struct buffer *block, uint64_t *ret_dropped)
{
	struct bytes line;
	enum status status;
	*ret_dropped = 0;
	reader->newline = BYTES_NONE;
	reader->hit = MAIL_DEPTH_MAX;
	while ((status = look_at_line(reader, &line)) == STATUS_OK) {
		reader->is_checked = false;
		if (line.len == 0)
			return STATUS_END;
		if (is_boundary(reader, line))
			return end_at_boundary(reader, line.len);
		if (is_blank(line)) {
			reader->at += line.len;
			return STATUS_OK;
		}
		if (!is_header_line(reader, line, block->len))
			return STATUS_OK;
		if (line.len >= MAIL_HEADER_MAX - block->len)
			*ret_dropped += line.len;
		else
			append_header_line(block, line);
		reader->at += line.len;
	}
	return status == STATUS_OK ? buffer_status(block) : status;
}
