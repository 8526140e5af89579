/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tags do: break lines, part cells, begin titles and scripts, and carry
 * attributes. Of these, links and whatever a person wrote (titles, values,
 * scripts, data) are kept, layout is not; a value that looks like an address,
 * or like text swallowed by a missing quote, is kept whatever its name.
 */
#include "format/text/html-reader.h"

#include "base/digest.h"
#include "base/percent.h"
#include "format/text/html-entities.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAME_MAX = 16, METADATA_NAME_MAX = 64, DATA_MIN = 16 };
#define DATA_MAX HTML_TAG_MAX

enum effect { INLINE = 0, LINE = 1, CELL = 2, RAW = 4, TITLE = 8, PRE = 16, META = 32, ROOT = 64 };

struct element {
	char name[NAME_MAX];
	unsigned effects;
};

/* clang-format off */
/* Sorted by name. */
static const struct element elements[] = {
	{"a", INLINE}, {"abbr", INLINE}, {"acronym", INLINE}, {"address", LINE}, {"area", INLINE},
	{"article", LINE}, {"aside", LINE}, {"b", INLINE}, {"base", INLINE}, {"bdi", INLINE}, {"bdo", INLINE},
	{"big", INLINE}, {"blockquote", LINE}, {"body", LINE}, {"br", LINE}, {"button", LINE},
	{"caption", LINE}, {"center", LINE}, {"cite", INLINE}, {"code", INLINE}, {"dd", LINE},
	{"del", INLINE}, {"details", LINE}, {"dfn", INLINE}, {"dialog", LINE}, {"dir", LINE}, {"div", LINE},
	{"dl", LINE}, {"dt", LINE}, {"em", INLINE}, {"fieldset", LINE}, {"figcaption", LINE},
	{"figure", LINE}, {"font", INLINE}, {"footer", LINE}, {"form", LINE}, {"frame", LINE},
	{"frameset", LINE}, {"h1", LINE}, {"h2", LINE}, {"h3", LINE}, {"h4", LINE}, {"h5", LINE},
	{"h6", LINE}, {"head", LINE}, {"header", LINE}, {"hr", LINE}, {"html", LINE | ROOT}, {"i", INLINE},
	{"iframe", LINE}, {"img", INLINE}, {"input", INLINE}, {"ins", INLINE}, {"kbd", INLINE},
	{"label", INLINE}, {"legend", LINE}, {"li", LINE}, {"link", INLINE}, {"main", LINE}, {"map", INLINE},
	{"mark", INLINE}, {"menu", LINE}, {"meta", META}, {"nav", LINE}, {"noscript", LINE}, {"object", LINE},
	{"ol", LINE}, {"optgroup", LINE}, {"option", LINE}, {"p", LINE}, {"param", INLINE},
	{"pre", LINE | PRE}, {"q", INLINE}, {"s", INLINE}, {"samp", INLINE}, {"script", RAW},
	{"section", LINE}, {"select", LINE}, {"small", INLINE}, {"span", INLINE}, {"strike", INLINE},
	{"strong", INLINE}, {"style", RAW}, {"sub", INLINE}, {"summary", LINE}, {"sup", INLINE},
	{"table", LINE}, {"tbody", LINE}, {"td", CELL}, {"template", LINE}, {"textarea", LINE},
	{"tfoot", LINE}, {"th", CELL}, {"thead", LINE}, {"title", TITLE}, {"tr", LINE}, {"tt", INLINE},
	{"u", INLINE}, {"ul", LINE}, {"var", INLINE}, {"wbr", INLINE},
};
/* clang-format on */

static unsigned char lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 'a' - 'A') : c;
}

static int compare(const void *key, const void *member)
{
	const struct element *element = member;
	return strcmp(key, element->name);
}

static const struct element *find_element(struct bytes name)
{
	char folded[NAME_MAX];
	if (name.len == 0 || name.len >= NAME_MAX)
		return NULL;
	for (size_t i = 0; i < name.len; i++)
		folded[i] = (char)lower(name.at[i]);
	folded[name.len] = '\0';
	return bsearch(folded, elements, sizeof elements / sizeof elements[0], sizeof elements[0], compare);
}

bool html_tag_is_known(struct bytes name)
{
	return find_element(name) != NULL;
}

/* ---- attributes ---- */

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static size_t skip_blanks(struct bytes b, size_t at)
{
	while (at < b.len && (is_blank(b.at[at]) || b.at[at] == '/'))
		at++;
	return at;
}

/* Takes the next attribute off the inside of a tag; its value is as written. False at the end. */
static bool next_attribute(struct bytes *rest, struct bytes *ret_name, struct bytes *ret_value)
{
	size_t start = skip_blanks(*rest, 0), at = start;
	while (at < rest->len && !is_blank(rest->at[at]) && rest->at[at] != '=' && rest->at[at] != '/')
		at++;
	*ret_name = bytes_slice(*rest, start, at - start);
	*ret_value = BYTES_NONE;
	while (at < rest->len && is_blank(rest->at[at]))
		at++;
	if (at < rest->len && rest->at[at] == '=') {
		at++;
		while (at < rest->len && is_blank(rest->at[at]))
			at++;
		unsigned char quote = at < rest->len ? rest->at[at] : 0;
		bool is_quoted = quote == '"' || quote == '\'';
		size_t end = at += is_quoted;
		while (end < rest->len && (is_quoted ? rest->at[end] != quote : !is_blank(rest->at[end])))
			end++;
		*ret_value = bytes_slice(*rest, at, end - at);
		at = end < rest->len ? end + is_quoted : end;
	}
	*rest = bytes_from(*rest, at);
	return at > start;
}

/* The value of one attribute with its references resolved, in html->value; empty if there is none. */
static struct bytes find_attribute(struct html_reader *html, struct bytes inside, const char *wanted)
{
	struct bytes name, value;
	buffer_reset(&html->value);
	while (next_attribute(&inside, &name, &value))
		if (bytes_equal_nocase(name, bytes_of_string(wanted))) {
			html_append_resolved(&html->value, value, true);
			break;
		}
	return buffer_bytes(&html->value);
}

/* Attributes that hold links, or words a person wrote. */
#define NAME(text) \
	{ \
		sizeof(text) - 1, text \
	}
static const struct {
	size_t length;
	const char *text;
} telling_names[] = {
	NAME("href"),       NAME("src"),         NAME("alt"),        NAME("title"),      NAME("action"),     NAME("value"),
	NAME("content"),    NAME("placeholder"), NAME("cite"),       NAME("data"),       NAME("srcset"),     NAME("poster"),
	NAME("background"), NAME("label"),       NAME("summary"),    NAME("download"),   NAME("formaction"), NAME("longdesc"),
	NAME("ping"),       NAME("srcdoc"),      NAME("xlink:href"), NAME("aria-label"), NAME("codebase"),   NAME("archive"),
};

static bool is_telling_name(struct bytes name)
{
	if (name.len > 2 && (name.at[0] | 0x20) == 'o' && (name.at[1] | 0x20) == 'n')
		return true;
	for (size_t i = 0; i < sizeof telling_names / sizeof telling_names[0]; i++)
		if (name.len == telling_names[i].length &&
		    bytes_equal_nocase(name, bytes_of(telling_names[i].text, telling_names[i].length)))
			return true;
	return bytes_start_with_nocase(name, BYTES_LITERAL("data-"));
}

static bool is_telling_value(struct bytes value)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = value.at[i];
		if (c == '@' || c == '<' || c == '>' || (c == '/' && i > 0 && value.at[i - 1] == '/'))
			return true;
	}
	return false;
}

static bool is_empty_link(struct bytes value)
{
	return value.len == 0 || value.at[0] == '#' || bytes_start_with_nocase(value, BYTES_LITERAL("javascript:void(")) ||
	       bytes_equal_nocase(value, BYTES_LITERAL("javascript:;"));
}

/* ---- data: URLs hold documents of their own (RFC 2397) ---- */

static enum status emit_data(struct html_reader *html, struct bytes url)
{
	struct buffer bytes = buffer_with_ceiling(DATA_MAX);
	size_t comma = bytes_find_byte(url, ',');
	struct bytes head = bytes_slice(url, 0, comma == BYTES_NOT_FOUND ? url.len : comma);
	struct bytes payload = bytes_from(url, head.len + 1);
	if (bytes_end_with(head, BYTES_LITERAL(";base64"))) {
		if (digest_parse_base64(payload, &bytes) != STATUS_OK)
			buffer_reset(&bytes);
	} else {
		percent_append_decoded(&bytes, payload);
	}
	enum status status = html_reader_hide_line(html, head);
	if (status == STATUS_OK && bytes.len >= DATA_MIN) {
		char name[32];
		snprintf(name, sizeof name, "data-%u", ++html->data_count);
		const struct child child = {.name = bytes_of_string(name), .modified = CLOCK_UNKNOWN};
		status = emit_child(html->emitter, &child, buffer_bytes(&bytes));
	} else if (status == STATUS_OK) {
		status = html_reader_hide_line(html, payload);
	}
	buffer_free(&bytes);
	return status;
}

static enum status keep_attributes(struct html_reader *html, struct bytes inside)
{
	struct bytes name, value;
	enum status status = STATUS_OK;
	while (status == STATUS_OK && next_attribute(&inside, &name, &value)) {
		value = bytes_trim(value);
		if (is_empty_link(value) || !(is_telling_name(name) || is_telling_value(value)) ||
		    bytes_start_with_nocase(name, BYTES_LITERAL("xmlns")))
			continue;
		if (bytes_start_with_nocase(value, BYTES_LITERAL("data:"))) {
			status = emit_data(html, value);
			continue;
		}
		buffer_reset(&html->value);
		html_append_resolved(&html->value, value, true);
		status = html_reader_hide_line(html, buffer_bytes(&html->value));
	}
	return status;
}

/* ---- meta ---- */

/* A name of a meta element as it may stand before its value. */
static void tidy_name(struct bytes name, char into[METADATA_NAME_MAX])
{
	size_t length = 0;
	for (size_t i = 0; i < name.len && length + 1 < METADATA_NAME_MAX; i++)
		if (name.at[i] > 0x20 && name.at[i] < 0x7F)
			into[length++] = (char)lower(name.at[i]);
	into[length] = '\0';
}

static bool is_any_of(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

static enum status emit_named(struct html_reader *html, const char *name, struct bytes content)
{
	static const char *const authors[] = {"author", "dc.creator", "dcterms.creator", "citation_author", NULL};
	static const char *const dates[] = {"date", "dc.date", "dcterms.created", "article:published_time", "created", NULL};
	static const char *const technical[] = {"viewport", "charset", "theme-color", NULL};
	if (is_any_of(name, technical))
		return STATUS_OK;
	int64_t created = is_any_of(name, dates) ? clock_parse_rfc3339(content) : CLOCK_UNKNOWN;
	enum metadata kind = is_any_of(name, authors) ? METADATA_AUTHOR : METADATA_OTHER;
	enum status status = created != CLOCK_UNKNOWN ? emit_created(html->emitter, created) : STATUS_OK;
	return status == STATUS_OK ? emit_metadata(html->emitter, kind, name, content) : status;
}

static enum status read_meta(struct html_reader *html, struct bytes inside)
{
	static const char *const naming[] = {"name", "property", "itemprop"};
	char name[METADATA_NAME_MAX] = "";
	for (size_t i = 0; i < sizeof naming / sizeof naming[0] && name[0] == '\0'; i++)
		tidy_name(find_attribute(html, inside, naming[i]), name);
	struct bytes content = find_attribute(html, inside, "content");
	if (name[0] != '\0' && content.len > 0)
		return emit_named(html, name, content);
	return is_telling_value(content) ? html_reader_hide_line(html, content) : STATUS_OK;
}

/* ---- tags ---- */

static enum status read_root(struct html_reader *html, struct bytes inside)
{
	struct bytes language = find_attribute(html, inside, "lang");
	if (language.len == 0)
		language = find_attribute(html, inside, "xml:lang");
	return language.len > 0 ? emit_metadata(html->emitter, METADATA_LANGUAGE, "lang", language) : STATUS_OK;
}

static enum status begin_element(struct html_reader *html, unsigned effects, struct bytes name, struct bytes inside)
{
	bool is_closed = inside.len > 0 && inside.at[inside.len - 1] == '/';
	if (effects & PRE)
		html->pre_depth++;
	if (effects & META)
		return read_meta(html, inside);
	if ((effects & TITLE) && !is_closed && html->title.text.len == 0)
		html->in_title = true;
	if ((effects & RAW) && !is_closed)
		html_reader_begin_hidden(html, name.len == strlen("style") ? "</style" : "</script");
	enum status status = effects & ROOT ? read_root(html, inside) : STATUS_OK;
	return status == STATUS_OK && inside.len > 0 ? keep_attributes(html, inside) : status;
}

static enum status end_element(struct html_reader *html, unsigned effects)
{
	if ((effects & PRE) && html->pre_depth > 0)
		html->pre_depth--;
	return (effects & TITLE) && html->in_title ? html_reader_end_title(html) : STATUS_OK;
}

static void part_cells(struct html_writer *body)
{
	if (body->has_line)
		buffer_append_byte(&body->text, '\t');
	body->needs_space = false;
}

/* Links side by side, and elements that HTML does not know, hold words of their own. */
static void part_words(struct html_reader *html, const struct element *element, bool is_end)
{
	struct html_writer *body = &html->body;
	bool is_link = element != NULL && strcmp(element->name, "a") == 0;
	if (is_link && is_end)
		html->link_end = body->text.len;
	if (element == NULL || (is_link && !is_end && html->link_end == body->text.len))
		body->needs_space = body->has_line && html->pre_depth == 0;
}

enum status html_tag_read(struct html_reader *html, struct bytes tag)
{
	bool is_end = tag.len > 1 && tag.at[1] == '/';
	struct bytes inside = bytes_slice(tag, 1 + is_end, tag.len - 2 - is_end);
	size_t length = 0;
	while (length < inside.len && !is_blank(inside.at[length]) && inside.at[length] != '/')
		length++;
	struct bytes name = bytes_slice(inside, 0, length);
	const struct element *element = find_element(name);
	unsigned effects = element ? element->effects : INLINE;
	if (name.len > 0 && (name.at[0] == '!' || name.at[0] == '?'))
		return STATUS_OK;
	/* Within a title there are no elements; a body that begins in one ends it. */
	if (html->in_title && !(effects & (TITLE | ROOT)) && (effects & LINE) == 0)
		return STATUS_OK;
	enum status status = html->in_title && !(effects & TITLE) ? html_reader_end_title(html) : STATUS_OK;
	if (status != STATUS_OK)
		return status;
	part_words(html, element, is_end);
	if (effects & LINE)
		html_reader_end_line(html);
	if ((effects & CELL) && !is_end)
		part_cells(&html->body);
	if (is_end)
		return end_element(html, effects);
	return begin_element(html, effects, name, bytes_from(inside, length));
}
