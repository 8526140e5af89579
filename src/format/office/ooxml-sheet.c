/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workbooks (ECMA-376-1 18): sheets in the workbook's order, hidden ones too,
 * each a table, cells as last calculated, in their rows and columns. Shared
 * strings are kept in one buffer with a ceiling; a string that no longer fits is
 * emitted where it was met, so it is found though not in its cell.
 */
#include "base/text.h"
#include "format/office/ooxml-parts.h"
#include "format/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define STRINGS_CEILING (128u << 20)
#define CELL_CEILING (1u << 20)
#define DIGITS_KEPT 15
#define COLUMNS_MAX 16384
#define ROWS_MAX 1048576

struct sheet {
	const char *name, *state, *relation;
};

struct workbook {
	struct ooxml *ooxml;
	struct ooxml_relations relations;
	struct sheet *sheets;
	size_t sheet_count, sheet_capacity;
	struct buffer names; /* defined names, a line each */
	bool is_in_name;
	bool from_1904;
	struct ooxml_styles styles;
	struct buffer strings;
	size_t *string_ends;
	size_t string_count, string_capacity;
	uint64_t rows_declared, rows_read; /* of all sheets, from each one's first to its last */
	bool lacks_declared;               /* some sheet does not say */
};

/* ---- escapes ---- */

/* The UTF-16 unit that _xHHHH_ stands for (22.9.2.19), or -1. */
static int32_t escaped_unit(struct bytes at)
{
	int32_t unit = 0;
	if (at.len < 7 || at.at[0] != '_' || at.at[1] != 'x' || at.at[6] != '_')
		return -1;
	for (size_t i = 2; i < 6; i++) {
		unsigned char c = at.at[i], letter = c | 0x20;
		bool is_digit = c >= '0' && c <= '9';
		if (!is_digit && (letter < 'a' || letter > 'f'))
			return -1;
		unit = 16 * unit + (is_digit ? c - '0' : letter - 'a' + 10);
	}
	return unit;
}

/* One code point out of one or two of them; its escapes' length. */
static size_t unescape(struct bytes at, uint32_t *ret_code_point)
{
	int32_t first = escaped_unit(at), second = escaped_unit(bytes_from(at, 7));
	if (first < 0)
		return 0;
	bool is_pair = first >= 0xD800 && first < 0xDC00 && second >= 0xDC00 && second < 0xE000;
	*ret_code_point = is_pair ? 0x10000 + ((uint32_t)(first - 0xD800) << 10) + (uint32_t)(second - 0xDC00) : (uint32_t)first;
	return is_pair ? 14 : 7;
}

/* A carriage return is the end of a line, or a part of it. */
static size_t encode(uint32_t code_point, struct bytes behind, unsigned char into[4])
{
	if (code_point == '\r') {
		into[0] = '\n';
		return behind.len == 0 || behind.at[0] != '\n';
	}
	size_t length = text_encode(code_point, into);
	return length > 0 ? length : text_encode(0xFFFD, into);
}

/* What stands in a buffer from start on, without its escapes: it gets no longer. */
static void decode_escapes(struct buffer *buffer, size_t start)
{
	struct bytes rest = bytes_from(buffer_bytes(buffer), start);
	size_t end = start;
	for (size_t at; (at = bytes_find(rest, BYTES_LITERAL("_x"))) != BYTES_NOT_FOUND;) {
		unsigned char letter[4];
		uint32_t code_point;
		size_t length = unescape(bytes_from(rest, at), &code_point);
		memmove(buffer->at + end, rest.at, at);
		end += at;
		if (length == 0) {
			buffer->at[end++] = '_';
			length = 1;
		} else {
			size_t encoded = encode(code_point, bytes_from(rest, at + length), letter);
			memcpy(buffer->at + end, letter, encoded);
			end += encoded;
		}
		rest = bytes_from(rest, at + length);
	}
	if (rest.len > 0)
		memmove(buffer->at + end, rest.at, rest.len);
	buffer_truncate(buffer, end + rest.len);
}

/* ---- shared strings ---- */

struct reading_strings {
	struct workbook *workbook;
	unsigned depth, skipped_since;
	bool is_text;
};

static bool is_named(const char *name, const char *local)
{
	return strcmp(xml_local_name(name), local) == 0;
}

static enum status on_string_start(void *context, const char *name, const char *const *attributes)
{
	struct reading_strings *reading = context;
	(void)attributes;
	reading->depth++;
	if (reading->skipped_since == 0 && is_named(name, "rPh"))
		reading->skipped_since = reading->depth;
	reading->is_text = reading->skipped_since == 0 && is_named(name, "t");
	return STATUS_OK;
}

static enum status on_string_text(void *context, struct bytes text)
{
	struct reading_strings *reading = context;
	struct workbook *workbook = reading->workbook;
	if (!reading->is_text)
		return STATUS_OK;
	if (workbook->strings.len + text.len > workbook->strings.ceiling)
		return ooxml_put(workbook->ooxml, text);
	buffer_append(&workbook->strings, text);
	return buffer_status(&workbook->strings);
}

static enum status end_string(struct workbook *workbook)
{
	if (workbook->string_count == workbook->string_capacity) {
		size_t capacity = workbook->string_capacity ? workbook->string_capacity * 2 : 1024;
		if (capacity > STRINGS_CEILING / sizeof *workbook->string_ends)
			return STATUS_BOMB;
		size_t *grown = realloc(workbook->string_ends, capacity * sizeof *grown);
		if (grown == NULL)
			return STATUS_NO_MEMORY;
		workbook->string_ends = grown;
		workbook->string_capacity = capacity;
	}
	decode_escapes(&workbook->strings, workbook->string_count > 0 ? workbook->string_ends[workbook->string_count - 1] : 0);
	workbook->string_ends[workbook->string_count++] = workbook->strings.len;
	return STATUS_OK;
}

static enum status on_string_end(void *context, const char *name)
{
	struct reading_strings *reading = context;
	if (reading->skipped_since == reading->depth)
		reading->skipped_since = 0;
	reading->depth--;
	reading->is_text = false;
	return is_named(name, "si") ? end_string(reading->workbook) : STATUS_OK;
}

static struct bytes shared_string(const struct workbook *workbook, struct bytes index)
{
	uint64_t at;
	if (!bytes_parse_u64(index, &at) || at >= workbook->string_count)
		return BYTES_NONE;
	size_t start = at > 0 ? workbook->string_ends[at - 1] : 0;
	return bytes_slice(buffer_bytes(&workbook->strings), start, workbook->string_ends[at] - start);
}

static enum status read_strings(struct workbook *workbook)
{
	static const struct xml_events events = {on_string_start, on_string_end, on_string_text};
	struct reading_strings reading = {.workbook = workbook};
	size_t part = ooxml_find_type(workbook->ooxml, ".sharedStrings+xml");
	return part == OOXML_NO_PART ? STATUS_OK : ooxml_parse(workbook->ooxml, part, &events, &reading);
}

/* ---- the workbook part ---- */

static const char *copy_attribute(struct workbook *workbook, const char *value)
{
	return arena_copy_string(&workbook->ooxml->arena, bytes_of_string(value != NULL ? value : ""));
}

static const char *relation_id(const char *const *attributes)
{
	for (; attributes[0] != NULL; attributes += 2)
		if (strchr(attributes[0], ':') != NULL && is_named(attributes[0], "id"))
			return attributes[1];
	return NULL;
}

static enum status add_sheet(struct workbook *workbook, const char *const *attributes)
{
	if (workbook->sheet_count == workbook->sheet_capacity) {
		size_t capacity = workbook->sheet_capacity ? workbook->sheet_capacity * 2 : 16;
		struct sheet *grown = realloc(workbook->sheets, capacity * sizeof *grown);
		if (grown == NULL)
			return STATUS_NO_MEMORY;
		workbook->sheets = grown;
		workbook->sheet_capacity = capacity;
	}
	struct sheet sheet = {
		copy_attribute(workbook, xml_attribute(attributes, "name")),
		copy_attribute(workbook, xml_attribute(attributes, "state")),
		copy_attribute(workbook, relation_id(attributes)),
	};
	if (sheet.name == NULL || sheet.state == NULL || sheet.relation == NULL)
		return STATUS_BOMB;
	workbook->sheets[workbook->sheet_count++] = sheet;
	return STATUS_OK;
}

/* Names of the program's own (_xlnm.Print_Area) tell nothing. */
static void begin_name(struct workbook *workbook, const char *const *attributes)
{
	const char *name = xml_attribute(attributes, "name");
	if (name == NULL || strncmp(name, "_xlnm", 5) == 0)
		return;
	workbook->is_in_name = true;
	buffer_append_string(&workbook->names, name);
	buffer_append_string(&workbook->names, ": ");
}

static enum status on_workbook_start(void *context, const char *name, const char *const *attributes)
{
	struct workbook *workbook = context;
	if (is_named(name, "sheet"))
		return add_sheet(workbook, attributes);
	if (is_named(name, "definedName"))
		begin_name(workbook, attributes);
	if (is_named(name, "workbookPr")) {
		const char *from_1904 = xml_attribute(attributes, "date1904");
		workbook->from_1904 = from_1904 != NULL && (from_1904[0] == '1' || from_1904[0] == 't');
	}
	return STATUS_OK;
}

static enum status on_workbook_text(void *context, struct bytes text)
{
	struct workbook *workbook = context;
	if (workbook->is_in_name)
		buffer_append(&workbook->names, text);
	return STATUS_OK;
}

static enum status on_workbook_end(void *context, const char *name)
{
	struct workbook *workbook = context;
	(void)name;
	if (workbook->is_in_name)
		buffer_append_byte(&workbook->names, '\n');
	workbook->is_in_name = false;
	return STATUS_OK;
}

/* ---- cells ---- */

enum sheet_cell_kind { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_BOOLEAN };
enum sheet_collecting { COLLECTING_NOTHING, COLLECTING_VALUE, COLLECTING_FORMULA, COLLECTING_MARGIN, COLLECTING_LIST };

struct reading_sheet {
	struct workbook *workbook;
	unsigned depth, skipped_since;
	enum sheet_cell_kind kind;
	enum ooxml_look look;
	enum sheet_collecting collecting;
	struct buffer value, formula, both;
	struct table table;
	unsigned column; /* of the cell at hand */
	uint64_t row;
	bool has_row, has_column;       /* one came before: of the sheet, of this row */
	bool is_in_rows, is_in_margins; /* cells; headers and footers */
	bool has_dimension;
	uint64_t first_row, last_row; /* counted from 1, 0: none so far; what no sheet can have is the last it can */
};

static enum sheet_cell_kind kind_of(const char *type)
{
	if (type == NULL || strcmp(type, "n") == 0)
		return CELL_NUMBER;
	if (strcmp(type, "s") == 0)
		return CELL_SHARED;
	return strcmp(type, "b") == 0 ? CELL_BOOLEAN : CELL_TEXT;
}

/* The column of a reference as "BC12", from 0; where none is given it is the next one. */
static void place_cell(struct reading_sheet *reading, const char *reference)
{
	unsigned column = 0;
	for (; reference != NULL && *reference >= 'A' && *reference <= 'Z' && column < COLUMNS_MAX; reference++)
		column = 26 * column + (unsigned)(*reference - 'A') + 1;
	reading->column = column > 0 ? column - 1 : reading->column + reading->has_column;
	reading->has_column = true;
}

/* A row's number counts from 1; where none is given it is the next one. */
static void begin_row(struct reading_sheet *reading, const char *const *attributes)
{
	const char *number = xml_attribute(attributes, "r");
	uint64_t row;
	bool is_numbered = number != NULL && bytes_parse_u64(bytes_of_string(number), &row) && row > 0;
	reading->row = is_numbered ? row - 1 : reading->row + reading->has_row;
	reading->has_row = true;
	reading->has_column = false;
	reading->column = 0;
	uint64_t counted = reading->row < ROWS_MAX ? reading->row + 1 : ROWS_MAX;
	if (reading->first_row == 0)
		reading->first_row = counted;
	if (counted > reading->last_row)
		reading->last_row = counted;
}

static void begin_cell(struct reading_sheet *reading, const char *const *attributes)
{
	const struct ooxml_styles *styles = &reading->workbook->styles;
	const char *style = xml_attribute(attributes, "s");
	uint64_t index = 0;
	if (style != NULL && !bytes_parse_u64(bytes_of_string(style), &index))
		index = 0;
	reading->kind = kind_of(xml_attribute(attributes, "t"));
	place_cell(reading, xml_attribute(attributes, "r"));
	reading->look = index < styles->count ? (enum ooxml_look)styles->looks[index] : OOXML_LOOK_NUMBER;
	buffer_reset(&reading->value);
	buffer_reset(&reading->formula);
}

/* As a person sees it: dates as dates, and no digits that only binary fractions have. Into written, or the text itself. */
static struct bytes show_number(struct reading_sheet *reading, struct bytes text, char written[static 40])
{
	char *end;
	const char *digits = buffer_string(&reading->value);
	double number = strtod(digits, &end);
	bool is_number = end != digits && *end == '\0' && isfinite(number);
	if (is_number && reading->look != OOXML_LOOK_NUMBER &&
	    ooxml_format_serial(number, reading->look, reading->workbook->from_1904, written))
		return bytes_of_string(written);
	bool is_fraction = bytes_find_byte(text, '.') != BYTES_NOT_FOUND;
	if (!is_number || !is_fraction || text.len <= DIGITS_KEPT || fabs(number) >= 1e15 || fabs(number) < 1e-5)
		return text;
	snprintf(written, 40, "%.*g", DIGITS_KEPT, number);
	return bytes_of_string(written);
}

/* A formula is shown where it holds an address that its result hides. */
static bool is_telling(struct bytes formula)
{
	return bytes_find(formula, BYTES_LITERAL("://")) != BYTES_NOT_FOUND ||
	       bytes_find(formula, BYTES_LITERAL("mailto:")) != BYTES_NOT_FOUND;
}

static struct bytes show_value(struct reading_sheet *reading, char written[static 40])
{
	switch (reading->kind) {
	case CELL_NUMBER: return show_number(reading, bytes_trim(buffer_bytes(&reading->value)), written);
	case CELL_SHARED: return shared_string(reading->workbook, bytes_trim(buffer_bytes(&reading->value)));
	case CELL_BOOLEAN:
		return reading->value.len > 0 && reading->value.at[0] == '1' ? BYTES_LITERAL("TRUE") : BYTES_LITERAL("FALSE");
	case CELL_TEXT: decode_escapes(&reading->value, 0); return buffer_bytes(&reading->value);
	}
	return BYTES_NONE;
}

static enum status end_cell(struct reading_sheet *reading)
{
	char written[40];
	struct bytes text = show_value(reading, written), formula = buffer_bytes(&reading->formula);
	if (!reading->is_in_rows)
		return STATUS_OK;
	if (formula.len > 0 && is_telling(formula)) {
		buffer_reset(&reading->both);
		buffer_append(&reading->both, text);
		if (text.len > 0)
			buffer_append_byte(&reading->both, ' ');
		buffer_append(&reading->both, formula);
		text = buffer_bytes(&reading->both);
	}
	if (text.len == 0)
		return buffer_status(&reading->both);
	/* Rows left out are empty; but one that comes again is another. */
	enum status status = reading->table.has_cells ? STATUS_OK : table_skip_to_record(&reading->table, reading->row);
	table_skip_to(&reading->table, reading->column);
	table_put(&reading->table, text);
	return status == STATUS_OK ? buffer_status(&reading->both) : status;
}

/* Bytes of the code that at (behind its &) begins: a quoted font, digits of a size, K and six of a colour, a letter. */
static size_t length_of_code(struct bytes at)
{
	size_t len = 1;
	if (at.at[0] == '"') {
		size_t quote = bytes_find_byte(bytes_from(at, 1), '"');
		return quote == BYTES_NOT_FOUND ? 1 : quote + 2;
	}
	if (at.at[0] == 'K')
		return at.len < 7 ? at.len : 7;
	while (at.at[0] >= '0' && at.at[0] <= '9' && len < at.len && at.at[len] >= '0' && at.at[len] <= '9')
		len++;
	return len;
}

/* Headers and footers have codes: &L &C &R places, &P &D fields, fonts, sizes and colours. && is a &. */
static enum status end_margin(struct reading_sheet *reading)
{
	struct buffer *text = &reading->formula;
	struct bytes coded = buffer_bytes(&reading->value);
	buffer_reset(text);
	while (coded.len > 0) {
		bool is_code = coded.at[0] == '&' && coded.len > 1;
		bool is_letter = !is_code || coded.at[1] == '&';
		buffer_append_byte(text, is_letter ? coded.at[0] : ' ');
		coded = bytes_from(coded, is_code ? 1 + length_of_code(bytes_from(coded, 1)) : 1);
	}
	struct bytes line = bytes_trim(buffer_bytes(text));
	enum status status = line.len > 0 ? ooxml_put(reading->workbook->ooxml, line) : STATUS_OK;
	return status == STATUS_OK && line.len > 0 ? ooxml_put_string(reading->workbook->ooxml, "\n") : status;
}

/* What may be chosen in a cell stands in quotes (18.3.1.32); anything else is a reference to where it stands. */
static enum status end_list(struct reading_sheet *reading)
{
	struct bytes list = bytes_trim(buffer_bytes(&reading->value));
	if (list.len < 2 || list.at[0] != '"')
		return STATUS_OK;
	enum status status = ooxml_put(reading->workbook->ooxml, bytes_slice(list, 1, list.len - 2));
	return status == STATUS_OK ? ooxml_put_string(reading->workbook->ooxml, "\n") : status;
}

/* Words that are shown to who fills in such a cell. */
static enum status begin_validation(struct reading_sheet *reading, const char *const *attributes)
{
	static const char *const names[] = {"promptTitle", "prompt", "errorTitle", "error"};
	enum status status = STATUS_OK;
	for (size_t i = 0; i < sizeof names / sizeof *names && status == STATUS_OK; i++) {
		const char *words = xml_attribute(attributes, names[i]);
		if (words == NULL || words[0] == '\0')
			continue;
		buffer_reset(&reading->value);
		buffer_append_string(&reading->value, words);
		decode_escapes(&reading->value, 0);
		buffer_append_byte(&reading->value, '\n');
		status = ooxml_put(reading->workbook->ooxml, buffer_bytes(&reading->value));
	}
	return status;
}

static enum status begin_rows(struct reading_sheet *reading)
{
	if (reading->is_in_rows)
		return STATUS_OK;
	enum status status = ooxml_end_line(reading->workbook->ooxml);
	reading->is_in_rows = true;
	return status == STATUS_OK ? table_begin(&reading->table, false) : status;
}

static enum status end_rows(struct reading_sheet *reading)
{
	if (!reading->is_in_rows)
		return STATUS_OK;
	reading->is_in_rows = false;
	return table_end(&reading->table);
}

static enum status end_row(struct reading_sheet *reading)
{
	return reading->is_in_rows && reading->table.has_cells ? table_end_record(&reading->table) : STATUS_OK;
}

/* The row of a cell's name: 12 of AB12; 0 if there is none. */
static uint64_t row_of(struct bytes name)
{
	uint64_t row;
	size_t letters = 0;
	while (letters < name.len && (name.at[letters] == '$' || (name.at[letters] | 0x20) >= 'a'))
		letters++;
	return bytes_parse_u64(bytes_from(name, letters), &row) && row <= ROWS_MAX ? row : 0;
}

/* "A1:F100", or "A1" alone. */
static void take_dimension(struct reading_sheet *reading, const char *reference)
{
	struct bytes from = bytes_of_string(reference != NULL ? reference : ""), to = from;
	size_t colon = bytes_find_byte(from, ':');
	if (colon != BYTES_NOT_FOUND) {
		to = bytes_from(from, colon + 1);
		from = bytes_slice(from, 0, colon);
	}
	uint64_t first = row_of(from), last = row_of(to);
	reading->has_dimension = first > 0 && first <= last;
	if (reading->has_dimension)
		reading->workbook->rows_declared += last - first + 1;
}

static enum status on_sheet_start(void *context, const char *name, const char *const *attributes)
{
	struct reading_sheet *reading = context;
	const char *local = xml_local_name(name);
	reading->depth++;
	if (reading->skipped_since != 0)
		return STATUS_OK;
	if (strcmp(local, "c") == 0) {
		begin_cell(reading, attributes);
	} else if (strcmp(local, "row") == 0) {
		begin_row(reading, attributes);
	} else if (strcmp(local, "dimension") == 0) {
		take_dimension(reading, xml_attribute(attributes, "ref"));
	} else if (strcmp(local, "sheetData") == 0) {
		return begin_rows(reading);
	} else if (strcmp(local, "dataValidation") == 0) {
		return begin_validation(reading, attributes);
	} else if (strcmp(local, "formula1") == 0) {
		buffer_reset(&reading->value);
		reading->collecting = COLLECTING_LIST;
	} else if (strcmp(local, "v") == 0 || strcmp(local, "t") == 0) {
		reading->collecting = COLLECTING_VALUE;
	} else if (strcmp(local, "f") == 0) {
		reading->collecting = COLLECTING_FORMULA;
	} else if (strcmp(local, "rPh") == 0) {
		reading->skipped_since = reading->depth;
	} else if (strcmp(local, "headerFooter") == 0) {
		reading->is_in_margins = true;
	} else if (reading->is_in_margins) {
		buffer_reset(&reading->value);
		reading->collecting = COLLECTING_MARGIN;
	}
	return STATUS_OK;
}

static enum status on_sheet_text(void *context, struct bytes text)
{
	struct reading_sheet *reading = context;
	struct buffer *into = reading->collecting == COLLECTING_FORMULA ? &reading->formula : &reading->value;
	if (reading->collecting == COLLECTING_NOTHING || reading->skipped_since != 0)
		return STATUS_OK;
	if (text.len > into->ceiling - into->len)
		text = bytes_slice(text, 0, into->ceiling - into->len);
	buffer_append(into, text);
	return buffer_status(into);
}

static enum status on_sheet_end(void *context, const char *name)
{
	struct reading_sheet *reading = context;
	const char *local = xml_local_name(name);
	enum status status = STATUS_OK;
	bool is_skipped = reading->skipped_since != 0;
	if (reading->skipped_since == reading->depth)
		reading->skipped_since = 0;
	reading->depth--;
	if (is_skipped)
		return STATUS_OK;
	if (reading->collecting == COLLECTING_MARGIN)
		status = end_margin(reading);
	else if (reading->collecting == COLLECTING_LIST)
		status = end_list(reading);
	reading->collecting = COLLECTING_NOTHING;
	if (strcmp(local, "c") == 0)
		return end_cell(reading);
	if (strcmp(local, "row") == 0)
		return end_row(reading);
	if (strcmp(local, "sheetData") == 0)
		return end_rows(reading);
	if (strcmp(local, "headerFooter") == 0)
		reading->is_in_margins = false;
	return status;
}

/* ---- sheets ---- */

static enum status read_cells(struct workbook *workbook, size_t part)
{
	static const struct xml_events events = {on_sheet_start, on_sheet_end, on_sheet_text};
	struct reading_sheet reading = {
		.workbook = workbook,
		.value = buffer_with_ceiling(CELL_CEILING),
		.formula = buffer_with_ceiling(CELL_CEILING),
		.both = buffer_with_ceiling(STRINGS_CEILING + CELL_CEILING),
		.table = table_over(workbook->ooxml->package.emitter),
	};
	enum status status = ooxml_parse(workbook->ooxml, part, &events, &reading);
	workbook->lacks_declared |= !reading.has_dimension;
	if (reading.first_row > 0)
		workbook->rows_read += reading.last_row - reading.first_row + 1;
	/* A part that breaks off leaves its rows open: those that came are kept. */
	if (status == STATUS_OK)
		status = end_rows(&reading);
	buffer_free(&reading.value);
	buffer_free(&reading.formula);
	buffer_free(&reading.both);
	table_free(&reading.table);
	return status == STATUS_OK ? ooxml_end_line(workbook->ooxml) : status;
}

static enum status put_sheet_name(struct workbook *workbook, const struct sheet *sheet)
{
	bool is_very_hidden = strcmp(sheet->state, "veryHidden") == 0;
	bool is_hidden = is_very_hidden || strcmp(sheet->state, "hidden") == 0;
	enum status status = ooxml_put_string(workbook->ooxml, sheet->name);
	if (status == STATUS_OK && is_hidden)
		status = ooxml_put_string(workbook->ooxml, is_very_hidden ? " (very hidden sheet)" : " (hidden sheet)");
	return status == STATUS_OK ? ooxml_end_line(workbook->ooxml) : status;
}

static enum status read_sheet(struct workbook *workbook, const struct sheet *sheet)
{
	struct ooxml *ooxml = workbook->ooxml;
	const struct ooxml_relation *relation = ooxml_find_relation(&workbook->relations, sheet->relation);
	size_t part = relation != NULL ? ooxml_find_part(ooxml, relation->target) : OOXML_NO_PART;
	enum status status = put_sheet_name(workbook, sheet);
	if (status != STATUS_OK || part == OOXML_NO_PART || ooxml->parts[part].is_done)
		return status;
	ooxml->parts[part].is_done = true;
	status = read_cells(workbook, part);
	if (status == STATUS_OK)
		status = ooxml_read_related(ooxml, part);
	return status == STATUS_OK ? emit_text(ooxml->package.emitter, BYTES_LITERAL("\n")) : status;
}

static enum status read_workbook_part(struct workbook *workbook, size_t part)
{
	static const struct xml_events events = {on_workbook_start, on_workbook_end, on_workbook_text};
	enum status status = ooxml_read_relations(workbook->ooxml, part, &workbook->relations);
	if (status == STATUS_OK)
		status = ooxml_parse(workbook->ooxml, part, &events, workbook);
	size_t styles = ooxml_find_type(workbook->ooxml, ".styles+xml");
	if (status == STATUS_OK && styles != OOXML_NO_PART)
		status = ooxml_read_styles(workbook->ooxml, styles, &workbook->styles);
	return status == STATUS_OK ? read_strings(workbook) : status;
}

/* An empty sheet has the dimension A1 and no row. */
static enum status emit_row_counts(const struct workbook *workbook)
{
	struct emitter *emitter = workbook->ooxml->package.emitter;
	enum status status = STATUS_OK;
	if (workbook->sheet_count > 0 && !workbook->lacks_declared)
		status = emit_count(emitter, FACT_DECLARED, "rows", workbook->rows_declared);
	enum status told = emit_count(emitter, FACT_SEEN, "rows", workbook->rows_read);
	return status == STATUS_OK ? told : status;
}

enum status ooxml_read_workbook(struct ooxml *ooxml, size_t part)
{
	struct workbook workbook = {
		.ooxml = ooxml,
		.names = buffer_with_ceiling(CELL_CEILING),
		.strings = buffer_with_ceiling(STRINGS_CEILING),
	};
	enum status status = read_workbook_part(&workbook, part);
	for (size_t i = 0; status == STATUS_OK && i < workbook.sheet_count; i++)
		status = read_sheet(&workbook, &workbook.sheets[i]);
	if (status == STATUS_OK)
		status = ooxml_put(ooxml, buffer_bytes(&workbook.names));
	if (status == STATUS_OK)
		status = ooxml_end_line(ooxml);
	enum status told = emit_row_counts(&workbook);
	if (status == STATUS_OK)
		status = told;
	free(workbook.sheets);
	free(workbook.styles.looks);
	free(workbook.string_ends);
	buffer_free(&workbook.names);
	buffer_free(&workbook.strings);
	return status;
}
