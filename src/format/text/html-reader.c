/* SPDX-License-Identifier: Apache-2.0 */
/* The tokenizer and what is shown: see the header. Tags are read in html-tags.c. */
#include "format/text/html-reader.h"

#include "base/text.h"
#include "format/text/html-entities.h"

enum { FLUSH_AT = 1 << 16, TITLE_MAX = 1 << 12, OPENING_MAX = 9, STRETCH = 4096 };
#define HIDDEN_MAX ((size_t)4 << 20)
/* Returned by the steps below where a mark is cut by the piece's end. */
#define CUT SIZE_MAX

void html_reader_start(struct html_reader *html, struct emitter *emitter)
{
	*html = (struct html_reader){.emitter = emitter};
	html->body.text = html->title.text = buffer_with_ceiling(SIZE_MAX / 4);
	html->hidden = html->value = html->carry = buffer_with_ceiling(SIZE_MAX / 4);
}

void html_reader_start_into(struct html_reader *html, struct emitter *emitter, struct buffer *shown, struct buffer *unshown)
{
	html_reader_start(html, emitter);
	html->shown = shown;
	html->unshown = unshown;
}

void html_reader_free(struct html_reader *html)
{
	buffer_free(&html->body.text);
	buffer_free(&html->title.text);
	buffer_free(&html->hidden);
	buffer_free(&html->value);
	buffer_free(&html->carry);
}

/* ---- putting out ---- */

static enum status flush(struct html_reader *html, struct buffer *buffer)
{
	enum status status = buffer_status(buffer);
	struct buffer *into = buffer == &html->hidden ? html->unshown : html->shown;
	if (status == STATUS_OK && into != NULL) {
		buffer_append(into, buffer_bytes(buffer));
		status = buffer_status(into);
	} else if (status == STATUS_OK && buffer->len > 0) {
		status = emit_text(html->emitter, buffer_bytes(buffer));
	}
	buffer_reset(buffer);
	return status;
}

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

/* Appends words with the blanks between them made single. */
static void put_words(struct html_writer *writer, struct bytes text)
{
	size_t start = writer->text.len;
	unsigned char *to = buffer_extend(&writer->text, text.len + 1), *room = to;
	if (to == NULL)
		return;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.at[i];
		if (is_blank(c)) {
			writer->needs_space = writer->has_line;
			continue;
		}
		if (writer->needs_space) {
			*to++ = ' ';
			writer->needs_space = false;
		}
		writer->has_line = true;
		for (;;) {
			*to++ = c;
			if (i + 1 == text.len || is_blank(text.at[i + 1]))
				break;
			c = text.at[++i];
		}
	}
	buffer_truncate(&writer->text, start + (size_t)(to - room));
}

static void put_as_is(struct html_writer *writer, struct bytes text)
{
	if (text.len == 0)
		return;
	buffer_append(&writer->text, text);
	writer->has_line = text.at[text.len - 1] != '\n';
	writer->needs_space = false;
}

static void put_text(struct html_reader *html, struct bytes text)
{
	if (html->in_title)
		put_words(&html->title, text);
	else if (html->pre_depth > 0)
		put_as_is(&html->body, text);
	else
		put_words(&html->body, text);
}

static void put_code_point(struct html_reader *html, uint32_t code_point)
{
	unsigned char utf8[4];
	if (code_point == 0xA0)
		code_point = ' ';
	if (code_point != 0xAD)
		put_text(html, bytes_of(utf8, text_encode(code_point, utf8)));
}

void html_reader_end_line(struct html_reader *html)
{
	struct html_writer *body = &html->body;
	if (body->has_line)
		buffer_append_byte(&body->text, '\n');
	body->has_line = body->needs_space = false;
}

void html_reader_begin_hidden(struct html_reader *html, const char *until)
{
	memcpy(html->until, until, strlen(until) + 1);
}

/* What is hidden goes out at the end, or where there is too much of it. */
static enum status flush_hidden(struct html_reader *html)
{
	if (html->unshown != NULL)
		return flush(html, &html->hidden);
	html_reader_end_line(html);
	enum status status = flush(html, &html->body.text);
	if (status == STATUS_OK)
		status = emit_line_end(html->emitter);
	if (status == STATUS_OK && !html->has_hidden)
		status = emit_text(html->emitter, BYTES_LITERAL("-- not shown on the page --\n"));
	html->has_hidden = true;
	if (status == STATUS_OK)
		status = flush(html, &html->hidden);
	return status == STATUS_OK ? emit_line_end(html->emitter) : status;
}

static enum status hide(struct html_reader *html, struct bytes text)
{
	while (text.len > 0) {
		struct bytes part = bytes_slice(text, 0, HIDDEN_MAX);
		if (html->hidden.len > 0 && html->hidden.len + part.len > HIDDEN_MAX) {
			enum status status = flush_hidden(html);
			if (status != STATUS_OK)
				return status;
		}
		buffer_append(&html->hidden, part);
		text = bytes_from(text, part.len);
	}
	return buffer_status(&html->hidden);
}

enum status html_reader_hide_line(struct html_reader *html, struct bytes line)
{
	enum status status = hide(html, bytes_trim(line));
	bool is_ended = html->hidden.len == 0 || html->hidden.at[html->hidden.len - 1] == '\n';
	return status == STATUS_OK && !is_ended ? hide(html, BYTES_LITERAL("\n")) : status;
}

enum status html_reader_end_title(struct html_reader *html)
{
	html->in_title = false;
	enum status status = html->unshown != NULL
	                             ? html_reader_hide_line(html, buffer_bytes(&html->title.text))
	                             : emit_metadata(html->emitter, METADATA_TITLE, "title", buffer_bytes(&html->title.text));
	buffer_reset(&html->title.text);
	html->title.has_line = html->title.needs_space = false;
	return status;
}

/* A title that never ends was none: it is shown. */
static void give_up_title(struct html_reader *html)
{
	html->in_title = false;
	put_text(html, buffer_bytes(&html->title.text));
	buffer_reset(&html->title.text);
}

/* ---- tokens: each step returns how many bytes it took, or CUT ---- */

/* The length of the tag at the start of text up to its >, or CUT; goes on where it stopped. */
static size_t find_tag_end(struct html_tag_scan *scan, struct bytes text)
{
	size_t at = scan->at > 0 ? scan->at : 1;
	for (; at < text.len; at++) {
		unsigned char c = text.at[at];
		if (scan->quote != 0) {
			size_t quote = bytes_find_byte(bytes_from(text, at), scan->quote);
			if (quote == BYTES_NOT_FOUND) {
				at = text.len;
				break;
			}
			at += quote;
			scan->quote = 0;
			scan->after_equals = false;
		} else if (c == '>') {
			return at + 1;
		} else if ((c == '"' || c == '\'') && scan->after_equals) {
			scan->quote = c;
		} else if (!is_blank(c)) {
			scan->after_equals = c == '=';
		}
	}
	scan->at = at;
	return CUT;
}

static bool is_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Where a < opens hidden text: how long the opening is, and what ends it. 0 if it opens none. */
static size_t match_opening(struct bytes text, const char **ret_until)
{
	static const char *const openings[][2] = {
		{"<!--", "-->"}, {"<?php", "?>"}, {"<?=", "?>"}, {"<? ", "?>"}, {"<%", "%>"}, {"<![CDATA[", "]]>"},
	};
	for (size_t i = 0; i < sizeof openings / sizeof openings[0]; i++)
		if (bytes_start_with_nocase(text, bytes_of_string(openings[i][0]))) {
			*ret_until = openings[i][1];
			return strlen(openings[i][0]);
		}
	return 0;
}

/* Whether what follows this < is no mark at all, a mark, or cannot be told yet. */
static bool is_mark(struct bytes text)
{
	unsigned char next = text.len > 1 ? text.at[1] : 0;
	if (next == '/')
		return text.len > 2 && is_letter(text.at[2]);
	return is_letter(next) || next == '!' || next == '?' || next == '%';
}

static size_t read_mark(struct html_reader *html, struct bytes text, bool is_last, enum status *ret_status)
{
	const char *until = NULL;
	if (text.len < OPENING_MAX && !is_last)
		return CUT;
	if (!is_mark(text)) {
		put_text(html, bytes_slice(text, 0, 1));
		return 1;
	}
	size_t length = match_opening(text, &until);
	if (length > 0) {
		html_reader_begin_hidden(html, until);
		return length;
	}
	length = find_tag_end(&html->scan, text);
	if (length == CUT && !is_last && text.len < HTML_TAG_MAX)
		return CUT;
	html->scan = (struct html_tag_scan){0};
	if (length == CUT) {
		put_text(html, text);
		return text.len;
	}
	*ret_status = html_tag_read(html, bytes_slice(text, 0, length));
	return length;
}

static size_t read_reference(struct html_reader *html, struct bytes text, bool is_last)
{
	uint32_t code_point = 0;
	if (text.len < HTML_REFERENCE_MAX && !is_last && bytes_find_byte(text, ';') == BYTES_NOT_FOUND)
		return CUT;
	size_t length = html_reference_read(text, false, &code_point);
	if (length > 0)
		put_code_point(html, code_point);
	else
		put_text(html, bytes_slice(text, 0, 1));
	return length > 0 ? length : 1;
}

/* Text up to the next mark or reference; a stretch at a time, so that neither is sought far beyond the other. */
static size_t read_words(struct html_reader *html, struct bytes text)
{
	text = bytes_slice(text, 0, STRETCH);
	size_t length = bytes_find_byte(text, '<');
	struct bytes words = bytes_slice(text, 0, length == BYTES_NOT_FOUND ? text.len : length);
	size_t reference = bytes_find_byte(words, '&');
	if (reference != BYTES_NOT_FOUND)
		words = bytes_slice(words, 0, reference);
	put_text(html, words);
	return words.len;
}

/* The first place where mark stands in text, in any case of letters; or where it may begin and be cut. */
static size_t find_mark(struct bytes text, struct bytes mark)
{
	for (size_t at = 0; at < text.len;) {
		size_t first = bytes_find_byte(bytes_from(text, at), mark.at[0]);
		if (first == BYTES_NOT_FOUND)
			return text.len;
		at += first;
		struct bytes there = bytes_slice(text, at, mark.len);
		if (bytes_equal_nocase(there, bytes_slice(mark, 0, there.len)))
			return at;
		at++;
	}
	return text.len;
}

static size_t read_hidden(struct html_reader *html, struct bytes text, bool is_last, enum status *ret_status)
{
	struct bytes mark = bytes_of_string(html->until);
	size_t at = find_mark(text, mark);
	bool is_found = text.len - at >= mark.len;
	if (is_last && !is_found)
		at = text.len;
	*ret_status = hide(html, bytes_slice(text, 0, at));
	if (!is_found)
		return at > 0 ? at : CUT;
	if (*ret_status == STATUS_OK)
		*ret_status = html_reader_hide_line(html, BYTES_NONE);
	/* A script's end is a tag of its own; other marks end with themselves. */
	bool is_tag = html->until[1] == '/';
	html->until[0] = '\0';
	return at + (is_tag ? 0 : mark.len);
}

static size_t read_token(struct html_reader *html, struct bytes text, bool is_last, enum status *ret_status)
{
	if (html->until[0] != '\0')
		return read_hidden(html, text, is_last, ret_status);
	if (text.at[0] == '<')
		return read_mark(html, text, is_last, ret_status);
	if (text.at[0] == '&')
		return read_reference(html, text, is_last);
	return read_words(html, text);
}

/* Reads tokens until one is cut. Returns how many bytes were read. */
static size_t read_tokens(struct html_reader *html, struct bytes text, bool is_last, enum status *ret_status)
{
	size_t done = 0;
	while (done < text.len && *ret_status == STATUS_OK) {
		size_t length = read_token(html, bytes_from(text, done), is_last, ret_status);
		if (length == CUT)
			break;
		done += length;
		if (html->in_title && html->title.text.len > TITLE_MAX)
			give_up_title(html);
		if (*ret_status == STATUS_OK && html->body.text.len >= FLUSH_AT)
			*ret_status = flush(html, &html->body.text);
	}
	return done;
}

enum status html_reader_feed(struct html_reader *html, struct bytes piece, bool is_last)
{
	enum status status = STATUS_OK;
	bool is_carried = html->carry.len > 0;
	if (is_carried)
		buffer_append(&html->carry, piece);
	struct bytes text = is_carried ? buffer_bytes(&html->carry) : piece;
	size_t done = read_tokens(html, text, is_last, &status);
	if (is_carried)
		buffer_consume(&html->carry, done);
	else
		buffer_append(&html->carry, bytes_from(piece, done));
	return status == STATUS_OK ? buffer_status(&html->carry) : status;
}

enum status html_reader_finish(struct html_reader *html)
{
	enum status status = html_reader_feed(html, BYTES_NONE, true);
	if (status == STATUS_OK && html->in_title)
		give_up_title(html);
	html_reader_end_line(html);
	if (status == STATUS_OK)
		status = flush(html, &html->body.text);
	return status == STATUS_OK && html->hidden.len > 0 ? flush_hidden(html) : status;
}
