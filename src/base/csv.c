/* SPDX-License-Identifier: Apache-2.0 */
#include "base/csv.h"

#include "base/text.h"

#include <stdio.h>

static enum status refuse(size_t line, struct failure *reterr, const char *why)
{
	char where[32];
	snprintf(where, sizeof where, "line %zu", line);
	return fail(reterr, STATUS_USAGE, where, "%s", why);
}

static size_t count_lines(struct bytes text)
{
	size_t lines = 1;
	for (size_t i = 0; i < text.len; i++)
		lines += text.at[i] == '\n';
	return lines;
}

enum status csv_start(struct csv_reader *reader, struct bytes text, struct arena *arena, struct failure *reterr)
{
	if (bytes_start_with(text, BYTES_LITERAL("\xFF\xFE")) || bytes_start_with(text, BYTES_LITERAL("\xFE\xFF")))
		return refuse(1, reterr, "is UTF-16; save it as UTF-8");
	if (bytes_start_with(text, BYTES_LITERAL("\xEF\xBB\xBF")))
		text = bytes_from(text, 3);
	size_t valid = text_valid_length(text), nul = bytes_find_byte(text, 0);
	if (nul < valid)
		return refuse(count_lines(bytes_slice(text, 0, nul)), reterr, "holds a NUL, which no text does");
	if (!text_is_valid(text)) {
		while (valid > 0 && !text_is_valid(bytes_slice(text, 0, valid)))
			valid--;
		return refuse(count_lines(bytes_slice(text, 0, valid)), reterr, "is not UTF-8; save it as UTF-8");
	}
	*reader = (struct csv_reader){.rest = text, .line = 1, .arena = arena};
	return STATUS_OK;
}

/* Whether a line ends here; what ends it is taken off. */
static bool take_line_end(struct csv_reader *reader)
{
	size_t len = bytes_start_with(reader->rest, BYTES_LITERAL("\r\n")) ? 2
	             : bytes_start_with(reader->rest, BYTES_LITERAL("\n")) ? 1
	                                                                   : 0;
	if (len == 0)
		return false;
	reader->rest = bytes_from(reader->rest, len);
	reader->line++;
	return true;
}

static enum status take_plain(struct csv_reader *reader, struct bytes *ret_field, struct failure *reterr)
{
	size_t len = 0;
	for (; len < reader->rest.len && reader->rest.at[len] != ',' && reader->rest.at[len] != '\n'; len++) {
		if (reader->rest.at[len] == '"')
			return refuse(reader->line, reterr,
			              "has a quotation mark within a field; put the whole field in marks and double those in it");
		if (reader->rest.at[len] == '\r') {
			if (len + 1 < reader->rest.len && reader->rest.at[len + 1] == '\n')
				break;
			return refuse(reader->line, reterr, "has a carriage return without a line feed");
		}
	}
	*ret_field = bytes_slice(reader->rest, 0, len);
	reader->rest = bytes_from(reader->rest, len);
	return STATUS_OK;
}

static struct bytes undouble(struct bytes field, size_t marks, struct arena *arena)
{
	unsigned char *copy = arena_allocate(arena, field.len + 1);
	size_t len = 0;
	if (copy == NULL)
		return BYTES_NONE;
	for (size_t i = 0; i < field.len; i++) {
		copy[len++] = field.at[i];
		i += field.at[i] == '"';
	}
	return bytes_of(copy, field.len - marks);
}

/* From behind its first mark. */
static enum status take_quoted(struct csv_reader *reader, struct bytes *ret_field, struct failure *reterr)
{
	size_t len = 0, marks = 0, begun = reader->line;
	for (;; len++) {
		if (len >= reader->rest.len)
			return refuse(begun, reterr, "has a quotation mark that is not closed");
		unsigned char c = reader->rest.at[len];
		reader->line += c == '\n';
		if (c != '"')
			continue;
		if (len + 1 >= reader->rest.len || reader->rest.at[len + 1] != '"')
			break;
		marks++;
		len++;
	}
	struct bytes field = bytes_slice(reader->rest, 0, len);
	reader->rest = bytes_from(reader->rest, len + 1);
	*ret_field = marks > 0 ? undouble(field, marks, reader->arena) : field;
	return marks > 0 && ret_field->at == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status take_field(struct csv_reader *reader, struct bytes *ret_field, struct failure *reterr)
{
	if (reader->rest.len == 0 || reader->rest.at[0] != '"')
		return take_plain(reader, ret_field, reterr);
	reader->rest = bytes_from(reader->rest, 1);
	enum status status = take_quoted(reader, ret_field, reterr);
	bool is_ended = reader->rest.len == 0 || reader->rest.at[0] == ',' || reader->rest.at[0] == '\n' ||
	                bytes_start_with(reader->rest, BYTES_LITERAL("\r\n"));
	return status != STATUS_OK || is_ended ? status : refuse(reader->line, reterr, "goes on behind a closed quotation mark");
}

enum status csv_next(struct csv_reader *reader, struct csv_record *ret_record, struct failure *reterr)
{
	while (take_line_end(reader))
		;
	if (reader->rest.len == 0)
		return STATUS_END;
	ret_record->line = reader->line;
	ret_record->count = 0;
	for (;;) {
		if (ret_record->count == CSV_FIELDS_MAX)
			return refuse(reader->line, reterr, "has too many fields");
		enum status status = take_field(reader, &ret_record->fields[ret_record->count], reterr);
		if (status != STATUS_OK)
			return status;
		ret_record->count++;
		if (reader->rest.len == 0 || take_line_end(reader))
			return STATUS_OK;
		reader->rest = bytes_from(reader->rest, 1); /* a comma */
	}
}
