/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk through one message, front to back, nothing kept but the open
 * multiparts and alternatives. A body without a name that is plain text or a
 * page goes into the message's text; everything else becomes a part under its
 * own name. What is encrypted becomes a part that says so.
 */
#include "format/mail/message.h"

#include "base/text.h"
#include "format/mail/alternatives.h"
#include "format/mail/flowed.h"
#include "format/mail/header.h"
#include "format/mail/reader.h"
#include "format/mail/uuencode.h"
#include "format/text/charset.h"
#include "format/text/html-reader.h"
#include "model/signature.h"

#include <gmime/gmime.h>

/* Parts of one message, those included that become text and so cost the emitter's budgets nothing. */
enum { PARTS_MAX = 100000 };

enum {
	TEXT_MAX = 64 << 20,
	SIGNED_DATA_MAX = 16 << 20, /* a signature's message */
	BODY_PIECE = 4 << 20,       /* a plain body is looked through in pieces */
	HELD_MAX = 8 << 20,         /* alternatives larger than this are not chosen from */
	JUDGED = 1024,              /* bytes by which a transfer encoding is believed */
};

struct message {
	struct emitter *emitter;
	struct mail_reader reader;
	struct buffer decoded, text; /* of the run at hand: transfer encoding undone, charset undone */
	struct buffer body;          /* what has come of a plain body and is not emitted yet */
	struct buffer lines;         /* with its soft breaks undone */
	struct buffer page, unshown; /* of pages: what they show, and what not, for the message's end */
	struct buffer missing;       /* addresses and links that the chosen alternatives lack */
	unsigned parts, messages;    /* leaves and attached messages so far: they name the nameless */
	bool is_cut;                 /* a multipart that was never closed */
};

/* The forms of one multipart/alternative, while it is open. */
struct alternatives {
	struct buffer plain, page, unshown;
	bool is_spilled; /* too large to hold: part of it has gone out */
};

/* A multipart/signed (RFC 1847) while it is open: its first part is what was signed, its second the signature. */
struct signing {
	uint64_t from, to; /* of the first part, in the source */
	unsigned parts;    /* so far */
	bool is_of_pgp;
	struct buffer message; /* of CMS, decoded */
};

/* Where a part stands. */
struct message_place {
	unsigned depth;
	bool is_top, in_digest, in_encrypted;
	struct alternatives *alternatives;
	struct signing *signing; /* of which it is a part itself */
};

/* How the body at hand is encoded, once its first bytes have been looked at. */
struct decoding {
	GMimeEncoding gmime;
	bool is_judged;
};

static enum status read_part(struct message *message, struct message_place place);

/* ---- fields ---- */

static bool is_one_of(struct bytes name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (bytes_equal_nocase(name, bytes_of_string(*names)))
			return true;
	return false;
}

/* What a reader of mail shows above the body, in this order. */
static const char *const shown_fields[] = {"From", "To", "Cc", "Date", "Subject", NULL};

static bool has_ip(struct bytes value)
{
	unsigned dots = 0;
	for (size_t i = 0; i < value.len && dots < 3; i++) {
		bool is_digit = value.at[i] >= '0' && value.at[i] <= '9';
		dots = is_digit ? dots : value.at[i] == '.' && i > 0 && value.at[i - 1] != '.' ? dots + 1 : 0;
	}
	return dots == 3;
}

/* What machines sign and how parts are written says nothing; of what programs added, only whom it names. */
static bool is_worth_text(const struct mail_field *field)
{
	static const char *const never[] = {"dkim-signature",
	                                    "domainkey-signature",
	                                    "mime-version",
	                                    "x-google-dkim-signature",
	                                    "x-gm-message-state",
	                                    "autocrypt",
	                                    "face",
	                                    "x-face",
	                                    NULL};
	if (is_one_of(field->name, shown_fields) || is_one_of(field->name, never) ||
	    bytes_start_with_nocase(field->name, BYTES_LITERAL("content-")) ||
	    bytes_start_with_nocase(field->name, BYTES_LITERAL("arc-")))
		return false;
	bool is_added = bytes_start_with_nocase(field->name, BYTES_LITERAL("x-"));
	return !is_added || bytes_find_byte(field->value, '@') != BYTES_NOT_FOUND || has_ip(field->value);
}

static void append_field(struct buffer *lines, struct bytes name, struct bytes value)
{
	if (value.len == 0)
		return;
	buffer_append(lines, name);
	buffer_append_string(lines, ": ");
	mail_value_append_decoded(value, lines);
	buffer_append_byte(lines, '\n');
}

static enum status emit_lines(struct message *message, struct buffer *lines)
{
	enum status status = buffer_status(lines);
	if (status == STATUS_OK && lines->len > 0)
		status = emit_text(message->emitter, buffer_bytes(lines));
	buffer_reset(lines);
	return status;
}

static enum status emit_shown_fields(struct message *message, struct bytes block)
{
	buffer_reset(&message->text);
	for (const char *const *name = shown_fields; *name != NULL; name++) {
		struct bytes rest = block;
		struct mail_field field;
		while (mail_field_take(&rest, &field))
			if (bytes_equal_nocase(field.name, bytes_of_string(*name)))
				append_field(&message->text, bytes_of_string(*name), field.value);
	}
	buffer_append_byte(&message->text, '\n');
	return emit_lines(message, &message->text);
}

static enum status emit_other_fields(struct message *message, struct bytes block)
{
	struct mail_field field;
	buffer_reset(&message->text);
	while (mail_field_take(&block, &field)) {
		if (!is_worth_text(&field))
			continue;
		if (message->text.len == 0)
			buffer_append_byte(&message->text, '\n');
		append_field(&message->text, field.name, field.value);
	}
	enum status status = emit_line_end(message->emitter);
	return status == STATUS_OK ? emit_lines(message, &message->text) : status;
}

static enum status emit_field(struct message *message, struct bytes block, enum metadata kind, const char *name)
{
	buffer_reset(&message->text);
	mail_value_append_decoded(mail_field_find(block, name), &message->text);
	return emit_metadata(message->emitter, kind, NULL, buffer_bytes(&message->text));
}

static enum status emit_header(struct message *message, struct bytes block)
{
	enum status status = emit_field(message, block, METADATA_TITLE, "Subject");
	if (status == STATUS_OK)
		status = emit_field(message, block, METADATA_AUTHOR, "From");
	int64_t date = mail_value_parse_date(mail_field_find(block, "Date"));
	if (status == STATUS_OK && date != CLOCK_UNKNOWN)
		status = emit_created(message->emitter, date);
	return status == STATUS_OK ? emit_shown_fields(message, block) : status;
}

static enum status emit_under(struct message *message, const char *heading, struct buffer *lines)
{
	if (lines->len == 0)
		return buffer_status(lines);
	enum status status = emit_line_end(message->emitter);
	if (status == STATUS_OK)
		status = emit_text(message->emitter, bytes_of_string(heading));
	return status == STATUS_OK ? emit_lines(message, lines) : status;
}

/* Behind the bodies. */
static enum status emit_end(struct message *message, struct bytes block)
{
	enum status status = emit_other_fields(message, block);
	if (status == STATUS_OK)
		status = emit_under(message, "\n-- in another form of the message --\n", &message->missing);
	return status == STATUS_OK ? emit_under(message, "\n-- not shown on the page --\n", &message->unshown) : status;
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
	if (encoding->encoding != GMIME_CONTENT_ENCODING_UUENCODE || (encoding->state & GMIME_UUDECODE_STATE_BEGIN) != 0)
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

static struct decoding begin_decoding(const struct mail_content *content)
{
	struct decoding decoding = {.is_judged = content->encoding != MAIL_BASE64 && content->encoding != MAIL_UUENCODE};
	g_mime_encoding_init_decode(&decoding.gmime, gmime_encoding(content->encoding));
	return decoding;
}

static bool is_base64_byte(unsigned char c)
{
	return g_ascii_isalnum(c) || c == '+' || c == '/' || c == '=' || c == '\r' || c == '\n';
}

/* Base64 has strays (a folded line's blank, a list's footer behind it), but text has them in every other word. */
static bool is_base64(struct bytes sample)
{
	size_t strays = 0;
	for (size_t i = 0; i < sample.len; i++)
		strays += !is_base64_byte(sample.at[i]);
	return strays < 2 || strays * 16 <= sample.len;
}

/* Whether the first bytes of a body are what they were said to be; if not they are taken as they stand. */
static void judge(struct message *message, struct decoding *decoding, struct bytes run)
{
	struct bytes sample = bytes_slice(bytes_trim(run), 0, JUDGED);
	if (decoding->is_judged || sample.len == 0)
		return;
	decoding->is_judged = true;
	bool is_uuencode = decoding->gmime.encoding == GMIME_CONTENT_ENCODING_UUENCODE;
	bool is_true = is_uuencode ? bytes_find(run, BYTES_LITERAL("begin ")) != BYTES_NOT_FOUND : is_base64(sample);
	if (is_true)
		return;
	emit_note(message->emitter, "a part says that it is %s and is not: it is kept as it stands",
	          is_uuencode ? "uuencoded" : "base64");
	g_mime_encoding_init_decode(&decoding->gmime, GMIME_CONTENT_ENCODING_DEFAULT);
}

/* The next run of the body without its transfer encoding; END at its end. */
static enum status take_decoded(struct message *message, struct decoding *decoding, struct bytes *ret_run)
{
	GMimeEncoding *encoding = &decoding->gmime;
	enum status status = mail_reader_take_run(&message->reader, ret_run);
	if (status == STATUS_OK)
		judge(message, decoding, *ret_run);
	if (status != STATUS_OK || encoding->encoding == GMIME_CONTENT_ENCODING_DEFAULT)
		return status;
	*ret_run = skip_to_uuencoded(encoding, *ret_run);
	buffer_reset(&message->decoded);
	unsigned char *into = buffer_extend(&message->decoded, g_mime_encoding_outlen(encoding, ret_run->len));
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
			emit_note(message->emitter, "unknown charset %.*s, read as windows-1252", (int)declared.len, declared.at);
	}
	const char *guess = charset_guess(sample, is_known ? declared : BYTES_NONE);
	if (declared.len > 0 && !is_known && (guess == NULL || g_ascii_strcasecmp(guess, "utf-8") != 0))
		guess = "windows-1252";
	if (guess == NULL && is_known)
		return charset_stream_open(declared, ret_stream);
	return charset_stream_open(bytes_of_string(guess != NULL ? guess : "windows-1252"), ret_stream);
}

/* A plain body on its way: out of its charset, its soft breaks undone, into the text or what holds it. */
struct plain_body {
	struct charset_stream *stream;
	struct flowed flowed;
	bool is_flowed;
	struct alternatives *alternatives;
	size_t wanted; /* bytes that have to come before the next look */
};

/* What grows too large to be chosen from goes out as it comes. */
static enum status spill(struct message *message, struct alternatives *alternatives, struct buffer *held)
{
	if (held->len <= HELD_MAX)
		return buffer_status(held);
	alternatives->is_spilled = true;
	return emit_lines(message, held);
}

static enum status put_lines(struct message *message, const struct plain_body *body, struct bytes lines)
{
	if (body->alternatives == NULL)
		return emit_text(message->emitter, lines);
	buffer_append(&body->alternatives->plain, lines);
	return spill(message, body->alternatives, &body->alternatives->plain);
}

static enum status put_converted(struct message *message, struct plain_body *body, bool is_last)
{
	enum status status = buffer_status(&message->text);
	struct bytes lines = buffer_bytes(&message->text);
	if (status == STATUS_OK && body->is_flowed) {
		buffer_reset(&message->lines);
		status = flowed_feed(&body->flowed, lines, is_last, &message->lines);
		lines = buffer_bytes(&message->lines);
	}
	return status == STATUS_OK && lines.len > 0 ? put_lines(message, body, lines) : status;
}

static enum status put_raw(struct message *message, const struct mail_content *content, struct plain_body *body, struct bytes raw)
{
	enum status status = STATUS_OK;
	if (raw.len == 0)
		return STATUS_OK;
	if (body->stream == NULL)
		status = open_charset(message, buffer_bytes(&content->charset), raw, &body->stream);
	buffer_reset(&message->text);
	if (status == STATUS_OK)
		status = charset_stream_feed(body->stream, raw, &message->text);
	return status == STATUS_OK ? put_converted(message, body, false) : status;
}

/* A file in the text; *ret_length of it and what stands before, 0 where more of it has to come first. */
static enum status put_file(struct message *message, struct bytes data, struct bytes name, bool is_last, size_t *ret_length)
{
	struct buffer file = buffer_with_ceiling(TEXT_MAX);
	struct child child = {.name = name, .modified = CLOCK_UNKNOWN};
	bool is_whole;
	enum status status = STATUS_OK;
	*ret_length = uuencode_decode(data, &file, &is_whole);
	if (!is_whole && !is_last)
		*ret_length = 0;
	else
		status = buffer_status(&file);
	if (status == STATUS_OK && *ret_length > 0)
		status = emit_child_begin(message->emitter, &child);
	if (status == STATUS_OK && *ret_length > 0)
		status = emit_child_bytes(message->emitter, buffer_bytes(&file));
	if (status == STATUS_OK && *ret_length > 0)
		status = emit_child_end(message->emitter, is_whole ? STATUS_OK : STATUS_TRUNCATED);
	buffer_free(&file);
	return status;
}

/* Puts what has come of the body, in whole lines; a file that has not come whole waits for the rest. */
static enum status put_body(struct message *message, const struct mail_content *content, struct plain_body *body, bool is_last)
{
	struct bytes rest = buffer_bytes(&message->body), name;
	size_t newline = bytes_find_last_byte(rest, '\n'), whole = rest.len, done = 0, data, length;
	enum status status = STATUS_OK;
	bool is_forced = is_last || whole >= TEXT_MAX / 2;
	if (!is_last && newline != BYTES_NOT_FOUND)
		whole = newline + 1;
	rest = bytes_slice(rest, 0, whole);
	body->wanted = BODY_PIECE;
	while (status == STATUS_OK && done < whole) {
		struct bytes part = bytes_from(rest, done);
		size_t at = uuencode_find(part, &name, &data);
		status = put_raw(message, content, body, bytes_slice(part, 0, at == BYTES_NOT_FOUND ? part.len : at));
		done += at == BYTES_NOT_FOUND ? part.len : at;
		if (status != STATUS_OK || at == BYTES_NOT_FOUND)
			break;
		status = put_file(message, bytes_from(part, data), name, is_forced, &length);
		if (status != STATUS_OK || length == 0)
			break;
		done += data - at + length;
	}
	buffer_consume(&message->body, done);
	if (message->body.len >= BODY_PIECE / 2)
		body->wanted = 2 * message->body.len;
	return status;
}

static enum status end_body(struct message *message, struct plain_body *body)
{
	buffer_reset(&message->text);
	enum status status = body->stream != NULL ? charset_stream_finish(body->stream, &message->text) : STATUS_OK;
	if (status == STATUS_OK)
		status = put_converted(message, body, true);
	if (status != STATUS_OK || body->alternatives == NULL)
		return status == STATUS_OK ? emit_line_end(message->emitter) : status;
	struct buffer *held = &body->alternatives->plain;
	if (held->len > 0 && held->at[held->len - 1] != '\n')
		buffer_append_byte(held, '\n');
	return buffer_status(held);
}

static enum status read_text(struct message *message, const struct mail_content *content, const struct message_place *place,
                             bool is_margin)
{
	struct decoding decoding = begin_decoding(content);
	struct plain_body body = {
		.flowed = flowed_start(content->deletes_space),
		.is_flowed = content->is_flowed,
		.alternatives = is_margin ? NULL : place->alternatives,
		.wanted = BODY_PIECE,
	};
	struct bytes run;
	enum status status;
	buffer_reset(&message->body);
	while ((status = take_decoded(message, &decoding, &run)) == STATUS_OK) {
		if (run.len == 0 || (is_margin && bytes_trim(run).len == 0))
			continue;
		buffer_append(&message->body, run);
		status = buffer_status(&message->body);
		if (status == STATUS_OK && message->body.len >= body.wanted)
			status = put_body(message, content, &body, false);
		if (status != STATUS_OK)
			break;
	}
	if (status == STATUS_END)
		status = put_body(message, content, &body, true);
	if (status == STATUS_OK)
		status = end_body(message, &body);
	charset_stream_close(body.stream);
	flowed_free(&body.flowed);
	return status;
}

/* ---- pages ---- */

static enum status feed_page(struct message *message, const struct mail_content *content, struct html_reader *html,
                             struct charset_stream **stream, struct bytes run)
{
	enum status status = STATUS_OK;
	if (*stream == NULL) {
		struct bytes declared = buffer_bytes(&content->charset);
		struct bytes named = declared.len > 0 ? declared : html_find_charset(bytes_slice(run, 0, FORMAT_HEAD_SIZE));
		status = open_charset(message, named, run, stream);
	}
	buffer_reset(&message->text);
	if (status == STATUS_OK)
		status = charset_stream_feed(*stream, run, &message->text);
	if (status == STATUS_OK)
		status = buffer_status(&message->text);
	return status == STATUS_OK ? html_reader_feed(html, buffer_bytes(&message->text), false) : status;
}

static enum status read_page(struct message *message, const struct mail_content *content, const struct message_place *place)
{
	struct alternatives alone = {.page = message->page, .unshown = message->unshown};
	struct alternatives *into = place->alternatives != NULL ? place->alternatives : &alone;
	struct decoding decoding = begin_decoding(content);
	struct charset_stream *stream = NULL;
	struct html_reader html;
	struct bytes run;
	enum status status;
	html_reader_start_into(&html, message->emitter, &into->page, &into->unshown);
	while ((status = take_decoded(message, &decoding, &run)) == STATUS_OK) {
		status = run.len > 0 ? feed_page(message, content, &html, &stream, run) : STATUS_OK;
		if (status == STATUS_OK)
			status = spill(message, into, &into->page);
		if (status == STATUS_OK)
			status = spill(message, into, &into->unshown);
		if (status == STATUS_OK)
			status = emit_progress(message->emitter);
		if (status != STATUS_OK)
			break;
	}
	if (status == STATUS_END)
		status = html_reader_finish(&html);
	charset_stream_close(stream);
	html_reader_free(&html);
	if (into != &alone)
		return status;
	message->page = alone.page;
	message->unshown = alone.unshown;
	if (status == STATUS_OK)
		status = emit_lines(message, &message->page);
	return status == STATUS_OK ? emit_line_end(message->emitter) : status;
}

/* The better form becomes text; of the other, what it alone tells is kept for the message's end. */
static enum status end_alternatives(struct message *message, struct alternatives *alternatives)
{
	struct bytes plain = buffer_bytes(&alternatives->plain), page = buffer_bytes(&alternatives->page);
	bool is_plain = alternatives->is_spilled || alternatives_plain_is_better(plain, page);
	struct bytes chosen = is_plain ? plain : page, other = is_plain ? page : plain;
	enum status status = STATUS_OK;
	if (chosen.len > 0)
		status = emit_text(message->emitter, chosen);
	if (status == STATUS_OK && alternatives->is_spilled && other.len > 0)
		status = emit_text(message->emitter, other);
	else if (status == STATUS_OK)
		status = alternatives_append_missing(chosen, other, &message->missing);
	if (status == STATUS_OK && is_plain && !alternatives->is_spilled)
		status = alternatives_append_missing(chosen, buffer_bytes(&alternatives->unshown), &message->missing);
	else
		buffer_append(&message->unshown, buffer_bytes(&alternatives->unshown));
	return status == STATUS_OK ? emit_line_end(message->emitter) : status;
}

/* ---- parts ---- */

/* CMS enveloped data (RFC 5652 6) begins with its object identifier within the first few bytes. */
static bool is_enveloped(struct bytes start)
{
	static const unsigned char enveloped[] = {0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03};
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
	return may_be_enveloped(content) && (bytes_equal_nocase(smime_type, BYTES_LITERAL("enveloped-data")) ||
	                                     bytes_equal_nocase(smime_type, BYTES_LITERAL("authEnveloped-data")));
}

/* CMS signed data (RFC 5652 5). */
static bool is_signed_data(struct bytes start)
{
	static const unsigned char identifier[] = {0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02};
	return bytes_find(bytes_slice(start, 0, 64), bytes_of(identifier, sizeof identifier)) != BYTES_NOT_FOUND;
}

static bool is_detached_signature(const struct mail_content *content)
{
	return has_type(content, "application/pkcs7-signature") || has_type(content, "application/x-pkcs7-signature");
}

static enum status tell_signature(struct message *message, const struct signed_part *part)
{
	enum status status = emit_signature(message->emitter, part);
	/* Whoever read the source may have taken its view. */
	message->reader.view = BYTES_NONE;
	message->reader.view_at = message->reader.at;
	return status;
}

/* A mail that is a signature with what was signed in it (RFC 8551 3.5.2). */
static enum status tell_enclosing(struct message *message, struct bytes signed_data)
{
	if (!is_signed_data(signed_data))
		return STATUS_OK;
	return tell_signature(message, &(struct signed_part){.kind = "smime",
	                                                     .message = signed_data,
	                                                     .claimed = CLOCK_UNKNOWN,
	                                                     .covers = "the part that the signature encloses"});
}

/* OpenPGP's are known by their form; there is nothing here that could check one. */
static enum status tell_pgp(struct message *message)
{
	struct buffer value = buffer_with_ceiling(1024);
	struct fact fact = signature_fact(&(struct signature){.kind = BYTES_LITERAL("pgp-mime"),
	                                                      .time = CLOCK_UNKNOWN,
	                                                      .covers = BYTES_LITERAL("the signed part of the mail"),
	                                                      .chain = BYTES_LITERAL("OpenPGP: not checked")},
	                                  &value);
	enum status status = buffer_status(&value) == STATUS_OK ? emit_fact(message->emitter, &fact) : buffer_status(&value);
	buffer_free(&value);
	return status;
}

static enum status end_signing(struct message *message, const struct signing *signing)
{
	if (signing->is_of_pgp && signing->message.len == 0)
		return tell_pgp(message);
	if (signing->message.len == 0)
		return STATUS_OK;
	return tell_signature(message, &(struct signed_part){.kind = "smime",
	                                                     .message = buffer_bytes(&signing->message),
	                                                     .source = message->reader.source,
	                                                     .ranges = {{signing->from, signing->to}},
	                                                     .range_count = 1,
	                                                     .has_lines = true,
	                                                     .claimed = CLOCK_UNKNOWN,
	                                                     .covers = "the signed part of the mail, not its header"});
}

static enum status read_child(struct message *message, const struct mail_content *content, const char *name,
                              const struct message_place *place)
{
	bool is_encrypted = place->in_encrypted;
	if (place->signing != NULL)
		place->signing->is_of_pgp |= has_type(content, "application/pgp-signature");
	struct buffer signed_data = buffer_with_ceiling(SIGNED_DATA_MAX);
	struct buffer *kept = place->signing != NULL && is_detached_signature(content) ? &place->signing->message
	                      : place->is_top && may_be_enveloped(content)             ? &signed_data
	                                                                               : NULL;
	struct child child = {
		.name = content->name.len > 0 ? buffer_bytes(&content->name) : bytes_of_string(name),
		.modified = content->modified,
		.declared_charset = buffer_bytes(&content->charset),
	};
	struct decoding decoding = begin_decoding(content);
	struct bytes run;
	bool is_first = true;
	is_encrypted |= says_enveloped(content);
	if (content->encoding == MAIL_UNKNOWN_ENCODING)
		emit_note(message->emitter, "a part has an unknown transfer encoding and is kept as it stands");
	enum status status = emit_child_begin(message->emitter, &child);
	if (status != STATUS_OK)
		return status;
	while ((status = take_decoded(message, &decoding, &run)) == STATUS_OK) {
		is_encrypted |= is_first && may_be_enveloped(content) && is_enveloped(run);
		is_first &= run.len == 0;
		status = emit_child_bytes(message->emitter, run);
		if (status != STATUS_OK)
			break;
		if (kept != NULL)
			buffer_append(kept, run);
	}
	if (status == STATUS_END)
		status = emit_child_end(message->emitter, is_encrypted ? STATUS_ENCRYPTED : STATUS_OK);
	/* One that is larger is not looked at. */
	if (status == STATUS_OK && buffer_status(&signed_data) == STATUS_OK)
		status = tell_enclosing(message, buffer_bytes(&signed_data));
	buffer_free(&signed_data);
	return status;
}

static enum status read_attached_message(struct message *message, const struct mail_content *content,
                                         const struct message_place *place)
{
	char name[32];
	snprintf(name, sizeof name, "%u.eml", ++message->messages);
	return read_child(message, content, name, place);
}

static enum status read_leaf(struct message *message, const struct mail_content *content, const struct message_place *place)
{
	static const char *const message_types[] = {"message/rfc822", "message/global", "message/news", NULL};
	static const char *const text_types[] = {
		"text/plain",
		"text",
		"message/delivery-status",
		"message/disposition-notification",
		"message/feedback-report",
		"message/global-delivery-status",
		"text/rfc822-headers",
		"message/external-body",
		NULL,
	};
	struct bytes type = bytes_of_string(content->media_type);
	char name[32];
	bool is_inline = content->name.len == 0 && !content->is_attachment && !place->in_encrypted;
	if (++message->parts > PARTS_MAX) {
		emit_note(message->emitter, "more than %d parts in one message", PARTS_MAX);
		return STATUS_BOMB;
	}
	if (is_one_of(type, message_types) || (type.len == 0 && place->in_digest))
		return read_attached_message(message, content, place);
	if (place->in_encrypted && has_type(content, "application/pgp-encrypted"))
		return skip_body(message); /* "Version: 1", nothing else (RFC 3156 4) */
	if (is_inline && (type.len == 0 || is_one_of(type, text_types)))
		return read_text(message, content, place, false);
	if (is_inline && has_type(content, "text/html"))
		return read_page(message, content, place);
	snprintf(name, sizeof name, "part-%u", message->parts);
	return read_child(message, content, name, place);
}

/* ---- multiparts ---- */

/* Text before the first and behind the last boundary, which readers of mail hide: ours shows it. */
static enum status read_margin(struct message *message)
{
	struct mail_content content = {.modified = CLOCK_UNKNOWN};
	return read_text(message, &content, NULL, true);
}

/* Reads the parts between the boundaries of the innermost multipart, which stands on the reader's stack. */
static enum status read_parts(struct message *message, struct message_place place)
{
	const unsigned level = message->reader.depth - 1;
	enum status status = read_margin(message);
	while (status == STATUS_OK && message->reader.hit == level && !message->reader.hit_closes) {
		uint64_t from = message->reader.at;
		status = read_part(message, place);
		if (place.signing != NULL && place.signing->parts++ == 0) {
			place.signing->from = from;
			place.signing->to = message->reader.hit_at;
		}
		if (status == STATUS_OK)
			status = emit_progress(message->emitter);
	}
	if (message->reader.hit == MAIL_DEPTH_MAX || message->reader.hit < level)
		message->is_cut = true;
	return status;
}

static enum status read_multipart(struct message *message, const struct mail_content *content, struct message_place place)
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
	bool is_choice = has_type(content, "multipart/alternative");
	struct alternatives alternatives = {
		.plain = buffer_with_ceiling(TEXT_MAX),
		.page = buffer_with_ceiling(TEXT_MAX),
		.unshown = buffer_with_ceiling(TEXT_MAX),
	};
	if (is_choice)
		place.alternatives = &alternatives;
	struct signing signing = {.message = buffer_with_ceiling(SIGNED_DATA_MAX)};
	place.signing = has_type(content, "multipart/signed") ? &signing : NULL;
	reader->boundaries[reader->depth++] = buffer_bytes(&content->boundary);
	enum status status = read_parts(message, place);
	reader->depth--;
	if (status == STATUS_OK && place.signing != NULL && signing.parts > 1 && buffer_status(&signing.message) == STATUS_OK)
		status = end_signing(message, &signing);
	buffer_free(&signing.message);
	if (status == STATUS_OK && is_choice)
		status = end_alternatives(message, &alternatives);
	buffer_free(&alternatives.plain);
	buffer_free(&alternatives.page);
	buffer_free(&alternatives.unshown);
	if (status != STATUS_OK || reader->hit != reader->depth || !reader->hit_closes)
		return status;
	return read_margin(message);
}

static enum status read_body(struct message *message, struct mail_content *content, struct message_place place)
{
	bool is_multipart = bytes_start_with(bytes_of_string(content->media_type), BYTES_LITERAL("multipart/"));
	if (is_multipart && content->boundary.len > 0)
		return read_multipart(message, content, place);
	if (is_multipart)
		content->media_type[0] = '\0'; /* no boundary: whatever it was meant to be, it can be read */
	return read_leaf(message, content, &place);
}

/* One entity from its first field to the boundary that ends it. */
static enum status read_part(struct message *message, struct message_place place)
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
		if (!place.is_top)
			buffer_free(&block);
		if (status == STATUS_OK)
			status = read_body(message, &content, place);
		mail_content_free(&content);
	}
	if (status == STATUS_OK && place.is_top)
		status = emit_end(message, buffer_bytes(&block));
	buffer_free(&block);
	return status;
}

enum status mail_message_read(struct source *source, uint64_t from, uint64_t to, struct emitter *emitter)
{
	struct message message = {
		.emitter = emitter,
		.reader = mail_reader_over(source, from, to),
		.decoded = buffer_with_ceiling(8u << 20),
		.text = buffer_with_ceiling(TEXT_MAX),
		.body = buffer_with_ceiling(TEXT_MAX),
		.lines = buffer_with_ceiling(TEXT_MAX),
		.page = buffer_with_ceiling(TEXT_MAX),
		.unshown = buffer_with_ceiling(TEXT_MAX),
		.missing = buffer_with_ceiling(TEXT_MAX),
	};
	enum status status = read_part(&message, (struct message_place){.is_top = true});
	if (status == STATUS_OK && message.is_cut)
		emit_note(emitter, "the message ends before its last part does");
	struct buffer *const all[] = {&message.decoded, &message.text,    &message.body,   &message.lines,
	                              &message.page,    &message.unshown, &message.missing};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		buffer_free(all[i]);
	return status;
}
