/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mail message as lines and runs of body, read front to back in constant
 * memory. The reader keeps the stack of multipart boundaries that are open;
 * a body ends at any of them, so that a part which was never closed ends with
 * the multipart around it.
 */
#ifndef TIDEMARK_FORMAT_MAIL_READER_H
#define TIDEMARK_FORMAT_MAIL_READER_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/status.h"
#include "format/format.h"

#define MAIL_DEPTH_MAX 100
#define MAIL_HEADER_MAX (1u << 20)

struct mail_reader {
	struct source *source;
	uint64_t at, end;  /* the next byte; the first one that is not the message's */
	struct bytes view; /* of the source, beginning at view_at */
	uint64_t view_at;
	struct bytes boundaries[MAIL_DEPTH_MAX]; /* outermost first; they belong to the caller */
	unsigned depth;
	struct bytes newline; /* read, but the boundary's if one follows */
	bool is_checked;      /* the line at at is no boundary */
	unsigned hit;         /* which boundary was met: an index into boundaries, MAIL_DEPTH_MAX if none */
	bool hit_closes;      /* it was the multipart's last */
	uint64_t hit_at;      /* where the body before it ended: its line break is the boundary's */
};

struct mail_reader mail_reader_over(struct source *source, uint64_t at, uint64_t end);

/** Reads header fields up to and with the blank line behind them, at most MAIL_HEADER_MAX bytes, into *block;
 * how many bytes did not fit comes back in *ret_dropped. END if a boundary or the message's end came instead
 * of the blank line: there is no body. */
enum status mail_reader_take_header(struct mail_reader *reader, struct buffer *block, uint64_t *ret_dropped) MUST_CHECK;

/** The next run of body, good until the next call; END at a boundary (hit says which one) or the message's
 * end. */
enum status mail_reader_take_run(struct mail_reader *reader, struct bytes *ret_run) MUST_CHECK;

#endif
