/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Converting to UTF-8. UTF-8 itself passes through, one-byte charsets go
 * through tables, the rest through iconv. While one handle of a charset is
 * open, glibc opens no file for a second: so prepare holds one of each.
 */
#include "format/text/charset.h"

#include "base/text.h"
#include "format/text/charset-table.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#define REPLACEMENT BYTES_LITERAL("\xEF\xBF\xBD")
#define CHARSETS_MAX 80
#define NO_ICONV ((iconv_t)-1)

/* What one byte stands for: len bytes of UTF-8. */
struct charset_letter {
	unsigned char utf8[3], len;
};

/* Filled once by charset_prepare, by index in charset_table; never freed. */
static struct {
	bool is_done;
	struct charset_letter (*letters)[256]; /* of one-byte charsets */
	iconv_t held[CHARSETS_MAX];
} prepared;

struct charset_stream {
	const struct charset *charset;
	iconv_t converter;         /* NO_ICONV where none is needed */
	bool has_begun;            /* past where a byte order mark may stand */
	unsigned char pending[16]; /* the beginning of a sequence the last piece broke off in */
	size_t pending_len;
};

static size_t index_of(const struct charset *charset)
{
	return (size_t)(charset - charset_table);
}

/* ---- preparing ---- */

static struct charset_letter make_letter(iconv_t converter, unsigned char byte)
{
	struct charset_letter letter = {{0xEF, 0xBF, 0xBD}, 3};
	char in[1] = {(char)byte}, out[16];
	char *from = in, *to = out;
	size_t in_left = 1, out_left = sizeof out;
	iconv(converter, NULL, NULL, NULL, NULL);
	if (iconv(converter, &from, &in_left, &to, &out_left) == (size_t)-1)
		return letter;
	iconv(converter, NULL, NULL, &to, &out_left);
	size_t len = sizeof out - out_left;
	if (len == 0 || len > sizeof letter.utf8)
		return letter;
	memcpy(letter.utf8, out, len);
	letter.len = (unsigned char)len;
	return letter;
}

static enum status prepare_one(size_t index)
{
	const struct charset *charset = &charset_table[index];
	if (charset->iconv_name == NULL)
		return STATUS_OK;
	iconv_t converter = iconv_open("UTF-8", charset->iconv_name);
	if (converter == NO_ICONV)
		return errno == ENOMEM ? STATUS_NO_MEMORY : STATUS_BROKEN;
	if (charset->kind != CHARSET_SINGLE) {
		prepared.held[index] = converter;
		return STATUS_OK;
	}
	for (unsigned byte = 0; byte < 256; byte++)
		prepared.letters[index][byte] = make_letter(converter, (unsigned char)byte);
	iconv_close(converter);
	return STATUS_OK;
}

enum status charset_prepare(void)
{
	if (prepared.is_done)
		return STATUS_OK;
	if (charset_count > CHARSETS_MAX)
		return STATUS_BROKEN;
	if (prepared.letters == NULL)
		prepared.letters = calloc(charset_count, sizeof *prepared.letters);
	if (prepared.letters == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < charset_count; i++) {
		enum status status = prepare_one(i);
		if (status != STATUS_OK)
			return status;
	}
	prepared.is_done = true;
	return STATUS_OK;
}

/* ---- converting pieces ---- */

static void append_by_table(struct buffer *into, const struct charset_letter letters[256], struct bytes text)
{
	while (text.len > 0) {
		struct bytes part = bytes_slice(text, 0, 1u << 16);
		size_t start = into->len;
		unsigned char *to = buffer_extend(into, part.len * 3 + 1);
		if (to == NULL)
			return;
		unsigned char *end = to;
		for (size_t i = 0; i < part.len; i++) {
			const struct charset_letter *letter = &letters[part.at[i]];
			memcpy(end, letter->utf8, sizeof letter->utf8);
			end += letter->len;
		}
		buffer_truncate(into, start + (size_t)(end - to));
		text = bytes_from(text, part.len);
	}
}

/* Bytes of a well-begun sequence that the end of text cuts. */
static size_t cut_tail_length(struct bytes text)
{
	for (size_t back = 1; back <= 3 && back <= text.len; back++) {
		unsigned char c = text.at[text.len - back];
		size_t needs = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 1;
		if ((c & 0xC0) != 0x80)
			return needs > back && c < 0xF5 ? back : 0;
	}
	return 0;
}

static void append_utf8(struct charset_stream *stream, struct bytes text, struct buffer *into)
{
	size_t tail = cut_tail_length(text);
	struct bytes whole = bytes_slice(text, 0, text.len - tail);
	if (text_is_valid(whole) && bytes_find_byte(whole, 0) == BYTES_NOT_FOUND)
		buffer_append(into, whole);
	else
		text_append_repaired(into, whole);
	stream->pending_len = tail;
	if (tail > 0)
		memcpy(stream->pending, text.at + text.len - tail, tail);
}

/* One call of iconv; what it wrote is appended, what it read is taken off text. Returns its errno, 0 if all went. */
static int convert_some(iconv_t converter, struct bytes *text, struct buffer *into)
{
	size_t start = into->len, room = (text->len < 4096 ? text->len : 4096) * 3 + 64;
	char *to = (char *)buffer_extend(into, room);
	char *from = (char *)(uintptr_t)text->at;
	size_t in_left = text->len, out_left = room;
	if (to == NULL)
		return ENOMEM;
	int error = iconv(converter, &from, &in_left, &to, &out_left) == (size_t)-1 ? errno : 0;
	*text = bytes_from(*text, text->len - in_left);
	buffer_truncate(into, start + room - out_left);
	return error;
}

static void append_by_iconv(struct charset_stream *stream, struct bytes text, struct buffer *into)
{
	size_t unit = stream->charset->unit;
	while (text.len > 0 && buffer_status(into) == STATUS_OK) {
		int error = convert_some(stream->converter, &text, into);
		if (error == EINVAL && text.len <= sizeof stream->pending) {
			memcpy(stream->pending, text.at, text.len);
			stream->pending_len = text.len;
			return;
		}
		if (error == EILSEQ || error == EINVAL) {
			buffer_append(into, REPLACEMENT);
			text = bytes_from(text, unit);
		} else if (error == ENOMEM) {
			return;
		}
	}
}

static void append_piece(struct charset_stream *stream, struct bytes piece, struct buffer *into)
{
	stream->pending_len = 0;
	if (stream->charset->kind == CHARSET_UTF8)
		append_utf8(stream, piece, into);
	else if (stream->charset->kind == CHARSET_SINGLE)
		append_by_table(into, prepared.letters[index_of(stream->charset)], piece);
	else
		append_by_iconv(stream, piece, into);
}

/* Joins what is pending with the beginning of piece; returns what is left of piece. A sequence has at most 8 bytes
 * where escapes are counted in, so 16 with the pending ones always get beyond it. */
static struct bytes join_pending(struct charset_stream *stream, struct bytes piece, struct buffer *into)
{
	unsigned char joined[2 * sizeof stream->pending];
	while (stream->pending_len > 0 && piece.len > 0 && buffer_status(into) == STATUS_OK) {
		size_t had = stream->pending_len;
		struct bytes more = bytes_slice(piece, 0, sizeof stream->pending);
		memcpy(joined, stream->pending, had);
		memcpy(joined + had, more.at, more.len);
		append_piece(stream, bytes_of(joined, had + more.len), into);
		piece = bytes_from(piece, more.len);
	}
	return piece;
}

static void drop_byte_order_mark(struct charset_stream *stream, struct buffer *into, size_t start)
{
	struct bytes made = bytes_from(buffer_bytes(into), start);
	if (stream->has_begun || made.len == 0)
		return;
	stream->has_begun = true;
	if (!bytes_start_with(made, BYTES_LITERAL("\xEF\xBB\xBF")))
		return;
	memmove(into->at + start, made.at + 3, made.len - 3);
	buffer_truncate(into, into->len - 3);
}

enum status charset_stream_feed(struct charset_stream *stream, struct bytes piece, struct buffer *into)
{
	size_t start = into->len;
	piece = join_pending(stream, piece, into);
	if (piece.len > 0)
		append_piece(stream, piece, into);
	drop_byte_order_mark(stream, into, start);
	return buffer_status(into);
}

enum status charset_stream_finish(struct charset_stream *stream, struct buffer *into)
{
	if (stream->converter != NO_ICONV) {
		size_t start = into->len, room = 64, left = room;
		char *to = (char *)buffer_extend(into, room);
		if (to != NULL) {
			iconv(stream->converter, NULL, NULL, &to, &left);
			buffer_truncate(into, start + room - left);
		}
	}
	if (stream->pending_len > 0)
		buffer_append(into, REPLACEMENT);
	stream->pending_len = 0;
	return buffer_status(into);
}

enum status charset_stream_open(struct bytes charset, struct charset_stream **ret_stream)
{
	const struct charset *found = charset_find(charset);
	if (found == NULL)
		return STATUS_UNSUPPORTED;
	if (!prepared.is_done)
		return STATUS_BROKEN;
	struct charset_stream *stream = calloc(1, sizeof *stream);
	if (stream == NULL)
		return STATUS_NO_MEMORY;
	stream->charset = found;
	stream->converter = NO_ICONV;
	if (prepared.held[index_of(found)] != NULL)
		stream->converter = iconv_open("UTF-8", found->iconv_name);
	if (prepared.held[index_of(found)] != NULL && stream->converter == NO_ICONV) {
		free(stream);
		return STATUS_NO_MEMORY;
	}
	*ret_stream = stream;
	return STATUS_OK;
}

void charset_stream_close(struct charset_stream *stream)
{
	if (stream == NULL)
		return;
	if (stream->converter != NO_ICONV)
		iconv_close(stream->converter);
	free(stream);
}

enum status charset_append_decoded(struct buffer *into, struct bytes charset, struct bytes text)
{
	struct charset_stream *stream;
	enum status status = charset_stream_open(charset, &stream);
	if (status != STATUS_OK)
		return status;
	status = charset_stream_feed(stream, text, into);
	if (status == STATUS_OK)
		status = charset_stream_finish(stream, into);
	charset_stream_close(stream);
	return status;
}
