/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line of a page as text. Writing from right to left is often drawn from
 * left to right, last letter first: a run of such letters whose places ascend
 * is turned around into the order it is read in, marks kept behind their
 * letters and numbers as they are. A run drawn in reading order stays.
 */
#include "format/pdf/parts.h"

#include "base/text.h"

#include <utf8proc.h>

enum direction { DIRECTION_NEUTRAL, DIRECTION_LEFT, DIRECTION_RIGHT, DIRECTION_NUMBER, DIRECTION_MARK };

struct glyph {
	uint32_t code_point;
	enum direction direction;
	float place;
};

static enum direction direction_of(uint32_t code_point)
{
	switch (utf8proc_get_property((utf8proc_int32_t)code_point)->bidi_class) {
	case UTF8PROC_BIDI_CLASS_R: case UTF8PROC_BIDI_CLASS_AL:
		return DIRECTION_RIGHT;
	case UTF8PROC_BIDI_CLASS_L:
		return DIRECTION_LEFT;
	case UTF8PROC_BIDI_CLASS_EN: case UTF8PROC_BIDI_CLASS_AN:
		return DIRECTION_NUMBER;
	case UTF8PROC_BIDI_CLASS_NSM:
		return DIRECTION_MARK;
	default:
		return DIRECTION_NEUTRAL;
	}
}

/* What has no width of its own belongs to what is before it: a mark, or a further letter of one glyph. */
static struct glyph glyph_of(uint32_t code_point, const fz_stext_char *c, const fz_stext_line *line)
{
	float width =
		(c->quad.ur.x - c->quad.ul.x) * line->dir.x + (c->quad.ur.y - c->quad.ul.y) * line->dir.y;
	bool is_appended = c != line->first_char && width < c->size / 1000;
	return (struct glyph){
		.code_point = code_point,
		.direction = is_appended ? DIRECTION_MARK : direction_of(code_point),
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

static void append_character(struct pdf_parts *parts, uint32_t code_point)
{
	unsigned char encoded[4];
	size_t len = text_encode(code_point, encoded);
	if (code_point == 0xfffd)
		parts->has_unmapped = true;
	else if (code_point > ' ' && code_point != 0xa0)
		parts->has_letters = true;
	buffer_append(&parts->line, bytes_of(encoded, len));
}

static uint32_t code_point_of(const fz_stext_char *c)
{
	bool is_scalar = c->c > 0 && c->c <= 0x10ffff && (c->c < 0xd800 || c->c > 0xdfff);
	return is_scalar ? (uint32_t)c->c : 0xfffd;
}

/* Most lines have nothing to turn around. */
static bool has_right_to_left(const fz_stext_line *line)
{
	for (const fz_stext_char *c = line->first_char; c != NULL; c = c->next)
		if (c->c >= 0x590 && direction_of(code_point_of(c)) == DIRECTION_RIGHT)
			return true;
	return false;
}

static void append_straightened(struct pdf_parts *parts, const fz_stext_line *line)
{
	size_t count = 0;
	for (const fz_stext_char *c = line->first_char; c != NULL; c = c->next)
		count++;
	struct glyph *glyphs = fz_malloc_array(parts->context, count, struct glyph);
	size_t i = 0;
	for (const fz_stext_char *c = line->first_char; c != NULL; c = c->next)
		glyphs[i++] = glyph_of(code_point_of(c), c, line);
	straighten(glyphs, count);
	for (i = 0; i < count; i++)
		append_character(parts, glyphs[i].code_point);
	fz_free(parts->context, glyphs);
}

void pdf_parts_put_page_line(struct pdf_parts *parts, const fz_stext_line *line)
{
	buffer_reset(&parts->line);
	if (line->wmode == 0 && has_right_to_left(line))
		append_straightened(parts, line);
	else
		for (const fz_stext_char *c = line->first_char; c != NULL; c = c->next)
			append_character(parts, code_point_of(c));
	if (buffer_status(&parts->line) == STATUS_NO_MEMORY)
		pdf_parts_put(parts, STATUS_NO_MEMORY);
	pdf_parts_put_line(parts, bytes_trim(buffer_bytes(&parts->line)));
}
