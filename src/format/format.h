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
 *
 * Tables go out by format/table.h, or as the CSV they are: between
 * emit_table_begin and emit_table_end the text is one table. A later reader finds
 * row and column of a place by model/table.h, from the document's text and the
 * spans of its tables.
 */
#ifndef TIDEMARK_FORMAT_FORMAT_H
#define TIDEMARK_FORMAT_FORMAT_H

#include "format/emitter.h"
#include "format/source.h"

#define FORMAT_HEAD_SIZE 4096

struct format {
	const char *name; /* the file's name, "pdf" */
	unsigned version; /* raised when what it emits changes: part of rules_version; 0 for tests' own */
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
/** The highest bid on bytes that stand alone, none of them of a name. */
int format_highest_bid(struct bytes bytes);
/** prepare of every format. */
enum status format_prepare_all(void) MUST_CHECK;

#endif
