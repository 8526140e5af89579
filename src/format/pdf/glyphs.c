/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What glyphs mean by their names (Adobe Glyph List Specification 1.7, section
 * 2). MuPDF takes the first component of a composed name for the whole: f_i
 * is "f" to it. A font's map to Unicode is widened by what its names say and
 * neither its own map nor that first component says. Names come from the
 * font's Differences (ISO 32000-1 9.6.6) or out of an embedded font itself. A
 * font's own map that says nothing, or that a ligature is a sign, is wrong:
 * there the name counts (one writer has NUL for ffi and an arrow for ff).
 */
#include "format/pdf/parts.h"

#include <utf8proc.h>

#define CODES 256
#define NAME_SIZE 64
/* As many as one code may become for MuPDF. */
#define LETTERS_MAX 8
/* A bit that no font's descriptor has: its names have been looked at. */
#define NAMES_ARE_READ (1 << 30)

struct letters {
	int at[LETTERS_MAX];
	size_t count;
};

static void add_letter(struct letters *letters, int code_point)
{
	if (letters->count < LETTERS_MAX)
		letters->at[letters->count++] = code_point;
}

/* Four to six digits as the specification writes them; -1 if it is not a scalar value. */
static int parse_hexadecimal(struct bytes digits)
{
	int value = 0;
	for (size_t i = 0; i < digits.len; i++) {
		unsigned char digit = digits.at[i];
		if ((digit < '0' || digit > '9') && (digit < 'A' || digit > 'F'))
			return -1;
		value = value * 16 + (digit <= '9' ? digit - '0' : digit - 'A' + 10);
	}
	bool is_scalar = value > 0 && value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
	return is_scalar ? value : -1;
}

/* "uni" and groups of four digits. */
static bool add_groups(struct letters *letters, struct bytes digits)
{
	if (digits.len == 0 || digits.len % 4 != 0)
		return false;
	for (size_t i = 0; i < digits.len; i += 4)
		if (parse_hexadecimal(bytes_slice(digits, i, 4)) < 0)
			return false;
	for (size_t i = 0; i < digits.len; i += 4)
		add_letter(letters, parse_hexadecimal(bytes_slice(digits, i, 4)));
	return true;
}

/* One component. What the specification does not know means nothing. */
static void add_component(struct letters *letters, struct bytes component)
{
	char name[NAME_SIZE];
	if (component.len == 0 || component.len >= sizeof name)
		return;
	memcpy(name, component.at, component.len);
	name[component.len] = '\0';
	int listed = fz_unicode_from_glyph_name_strict(name);
	if (listed > 0) {
		add_letter(letters, listed);
		return;
	}
	if (bytes_start_with(component, BYTES_LITERAL("uni")) && add_groups(letters, bytes_from(component, 3)))
		return;
	struct bytes digits = bytes_from(component, 1);
	if (component.at[0] == 'u' && digits.len >= 4 && digits.len <= 6 && parse_hexadecimal(digits) >= 0)
		add_letter(letters, parse_hexadecimal(digits));
}

static struct letters letters_of_name(struct bytes name)
{
	struct letters letters = {0};
	size_t suffix = bytes_find_byte(name, '.');
	if (suffix != BYTES_NOT_FOUND)
		name = bytes_slice(name, 0, suffix);
	while (name.len > 0) {
		size_t end = bytes_find_byte(name, '_');
		if (end == BYTES_NOT_FOUND)
			end = name.len;
		add_component(&letters, bytes_slice(name, 0, end));
		name = bytes_from(name, end + 1);
	}
	return letters;
}

struct names {
	struct pdf_parts *parts;
	pdf_font_desc *font;
	pdf_cmap *map; /* what the names add; NULL as long as that is nothing */
};

static bool is_ligature(int code_point)
{
	return code_point >= 0xFB00 && code_point <= 0xFB06;
}

/* Whether it is plain that the glyph of that name is not what the font's map says. */
static bool is_wrong(int mapped, const struct letters *letters)
{
	if (mapped == 0 || mapped == 0xFFFD)
		return true;
	utf8proc_category_t category = utf8proc_category(mapped);
	bool is_letter = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
	return letters->count == 1 && is_ligature(letters->at[0]) && !is_letter;
}

/* How many code points the font's own map has for a code; none where it has no map. */
static int look_up(const struct names *names, int code, int known[static LETTERS_MAX])
{
	return names->font->to_unicode != NULL ? pdf_lookup_cmap_full(names->font->to_unicode, (unsigned)code, known) : 0;
}

static bool is_known(const struct names *names, int code, const struct letters *letters)
{
	int known[LETTERS_MAX];
	const pdf_font_desc *font = names->font;
	int count = look_up(names, code, known);
	if (count > 0)
		return count > 1 || !is_wrong(known[0], letters);
	bool has_guess = font->cid_to_ucs != NULL && (size_t)code < font->cid_to_ucs_len;
	return letters->count == 1 && has_guess && font->cid_to_ucs[code] == letters->at[0];
}

static void learn_name(struct names *names, int code, struct bytes name)
{
	fz_context *context = names->parts->context;
	int known[LETTERS_MAX];
	if (code < 0 || code >= CODES || name.len == 0)
		return;
	if (bytes_find_byte(name, '_') == BYTES_NOT_FOUND && name.at[0] != 'u' && look_up(names, code, known) == 0)
		return;
	struct letters letters = letters_of_name(name);
	if (letters.count == 0 || is_known(names, code, &letters))
		return;
	if (names->map == NULL)
		names->map = pdf_new_cmap(context);
	pdf_map_one_to_many(context, names->map, (unsigned)code, letters.at, letters.count);
}

/* "code name name code name": a number sets the code, each name takes one. */
static void learn_differences(struct names *names, pdf_obj *differences)
{
	fz_context *context = names->parts->context;
	int code = 0;
	for (int i = 0, count = pdf_array_len(context, differences); i < count && i < 2 * CODES; i++) {
		pdf_obj *item = pdf_array_get(context, differences, i);
		if (pdf_is_int(context, item))
			code = pdf_to_int(context, item);
		else if (code < CODES)
			learn_name(names, code++, bytes_of_string(pdf_to_name(context, item)));
	}
}

static void learn_program(struct names *names)
{
	fz_context *context = names->parts->context;
	char name[NAME_SIZE];
	for (int code = 0; code < CODES; code++) {
		int glyph = pdf_font_cid_to_gid(context, names->font, code);
		if (glyph <= 0)
			continue;
		name[0] = '\0';
		fz_get_glyph_name(context, names->font->font, glyph, name, sizeof name);
		learn_name(names, code, bytes_of_string(name));
	}
}

/* What the names say goes before what the font said; it is none of the codes the font's own map knows. */
static void widen(struct names *names)
{
	fz_context *context = names->parts->context;
	pdf_font_desc *font = names->font;
	pdf_sort_cmap(context, names->map);
	if (font->to_unicode != NULL) {
		pdf_set_usecmap(context, names->map, font->to_unicode);
		pdf_drop_cmap(context, font->to_unicode);
	}
	font->to_unicode = names->map;
	names->map = NULL;
}

void pdf_parts_read_names(struct pdf_parts *parts, pdf_font_desc *font, pdf_obj *dictionary)
{
	fz_context *context = parts->context;
	if (font == NULL || (font->flags & NAMES_ARE_READ) != 0)
		return;
	font->flags |= NAMES_ARE_READ;
	if (font->cid_to_ucs_len != CODES)
		return;
	struct names names = {.parts = parts, .font = font};
	fz_var(names);
	fz_try(context)
	{
		learn_differences(&names, pdf_dict_getp(context, dictionary, "Encoding/Differences"));
		if (names.map == NULL && font->is_embedded)
			learn_program(&names);
		if (names.map != NULL)
			widen(&names);
	}
	fz_always(context) pdf_drop_cmap(context, names.map);
	fz_catch(context) fz_rethrow(context);
}
