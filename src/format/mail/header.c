/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mail header fields. GMime reads what has a grammar of its own (encoded
 * words, parameters, dates), on values of bounded length; its message parser
 * is not used: it keeps an object for every field and part, some 260 bytes of
 * memory for each byte of a hostile message.
 */
#include "format/mail/header.h"

#include "base/clock.h"
#include "format/text/charset-table.h"
#include "format/text/charset.h"

#include <gmime/gmime.h>
#include <iconv.h>

enum { VALUE_MAX = 64 << 10, PARAMETER_MAX = 4096, BOUNDARY_MAX = 512, CONVERTERS_MAX = 80 };

/* Filled once by mail_header_prepare. */
static GMimeParserOptions *options;
static iconv_t held[CONVERTERS_MAX];
static GTimeZone *held_zones[2]; /* GLib reads a zone's file again once nobody holds the zone */

/* GMime decodes words by iconv, which opens no file once a converter of that charset is held open. Held are
 * those that charset.c reads by tables, and those that it reads as a larger charset of the same family. */
static enum status hold_converters(void)
{
	static const char *const narrower[] = {
		"ISO-8859-1", "ISO-8859-9", "ISO-8859-11", "EUC-KR",      "EUC-CN",      "GB2312", "GBK",     "BIG5",
		"SHIFT_JIS",  "EUC-JP",     "UTF-7",       "ISO-2022-JP", "ISO-2022-KR", "UTF-16", "TIS-620",
	};
	size_t count = 0;
	for (size_t i = 0; i < charset_count && count < CONVERTERS_MAX; i++)
		if (charset_table[i].kind == CHARSET_SINGLE && charset_table[i].iconv_name != NULL)
			held[count++] = iconv_open("UTF-8", charset_table[i].iconv_name);
	for (size_t i = 0; i < sizeof narrower / sizeof *narrower && count < CONVERTERS_MAX; i++)
		held[count++] = iconv_open("UTF-8", narrower[i]);
	for (size_t i = 0; i < count; i++)
		if (held[i] == (iconv_t)-1)
			return STATUS_BROKEN;
	return STATUS_OK;
}

enum status mail_header_prepare(void)
{
	static const char *fallback_charsets[] = {"utf-8", "windows-1252", NULL};
	if (options != NULL)
		return STATUS_OK;
	enum status status = charset_prepare();
	if (status == STATUS_OK)
		status = hold_converters();
	if (status != STATUS_OK)
		return status;
	g_mime_init();
	options = g_mime_parser_options_new();
	g_mime_parser_options_set_fallback_charsets(options, fallback_charsets);
	held_zones[0] = g_time_zone_new_utc();
	held_zones[1] = g_time_zone_new_local();
	/* The first use registers GLib's types and time zones: no document should be the one to pay. */
	struct mail_content content;
	status = mail_content_read(
		BYTES_LITERAL("Content-Type: text/plain; charset*0*=utf-8''a; name=\"=?utf-8?q?b?=\"\n"
	                      "Content-Disposition: inline; modification-date=\"Thu, 1 Aug 2002 10:00:00 +0200\"\n"),
		&content);
	mail_content_free(&content);
	return status;
}

/* ---- lines ---- */

static bool is_name_byte(unsigned char byte)
{
	return byte > ' ' && byte < 0x7F && byte != ':';
}

size_t mail_field_name_length(struct bytes line)
{
	size_t length = 0, colon;
	while (length < line.len && length < 256 && is_name_byte(line.at[length]))
		length++;
	for (colon = length; colon < line.len && (line.at[colon] == ' ' || line.at[colon] == '\t'); colon++)
		if (colon - length == 8)
			return 0;
	return colon < line.len && line.at[colon] == ':' ? length : 0;
}

static bool is_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9';
}

/* "12:34" and, elsewhere, "1987" or "2022": enough to tell a date from prose. */
static bool has_time_and_year(struct bytes text)
{
	bool has_time = false, has_year = false;
	for (size_t i = 1; i + 2 < text.len; i++)
		has_time |= text.at[i] == ':' && is_digit(text.at[i - 1]) && is_digit(text.at[i + 1]) && is_digit(text.at[i + 2]);
	for (size_t i = 1; i + 3 < text.len; i++)
		has_year |= text.at[i - 1] == ' ' && is_digit(text.at[i + 2]) && is_digit(text.at[i + 3]) &&
		            ((text.at[i] == '1' && text.at[i + 1] == '9') || (text.at[i] == '2' && text.at[i + 1] == '0')) &&
		            (i + 4 == text.len || !is_digit(text.at[i + 4]));
	return has_time && has_year;
}

bool mail_is_envelope(struct bytes line)
{
	if (!bytes_start_with(line, BYTES_LITERAL("From ")))
		return false;
	struct bytes rest = bytes_slice(bytes_from(line, 5), 0, 500);
	size_t newline = bytes_find_byte(rest, '\n');
	rest = bytes_trim(newline == BYTES_NOT_FOUND ? rest : bytes_slice(rest, 0, newline));
	return has_time_and_year(rest);
}

static struct bytes take_line(struct bytes *block)
{
	size_t newline = bytes_find_byte(*block, '\n');
	struct bytes line = newline == BYTES_NOT_FOUND ? *block : bytes_slice(*block, 0, newline + 1);
	*block = bytes_from(*block, line.len);
	return line;
}

static bool is_continuation(struct bytes block)
{
	return block.len > 0 && (block.at[0] == ' ' || block.at[0] == '\t');
}

bool mail_field_take(struct bytes *block, struct mail_field *ret_field)
{
	while (block->len > 0) {
		struct bytes start = *block, line = take_line(block);
		size_t name = mail_field_name_length(line);
		if (name == 0)
			continue;
		while (is_continuation(*block))
			take_line(block);
		struct bytes whole = bytes_slice(start, 0, start.len - block->len);
		ret_field->name = bytes_slice(whole, 0, name);
		ret_field->value = bytes_trim(bytes_from(whole, bytes_find_byte(whole, ':') + 1));
		return true;
	}
	return false;
}

struct bytes mail_field_find(struct bytes block, const char *name)
{
	struct mail_field field;
	while (mail_field_take(&block, &field))
		if (bytes_equal_nocase(field.name, bytes_of_string(name)))
			return field.value;
	return BYTES_NONE;
}

/* ---- values ---- */

/* The value as one line and a C string: breaks become a blank, NULs go. */
static void append_unfolded(struct bytes value, struct buffer *into)
{
	value = bytes_slice(value, 0, VALUE_MAX);
	for (size_t i = 0; i < value.len; i++) {
		unsigned char byte = value.at[i];
		if (byte == '\0' || byte == '\r' ||
		    (byte == '\n' && i + 1 < value.len && is_continuation(bytes_from(value, i + 1))))
			continue;
		buffer_append_byte(into, byte == '\n' ? ' ' : byte);
	}
}

void mail_value_append_decoded(struct bytes value, struct buffer *into)
{
	struct buffer line = buffer_with_ceiling(VALUE_MAX + 1);
	append_unfolded(value, &line);
	char *decoded = g_mime_utils_header_decode_text(options, buffer_string(&line));
	/* Encoded words may hold line breaks, and a field must stay one line. */
	for (char *at = decoded; at != NULL && *at != '\0'; at++)
		if (*at == '\r' || *at == '\n')
			*at = ' ';
	buffer_append(into, bytes_trim(bytes_of_string(decoded)));
	g_free(decoded);
	buffer_free(&line);
}

int64_t mail_value_parse_date(struct bytes value)
{
	struct buffer line = buffer_with_ceiling(256);
	append_unfolded(bytes_slice(value, 0, 200), &line);
	GDateTime *date = g_mime_utils_header_decode_date(buffer_string(&line));
	int64_t seconds = date != NULL ? g_date_time_to_unix(date) : clock_parse_rfc3339(buffer_bytes(&line));
	if (date != NULL)
		g_date_time_unref(date);
	buffer_free(&line);
	return seconds;
}

/* ---- telling mail from other text that has colons in it ---- */

static bool contains(struct bytes value, const char *text)
{
	return bytes_find(value, bytes_of_string(text)) != BYTES_NOT_FOUND;
}

static bool is_version(struct bytes value)
{
	return value.len > 0 && is_digit(value.at[0]);
}
static bool is_message_id(struct bytes value)
{
	return value.len > 2 && value.at[0] == '<';
}
static bool is_trace(struct bytes value)
{
	return contains(value, ";") || contains(value, "by ") || contains(value, "from ");
}
static bool is_address(struct bytes value)
{
	return contains(value, "@");
}
static bool is_path(struct bytes value)
{
	return contains(value, "<") || contains(value, "@");
}
static bool is_media_type(struct bytes value)
{
	return contains(value, "/");
}
static bool is_anything(struct bytes value)
{
	return value.len > 0;
}
static bool is_date(struct bytes value)
{
	return clock_parse_rfc5322(value) != CLOCK_UNKNOWN;
}

/* clang-format off */
static const struct header_evidence {
	const char *name;
	int points;             /* 20: hardly anything but mail has it */
	bool (*holds)(struct bytes value);
} evidence[] = {
	{"received", 20, is_trace}, {"message-id", 20, is_message_id}, {"return-path", 20, is_path},
	{"mime-version", 20, is_version}, {"delivered-to", 20, is_address},
	{"dkim-signature", 20, is_anything}, {"x-mailer", 20, is_anything},
	{"x-originating-ip", 20, is_anything}, {"in-reply-to", 10, is_message_id},
	{"newsgroups", 10, is_anything}, {"date", 15, is_date}, {"from", 10, is_anything},
	{"from", 5, is_address}, {"to", 10, is_anything}, {"to", 5, is_address},
	{"cc", 5, is_address}, {"bcc", 5, is_address}, {"reply-to", 5, is_address},
	{"sender", 5, is_address}, {"subject", 10, is_anything}, {"content-type", 5, is_media_type},
	{"content-transfer-encoding", 5, is_anything},
};
/* clang-format on */

static int score_field(const struct mail_field *field, bool *ret_is_certain)
{
	int points = 0;
	for (size_t i = 0; i < sizeof evidence / sizeof *evidence; i++) {
		if (!bytes_equal_nocase(field->name, bytes_of_string(evidence[i].name)) || !evidence[i].holds(field->value))
			continue;
		points += evidence[i].points;
		*ret_is_certain |= evidence[i].points == 20;
	}
	return points;
}

/* A block in which every line is a field or continues one; *block ends where it does. False if there is no
 * such. */
static bool is_block_of_fields(struct bytes *block, bool is_cut)
{
	struct bytes rest = *block;
	size_t odd_lines = 0, lines = 0;
	while (rest.len > 0) {
		struct bytes line = take_line(&rest);
		if (bytes_trim(line).len == 0) {
			*block = bytes_slice(*block, 0, block->len - rest.len);
			break;
		}
		bool is_last_cut = rest.len == 0 && is_cut && line.at[line.len - 1] != '\n';
		if (!is_last_cut && mail_field_name_length(line) == 0 && !is_continuation(line))
			odd_lines++;
		lines++;
	}
	return lines > 0 && odd_lines * 6 <= lines;
}

int mail_head_score(struct bytes head)
{
	struct mail_field field;
	struct bytes block = head;
	bool is_certain = false;
	unsigned lower = 0, fields = 0;
	int score = 0;
	if (mail_field_name_length(head) == 0 || !is_block_of_fields(&block, head.len >= 4000))
		return 0;
	for (; fields < 400 && mail_field_take(&block, &field); fields++) {
		score += score_field(&field, &is_certain);
		lower += field.name.at[0] >= 'a' && field.name.at[0] <= 'z';
	}
	/* "from: x, to: y" in small letters is as likely a settings file. */
	if (!is_certain && (score < 25 || lower == fields))
		return 0;
	return score < 100 ? score : 100;
}

/* Nothing, or one word with an @, or - and MAILER-DAEMON, as programs write them. */
static bool is_bare_sender(struct bytes sender)
{
	if (sender.len == 0 || bytes_equal(sender, BYTES_LITERAL("-")) || bytes_equal(sender, BYTES_LITERAL("MAILER-DAEMON")))
		return true;
	for (size_t i = 0; i < sender.len; i++)
		if (sender.at[i] <= ' ')
			return false;
	return contains(sender, "@");
}

bool mail_is_bare_envelope(struct bytes line, struct bytes rest)
{
	static const char *const known[] = {
		"from",         "to",       "cc",     "subject",          "date",        "message-id", "received", "return-path",
		"mime-version", "reply-to", "sender", "x-mozilla-status", "delivered-to"};
	struct mail_field field;
	unsigned found = 0;
	if (!bytes_start_with(line, BYTES_LITERAL("From")) || !is_bare_sender(bytes_trim(bytes_from(line, 4))) ||
	    (line.len > 4 && line.at[4] > ' '))
		return false;
	rest = bytes_slice(rest, 0, 2000);
	if (mail_field_name_length(rest) == 0 || !is_block_of_fields(&rest, true))
		return false;
	while (found < 2 && mail_field_take(&rest, &field))
		for (size_t i = 0; i < sizeof known / sizeof *known; i++)
			found += bytes_equal_nocase(field.name, bytes_of_string(known[i]));
	return found >= 2;
}

/* ---- what a part's fields say ---- */

static void keep_parameter(struct buffer *into, const char *value)
{
	if (into->len == 0 && value != NULL)
		buffer_append(into, bytes_slice(bytes_trim(bytes_of_string(value)), 0, into->ceiling));
}

/* A name in pieces (RFC 2231 3) that are an encoded word when they are joined: neither standard has it, programs do. */
static void keep_name(struct buffer *into, const char *value)
{
	struct bytes raw = bytes_of_string(value != NULL ? value : "");
	if (into->len > 0 || !bytes_start_with(raw, BYTES_LITERAL("=?")) || !bytes_end_with(raw, BYTES_LITERAL("?="))) {
		keep_parameter(into, value);
		return;
	}
	struct buffer decoded = buffer_with_ceiling(VALUE_MAX + 1);
	mail_value_append_decoded(raw, &decoded);
	keep_parameter(into, buffer_string(&decoded));
	buffer_free(&decoded);
}

/* Parameters that stand behind a type without the semicolon the grammar asks for. */
static void keep_stray_charset(struct bytes value, struct buffer *into)
{
	size_t at = bytes_find(value, BYTES_LITERAL("charset="));
	if (into->len > 0 || at == BYTES_NOT_FOUND)
		return;
	struct bytes rest = bytes_from(value, at + 8);
	size_t length = 0;
	if (rest.len > 0 && rest.at[0] == '"')
		rest = bytes_from(rest, 1);
	while (length < rest.len && length < 40 && is_name_byte(rest.at[length]) && strchr("\";,", rest.at[length]) == NULL)
		length++;
	buffer_append(into, bytes_slice(rest, 0, length));
}

static bool has_parameter(GMimeContentType *type, const char *name, const char *value)
{
	const char *found = g_mime_content_type_get_parameter(type, name);
	return found != NULL && g_ascii_strcasecmp(found, value) == 0;
}

static void read_type(struct bytes value, struct mail_content *content)
{
	struct buffer line = buffer_with_ceiling(VALUE_MAX + 1);
	append_unfolded(value, &line);
	GMimeContentType *type = g_mime_content_type_parse(options, buffer_string(&line));
	char *media_type = g_mime_content_type_get_mime_type(type);
	/* GMime's word for what it could not read. */
	if (!g_mime_content_type_is_type(type, "application", "octet-stream") ||
	    bytes_start_with_nocase(buffer_bytes(&line), BYTES_LITERAL("application/octet-stream")))
		for (size_t i = 0; media_type[i] != '\0' && i + 1 < sizeof content->media_type; i++)
			content->media_type[i] = g_ascii_tolower(media_type[i]);
	keep_parameter(&content->boundary, g_mime_content_type_get_parameter(type, "boundary"));
	keep_parameter(&content->charset, g_mime_content_type_get_parameter(type, "charset"));
	content->is_flowed = has_parameter(type, "format", "flowed");
	content->deletes_space = content->is_flowed && has_parameter(type, "delsp", "yes");
	keep_name(&content->name, g_mime_content_type_get_parameter(type, "name"));
	keep_parameter(&content->smime_type, g_mime_content_type_get_parameter(type, "smime-type"));
	keep_stray_charset(buffer_bytes(&line), &content->charset);
	g_free(media_type);
	g_object_unref(type);
	buffer_free(&line);
}

static void read_disposition(struct bytes value, struct mail_content *content)
{
	struct buffer line = buffer_with_ceiling(VALUE_MAX + 1);
	append_unfolded(value, &line);
	GMimeContentDisposition *disposition = g_mime_content_disposition_parse(options, buffer_string(&line));
	if (disposition != NULL) {
		content->is_attachment = g_mime_content_disposition_is_attachment(disposition);
		const char *name = g_mime_content_disposition_get_parameter(disposition, "filename");
		if (name != NULL && name[0] != '\0')
			buffer_reset(&content->name); /* the type's "name" counts less (RFC 2183 2.3) */
		keep_name(&content->name, name);
		const char *modified = g_mime_content_disposition_get_parameter(disposition, "modification-date");
		if (modified != NULL)
			content->modified = mail_value_parse_date(bytes_of_string(modified));
		g_object_unref(disposition);
	}
	buffer_free(&line);
}

static enum mail_encoding encoding_named(struct bytes name)
{
	static const struct {
		const char *name;
		enum mail_encoding encoding;
	} names[] = {
		{"base64", MAIL_BASE64},       {"quoted-printable", MAIL_QUOTED_PRINTABLE},
		{"x-uuencode", MAIL_UUENCODE}, {"uuencode", MAIL_UUENCODE},
		{"x-uue", MAIL_UUENCODE},      {"7bit", MAIL_IDENTITY},
		{"8bit", MAIL_IDENTITY},       {"binary", MAIL_IDENTITY},
		{"", MAIL_IDENTITY},           {"7-bit", MAIL_IDENTITY},
		{"8-bit", MAIL_IDENTITY},      {"7bits", MAIL_IDENTITY},
		{"8bits", MAIL_IDENTITY},      {"none", MAIL_IDENTITY},
	};
	size_t length = 0;
	while (length < name.len && is_name_byte(name.at[length]) && strchr(";(\"", name.at[length]) == NULL)
		length++;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (bytes_equal_nocase(bytes_slice(name, 0, length), bytes_of_string(names[i].name)))
			return names[i].encoding;
	return MAIL_UNKNOWN_ENCODING;
}

enum status mail_content_read(struct bytes block, struct mail_content *ret_content)
{
	*ret_content = (struct mail_content){
		.modified = CLOCK_UNKNOWN,
		.boundary = buffer_with_ceiling(BOUNDARY_MAX),
		.charset = buffer_with_ceiling(64),
		.name = buffer_with_ceiling(PARAMETER_MAX),
		.smime_type = buffer_with_ceiling(64),
	};
	struct mail_field field;
	bool has_type = false, has_disposition = false, has_encoding = false;
	while (mail_field_take(&block, &field)) {
		if (!bytes_start_with_nocase(field.name, BYTES_LITERAL("content-")))
			continue;
		struct bytes kind = bytes_from(field.name, 8);
		if (!has_disposition && bytes_equal_nocase(kind, BYTES_LITERAL("disposition"))) {
			has_disposition = true;
			read_disposition(field.value, ret_content);
		} else if (!has_type && bytes_equal_nocase(kind, BYTES_LITERAL("type"))) {
			has_type = true;
			read_type(field.value, ret_content);
		} else if (!has_encoding && bytes_equal_nocase(kind, BYTES_LITERAL("transfer-encoding"))) {
			has_encoding = true;
			ret_content->encoding = encoding_named(field.value);
		}
	}
	if (buffer_status(&ret_content->boundary) == STATUS_NO_MEMORY || buffer_status(&ret_content->name) == STATUS_NO_MEMORY)
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

void mail_content_free(struct mail_content *content)
{
	buffer_free(&content->boundary);
	buffer_free(&content->charset);
	buffer_free(&content->name);
	buffer_free(&content->smime_type);
}
