/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a PDF says about itself: language and Info dictionary (ISO 32000-1
 * 14.3.3), the XMP packet (14.3.2) value by value, and bookmarks (12.3.3).
 * A value that Info and XMP share is emitted once.
 */
#include "format/pdf/parts.h"

#include "base/xml.h"

#define PIECE_SIZE 8192
#define VALUE_CEILING (64u << 10)
#define NAME_SIZE 64

static enum metadata kind_of_info(const char *key)
{
	if (strcmp(key, "Title") == 0)
		return METADATA_TITLE;
	return strcmp(key, "Author") == 0 ? METADATA_AUTHOR : METADATA_OTHER;
}

static void emit_info_entry(struct pdf_parts *parts, const char *key, pdf_obj *value)
{
	char written[CLOCK_TEXT_SIZE];
	int64_t when = 0;
	bool is_created = strcmp(key, "CreationDate") == 0;
	if (is_created || strcmp(key, "ModDate") == 0)
		when = pdf_to_date(parts->context, value);
	if (when > 0 && is_created) {
		parts->has_created = true;
		pdf_parts_put(parts, emit_created(parts->emitter, when));
	} else if (when > 0) {
		pdf_parts_put_fact(parts, METADATA_OTHER, key, bytes_of_string(clock_format(when, written)));
	} else if (pdf_is_string(parts->context, value)) {
		struct bytes text = bytes_of_string(pdf_to_text_string(parts->context, value));
		pdf_parts_put_fact(parts, kind_of_info(key), key, text);
	}
}

void pdf_parts_emit_info(struct pdf_parts *parts)
{
	fz_context *context = parts->context;
	pdf_obj *trailer = pdf_trailer(context, parts->document);
	pdf_obj *language = pdf_dict_getp(context, trailer, "Root/Lang");
	if (pdf_is_string(context, language))
		pdf_parts_put_fact(parts, METADATA_LANGUAGE, "Lang", bytes_of_string(pdf_to_text_string(context, language)));
	pdf_obj *info = pdf_dict_get(context, trailer, PDF_NAME(Info));
	int count = pdf_dict_len(context, info);
	for (int i = 0; i < count; i++) {
		pdf_parts_visit(parts, 0);
		const char *key = pdf_to_name(context, pdf_dict_get_key(context, info, i));
		emit_info_entry(parts, key, pdf_dict_get_val(context, info, i));
	}
}

/* ---- XMP ---- */

struct xmp {
	struct pdf_parts *parts;
	char name[NAME_SIZE]; /* of the property, as written */
	struct buffer value;
	enum status status;
};

/* rdf:li, rdf:Seq and their like hold a property's values and are none themselves. */
static bool is_property(const char *name)
{
	return strncmp(name, "rdf:", 4) != 0 && strncmp(name, "x:", 2) != 0;
}

/* Thumbnails, swatches and descriptions of schemas say nothing about the document. */
static bool is_worth_keeping(const char *name)
{
	static const char *const vain[] = {
		"xmpGImg:", "xmpG:", "pdfaSchema:", "pdfaProperty:", "pdfaField:", "pdfaType:", "xmlns", "xml:"};
	for (size_t i = 0; i < sizeof vain / sizeof *vain; i++)
		if (strncmp(name, vain[i], strlen(vain[i])) == 0)
			return false;
	return true;
}

static enum metadata kind_of_xmp(const char *name)
{
	if (strcmp(name, "dc:title") == 0)
		return METADATA_TITLE;
	if (strcmp(name, "dc:creator") == 0)
		return METADATA_AUTHOR;
	return strcmp(name, "dc:language") == 0 ? METADATA_LANGUAGE : METADATA_OTHER;
}

/* Runs inside expat, which knows nothing of setjmp: statuses only. */
static enum status keep_xmp_value(struct xmp *xmp, const char *name, struct bytes value)
{
	struct pdf_parts *parts = xmp->parts;
	enum status status = STATUS_OK;
	fz_var(status);
	if (!is_worth_keeping(name))
		return STATUS_OK;
	if (strcmp(name, "xmp:CreateDate") == 0 && !parts->has_created) {
		int64_t when = clock_parse_rfc3339(bytes_trim(value));
		parts->has_created = when != CLOCK_UNKNOWN;
		return parts->has_created ? emit_created(parts->emitter, when) : STATUS_OK;
	}
	if (strcmp(name, "xmp:CreateDate") == 0)
		return STATUS_OK;
	fz_try(parts->context) pdf_parts_put_fact(parts, kind_of_xmp(name), name, value);
	fz_catch(parts->context) status = parts->stopped;
	return status;
}

static enum status on_xmp_start(void *context, const char *name, const char *const *attributes)
{
	struct xmp *xmp = context;
	buffer_reset(&xmp->value);
	if (is_property(name))
		fz_strlcpy(xmp->name, name, sizeof xmp->name);
	if (strcmp(xml_local_name(name), "Description") != 0)
		return STATUS_OK;
	for (; attributes[0] != NULL; attributes += 2) {
		if (!is_property(attributes[0]))
			continue;
		enum status status = keep_xmp_value(xmp, attributes[0], bytes_of_string(attributes[1]));
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

static enum status on_xmp_text(void *context, struct bytes text)
{
	struct xmp *xmp = context;
	buffer_append(&xmp->value, text);
	return buffer_status(&xmp->value) == STATUS_NO_MEMORY ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status on_xmp_end(void *context, const char *name)
{
	struct xmp *xmp = context;
	(void)name;
	enum status status = STATUS_OK;
	if (xmp->name[0] != '\0' && buffer_status(&xmp->value) == STATUS_OK)
		status = keep_xmp_value(xmp, xmp->name, buffer_bytes(&xmp->value));
	buffer_reset(&xmp->value);
	return status;
}

static const struct xml_events xmp_events = {on_xmp_start, on_xmp_end, on_xmp_text};

static void feed_stream(struct pdf_parts *parts, fz_stream *stream, struct xml_parser *parser, enum status *status)
{
	unsigned char piece[PIECE_SIZE];
	size_t got;
	while (*status == STATUS_OK && (got = fz_read(parts->context, stream, piece, sizeof piece)) > 0)
		*status = xml_feed(parser, bytes_of(piece, got));
}

void pdf_parts_emit_xmp(struct pdf_parts *parts)
{
	fz_context *context = parts->context;
	pdf_obj *metadata = pdf_dict_getp(context, pdf_trailer(context, parts->document), "Root/Metadata");
	if (!pdf_is_stream(context, metadata))
		return;
	struct xmp xmp = {.parts = parts, .value = buffer_with_ceiling(VALUE_CEILING)};
	struct xml_parser *parser = NULL;
	fz_stream *stream = NULL;
	xmp.status = xml_start(&xmp_events, &xmp, NULL, &parser);
	fz_var(stream);
	fz_try(context)
	{
		stream = pdf_open_stream(context, metadata);
		feed_stream(parts, stream, parser, &xmp.status);
	}
	fz_always(context)
	{
		fz_drop_stream(context, stream);
		xml_free(parser);
		buffer_free(&xmp.value);
	}
	fz_catch(context) fz_rethrow(context);
	if (status_is_ours(xmp.status) || parts->stopped != STATUS_OK)
		pdf_parts_put(parts, xmp.status);
	if (xmp.status != STATUS_OK)
		emit_note(parts->emitter, "pdf: XMP metadata is damaged");
}

/* ---- bookmarks ---- */

static void emit_bookmark(struct pdf_parts *parts, pdf_obj *item)
{
	fz_context *context = parts->context;
	struct bytes title = bytes_of_string(pdf_dict_get_text_string(context, item, PDF_NAME(Title)));
	pdf_parts_put_line(parts, title);
	pdf_obj *target = pdf_dict_getp(context, item, "A/URI");
	if (pdf_is_string(context, target))
		pdf_parts_put_line(parts, bytes_of_string(pdf_to_text_string(context, target)));
}

static void walk_bookmarks(struct pdf_parts *parts, pdf_obj *item, pdf_mark_bits *seen, unsigned depth)
{
	fz_context *context = parts->context;
	for (; pdf_is_dict(context, item); item = pdf_dict_get(context, item, PDF_NAME(Next))) {
		if (pdf_mark_bits_set(context, seen, item))
			return;
		pdf_parts_visit(parts, depth);
		emit_bookmark(parts, item);
		walk_bookmarks(parts, pdf_dict_get(context, item, PDF_NAME(First)), seen, depth + 1);
	}
}

void pdf_parts_emit_bookmarks(struct pdf_parts *parts)
{
	fz_context *context = parts->context;
	pdf_obj *first = pdf_dict_getp(context, pdf_trailer(context, parts->document), "Root/Outlines/First");
	if (!pdf_is_dict(context, first))
		return;
	pdf_mark_bits *seen = pdf_new_mark_bits(context, parts->document);
	fz_try(context) walk_bookmarks(parts, first, seen, 0);
	fz_always(context) pdf_drop_mark_bits(context, seen);
	fz_catch(context) fz_rethrow(context);
}
