/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/proof-mail.h"

#include "base/clock.h"
#include "base/digest.h"

#include <stdio.h>
#include <time.h>

enum { ADDRESS_MAX = 254, LINE_MAX_LENGTH = 76, TEXT_MAX = 1 << 16 };

static bool is_plain(unsigned char c)
{
	return c > ' ' && c < 0x7f && strchr("\"(),:;<>@[\\]", c) == NULL;
}

bool proof_mail_may_go_to(struct bytes address)
{
	size_t at = bytes_find_last_byte(address, '@');
	if (at == BYTES_NOT_FOUND || at == 0 || at + 1 == address.len || address.len > ADDRESS_MAX || address.at[0] == '-')
		return false;
	for (size_t i = 0; i < address.len; i++)
		if (i != at && !is_plain(address.at[i]))
			return false;
	return true;
}

/* Of a name that stands in a line of text. */
static bool is_one_line(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < ' ' || text.at[i] == 0x7f)
			return false;
	return true;
}

/* ---- the text: %S subject, %H host, %I case, %C code, %U until ---- */

static const char english[] =
	"Somebody, perhaps you or a colleague, wants to show at\n"
	"    %H\n"
	"that\n"
	"    %S\n"
	"is theirs, to read what a leak of documents held of it.\n"
	"Case: %I\n"
	"\n"
	"If that was you, enter this code where you began:\n"
	"\n"
	"    %C\n"
	"\n"
	"It holds until %U.\n"
	"\n"
	"If nobody of yours asked for it, do nothing: without the code nobody is told anything. That a code was asked for does not "
	"mean that anything of yours was found.\n"
	"\n"
	"You need not open a link, an attachment or a page for this, and nobody will ask you for a password. To make sure that this is "
	"genuine, ask those who run it by a way that you know already, not by one named here.\n";

static const char german[] =
	"Jemand, vielleicht Sie oder jemand aus Ihrem Haus, will unter\n"
	"    %H\n"
	"zeigen, dass\n"
	"    %S\n"
	"zu ihm gehört, um zu lesen, was ein Datenabfluss davon enthielt.\n"
	"Fall: %I\n"
	"\n"
	"Waren Sie das, so geben Sie diesen Code dort ein, wo Sie begonnen haben:\n"
	"\n"
	"    %C\n"
	"\n"
	"Er gilt bis %U.\n"
	"\n"
	"Hat bei Ihnen niemand danach gefragt, so tun Sie nichts: Ohne den Code erfährt niemand etwas. Dass ein Code verlangt wurde, "
	"heißt nicht, dass etwas von Ihnen gefunden wurde.\n"
	"\n"
	"Sie müssen dafür keinen Link, keinen Anhang und keine Seite öffnen, und niemand fragt Sie nach einem Passwort. Ob diese "
	"Nachricht echt ist, erfragen Sie bei den Betreibern auf einem Weg, den Sie schon kennen, nicht auf einem, der hier steht.\n";

static void append_code(const char *code, struct buffer *into)
{
	for (size_t i = 0; code[i] != '\0'; i++) {
		if (i > 0 && i % 4 == 0)
			buffer_append_byte(into, '-');
		buffer_append_byte(into, (unsigned char)code[i]);
	}
}

static void append_until(int64_t time, struct buffer *into)
{
	char text[CLOCK_TEXT_SIZE];
	const char *written = clock_format(time, text);
	buffer_append_format(into, "%.10s %.5s UTC", written, strlen(written) > 16 ? written + 11 : "");
}

static void append_text(const struct proof_letter *letter, struct buffer *into)
{
	for (const char *at = letter->is_german ? german : english; *at != '\0'; at++) {
		if (*at != '%') {
			buffer_append_byte(into, (unsigned char)*at);
			continue;
		}
		switch (*++at) {
		case 'S': buffer_append(into, letter->subject); break;
		case 'H': buffer_append(into, letter->host); break;
		case 'I': buffer_append(into, letter->case_number); break;
		case 'C': append_code(letter->code, into); break;
		default: append_until(letter->expires, into); break;
		}
	}
}

/* ---- quoted-printable (RFC 2045 6.7) ---- */

static size_t append_quoted(struct buffer *into, unsigned char c, bool ends_line)
{
	bool is_plain_here = (c >= '!' && c <= '~' && c != '=') || (c == ' ' && !ends_line);
	if (is_plain_here)
		buffer_append_byte(into, c);
	else
		buffer_append_format(into, "=%02X", c);
	return is_plain_here ? 1 : 3;
}

static void append_quoted_printable(struct bytes text, struct buffer *into)
{
	size_t column = 0;
	for (size_t i = 0; i < text.len; i++) {
		bool ends_line = i + 1 == text.len || text.at[i + 1] == '\n';
		if (text.at[i] == '\n') {
			buffer_append_string(into, "\r\n");
			column = 0;
			continue;
		}
		if (column + 3 >= LINE_MAX_LENGTH) {
			buffer_append_string(into, "=\r\n");
			column = 0;
		}
		column += append_quoted(into, text.at[i], ends_line);
	}
}

/* ---- the head ---- */

static void append_date(int64_t now, struct buffer *into)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct tm parts;
	time_t time = (time_t)now;
	if (gmtime_r(&time, &parts) != NULL)
		buffer_append_format(into, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[parts.tm_wday], parts.tm_mday,
		                     months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

static void append_header(struct buffer *into, const char *name, struct bytes value)
{
	buffer_append_string(into, name);
	buffer_append_string(into, ": ");
	buffer_append(into, value);
	buffer_append_string(into, "\r\n");
}

static void append_message_id(const struct proof_letter *letter, struct buffer *into)
{
	unsigned char digest[DIGEST_SHA256_SIZE];
	const struct bytes parts[] = {BYTES_LITERAL("message-id"), bytes_of_string(letter->code), letter->to};
	digest_sha256_of(parts, 3, digest);
	buffer_append_string(into, "Message-ID: <");
	digest_append_hex(into, bytes_of(digest, 12));
	buffer_append(into, bytes_from(letter->from, bytes_find_last_byte(letter->from, '@')));
	buffer_append_string(into, ">\r\n");
}

static void append_head(const struct proof_letter *letter, struct buffer *into)
{
	append_header(into, "From", letter->from);
	append_header(into, "To", letter->to);
	append_header(into, "Subject",
	              letter->is_german ? BYTES_LITERAL("Ein Code, den jemand angefordert hat")
	                                : BYTES_LITERAL("A code that somebody asked for"));
	append_date(letter->now, into);
	append_message_id(letter, into);
	append_header(into, "Auto-Submitted", BYTES_LITERAL("auto-generated"));
	append_header(into, "MIME-Version", BYTES_LITERAL("1.0"));
	append_header(into, "Content-Language", letter->is_german ? BYTES_LITERAL("de") : BYTES_LITERAL("en"));
	append_header(into, "Content-Type", BYTES_LITERAL("text/plain; charset=utf-8"));
	append_header(into, "Content-Transfer-Encoding", BYTES_LITERAL("quoted-printable"));
	buffer_append_string(into, "\r\n");
}

enum status proof_mail_write(const struct proof_letter *letter, struct buffer *into)
{
	struct buffer text = buffer_with_ceiling(TEXT_MAX);
	bool is_sound = proof_mail_may_go_to(letter->from) && proof_mail_may_go_to(letter->to) && is_one_line(letter->subject) &&
	                is_one_line(letter->host) && is_one_line(letter->case_number);
	if (!is_sound)
		return STATUS_MALFORMED;
	append_text(letter, &text);
	append_head(letter, into);
	append_quoted_printable(buffer_bytes(&text), into);
	enum status status = buffer_status(&text);
	buffer_free(&text);
	return status == STATUS_OK ? buffer_status(into) : status;
}
