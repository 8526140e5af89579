/* SPDX-License-Identifier: Apache-2.0 */
/* Rows are rendered when added; widths are fixed once, by the rows held. */
#include "cli/table.h"

#include "base/text.h"

#include <stdlib.h>

enum {
	HELD_ROWS = 400,
	HELD_BYTES = 256 * 1024,
	CELL_BYTES = 64 * 1024,
	GAP = 2,
	SHRUNK_LEAST = 10,
	FIXED_LEAST = 32,
	PIPED_CELL = 80
};

#define ELLIPSIS BYTES_LITERAL("\xE2\x80\xA6")

struct held_cell {
	size_t from, len; /* in table->text */
	enum tone tone;
};

struct table {
	const struct column *columns;
	size_t count;
	unsigned width;
	bool is_coloured, is_laid_out;
	uint64_t rows;
	struct buffer text;
	struct held_cell held[HELD_ROWS * COLUMN_MAX];
	size_t held_rows;
	size_t widths[COLUMN_MAX];
	bool is_hidden[COLUMN_MAX];
};

enum status table_new(const struct column *columns, size_t count, unsigned width, bool is_coloured, struct table **ret_table)
{
	struct table *table = malloc(sizeof *table);
	if (table == NULL)
		return STATUS_NO_MEMORY;
	table->columns = columns;
	table->count = count < COLUMN_MAX ? count : COLUMN_MAX;
	table->width = width;
	table->is_coloured = is_coloured;
	table->is_laid_out = false;
	table->rows = 0;
	table->text = buffer_with_ceiling(SIZE_MAX / 4);
	table->held_rows = 0;
	for (size_t i = 0; i < COLUMN_MAX; i++)
		table->is_hidden[i] = i < table->count && columns[i].rank == COLUMN_CSV_ONLY;
	*ret_table = table;
	return STATUS_OK;
}

void table_free(struct table *table)
{
	if (table == NULL)
		return;
	buffer_free(&table->text);
	free(table);
}

/* ---- text ---- */

void table_append_toned(struct buffer *into, struct bytes text, enum tone tone, bool is_coloured)
{
	static const char *const codes[] = {
		[TONE_PLAIN] = NULL, [TONE_STRONG] = "1", [TONE_DIM] = "2",
		[TONE_GOOD] = "32",  [TONE_DOUBT] = "33", [TONE_BAD] = "31",
	};
	bool is_toned = is_coloured && codes[tone] != NULL;
	if (is_toned)
		buffer_append_format(into, "\x1b[%sm", codes[tone]);
	buffer_append(into, text);
	if (is_toned)
		buffer_append_string(into, "\x1b[0m");
}

/* Length of the longest beginning that needs at most so many columns. */
static size_t fit_beginning(struct bytes text, size_t columns)
{
	size_t at = 0, used = 0;
	uint32_t code_point;
	while (at < text.len) {
		size_t len = text_decode(bytes_from(text, at), &code_point);
		used += text_width(bytes_slice(text, at, len));
		if (used > columns)
			break;
		at += len;
	}
	return at;
}

/* Where the longest end begins that needs at most so many columns. */
static size_t fit_end(struct bytes text, size_t columns)
{
	size_t at = 0, excess = text_width(text);
	uint32_t code_point;
	while (at < text.len && excess > columns) {
		size_t len = text_decode(bytes_from(text, at), &code_point);
		excess -= text_width(bytes_slice(text, at, len));
		at += len;
	}
	return at;
}

void table_append_cut(struct buffer *into, struct bytes text, size_t columns, bool keeps_end)
{
	if (text_width(text) <= columns) {
		buffer_append(into, text);
	} else if (keeps_end) {
		buffer_append(into, ELLIPSIS);
		buffer_append(into, bytes_from(text, fit_end(text, columns - 1)));
	} else {
		buffer_append(into, bytes_slice(text, 0, fit_beginning(text, columns - 1)));
		buffer_append(into, ELLIPSIS);
	}
}

static void append_blanks(struct buffer *into, size_t count)
{
	while (count-- > 0)
		buffer_append_byte(into, ' ');
}

static struct bytes title_of(const struct column *column, char into[64])
{
	if (column->title != NULL)
		return bytes_of_string(column->title);
	size_t len = 0;
	for (; column->name[len] != '\0' && len < 63; len++) {
		char c = column->name[len];
		into[len] = c == '_' ? ' ' : (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
	}
	return bytes_of(into, len);
}

/* ---- lay-out ---- */

static struct bytes held_text(const struct table *table, const struct held_cell *cell)
{
	return bytes_slice(buffer_bytes(&table->text), cell->from, cell->len);
}

static void measure(struct table *table)
{
	char title[64];
	for (size_t c = 0; c < table->count; c++) {
		table->widths[c] = text_width(title_of(&table->columns[c], title));
		for (size_t r = 0; r < table->held_rows; r++) {
			size_t width = text_width(held_text(table, &table->held[r * table->count + c]));
			if (width > table->widths[c] && (table->width > 0 || width <= PIPED_CELL))
				table->widths[c] = width;
		}
	}
}

/* How narrow a column can become; numbers stay whole, and so do ids. */
static size_t least_width(const struct table *table, size_t c)
{
	size_t least = table->columns[c].may_shrink ? SHRUNK_LEAST : FIXED_LEAST;
	bool is_number = table->columns[c].align == COLUMN_RIGHT;
	return is_number || table->widths[c] < least ? table->widths[c] : least;
}

static size_t total_width(const struct table *table, bool shrunk)
{
	size_t total = 0;
	for (size_t c = 0; c < table->count; c++)
		if (!table->is_hidden[c])
			total += (shrunk ? least_width(table, c) : table->widths[c]) + GAP;
	return total >= GAP ? total - GAP : 0;
}

/* False when all that is left is kept. */
static bool hide_one(struct table *table)
{
	size_t victim = table->count;
	for (size_t c = 0; c < table->count; c++)
		if (!table->is_hidden[c] && table->columns[c].rank > COLUMN_KEPT &&
		    (victim == table->count || table->columns[c].rank >= table->columns[victim].rank))
			victim = c;
	if (victim == table->count)
		return false;
	table->is_hidden[victim] = true;
	return true;
}

/* False when nothing can be narrower. */
static bool shrink_widest(struct table *table)
{
	size_t widest = table->count;
	for (size_t c = 0; c < table->count; c++)
		if (!table->is_hidden[c] && table->widths[c] > least_width(table, c) &&
		    (widest == table->count || table->widths[c] > table->widths[widest]))
			widest = c;
	if (widest == table->count)
		return false;
	table->widths[widest]--;
	return true;
}

static void lay_out(struct table *table)
{
	measure(table);
	table->is_laid_out = true;
	if (table->width == 0)
		return;
	for (size_t c = 0; c < table->count; c++)
		if (least_width(table, c) < table->widths[c] && table->widths[c] > table->width)
			table->widths[c] = table->width;
	while (total_width(table, true) > table->width && hide_one(table))
		;
	while (total_width(table, false) > table->width && shrink_widest(table))
		;
}

/* ---- rows ---- */

static size_t last_shown(const struct table *table)
{
	size_t last = 0;
	for (size_t c = 0; c < table->count; c++)
		if (!table->is_hidden[c])
			last = c;
	return last;
}

/* Columns that a value of the column may take, 0: as many as it wants. */
static size_t most_shown(const struct table *table, size_t c)
{
	size_t width = table->widths[c];
	if (table->width == 0 || table->columns[c].align == COLUMN_RIGHT)
		return 0;
	return table->columns[c].may_shrink || width > FIXED_LEAST ? width : FIXED_LEAST;
}

static void append_cell(const struct table *table, size_t c, struct bytes text, enum tone tone, bool is_last, struct buffer *into)
{
	const struct column *column = &table->columns[c];
	struct buffer cut = buffer_with_ceiling(SIZE_MAX / 4);
	size_t most = most_shown(table, c);
	if (most > 0) {
		table_append_cut(&cut, text, most, column->keeps_end);
		text = buffer_bytes(&cut);
	}
	size_t width = text_width(text), pad = width < table->widths[c] ? table->widths[c] - width : 0;
	if (column->align == COLUMN_RIGHT)
		append_blanks(into, pad);
	table_append_toned(into, text, tone, table->is_coloured);
	if (column->align == COLUMN_LEFT && !is_last)
		append_blanks(into, pad);
	if (!is_last)
		append_blanks(into, GAP);
	buffer_free(&cut);
}

static void end_row(struct buffer *into)
{
	while (into->len > 0 && into->at[into->len - 1] == ' ')
		buffer_truncate(into, into->len - 1);
	buffer_append_byte(into, '\n');
}

static void append_row(const struct table *table, const struct held_cell *cells, struct buffer *into)
{
	size_t last = last_shown(table);
	for (size_t c = 0; c < table->count; c++)
		if (!table->is_hidden[c])
			append_cell(table, c, held_text(table, &cells[c]), cells[c].tone, c == last, into);
	end_row(into);
}

static void append_titles(const struct table *table, struct buffer *into)
{
	char title[64];
	size_t last = last_shown(table);
	for (size_t c = 0; c < table->count; c++)
		if (!table->is_hidden[c])
			append_cell(table, c, title_of(&table->columns[c], title), TONE_STRONG, c == last, into);
	end_row(into);
}

static void release(struct table *table, struct buffer *into)
{
	if (!table->is_laid_out) {
		lay_out(table);
		append_titles(table, into);
	}
	for (size_t r = 0; r < table->held_rows; r++)
		append_row(table, &table->held[r * table->count], into);
	if (table->text.failed != STATUS_OK)
		into->failed = table->text.failed;
	table->held_rows = 0;
	buffer_reset(&table->text);
}

void table_add(struct table *table, const struct cell *cells, struct buffer *into)
{
	struct held_cell *row = &table->held[table->held_rows * table->count];
	for (size_t c = 0; c < table->count; c++) {
		struct cell cell = cells[c];
		if (table->width > 0) /* what no screen shows need not be escaped */
			cell.text = bytes_slice(cell.text, 0, CELL_BYTES);
		row[c].from = table->text.len;
		cell_append_for_eyes(&cell, &table->text);
		row[c].len = table->text.len - row[c].from;
		row[c].tone = cell.kind == CELL_NONE ? TONE_DIM : cell.tone;
	}
	table->held_rows++;
	table->rows++;
	if (table->is_laid_out || table->held_rows == HELD_ROWS || table->text.len >= HELD_BYTES)
		release(table, into);
}

void table_finish(struct table *table, struct buffer *into)
{
	if (table->held_rows > 0)
		release(table, into);
}
