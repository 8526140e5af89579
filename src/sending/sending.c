/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/sending.h"

#include "base/arena.h"
#include "base/text.h"
#include "net/exchange.h"
#include "net/net.h"
#include "net/smtp.h"
#include "wire/send-messages.h"

#include <stdio.h>
#include <stdlib.h>

enum { ARENA_MAX = 1 << 20, REPLY_MAX = 4096, WORDS_TEXT_MAX = 4 * REPLY_MAX, GO_MS = 30000 };

struct sending {
	int control;
	struct arena arena;
	bool is_post;
	struct send_mail mail;
	struct send_post post;
	struct header headers[SEND_HEADERS_MAX];
	size_t header_count;
	struct buffer authorities, body, user_agent;
	uint16_t port;
	unsigned char frame[WIRE_FRAME_MAX];
	struct wire_writer writer;
};

/* ---- taking it ---- */

static struct bytes keep(struct sending *sending, struct bytes bytes)
{
	return bytes.len > 0 ? arena_copy(&sending->arena, bytes) : BYTES_NONE;
}

static enum status take_mail(struct sending *sending, struct wire_reader *reader)
{
	struct send_mail mail;
	enum status status = send_get_mail(reader, &mail);
	if (status != STATUS_OK)
		return status;
	sending->mail = mail;
	sending->mail.host = keep(sending, mail.host);
	sending->mail.user = keep(sending, mail.user);
	sending->mail.password = keep(sending, mail.password);
	sending->mail.from = keep(sending, mail.from);
	sending->mail.to = keep(sending, mail.to);
	sending->port = mail.port;
	return STATUS_OK;
}

static enum status take_post(struct sending *sending, struct wire_reader *reader)
{
	struct send_post post;
	struct web_place place;
	enum status status = send_get_post(reader, &post);
	if (status == STATUS_OK &&
	    (!web_place_read(post.url, &place) || (!place.is_https && !ip_host_is_own(bytes_of_string(place.host)))))
		status = STATUS_MALFORMED;
	if (status != STATUS_OK)
		return status;
	sending->is_post = true;
	sending->post = post;
	sending->post.url = keep(sending, post.url);
	sending->port = place.port;
	return STATUS_OK;
}

static enum status take_header(struct sending *sending, struct wire_reader *reader)
{
	struct send_header header;
	enum status status = send_get_header(reader, &header);
	if (status == STATUS_OK && sending->header_count == SEND_HEADERS_MAX)
		status = STATUS_MALFORMED;
	if (status == STATUS_OK)
		sending->headers[sending->header_count++] = (struct header){keep(sending, header.name),
		                                                            keep(sending, header.value)};
	return status;
}

static enum status append_piece(struct buffer *into, struct wire_reader *reader)
{
	struct bytes piece;
	enum status status = send_get_piece(reader, &piece);
	if (status == STATUS_OK)
		buffer_append(into, piece);
	return status == STATUS_OK ? buffer_status(into) : status;
}

/* END: it is complete. */
static enum status take_frame(struct sending *sending, unsigned char *state, struct wire_reader *reader)
{
	if (permit_message(&send_permits, state, reader) != STATUS_OK)
		return STATUS_MALFORMED;
	switch (reader->type) {
	case SEND_MAIL: return take_mail(sending, reader);
	case SEND_POST: return take_post(sending, reader);
	case SEND_HEADER: return take_header(sending, reader);
	case SEND_AUTHORITY: return append_piece(&sending->authorities, reader);
	case SEND_BODY: return append_piece(&sending->body, reader);
	default: return wire_end(reader) == STATUS_OK ? STATUS_END : STATUS_MALFORMED;
	}
}

static enum status take_all(struct sending *sending)
{
	unsigned char state = SEND_AWAITS_FIRST;
	enum status status;
	do {
		struct wire_reader reader;
		status = wire_receive(sending->control, -1, sending->frame, &reader);
		if (status != STATUS_OK)
			return status == STATUS_END ? STATUS_CRASHED : status;
		status = take_frame(sending, &state, &reader);
		wire_drop(&reader);
	} while (status == STATUS_OK);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status send_failed(struct sending *sending, const char *why)
{
	send_put_failed(&sending->writer, bytes_of_string(why));
	return wire_send(sending->control, &sending->writer, -1);
}

enum status sending_accept(int control, struct sending **ret_sending)
{
	struct sending *sending = calloc(1, sizeof *sending);
	if (sending == NULL)
		return STATUS_NO_MEMORY;
	sending->control = control;
	sending->arena = arena_with_ceiling(ARENA_MAX);
	sending->authorities = buffer_with_ceiling(SEND_AUTHORITY_MAX);
	sending->body = buffer_with_ceiling(SEND_BODY_MAX);
	sending->user_agent = buffer_with_ceiling(4096);
	enum status status = take_all(sending);
	if (status == STATUS_OK)
		status = exchange_prepare();
	if (status != STATUS_OK) {
		enum status sent = send_failed(sending, "what it was to send made no sense");
		(void)sent;
		sending_free(sending);
		return status;
	}
	*ret_sending = sending;
	return STATUS_OK;
}

uint16_t sending_port(const struct sending *sending)
{
	return sending->port;
}

void sending_free(struct sending *sending)
{
	if (sending == NULL)
		return;
	buffer_free(&sending->authorities);
	buffer_free(&sending->body);
	buffer_free(&sending->user_agent);
	arena_free(&sending->arena);
	free(sending);
}

/* ---- mail ---- */

/* Whoever wants it sent puts down that it goes, before it does. */
static bool may_end(void *context)
{
	struct sending *sending = context;
	struct wire_reader reader;
	unsigned char state = SEND_AWAITS_GO;
	send_put_sign(&sending->writer, SEND_READY);
	enum status status = wire_send(sending->control, &sending->writer, -1);
	if (status == STATUS_OK)
		status = wire_receive(sending->control, GO_MS, sending->frame, &reader);
	if (status != STATUS_OK)
		return false;
	status = permit_message(&send_permits, &state, &reader);
	wire_drop(&reader);
	return status == STATUS_OK;
}

static enum status send_mail(struct sending *sending, struct send_result *result, struct buffer *words)
{
	const struct send_mail *mail = &sending->mail;
	char *host = arena_copy_string(&sending->arena, mail->host), *user = arena_copy_string(&sending->arena, mail->user);
	char *password = arena_copy_string(&sending->arena, mail->password);
	if (host == NULL || user == NULL || password == NULL)
		return STATUS_NO_MEMORY;
	struct smtp_outcome outcome;
	struct smtp smtp = {
		.host = host,
		.port = mail->port,
		.is_tls = mail->is_tls,
		.may_be_plain = mail->may_be_plain || ip_host_is_own(mail->host),
		.is_certificate_taken = ip_host_is_own(mail->host) && sending->authorities.len == 0,
		.user = user,
		.password = password,
		.from = mail->from,
		.to = mail->to,
		.message = buffer_bytes(&sending->body),
		.authorities = buffer_bytes(&sending->authorities),
		.milliseconds = mail->milliseconds > 0 ? mail->milliseconds : SEND_MILLISECONDS,
		.may_end = may_end,
		.context = sending,
	};
	enum status status = smtp_send(&smtp, &outcome);
	if (status != STATUS_OK)
		return status;
	*result = (struct send_result){outcome.verdict, outcome.stage, outcome.code, outcome.is_encrypted, BYTES_NONE};
	text_append_repaired(words, bytes_of_string(outcome.words));
	return STATUS_OK;
}

/* ---- a POST ---- */

static bool is_named(const struct sending *sending, const char *name)
{
	for (size_t i = 0; i < sending->header_count; i++)
		if (bytes_equal_nocase(sending->headers[i].name, bytes_of_string(name)))
			return true;
	return false;
}

static enum send_verdict verdict_of_status(unsigned status)
{
	if (status >= 200 && status <= 299)
		return SEND_ACCEPTED;
	bool is_passing = status >= 500 || status == 408 || status == 425 || status == 429;
	return is_passing ? SEND_LATER : SEND_REFUSED;
}

/* A reply's status counts, whatever becomes of the rest of it. */
static void judge_post(const struct exchange_outcome *outcome, struct send_result *result)
{
	result->stage = SEND_AT_END;
	result->code = outcome->status;
	if (outcome->status >= 200) {
		result->verdict = verdict_of_status(outcome->status);
		return;
	}
	result->verdict = outcome->was_sent ? SEND_UNKNOWN : SEND_UNREACHABLE;
	if (outcome->was_sent)
		return;
	switch (outcome->end) {
	case EXCHANGE_NO_ADDRESS: result->stage = SEND_AT_NAME; break;
	case EXCHANGE_CERTIFICATE:
	case EXCHANGE_NO_SENSE: result->stage = SEND_AT_TLS; break;
	default: result->stage = SEND_AT_CONNECTION; break;
	}
}

static enum status send_post(struct sending *sending, struct send_result *result, struct buffer *words)
{
	struct exchange_outcome outcome;
	struct header headers[SEND_HEADERS_MAX + 1];
	size_t count = 0;
	net_user_agent(&sending->user_agent, TIDEMARK_VERSION, BYTES_NONE);
	if (!is_named(sending, "Content-Type"))
		headers[count++] = (struct header){BYTES_LITERAL("Content-Type"), BYTES_LITERAL("application/json")};
	for (size_t i = 0; i < sending->header_count; i++)
		headers[count++] = sending->headers[i];
	struct exchange exchange = {
		.method = "POST",
		.url = sending->post.url,
		.headers = headers,
		.header_count = count,
		.body = buffer_bytes(&sending->body),
		.authorities = buffer_bytes(&sending->authorities),
		.user_agent = buffer_string(&sending->user_agent),
		.reply_max = REPLY_MAX,
		.milliseconds = sending->post.milliseconds > 0 ? sending->post.milliseconds : SEND_MILLISECONDS,
	};
	enum status status = exchange_perform(&exchange, &outcome);
	if (status != STATUS_OK)
		return status;
	judge_post(&outcome, result);
	result->is_encrypted = bytes_start_with_nocase(sending->post.url, BYTES_LITERAL("https:")) && outcome.was_sent;
	text_append_repaired(words, outcome.status > 0 ? buffer_bytes(&outcome.body) : bytes_of_string(outcome.why));
	exchange_free(&outcome);
	return STATUS_OK;
}

enum status sending_perform(struct sending *sending)
{
	struct send_result result = {.verdict = SEND_UNREACHABLE};
	struct buffer words = buffer_with_ceiling(WORDS_TEXT_MAX);
	enum status status = sending->is_post ? send_post(sending, &result, &words) : send_mail(sending, &result, &words);
	result.words = bytes_slice(buffer_bytes(&words), 0, SEND_WORDS_MAX);
	result.words.len = text_valid_length(result.words);
	if (status == STATUS_OK) {
		send_put_result(&sending->writer, &result);
		status = wire_send(sending->control, &sending->writer, -1);
	} else {
		status = send_failed(sending, status_name(status));
	}
	buffer_free(&words);
	return status;
}
