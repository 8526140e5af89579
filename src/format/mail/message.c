/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk through one message, front to back, nothing kept but the open
 * multiparts. A body without a name that is plain text goes into the
 * message's text; one that is HTML becomes the part body.html; everything else
 * becomes a part under its own name. What is encrypted becomes a part that
 * says so. Subject and From go out as metadata, which puts them into the text.
 */
#include "format/mail/message.h"

#include "base/text.h"
#include "format/text/charset.h"
#include "format/mail/header.h"
#include "format/mail/reader.h"

#include <gmime/gmime.h>

/* Parts of one message, those included that become text and so cost the emitter's budgets nothing. */
enum { PARTS_MAX = 100000 };

struct message {
	struct emitter *emitter;
	struct mail_reader reader;
	struct buffer decoded, text;   /* of the run at hand: transfer encoding undone, charset undone */
	unsigned parts, messages;      /* leaves and attached messages so far: they name the nameless */
	bool is_cut;                   /* a multipart that was never closed */
};

/* Where a part stands. */
struct place {
	unsigned depth;
	bool is_top, in_digest, in_encrypted;
};

static enum status read_part(struct message *message, struct place place);

/* ---- fields ---- */

static bool is_one_of(struct bytes name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (bytes_equal_nocase(name, bytes_of_string(*names)))
			return true;
	return false;
}

/* Fields that name people and places. Traces and signatures are machines talking to machines. */
static bool is_worth_text(const struct mail_field *field)
{
	static const char *const always[] = {
		"to", "cc", "bcc", "reply-to", "sender", "date", "message-id", "organization", "organisation",
		"return-path", "delivered-to", "newsgroups", "x-originating-ip", "keywords", "comments", NULL,
	};
	static const char *const never[] = {
		"received", "dkim-signature", "domainkey-signature", "authentication-results", "references",
		"in-reply-to", "subject", "from", "x-received", "x-google-dkim-signature", "received-spf", NULL,
	};
	if (is_one_of(field->name, always))
		return true;
	if (is_one_of(field->name, never) ||
	    bytes_start_with_nocase(field->name, BYTES_LITERAL("content-")) ||
	    bytes_start_with_nocase(field->name, BYTES_LITERAL("arc-")))
		return false;
	return bytes_find_byte(field->value, '@') != BYTES_NOT_FOUND;
}

static enum status emit_fields(struct message *message, struct bytes block)
{
	struct buffer *lines = &message->text;
	struct mail_field field;
	buffer_reset(lines);
	while (mail_field_take(&block, &field)) {
		if (!is_worth_text(&field))
			continue;
		buffer_append(lines, field.name);
		buffer_append_string(lines, ": ");
		mail_value_append_decoded(field.value, lines);
		buffer_append_byte(lines, '\n');
	}
	buffer_append_byte(lines, '\n');
	return buffer_status(lines) == STATUS_OK ? emit_text(message->emitter, buffer_bytes(lines))
	                                         : buffer_status(lines);
}

static enum status emit_field(struct message *message, struct bytes block, enum metadata kind,
                              const char *name)
{
	buffer_reset(&message->text);
	mail_value_append_decoded(mail_field_find(block, name), &message->text);
	return emit_metadata(message->emitter, kind, name, buffer_bytes(&message->text));
}

static enum status emit_header(struct message *message, struct bytes block)
{
	enum status status = emit_field(message, block, METADATA_TITLE, "Subject");
	if (status == STATUS_OK)
		status = emit_field(message, block, METADATA_AUTHOR, "From");
	int64_t date = mail_value_parse_date(mail_field_find(block, "Date"));
	if (status == STATUS_OK && date != CLOCK_UNKNOWN)
		status = emit_created(message->emitter, date);
	return status == STATUS_OK ? emit_fields(message, block) : status;
}

/* ---- runs of a body, decoded ---- */

static GMimeContentEncoding gmime_encoding(enum mail_encoding encoding)
{
	switch (encoding) {
	case MAIL_BASE64: return GMIME_CONTENT_ENCODING_BASE64;
	case MAIL_QUOTED_PRINTABLE: return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
	case MAIL_UUENCODE: return GMIME_CONTENT_ENCODING_UUENCODE;
	default: return GMIME_CONTENT_ENCODING_DEFAULT;
	}
}

/* uuencoded lines count from behind "begin MODE NAME" on, which GMime leaves to its callers to find. */
static struct bytes skip_to_uuencoded(GMimeEncoding *encoding, struct bytes run)
{
	if (encoding->encoding != GMIME_CONTENT_ENCODING_UUENCODE ||
	    (encoding->state & GMIME_UUDECODE_STATE_BEGIN) != 0)
		return run;
	while (run.len > 0) {
		size_t newline = bytes_find_byte(run, '\n');
		struct bytes line = bytes_slice(run, 0, newline == BYTES_NOT_FOUND ? run.len : newline + 1);
		run = bytes_from(run, line.len);
		if (bytes_start_with(line, BYTES_LITERAL("begin "))) {
			encoding->state |= GMIME_UUDECODE_STATE_BEGIN;
			break;
		}
	}
	return run;
}

/* The next run of the body without its transfer encoding; END at its end. */
static enum status take_decoded(struct message *message, GMimeEncoding *encoding, struct bytes *ret_run)
{
	enum status status = mail_reader_take_run(&message->reader, ret_run);
	if (status != STATUS_OK || encoding->encoding == GMIME_CONTENT_ENCODING_DEFAULT)
		return status;
	*ret_run = skip_to_uuencoded(encoding, *ret_run);
	buffer_reset(&message->decoded);
	unsigned char *into =
		buffer_extend(&message->decoded, g_mime_encoding_outlen(encoding, ret_run->len));
	if (into == NULL)
		return buffer_status(&message->decoded);
	size_t length = g_mime_encoding_step(encoding, (const char *)ret_run->at, ret_run->len, (char *)into);
	*ret_run = bytes_of(into, length);
	return STATUS_OK;
}

static enum status skip_body(struct message *message)
{
	struct bytes run;
	enum status status;
	while ((status = mail_reader_take_run(&message->reader, &run)) == STATUS_OK)
		if ((status = emit_progress(message->emitter)) != STATUS_OK)
			return status;
	return status == STATUS_END ? STATUS_OK : status;
}

/* ---- text of the message's own ---- */

/* Which charset a body is read in: its own word, unless nobody knows it or its bytes contradict it. */
static enum status open_charset(struct message *message, struct bytes declared, struct bytes sample,
                                struct charset_stream **ret_stream)
{
	bool is_known = false;
	if (declared.len > 0) {
		enum status status = charset_stream_open(declared, ret_stream);
		if (status != STATUS_OK && status != STATUS_UNSUPPORTED)
			return status;
		is_known = status == STATUS_OK;
		if (is_known)
			charset_stream_close(*ret_stream);
		else
			emit_note(message->emitter, "unknown charset %.*s, read as windows-1252",
			          (int)declared.len, declared.at);
	}
	const char *guess = charset_guess(sample, is_known ? declared : BYTES_NONE);
	if (declared.len > 0 && !is_known && (guess == NULL || g_ascii_strcasecmp(guess, "utf-8") != 0))
		guess = "windows-1252";
	if (guess == NULL && is_known)
		return charset_stream_open(declared, ret_stream);
	return charset_stream_open(bytes_of_string(guess != NULL ? guess : "windows-1252"), ret_stream);
}

static enum status emit_converted(struct message *message, enum status converted)
{
	if (converted == STATUS_OK)
		converted = buffer_status(&message->text);
	return converted == STATUS_OK ? emit_text(message->emitter, buffer_bytes(&message->text)) : converted;
}

static enum status read_text(struct message *message, const struct mail_content *content, bool is_margin)
{
	GMimeEncoding encoding;
	struct charset_stream *stream = NULL;
	struct bytes run;
	enum status status;
	g_mime_encoding_init_decode(&encoding, gmime_encoding(content->encoding));
	while ((status = take_decoded(message, &encoding, &run)) == STATUS_OK) {
		if (run.len == 0 || (is_margin && bytes_trim(run).len == 0))
			continue;
		if (stream == NULL)
			status = open_charset(message, buffer_bytes(&content->charset), run, &stream);
		if (status != STATUS_OK)
			break;
		buffer_reset(&message->text);
		status = emit_converted(message, charset_stream_feed(stream, run, &message->text));
		if (status != STATUS_OK)
			break;
	}
	if (status == STATUS_END)
		status = STATUS_OK;
	if (stream != NULL && status == STATUS_OK) {
		buffer_reset(&message->text);
		status = emit_converted(message, charset_stream_finish(stream, &message->text));
	}
	charset_stream_close(stream);
	return status == STATUS_OK ? emit_line_end(message->emitter) : status;
}

/* ---- parts ---- */

/* CMS enveloped data (RFC 5652 6) begins with its object identifier within the first few bytes. */
static bool is_enveloped(struct bytes start)
{
	static const unsigned char enveloped[] = {0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
	                                          0xF7, 0x0D, 0x01, 0x07, 0x03};
	static const unsigned char authenticated[] = {0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7,
	                                              0x0D, 0x01, 0x09, 0x10, 0x01, 0x17};
	start = bytes_slice(start, 0, 64);
	return bytes_find(start, bytes_of(enveloped, sizeof enveloped)) != BYTES_NOT_FOUND ||
	       bytes_find(start, bytes_of(authenticated, sizeof authenticated)) != BYTES_NOT_FOUND;
}

static bool has_type(const struct mail_content *content, const char *media_type)
{
	return strcmp(content->media_type, media_type) == 0;
}

static bool may_be_enveloped(const struct mail_content *content)
{
	return has_type(content, "application/pkcs7-mime") || has_type(content, "application/x-pkcs7-mime");
}

static bool says_enveloped(const struct mail_content *content)
{
	struct bytes smime_type = buffer_bytes(&content->smime_type);
	return may_be_enveloped(content) &&
	       (bytes_equal_nocase(smime_type, BYTES_LITERAL("enveloped-data")) ||
	        bytes_equal_nocase(smime_type, BYTES_LITERAL("authEnveloped-data")));
}

static enum status read_child(struct message *message, const struct mail_content *content, const char *name,
                              bool is_encrypted)
{
	struct child child = {
		.name = content->name.len > 0 ? buffer_bytes(&content->name) : bytes_of_string(name),
		.modified = content->modified, .declared_charset = buffer_bytes(&content->charset),
	};
	GMimeEncoding encoding;
	struct bytes run;
	bool is_first = true;
	is_encrypted |= says_enveloped(content);
	if (content->encoding == MAIL_UNKNOWN_ENCODING)
		emit_note(message->emitter,
		          "a part has an unknown transfer encoding and is kept as it stands");
	enum status status = emit_child_begin(message->emitter, &child);
	if (status != STATUS_OK)
		return status;
	g_mime_encoding_init_decode(&encoding, gmime_encoding(content->encoding));
	while ((status = take_decoded(message, &encoding, &run)) == STATUS_OK) {
		is_encrypted |= is_first && may_be_enveloped(content) && is_enveloped(run);
		is_first &= run.len == 0;
		status = emit_child_bytes(message->emitter, run);
		if (status != STATUS_OK)
			return status;
	}
	if (status != STATUS_END)
		return status;
	return emit_child_end(message->emitter, is_encrypted ? STATUS_ENCRYPTED : STATUS_OK);
}

static enum status read_attached_message(struct message *message, const struct mail_content *content,
                                         bool is_encrypted)
{
	char name[32];
	snprintf(name, sizeof name, "%u.eml", ++message->messages);
	return read_child(message, content, name, is_encrypted);
}

static enum status read_leaf(struct message *message, const struct mail_content *content,
                             const struct place *place)
{
	static const char *const message_types[] = {"message/rfc822", "message/global", "message/news", NULL};
	static const char *const text_types[] = {
		"text/plain", "text", "message/delivery-status", "message/disposition-notification",
		"message/feedback-report", "message/global-delivery-status", "text/rfc822-headers",
		"message/external-body", NULL,
	};
	struct bytes type = bytes_of_string(content->media_type);
	char name[32];
	bool is_inline = content->name.len == 0 && !content->is_attachment && !place->in_encrypted;
	if (++message->parts > PARTS_MAX) {
		emit_note(message->emitter, "more than %d parts in one message", PARTS_MAX);
		return STATUS_BOMB;
	}
	if (is_one_of(type, message_types) || (type.len == 0 && place->in_digest))
		return read_attached_message(message, content, place->in_encrypted);
	if (place->in_encrypted && has_type(content, "application/pgp-encrypted"))
		return skip_body(message); /* "Version: 1", nothing else (RFC 3156 4) */
	if (is_inline && (type.len == 0 || is_one_of(type, text_types)))
		return read_text(message, content, false);
	if (is_inline && has_type(content, "text/html"))
		return read_child(message, content, "body.html", false);
	snprintf(name, sizeof name, "part-%u", message->parts);
	return read_child(message, content, name, place->in_encrypted);
}

/* ---- multiparts ---- */

/* Text before the first and behind the last boundary, which readers of mail hide: ours shows it. */
static enum status read_margin(struct message *message)
{
	struct mail_content content = {.modified = CLOCK_UNKNOWN};
	return read_text(message, &content, true);
}

/* Reads the parts between the boundaries of the innermost multipart, which stands on the reader's stack. */
static enum status read_parts(struct message *message, struct place place)
{
	const unsigned level = message->reader.depth - 1;
	enum status status = read_margin(message);
	while (status == STATUS_OK && message->reader.hit == level && !message->reader.hit_closes) {
		status = read_part(message, place);
		if (status == STATUS_OK)
			status = emit_progress(message->emitter);
	}
	if (message->reader.hit == MAIL_DEPTH_MAX || message->reader.hit < level)
		message->is_cut = true;
	return status;
}

static enum status read_multipart(struct message *message, const struct mail_content *content,
                                  struct place place)
{
	struct mail_reader *reader = &message->reader;
	if (reader->depth == MAIL_DEPTH_MAX) {
		emit_note(message->emitter, "multiparts within multiparts more than %d deep", MAIL_DEPTH_MAX);
		return STATUS_BOMB;
	}
	place.depth++;
	place.is_top = false;
	place.in_digest = has_type(content, "multipart/digest");
	place.in_encrypted |= has_type(content, "multipart/encrypted");
	reader->boundaries[reader->depth++] = buffer_bytes(&content->boundary);
	enum status status = read_parts(message, place);
	reader->depth--;
	if (status != STATUS_OK || reader->hit != reader->depth || !reader->hit_closes)
		return status;
	return read_margin(message);
}

static enum status read_body(struct message *message, struct mail_content *content, struct place place)
{
	bool is_multipart =
		bytes_start_with(bytes_of_string(content->media_type), BYTES_LITERAL("multipart/"));
	if (is_multipart && content->boundary.len > 0)
		return read_multipart(message, content, place);
	if (is_multipart)
		content->media_type[0] = '\0'; /* no boundary: whatever it was meant to be, it can be read */
	return read_leaf(message, content, &place);
}

/* One entity from its first field to the boundary that ends it. */
static enum status read_part(struct message *message, struct place place)
{
	struct buffer block = buffer_with_ceiling(MAIL_HEADER_MAX + 1);
	struct mail_content content;
	uint64_t dropped;
	enum status status = mail_reader_take_header(&message->reader, &block, &dropped);
	bool has_body = status != STATUS_END;
	if (dropped > 0) {
		emit_note(message->emitter, "fields beyond the first MiB were not read");
		emit_unseen(message->emitter, dropped);
	}
	if (status == STATUS_END)
		status = STATUS_OK;
	if (status == STATUS_OK && place.is_top)
		status = emit_header(message, buffer_bytes(&block));
	if (status == STATUS_OK && has_body) {
		status = mail_content_read(buffer_bytes(&block), &content);
		buffer_free(&block);
		if (status == STATUS_OK)
			status = read_body(message, &content, place);
		mail_content_free(&content);
	}
	buffer_free(&block);
	return status;
}

enum status mail_message_read(struct source *source, uint64_t from, uint64_t to, struct emitter *emitter)
{
	struct message message = {
		.emitter = emitter, .reader = mail_reader_over(source, from, to),
		.decoded = buffer_with_ceiling(8u << 20), .text = buffer_with_ceiling(64u << 20),
	};
	enum status status = read_part(&message, (struct place){.is_top = true});
	if (status == STATUS_OK && message.is_cut)
		emit_note(emitter, "the message ends before its last part does");
	buffer_free(&message.decoded);
	buffer_free(&message.text);
	return status;
}
