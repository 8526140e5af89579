/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One PDF while it is being read, and the steps of reading it: each pdf-*.c
 * holds a step. MuPDF reports failures by fz_throw (setjmp): a step may throw
 * at any point, pdf_parts_put throws when the emitter says stop, and only
 * pdf.c catches for a whole step. So a step keeps what must be freed under
 * fz_always, and what it changes and reads again lies in struct pdf_parts.
 *
 * Invariant: once stopped is not OK nothing more is emitted, and it is what
 * extract returns.
 */
#ifndef TIDEMARK_FORMAT_PDF_PARTS_H
#define TIDEMARK_FORMAT_PDF_PARTS_H

#include "base/buffer.h"
#include "format/format.h"

#include <limits.h>
#include <mupdf/fitz.h>
#include <mupdf/pdf.h>

/* Nodes of a tree (names, fields, bookmarks) that are followed, and how deep: no honest tree has more. */
#define PDF_PARTS_NODES_MAX 200000
#define PDF_PARTS_DEPTH_MAX 48

union allocation;

/* What MuPDF may use: memory, and processor time for a step (opening, one page, ...). Past either its allocations
 * fail and its input ends, so that it unwinds by its own means. */
struct pdf_budget {
	union allocation *allocations;
	size_t used, ceiling;
	unsigned calls;
	int64_t deadline; /* processor nanoseconds */
	bool is_overdue;
	bool is_exhausted;     /* memory was refused for its ceiling */
	bool is_out_of_memory; /* memory was refused by the machine */
};

/* In a page's text, instead of a code point: from the first on, which replacement a glyph stands for; and that a
 * glyph stands for nothing, as its text is a replacement that another one stands for. */
#define PDF_PARTS_REPLACEMENT 0x110000
#define PDF_PARTS_COVERED INT_MAX

/* A page's contents while they are run, and MuPDF's functions that ours stand before. */
struct pdf_run {
	pdf_obj *resources;   /* of the page, or of the form being drawn */
	unsigned depth;       /* of marked spans */
	unsigned replaced_at; /* depth of the span that has a text of its own; 0 is none */
	int replacement;      /* what its next glyph stands for */
	void (*choose_font)(fz_context *, pdf_processor *, const char *, pdf_font_desc *, float);
	void (*draw_form)(fz_context *, pdf_processor *, const char *, pdf_obj *, pdf_obj *);
	void (*begin_span)(fz_context *, pdf_processor *, const char *, pdf_obj *, pdf_obj *);
	void (*begin_plain_span)(fz_context *, pdf_processor *, const char *);
	void (*end_span)(fz_context *, pdf_processor *);
	void (*fill_text)(fz_context *, fz_device *, const fz_text *, fz_matrix, fz_colorspace *, const float *, float,
	                  fz_color_params);
	void (*stroke_text)(fz_context *, fz_device *, const fz_text *, const fz_stroke_state *, fz_matrix, fz_colorspace *,
	                    const float *, float, fz_color_params);
	void (*clip_text)(fz_context *, fz_device *, const fz_text *, fz_matrix, fz_rect);
	void (*clip_stroke_text)(fz_context *, fz_device *, const fz_text *, const fz_stroke_state *, fz_matrix, fz_rect);
	void (*ignore_text)(fz_context *, fz_device *, const fz_text *, fz_matrix);
};

struct pdf_parts {
	struct source *source;
	struct emitter *emitter;
	fz_context *context;
	pdf_document *document;
	struct pdf_budget budget;
	enum status stopped;
	bool is_refused;     /* it was the emitter that stopped us, not the source */
	struct buffer line;  /* text on its way to the emitter */
	struct buffer facts; /* metadata values emitted so far, each between NULs */
	struct buffer last_link;
	struct buffer replacements; /* ActualText of the page, each behind the other with its NUL */
	struct buffer unplaced;     /* the same where it covers no glyph, by lines */
	struct pdf_run *run;
	pdf_mark_bits *fields_seen;
	pdf_mark_bits *files_seen;
	unsigned signatures; /* so far */
	unsigned nodes;      /* visited in the current tree */
	bool has_created;
	bool has_page_map;
	unsigned pages_read, pages_failed, pages_overdue;
	bool is_bomb;        /* pages took more time than any honest ones */
	uint64_t letters;    /* readable ones of all pages, blanks not counted */
	uint64_t unreadable; /* glyphs without a meaning in Unicode */
	const fz_font *font; /* the one asked last for ... */
	bool is_symbol_font;
	bool has_images;
};

/* ---- pdf-library.c: the library and what it is given ---- */

/** A context whose memory and time are bounded. NO_MEMORY. */
enum status pdf_parts_start(struct pdf_parts *parts) MUST_CHECK;
void pdf_parts_finish(struct pdf_parts *parts);
/** Gives the next step its time anew and forgets that the last one outran its own. */
void pdf_parts_start_step(struct pdf_parts *parts);
/** The source as a stream: nothing is copied as a whole. Throws. */
fz_stream *pdf_parts_open_source(struct pdf_parts *parts);

/* ---- pdf.c: how steps emit; all throw when the emitter says stop ---- */

/** Keeps a status that is not OK and throws. */
void pdf_parts_put(struct pdf_parts *parts, enum status status);
/** A line of text; nothing if it is blank. */
void pdf_parts_put_line(struct pdf_parts *parts, struct bytes text);
/** A line "name: value"; nothing if the value is blank. */
void pdf_parts_put_pair(struct pdf_parts *parts, const char *name, const char *value);
/** Metadata, once per value. */
void pdf_parts_put_fact(struct pdf_parts *parts, enum metadata kind, const char *name, struct bytes value);
/** Counts a visited node; throws when a tree has no end. */
void pdf_parts_visit(struct pdf_parts *parts, unsigned depth);

/* ---- the steps ---- */

/* pdf-facts.c */
void pdf_parts_emit_info(struct pdf_parts *parts);
void pdf_parts_emit_xmp(struct pdf_parts *parts);
void pdf_parts_emit_bookmarks(struct pdf_parts *parts);
/* pdf-pages.c; catches page by page */
void pdf_parts_emit_pages(struct pdf_parts *parts);
/* pdf-contents.c: draws a page's contents; what a replacement stands for; fonts of an annotation's looks */
void pdf_parts_run_contents(struct pdf_parts *parts, pdf_page *page, fz_device *device, fz_cookie *cookie);
const char *pdf_parts_replacement(const struct pdf_parts *parts, int stand_in);
void pdf_parts_read_looks(struct pdf_parts *parts, pdf_obj *note);
/* pdf-glyphs.c: lets a font know what the names of its glyphs mean; the dictionary may be NULL */
void pdf_parts_read_names(struct pdf_parts *parts, pdf_font_desc *font, pdf_obj *dictionary);
/* pdf-rows.c: the lines of a page in reading order */
void pdf_parts_put_page(struct pdf_parts *parts, const fz_stext_page *page);
/* pdf-lines.c: appends a line of a page to parts->line */
void pdf_parts_append_line(struct pdf_parts *parts, const fz_stext_line *line);
/* pdf-notes.c: annotations and link targets of one page */
void pdf_parts_emit_notes(struct pdf_parts *parts, pdf_obj *page);
/* pdf-forms.c: one widget's field, fields without widgets, and XFA */
void pdf_parts_emit_widget(struct pdf_parts *parts, pdf_obj *widget);
void pdf_parts_emit_fields(struct pdf_parts *parts);
void pdf_parts_emit_xfa(struct pdf_parts *parts);
/* pdf-signatures.c: the signature that a field has as its value, if it has one */
void pdf_parts_emit_signature(struct pdf_parts *parts, pdf_obj *field);
/* pdf-attachments.c: a file specification's file as a child; those of the name tree and of the catalog */
void pdf_parts_emit_file(struct pdf_parts *parts, pdf_obj *specification);
void pdf_parts_emit_attachments(struct pdf_parts *parts);

#endif
