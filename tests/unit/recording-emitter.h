/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An emitter that keeps what a format emits, for unit tests and fuzz targets.
 * It enforces what format.h promises (repaired UTF-8, line ends, first title
 * kept) and what it forbids: children that overlap, calls after a refusal, end
 * in abort(). It reads no child and spends no budget but a ceiling on text.
 */
#ifndef TIDEMARK_TESTS_RECORDING_EMITTER_H
#define TIDEMARK_TESTS_RECORDING_EMITTER_H

#include "base/buffer.h"
#include "format/format.h"
#include "model/table.h"

/* A part that its whole's format reads itself: its text stands apart from the whole's. */
#define ROWS_UNKNOWN UINT64_MAX

struct recorded_part {
	struct buffer name, text;
	char note[256];
	uint64_t unseen, size;
	uint64_t rows, catalog_rows; /* ROWS_UNKNOWN */
	enum status how;
	bool has_ended;
};

struct recorded_child {
	struct buffer name, shown_name, bytes, declared_charset;
	int64_t modified;
	uint64_t expected_size;
	enum status how;
};

struct emitter {
	struct buffer text;
	struct buffer metadata; /* a line "NAME: VALUE" each, in order */
	struct buffer title, author, language;
	struct buffer facts;  /* a line "KIND NAME VALUE" each, in order */
	int64_t created;      /* the first, CLOCK_UNKNOWN if none */
	char media_type[128]; /* the last, empty if none */
	char note[256];       /* the first, empty if none */
	uint64_t unseen;
	struct recorded_child *children;
	size_t child_count;
	bool is_in_child;
	struct recorded_part *parts;
	size_t part_count;
	bool is_in_part;
	struct buffer carved;         /* a copy of what was carved: it stands in text, too */
	struct table_span tables[64]; /* the first of them, all levels; of bytes of the text that they are in */
	size_t table_count;
	size_t calls; /* of those that return a status */
	/* Tests may set: once that many calls were made, all further ones answer refusal. SIZE_MAX: never. */
	size_t calls_allowed;
	enum status refusal;
	bool is_stopped;
	size_t calls_after_stop; /* a format that goes on after a refusal is in the wrong */
};

void recording_emitter_start(struct emitter *emitter);
void recording_emitter_free(struct emitter *emitter);

/** Reads bytes by the format into a started emitter, mapped or (views only) not. */
enum status recording_emitter_read(struct emitter *emitter, const struct format *format, struct bytes bytes, bool is_mapped);

/** Never NULL. */
const char *recording_emitter_text(const struct emitter *emitter);
/** The first part of that name, or NULL. */
const struct recorded_part *recording_emitter_part(const struct emitter *emitter, const char *name);
/** The first child of that name, or NULL. */
const struct recorded_child *recording_emitter_child(const struct emitter *emitter, const char *name);

/** A source that shows its bytes by read_at alone, as large objects do. Free its view. */
struct source recording_unmapped_source(const struct bytes *bytes);

#endif
