/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libarchive over a struct source: reading, skipping and seeking, with a limit
 * on how much may be read before the next entry is found, since a directory of
 * a hostile archive would otherwise fill memory.
 */
#ifndef TIDEMARK_FORMAT_ARCHIVE_INPUT_H
#define TIDEMARK_FORMAT_ARCHIVE_INPUT_H

#include "base/status.h"
#include "format/format.h"

#include <archive.h>
#include <archive_entry.h>

struct archive_input {
	struct source *source;
	uint64_t at;
	uint64_t allowance; /* bytes that may still be read */
	enum status failed; /* why a read failed, if it was not the archive's fault */
	uint64_t passed;    /* bytes of the last entry that were passed on */
	bool met_end;       /* something was wanted from behind the source's end */
};

/** Opens archive, whose formats and filters are enabled, over a source. input must outlive it. Returns an
 *  ARCHIVE_ code. */
int archive_input_open(struct archive *archive, struct archive_input *input, bool is_seekable);

/** What a failed call on archive came to, in our words. */
enum status archive_input_status(struct archive *archive, const struct archive_input *input);

/** Notes why a call on archive failed, or what it read is not whole: by cause, in our words, where that was an error of
 *  libarchive's or is plain from the status it came to. */
void archive_input_note(struct archive *archive, enum status status, struct emitter *emitter);

/** Moves *offset to the next byte that is not zero, or to the end. OK, or what the emitter or the source returned. */
enum status archive_skip_zeros(struct source *source, uint64_t *offset, struct emitter *emitter) MUST_CHECK;

/** Says what stands behind an archive or a compressed stream that ended at offset from: a note, its strings as text, its
 *  bytes as unseen. Zeros are padding. OK, or what the emitter or the source returned. */
enum status archive_emit_rest(struct source *source, uint64_t from, struct emitter *emitter) MUST_CHECK;

/** Passes the data of the entry at hand on to the open child; *ret_how is what became of them. OK, END where
 * the archive can not be read any further, or what the emitter returned. */
enum status archive_input_emit_data(struct archive *archive, struct archive_input *input, struct emitter *emitter,
                                    uint64_t expected_size, enum status *ret_how) MUST_CHECK;

#endif
