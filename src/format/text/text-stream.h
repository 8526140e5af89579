/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A text document as pieces of UTF-8, whatever charsets it is in and however
 * large it is. ASCII and UTF-8 pass through uncopied. As long as only ASCII
 * came the charset stays open: the first other byte decides it. Where UTF-16
 * begins or ends a new region does, which is decided anew.
 */
#ifndef TIDEMARK_FORMAT_TEXT_TEXT_STREAM_H
#define TIDEMARK_FORMAT_TEXT_TEXT_STREAM_H

#include "base/buffer.h"
#include "format/format.h"

struct charset_stream;
struct text_stream {
	struct source *source;
	struct bytes declared; /* borrowed: must outlive the stream */
	uint64_t offset;       /* of the next byte to read */
	uint64_t region;       /* where the present charset's region begins */
	bool is_decided;
	bool may_turn;                  /* the region may end where UTF-16 begins or ends */
	bool is_wide, is_big_endian;    /* the region is UTF-16 */
	unsigned guesses;               /* made so far: they are dear */
	struct charset_stream *decoder; /* NULL: pass through */
	struct buffer decoded;
};

/** declared: the charset the document itself or its envelope names; may be empty. */
struct text_stream text_stream_over(struct source *source, struct bytes declared);

/** The next piece, good until the next call; no piece ends within a character. Invalid UTF-8 may occur in it. END
 *  after the last. UNSUPPORTED where what follows is no text in any charset: offset says from where on. */
enum status text_stream_next(struct text_stream *stream, struct bytes *ret_piece) MUST_CHECK;
/** Emits all that is left of it as it stands, and strings carved from what is no text. OK, UNSUPPORTED after carving
 *  (with note and unseen bytes), or what the emitter returned. */
enum status text_stream_emit_rest(struct text_stream *stream, struct emitter *emitter) MUST_CHECK;
void text_stream_close(struct text_stream *stream);

/** The first bytes of a document as UTF-8 without a byte order mark, for bidding: into scratch where they have to be
 *  decoded. Empty if it is no text. Only its ASCII is certain, where no charset is declared; may end within a
 *  character. */
struct bytes text_stream_peek(struct bytes head, struct bytes declared, struct buffer *scratch);

#endif
