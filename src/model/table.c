/* SPDX-License-Identifier: Apache-2.0 */
/* Records and cells of delimited text: one pass, a state of two bits. */
#include "model/table.h"

struct table_cursor table_cursor_over(struct bytes text, const struct table_span *span)
{
	return (struct table_cursor){
		.text = bytes_slice(text, (size_t)span->from, (size_t)(span->to - span->from)),
		.delimiter = span->delimiter,
		.at_start = true,
	};
}

/* Whether the quote at hand is the first of two that stand for one. */
static bool is_doubled(const struct table_cursor *cursor)
{
	return cursor->at + 1 < cursor->text.len && cursor->text.at[cursor->at + 1] == '"';
}

static void step(struct table_cursor *cursor)
{
	unsigned char c = cursor->text.at[cursor->at];
	if (c == '"' && cursor->is_quoted && is_doubled(cursor)) {
		cursor->at += 2;
		return;
	}
	if (c == '"' && (cursor->at_start || cursor->is_quoted)) {
		cursor->is_quoted = !cursor->is_quoted;
		cursor->at_start = false;
	} else if (!cursor->is_quoted && c == '\n') {
		cursor->place.row++;
		cursor->place.column = 0;
		cursor->at_start = true;
	} else if (!cursor->is_quoted && c == cursor->delimiter) {
		cursor->place.column++;
		cursor->at_start = true;
	} else {
		cursor->at_start = cursor->at_start && c == ' ';
	}
	cursor->at++;
}

struct table_place table_cursor_seek(struct table_cursor *cursor, size_t at)
{
	while (cursor->at < at && cursor->at < cursor->text.len)
		step(cursor);
	return cursor->place;
}

/* ---- records ---- */

bool table_next_record(struct bytes text, unsigned char delimiter, size_t *at, struct table_cell *cells, size_t room,
                       size_t *ret_count)
{
	struct table_cursor cursor = {.text = text, .delimiter = delimiter, .at = *at, .at_start = true};
	struct table_cell cell = {.from = *at};
	*ret_count = 0;
	if (*at >= text.len)
		return false;
	while (cursor.at < text.len && cursor.place.row == 0) {
		uint32_t column = cursor.place.column;
		cell.to = cursor.at;
		step(&cursor);
		if (cursor.place.row == 0 && cursor.place.column == column && cursor.at < text.len)
			continue;
		if (cursor.place.row == 0 && cursor.place.column == column)
			cell.to = text.len;
		if (*ret_count < room)
			cells[(*ret_count)++] = cell;
		cell.from = cursor.at;
	}
	*at = cursor.at;
	return true;
}

void table_cell_append(struct buffer *into, struct bytes text, struct table_cell cell)
{
	struct bytes written = bytes_slice(text, cell.from, cell.to - cell.from), trimmed = bytes_trim(written);
	if (trimmed.len < 2 || trimmed.at[0] != '"' || trimmed.at[trimmed.len - 1] != '"') {
		buffer_append(into, trimmed);
		return;
	}
	trimmed = bytes_slice(trimmed, 1, trimmed.len - 2);
	for (size_t i = 0; i < trimmed.len; i++) {
		buffer_append_byte(into, trimmed.at[i]);
		i += trimmed.at[i] == '"' && i + 1 < trimmed.len && trimmed.at[i + 1] == '"';
	}
}
