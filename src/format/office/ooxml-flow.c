/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Running text, whichever part it is in: WordprocessingML, DrawingML (slides,
 * text boxes, charts, diagrams), comments of all kinds. One table tells what
 * an element means by its local name. Deleted text of tracked changes stands
 * between "[- " and " -]". Separators are pending until more text comes, so that
 * empty paragraphs and the ends of cells leave no trace of their own.
 */
#include "format/office/ooxml-parts.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

#define ALTERNATES_MAX 64
#define SPACES_MAX 256
#define PREFIX_SIZE 32
#define INSTRUCTION_CEILING (64u << 10)

enum ooxml_action {
	ACTION_NONE,
	ACTION_TEXT,  /* its characters are text */
	ACTION_VALUE, /* the same on a line of its own, if not blank */
	ACTION_LINE,  /* a paragraph */
	ACTION_BREAK,
	ACTION_TAB,
	ACTION_HYPHEN,
	ACTION_CELL,
	ACTION_ROW,
	ACTION_SKIP, /* properties: nothing within is text */
	ACTION_DELETED,
	ACTION_INSTRUCTION, /* a field's code: links are in there */
	ACTION_FIELD,
	ACTION_DESCRIPTION, /* alternative text */
	ACTION_WORD_ART,
	ACTION_AUTHOR, /* a comment's author, by position */
	ACTION_COMMENT,
	ACTION_SLIDE,
	ACTION_ALTERNATE, /* mc:AlternateContent: the first choice that is understood, or else its fallback */
	ACTION_CHOICE,
	ACTION_FALLBACK,
};

static const struct ooxml_meaning {
	const char *name;
	enum ooxml_action action;
} meanings[] = {
	/* in order of strcmp */
	{"AlternateContent", ACTION_ALTERNATE},
	{"Choice", ACTION_CHOICE},
	{"Fallback", ACTION_FALLBACK},
	{"Text", ACTION_VALUE},
	{"author", ACTION_AUTHOR},
	{"bodyPr", ACTION_SKIP},
	{"br", ACTION_BREAK},
	{"cNvPr", ACTION_DESCRIPTION},
	{"cm", ACTION_COMMENT},
	{"comment", ACTION_COMMENT},
	{"cr", ACTION_BREAK},
	{"del", ACTION_DELETED},
	{"delInstrText", ACTION_INSTRUCTION},
	{"delText", ACTION_TEXT},
	{"docPr", ACTION_DESCRIPTION},
	{"endParaRPr", ACTION_SKIP},
	{"fldSimple", ACTION_FIELD},
	{"instrText", ACTION_INSTRUCTION},
	{"lstStyle", ACTION_SKIP},
	{"moveFrom", ACTION_DELETED},
	{"noBreakHyphen", ACTION_HYPHEN},
	{"p", ACTION_LINE},
	{"pPr", ACTION_SKIP},
	{"pt", ACTION_VALUE},
	{"ptab", ACTION_TAB},
	{"rPh", ACTION_SKIP},
	{"rPr", ACTION_SKIP},
	{"reply", ACTION_COMMENT},
	{"sectPr", ACTION_SKIP},
	{"shape", ACTION_DESCRIPTION},
	{"sld", ACTION_SLIDE},
	{"t", ACTION_TEXT},
	{"tab", ACTION_TAB},
	{"tblGrid", ACTION_SKIP},
	{"tblPr", ACTION_SKIP},
	{"tc", ACTION_CELL},
	{"tcPr", ACTION_SKIP},
	{"text", ACTION_VALUE},
	{"textpath", ACTION_WORD_ART},
	{"threadedComment", ACTION_COMMENT},
	{"tr", ACTION_ROW},
	{"trPr", ACTION_SKIP},
	{"v", ACTION_VALUE},
};

/* A namespace as an open element declares it. */
struct space {
	char prefix[PREFIX_SIZE];
	unsigned depth;
	bool is_understood;
};

struct ooxml_flow {
	struct ooxml *ooxml;
	unsigned depth;
	unsigned skipped_since; /* depth of the element nothing within which counts; 0 if none */
	unsigned text_since;    /* depth of the outermost element whose characters are text; 0 if none */
	unsigned exact_since;   /* depth of a text element, whose blanks count even within values */
	bool is_value;          /* text_since is a value: blanks between its children are layout */
	bool is_author;         /* text_since names an author */
	unsigned instruction_since;
	unsigned deleted_since;
	bool has_mark;        /* "[-" was written */
	bool is_after_author; /* a comment's text begins on the line of its author */
	char pending;         /* separator to write before more text */
	bool has_text;
	struct buffer instruction, author;
	size_t author_count;
	unsigned alternates; /* open mc:AlternateContent elements */
	bool is_chosen[ALTERNATES_MAX];
	size_t space_count;
	struct space spaces[SPACES_MAX];
};

static int compare_meaning(const void *name, const void *meaning)
{
	return strcmp(name, ((const struct ooxml_meaning *)meaning)->name);
}

static enum ooxml_action action_of(const char *name)
{
	const struct ooxml_meaning *meaning = bsearch(xml_local_name(name), meanings, sizeof meanings / sizeof *meanings,
	                                              sizeof *meanings, compare_meaning);
	return meaning != NULL ? meaning->action : ACTION_NONE;
}

static void separate(struct ooxml_flow *flow, char separator)
{
	if (flow->pending != '\n')
		flow->pending = separator;
}

static enum status put(struct ooxml_flow *flow, struct bytes text)
{
	enum status status = STATUS_OK;
	if (text.len == 0)
		return STATUS_OK;
	if (flow->pending != '\0' && flow->has_text)
		status = ooxml_put(flow->ooxml, bytes_of(&flow->pending, 1));
	flow->pending = '\0';
	if (status == STATUS_OK && flow->deleted_since != 0 && !flow->has_mark) {
		flow->has_mark = true;
		status = ooxml_put_string(flow->ooxml, "[- ");
	}
	flow->has_text = true;
	return status == STATUS_OK ? ooxml_put(flow->ooxml, text) : status;
}

static enum status put_line(struct ooxml_flow *flow, const char *text)
{
	if (text == NULL || bytes_trim(bytes_of_string(text)).len == 0)
		return STATUS_OK;
	flow->pending = '\n';
	enum status status = put(flow, bytes_of_string(text));
	flow->pending = '\n';
	return status;
}

/* Alternative text says once what title and description may both say. */
static enum status describe(struct ooxml_flow *flow, const char *const *attributes)
{
	const char *description = xml_attribute(attributes, "descr");
	const char *title = xml_attribute(attributes, "title");
	if (description == NULL)
		description = xml_attribute(attributes, "alt");
	enum status status = put_line(flow, description);
	if (status != STATUS_OK || (title != NULL && description != NULL && strcmp(title, description) == 0))
		return status;
	return put_line(flow, title);
}

/* Word names the author, the others the author's id. */
static enum status begin_comment(struct ooxml_flow *flow, const char *const *attributes)
{
	const char *author = xml_attribute(attributes, "author");
	const char *id = xml_attribute(attributes, "authorId");
	if (author == NULL)
		author = ooxml_find_author(flow->ooxml, id != NULL ? id : xml_attribute(attributes, "personId"));
	flow->pending = '\n';
	if (author == NULL || author[0] == '\0')
		return STATUS_OK;
	enum status status = put(flow, bytes_of_string(author));
	flow->is_after_author = true;
	return status == STATUS_OK ? put(flow, BYTES_LITERAL(": ")) : status;
}

static enum status begin_slide(struct ooxml_flow *flow, const char *const *attributes)
{
	const char *show = xml_attribute(attributes, "show");
	bool is_hidden = show != NULL && (strcmp(show, "0") == 0 || strcmp(show, "false") == 0);
	return is_hidden ? put_line(flow, "(hidden slide)") : STATUS_OK;
}

static void begin_text(struct ooxml_flow *flow, enum ooxml_action action)
{
	if (action == ACTION_TEXT && flow->exact_since == 0)
		flow->exact_since = flow->depth;
	if (flow->text_since != 0)
		return;
	flow->text_since = flow->depth;
	flow->is_value = action != ACTION_TEXT;
	flow->is_author = action == ACTION_AUTHOR;
	if (action == ACTION_VALUE && !flow->is_after_author)
		separate(flow, '\n');
	flow->is_after_author = false;
}

/* ---- alternatives (ECMA-376-3 10) ---- */

/* What Office writes is read by local names, whichever year its namespace is of. */
static bool is_understood(const char *uri)
{
	static const char *const families[] = {"http://schemas.openxmlformats.org/", "http://schemas.microsoft.com/office/",
	                                       "http://purl.oclc.org/ooxml/", "urn:schemas-microsoft-com:"};
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (bytes_start_with(bytes_of_string(uri), bytes_of_string(families[i])))
			return true;
	return false;
}

/* A prefix too long, or one too many, is not understood. */
static void declare_spaces(struct ooxml_flow *flow, const char *const *attributes)
{
	for (; attributes[0] != NULL; attributes += 2) {
		if (strncmp(attributes[0], "xmlns:", 6) != 0 || flow->space_count == SPACES_MAX ||
		    strlen(attributes[0] + 6) >= PREFIX_SIZE)
			continue;
		struct space *space = &flow->spaces[flow->space_count++];
		strcpy(space->prefix, attributes[0] + 6);
		space->depth = flow->depth;
		space->is_understood = is_understood(attributes[1]);
	}
}

static void forget_spaces(struct ooxml_flow *flow)
{
	while (flow->space_count > 0 && flow->spaces[flow->space_count - 1].depth == flow->depth)
		flow->space_count--;
}

static bool is_prefix_understood(const struct ooxml_flow *flow, struct bytes prefix)
{
	for (size_t i = flow->space_count; i-- > 0;)
		if (bytes_equal_string(prefix, flow->spaces[i].prefix))
			return flow->spaces[i].is_understood;
	return false;
}

static bool is_choice_understood(const struct ooxml_flow *flow, const char *const *attributes)
{
	struct bytes left = bytes_trim(bytes_of_string(xml_attribute(attributes, "Requires")));
	while (left.len > 0) {
		size_t length = 0;
		while (length < left.len && strchr(" \t\r\n", left.at[length]) == NULL)
			length++;
		if (!is_prefix_understood(flow, bytes_slice(left, 0, length)))
			return false;
		left = bytes_trim(bytes_from(left, length));
	}
	return true;
}

static void choose(struct ooxml_flow *flow, enum ooxml_action action, const char *const *attributes)
{
	bool *is_chosen = flow->alternates > 0 && flow->alternates <= ALTERNATES_MAX ? &flow->is_chosen[flow->alternates - 1]
	                                                                             : NULL;
	if (is_chosen == NULL)
		return;
	if (*is_chosen || (action == ACTION_CHOICE && !is_choice_understood(flow, attributes)))
		flow->skipped_since = flow->depth;
	else if (action == ACTION_CHOICE)
		*is_chosen = true;
}

static enum status begin(struct ooxml_flow *flow, enum ooxml_action action, const char *const *attributes)
{
	switch (action) {
	case ACTION_TEXT:
	case ACTION_VALUE:
	case ACTION_AUTHOR: begin_text(flow, action); break;
	case ACTION_LINE:
	case ACTION_ROW:
		if (!flow->is_after_author)
			separate(flow, flow->pending == '\t' ? '\t' : '\n');
		flow->is_after_author = false;
		break;
	case ACTION_BREAK: flow->pending = '\n'; break;
	case ACTION_TAB: separate(flow, '\t'); break;
	case ACTION_HYPHEN: return put(flow, BYTES_LITERAL("-"));
	case ACTION_SKIP: flow->skipped_since = flow->depth; break;
	case ACTION_DELETED:
		if (flow->deleted_since == 0)
			flow->deleted_since = flow->depth;
		break;
	case ACTION_INSTRUCTION: flow->instruction_since = flow->depth; break;
	case ACTION_FIELD: {
		const char *instruction = xml_attribute(attributes, "instr");
		buffer_append_string(&flow->instruction, instruction != NULL ? instruction : "");
		break;
	}
	case ACTION_DESCRIPTION: return describe(flow, attributes);
	case ACTION_WORD_ART: return put_line(flow, xml_attribute(attributes, "string"));
	case ACTION_COMMENT: return begin_comment(flow, attributes);
	case ACTION_SLIDE: return begin_slide(flow, attributes);
	case ACTION_ALTERNATE:
		if (++flow->alternates <= ALTERNATES_MAX)
			flow->is_chosen[flow->alternates - 1] = false;
		break;
	case ACTION_CHOICE:
	case ACTION_FALLBACK: choose(flow, action, attributes); break;
	case ACTION_CELL:
	case ACTION_NONE: break;
	}
	return STATUS_OK;
}

static enum status on_start(void *context, const char *name, const char *const *attributes)
{
	struct ooxml_flow *flow = context;
	flow->depth++;
	if (flow->skipped_since != 0)
		return STATUS_OK;
	declare_spaces(flow, attributes);
	return begin(flow, action_of(name), attributes);
}

static enum status on_text(void *context, struct bytes text)
{
	struct ooxml_flow *flow = context;
	if (flow->skipped_since != 0)
		return STATUS_OK;
	if (flow->instruction_since != 0) {
		buffer_append(&flow->instruction, text);
		return STATUS_OK;
	}
	bool is_layout = flow->is_value && flow->exact_since == 0 && bytes_trim(text).len == 0;
	if (flow->text_since == 0 || is_layout)
		return STATUS_OK;
	if (!flow->is_author)
		return put(flow, text);
	buffer_append(&flow->author, text);
	return STATUS_OK;
}

/* A field's code is text only where it leads somewhere. */
static enum status end_paragraph(struct ooxml_flow *flow)
{
	static const char *const leads[] = {"HYPERLINK", "INCLUDE", "LINK", "DDE", "DATABASE", "MERGEFIELD", "IMPORT"};
	enum status status = STATUS_OK;
	bool is_lead = false;
	for (size_t i = 0; i < sizeof leads / sizeof *leads && flow->instruction.len > 0; i++)
		is_lead |= bytes_find(buffer_bytes(&flow->instruction), bytes_of_string(leads[i])) != BYTES_NOT_FOUND;
	if (is_lead)
		status = put_line(flow, buffer_string(&flow->instruction));
	buffer_reset(&flow->instruction);
	separate(flow, '\n');
	return status;
}

/* Spreadsheets name the authors of comments by their position in a list of the part's own. */
static enum status end_author(struct ooxml_flow *flow)
{
	char id[24];
	snprintf(id, sizeof id, "%zu", flow->author_count++);
	enum status status = ooxml_add_author(flow->ooxml, id, buffer_bytes(&flow->author));
	buffer_reset(&flow->author);
	return status;
}

static enum status end_text(struct ooxml_flow *flow)
{
	flow->text_since = 0;
	if (flow->is_author)
		return end_author(flow);
	if (flow->is_value)
		separate(flow, '\n');
	return STATUS_OK;
}

static enum status end_deleted(struct ooxml_flow *flow)
{
	flow->deleted_since = 0;
	if (!flow->has_mark)
		return STATUS_OK;
	flow->has_mark = false;
	return ooxml_put_string(flow->ooxml, " -]");
}

static enum status finish(struct ooxml_flow *flow, enum ooxml_action action)
{
	switch (action) {
	case ACTION_TEXT:
	case ACTION_VALUE:
	case ACTION_AUTHOR:
		if (flow->exact_since == flow->depth)
			flow->exact_since = 0;
		return flow->text_since == flow->depth ? end_text(flow) : STATUS_OK;
	case ACTION_LINE: return end_paragraph(flow);
	case ACTION_CELL: flow->pending = '\t'; break;
	case ACTION_ROW:
	case ACTION_COMMENT: flow->pending = '\n'; break;
	case ACTION_INSTRUCTION: flow->instruction_since = 0; break;
	case ACTION_DELETED: return flow->deleted_since == flow->depth ? end_deleted(flow) : STATUS_OK;
	case ACTION_ALTERNATE: flow->alternates--; break;
	default: break;
	}
	return STATUS_OK;
}

static enum status on_end(void *context, const char *name)
{
	struct ooxml_flow *flow = context;
	enum status status = STATUS_OK;
	if (flow->skipped_since == 0)
		status = finish(flow, action_of(name));
	else if (flow->skipped_since == flow->depth)
		flow->skipped_since = 0;
	forget_spaces(flow);
	flow->depth--;
	return status;
}

enum status ooxml_read_flow(struct ooxml *ooxml, size_t part)
{
	static const struct xml_events events = {on_start, on_end, on_text};
	struct ooxml_flow flow = {
		.ooxml = ooxml,
		.instruction = buffer_with_ceiling(INSTRUCTION_CEILING),
		.author = buffer_with_ceiling(INSTRUCTION_CEILING),
	};
	enum status status = ooxml_end_line(ooxml);
	if (status == STATUS_OK)
		status = ooxml_parse(ooxml, part, &events, &flow);
	if (status == STATUS_OK)
		status = end_paragraph(&flow);
	buffer_free(&flow.instruction);
	buffer_free(&flow.author);
	return status == STATUS_OK ? ooxml_end_line(ooxml) : status;
}
