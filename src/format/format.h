/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file format: how to recognise it from its first bytes, and how to read it
 * into an emitter. One file per format; its const struct heads the file; its
 * name in meson.build registers it (registry.c is generated).
 *
 * A format never opens, prints, forks or calls another format. A part of a
 * document goes to the emitter as a child, which spends the budgets (depth,
 * count, bytes, ratio) and bids again. Whatever the emitter returns other than
 * OK must be returned at once. Bytes of the source may be anything.
 */
#ifndef TIDEMARK_FORMAT_FORMAT_H
#define TIDEMARK_FORMAT_FORMAT_H

#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"

/* ---- source: the bytes of one document, random access ---- */

#define SOURCE_VIEW_MAX (1u << 20)

struct source {
	uint64_t size;
	/* All of it when it lies in memory (then views cost nothing), else NULL. */
	const unsigned char *mapped;
	/* Up to length bytes at offset; *ret_got < length only at the end. */
	enum status (*read_at)(struct source *source, uint64_t offset, void *into, size_t length, size_t *ret_got);
	void *context;
	/* The buffer behind views of an unmapped source; the owner frees it. */
	unsigned char *view;
	/* A charset declared from outside (a mail header); empty if none. */
	struct bytes declared_charset;
	/* The last part of its path: evidence only where there is nothing else. May be empty. */
	struct bytes name;
};

/** A view of length bytes (at most SOURCE_VIEW_MAX) at offset, shorter only at the end, good until the next
 *  view or read of this source. OK also for an empty view at the end. */
enum status source_view(struct source *source, uint64_t offset, size_t length, struct bytes *ret_view) MUST_CHECK;

/** The whole source as one run, if it has at most ceiling bytes (else TOO_LARGE): mapped where possible, read into
 *  *owned otherwise (the caller frees owned). */
struct buffer;
enum status source_whole(struct source *source, size_t ceiling, struct buffer *owned, struct bytes *ret_whole) MUST_CHECK;

/** A source over bytes in memory, which must outlive it. */
struct source source_of_bytes(struct bytes bytes);

/* ---- emitter: where what was read goes; implemented by reading/emitter.c ---- */

struct emitter;

/** Appends to the document's text. Any bytes: invalid UTF-8 and NULs become U+FFFD. Findings are looked for in it. */
enum status emit_text(struct emitter *emitter, struct bytes utf8) MUST_CHECK;
/** Ends the line unless the text is empty or ends in a newline already. */
enum status emit_line_end(struct emitter *emitter) MUST_CHECK;

enum metadata { METADATA_TITLE, METADATA_AUTHOR, METADATA_LANGUAGE, METADATA_OTHER };
/** Metadata (UTF-8). The first title, author and language are kept as such. Every value is also searched for
 *  findings: it is appended to the text at the document's end as a line "NAME: VALUE". name: as the format calls it. */
enum status emit_metadata(struct emitter *emitter, enum metadata kind, const char *name, struct bytes value) MUST_CHECK;
enum status emit_created(struct emitter *emitter, int64_t seconds) MUST_CHECK;
/** A better media type than the format's own. */
enum status emit_media_type(struct emitter *emitter, const char *media_type) MUST_CHECK;
/** Why something was not read, in a few words; the first one is kept. */
void emit_note(struct emitter *emitter, const char *format, ...) PRINTF_LIKE(2, 3);
/** Bytes of this document that were not understood. */
void emit_unseen(struct emitter *emitter, uint64_t bytes);

struct child {
	struct bytes name;              /* raw: may hold / (an archive member), never trusted */
	int64_t modified;               /* CLOCK_UNKNOWN if not known */
	struct bytes declared_charset;
	uint64_t expected_size;         /* as declared, 0 if unknown */
	uint64_t packed_size;           /* bytes it took inside its parent, 0 if unknown: for the ratio budget */
};

/** Begins a part of this document; its bytes follow by emit_child_bytes, and emit_child_end reads it (recursively,
 *  before it returns). Parts do not overlap: the emitter passed is the parent's. */
enum status emit_child_begin(struct emitter *emitter, const struct child *child) MUST_CHECK;
enum status emit_child_bytes(struct emitter *emitter, struct bytes bytes) MUST_CHECK;
/** how: OK when all its bytes came; otherwise what became of it (ENCRYPTED, MALFORMED, TRUNCATED, UNSUPPORTED, ...),
 *  recorded as the part's outcome. A child's own failure is not returned: only budgets and our own faults are. */
enum status emit_child_end(struct emitter *emitter, enum status how) MUST_CHECK;
/** A child whose bytes lie in memory already. */
enum status emit_child(struct emitter *emitter, const struct child *child, struct bytes bytes) MUST_CHECK;

/** Says that work goes on though nothing was emitted; returns the status to stop with, if any. Call it in long loops. */
enum status emit_progress(struct emitter *emitter) MUST_CHECK;

/* ---- format ---- */

#define FORMAT_HEAD_SIZE 4096

struct format {
	const char *name;               /* the file's name, "pdf" */
	const char *media_type;
	/** How sure, 0..100, from the first FORMAT_HEAD_SIZE bytes (fewer if the source is shorter): the number of bits
	 *  verified is a good guide. It may look further through source. 1..9: a guess anybody may overbid. */
	int (*bid)(struct bytes head, struct source *source);
	/** Reads it. OK, or what it came to: MALFORMED, ENCRYPTED, UNSUPPORTED, NEEDS_OCR, or what the emitter returned.
	 *  What was emitted before a failure is kept. */
	enum status (*extract)(struct source *source, struct emitter *emitter);
	/** Once per process before it is sealed: open now whatever is needed later. May be NULL. */
	enum status (*prepare)(void);
};

/** Generated: every format, ended by NULL. */
extern const struct format *const format_registry[];

/** The highest bid, or NULL if nobody bids. */
const struct format *format_recognise(struct source *source);
/** prepare of every format. */
enum status format_prepare_all(void) MUST_CHECK;

#endif
