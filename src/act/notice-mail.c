/* SPDX-License-Identifier: Apache-2.0 */
#include "act/notice-mail.h"

#include "base/digest.h"
#include "base/text.h"

#include <stdio.h>
#include <time.h>

enum { LINE_MAX_QP = 76, WORD_BYTES = 42 /* of text in an encoded word: 75 letters at most */, HEADER_MAX = 8192 };

/* ---- addresses ---- */

struct bytes notice_domain_of(struct bytes address)
{
	size_t at = bytes_find_last_byte(address, '@');
	return at == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(address, at + 1);
}

bool notice_may_go_to(struct bytes address)
{
	struct bytes domain = notice_domain_of(address);
	for (size_t i = 0; i < address.len; i++)
		if (address.at[i] <= ' ' || address.at[i] > '~' || strchr("\"<>()[]\\,:;", address.at[i]) != NULL)
			return false;
	return address.len <= NOTICE_ADDRESS_MAX && domain.len > 2 && bytes_find_byte(domain, '.') != BYTES_NOT_FOUND &&
	       domain.at[0] != '.' && domain.at[domain.len - 1] != '.' && address.at[0] != '.' &&
	       bytes_find_byte(address, '@') == address.len - domain.len - 1;
}

/* ---- fields ---- */

static bool is_plain(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < ' ' || text.at[i] > '~' || text.at[i] == '=')
			return false;
	return true;
}

/* Encoded words (RFC 2047 2), cut between characters, a line each. */
static void append_words(struct buffer *into, struct bytes text)
{
	for (bool is_first = true; text.len > 0; is_first = false) {
		size_t len = text_valid_length(bytes_slice(text, 0, WORD_BYTES));
		len = len > 0 ? len : 1;
		buffer_append_string(into, is_first ? "=?utf-8?B?" : "\r\n =?utf-8?B?");
		digest_append_base64(into, bytes_slice(text, 0, len));
		buffer_append_string(into, "?=");
		text = bytes_from(text, len);
	}
}

/* At most 900 bytes of a line: what is longer, or not plain, goes as words. */
static void append_unstructured(struct buffer *into, const char *name, struct bytes text)
{
	struct buffer line = buffer_with_ceiling(HEADER_MAX);
	notice_append_safely(&line, text, false);
	buffer_append_format(into, "%s: ", name);
	if (is_plain(buffer_bytes(&line)) && line.len + strlen(name) < LINE_MAX_QP)
		buffer_append(into, buffer_bytes(&line));
	else
		append_words(into, buffer_bytes(&line));
	buffer_append_string(into, "\r\n");
	buffer_free(&line);
}

static void append_mailbox(struct buffer *into, const char *name, struct bytes phrase, struct bytes address)
{
	struct buffer safe = buffer_with_ceiling(HEADER_MAX);
	notice_append_safely(&safe, phrase, false);
	struct bytes words = bytes_trim(buffer_bytes(&safe));
	bool is_quotable = is_plain(words) && words.len < 60 && bytes_find_byte(words, '"') == BYTES_NOT_FOUND &&
	                   bytes_find_byte(words, '\\') == BYTES_NOT_FOUND;
	buffer_append_format(into, "%s: ", name);
	if (words.len > 0 && is_quotable) {
		buffer_append_byte(into, '"');
		buffer_append(into, words);
		buffer_append_string(into, "\"\r\n ");
	} else if (words.len > 0) {
		append_words(into, words);
		buffer_append_string(into, "\r\n ");
	}
	buffer_append_byte(into, '<');
	buffer_append(into, address);
	buffer_append_string(into, ">\r\n");
	buffer_free(&safe);
}

static void append_date(struct buffer *into, int64_t date)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t seconds = (time_t)date;
	struct tm civil;
	if (gmtime_r(&seconds, &civil) != NULL)
		buffer_append_format(into, "Date: %s, %02d %s %d %02d:%02d:%02d +0000\r\n", days[civil.tm_wday], civil.tm_mday,
		                     months[civil.tm_mon], civil.tm_year + 1900, civil.tm_hour, civil.tm_min, civil.tm_sec);
}

/* ---- bodies: quoted-printable (RFC 2045 6.7) ---- */

static void append_quoted(struct buffer *into, struct bytes text)
{
	size_t column = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = text.at[i];
		bool ends_line = i + 1 == text.len || text.at[i + 1] == '\n';
		if (byte == '\n') {
			buffer_append_string(into, "\r\n");
			column = 0;
			continue;
		}
		bool is_literal = byte >= ' ' && byte <= '~' && byte != '=' && !(byte == ' ' && ends_line);
		/* A dot or "From " at a line's beginning is what servers alter. */
		is_literal = is_literal && !(column == 0 && (byte == '.' || byte == 'F'));
		if (column + (is_literal ? 1u : 3u) > LINE_MAX_QP - 1) {
			buffer_append_string(into, "=\r\n");
			column = 0;
		}
		if (is_literal)
			buffer_append_byte(into, byte);
		else
			buffer_append_format(into, "=%02X", byte);
		column += is_literal ? 1u : 3u;
	}
}

static void append_part(struct buffer *into, const char *boundary, const char *type, struct bytes text)
{
	buffer_append_format(into,
	                     "--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
	                     boundary, type);
	append_quoted(into, text);
	buffer_append_string(into, "\r\n");
}

enum status notice_mail_append(const struct notice_envelope *envelope, const struct notice_text *text, struct buffer *into)
{
	char boundary[64];
	struct bytes domain = notice_domain_of(envelope->from);
	snprintf(boundary, sizeof boundary, "=_tidemark_%s", envelope->message);
	append_mailbox(into, "From", envelope->from_name, envelope->from);
	append_mailbox(into, "To", BYTES_NONE, envelope->to);
	append_unstructured(into, "Subject", buffer_bytes(&text->subject));
	append_date(into, envelope->date);
	buffer_append_format(into, "Message-ID: <tidemark.%s@%.*s>\r\n", envelope->message, (int)domain.len,
	                     (const char *)domain.at);
	buffer_append_string(into, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
	buffer_append_format(into, "Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n", boundary);
	append_part(into, boundary, "text/plain", buffer_bytes(&text->plain));
	append_part(into, boundary, "text/html", buffer_bytes(&text->page));
	buffer_append_format(into, "--%s--\r\n", boundary);
	return buffer_status(into);
}
