/* SPDX-License-Identifier: Apache-2.0 */
/* Decoding a document piece by piece: see the header. */
#include "format/text/text-stream.h"

#include "format/carve.h"
#include "format/text/charset-table.h"
#include "format/text/charset.h"

enum { PIECE = 1 << 20, PIECE_TO_DECODE = 1 << 18, SAMPLE = 1 << 16, CONTEXT = 512 };

struct text_stream text_stream_over(struct source *source, struct bytes declared)
{
	return (struct text_stream){
		.source = source, .declared = declared, .decoded = buffer_with_ceiling(16 * (size_t)PIECE_TO_DECODE)};
}

void text_stream_close(struct text_stream *stream)
{
	charset_stream_close(stream->decoder);
	stream->decoder = NULL;
	buffer_free(&stream->decoded);
}

static size_t ascii_length(struct bytes b)
{
	size_t n = 0;
	uint64_t words[4];
	for (; n + sizeof words <= b.len; n += sizeof words) {
		memcpy(words, b.at + n, sizeof words);
		if ((words[0] | words[1] | words[2] | words[3]) & UINT64_C(0x8080808080808080))
			break;
	}
	while (n < b.len && b.at[n] < 0x80)
		n++;
	return n;
}

static size_t mark_length(struct bytes head)
{
	return bytes_start_with(head, BYTES_LITERAL("\xEF\xBB\xBF")) ? 3 : 0;
}

static enum status decide(struct text_stream *stream, struct bytes sample)
{
	const char *name = charset_guess(bytes_slice(sample, 0, SAMPLE), stream->declared);
	if (name == NULL)
		return STATUS_UNSUPPORTED;
	stream->is_decided = true;
	if (strcmp(name, "utf-8") == 0) {
		stream->offset += stream->offset == 0 ? mark_length(sample) : 0;
		return STATUS_OK;
	}
	return charset_stream_open(bytes_of_string(name), &stream->decoder);
}

/* ASCII that means itself: zeros and escapes in the first bytes may mean another charset. */
static bool is_beginning_plain(const struct text_stream *stream, struct bytes view)
{
	struct bytes head = bytes_slice(view, 0, SAMPLE);
	const struct charset *declared = charset_find(stream->declared);
	return ascii_length(head) == head.len && bytes_find_byte(head, 0x1B) == BYTES_NOT_FOUND &&
	       bytes_find_byte(head, 0) == BYTES_NOT_FOUND && (declared == NULL || declared->kind != CHARSET_SEVEN);
}

/* The next run of ASCII while the charset is open. The text around the first other byte tells most about it, so the
 * run ends a little before, and the charset is decided there. */
static enum status next_undecided(struct text_stream *stream, struct bytes view, struct bytes *ret_piece)
{
	size_t ascii = ascii_length(view);
	bool is_all = ascii == view.len;
	if (stream->offset == 0 && !is_beginning_plain(stream, view))
		return decide(stream, view);
	if (!is_all && ascii <= CONTEXT)
		return decide(stream, view);
	*ret_piece = bytes_slice(view, 0, is_all ? ascii : ascii - CONTEXT);
	stream->offset += ret_piece->len;
	return STATUS_OK;
}

/* Cut so that no character is divided; never to nothing. */
static enum status next_passed(struct text_stream *stream, struct bytes view, struct bytes *ret_piece)
{
	size_t length = view.len;
	if (stream->offset + view.len < stream->source->size)
		for (size_t back = 1; back <= 3 && back < view.len; back++)
			if ((view.at[view.len - back] & 0xC0) == 0xC0) {
				length = view.len - back;
				break;
			}
	*ret_piece = bytes_slice(view, 0, length);
	stream->offset += length;
	return STATUS_OK;
}

static enum status next_decoded(struct text_stream *stream, struct bytes *ret_piece)
{
	struct bytes view;
	buffer_reset(&stream->decoded);
	while (stream->decoded.len == 0) {
		enum status status = source_view(stream->source, stream->offset, PIECE_TO_DECODE, &view);
		if (status != STATUS_OK)
			return status;
		stream->offset += view.len;
		status = view.len > 0 ? charset_stream_feed(stream->decoder, view, &stream->decoded)
		                      : charset_stream_finish(stream->decoder, &stream->decoded);
		if (status != STATUS_OK)
			return status;
		if (view.len == 0 && stream->decoded.len == 0)
			return STATUS_END;
	}
	*ret_piece = buffer_bytes(&stream->decoded);
	return STATUS_OK;
}

enum status text_stream_next(struct text_stream *stream, struct bytes *ret_piece)
{
	struct bytes view, piece = BYTES_NONE;
	while (piece.len == 0) {
		if (stream->decoder != NULL)
			return next_decoded(stream, ret_piece);
		enum status status = source_view(stream->source, stream->offset, PIECE, &view);
		if (status == STATUS_OK && view.len == 0)
			return STATUS_END;
		if (status == STATUS_OK)
			status = stream->is_decided ? next_passed(stream, view, &piece)
			                            : next_undecided(stream, view, &piece);
		if (status != STATUS_OK)
			return status;
	}
	*ret_piece = piece;
	return STATUS_OK;
}

static enum status carve_rest(struct text_stream *stream, struct emitter *emitter)
{
	size_t room = CARVE_TEXT_MAX;
	uint64_t unseen = stream->source->size - stream->offset;
	emit_note(emitter, "text for %llu bytes, then something else", (unsigned long long)stream->offset);
	emit_unseen(emitter, unseen);
	enum status status = emit_line_end(emitter);
	if (status == STATUS_OK)
		status = carve_emit(stream->source, stream->offset, unseen, emitter, &room);
	return status == STATUS_OK ? STATUS_UNSUPPORTED : status;
}

enum status text_stream_emit_rest(struct text_stream *stream, struct emitter *emitter)
{
	struct bytes piece;
	enum status status;
	while ((status = text_stream_next(stream, &piece)) == STATUS_OK) {
		status = emit_text(emitter, piece);
		if (status != STATUS_OK)
			return status;
	}
	if (status == STATUS_UNSUPPORTED)
		return carve_rest(stream, emitter);
	return status == STATUS_END ? STATUS_OK : status;
}

struct bytes text_stream_peek(struct bytes head, struct bytes declared, struct buffer *scratch)
{
	const char *name = charset_sniff(head, declared);
	if (name == NULL)
		return BYTES_NONE;
	if (strcmp(name, "utf-8") == 0)
		return bytes_from(head, mark_length(head));
	if (charset_append_decoded(scratch, bytes_of_string(name), head) != STATUS_OK)
		return BYTES_NONE;
	return buffer_bytes(scratch);
}
