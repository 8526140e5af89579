/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of a page in the order they are read in. A page draws in any
 * order it likes: a value before its label, a table cell by cell. What stands
 * side by side on one baseline is put on one line, left to right, cells apart
 * by a tab; but columns of prose, and blocks that only happen to be
 * neighbours, are read one after the other.
 *
 * How: pieces (lines as MuPDF gathers them, which end at wide gaps) are sorted
 * into rows. Rows are gathered into bands for as long as a gutter, a strip
 * without text, runs down through all of them. What is on both sides of a
 * band's gutter are cells of a table or columns (is_parted); columns are
 * ordered by themselves in the same way.
 */
#include "format/pdf/parts.h"

#include "base/text.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <utf8proc.h>

/* In sizes of the letters. */
#define BASELINE_SLACK 0.4f
#define WORD_GAP 0.1f
#define INITIAL_SIZE 1.6f
#define REPETITION_SLACK 0.12f
#define CELL_GAP 1.2f
#define GUTTER_WIDTH 0.8f
#define BAND_GAP 2.6f
#define GUTTERS_MAX 32
#define DEPTH_MAX 12
/* Directions of writing on one page that are ordered each by itself. */
#define DIRECTIONS_MAX 8
/* Columns of prose have at least so many lines, most of them with at least so many letters. */
#define PROSE_LINES 3
#define PROSE_LETTERS 18

struct piece {
	const fz_stext_line *line;
	float left, right, baseline, size;
	unsigned order; /* as drawn */
	unsigned letters;
	bool is_continued; /* begins as the middle of a sentence does */
	bool is_label;     /* ends with a colon */
	bool is_value;     /* most of it are digits */
	bool is_right_to_left;
};

struct interval {
	float left, right;
};

/* Strips without text, from left to right. */
struct gutters {
	struct interval at[GUTTERS_MAX];
	size_t count;
};

struct ordering {
	struct pdf_parts *parts;
	struct piece *pieces; /* all of the page */
	struct piece *spare;  /* room for as many */
};

/* ---- pieces ---- */

static void weigh_letters(struct piece *piece)
{
	unsigned digits = 0, others = 0;
	for (const fz_stext_char *c = piece->line->first_char; c != NULL; c = c->next) {
		bool is_letter = c->c >= 'A' && c->c < PDF_PARTS_REPLACEMENT && text_is_word((uint32_t)c->c);
		if (c->c <= ' ')
			continue;
		if (piece->letters + digits + others == 0)
			piece->is_continued = is_letter && utf8proc_toupper(c->c) != c->c;
		piece->letters += is_letter;
		digits += c->c >= '0' && c->c <= '9';
		others += !is_letter;
		piece->is_label = c->c == ':' || c->c == 0xff1a;
		piece->is_right_to_left |= c->c >= 0x590 && c->c < 0x900;
	}
	piece->is_value = digits > 0 && piece->letters <= others;
}

/* Damaged matrices have places that are none. */
static float place_of(fz_point point, fz_point along)
{
	float place = point.x * along.x + point.y * along.y;
	return isfinite(place) ? place : 0;
}

/* Along the line's own direction, which is the same for all pieces that are ordered together. False if it is blank. */
static bool measure(const fz_stext_line *line, unsigned order, struct piece *ret_piece)
{
	const fz_point along = line->dir, down = {-line->dir.y, line->dir.x};
	struct piece piece = {.line = line, .left = FLT_MAX, .right = -FLT_MAX, .order = order};
	for (const fz_stext_char *c = line->first_char; c != NULL; c = c->next) {
		if (c->c == ' ')
			continue;
		piece.left = fz_min(piece.left, place_of(c->origin, along));
		piece.right = fz_max(piece.right, place_of(c->quad.lr, along));
		piece.size = fz_max(piece.size, isfinite(c->size) ? c->size : 0);
	}
	if (piece.left == FLT_MAX)
		return false;
	piece.right = fz_max(piece.left, piece.right);
	piece.baseline = place_of(line->first_char->origin, down);
	weigh_letters(&piece);
	*ret_piece = piece;
	return true;
}

static int compare_baselines(const void *a, const void *b)
{
	const struct piece *one = a, *other = b;
	if (one->baseline != other->baseline)
		return one->baseline < other->baseline ? -1 : 1;
	return one->order < other->order ? -1 : one->order > other->order;
}

static int compare_lefts(const void *a, const void *b)
{
	const struct piece *one = a, *other = b;
	if (one->left != other->left)
		return one->left < other->left ? -1 : 1;
	return one->order < other->order ? -1 : one->order > other->order;
}

/* One past the row that begins at start of pieces sorted by their baselines. */
static size_t end_of_row(const struct piece *pieces, size_t start, size_t count)
{
	size_t end = start + 1;
	while (end < count) {
		float slack = fz_min(pieces[start].size, pieces[end].size) * BASELINE_SLACK;
		if (pieces[end].baseline - pieces[start].baseline > slack)
			break;
		end++;
	}
	return end;
}

static void sort_into_rows(struct piece *pieces, size_t count)
{
	qsort(pieces, count, sizeof *pieces, compare_baselines);
	for (size_t start = 0, end; start < count; start = end) {
		end = end_of_row(pieces, start, count);
		qsort(pieces + start, end - start, sizeof *pieces, compare_lefts);
		/* What follows compares with the row's first. */
		for (size_t i = start; i < end; i++)
			pieces[i].baseline = pieces[start].baseline;
	}
}

static size_t next_row(const struct piece *pieces, size_t start, size_t count)
{
	size_t end = start + 1;
	while (end < count && pieces[end].baseline == pieces[start].baseline)
		end++;
	return end;
}

/* ---- rows as lines ---- */

/* Pieces that touch are one word, a large initial among them; what lies over another is not. */
static void append_gap(struct pdf_parts *parts, float gap, const struct piece *one, const struct piece *other)
{
	struct buffer *line = &parts->line;
	float size = fz_min(one->size, other->size);
	bool is_touching = fabsf(gap) < size * WORD_GAP && fz_max(one->size, other->size) < size * INITIAL_SIZE;
	bool is_blank = line->len > 0 && line->at[line->len - 1] == ' ';
	bool is_cell = gap > size * CELL_GAP;
	if (line->len == 0 || (is_blank && !is_cell) || is_touching)
		return;
	if (is_blank)
		buffer_truncate(line, line->len - 1);
	buffer_append_byte(line, is_cell ? '\t' : ' ');
}

static void put_line(struct pdf_parts *parts)
{
	if (buffer_status(&parts->line) == STATUS_NO_MEMORY)
		pdf_parts_put(parts, STATUS_NO_MEMORY);
	pdf_parts_put_line(parts, bytes_trim(buffer_bytes(&parts->line)));
	buffer_reset(&parts->line);
}

/* Letters are made bold by drawing them twice. */
static bool is_repetition(const struct piece *piece, const struct piece *other)
{
	float slack = piece->size * REPETITION_SLACK;
	if (fabsf(piece->left - other->left) > slack || fabsf(piece->right - other->right) > slack)
		return false;
	const fz_stext_char *c = piece->line->first_char, *d = other->line->first_char;
	while (c != NULL && d != NULL && c->c == d->c) {
		c = c->next;
		d = d->next;
	}
	return c == NULL && d == NULL;
}

/* A row that is written from right to left begins with its last piece. */
static void put_row(struct pdf_parts *parts, const struct piece *row, size_t count)
{
	size_t right_to_left = 0;
	for (size_t i = 0; i < count; i++)
		right_to_left += row[i].is_right_to_left;
	bool is_turned = right_to_left * 2 > count;
	const struct piece *before = NULL;
	buffer_reset(&parts->line);
	for (size_t i = 0; i < count; i++) {
		const struct piece *piece = is_turned ? &row[count - 1 - i] : &row[i];
		if (before != NULL && is_repetition(piece, before))
			continue;
		if (before != NULL) {
			float gap = is_turned ? before->left - piece->right : piece->left - before->right;
			append_gap(parts, gap, piece, before);
		}
		pdf_parts_append_line(parts, piece->line);
		before = piece;
	}
	put_line(parts);
}

static void put_rows(struct pdf_parts *parts, const struct piece *pieces, size_t count)
{
	for (size_t start = 0, end; start < count; start = end) {
		end = next_row(pieces, start, count);
		put_row(parts, pieces + start, end - start);
	}
}

/* ---- gutters ---- */

static void add_gutter(struct gutters *gutters, float left, float right, float width)
{
	if (right - left >= width && gutters->count < GUTTERS_MAX)
		gutters->at[gutters->count++] = (struct interval){left, right};
}

/* What of the gutters a row leaves free. */
static struct gutters narrow(const struct gutters *gutters, const struct piece *row, size_t count)
{
	struct gutters free = {0};
	float width = row->size * GUTTER_WIDTH;
	size_t i = 0;
	for (size_t g = 0; g < gutters->count; g++) {
		float left = gutters->at[g].left, right = gutters->at[g].right;
		while (i > 0 && row[i - 1].right > left)
			i--;
		for (; i < count && row[i].left < right; i++) {
			if (row[i].right <= left)
				continue;
			add_gutter(&free, left, fz_min(right, row[i].left), width);
			left = fz_max(left, row[i].right);
		}
		add_gutter(&free, left, right, width);
	}
	return free;
}

/* Those between text and text. */
static struct gutters within(const struct gutters *gutters)
{
	struct gutters inner = {0};
	for (size_t i = 0; i < gutters->count; i++)
		if (gutters->at[i].left > -FLT_MAX && gutters->at[i].right < FLT_MAX)
			inner.at[inner.count++] = gutters->at[i];
	return inner;
}

/* ---- cells or columns ---- */

/* What stands on one side of a gutter, up to the next gutters. */
struct side {
	struct interval between;
	size_t rows, long_rows, continued_rows, labels, values;
};

static bool is_on(const struct side *side, const struct piece *piece)
{
	return piece->left >= side->between.left && piece->right <= side->between.right;
}

static bool is_prose(const struct side *side)
{
	return side->rows >= PROSE_LINES && side->long_rows * 5 >= side->rows * 3 && side->continued_rows * 5 >= side->rows;
}

static bool look_at_row(struct side *side, const struct piece *row, size_t count)
{
	unsigned letters = 0;
	bool is_continued = false, is_label = false, is_value = true, has_text = false;
	for (size_t i = 0; i < count; i++) {
		if (!is_on(side, &row[i]))
			continue;
		is_continued |= !has_text && row[i].is_continued;
		has_text = true;
		letters += row[i].letters;
		is_label = row[i].is_label;
		is_value &= row[i].is_value;
	}
	side->rows += has_text;
	side->long_rows += letters >= PROSE_LETTERS;
	side->continued_rows += is_continued;
	side->labels += is_label;
	side->values += has_text && is_value;
	return has_text;
}

static int compare_orders(const void *a, const void *b)
{
	const struct piece *one = a, *other = b;
	return one->order < other->order ? -1 : one->order > other->order;
}

/* How often the page goes from one side to the other while it draws. */
static size_t count_switches(const struct ordering *ordering, const struct piece *pieces, size_t count, const struct side *left,
                             const struct side *right)
{
	size_t kept = 0, switches = 0;
	for (size_t i = 0; i < count; i++)
		if (is_on(left, &pieces[i]) || is_on(right, &pieces[i]))
			ordering->spare[kept++] = pieces[i];
	qsort(ordering->spare, kept, sizeof *ordering->spare, compare_orders);
	for (size_t i = 1; i < kept; i++)
		switches += is_on(left, &ordering->spare[i]) != is_on(left, &ordering->spare[i - 1]);
	return switches;
}

/* Whether the sides are columns to be read one after the other. A table is drawn row by row, or has labels or
 * numbers, or more columns without a gap in them; its rows stand on common baselines. */
static bool is_parted(const struct ordering *ordering, const struct piece *pieces, size_t count, size_t gutters,
                      struct interval left, struct interval right)
{
	struct side one = {.between = left}, other = {.between = right};
	size_t shared = 0;
	for (size_t start = 0, end; start < count; start = end) {
		end = next_row(pieces, start, count);
		bool has_left = look_at_row(&one, pieces + start, end - start);
		bool has_right = look_at_row(&other, pieces + start, end - start);
		shared += has_left && has_right;
	}
	if (is_prose(&one) && is_prose(&other))
		return true;
	size_t fewer = one.rows < other.rows ? one.rows : other.rows;
	bool is_grid = gutters > 1 && shared == one.rows && shared == other.rows;
	if (fewer < 2 || is_grid)
		return false;
	size_t switches = count_switches(ordering, pieces, count, &one, &other);
	if (shared * 5 < fewer * 3)
		return switches < fewer;
	bool has_labels = (one.labels + other.values) * 2 >= fewer || one.values * 2 >= one.rows;
	return switches * 2 <= shared && !has_labels;
}

/* ---- bands ---- */

static void order_pieces(const struct ordering *ordering, struct piece *pieces, size_t count, unsigned depth);

/* The pieces left of the place come first; both sides keep their order. Returns how many those are. */
static size_t divide(const struct ordering *ordering, struct piece *pieces, size_t count, float place)
{
	size_t left = 0, right = 0;
	for (size_t i = 0; i < count; i++)
		if (pieces[i].left < place)
			pieces[left++] = pieces[i];
		else
			ordering->spare[right++] = pieces[i];
	memcpy(pieces + left, ordering->spare, right * sizeof *pieces);
	return left;
}

static void put_band(const struct ordering *ordering, struct piece *pieces, size_t count, const struct gutters *gutters,
                     unsigned depth)
{
	for (size_t g = 0; g < gutters->count; g++) {
		struct interval left = {g > 0 ? gutters->at[g - 1].right : -FLT_MAX, gutters->at[g].left};
		struct interval right = {gutters->at[g].right, g + 1 < gutters->count ? gutters->at[g + 1].left : FLT_MAX};
		if (!is_parted(ordering, pieces, count, gutters->count, left, right))
			continue;
		size_t first = divide(ordering, pieces, count, gutters->at[g].right);
		order_pieces(ordering, pieces, first, depth + 1);
		order_pieces(ordering, pieces + first, count - first, depth + 1);
		return;
	}
	put_rows(ordering->parts, pieces, count);
}

/* Two tables with space between them are none. */
static bool begins_anew(const struct piece *before, const struct piece *row, size_t columns_before, size_t columns)
{
	bool is_apart = row->baseline - before->baseline > fz_max(before->size, row->size) * BAND_GAP;
	return is_apart && columns_before > 0 && columns > 0 && columns != columns_before;
}

/* One past the band that begins at start. A row ends it if it has no gutter in common with the band though one of
 * them has any. */
static size_t end_of_band(const struct piece *pieces, size_t start, size_t count, struct gutters *ret_gutters)
{
	const struct gutters all = {.at = {{-FLT_MAX, FLT_MAX}}, .count = 1};
	struct gutters free = all;
	*ret_gutters = (struct gutters){0};
	size_t end = start;
	for (size_t next; end < count; end = next) {
		next = next_row(pieces, end, count);
		struct gutters narrowed = narrow(&free, pieces + end, next - end);
		struct gutters alone = narrow(&all, pieces + end, next - end);
		struct gutters inner = within(&narrowed);
		alone = within(&alone);
		if (inner.count == 0 && (ret_gutters->count > 0 || alone.count > 0) && end > start)
			break;
		if (end > start && begins_anew(&pieces[end - 1], &pieces[end], ret_gutters->count, alone.count))
			break;
		free = narrowed;
		*ret_gutters = inner;
	}
	return end;
}

/* Pieces sorted into rows. */
static void order_pieces(const struct ordering *ordering, struct piece *pieces, size_t count, unsigned depth)
{
	for (size_t start = 0, end; start < count; start = end) {
		struct gutters gutters;
		end = end_of_band(pieces, start, count, &gutters);
		if (depth < DEPTH_MAX)
			put_band(ordering, pieces + start, end - start, &gutters, depth);
		else
			put_rows(ordering->parts, pieces + start, end - start);
	}
}

/* ---- pages ---- */

static bool is_alike(const fz_stext_line *line, const fz_stext_line *other)
{
	return line->wmode == 0 && other->wmode == 0 && line->dir.x * other->dir.x + line->dir.y * other->dir.y > 0.999f;
}

/* The pieces that are written as the first one is come first; all keep their order. Returns how many those are. */
static size_t choose_alike(const struct ordering *ordering, struct piece *pieces, size_t count)
{
	size_t alike = 0, others = 0;
	const fz_stext_line *first = pieces[0].line;
	for (size_t i = 0; i < count; i++)
		if (i == 0 || is_alike(first, pieces[i].line))
			pieces[alike++] = pieces[i];
		else
			ordering->spare[others++] = pieces[i];
	memcpy(pieces + alike, ordering->spare, others * sizeof *pieces);
	return alike;
}

static void order_page(const struct ordering *ordering, struct piece *pieces, size_t count)
{
	size_t start = 0;
	for (unsigned directions = 0; start < count && directions < DIRECTIONS_MAX; directions++) {
		size_t alike = choose_alike(ordering, pieces + start, count - start);
		sort_into_rows(pieces + start, alike);
		order_pieces(ordering, pieces + start, alike, 0);
		start += alike;
	}
	for (; start < count; start++)
		put_row(ordering->parts, pieces + start, 1);
}

static size_t count_lines(const fz_stext_page *page)
{
	size_t count = 0;
	for (const fz_stext_block *block = page->first_block; block != NULL; block = block->next)
		if (block->type == FZ_STEXT_BLOCK_TEXT)
			for (const fz_stext_line *line = block->u.t.first_line; line != NULL; line = line->next)
				count++;
	return count;
}

/* Without room for pieces they are put as they are drawn. */
static size_t take_lines(struct pdf_parts *parts, const fz_stext_page *page, struct piece *pieces)
{
	size_t count = 0;
	for (const fz_stext_block *block = page->first_block; block != NULL; block = block->next) {
		if (block->type != FZ_STEXT_BLOCK_TEXT)
			continue;
		for (const fz_stext_line *line = block->u.t.first_line; line != NULL; line = line->next) {
			struct piece piece;
			if (!measure(line, (unsigned)count, &piece))
				continue;
			if (pieces != NULL)
				pieces[count++] = piece;
			else
				put_row(parts, &piece, 1);
		}
	}
	return count;
}

static void put_lines(struct ordering *ordering, const fz_stext_page *page)
{
	size_t count = take_lines(ordering->parts, page, ordering->pieces);
	if (ordering->pieces == NULL)
		return;
	ordering->spare = ordering->pieces + count;
	order_page(ordering, ordering->pieces, count);
}

void pdf_parts_put_page(struct pdf_parts *parts, const fz_stext_page *page)
{
	fz_context *context = parts->context;
	struct ordering ordering = {.parts = parts};
	fz_var(ordering);
	ordering.pieces = fz_malloc_no_throw(context, 2 * count_lines(page) * sizeof *ordering.pieces);
	fz_try(context) put_lines(&ordering, page);
	fz_always(context) fz_free(context, ordering.pieces);
	fz_catch(context) fz_rethrow(context);
}
