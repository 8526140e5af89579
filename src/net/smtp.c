/* SPDX-License-Identifier: Apache-2.0 */
#include "net/smtp.h"

#include "base/buffer.h"
#include "base/clock.h"

#include <curl/curl.h>
#include <poll.h>
#include <stdio.h>

enum { REPLY_MAX = 16 << 10, URL_MAX = 1024, EIGHT_BIT_FROM = 0x80, NO_CLASS = 10 };

/* A conversation under way. */
struct smtp_talk {
	const struct smtp *smtp;
	struct smtp_outcome *outcome;
	CURL *easy;
	int64_t until;
	struct buffer reply; /* lines received, not yet looked at */
	bool has_eight_bits, has_utf8;
	unsigned welcomes; /* whole replies of 220: a greeting, and one to STARTTLS */
};

static void say_why(struct smtp_outcome *outcome, const char *why)
{
	snprintf(outcome->words, sizeof outcome->words, "%s", why);
}

static struct smtp_outcome *conclude(struct smtp_talk *talk, enum send_verdict verdict, enum send_stage stage)
{
	talk->outcome->verdict = verdict;
	talk->outcome->stage = stage;
	return talk->outcome;
}

/* ---- bytes ---- */

static bool wait_for(struct smtp_talk *talk, short events)
{
	curl_socket_t socket = CURL_SOCKET_BAD;
	int64_t left = talk->until - clock_monotonic();
	if (left <= 0 || curl_easy_getinfo(talk->easy, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK || socket == CURL_SOCKET_BAD)
		return false;
	struct pollfd end = {.fd = socket, .events = events};
	return poll(&end, 1, (int)left) >= 0;
}

static bool send_bytes(struct smtp_talk *talk, struct bytes bytes)
{
	while (bytes.len > 0) {
		size_t sent = 0;
		CURLcode code = curl_easy_send(talk->easy, bytes.at, bytes.len, &sent);
		if (code != CURLE_OK && code != CURLE_AGAIN)
			return false;
		bytes = bytes_from(bytes, sent);
		if (clock_monotonic() >= talk->until || (code == CURLE_AGAIN && !wait_for(talk, POLLOUT)))
			return false;
	}
	return true;
}

/* ---- replies ---- */

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/* The first line that has come whole, without its end. */
static bool take_line(struct smtp_talk *talk, struct bytes *ret_line)
{
	struct bytes all = buffer_bytes(&talk->reply);
	size_t end = bytes_find_byte(all, '\n');
	if (end == BYTES_NOT_FOUND)
		return false;
	*ret_line = bytes_slice(all, 0, end > 0 && all.at[end - 1] == '\r' ? end - 1 : end);
	return true;
}

static void add_words(struct smtp_outcome *outcome, struct bytes line)
{
	size_t length = strlen(outcome->words);
	snprintf(outcome->words + length, sizeof outcome->words - length, "%s%.*s", length > 0 ? " " : "", (int)line.len,
	         (const char *)line.at);
}

/* All lines of one reply (RFC 5321 4.2.1). Its code; 0: none came, or it is none. */
static unsigned hear_reply(struct smtp_talk *talk)
{
	size_t heard = 0;
	talk->outcome->words[0] = '\0';
	for (;;) {
		struct bytes line;
		while (take_line(talk, &line)) {
			if (line.len < 3 || !is_digit(line.at[0]) || !is_digit(line.at[1]) || !is_digit(line.at[2]))
				return 0;
			unsigned code = (line.at[0] - '0') * 100u + (line.at[1] - '0') * 10u + (line.at[2] - '0');
			bool is_last = line.len == 3 || line.at[3] != '-';
			add_words(talk->outcome, bytes_from(line, 4));
			buffer_consume(&talk->reply, bytes_find_byte(buffer_bytes(&talk->reply), '\n') + 1);
			if (is_last)
				return code;
		}
		unsigned char piece[4096];
		size_t got = 0;
		CURLcode code = curl_easy_recv(talk->easy, piece, sizeof piece, &got);
		if (code == CURLE_AGAIN) {
			if (!wait_for(talk, POLLIN))
				return 0;
			continue;
		}
		heard += got;
		if (code != CURLE_OK || got == 0 || heard > REPLY_MAX)
			return 0;
		buffer_append(&talk->reply, bytes_of(piece, got));
	}
}

/* Whether the reply is one of 2yz or 3yz; else the outcome says what it was. without: what silence means. */
static bool is_taken(struct smtp_talk *talk, enum send_stage stage, unsigned wanted, enum send_verdict without)
{
	unsigned code = hear_reply(talk);
	talk->outcome->code = code;
	if (code / 100 == wanted)
		return true;
	if (code == 0)
		say_why(talk->outcome, clock_monotonic() >= talk->until ? "no reply in time" : "the connection broke off");
	conclude(talk, code / 100 == 5 ? SEND_REFUSED : code / 100 == 4 ? SEND_LATER : without, stage);
	return false;
}

static bool ask(struct smtp_talk *talk, enum send_stage stage, unsigned wanted, struct buffer *line)
{
	buffer_append_string(line, "\r\n");
	bool is_sent = buffer_status(line) == STATUS_OK && send_bytes(talk, buffer_bytes(line));
	buffer_reset(line);
	if (is_sent)
		return is_taken(talk, stage, wanted, SEND_UNREACHABLE);
	talk->outcome->code = 0;
	say_why(conclude(talk, SEND_UNREACHABLE, stage), "the connection broke off");
	return false;
}

/* ---- the envelope ---- */

static bool has_high_bytes(struct bytes bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		if (bytes.at[i] >= EIGHT_BIT_FROM)
			return true;
	return false;
}

static void word_address(struct buffer *line, const char *verb, struct bytes address)
{
	buffer_append_string(line, verb);
	buffer_append_byte(line, '<');
	buffer_append(line, address);
	buffer_append_byte(line, '>');
}

/* Nothing of the envelope is said that the server has not offered. */
static bool is_offered(struct smtp_talk *talk, bool is_eight_bit, bool is_utf8)
{
	if (is_utf8 && !talk->has_utf8)
		say_why(conclude(talk, SEND_REFUSED, SEND_AT_SENDER),
		        "the server does not offer SMTPUTF8, which the addresses need");
	else if (is_eight_bit && !talk->has_eight_bits)
		say_why(conclude(talk, SEND_REFUSED, SEND_AT_SENDER),
		        "the server does not offer 8BITMIME, which the message needs");
	else
		return true;
	talk->outcome->code = 0;
	return false;
}

static bool give_envelope(struct smtp_talk *talk, struct buffer *line)
{
	const struct smtp *smtp = talk->smtp;
	bool is_eight_bit = has_high_bytes(smtp->message);
	bool is_utf8 = has_high_bytes(smtp->from) || has_high_bytes(smtp->to);
	if (!is_offered(talk, is_eight_bit, is_utf8))
		return false;
	word_address(line, "MAIL FROM:", smtp->from);
	buffer_append_string(line, is_eight_bit ? " BODY=8BITMIME" : "");
	buffer_append_string(line, is_utf8 ? " SMTPUTF8" : "");
	if (!ask(talk, SEND_AT_SENDER, 2, line))
		return false;
	word_address(line, "RCPT TO:", smtp->to);
	if (!ask(talk, SEND_AT_RECIPIENT, 2, line))
		return false;
	buffer_append_string(line, "DATA");
	return ask(talk, SEND_AT_BODY, 3, line);
}

/* A dot that begins a line is doubled (RFC 5321 4.5.2). */
static bool send_message(struct smtp_talk *talk)
{
	struct bytes rest = talk->smtp->message;
	while (rest.len > 0) {
		size_t end = bytes_find(rest, BYTES_LITERAL("\n."));
		struct bytes piece = end == BYTES_NOT_FOUND ? rest : bytes_slice(rest, 0, end + 2);
		if (!send_bytes(talk, piece) || (end != BYTES_NOT_FOUND && !send_bytes(talk, BYTES_LITERAL("."))))
			return false;
		rest = bytes_from(rest, piece.len);
	}
	return true;
}

static void give_message(struct smtp_talk *talk)
{
	bool begins_with_dot = bytes_start_with(talk->smtp->message, BYTES_LITERAL("."));
	if ((begins_with_dot && !send_bytes(talk, BYTES_LITERAL("."))) || !send_message(talk)) {
		/* Whoever cuts a message short may have said why. */
		bool is_taken_early = is_taken(talk, SEND_AT_BODY, NO_CLASS, SEND_UNREACHABLE);
		(void)is_taken_early;
		return;
	}
	if (talk->smtp->may_end != NULL && !talk->smtp->may_end(talk->smtp->context)) {
		talk->outcome->code = 0;
		say_why(conclude(talk, SEND_UNREACHABLE, SEND_AT_BODY), "it was held back before its end");
		return;
	}
	/* From here on they may have it: the last bytes can be gone though sending them failed. */
	if (!send_bytes(talk, BYTES_LITERAL(".\r\n"))) {
		talk->outcome->code = 0;
		say_why(conclude(talk, SEND_UNKNOWN, SEND_AT_END), "the connection broke off at the end of the message");
	} else if (is_taken(talk, SEND_AT_END, 2, SEND_UNKNOWN)) {
		conclude(talk, SEND_ACCEPTED, SEND_AT_END);
	}
}

static void talk_over(struct smtp_talk *talk)
{
	struct buffer line = buffer_with_ceiling(URL_MAX);
	struct smtp_outcome before;
	if (give_envelope(talk, &line))
		give_message(talk);
	before = *talk->outcome;
	/* Within a message that was held back it would be a line of it. */
	if (before.stage != SEND_AT_BODY)
		send_bytes(talk, BYTES_LITERAL("QUIT\r\n"));
	*talk->outcome = before;
	buffer_free(&line);
}

/* ---- connecting ---- */

/* Lines of replies while curl speaks; those of the last EHLO count. */
static size_t on_line(char *at, size_t size, size_t count, void *context)
{
	struct smtp_talk *talk = context;
	struct bytes line = bytes_trim(bytes_of(at, size * count));
	struct bytes offer = bytes_from(line, 4);
	if (bytes_start_with(line, BYTES_LITERAL("250"))) {
		talk->has_eight_bits |= bytes_equal_nocase(offer, BYTES_LITERAL("8BITMIME"));
		talk->has_utf8 |= bytes_equal_nocase(offer, BYTES_LITERAL("SMTPUTF8"));
	} else if (bytes_start_with(line, BYTES_LITERAL("220"))) {
		talk->has_eight_bits = talk->has_utf8 = false;
		talk->welcomes += line.len < 4 || line.at[3] != '-';
	}
	talk->outcome->words[0] = '\0';
	add_words(talk->outcome, offer);
	return size * count;
}

static void set_authorities(CURL *easy, const struct smtp *smtp)
{
	struct curl_blob blob = {
		.data = (void *)(uintptr_t)smtp->authorities.at, .len = smtp->authorities.len, .flags = CURL_BLOB_NOCOPY};
	if (smtp->is_certificate_taken) {
		curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	} else if (smtp->authorities.len > 0) {
		curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
}

static CURLcode connect_to(struct smtp_talk *talk)
{
	const struct smtp *smtp = talk->smtp;
	CURL *easy = talk->easy;
	struct buffer url = buffer_with_ceiling(URL_MAX);
	bool is_v6 = strchr(smtp->host, ':') != NULL;
	buffer_append_format(&url, is_v6 ? "%s://[%s]:%u" : "%s://%s:%u", smtp->is_tls ? "smtps" : "smtp", smtp->host,
	                     smtp->port);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)(smtp->may_be_plain ? CURLUSESSL_TRY : CURLUSESSL_ALL));
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)smtp->milliseconds);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, talk);
	set_authorities(easy, smtp);
	if (smtp->user[0] != '\0') {
		curl_easy_setopt(easy, CURLOPT_USERNAME, smtp->user);
		curl_easy_setopt(easy, CURLOPT_PASSWORD, smtp->password);
	}
	CURLcode code = buffer_status(&url) == STATUS_OK ? curl_easy_setopt(easy, CURLOPT_URL, buffer_string(&url))
	                                                 : CURLE_OUT_OF_MEMORY;
	buffer_free(&url);
	return code == CURLE_OK ? curl_easy_perform(easy) : code;
}

static enum send_stage stage_of(CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST: return SEND_AT_NAME;
	case CURLE_COULDNT_CONNECT: return SEND_AT_CONNECTION;
	case CURLE_USE_SSL_FAILED:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_PEER_FAILED_VERIFICATION: return SEND_AT_TLS;
	case CURLE_LOGIN_DENIED: return SEND_AT_LOGIN;
	default: return SEND_AT_GREETING;
	}
}

/* What kept us from speaking; nothing of the message was said. */
static void conclude_unconnected(struct smtp_talk *talk, CURLcode code)
{
	long reply = 0;
	struct smtp_outcome *outcome = conclude(talk, SEND_UNREACHABLE, stage_of(code));
	curl_easy_getinfo(talk->easy, CURLINFO_RESPONSE_CODE, &reply);
	bool is_refusal = reply >= 400 && reply <= 599 && (outcome->stage == SEND_AT_LOGIN || outcome->stage == SEND_AT_GREETING);
	if (is_refusal) {
		outcome->code = (unsigned)reply;
		outcome->verdict = reply >= 500 ? SEND_REFUSED : SEND_LATER;
	} else {
		say_why(outcome, curl_easy_strerror(code));
	}
}

enum status smtp_send(const struct smtp *smtp, struct smtp_outcome *ret_outcome)
{
	struct smtp_outcome outcome = {.verdict = SEND_UNREACHABLE};
	struct smtp_talk talk = {
		.smtp = smtp,
		.outcome = &outcome,
		.easy = curl_easy_init(),
		.until = clock_monotonic() + smtp->milliseconds,
		.reply = buffer_with_ceiling(2 * REPLY_MAX),
	};
	if (talk.easy == NULL)
		return STATUS_NO_MEMORY;
	CURLcode code = connect_to(&talk);
	if (code == CURLE_OK) {
		/* Behind STARTTLS libcurl goes on by TLS or not at all. */
		outcome.is_encrypted = smtp->is_tls || talk.welcomes > 1;
		talk_over(&talk);
	} else {
		conclude_unconnected(&talk, code);
	}
	curl_easy_cleanup(talk.easy);
	buffer_free(&talk.reply);
	if (code == CURLE_OUT_OF_MEMORY)
		return STATUS_NO_MEMORY;
	*ret_outcome = outcome;
	return STATUS_OK;
}
