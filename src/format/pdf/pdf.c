/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PDF (ISO 32000), read by MuPDF: text of the pages, annotations, form fields
 * and XFA, bookmarks, the Info dictionary and XMP, attachments as children.
 * This file recognises, opens, and runs the steps one after another; a step
 * that throws costs what it had left to say, and the next one follows.
 */
#include "format/pdf/parts.h"

static int pdf_bid(struct bytes head, struct source *source);
static enum status pdf_extract(struct source *source, struct emitter *emitter);

extern const struct format format_pdf;
const struct format format_pdf = {
	.name = "pdf",
	.version = 5,
	.media_type = "application/pdf",
	.bid = pdf_bid,
	.extract = pdf_extract,
};

#define LINE_CEILING (4u << 20)
#define FACTS_CEILING (64u << 10)
/* Readers accept the header anywhere in the first kilobyte. */
#define HEADER_REACH 1024

static bool is_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9';
}

/* "%PDF-1.7" at the start verifies 8 bytes; behind other bytes it may be a mail that quotes it. */
static int pdf_bid(struct bytes head, struct source *source)
{
	(void)source;
	struct bytes reach = bytes_slice(head, 0, HEADER_REACH + 8);
	size_t at = bytes_find(reach, BYTES_LITERAL("%PDF-"));
	if (at == BYTES_NOT_FOUND)
		return 0;
	struct bytes version = bytes_slice(reach, at + 5, 3);
	bool has_version = version.len == 3 && is_digit(version.at[0]) && version.at[1] == '.' && is_digit(version.at[2]);
	if (at == 0)
		return has_version ? 64 : 40;
	bool starts_line = reach.at[at - 1] == '\n' || reach.at[at - 1] == '\r' || reach.at[at - 1] >= 0x7f ||
	                   reach.at[at - 1] == '\0';
	return has_version ? starts_line ? 30 : 20 : 5;
}

void pdf_parts_put(struct pdf_parts *parts, enum status status)
{
	if (parts->stopped == STATUS_OK && status != STATUS_OK) {
		parts->stopped = status;
		parts->is_refused = true;
	}
	if (parts->stopped != STATUS_OK)
		fz_throw(parts->context, FZ_ERROR_ABORT, "stopped");
}

void pdf_parts_put_line(struct pdf_parts *parts, struct bytes text)
{
	if (bytes_trim(text).len == 0)
		return;
	pdf_parts_put(parts, emit_line_end(parts->emitter));
	pdf_parts_put(parts, emit_text(parts->emitter, text));
	pdf_parts_put(parts, emit_line_end(parts->emitter));
}

void pdf_parts_put_pair(struct pdf_parts *parts, const char *name, const char *value)
{
	struct bytes trimmed = bytes_trim(bytes_of_string(value));
	if (trimmed.len == 0)
		return;
	buffer_reset(&parts->line);
	if (name != NULL && name[0] != '\0') {
		buffer_append_string(&parts->line, name);
		buffer_append_string(&parts->line, ": ");
	}
	buffer_append(&parts->line, trimmed);
	if (buffer_status(&parts->line) != STATUS_OK)
		return;
	pdf_parts_put_line(parts, buffer_bytes(&parts->line));
}

void pdf_parts_put_fact(struct pdf_parts *parts, enum metadata kind, const char *name, struct bytes value)
{
	value = bytes_trim(value);
	buffer_reset(&parts->line);
	buffer_append_byte(&parts->line, '\0');
	buffer_append(&parts->line, value);
	buffer_append_byte(&parts->line, '\0');
	if (value.len == 0 || buffer_status(&parts->line) != STATUS_OK)
		return;
	if (bytes_find(buffer_bytes(&parts->facts), buffer_bytes(&parts->line)) != BYTES_NOT_FOUND)
		return;
	if (parts->facts.len + parts->line.len <= parts->facts.ceiling)
		buffer_append(&parts->facts, buffer_bytes(&parts->line));
	pdf_parts_put(parts, emit_metadata(parts->emitter, kind, name, value));
}

void pdf_parts_visit(struct pdf_parts *parts, unsigned depth)
{
	if (depth > PDF_PARTS_DEPTH_MAX || ++parts->nodes > PDF_PARTS_NODES_MAX)
		fz_throw(parts->context, FZ_ERROR_GENERIC, "tree without end");
	pdf_parts_put(parts, emit_progress(parts->emitter));
}

/* Layers that are switched off are part of what leaked. */
static void show_all_layers(struct pdf_parts *parts)
{
	int count = pdf_count_layers(parts->context, parts->document);
	for (int i = 0; i < count; i++)
		pdf_enable_layer(parts->context, parts->document, i, 1);
}

static void open_document(struct pdf_parts *parts, fz_stream **ret_stream)
{
	*ret_stream = pdf_parts_open_source(parts);
	parts->document = pdf_open_document_with_stream(parts->context, *ret_stream);
	parts->fields_seen = pdf_new_mark_bits(parts->context, parts->document);
	parts->files_seen = pdf_new_mark_bits(parts->context, parts->document);
}

/* Why it did not open: by another's key, by our limits, or by its own damage. */
static enum status status_of_failed_open(struct pdf_parts *parts)
{
	if (parts->stopped != STATUS_OK)
		return parts->stopped;
	if (parts->budget.is_out_of_memory)
		return STATUS_NO_MEMORY;
	emit_unseen(parts->emitter, parts->source->size);
	if (strstr(fz_caught_message(parts->context), "crypt") != NULL) {
		emit_note(parts->emitter, "pdf: encrypted in a way that is not supported");
		return STATUS_ENCRYPTED;
	}
	if (parts->budget.is_overdue || parts->budget.is_exhausted) {
		emit_note(parts->emitter, "pdf: opening it outgrew the limits of %s",
		          parts->budget.is_overdue ? "time" : "memory");
		return STATUS_BOMB;
	}
	emit_note(parts->emitter, "pdf: damaged beyond repair");
	return STATUS_MALFORMED;
}

static enum status open_guarded(struct pdf_parts *parts)
{
	fz_stream *stream = NULL;
	enum status status = STATUS_OK;
	fz_var(stream);
	fz_var(status);
	fz_try(parts->context) open_document(parts, &stream);
	fz_always(parts->context) fz_drop_stream(parts->context, stream);
	fz_catch(parts->context) status = status_of_failed_open(parts);
	if (status != STATUS_OK)
		return status;
	if (!pdf_needs_password(parts->context, parts->document))
		return STATUS_OK;
	emit_note(parts->emitter, "pdf: needs a password");
	emit_unseen(parts->emitter, parts->source->size);
	return STATUS_ENCRYPTED;
}

struct step {
	void (*run)(struct pdf_parts *parts);
	const char *what;
};

static const struct step steps[] = {
	{show_all_layers, "layers"},
	{pdf_parts_emit_info, "document information"},
	{pdf_parts_emit_xmp, "XMP metadata"},
	{pdf_parts_emit_pages, "pages"},
	{pdf_parts_emit_fields, "form fields"},
	{pdf_parts_emit_xfa, "XFA form"},
	{pdf_parts_emit_bookmarks, "bookmarks"},
	{pdf_parts_emit_attachments, "attachments"},
};

static void run_step(struct pdf_parts *parts, const struct step *step)
{
	pdf_parts_start_step(parts);
	fz_try(parts->context) step->run(parts);
	fz_catch(parts->context) if (parts->stopped == STATUS_OK)
		emit_note(parts->emitter, "pdf: %s not read to the end", step->what);
}

/* What the pages came to, when nobody stopped us. */
static enum status status_of_pages(const struct pdf_parts *parts)
{
	if (parts->is_bomb)
		return STATUS_BOMB;
	bool is_empty = parts->pages_failed == 0 && !pdf_was_repaired(parts->context, parts->document);
	if (parts->pages_read == 0) {
		emit_note(parts->emitter, is_empty ? "pdf: has no pages" : "pdf: no page could be read");
		if (is_empty)
			return STATUS_OK;
		return STATUS_MALFORMED;
	}
	if (parts->unreadable > parts->letters) {
		emit_note(parts->emitter, "pdf: most of its text does not say which letters it shows");
		return STATUS_NEEDS_OCR;
	}
	if (parts->letters == 0 && parts->has_images) {
		emit_note(parts->emitter, "pdf: pages hold images and no text");
		return STATUS_NEEDS_OCR;
	}
	return STATUS_OK;
}

static enum status read_parts(struct pdf_parts *parts)
{
	enum status status = pdf_parts_start(parts);
	if (status == STATUS_OK)
		status = open_guarded(parts);
	if (status != STATUS_OK)
		return status;
	if (pdf_was_repaired(parts->context, parts->document))
		emit_note(parts->emitter, "pdf: damaged, read after repair");
	for (size_t i = 0; i < sizeof steps / sizeof *steps && parts->stopped == STATUS_OK; i++)
		run_step(parts, &steps[i]);
	enum status told = emit_count(parts->emitter, FACT_SEEN, "pages", parts->pages_read);
	if (parts->stopped == STATUS_OK)
		parts->stopped = told;
	if (parts->stopped == STATUS_OK && parts->budget.is_out_of_memory)
		return STATUS_NO_MEMORY;
	return parts->stopped != STATUS_OK ? parts->stopped : status_of_pages(parts);
}

static enum status pdf_extract(struct source *source, struct emitter *emitter)
{
	struct pdf_parts parts = {
		.source = source,
		.emitter = emitter,
		.line = buffer_with_ceiling(LINE_CEILING),
		.facts = buffer_with_ceiling(FACTS_CEILING),
		.last_link = buffer_with_ceiling(LINE_CEILING),
		.replacements = buffer_with_ceiling(LINE_CEILING),
		.unplaced = buffer_with_ceiling(LINE_CEILING),
	};
	enum status status = read_parts(&parts);
	pdf_parts_finish(&parts);
	return status;
}
