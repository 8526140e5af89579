/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line of a page as text. Writing from right to left is often drawn from
 * left to right, last letter first: a run of such letters whose places ascend
 * is turned around into the order it is read in, marks kept behind their
 * letters and numbers as they are. A run drawn in reading order stays.
 *
 * An icon is no letter: a glyph of the private use area, or of a font of
 * symbols that passes for Latin. It is left out; where it parts what is not
 * one word or number a blank remains.
 */
#include "format/pdf/parts.h"

#include "base/text.h"

#include <utf8proc.h>

#define UNMAPPED 0xfffd
/* The longest of them, U+FDFA, has eighteen. */
#define LETTERS_MAX 24

enum direction { DIRECTION_NEUTRAL, DIRECTION_LEFT, DIRECTION_RIGHT, DIRECTION_NUMBER, DIRECTION_MARK };

struct glyph {
	int c;
	enum direction direction;
	float place;
};

static enum direction direction_of(uint32_t code_point)
{
	switch (utf8proc_get_property((utf8proc_int32_t)code_point)->bidi_class) {
	case UTF8PROC_BIDI_CLASS_R:
	case UTF8PROC_BIDI_CLASS_AL: return DIRECTION_RIGHT;
	case UTF8PROC_BIDI_CLASS_L: return DIRECTION_LEFT;
	case UTF8PROC_BIDI_CLASS_EN:
	case UTF8PROC_BIDI_CLASS_AN: return DIRECTION_NUMBER;
	case UTF8PROC_BIDI_CLASS_NSM: return DIRECTION_MARK;
	default: return DIRECTION_NEUTRAL;
	}
}

/* Adobe gave small capitals and old figures places of their own, 0xf700 behind the plain ones. */
static uint32_t code_point_of(int c)
{
	bool is_scalar = c > 0 && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
	if ((c >= 0xf721 && c <= 0xf77e) || (c >= 0xf7a1 && c <= 0xf7ff))
		return (uint32_t)c - 0xf700;
	return is_scalar ? (uint32_t)c : UNMAPPED;
}

/* What a glyph begins with: a replacement may be longer. */
static uint32_t first_code_point_of(const struct pdf_parts *parts, int c)
{
	uint32_t first = UNMAPPED;
	if (c == PDF_PARTS_COVERED)
		return ' ';
	if (c < PDF_PARTS_REPLACEMENT)
		return code_point_of(c);
	text_decode(bytes_of_string(pdf_parts_replacement(parts, c)), &first);
	return first;
}

/* What has no width of its own belongs to what is before it: a mark, or a further letter of one glyph. */
static struct glyph glyph_of(const struct pdf_parts *parts, const fz_stext_char *c, const fz_stext_line *line)
{
	float width = (c->quad.ur.x - c->quad.ul.x) * line->dir.x + (c->quad.ur.y - c->quad.ul.y) * line->dir.y;
	bool is_appended = c != line->first_char && width < c->size / 1000;
	return (struct glyph){
		.c = c->c,
		.direction = is_appended ? DIRECTION_MARK : direction_of(first_code_point_of(parts, c->c)),
		.place = c->origin.x * line->dir.x + c->origin.y * line->dir.y,
	};
}

static void reverse(struct glyph *glyphs, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct glyph kept = glyphs[i];
		glyphs[i] = glyphs[count - 1 - i];
		glyphs[count - 1 - i] = kept;
	}
}

/* Turns each number, or each mark with its letter, back within a run that was turned around. */
static void restore(struct glyph *glyphs, size_t count)
{
	for (size_t i = 0; i < count;) {
		size_t end = i;
		enum direction kind = glyphs[i].direction;
		while (end < count && glyphs[end].direction == kind)
			end++;
		if (kind == DIRECTION_MARK && end < count)
			end++;
		if (kind == DIRECTION_NUMBER || kind == DIRECTION_MARK)
			reverse(glyphs + i, end - i);
		i = end;
	}
}

/* One past the last letter of the run from right to left that begins at start, its marks included. */
static size_t end_of_run(const struct glyph *glyphs, size_t start, size_t count)
{
	size_t end = start + 1;
	bool is_within = true;
	for (size_t i = start + 1; i < count; i++) {
		enum direction direction = glyphs[i].direction;
		if (direction == DIRECTION_LEFT)
			break;
		if (direction == DIRECTION_RIGHT || (direction == DIRECTION_MARK && is_within))
			end = i + 1;
		is_within = end == i + 1;
	}
	return end;
}

static void straighten(struct glyph *glyphs, size_t count)
{
	for (size_t i = 0; i < count;) {
		if (glyphs[i].direction != DIRECTION_RIGHT) {
			i++;
			continue;
		}
		size_t end = end_of_run(glyphs, i, count);
		size_t last = end - 1;
		while (last > i && glyphs[last].direction == DIRECTION_MARK)
			last--;
		if (glyphs[i].place < glyphs[last].place) {
			reverse(glyphs + i, end - i);
			restore(glyphs + i, end - i);
		}
		i = end;
	}
}

static void append_code_point(struct pdf_parts *parts, uint32_t code_point)
{
	unsigned char encoded[4];
	size_t len = text_encode(code_point, encoded);
	if (code_point == UNMAPPED)
		parts->unreadable++;
	else if (code_point > ' ' && code_point != 0xa0)
		parts->letters++;
	buffer_append(&parts->line, bytes_of(encoded, len));
}

/* Ligatures and presentation forms are letters written together, or as they look at their place: said by their
 * letters. */
static void append_letters(struct pdf_parts *parts, uint32_t code_point)
{
	bool is_presentation = (code_point >= 0xfb00 && code_point <= 0xfdff) || (code_point >= 0xfe70 && code_point <= 0xfefc);
	utf8proc_int32_t letters[LETTERS_MAX];
	utf8proc_ssize_t count = 0;
	int boundary = 0;
	if (is_presentation)
		count = utf8proc_decompose_char((utf8proc_int32_t)code_point, letters, LETTERS_MAX,
		                                UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary);
	if (count <= 0 || count > LETTERS_MAX)
		append_code_point(parts, code_point);
	for (utf8proc_ssize_t i = 0; i < count && count <= LETTERS_MAX; i++)
		append_code_point(parts, (uint32_t)letters[i]);
}

static void append_replacement(struct pdf_parts *parts, int c)
{
	struct bytes rest = bytes_of_string(pdf_parts_replacement(parts, c));
	uint32_t code_point;
	for (size_t len; (len = text_decode(rest, &code_point)) > 0; rest = bytes_from(rest, len))
		append_letters(parts, code_point == TEXT_INVALID ? UNMAPPED : code_point < ' ' ? ' ' : code_point);
}

static void append_character(struct pdf_parts *parts, int c)
{
	if (c >= PDF_PARTS_REPLACEMENT)
		append_replacement(parts, c);
	else
		append_letters(parts, code_point_of(c));
}

/* Blanks that MuPDF sets between glyphs whose text is elsewhere are part of what is replaced. */
static bool is_nothing(const fz_stext_char *previous, const fz_stext_char *c)
{
	if (c->c == PDF_PARTS_COVERED)
		return true;
	bool is_within = c->c == ' ' && c->next != NULL && c->next->c == PDF_PARTS_COVERED;
	return is_within && previous != NULL && previous->c >= PDF_PARTS_REPLACEMENT;
}

/* ---- icons ---- */

/* Their names without regard to case or style; "Symbol" itself is Greek and says so. */
static bool has_symbols(const char *font_name)
{
	static const char *const fonts[] = {"wingdings", "webdings",      "dingbats",   "awesome",
	                                    "iconfont",  "materialicons", "glyphicons", "icomoon"};
	char name[64];
	size_t len = 0;
	for (; *font_name != '\0' && len < sizeof name - 1; font_name++)
		if (*font_name != ' ' && *font_name != '-' && *font_name != '_')
			name[len++] = (char)(*font_name >= 'A' && *font_name <= 'Z' ? *font_name + 32 : *font_name);
	for (size_t i = 0; i < sizeof fonts / sizeof *fonts; i++)
		if (bytes_find(bytes_of(name, len), bytes_of_string(fonts[i])) != BYTES_NOT_FOUND)
			return true;
	return false;
}

static bool is_of_symbols(struct pdf_parts *parts, const fz_stext_char *c)
{
	if (c->font != parts->font) {
		parts->font = c->font;
		parts->is_symbol_font = has_symbols(fz_font_name(parts->context, c->font));
	}
	return parts->is_symbol_font;
}

static bool is_icon(struct pdf_parts *parts, const fz_stext_char *c)
{
	bool is_private = (c->c >= 0xe000 && c->c <= 0xf8ff) || (c->c >= 0xf0000 && c->c < PDF_PARTS_REPLACEMENT);
	if (is_private)
		return code_point_of(c->c) == (uint32_t)c->c;
	return c->c < 0x100 && c->c != ' ' && is_of_symbols(parts, c);
}

/* 0 beside blanks and at the ends of a line. */
static enum direction side_of(int c)
{
	if (c >= '0' && c <= '9')
		return DIRECTION_NUMBER;
	return c > 0 && c < PDF_PARTS_REPLACEMENT && text_is_word((uint32_t)c) ? DIRECTION_LEFT : DIRECTION_NEUTRAL;
}

static void append_icon(struct pdf_parts *parts, int before, const fz_stext_char *icon)
{
	const fz_stext_char *next = icon->next;
	parts->unreadable++;
	while (next != NULL && (next->c == PDF_PARTS_COVERED || is_icon(parts, next)))
		next = next->next;
	if (before <= ' ' || next == NULL || next->c == ' ')
		return;
	enum direction side = side_of(before);
	if (side == DIRECTION_NEUTRAL || side != side_of(next->c))
		buffer_append_byte(&parts->line, ' ');
}

/* Most lines have nothing to turn around. */
static bool has_right_to_left(const struct pdf_parts *parts, const fz_stext_line *line)
{
	for (const fz_stext_char *c = line->first_char; c != NULL; c = c->next)
		if (c->c >= 0x590 && direction_of(first_code_point_of(parts, c->c)) == DIRECTION_RIGHT)
			return true;
	return false;
}

static void append_straightened(struct pdf_parts *parts, const fz_stext_line *line)
{
	size_t count = 0;
	for (const fz_stext_char *c = line->first_char; c != NULL; c = c->next)
		count++;
	struct glyph *glyphs = fz_malloc_array(parts->context, count, struct glyph);
	const fz_stext_char *previous = NULL;
	count = 0;
	for (const fz_stext_char *c = line->first_char; c != NULL; previous = c, c = c->next)
		if (is_icon(parts, c))
			parts->unreadable++;
		else if (!is_nothing(previous, c))
			glyphs[count++] = glyph_of(parts, c, line);
	straighten(glyphs, count);
	for (size_t i = 0; i < count; i++)
		append_character(parts, glyphs[i].c);
	fz_free(parts->context, glyphs);
}

void pdf_parts_append_line(struct pdf_parts *parts, const fz_stext_line *line)
{
	if (line->wmode == 0 && has_right_to_left(parts, line)) {
		append_straightened(parts, line);
		return;
	}
	const fz_stext_char *previous = NULL;
	int before = 0;
	for (const fz_stext_char *c = line->first_char; c != NULL; previous = c, c = c->next) {
		if (is_icon(parts, c)) {
			append_icon(parts, before, c);
			before = ' ';
		} else if (!is_nothing(previous, c)) {
			append_character(parts, c->c);
			before = c->c;
		}
	}
}
