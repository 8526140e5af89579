/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interactive forms (ISO 32000-1 12.7): a line "name: value" for each field,
 * beside the page that shows it, at the end for those no page shows; what
 * signatures say of their signer; and the texts of an XFA form (XFA 3.3), the
 * template's words and the data behind them. A field is emitted once: its
 * object is marked.
 */
#include "format/pdf/parts.h"

#include "base/xml.h"

#define NAME_CEILING 4096
#define ANCESTORS_MAX 16
#define PIECE_SIZE 8192

/* "parent.child", from the root down, as far as there are names. */
static void append_full_name(struct pdf_parts *parts, pdf_obj *field, struct buffer *name)
{
	fz_context *context = parts->context;
	pdf_obj *chain[ANCESTORS_MAX];
	int count = 0;
	for (; count < ANCESTORS_MAX && pdf_is_dict(context, field); count++) {
		chain[count] = field;
		field = pdf_dict_get(context, field, PDF_NAME(Parent));
	}
	while (count-- > 0) {
		const char *part = pdf_dict_get_text_string(context, chain[count], PDF_NAME(T));
		if (part[0] == '\0')
			continue;
		if (name->len > 0)
			buffer_append_byte(name, '.');
		buffer_append_string(name, part);
	}
}

static void put_value(struct pdf_parts *parts, const char *name, pdf_obj *value)
{
	fz_context *context = parts->context;
	if (pdf_is_name(context, value) && !pdf_name_eq(context, value, PDF_NAME(Off)))
		pdf_parts_put_pair(parts, name, pdf_to_name(context, value));
	else if (pdf_is_string(context, value))
		pdf_parts_put_pair(parts, name, pdf_to_text_string(context, value));
}

static void put_stream(struct pdf_parts *parts, const char *name, pdf_obj *value)
{
	fz_context *context = parts->context;
	char *text = pdf_load_stream_or_string_as_utf8(context, value);
	fz_try(context) pdf_parts_put_pair(parts, name, text);
	fz_always(context) fz_free(context, text);
	fz_catch(context) fz_rethrow(context);
}

static void put_signature(struct pdf_parts *parts, const char *name, pdf_obj *value)
{
	static const char *const said[] = {"Name", "Reason", "Location", "ContactInfo"};
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		put_value(parts, name, pdf_dict_gets(parts->context, value, said[i]));
}

static void put_field(struct pdf_parts *parts, const char *name, pdf_obj *value)
{
	fz_context *context = parts->context;
	if (pdf_is_stream(context, value))
		put_stream(parts, name, value);
	else if (pdf_is_dict(context, value))
		put_signature(parts, name, value);
	else if (pdf_is_array(context, value))
		for (int i = 0, count = pdf_array_len(context, value); i < count; i++) {
			pdf_parts_visit(parts, 0);
			put_value(parts, name, pdf_array_get(context, value, i));
		}
	else
		put_value(parts, name, value);
}

static void emit_field(struct pdf_parts *parts, pdf_obj *field)
{
	fz_context *context = parts->context;
	pdf_obj *value = pdf_dict_get(context, field, PDF_NAME(V));
	if (value == NULL || pdf_mark_bits_set(context, parts->fields_seen, field))
		return;
	struct buffer name = buffer_with_ceiling(NAME_CEILING);
	fz_try(context)
	{
		append_full_name(parts, field, &name);
		put_field(parts, buffer_string(&name), value);
		pdf_parts_emit_signature(parts, field);
	}
	fz_always(context) buffer_free(&name);
	fz_catch(context) fz_rethrow(context);
}

/* A widget is its field, or one of several kids of it. */
void pdf_parts_emit_widget(struct pdf_parts *parts, pdf_obj *widget)
{
	fz_context *context = parts->context;
	for (int i = 0; i < ANCESTORS_MAX && pdf_is_dict(context, widget); i++) {
		if (pdf_dict_get(context, widget, PDF_NAME(V)) != NULL) {
			emit_field(parts, widget);
			return;
		}
		widget = pdf_dict_get(context, widget, PDF_NAME(Parent));
	}
}

static void walk_fields(struct pdf_parts *parts, pdf_obj *fields, pdf_mark_bits *seen, unsigned depth)
{
	fz_context *context = parts->context;
	for (int i = 0, count = pdf_array_len(context, fields); i < count; i++) {
		pdf_obj *field = pdf_array_get(context, fields, i);
		if (!pdf_is_dict(context, field) || pdf_mark_bits_set(context, seen, field))
			continue;
		pdf_parts_visit(parts, depth);
		emit_field(parts, field);
		walk_fields(parts, pdf_dict_get(context, field, PDF_NAME(Kids)), seen, depth + 1);
	}
}

void pdf_parts_emit_fields(struct pdf_parts *parts)
{
	fz_context *context = parts->context;
	pdf_obj *fields = pdf_dict_getp(context, pdf_trailer(context, parts->document), "Root/AcroForm/Fields");
	if (!pdf_is_array(context, fields))
		return;
	pdf_mark_bits *seen = pdf_new_mark_bits(context, parts->document);
	fz_try(context) walk_fields(parts, fields, seen, 0);
	fz_always(context) pdf_drop_mark_bits(context, seen);
	fz_catch(context) fz_rethrow(context);
}

/* ---- XFA ---- */

struct xfa {
	struct emitter *emitter;
	unsigned depth;
	unsigned kept_since;    /* depth of the packet whose texts are kept, 0 outside of one */
	unsigned skipped_since; /* depth of a script or picture, 0 outside of one */
	bool has_text;          /* on the current line */
};

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static enum status on_xfa_start(void *context, const char *name, const char *const *attributes)
{
	static const char *const packets[] = {"template", "datasets", "xfdf", "form"};
	static const char *const skipped[] = {"script", "image", "picture", "desc", "proto"};
	struct xfa *xfa = context;
	const char *local = xml_local_name(name);
	(void)attributes;
	xfa->depth++;
	if (xfa->kept_since == 0 && is_one_of(local, packets, sizeof packets / sizeof *packets))
		xfa->kept_since = xfa->depth;
	else if (xfa->kept_since != 0 && xfa->skipped_since == 0 && is_one_of(local, skipped, sizeof skipped / sizeof *skipped))
		xfa->skipped_since = xfa->depth;
	return STATUS_OK;
}

static enum status on_xfa_text(void *context, struct bytes text)
{
	struct xfa *xfa = context;
	if (xfa->kept_since == 0 || xfa->skipped_since != 0)
		return STATUS_OK;
	if (!xfa->has_text && bytes_trim(text).len == 0)
		return STATUS_OK;
	xfa->has_text = true;
	return emit_text(xfa->emitter, text);
}

static enum status on_xfa_end(void *context, const char *name)
{
	struct xfa *xfa = context;
	(void)name;
	if (xfa->kept_since == xfa->depth)
		xfa->kept_since = 0;
	if (xfa->skipped_since == xfa->depth)
		xfa->skipped_since = 0;
	xfa->depth--;
	if (!xfa->has_text)
		return emit_progress(xfa->emitter);
	xfa->has_text = false;
	return emit_line_end(xfa->emitter);
}

static const struct xml_events xfa_events = {on_xfa_start, on_xfa_end, on_xfa_text};

static enum status feed_stream(struct pdf_parts *parts, pdf_obj *object, struct xml_parser *parser)
{
	fz_context *context = parts->context;
	unsigned char piece[PIECE_SIZE];
	enum status status = STATUS_OK;
	fz_stream *stream = pdf_open_stream(context, object);
	fz_var(status);
	fz_try(context)
	{
		size_t got;
		while (status == STATUS_OK && (got = fz_read(context, stream, piece, sizeof piece)) > 0)
			status = xml_feed(parser, bytes_of(piece, got));
	}
	fz_always(context) fz_drop_stream(context, stream);
	fz_catch(context) fz_rethrow(context);
	return status;
}

/* One stream, or an array of names and streams that are one XML document together. */
static enum status feed_xfa(struct pdf_parts *parts, pdf_obj *form, struct xml_parser *parser)
{
	fz_context *context = parts->context;
	enum status status = STATUS_OK;
	if (pdf_is_stream(context, form))
		return feed_stream(parts, form, parser);
	for (int i = 0, count = pdf_array_len(context, form); i < count && status == STATUS_OK; i++) {
		pdf_obj *packet = pdf_array_get(context, form, i);
		pdf_parts_visit(parts, 0);
		if (pdf_is_stream(context, packet))
			status = feed_stream(parts, packet, parser);
	}
	return status;
}

void pdf_parts_emit_xfa(struct pdf_parts *parts)
{
	fz_context *context = parts->context;
	pdf_obj *form = pdf_dict_getp(context, pdf_trailer(context, parts->document), "Root/AcroForm/XFA");
	if (form == NULL)
		return;
	struct xfa xfa = {.emitter = parts->emitter};
	struct xml_parser *parser = NULL;
	enum status status = xml_start(&xfa_events, &xfa, NULL, &parser);
	fz_var(status);
	if (status != STATUS_OK)
		pdf_parts_put(parts, status);
	fz_try(context) status = feed_xfa(parts, form, parser);
	fz_always(context) xml_free(parser);
	fz_catch(context) fz_rethrow(context);
	if (status != STATUS_OK && status != STATUS_MALFORMED)
		pdf_parts_put(parts, status);
	if (status != STATUS_OK)
		emit_note(parts->emitter, "pdf: XFA form is damaged");
}
