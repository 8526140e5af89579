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
	bool is_none;
};

struct cell_table {
	const struct column *columns;
	size_t count;
	const struct marker *marker;
	unsigned width;
	bool is_coloured, is_laid_out;
	bool has_below; /* rows are of two lines */
	uint64_t rows;
	struct buffer text;
	struct held_cell held[HELD_ROWS * COLUMN_MAX];
	size_t held_rows;
	size_t widths[COLUMN_MAX];
	bool is_hidden[COLUMN_MAX];
};

static bool is_below(const struct cell_table *table, size_t c)
{
	return table->has_below && table->columns[c].is_below;
}

enum status table_new(const struct column *columns, size_t count, const struct marker *marker, unsigned width, bool is_coloured,
                      struct cell_table **ret_table)
{
	struct cell_table *table = malloc(sizeof *table);
	if (table == NULL)
		return STATUS_NO_MEMORY;
	table->columns = columns;
	table->count = count < COLUMN_MAX ? count : COLUMN_MAX;
	table->marker = marker;
	table->width = width;
	table->is_coloured = is_coloured;
	table->has_below = false;
	for (size_t i = 0; i < table->count; i++)
		table->has_below |= columns[i].is_below && width > 0 && width < TABLE_NARROW;
	table->is_laid_out = false;
	table->rows = 0;
	table->text = buffer_with_ceiling(SIZE_MAX / 4);
	table->held_rows = 0;
	for (size_t i = 0; i < COLUMN_MAX; i++)
		table->is_hidden[i] = i < table->count && (columns[i].rank == COLUMN_CSV_ONLY || is_below(table, i));
	*ret_table = table;
	return STATUS_OK;
}

void table_free(struct cell_table *table)
{
	if (table == NULL)
		return;
	buffer_free(&table->text);
	free(table);
}

/* ---- text ---- */

/* code: of SGR (ECMA-48, 8.3.117); NULL: none. */
static void append_coded(struct buffer *into, struct bytes text, const char *code)
{
	if (text.len > 0 && code != NULL)
		buffer_append_format(into, "\x1b[%sm", code);
	buffer_append(into, text);
	if (text.len > 0 && code != NULL)
		buffer_append_string(into, "\x1b[0m");
}

static const char *code_of(enum tone tone)
{
	static const char *const codes[] = {
		[TONE_PLAIN] = NULL, [TONE_STRONG] = "1", [TONE_DIM] = "2",
		[TONE_GOOD] = "32",  [TONE_DOUBT] = "33", [TONE_BAD] = "31",
	};
	return codes[tone];
}

void table_append_toned(struct buffer *into, struct bytes text, enum tone tone, bool is_coloured)
{
	append_coded(into, text, is_coloured ? code_of(tone) : NULL);
}

static size_t find_marks(const struct cell_table *table, size_t c, struct bytes text, struct mark marks[MARKS_MAX])
{
	bool is_marked = table->marker != NULL && table->columns[c].is_marked;
	return is_marked ? table->marker->find(table->marker->context, text, marks) : 0;
}

/* In its tone, but what is marked in bold, which is underlined where all is bold. */
static void append_marked(const struct cell_table *table, size_t c, struct bytes text, enum tone tone, struct buffer *into)
{
	struct mark marks[MARKS_MAX];
	size_t count = table->is_coloured ? find_marks(table, c, text, marks) : 0, at = 0;
	for (size_t i = 0; i < count; i++) {
		table_append_toned(into, bytes_slice(text, at, marks[i].from - at), tone, table->is_coloured);
		append_coded(into, bytes_slice(text, marks[i].from, marks[i].to - marks[i].from),
		             tone == TONE_STRONG ? "1;4" : "1");
		at = marks[i].to;
	}
	table_append_toned(into, bytes_from(text, at), tone, table->is_coloured);
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

static size_t width_between(struct bytes text, size_t from, size_t to)
{
	return text_width(bytes_slice(text, from, to - from));
}

/* The mark behind which the most others have room; the first of such. */
static size_t find_best_mark(struct bytes text, const struct mark *marks, size_t count, size_t columns)
{
	size_t best = 0, most = 0;
	for (size_t i = 0; i < count; i++) {
		size_t held = 0;
		while (i + held < count && width_between(text, marks[i].from, marks[i + held].to) <= columns)
			held++;
		if (held > most) {
			best = i;
			most = held;
		}
	}
	return best;
}

/* A text whose best marks would be cut off begins a little before them; a path in a line below begins with a whole name, if most
 * of the room is used so. */
static void append_cut_to_mark(const struct cell_table *table, size_t c, struct bytes text, size_t columns, struct buffer *into)
{
	struct mark marks[MARKS_MAX];
	bool is_long = text_width(text) > columns, keeps_end = table->columns[c].keeps_end;
	size_t count = is_long && !keeps_end ? find_marks(table, c, text, marks) : 0, lead = columns / 4;
	size_t best = count > 0 ? find_best_mark(text, marks, count, columns - lead) : 0;
	if (count > 0 && (best > 0 || width_between(text, 0, marks[0].to) >= columns)) {
		size_t from = fit_end(bytes_slice(text, 0, marks[best].from), lead);
		buffer_append(into, ELLIPSIS);
		table_append_cut(into, bytes_from(text, from), columns - 1, false);
	} else if (is_long && keeps_end && is_below(table, c)) {
		struct bytes end = bytes_from(text, fit_end(text, columns - 1));
		size_t slash = bytes_find_byte(end, '/');
		bool is_whole = slash != BYTES_NOT_FOUND && text_width(bytes_from(end, slash)) * 2 >= columns;
		buffer_append(into, ELLIPSIS);
		buffer_append(into, is_whole ? bytes_from(end, slash) : end);
	} else {
		table_append_cut(into, text, columns, table->columns[c].keeps_end);
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

static struct bytes held_text(const struct cell_table *table, const struct held_cell *cell)
{
	return bytes_slice(buffer_bytes(&table->text), cell->from, cell->len);
}

static void measure(struct cell_table *table)
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
static size_t least_width(const struct cell_table *table, size_t c)
{
	size_t shrunk = table->columns[c].least > 0 ? table->columns[c].least : SHRUNK_LEAST;
	size_t least = table->columns[c].may_shrink ? shrunk : FIXED_LEAST;
	bool is_number = table->columns[c].align == COLUMN_RIGHT;
	return is_number || table->widths[c] < least ? table->widths[c] : least;
}

static size_t total_width(const struct cell_table *table, bool shrunk)
{
	size_t total = 0;
	for (size_t c = 0; c < table->count; c++)
		if (!table->is_hidden[c])
			total += (shrunk ? least_width(table, c) : table->widths[c]) + GAP;
	return total >= GAP ? total - GAP : 0;
}

/* False when all that is left is kept. */
static bool hide_one(struct cell_table *table)
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
static bool shrink_widest(struct cell_table *table)
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

static void lay_out(struct cell_table *table)
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

static size_t last_shown(const struct cell_table *table)
{
	size_t last = 0;
	for (size_t c = 0; c < table->count; c++)
		if (!table->is_hidden[c])
			last = c;
	return last;
}

/* Columns that a value of the column may take, 0: as many as it wants. */
static size_t most_shown(const struct cell_table *table, size_t c)
{
	size_t width = table->widths[c];
	if (table->width == 0 || table->columns[c].align == COLUMN_RIGHT)
		return 0;
	return table->columns[c].may_shrink || width > FIXED_LEAST ? width : FIXED_LEAST;
}

static void append_cell(const struct cell_table *table, size_t c, struct bytes text, enum tone tone, bool is_last,
                        struct buffer *into)
{
	const struct column *column = &table->columns[c];
	struct buffer cut = buffer_with_ceiling(SIZE_MAX / 4);
	size_t most = most_shown(table, c);
	if (most > 0) {
		append_cut_to_mark(table, c, text, most, &cut);
		text = buffer_bytes(&cut);
	}
	size_t width = text_width(text), pad = width < table->widths[c] ? table->widths[c] - width : 0;
	if (column->align == COLUMN_RIGHT)
		append_blanks(into, pad);
	append_marked(table, c, text, tone, into);
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

static size_t last_below(const struct cell_table *table, const struct bytes *texts)
{
	size_t last = table->count;
	for (size_t c = 0; c < table->count; c++)
		if (is_below(table, c) && texts[c].len > 0)
			last = c;
	return last;
}

/* Each but the last has at most half of what there is. */
static void append_below(const struct cell_table *table, const struct bytes *texts, const enum tone *tones, struct buffer *into)
{
	size_t last = last_below(table, texts), left = table->width > 2 * GAP ? table->width - GAP : GAP;
	struct buffer cut = buffer_with_ceiling(SIZE_MAX / 4);
	if (last == table->count)
		return;
	append_blanks(into, GAP);
	for (size_t c = 0; c <= last; c++) {
		if (!is_below(table, c) || texts[c].len == 0)
			continue;
		buffer_reset(&cut);
		append_cut_to_mark(table, c, texts[c], c == last ? left : left / 2, &cut);
		append_marked(table, c, buffer_bytes(&cut), tones[c], into);
		size_t used = text_width(buffer_bytes(&cut)) + GAP;
		left = left > used ? left - used : 1;
		append_blanks(into, GAP);
	}
	end_row(into);
	buffer_free(&cut);
}

static void append_row(const struct cell_table *table, const struct held_cell *cells, struct buffer *into)
{
	struct bytes texts[COLUMN_MAX];
	enum tone tones[COLUMN_MAX];
	size_t last = last_shown(table);
	for (size_t c = 0; c < table->count; c++) {
		texts[c] = cells[c].is_none ? BYTES_NONE : held_text(table, &cells[c]);
		tones[c] = cells[c].tone;
		if (!table->is_hidden[c])
			append_cell(table, c, held_text(table, &cells[c]), cells[c].tone, c == last, into);
	}
	end_row(into);
	if (table->has_below)
		append_below(table, texts, tones, into);
}

static void append_titles(const struct cell_table *table, struct buffer *into)
{
	char titles[COLUMN_MAX][64];
	struct bytes texts[COLUMN_MAX];
	enum tone tones[COLUMN_MAX];
	size_t last = last_shown(table);
	for (size_t c = 0; c < table->count; c++) {
		texts[c] = title_of(&table->columns[c], titles[c]);
		tones[c] = TONE_STRONG;
		if (!table->is_hidden[c])
			append_cell(table, c, texts[c], TONE_STRONG, c == last, into);
	}
	end_row(into);
	if (table->has_below)
		append_below(table, texts, tones, into);
}

static void release(struct cell_table *table, struct buffer *into)
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

void table_add(struct cell_table *table, const struct cell *cells, struct buffer *into)
{
	struct held_cell *row = &table->held[table->held_rows * table->count];
	for (size_t c = 0; c < table->count; c++) {
		struct cell cell = cells[c];
		if (table->width > 0) /* what no screen shows need not be escaped */
			cell.text = bytes_slice(cell.text, 0, CELL_BYTES);
		row[c].from = table->text.len;
		cell_append_for_eyes(&cell, &table->text);
		row[c].len = table->text.len - row[c].from;
		row[c].is_none = cell.kind == CELL_NONE;
		row[c].tone = row[c].is_none ? TONE_DIM : cell.tone;
	}
	table->held_rows++;
	table->rows++;
	if (table->is_laid_out || table->held_rows == HELD_ROWS || table->text.len >= HELD_BYTES)
		release(table, into);
}

void table_finish(struct cell_table *table, struct buffer *into)
{
	if (table->held_rows > 0)
		release(table, into);
}
