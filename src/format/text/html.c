/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTML and XHTML of any size, by a tokenizer of our own that no error stops:
 * text as the page shows it, title, author and other metadata; then what the
 * page does not show, for findings. Documents in data: URLs become parts.
 */
#include "format/text/charset.h"
#include "format/format.h"
#include "format/text/html-reader.h"
#include "format/text/text-stream.h"

static int bid(struct bytes head, struct source *source);
static enum status extract(struct source *source, struct emitter *emitter);

const struct format format_html = {
	.name = "html",
	.version = 2,
	.media_type = "text/html",
	.bid = bid,
	.extract = extract,
	.prepare = charset_prepare,
};

enum { BID_CERTAIN = 36, BID_LIKELY = 21, BID_POSSIBLE = 16, CHARSET_NAME_MAX = 40 };

/* ---- which charset a meta element names (HTML 5, 13.2.3.2) ---- */

static bool is_name_letter(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == ':';
}

static size_t find_nocase(struct bytes text, struct bytes word)
{
	for (size_t at = 0; at + word.len <= text.len; at++)
		if (bytes_equal_nocase(bytes_slice(text, at, word.len), word))
			return at;
	return BYTES_NOT_FOUND;
}

static size_t find_meta(struct bytes text)
{
	size_t at = 0, step;
	while ((step = bytes_find_byte(bytes_from(text, at), '<')) != BYTES_NOT_FOUND) {
		at += step;
		if (bytes_start_with_nocase(bytes_from(text, at), BYTES_LITERAL("<meta")))
			return at;
		at++;
	}
	return BYTES_NOT_FOUND;
}

struct bytes html_find_charset(struct bytes head)
{
	const struct bytes word = BYTES_LITERAL("charset");
	size_t meta = find_meta(head);
	while (meta != BYTES_NOT_FOUND) {
		head = bytes_from(head, meta + 5);
		size_t end = bytes_find_byte(head, '>');
		struct bytes tag = bytes_slice(head, 0, end == BYTES_NOT_FOUND ? head.len : end);
		size_t at = find_nocase(tag, word);
		if (at != BYTES_NOT_FOUND) {
			at += word.len;
			while (at < tag.len && strchr(" =\"'\t", tag.at[at]) != NULL && tag.at[at] != 0)
				at++;
			size_t length = 0;
			while (at + length < tag.len && is_name_letter(tag.at[at + length]))
				length++;
			if (length > 0)
				return bytes_slice(tag, at, length < CHARSET_NAME_MAX ? length : CHARSET_NAME_MAX);
		}
		meta = find_meta(head);
	}
	return BYTES_NONE;
}

/* What the envelope says, else the page itself. */
static struct bytes declared_charset(struct bytes head, const struct source *source)
{
	return source->declared_charset.len > 0 ? source->declared_charset : html_find_charset(head);
}

/* ---- bidding ---- */

/* Behind blanks, comments, processing instructions and document types other than HTML's. */
static struct bytes skip_prologue(struct bytes text)
{
	for (;;) {
		text = bytes_trim(text);
		const char *end = NULL;
		if (bytes_start_with(text, BYTES_LITERAL("<!--")))
			end = "-->";
		else if (bytes_start_with(text, BYTES_LITERAL("<?xml")))
			end = "?>";
		else if (bytes_start_with(text, BYTES_LITERAL("<!")) &&
		         !bytes_start_with_nocase(text, BYTES_LITERAL("<!doctype html")))
			end = ">";
		size_t at = end ? bytes_find(text, bytes_of_string(end)) : BYTES_NOT_FOUND;
		if (at == BYTES_NOT_FOUND)
			return text;
		text = bytes_from(text, at + strlen(end));
	}
}

static struct bytes name_of_tag(struct bytes text)
{
	size_t length = 0;
	text = bytes_from(text, 1);
	while (length < text.len && is_name_letter(text.at[length]))
		length++;
	return bytes_slice(text, 0, length);
}

static int bid_on_text(struct bytes text)
{
	bool is_xml = bytes_start_with(bytes_trim(text), BYTES_LITERAL("<?xml"));
	text = skip_prologue(text);
	if (bytes_start_with_nocase(text, BYTES_LITERAL("<!doctype html")))
		return BID_CERTAIN;
	if (text.len < 3 || text.at[0] != '<')
		return 0;
	struct bytes name = name_of_tag(text);
	if (bytes_equal_nocase(name, BYTES_LITERAL("html")))
		return BID_CERTAIN;
	if (is_xml || !html_tag_is_known(name))
		return 0;
	if (bytes_find(bytes_from(text, 1), BYTES_LITERAL("<")) == BYTES_NOT_FOUND)
		return 0;
	/* Short names (p, div, ul) are HTML; longer ones (address, menu, section) other XML has too. */
	return name.len <= 3 || bytes_equal_nocase(name, BYTES_LITERAL("head")) ? BID_LIKELY : BID_POSSIBLE;
}

static int bid(struct bytes head, struct source *source)
{
	struct buffer scratch = buffer_with_ceiling(16 * FORMAT_HEAD_SIZE);
	int result = bid_on_text(text_stream_peek(head, declared_charset(head, source), &scratch));
	buffer_free(&scratch);
	return result;
}

/* ---- reading ---- */

static enum status emit_kind(struct bytes head, struct emitter *emitter)
{
	bool is_xhtml = bytes_start_with(bytes_trim(head), BYTES_LITERAL("<?xml")) ||
	                bytes_find(bytes_slice(head, 0, 1024), BYTES_LITERAL("//DTD XHTML")) != BYTES_NOT_FOUND;
	return is_xhtml ? emit_media_type(emitter, "application/xhtml+xml") : STATUS_OK;
}

static enum status read_pieces(struct html_reader *html, struct text_stream *stream)
{
	for (;;) {
		struct bytes piece;
		enum status status = text_stream_next(stream, &piece);
		if (status == STATUS_END || status == STATUS_UNSUPPORTED) {
			bool is_end = status == STATUS_END;
			status = html_reader_finish(html);
			return status != STATUS_OK || is_end ? status : text_stream_emit_rest(stream, html->emitter);
		}
		if (status == STATUS_OK)
			status = html_reader_feed(html, piece, false);
		if (status == STATUS_OK)
			status = emit_progress(html->emitter);
		if (status != STATUS_OK)
			return status;
	}
}

static enum status extract(struct source *source, struct emitter *emitter)
{
	char name[CHARSET_NAME_MAX];
	struct html_reader html;
	struct bytes head;
	enum status status = source_view(source, 0, FORMAT_HEAD_SIZE, &head);
	if (status == STATUS_OK)
		status = emit_kind(head, emitter);
	if (status != STATUS_OK)
		return status;
	struct bytes declared = bytes_slice(declared_charset(head, source), 0, sizeof name);
	if (declared.len > 0)
		memcpy(name, declared.at, declared.len);
	struct text_stream stream = text_stream_over(source, bytes_of(name, declared.len));
	html_reader_start(&html, emitter);
	status = read_pieces(&html, &stream);
	text_stream_close(&stream);
	html_reader_free(&html);
	return status;
}
