/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where formats put what they read, and the one place where limits live: depth,
 * count, bytes, ratio and output. The emitter keeps a stack of open documents;
 * when one ends it is hashed, recognised and read in turn, its text scanned for
 * findings, attributed, and handed to the sink, parts before their whole.
 */
#ifndef TIDEMARK_READING_EMITTER_H
#define TIDEMARK_READING_EMITTER_H

#include "base/status.h"
#include "format/format.h"
#include "model/record.h"
#include "wire/extract-messages.h"

struct emitter_limits {
	unsigned depth;       /* documents within documents */
	uint32_t parts;       /* of one object, all levels */
	uint64_t part_bytes;  /* spooled parts, all open levels together: past it a part is too_large */
	uint64_t ratio;       /* bytes made of each byte of the object ... */
	uint64_t ratio_floor; /* ... once this many were made */
	uint32_t findings;    /* per document */
};

extern const struct emitter_limits emitter_default_limits;

struct emitter_sink {
	/* A part is about to be read: if it costs this process its life, this is the one. */
	enum status (*begin)(void *context, struct bytes inner_path);
	/* A finished document. */
	enum status (*document)(void *context, const struct document_record *record);
	/* Work goes on. TIMED_OUT: it is to end here, with what was read so far. */
	enum status (*progress)(void *context);
	void *context;
};

/** Reads a whole object: recognises, extracts, recurses. OK when every document of it has gone to the sink, whatever
 *  their outcomes; otherwise the sink's refusal or a fault of ours. */
enum status emitter_read_object(struct source *source, const struct extract_job *job, const struct emitter_limits *limits,
                                const struct emitter_sink *sink) MUST_CHECK;

#endif
