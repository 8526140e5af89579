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
