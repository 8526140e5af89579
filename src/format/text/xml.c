/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any XML: the text of elements and the values of attributes, a line each, led
 * by the name where the name says something ("Password: ..."). Where XML is data,
 * its beginning all elements that hold either words or elements, the whole path
 * leads: of an invoice, the supplier's name is not the customer's. Comments follow
 * at the end. A file in base64 that says its media type, as invoices have them
 * (EmbeddedDocumentBinaryObject of UBL, AttachmentBinaryObject of CII), is a part
 * of its own. Namespace declarations are no content. What is not well-formed
 * is shown as it stands from there on; entities that grow are a bomb.
 */
#include "base/xml.h"

#include "base/buffer.h"
#include "format/text/charset.h"
#include "format/text/comment-finder.h"
#include "format/format.h"
#include "format/xml-signature.h"
#include "format/text/text-stream.h"

static int bid(struct bytes head, struct source *source);
static enum status extract(struct source *source, struct emitter *emitter);

const struct format format_xml = {
	.name = "xml",
	.version = 7,
	.media_type = "application/xml",
	.bid = bid,
	.extract = extract,
	.prepare = charset_prepare,
};

enum {
	BID_DECLARED = 28,
	BID_BARE = 20,
	BID_BROKEN = 13,
	NAME_MIN = 3,
	NAME_MAX = 64,
	PATH_MAX = 512,
	CODE_MAX = 16,
	LEAVES_MIN = 3,
	LEAF_LENGTH_MAX = 120,
	PACKED_LINE_MIN = 60,
	LONG_HEAD_SIZE = 1 << 15,
	STEP = 1 << 14,
	FLUSH_AT = 1 << 16,
	FLUSH_ALWAYS_AT = 1 << 20,
};

struct xml_reader {
	struct emitter *emitter; /* NULL: only checks */
	struct xml_parser *parser;
	struct buffer out;
	size_t step_start; /* length of out when the current step was fed */
	struct comment_finder comments;
	char name[NAME_MAX];        /* what the next words are shown under; may be empty */
	struct buffer path;         /* where the elements are the whole label: their names down to the open one */
	bool is_data, has_label;    /* the path leads; it waits to be put */
	bool has_line, needs_space; /* something stands in the current line; blanks wait to be put */
	bool has_root, is_drawing, is_refused;
	/* The code that says which kind of document this is: the first one that there is. */
	bool has_code, is_in_code;
	char code[CODE_MAX];
	size_t code_length;
	uint64_t elements;
	struct xml_signature signature;
	/* A file within. */
	bool is_in_file, is_file_bad;
	uint32_t bits; /* of base64 that make no bytes yet */
	unsigned bit_count;
};

/* ---- what is shown ---- */

static enum status flush(struct xml_reader *xml)
{
	enum status status = buffer_status(&xml->out);
	if (status == STATUS_OK && xml->emitter != NULL && xml->out.len > 0) {
		status = emit_text(xml->emitter, buffer_bytes(&xml->out));
		xml->is_refused = status != STATUS_OK;
	}
	buffer_reset(&xml->out);
	xml->step_start = 0;
	return status;
}

/* Within a step output gathers, so that it can be taken back; only entities make it grow past bounds. */
static enum status flush_if_large(struct xml_reader *xml)
{
	return xml->out.len >= FLUSH_ALWAYS_AT ? flush(xml) : STATUS_OK;
}

static enum status end_line(struct xml_reader *xml)
{
	if (xml->has_line)
		buffer_append_byte(&xml->out, '\n');
	xml->has_line = xml->needs_space = false;
	return flush_if_large(xml);
}

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* ELEMENT/ELEMENT: or ELEMENT/@ATTRIBUTE: */
static void put_path(struct xml_reader *xml)
{
	struct bytes path = buffer_bytes(&xml->path);
	/* Of a path too long the last names tell most. */
	buffer_append(&xml->out, bytes_from(path, path.len > PATH_MAX ? path.len - PATH_MAX : 0));
	if (xml->name[0] != '\0')
		buffer_append_format(&xml->out, "/@%s", xml->name);
	buffer_append_string(&xml->out, ": ");
}

static void enter_path(struct xml_reader *xml, const char *name)
{
	if (xml->path.len > 0)
		buffer_append_byte(&xml->path, '/');
	buffer_append_string(&xml->path, xml_local_name(name));
}

static void leave_path(struct xml_reader *xml)
{
	size_t slash = bytes_find_last_byte(buffer_bytes(&xml->path), '/');
	buffer_truncate(&xml->path, slash == BYTES_NOT_FOUND ? 0 : slash);
}

/* Text with its blanks and line ends made single. */
static void put_words(struct xml_reader *xml, struct bytes text)
{
	while (text.len > 0) {
		size_t blanks = 0, word = 0;
		while (blanks < text.len && is_blank(text.at[blanks]))
			blanks++;
		text = bytes_from(text, blanks);
		xml->needs_space = (xml->needs_space || blanks > 0) && xml->has_line;
		while (word < text.len && !is_blank(text.at[word]))
			word++;
		if (word == 0)
			return;
		if (!xml->has_line && xml->has_label)
			put_path(xml);
		else if (!xml->has_line && xml->name[0] != '\0')
			buffer_append_format(&xml->out, "%s: ", xml->name);
		else if (xml->needs_space)
			buffer_append_byte(&xml->out, ' ');
		xml->name[0] = '\0';
		xml->has_label = false;
		buffer_append(&xml->out, bytes_slice(text, 0, word));
		xml->has_line = true;
		xml->needs_space = false;
		text = bytes_from(text, word);
	}
}

/* The name that the next words are shown under, if it is long enough. */
static void keep_name(struct xml_reader *xml, const char *name, size_t length_min)
{
	const char *local = xml_local_name(name);
	size_t length = strlen(local);
	xml->name[0] = '\0';
	if (length >= length_min && length < NAME_MAX)
		memcpy(xml->name, local, length + 1);
}

/* ---- files within ---- */

static bool is_file(const char *name, const char *const *attributes)
{
	return bytes_end_with(bytes_of_string(name), BYTES_LITERAL("BinaryObject")) &&
	       xml_attribute(attributes, "mimeCode") != NULL;
}

static enum status begin_file(struct xml_reader *xml, const char *const *attributes)
{
	const char *name = xml_attribute(attributes, "filename");
	const struct child child = {
		.name = bytes_of_string(name != NULL && name[0] != '\0' ? name : "attachment"),
		.modified = CLOCK_UNKNOWN,
	};
	enum status status = flush(xml);
	if (status == STATUS_OK)
		status = emit_child_begin(xml->emitter, &child);
	xml->is_refused |= status != STATUS_OK;
	xml->is_in_file = status == STATUS_OK;
	xml->is_file_bad = false;
	xml->bit_count = 0;
	return status;
}

/* how: OK where its element ended. */
static enum status end_file(struct xml_reader *xml, enum status how)
{
	if (!xml->is_in_file)
		return STATUS_OK;
	xml->is_in_file = false;
	enum status status = emit_child_end(xml->emitter, how == STATUS_OK && xml->is_file_bad ? STATUS_MALFORMED : how);
	xml->is_refused |= status != STATUS_OK;
	return status;
}

/* The six bits of a letter; 64: it ends, or is none. */
static unsigned bits_of(unsigned char c)
{
	return c >= 'A' && c <= 'Z'   ? c - 0u - 'A'
	       : c >= 'a' && c <= 'z' ? c + 26u - 'a'
	       : c >= '0' && c <= '9' ? c + 52u - '0'
	       : c == '+'             ? 62
	       : c == '/'             ? 63
	                              : 64;
}

static enum status put_file(struct xml_reader *xml, struct bytes text)
{
	unsigned char bytes[1024];
	size_t length = 0;
	enum status status = STATUS_OK;
	for (size_t i = 0; i < text.len && status == STATUS_OK; i++) {
		unsigned bits = bits_of(text.at[i]);
		xml->is_file_bad |= bits == 64 && !is_blank(text.at[i]) && text.at[i] != '=';
		if (bits == 64)
			continue;
		xml->bits = xml->bits << 6 | bits;
		xml->bit_count += 6;
		if (xml->bit_count >= 8) {
			xml->bit_count -= 8;
			bytes[length++] = (unsigned char)(xml->bits >> xml->bit_count);
		}
		if (length == sizeof bytes) {
			status = emit_child_bytes(xml->emitter, bytes_of(bytes, length));
			length = 0;
		}
	}
	if (status == STATUS_OK && length > 0)
		status = emit_child_bytes(xml->emitter, bytes_of(bytes, length));
	xml->is_refused |= status != STATUS_OK;
	return status;
}

/* ---- events ---- */

/* clang-format off */
static const struct {
	const char *root, *media_type;
} roots[] = {
	{"svg", "image/svg+xml"}, {"html", "application/xhtml+xml"}, {"rss", "application/rss+xml"},
	{"feed", "application/atom+xml"}, {"kml", "application/vnd.google-earth.kml+xml"},
	{"gpx", "application/gpx+xml"}, {"stylesheet", "application/xslt+xml"},
	{"plist", "application/x-plist"}, {"wordDocument", "application/msword"},
	{"Workbook", "application/vnd.ms-excel"}, {"math", "application/mathml+xml"},
	{"schema", "application/xsd+xml"}, {"opml", "text/x-opml"},
	{"FictionBook", "application/x-fictionbook+xml"}, {"mets", "application/mets+xml"},
	{"package", "application/oebps-package+xml"}, {"ncx", "application/x-dtbncx+xml"},
	{"RDF", "application/rdf+xml"}, {"collada", "model/vnd.collada+xml"}, {"TEI", "application/tei+xml"},
};
/* clang-format on */

static enum status tell(struct xml_reader *xml, const char *name, struct bytes value)
{
	enum status status = STATUS_OK;
	if (xml->emitter != NULL && value.len > 0)
		status = emit_fact(xml->emitter, &(struct fact){FACT_SCHEMA, bytes_of_string(name), value, 0, 0, 1});
	xml->is_refused |= status != STATUS_OK;
	return status;
}

/* Of the prefix that an element's name has, by the declarations on it. */
static struct bytes find_namespace(const char *name, const char *const *attributes)
{
	const char *local = xml_local_name(name);
	size_t prefix = local > name ? (size_t)(local - name) - 1 : 0;
	for (; attributes[0] != NULL; attributes += 2) {
		const char *declared = attributes[0];
		if (strncmp(declared, "xmlns", 5) != 0)
			continue;
		declared += 5 + (declared[5] == ':');
		if (strlen(declared) == prefix && memcmp(declared, name, prefix) == 0)
			return bytes_of_string(attributes[1]);
	}
	return BYTES_NONE;
}

static enum status tell_schema(struct xml_reader *xml, const char *name, const char *const *attributes)
{
	enum status status = tell(xml, "root", bytes_of_string(xml_local_name(name)));
	return status == STATUS_OK ? tell(xml, "namespace", find_namespace(name, attributes)) : status;
}

/* InvoiceTypeCode and its like of UBL, TypeCode of UN/CEFACT's messages, TipoDocumento of FatturaPA. */
static bool is_type_code(const char *local)
{
	return bytes_end_with(bytes_of_string(local), BYTES_LITERAL("TypeCode")) || strcmp(local, "TipoDocumento") == 0;
}

static enum status begin_root(struct xml_reader *xml, const char *name)
{
	xml->has_root = true;
	xml->is_drawing = strcmp(xml_local_name(name), "svg") == 0;
	for (size_t i = 0; i < sizeof roots / sizeof roots[0] && xml->emitter != NULL; i++)
		if (strcmp(xml_local_name(name), roots[i].root) == 0) {
			enum status status = emit_media_type(xml->emitter, roots[i].media_type);
			xml->is_refused = status != STATUS_OK;
			return status;
		}
	return STATUS_OK;
}

static bool is_declaration(const char *attribute)
{
	return strncmp(attribute, "xmlns", 5) == 0 || strcmp(xml_local_name(attribute), "schemaLocation") == 0 ||
	       strcmp(xml_local_name(attribute), "noNamespaceSchemaLocation") == 0;
}

/* Coordinates: thousands of numbers that mean a line. */
static bool is_geometry(const char *attribute)
{
	static const char *const names[] = {"d", "points", "transform", "viewBox", "values", "keyTimes", "keySplines"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(attribute, names[i]) == 0)
			return true;
	return false;
}

static enum status on_start(void *context, const char *name, const char *const *attributes)
{
	struct xml_reader *xml = context;
	enum status status = end_file(xml, STATUS_MALFORMED);
	if (status == STATUS_OK && !xml->has_root && (status = begin_root(xml, name)) == STATUS_OK)
		status = tell_schema(xml, name, attributes);
	xml->elements++;
	xml_signature_start(&xml->signature, name, attributes);
	xml->is_in_code = !xml->has_code && is_type_code(xml_local_name(name));
	if (xml->is_data)
		enter_path(xml, name);
	for (const char *const *at = attributes; status == STATUS_OK && at[0] != NULL; at += 2) {
		if (is_declaration(at[0]) || (xml->is_drawing && is_geometry(at[0])))
			continue;
		status = end_line(xml);
		keep_name(xml, at[0], 1);
		xml->has_label = xml->is_data;
		put_words(xml, bytes_of_string(at[1]));
	}
	if (status == STATUS_OK)
		status = end_line(xml);
	/* Short names are markup (p, b, td, h1): they tell nothing of what they hold. */
	keep_name(xml, name, NAME_MIN);
	if (xml->is_data) {
		xml->name[0] = '\0';
		xml->has_label = true;
	}
	if (status == STATUS_OK && xml->emitter != NULL && is_file(name, attributes))
		status = begin_file(xml, attributes);
	return status;
}

static enum status on_end(void *context, const char *name)
{
	struct xml_reader *xml = context;
	enum status status = end_file(xml, STATUS_OK);
	if (status != STATUS_OK)
		return status;
	if (xml->is_in_code && xml->code_length > 0) {
		xml->has_code = true;
		status = tell(xml, "type_code", bytes_trim(bytes_of(xml->code, xml->code_length)));
	}
	xml->is_in_code = false;
	xml->name[0] = '\0';
	xml->has_label = false;
	if (xml->is_data)
		leave_path(xml);
	if (status == STATUS_OK)
		status = end_line(xml);
	if (status == STATUS_OK && xml->emitter != NULL) {
		status = xml_signature_end(&xml->signature, name);
		xml->is_refused |= status != STATUS_OK;
	}
	return status;
}

static enum status on_text(void *context, struct bytes text)
{
	struct xml_reader *xml = context;
	xml_signature_text(&xml->signature, text);
	if (xml->is_in_file)
		return put_file(xml, text);
	if (xml->is_in_code && text.len <= sizeof xml->code - xml->code_length) {
		memcpy(xml->code + xml->code_length, text.at, text.len);
		xml->code_length += text.len;
	}
	put_words(xml, text);
	return flush_if_large(xml);
}

static const struct xml_events events = {.start = on_start, .end = on_end, .text = on_text};

/* ---- starting ---- */

static enum status start(struct xml_reader *xml, struct emitter *emitter)
{
	*xml = (struct xml_reader){
		.emitter = emitter, .out = buffer_with_ceiling(SIZE_MAX / 4), .path = buffer_with_ceiling(SIZE_MAX / 4)};
	xml->comments = comment_finder_new();
	xml->signature = xml_signature_new("xml", "what it refers to; not checked", emitter);
	return xml_start(&events, xml, "UTF-8", &xml->parser);
}

static void finish(struct xml_reader *xml)
{
	xml_free(xml->parser);
	buffer_free(&xml->out);
	buffer_free(&xml->path);
	comment_finder_free(&xml->comments);
	xml_signature_free(&xml->signature);
}

/* The charset the XML declaration names (XML 1.0, 4.3.3), as it stands in the head; empty if none. */
static struct bytes declared_encoding(struct bytes head)
{
	size_t end = bytes_find(bytes_slice(head, 0, 512), BYTES_LITERAL("?>"));
	struct bytes declaration = bytes_slice(head, 0, end == BYTES_NOT_FOUND ? 0 : end);
	size_t at = bytes_find(declaration, BYTES_LITERAL("encoding"));
	if (bytes_find(declaration, BYTES_LITERAL("<?xml")) == BYTES_NOT_FOUND || at == BYTES_NOT_FOUND)
		return BYTES_NONE;
	struct bytes rest = bytes_from(declaration, at + strlen("encoding"));
	at = bytes_find_byte(rest, '=');
	rest = bytes_trim(bytes_from(rest, at == BYTES_NOT_FOUND ? rest.len : at + 1));
	if (rest.len == 0 || (rest.at[0] != '"' && rest.at[0] != '\''))
		return BYTES_NONE;
	at = bytes_find_byte(bytes_from(rest, 1), rest.at[0]);
	return at == BYTES_NOT_FOUND ? BYTES_NONE : bytes_slice(rest, 1, at);
}

/* ---- whether it is data ---- */

struct xml_sample {
	struct {
		bool has_words, has_elements;
	} levels[XML_DEPTH_MAX + 1];
	size_t depth;
	size_t leaves, leaf_bytes, mixed;
	bool is_message;       /* of business: its notes may be long, its elements are data all the same */
	bool is_of_known_kind; /* prose, feeds, drawings: read as they always are */
};

static enum status on_sample_start(void *context, const char *name, const char *const *attributes)
{
	static const char *const messages[] = {"Invoice",     "CreditNote",           "Order",
	                                       "Catalogue",   "CrossIndustryInvoice", "CrossIndustryDocument",
	                                       "OrderChange", "OrderResponse",        "FatturaElettronica"};
	struct xml_sample *sample = context;
	(void)attributes;
	for (size_t i = 0; i < sizeof messages / sizeof messages[0] && sample->depth == 0; i++)
		sample->is_message |= strcmp(xml_local_name(name), messages[i]) == 0;
	for (size_t i = 0; i < sizeof roots / sizeof roots[0] && sample->depth == 0; i++)
		sample->is_of_known_kind |= strcmp(xml_local_name(name), roots[i].root) == 0;
	sample->levels[sample->depth].has_elements = true;
	if (sample->depth < XML_DEPTH_MAX)
		sample->depth++;
	sample->levels[sample->depth].has_words = sample->levels[sample->depth].has_elements = false;
	return STATUS_OK;
}

/* A line of a file in base64: as long as it may be, it is one thing. */
static bool is_packed(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.at[i];
		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
		      c == '='))
			return false;
	}
	return text.len >= PACKED_LINE_MIN;
}

static enum status on_sample_text(void *context, struct bytes text)
{
	struct xml_sample *sample = context;
	size_t words = bytes_trim(text).len;
	sample->leaf_bytes += is_packed(bytes_trim(text)) ? 0 : words;
	sample->levels[sample->depth].has_words |= words > 0;
	return STATUS_OK;
}

static enum status on_sample_end(void *context, const char *name)
{
	struct xml_sample *sample = context;
	(void)name;
	bool has_words = sample->levels[sample->depth].has_words, has_elements = sample->levels[sample->depth].has_elements;
	sample->leaves += has_words && !has_elements;
	sample->mixed += has_words && has_elements;
	if (sample->depth > 0)
		sample->depth--;
	return STATUS_OK;
}

/* By its beginning: several elements of few words, and none that has words and elements both. *ret_has_begun: whether there is
 * an element at all, and not comments alone. */
static bool is_data(struct bytes head, struct bytes declared, bool *ret_has_begun)
{
	static const struct xml_events sampling = {.start = on_sample_start, .end = on_sample_end, .text = on_sample_text};
	struct buffer scratch = buffer_with_ceiling(4 * LONG_HEAD_SIZE);
	struct xml_sample sample = {.depth = 0};
	struct xml_parser *parser = NULL;
	bool is_read = xml_start(&sampling, &sample, "UTF-8", &parser) == STATUS_OK;
	if (is_read) {
		enum status status = xml_feed(parser, bytes_trim(text_stream_peek(head, declared, &scratch)));
		is_read = status == STATUS_OK;
	}
	/* What the head cuts has begun. */
	for (size_t i = 1; i <= sample.depth; i++)
		sample.mixed += sample.levels[i].has_words && sample.levels[i].has_elements;
	xml_free(parser);
	buffer_free(&scratch);
	*ret_has_begun = sample.levels[0].has_elements;
	return is_read && !sample.is_of_known_kind && sample.mixed == 0 && sample.leaves >= LEAVES_MIN &&
	       (sample.is_message || sample.leaf_bytes <= LEAF_LENGTH_MAX * sample.leaves);
}

/* ---- bidding ---- */

/* What expat makes of the beginning. */
static bool is_well_begun(struct bytes text, uint64_t *ret_elements)
{
	struct xml_reader xml;
	bool is_good = start(&xml, NULL) == STATUS_OK;
	if (is_good) {
		enum status status = xml_feed(xml.parser, text);
		is_good = status == STATUS_OK || status == STATUS_BOMB;
	}
	*ret_elements = xml.elements;
	finish(&xml);
	return is_good;
}

static int bid(struct bytes head, struct source *source)
{
	struct buffer scratch = buffer_with_ceiling(16 * FORMAT_HEAD_SIZE);
	struct bytes declared = declared_encoding(head);
	struct bytes text = text_stream_peek(head, declared.len ? declared : source->declared_charset, &scratch);
	struct bytes trimmed = bytes_trim(text);
	uint64_t elements = 0;
	int result = 0;
	if (trimmed.len >= 4 && trimmed.at[0] == '<') {
		bool is_declared = bytes_start_with(trimmed, BYTES_LITERAL("<?xml"));
		/* A character that the head cuts is none of the document's faults. */
		size_t length = trimmed.len > 64 ? trimmed.len - 4 : trimmed.len;
		bool is_good = is_well_begun(bytes_slice(trimmed, 0, length), &elements);
		if (is_good && (elements > 0 || is_declared))
			result = is_declared ? BID_DECLARED : BID_BARE;
		else if (is_declared)
			result = BID_BROKEN;
	}
	buffer_free(&scratch);
	return result;
}

/* ---- reading ---- */

static enum status emit_comments(struct xml_reader *xml)
{
	struct bytes found = comment_finder_found(&xml->comments);
	emit_unseen(xml->emitter, xml->comments.dropped);
	if (found.len == 0)
		return STATUS_OK;
	enum status status = emit_line_end(xml->emitter);
	if (status == STATUS_OK)
		status = emit_text(xml->emitter, BYTES_LITERAL("-- comments --\n"));
	return status == STATUS_OK ? emit_text(xml->emitter, found) : status;
}

/* Shows the step at fault, the token that it goes on with, and all that follows as it stands, instead of what was made of
 * half of that step. */
static enum status show_rest(struct xml_reader *xml, struct bytes left, struct text_stream *stream)
{
	emit_note(xml->emitter, "%s at line %lu: shown as it stands from there", xml_reason(xml->parser), xml_line(xml->parser));
	buffer_truncate(&xml->out, xml->step_start);
	enum status status = end_file(xml, STATUS_TRUNCATED);
	if (status == STATUS_OK)
		status = flush(xml);
	if (status == STATUS_OK)
		status = emit_line_end(xml->emitter);
	if (status == STATUS_OK)
		status = emit_text(xml->emitter, xml_unread(xml->parser));
	if (status == STATUS_OK)
		status = emit_text(xml->emitter, left);
	return status == STATUS_OK ? text_stream_emit_rest(stream, xml->emitter) : status;
}

static enum status end_document(struct xml_reader *xml)
{
	enum status status = xml_finish(xml->parser);
	if (xml->is_refused)
		return status;
	enum status ended = end_file(xml, STATUS_TRUNCATED);
	if (ended != STATUS_OK)
		return ended;
	if (status == STATUS_MALFORMED)
		emit_note(xml->emitter, "ends before its XML does");
	if (status == STATUS_OK || status == STATUS_MALFORMED)
		status = flush(xml);
	return status == STATUS_OK ? emit_comments(xml) : status;
}

/* What was read before a bomb is kept. */
static enum status keep_and_stop(struct xml_reader *xml, enum status status)
{
	enum status flushed = end_file(xml, STATUS_TRUNCATED);
	if (flushed == STATUS_OK)
		flushed = flush(xml);
	return flushed == STATUS_OK ? status : flushed;
}

/* Reads a piece step by step, taking the steps off it; the one at fault stays. */
static enum status feed(struct xml_reader *xml, struct bytes *piece)
{
	while (piece->len > 0) {
		struct bytes step = bytes_slice(*piece, 0, STEP);
		enum status status = xml->out.len >= FLUSH_AT ? flush(xml) : STATUS_OK;
		xml->step_start = xml->out.len;
		if (status == STATUS_OK)
			status = xml_feed(xml->parser, step);
		if (status == STATUS_BOMB && !xml->is_refused)
			return keep_and_stop(xml, status);
		if (status != STATUS_OK)
			return status;
		comment_finder_feed(&xml->comments, step);
		*piece = bytes_from(*piece, step.len);
	}
	return emit_progress(xml->emitter);
}

static enum status read_pieces(struct xml_reader *xml, struct text_stream *stream)
{
	bool is_first = true;
	for (;;) {
		struct bytes piece;
		enum status status = text_stream_next(stream, &piece);
		if (status == STATUS_END)
			return end_document(xml);
		if (status == STATUS_UNSUPPORTED)
			return show_rest(xml, BYTES_NONE, stream);
		if (status != STATUS_OK)
			return status;
		if (is_first)
			piece = bytes_trim(piece);
		is_first = false;
		status = feed(xml, &piece);
		if (status == STATUS_MALFORMED && !xml->is_refused)
			return show_rest(xml, piece, stream);
		if (status != STATUS_OK)
			return status;
	}
}

static enum status extract(struct source *source, struct emitter *emitter)
{
	char charset[64];
	struct xml_reader xml;
	struct bytes head, declared;
	enum status status = source_view(source, 0, FORMAT_HEAD_SIZE, &head);
	if (status != STATUS_OK)
		return status;
	declared = bytes_slice(declared_encoding(head), 0, sizeof charset);
	if (declared.len > 0)
		memcpy(charset, declared.at, declared.len);
	declared = declared.len > 0 ? bytes_of(charset, declared.len) : source->declared_charset;
	bool has_begun, has_paths = is_data(head, declared, &has_begun);
	/* Behind a licence, say. */
	if (!has_begun && source_view(source, 0, LONG_HEAD_SIZE, &head) == STATUS_OK)
		has_paths = is_data(head, declared, &has_begun);
	struct text_stream stream = text_stream_over(source, declared);
	status = start(&xml, emitter);
	xml.is_data = has_paths;
	if (status == STATUS_OK)
		status = read_pieces(&xml, &stream);
	text_stream_close(&stream);
	finish(&xml);
	return status;
}
