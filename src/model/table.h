/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table within a document's text, and the way back from a place in that text
 * to row and column. Its form is that of CSV (RFC 4180): a line a record, cells
 * joined by a delimiter, a cell that holds a delimiter or the end of a line in
 * quotes, with its own quotes doubled. A CSV file's text is its own and may have
 * any delimiter; where the table is written by us it is a tab (format/table.h).
 */
#ifndef TIDEMARK_MODEL_TABLE_H
#define TIDEMARK_MODEL_TABLE_H

#include "base/buffer.h"

struct table_span {
	uint64_t from, to; /* bytes of the text, to behind the last line's end */
	unsigned char delimiter;
	bool has_header; /* record 0 names the columns */
};

struct table_place {
	uint64_t row;    /* record; where the table has a header that is 0, and the first row is 1 */
	uint32_t column; /* from 0 */
};

/* Where a reader of one table stands: it goes forward only, so many places cost one pass. */
struct table_cursor {
	struct bytes text; /* of the table alone */
	unsigned char delimiter;
	size_t at;
	struct table_place place;
	bool at_start, is_quoted; /* of a cell; within quotes */
};

/* One cell as it stands in the text, quotes and all: what it says is table_cell_append's. */
struct table_cell {
	size_t from, to; /* bytes of the table's text */
};

/** The cells of the record that begins at *at, which then stands behind its line's end; at most room of them are kept, *ret_count
 *  is how many of those there were. False at the end of text, which is the table's alone. */
bool table_next_record(struct bytes text, unsigned char delimiter, size_t *at, struct table_cell *cells, size_t room,
                       size_t *ret_count);
/** What a cell says: without its quotes, doubled ones once. */
void table_cell_append(struct buffer *into, struct bytes text, struct table_cell cell);

/** text: the document's. */
struct table_cursor table_cursor_over(struct bytes text, const struct table_span *span);
/** The place of a byte of the table's text, counted from its beginning; no smaller than in the call before. A delimiter and
 *  the end of a line are of the cell that they end. */
struct table_place table_cursor_seek(struct table_cursor *cursor, size_t at);

#endif
