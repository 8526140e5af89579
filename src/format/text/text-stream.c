/* SPDX-License-Identifier: Apache-2.0 */
/* Decoding a document piece by piece: see the header. */
#include "format/text/text-stream.h"

#include "format/carve.h"
#include "format/text/charset-table.h"
#include "format/text/charset.h"
#include "format/text/wide.h"

enum { PIECE = 1 << 20, PIECE_TO_DECODE = 1 << 18, SAMPLE = 1 << 16, CONTEXT = 512, GUESSES_MAX = 1000 };

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

static enum status open_decoder(struct text_stream *stream, struct bytes name)
{
	const struct charset *charset = charset_find(name);
	stream->is_decided = true;
	stream->is_big_endian = charset != NULL && strcmp(charset->name, "utf-16be") == 0;
	stream->is_wide = charset != NULL && (stream->is_big_endian || strcmp(charset->name, "utf-16le") == 0);
	stream->may_turn = stream->is_wide || (charset != NULL && charset->kind <= CHARSET_DOUBLE);
	return charset_stream_open(name, &stream->decoder);
}

static enum status decide(struct text_stream *stream, struct bytes sample)
{
	bool is_last_word = stream->guesses >= GUESSES_MAX;
	const char *name = is_last_word ? charset_sniff(bytes_slice(sample, 0, CONTEXT), stream->declared)
	                                : charset_guess(bytes_slice(sample, 0, SAMPLE), stream->declared);
	stream->guesses++;
	if (name == NULL)
		return STATUS_UNSUPPORTED;
	if (strcmp(name, "utf-8") != 0)
		return open_decoder(stream, bytes_of_string(name));
	stream->is_decided = stream->may_turn = true;
	stream->offset += stream->offset == stream->region ? mark_length(sample) : 0;
	return STATUS_OK;
}

static void begin_region(struct text_stream *stream)
{
	charset_stream_close(stream->decoder);
	stream->decoder = NULL;
	stream->is_decided = stream->may_turn = stream->is_wide = false;
	stream->region = stream->offset;
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
	if (stream->offset == stream->region && !is_beginning_plain(stream, view))
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

/* Where a view of bytes becomes UTF-16, or its length. *ret_start is at its beginning where that is now. */
static size_t narrow_length(const struct text_stream *stream, struct bytes view, struct wide_start *ret_start)
{
	bool may_turn = !stream->is_decided || stream->may_turn;
	if (!may_turn || bytes_find_byte(view, 0) == BYTES_NOT_FOUND || !wide_find_start(view, ret_start))
		return view.len;
	return ret_start->at;
}

/* The part of view that goes on in the region's charset; *ret_ends where another begins behind it. */
static size_t region_length(struct text_stream *stream, struct bytes view, bool *ret_ends)
{
	struct wide_start start;
	size_t length = view.len;
	*ret_ends = false;
	if (!stream->may_turn || view.len == 0)
		return length;
	bool is_last = stream->offset + view.len >= stream->source->size;
	if (!stream->is_wide) {
		length = narrow_length(stream, view, &start);
		*ret_ends = length < view.len;
		return length;
	}
	if (stream->offset > stream->region && wide_is_narrow_line(view, stream->is_big_endian)) {
		*ret_ends = true;
		return 0;
	}
	length = wide_length(view, stream->is_big_endian, is_last);
	*ret_ends = length + 1 < view.len && (is_last || length + WIDE_LOOKAHEAD < view.len);
	return is_last && !*ret_ends ? view.len : length;
}

static enum status next_decoded(struct text_stream *stream, struct bytes *ret_piece)
{
	struct bytes view;
	bool ends = false;
	buffer_reset(&stream->decoded);
	while (stream->decoded.len == 0 && !ends) {
		enum status status = source_view(stream->source, stream->offset, PIECE_TO_DECODE, &view);
		if (status != STATUS_OK)
			return status;
		bool is_end = view.len == 0;
		view = bytes_slice(view, 0, region_length(stream, view, &ends));
		stream->offset += view.len;
		if (view.len > 0)
			status = charset_stream_feed(stream->decoder, view, &stream->decoded);
		if (status == STATUS_OK && (is_end || ends))
			status = charset_stream_finish(stream->decoder, &stream->decoded);
		if (status != STATUS_OK)
			return status;
		if (is_end && stream->decoded.len == 0)
			return STATUS_END;
	}
	if (ends)
		begin_region(stream);
	*ret_piece = buffer_bytes(&stream->decoded);
	return STATUS_OK;
}

/* Whether a region that begins is UTF-16 or UTF-32 from its first byte on, though it proves that only later. */
static enum status try_wide(struct text_stream *stream, struct bytes view, size_t narrow)
{
	size_t length = stream->offset == 0 ? SAMPLE : narrow + CONTEXT;
	const char *name = charset_sniff(bytes_slice(view, 0, length < SAMPLE ? length : SAMPLE), stream->declared);
	const struct charset *charset = name != NULL ? charset_find(bytes_of_string(name)) : NULL;
	return charset != NULL && charset->kind == CHARSET_WIDE ? open_decoder(stream, bytes_of_string(name)) : STATUS_OK;
}

static enum status next_of_bytes(struct text_stream *stream, struct bytes view, struct bytes *ret_piece)
{
	struct wide_start start = {0};
	struct bytes narrow = bytes_slice(view, 0, narrow_length(stream, view, &start));
	if (narrow.len < view.len && !stream->is_decided && stream->offset == stream->region) {
		enum status status = try_wide(stream, view, narrow.len);
		if (status != STATUS_OK || stream->decoder != NULL)
			return status;
	}
	if (narrow.len > 0)
		return stream->is_decided ? next_passed(stream, narrow, ret_piece) : next_undecided(stream, narrow, ret_piece);
	begin_region(stream);
	return open_decoder(stream, start.is_big_endian ? BYTES_LITERAL("utf-16be") : BYTES_LITERAL("utf-16le"));
}

enum status text_stream_next(struct text_stream *stream, struct bytes *ret_piece)
{
	struct bytes view, piece = BYTES_NONE;
	while (piece.len == 0) {
		enum status status;
		if (stream->decoder != NULL) {
			status = next_decoded(stream, &piece);
		} else {
			status = source_view(stream->source, stream->offset, PIECE, &view);
			if (status == STATUS_OK && view.len == 0)
				return STATUS_END;
			if (status == STATUS_OK)
				status = next_of_bytes(stream, view, &piece);
		}
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
