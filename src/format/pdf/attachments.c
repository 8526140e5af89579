/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files inside of a PDF (ISO 32000-1 7.11.4): those of the EmbeddedFiles name
 * tree, those associated with the catalog (PDF/A-3), those hung on
 * annotations. Each is a child, streamed piece by piece, emitted once: its
 * stream object is marked.
 */
#include "format/pdf/parts.h"

#define PIECE_SIZE (32u << 10)

static pdf_obj *stream_of(struct pdf_parts *parts, pdf_obj *specification)
{
	fz_context *context = parts->context;
	static const char *const keys[] = {"UF", "F", "Unix", "DOS", "Mac"};
	pdf_obj *files = pdf_dict_get(context, specification, PDF_NAME(EF));
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		pdf_obj *stream = pdf_dict_gets(context, files, keys[i]);
		if (pdf_is_stream(context, stream))
			return stream;
	}
	return NULL;
}

static struct child child_of(struct pdf_parts *parts, pdf_obj *specification, pdf_obj *stream)
{
	fz_context *context = parts->context;
	pdf_obj *name = pdf_dict_geta(context, specification, PDF_NAME(UF), PDF_NAME(F));
	pdf_obj *parameters = pdf_dict_get(context, stream, PDF_NAME(Params));
	int64_t modified = pdf_dict_get_date(context, parameters, PDF_NAME(ModDate));
	int64_t size = pdf_to_int64(context, pdf_dict_get(context, parameters, PDF_NAME(Size)));
	return (struct child){
		.name = bytes_of_string(pdf_is_string(context, name) ? pdf_to_text_string(context, name) : "attachment"),
		.modified = modified > 0 ? modified : CLOCK_UNKNOWN,
		.expected_size = size > 0 ? (uint64_t)size : 0,
	};
}

static void pass_bytes(struct pdf_parts *parts, fz_stream *stream)
{
	unsigned char piece[PIECE_SIZE];
	size_t got;
	while ((got = fz_read(parts->context, stream, piece, sizeof piece)) > 0) {
		pdf_parts_start_step(parts);
		pdf_parts_put(parts, emit_child_bytes(parts->emitter, bytes_of(piece, got)));
	}
}

static void pass_child(struct pdf_parts *parts, pdf_obj *object)
{
	fz_context *context = parts->context;
	enum status how = STATUS_OK;
	fz_stream *stream = NULL;
	fz_var(how);
	fz_var(stream);
	fz_try(context)
	{
		stream = pdf_open_stream(context, object);
		pass_bytes(parts, stream);
		how = stream->error ? STATUS_MALFORMED : STATUS_OK;
	}
	fz_always(context) fz_drop_stream(context, stream);
	fz_catch(context)
	{
		if (parts->is_refused)
			fz_rethrow(context);
		how = parts->stopped != STATUS_OK ? STATUS_TRUNCATED : STATUS_MALFORMED;
	}
	fz_empty_store(context);
	pdf_parts_put(parts, emit_child_end(parts->emitter, how));
	pdf_parts_start_step(parts);
}

void pdf_parts_emit_file(struct pdf_parts *parts, pdf_obj *specification)
{
	fz_context *context = parts->context;
	if (!pdf_is_dict(context, specification))
		return;
	pdf_obj *stream = stream_of(parts, specification);
	if (stream == NULL || pdf_mark_bits_set(context, parts->files_seen, stream))
		return;
	pdf_parts_put_line(parts, bytes_of_string(pdf_dict_get_text_string(context, specification, PDF_NAME(Desc))));
	struct child child = child_of(parts, specification, stream);
	pdf_parts_put(parts, emit_child_begin(parts->emitter, &child));
	pass_child(parts, stream);
}

/* Leaves are "key value key value"; inner nodes have kids. */
static void walk_names(struct pdf_parts *parts, pdf_obj *node, pdf_mark_bits *seen, unsigned depth)
{
	fz_context *context = parts->context;
	if (!pdf_is_dict(context, node) || pdf_mark_bits_set(context, seen, node))
		return;
	pdf_parts_visit(parts, depth);
	pdf_obj *names = pdf_dict_get(context, node, PDF_NAME(Names));
	for (int i = 1, count = pdf_array_len(context, names); i < count; i += 2)
		pdf_parts_emit_file(parts, pdf_array_get(context, names, i));
	pdf_obj *kids = pdf_dict_get(context, node, PDF_NAME(Kids));
	for (int i = 0, count = pdf_array_len(context, kids); i < count; i++)
		walk_names(parts, pdf_array_get(context, kids, i), seen, depth + 1);
}

void pdf_parts_emit_attachments(struct pdf_parts *parts)
{
	fz_context *context = parts->context;
	pdf_obj *root = pdf_dict_get(context, pdf_trailer(context, parts->document), PDF_NAME(Root));
	pdf_mark_bits *seen = pdf_new_mark_bits(context, parts->document);
	fz_try(context)
	{
		walk_names(parts, pdf_dict_getp(context, root, "Names/EmbeddedFiles"), seen, 0);
		pdf_obj *associated = pdf_dict_gets(context, root, "AF");
		for (int i = 0, count = pdf_array_len(context, associated); i < count; i++)
			pdf_parts_emit_file(parts, pdf_array_get(context, associated, i));
	}
	fz_always(context) pdf_drop_mark_bits(context, seen);
	fz_catch(context) fz_rethrow(context);
}
