/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of an OpenDocument part (ODF 1.3 part 3): paragraphs are lines,
 * cells are parted by tabs, sheets of a spreadsheet are tables. Notes, comments,
 * what floats over a sheet, and links stand aside: they follow the sheet or the
 * whole. Deleted text of tracked changes stands between "[- " and " -]".
 */
#include "format/office/odf-parts.h"
#include "format/table.h"

#include <stdlib.h>

#define CELL_CEILING (1u << 20)
#define ASIDE_CEILING (64u << 20)
#define ASIDE_FULL (1u << 20)
#define HIDDEN_CEILING (64u << 10)
#define SPACES_MAX 255u
#define ROWS_MAX 1048576
#define BARRIERS_MAX 64
#define SHEETS_DEPTH 3 /* office:document, office:body, office:spreadsheet */

enum odf_action {
	ACTION_NONE,
	ACTION_LINE, /* a paragraph: its characters are text */
	ACTION_SPACES,
	ACTION_TAB,
	ACTION_BREAK,
	ACTION_SKIP, /* nothing within is text */
	ACTION_DELETED,
	ACTION_FRAME,       /* a picture, a box; or a prompt to put one there */
	ACTION_DESCRIPTION, /* alternative text */
	ACTION_ASIDE,       /* the body of a note */
	ACTION_COMMENT,
	ACTION_AUTHOR, /* of a comment */
	ACTION_TABLE,
	ACTION_ROW,
	ACTION_CELL,
	ACTION_SHEETS, /* tables within are sheets */
	ACTION_PAGE,
	ACTION_STYLE,
	ACTION_LOOK, /* properties of a style that hide what has it */
};

static const struct odf_meaning {
	const char *name;
	enum odf_action action;
} meanings[] = {
	/* in order of strcmp */
	{"annotation", ACTION_COMMENT}, {"covered-table-cell", ACTION_CELL},
	{"creator", ACTION_AUTHOR},     {"deletion", ACTION_DELETED},
	{"desc", ACTION_DESCRIPTION},   {"drawing-page-properties", ACTION_LOOK},
	{"frame", ACTION_FRAME},        {"h", ACTION_LINE},
	{"line-break", ACTION_BREAK},   {"note-body", ACTION_ASIDE},
	{"note-citation", ACTION_SKIP}, {"p", ACTION_LINE},
	{"page", ACTION_PAGE},          {"ruby-text", ACTION_SKIP},
	{"s", ACTION_SPACES},           {"spreadsheet", ACTION_SHEETS},
	{"style", ACTION_STYLE},        {"tab", ACTION_TAB},
	{"tab-stop", ACTION_TAB},       {"table", ACTION_TABLE},
	{"table-cell", ACTION_CELL},    {"table-properties", ACTION_LOOK},
	{"table-row", ACTION_ROW},      {"title", ACTION_DESCRIPTION},
};

/* Attributes that hold words of people. */
static const struct odf_telling {
	const char *element, *attribute;
} tellings[] = {
	{"hidden-text", "string-value"},
	{"user-field-decl", "string-value"},
	{"text", "value"},
	{"text", "current-value"},
	{"textarea", "value"},
	{"textarea", "current-value"},
	{"hidden", "value"},
	{"fixed-text", "label"},
	{"checkbox", "label"},
	{"radio", "label"},
	{"option", "label"},
	{"item", "label"},
	{"named-expression", "expression"},
	{"database-source-sql", "sql-statement"},
	{"dde-source", "dde-topic"},
	{"login", "user-name"},
	{"query", "command"},
	{"server-database", "hostname"},
};

/* Of one place that text goes to: what to write there before more of it. */
struct pen {
	char pending;
	unsigned spaces;
	bool has_text;
	bool was_blank; /* the last character was: blanks of the markup count once */
};

enum odf_place { PLACE_TEXT, PLACE_ASIDE, PLACE_CELL, PLACE_COUNT };

/* A frame or a note within a paragraph has paragraphs of its own: between them nothing is text. */
struct barrier {
	unsigned depth, text_since;
};

struct odf_flow {
	struct odf *odf;
	unsigned depth;
	unsigned skipped_since; /* depth of the element nothing within which counts; 0 if none */
	unsigned text_since;    /* depth of the outermost element whose characters are text; 0 if none */
	struct barrier barriers[BARRIERS_MAX];
	size_t barrier_count;
	unsigned aside_since, comment_since, deleted_since;
	bool has_mark;        /* "[-" was written */
	bool is_after_author; /* a comment's text begins on the line of its author */
	struct pen pens[PLACE_COUNT];
	struct buffer aside;
	bool is_spilling; /* more stands aside than is kept */
	/* Styles that hide what has them, each behind a NUL. */
	struct buffer hidden, style;
	/* ---- sheets ---- */
	bool has_sheets;
	unsigned tables;      /* open ones */
	unsigned sheet_since; /* depth of the sheet that is open; 0 if none is */
	bool is_in_cell;
	unsigned cell_since;
	struct table table;
	struct odf_row row;
	uint64_t row_number, row_count, first_row, last_row; /* the latter from 1, 0: none so far */
	struct buffer cell, value, formula;
	unsigned cell_count;
	bool is_date;
};

static int compare_meaning(const void *name, const void *meaning)
{
	return strcmp(name, ((const struct odf_meaning *)meaning)->name);
}

/* A title and a description are a drawing's by their prefix alone: fields of a text are called so, too. */
static enum odf_action action_of(const char *name)
{
	const struct odf_meaning *meaning = bsearch(xml_local_name(name), meanings, sizeof meanings / sizeof *meanings,
	                                            sizeof *meanings, compare_meaning);
	if (meaning == NULL || (meaning->action == ACTION_DESCRIPTION && strncmp(name, "svg:", 4) != 0))
		return ACTION_NONE;
	return meaning->action;
}

/* A number that says how often; 1 if there is none. */
static uint64_t number_of(const char *const *attributes, const char *name, uint64_t most)
{
	const char *value = xml_attribute(attributes, name);
	uint64_t number;
	if (value == NULL || !bytes_parse_u64(bytes_of_string(value), &number) || number == 0)
		return 1;
	return number < most ? number : most;
}

/* ---- text ---- */

static bool is_in_sheet(const struct odf_flow *flow)
{
	return flow->sheet_since != 0;
}

static enum odf_place place_of(const struct odf_flow *flow)
{
	if (flow->aside_since != 0)
		return PLACE_ASIDE;
	if (flow->is_in_cell)
		return PLACE_CELL;
	return is_in_sheet(flow) ? PLACE_ASIDE : PLACE_TEXT;
}

static struct pen *pen_of(struct odf_flow *flow)
{
	return &flow->pens[place_of(flow)];
}

static void separate(struct odf_flow *flow, char separator)
{
	struct pen *pen = pen_of(flow);
	if (pen->pending != '\n')
		pen->pending = separator;
	pen->spaces = 0;
	pen->was_blank = true;
}

/* What no longer fits is left out, and said to be. */
static enum status append_bounded(struct odf_flow *flow, struct buffer *into, struct bytes text)
{
	if (text.len > into->ceiling - into->len) {
		flow->is_spilling = true;
		return STATUS_OK;
	}
	buffer_append(into, text);
	return buffer_status(into);
}

static enum status put_as_is(struct odf_flow *flow, struct bytes text)
{
	switch (place_of(flow)) {
	case PLACE_ASIDE: return append_bounded(flow, &flow->aside, text);
	case PLACE_CELL: return append_bounded(flow, &flow->cell, text);
	default: return package_put(&flow->odf->package, text);
	}
}

static enum status put(struct odf_flow *flow, struct bytes text)
{
	static const char spaces[] = "                ";
	struct pen *pen = pen_of(flow);
	enum status status = STATUS_OK;
	if (pen->has_text && pen->pending != '\0')
		status = put_as_is(flow, bytes_of(&pen->pending, 1));
	for (unsigned left = pen->has_text ? pen->spaces : 0; left > 0 && status == STATUS_OK;) {
		unsigned some = left < sizeof spaces - 1 ? left : (unsigned)sizeof spaces - 1;
		status = put_as_is(flow, bytes_of(spaces, some));
		left -= some;
	}
	pen->pending = '\0';
	pen->spaces = 0;
	if (status == STATUS_OK && flow->deleted_since != 0 && !flow->has_mark) {
		flow->has_mark = true;
		status = put_as_is(flow, BYTES_LITERAL("[- "));
	}
	pen->has_text = true;
	return status == STATUS_OK ? put_as_is(flow, text) : status;
}

static enum status put_line(struct odf_flow *flow, const char *text)
{
	if (text == NULL || bytes_trim(bytes_of_string(text)).len == 0)
		return STATUS_OK;
	separate(flow, '\n');
	enum status status = put(flow, bytes_of_string(text));
	separate(flow, '\n');
	return status;
}

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void add_spaces(struct odf_flow *flow, uint64_t count)
{
	struct pen *pen = pen_of(flow);
	pen->spaces = pen->pending != '\0' ? 0 : count < SPACES_MAX - pen->spaces ? pen->spaces + (unsigned)count : SPACES_MAX;
}

/* White space of the markup is one blank (ODF 1.3 part 3, 6.1.2). */
static enum status put_words(struct odf_flow *flow, struct bytes text)
{
	enum status status = STATUS_OK;
	while (text.len > 0 && status == STATUS_OK) {
		size_t length = 0;
		if (is_blank(text.at[0])) {
			if (!pen_of(flow)->was_blank)
				add_spaces(flow, 1);
			pen_of(flow)->was_blank = true;
			text = bytes_from(text, 1);
			continue;
		}
		while (length < text.len && !is_blank(text.at[length]))
			length++;
		status = put(flow, bytes_slice(text, 0, length));
		pen_of(flow)->was_blank = false;
		text = bytes_from(text, length);
	}
	return status;
}

/* What stands aside goes out on lines of its own. */
static enum status put_aside_out(struct odf_flow *flow)
{
	struct package *package = &flow->odf->package;
	enum status status = package_end_line(package);
	if (status == STATUS_OK)
		status = emit_text(package->emitter, buffer_bytes(&flow->aside));
	if (status == STATUS_OK)
		status = emit_line_end(package->emitter);
	buffer_reset(&flow->aside);
	flow->pens[PLACE_ASIDE] = (struct pen){0};
	flow->pens[PLACE_TEXT] = (struct pen){0};
	return status;
}

/* Not to a place within the document or the package, nor to a macro. */
static bool leads_out(struct bytes target)
{
	if (target.len == 0 || target.at[0] == '#' || bytes_start_with(target, BYTES_LITERAL("vnd.sun.star.script:")))
		return false;
	return bytes_find_byte(target, ':') != BYTES_NOT_FOUND || bytes_start_with(target, BYTES_LITERAL("//")) ||
	       bytes_start_with(target, BYTES_LITERAL("../"));
}

static enum status put_link(struct odf_flow *flow, const char *const *attributes)
{
	struct bytes link = bytes_of_string(xml_attribute(attributes, "href"));
	if (!leads_out(link))
		return STATUS_OK;
	struct pen *pen = &flow->pens[PLACE_ASIDE];
	enum status status = pen->has_text ? append_bounded(flow, &flow->aside, BYTES_LITERAL("\n")) : STATUS_OK;
	if (status == STATUS_OK)
		status = append_bounded(flow, &flow->aside, link);
	pen->has_text = true;
	pen->pending = '\n';
	return status;
}

/* ---- styles ---- */

static bool is_value(const char *const *attributes, const char *name, const char *value)
{
	const char *is = xml_attribute(attributes, name);
	return is != NULL && strcmp(is, value) == 0;
}

static void begin_style(struct odf_flow *flow, const char *const *attributes)
{
	const char *name = xml_attribute(attributes, "name");
	buffer_reset(&flow->style);
	buffer_append_byte(&flow->style, '\0');
	buffer_append_string(&flow->style, name != NULL ? name : "");
	buffer_append_byte(&flow->style, '\0');
}

static void take_look(struct odf_flow *flow, const char *const *attributes)
{
	if (!is_value(attributes, "display", "false") && !is_value(attributes, "visibility", "hidden"))
		return;
	if (flow->style.len > 2 && flow->style.len <= flow->hidden.ceiling - flow->hidden.len)
		buffer_append(&flow->hidden, buffer_bytes(&flow->style));
}

static bool is_hidden(struct odf_flow *flow, const char *const *attributes)
{
	const char *style = xml_attribute(attributes, "style-name");
	if (style == NULL || style[0] == '\0')
		return false;
	buffer_reset(&flow->style);
	buffer_append_byte(&flow->style, '\0');
	buffer_append_string(&flow->style, style);
	buffer_append_byte(&flow->style, '\0');
	return buffer_status(&flow->style) == STATUS_OK &&
	       bytes_find(buffer_bytes(&flow->hidden), buffer_bytes(&flow->style)) != BYTES_NOT_FOUND;
}

/* ---- sheets ---- */

static enum status begin_sheet(struct odf_flow *flow, const char *const *attributes)
{
	struct package *package = &flow->odf->package;
	const char *name = xml_attribute(attributes, "name");
	enum status status = put_aside_out(flow);
	if (status == STATUS_OK)
		status = package_put(package, bytes_of_string(name));
	if (status == STATUS_OK && is_hidden(flow, attributes))
		status = package_put(package, BYTES_LITERAL(" (hidden sheet)"));
	if (status == STATUS_OK)
		status = package_end_line(package);
	flow->row_number = flow->first_row = flow->last_row = 0;
	flow->sheet_since = flow->depth;
	return status == STATUS_OK ? table_begin(&flow->table, false) : status;
}

static enum status end_sheet(struct odf_flow *flow)
{
	struct odf *odf = flow->odf;
	enum status status = table_end(&flow->table);
	flow->sheet_since = 0;
	odf->has_rows = true;
	if (flow->first_row > 0)
		odf->rows += flow->last_row - flow->first_row + 1;
	if (status == STATUS_OK)
		status = put_aside_out(flow);
	return status == STATUS_OK ? package_put(&odf->package, BYTES_LITERAL("\n")) : status;
}

static enum status end_row(struct odf_flow *flow)
{
	uint64_t left = ROWS_MAX - flow->row_number, count = flow->row_count < left ? flow->row_count : left;
	if (flow->row.count > 0 && count > 0) {
		if (flow->first_row == 0)
			flow->first_row = flow->row_number + 1;
		flow->last_row = flow->row_number + count;
	}
	enum status status = odf_row_write(&flow->row, flow->odf, &flow->table, flow->row_number, count);
	flow->row_number += count;
	return status;
}

static void keep_attribute(struct buffer *into, const char *value)
{
	buffer_reset(into);
	buffer_append_string(into, value != NULL ? value : "");
}

static void begin_cell(struct odf_flow *flow, const char *const *attributes)
{
	const char *date = xml_attribute(attributes, "date-value"), *value = xml_attribute(attributes, "value");
	flow->is_in_cell = true;
	flow->cell_since = flow->depth;
	flow->cell_count = (unsigned)number_of(attributes, "number-columns-repeated", UINT32_MAX);
	flow->is_date = date != NULL;
	if (date == NULL && value == NULL)
		value = xml_attribute(attributes, "string-value");
	keep_attribute(&flow->value, date != NULL ? date : value);
	keep_attribute(&flow->formula, xml_attribute(attributes, "formula"));
	buffer_reset(&flow->cell);
	flow->pens[PLACE_CELL] = (struct pen){0};
}

/* Digits of a number from its first that is not 0, into digits. */
static void take_digits(struct bytes text, struct buffer *digits)
{
	for (size_t i = 0; i < text.len && text.at[i] != 'E' && text.at[i] != 'e'; i++)
		if (text.at[i] >= '0' + (digits->len == 0) && text.at[i] <= '9')
			buffer_append_byte(digits, text.at[i]);
}

/* As it is shown, unless that has fewer digits than it has: rounded, or 9.9E+08 for a telephone. */
static bool hides_digits(struct bytes shown, struct bytes value)
{
	struct buffer kept = buffer_with_ceiling(64), all = buffer_with_ceiling(64);
	take_digits(shown, &kept);
	take_digits(value, &all);
	bool hides = buffer_status(&kept) == STATUS_OK && !bytes_start_with(buffer_bytes(&kept), buffer_bytes(&all));
	buffer_free(&kept);
	buffer_free(&all);
	return hides;
}

static bool is_number(struct bytes value)
{
	return value.len > 0 && value.len <= 40 && ((value.at[0] >= '0' && value.at[0] <= '9') || value.at[0] == '-');
}

static bool is_telling(struct bytes formula)
{
	return bytes_find(formula, BYTES_LITERAL("://")) != BYTES_NOT_FOUND ||
	       bytes_find(formula, BYTES_LITERAL("mailto:")) != BYTES_NOT_FOUND;
}

static enum status end_cell(struct odf_flow *flow)
{
	struct bytes value = buffer_bytes(&flow->value), formula = buffer_bytes(&flow->formula);
	struct bytes shown = buffer_bytes(&flow->cell);
	flow->is_in_cell = false;
	if (shown.len == 0 || flow->is_date || (is_number(value) && hides_digits(shown, value))) {
		buffer_reset(&flow->cell);
		buffer_append(&flow->cell, value);
	}
	if (is_telling(formula)) {
		buffer_append_string(&flow->cell, flow->cell.len > 0 ? " " : "");
		buffer_append(&flow->cell, formula);
	}
	if (buffer_status(&flow->cell) == STATUS_NO_MEMORY)
		return STATUS_NO_MEMORY;
	return odf_row_add(&flow->row, buffer_bytes(&flow->cell), flow->cell_count);
}

/* What may be chosen: of:cell-content-is-in-list("one";"two"). */
static enum status put_choices(struct odf_flow *flow, const char *const *attributes)
{
	const char *condition = xml_attribute(attributes, "condition");
	const char *list = condition != NULL ? strstr(condition, "is-in-list(") : NULL;
	if (list == NULL)
		return STATUS_OK;
	keep_attribute(&flow->value, strchr(list, '(') + 1);
	if (flow->value.len > 0 && flow->value.at[flow->value.len - 1] == ')')
		buffer_truncate(&flow->value, flow->value.len - 1);
	return put_line(flow, buffer_string(&flow->value));
}

static enum status put_tellings(struct odf_flow *flow, const char *element, const char *const *attributes)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < sizeof tellings / sizeof *tellings && status == STATUS_OK; i++)
		if (strcmp(tellings[i].element, element) == 0)
			status = put_line(flow, xml_attribute(attributes, tellings[i].attribute));
	if (status == STATUS_OK && strcmp(element, "content-validation") == 0)
		status = put_choices(flow, attributes);
	return status == STATUS_OK ? put_link(flow, attributes) : status;
}

/* ---- elements ---- */

static void begin_aside(struct odf_flow *flow, bool is_comment)
{
	if (flow->aside_since == 0)
		flow->aside_since = flow->depth;
	if (is_comment && flow->comment_since == 0)
		flow->comment_since = flow->depth;
	separate(flow, '\n');
}

static void begin_text(struct odf_flow *flow)
{
	if (!flow->is_after_author)
		separate(flow, pen_of(flow)->pending == '\t' ? '\t' : '\n');
	flow->is_after_author = false;
	pen_of(flow)->was_blank = true;
	if (flow->text_since == 0)
		flow->text_since = flow->depth;
}

/* Rows and cells of the sheet itself, not of a table in it. */
static bool is_sheets_own(const struct odf_flow *flow)
{
	return flow->sheet_since != 0 && flow->tables == 1 && flow->aside_since == 0;
}

static void raise_barrier(struct odf_flow *flow)
{
	if (flow->barrier_count == BARRIERS_MAX)
		return;
	flow->barriers[flow->barrier_count++] = (struct barrier){flow->depth, flow->text_since};
	flow->text_since = 0;
}

static void lower_barrier(struct odf_flow *flow)
{
	if (flow->barrier_count == 0 || flow->barriers[flow->barrier_count - 1].depth != flow->depth)
		return;
	flow->text_since = flow->barriers[--flow->barrier_count].text_since;
}

static enum status begin(struct odf_flow *flow, enum odf_action action, const char *const *attributes)
{
	switch (action) {
	case ACTION_LINE:
	case ACTION_DESCRIPTION: begin_text(flow); break;
	case ACTION_SPACES:
		add_spaces(flow, number_of(attributes, "c", SPACES_MAX));
		pen_of(flow)->was_blank = true;
		break;
	case ACTION_TAB: separate(flow, '\t'); break;
	case ACTION_BREAK: separate(flow, '\n'); break;
	case ACTION_SKIP: flow->skipped_since = flow->depth; break;
	case ACTION_FRAME:
		if (is_value(attributes, "placeholder", "true"))
			flow->skipped_since = flow->depth;
		else
			raise_barrier(flow);
		break;
	case ACTION_DELETED:
		if (flow->deleted_since == 0)
			flow->deleted_since = flow->depth;
		break;
	case ACTION_ASIDE:
	case ACTION_COMMENT:
		raise_barrier(flow);
		begin_aside(flow, action == ACTION_COMMENT);
		break;
	case ACTION_AUTHOR:
		if (flow->comment_since != 0)
			begin_text(flow);
		break;
	case ACTION_TABLE:
		if (++flow->tables == 1 && flow->has_sheets && flow->aside_since == 0)
			return begin_sheet(flow, attributes);
		break;
	case ACTION_ROW:
		flow->row_count = is_sheets_own(flow) ? number_of(attributes, "number-rows-repeated", ROWS_MAX) : flow->row_count;
		if (!is_sheets_own(flow))
			separate(flow, '\n');
		break;
	case ACTION_CELL:
		if (is_sheets_own(flow) && !flow->is_in_cell)
			begin_cell(flow, attributes);
		break;
	/* Of the document itself, not of an object that stands in a flat one. */
	case ACTION_SHEETS: flow->has_sheets |= flow->odf->pass == ODF_PACKAGE || flow->depth == SHEETS_DEPTH; break;
	case ACTION_PAGE: separate(flow, '\n'); return is_hidden(flow, attributes) ? put_line(flow, "(hidden slide)") : STATUS_OK;
	case ACTION_STYLE: begin_style(flow, attributes); break;
	case ACTION_LOOK: take_look(flow, attributes); break;
	case ACTION_NONE: break;
	}
	return STATUS_OK;
}

static enum status on_start(void *context, const char *name, const char *const *attributes)
{
	struct odf_flow *flow = context;
	struct odf *odf = flow->odf;
	const char *local = xml_local_name(name);
	flow->depth++;
	if (flow->skipped_since != 0 || odf->inlay.since != 0)
		return STATUS_OK;
	if (odf->pass != ODF_PACKAGE && flow->depth == 2 && !odf_flat_reads(odf, local)) {
		flow->skipped_since = flow->depth;
		return STATUS_OK;
	}
	enum status status = begin(flow, action_of(name), attributes);
	if (status == STATUS_OK)
		status = put_tellings(flow, local, attributes);
	if (status == STATUS_OK && odf->pass != ODF_PACKAGE && flow->skipped_since == 0)
		status = odf_flat_begin_inlay(odf, local, attributes, flow->depth);
	return status;
}

static enum status on_text(void *context, struct bytes text)
{
	struct odf_flow *flow = context;
	if (flow->odf->inlay.since != 0)
		return odf_flat_put_inlay(flow->odf, text);
	return flow->skipped_since != 0 || flow->text_since == 0 ? STATUS_OK : put_words(flow, text);
}

static enum status end_text(struct odf_flow *flow)
{
	if (flow->text_since == flow->depth)
		flow->text_since = 0;
	separate(flow, '\n');
	bool is_full = flow->aside.len > ASIDE_FULL && flow->text_since == 0 && place_of(flow) == PLACE_TEXT;
	return is_full ? put_aside_out(flow) : STATUS_OK;
}

static enum status end_author(struct odf_flow *flow)
{
	if (flow->text_since == flow->depth)
		flow->text_since = 0;
	pen_of(flow)->spaces = 0;
	flow->is_after_author = pen_of(flow)->pending == '\0' && pen_of(flow)->has_text;
	return flow->is_after_author ? put(flow, BYTES_LITERAL(": ")) : STATUS_OK;
}

static void end_aside(struct odf_flow *flow)
{
	separate(flow, '\n');
	flow->is_after_author = false;
	if (flow->comment_since == flow->depth)
		flow->comment_since = 0;
	if (flow->aside_since == flow->depth)
		flow->aside_since = 0;
}

static enum status end_deleted(struct odf_flow *flow)
{
	flow->deleted_since = 0;
	if (!flow->has_mark)
		return STATUS_OK;
	flow->has_mark = false;
	return put_as_is(flow, BYTES_LITERAL(" -]"));
}

static enum status end_table(struct odf_flow *flow)
{
	flow->tables--;
	return flow->sheet_since == flow->depth ? end_sheet(flow) : STATUS_OK;
}

static enum status end_page(struct odf_flow *flow)
{
	enum status status = put_aside_out(flow);
	return status == STATUS_OK ? package_put(&flow->odf->package, BYTES_LITERAL("\n")) : status;
}

static enum status finish(struct odf_flow *flow, enum odf_action action)
{
	switch (action) {
	case ACTION_LINE:
	case ACTION_DESCRIPTION: return end_text(flow);
	case ACTION_DELETED: return flow->deleted_since == flow->depth ? end_deleted(flow) : STATUS_OK;
	case ACTION_FRAME: lower_barrier(flow); break;
	case ACTION_ASIDE:
	case ACTION_COMMENT:
		end_aside(flow);
		lower_barrier(flow);
		break;
	case ACTION_AUTHOR: return flow->comment_since != 0 ? end_author(flow) : STATUS_OK;
	case ACTION_TABLE: return end_table(flow);
	case ACTION_ROW:
		if (is_sheets_own(flow))
			return end_row(flow);
		pen_of(flow)->pending = '\n';
		break;
	case ACTION_CELL:
		if (flow->is_in_cell && flow->cell_since == flow->depth)
			return end_cell(flow);
		if (!is_in_sheet(flow))
			pen_of(flow)->pending = '\t';
		break;
	case ACTION_PAGE: return place_of(flow) == PLACE_TEXT ? end_page(flow) : STATUS_OK;
	default: break;
	}
	return STATUS_OK;
}

static enum status on_end(void *context, const char *name)
{
	struct odf_flow *flow = context;
	struct odf *odf = flow->odf;
	enum status status = STATUS_OK;
	if (odf->inlay.since != 0)
		status = odf->inlay.since == flow->depth ? odf_flat_end_inlay(odf, STATUS_OK) : STATUS_OK;
	else if (flow->skipped_since == 0)
		status = finish(flow, action_of(name));
	else if (flow->skipped_since == flow->depth)
		flow->skipped_since = 0;
	flow->depth--;
	return status;
}

static void free_flow(struct odf_flow *flow)
{
	struct buffer *const buffers[] = {&flow->aside, &flow->hidden, &flow->style, &flow->cell, &flow->value, &flow->formula};
	for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
		buffer_free(buffers[i]);
	table_free(&flow->table);
	odf_row_free(&flow->row);
}

/* A part that breaks off leaves its sheet open: the rows that came are kept. */
static enum status close_flow(struct odf_flow *flow)
{
	enum status status = flow->odf->inlay.since != 0 ? odf_flat_end_inlay(flow->odf, STATUS_MALFORMED) : STATUS_OK;
	if (status == STATUS_OK && flow->is_in_cell)
		status = end_cell(flow);
	if (status == STATUS_OK && flow->row.count > 0)
		status = end_row(flow);
	if (status != STATUS_OK)
		return status;
	return is_in_sheet(flow) ? end_sheet(flow) : put_aside_out(flow);
}

enum status odf_read_flow(struct odf *odf, size_t part)
{
	static const struct xml_events events = {on_start, on_end, on_text};
	struct odf_flow flow = {
		.odf = odf,
		.aside = buffer_with_ceiling(ASIDE_CEILING),
		.hidden = buffer_with_ceiling(HIDDEN_CEILING),
		.style = buffer_with_ceiling(CELL_CEILING),
		.cell = buffer_with_ceiling(2 * CELL_CEILING),
		.value = buffer_with_ceiling(CELL_CEILING),
		.formula = buffer_with_ceiling(CELL_CEILING),
		.table = table_over(odf->package.emitter),
		.row = odf_row_empty(),
		.row_count = 1,
	};
	enum status status = package_end_line(&odf->package);
	if (status == STATUS_OK)
		status = package_parse(&odf->package, part, &events, &flow);
	if (status == STATUS_OK)
		status = close_flow(&flow);
	if (flow.is_spilling)
		emit_note(odf->package.emitter, "odf: more in one cell, or beside the text, than is kept");
	free_flow(&flow);
	return status;
}
