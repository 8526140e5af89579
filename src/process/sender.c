/* SPDX-License-Identifier: Apache-2.0 */
#include "process/sender.h"

#include "base/text.h"
#include "process/errand.h"

#include <stdio.h>

enum { START_MS = 2000, LINE_MAX_BYTES = 998 };

/* ---- what is sent ---- */

/* RFC 5322 2.1.1 and 2.3: lines end with CRLF, and CR and LF stand nowhere else. */
static bool is_message(struct bytes message)
{
	size_t line = 0;
	for (size_t i = 0; i < message.len; i++) {
		unsigned char c = message.at[i];
		bool is_end = c == '\r' && i + 1 < message.len && message.at[i + 1] == '\n';
		if (c == 0 || ((c == '\r' || c == '\n') && !is_end) || (!is_end && ++line > LINE_MAX_BYTES))
			return false;
		if (is_end) {
			line = 0;
			i++;
		}
	}
	return message.len > 2 && message.len <= SEND_BODY_MAX && line == 0;
}

static bool is_clean(struct bytes text, size_t most)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < 0x20 || text.at[i] == 0x7f)
			return false;
	return text.len <= most && text_is_valid(text);
}

static enum status check_mail(const struct sender_mail *mail, struct failure *reterr)
{
	static const char where[] = "mail";
	if ((mail->from.len > 0 && !relay_may_carry(mail->from)) || !relay_may_carry(mail->to) || !text_is_valid(mail->from) ||
	    !text_is_valid(mail->to))
		return fail(reterr, STATUS_USAGE, where, "goes from or to what is no address");
	if (!is_message(mail->message))
		return fail(reterr, STATUS_USAGE, where, "is no message of lines that end with CRLF, or is too large");
	if (!is_clean(mail->relay.host, SEND_HOST_MAX) || !is_clean(mail->relay.user, SEND_SECRET_MAX) ||
	    !is_clean(mail->password, SEND_SECRET_MAX))
		return fail(reterr, STATUS_USAGE, where, "its server, user or password cannot be said");
	return STATUS_OK;
}

static enum status check_post(const struct sender_post *post, struct failure *reterr)
{
	bool is_sound = is_clean(post->url, SEND_URL_MAX) && post->header_count <= SEND_HEADERS_MAX &&
	                post->body.len <= SEND_BODY_MAX;
	for (size_t i = 0; i < post->header_count && is_sound; i++)
		is_sound = is_clean(post->headers[i].name, SEND_HEADER_MAX) && is_clean(post->headers[i].value, SEND_HEADER_MAX);
	return is_sound ? STATUS_OK : fail(reterr, STATUS_USAGE, "webhook", "its URL, headers or body cannot be said");
}

/* ---- the errand ---- */

static enum status say_pieces(struct errand *errand, enum send_message type, struct bytes bytes)
{
	enum status status = STATUS_OK;
	while (bytes.len > 0 && status == STATUS_OK) {
		send_put_piece(&errand->writer, type, bytes_slice(bytes, 0, WIRE_CHUNK));
		status = errand_say(errand);
		bytes = bytes_from(bytes, WIRE_CHUNK);
	}
	return status;
}

static enum status say_rest(struct errand *errand, struct bytes authorities, struct bytes body)
{
	enum status status = say_pieces(errand, SEND_AUTHORITY, authorities);
	if (status == STATUS_OK)
		status = say_pieces(errand, SEND_BODY, body);
	if (status == STATUS_OK) {
		send_put_sign(&errand->writer, SEND_END);
		status = errand_say(errand);
	}
	return status;
}

static void say_lost(struct sender_result *result, bool may_have_gone, const char *why)
{
	*result = may_have_gone ? (struct sender_result){.verdict = SEND_UNKNOWN, .stage = SEND_AT_END}
	                        : (struct sender_result){.verdict = SEND_UNREACHABLE, .stage = SEND_AT_BODY};
	snprintf(result->words, sizeof result->words, "%s", why);
}

static enum status take(struct wire_reader *reader, struct sender_result *result, struct failure *reterr)
{
	struct send_result heard;
	struct bytes why;
	if (reader->type == SEND_FAILED)
		return send_get_failed(reader, &why) == STATUS_OK
		               ? fail(reterr, STATUS_USAGE, "sending", "%.*s", (int)why.len, (const char *)why.at)
		               : errand_disbelieve(reterr);
	if (send_get_result(reader, &heard) != STATUS_OK)
		return errand_disbelieve(reterr);
	*result = (struct sender_result){heard.verdict, heard.stage, heard.code, heard.is_encrypted, ""};
	snprintf(result->words, sizeof result->words, "%.*s", (int)heard.words.len, (const char *)heard.words.at);
	return STATUS_OK;
}

/* Once all is said, whatever ends it leaves open whether it was sent. Before, nothing was. */
static enum status hear(struct errand *errand, enum send_state state, bool was_all_said, const struct fetch_wait *wait,
                        struct sender_result *ret_result, struct failure *reterr)
{
	struct wire_reader reader;
	struct sender_result result;
	struct failure failure = {.why = "interrupted"};
	enum status status = errand_hear(errand, &send_permits, (unsigned char)state, wait, &reader, &failure);
	if (status == STATUS_OK)
		status = take(&reader, &result, &failure);
	if ((status == STATUS_CRASHED || status == STATUS_INTERRUPTED) && was_all_said) {
		say_lost(&result, true, failure.why);
		status = STATUS_OK;
	}
	if (status == STATUS_OK)
		*ret_result = result;
	else if (reterr != NULL)
		*reterr = failure;
	return status;
}

/* What a mail's verdict may be before its end was handed over: none that says it went. */
static enum status take_early(struct wire_reader *reader, struct sender_result *result, struct failure *reterr)
{
	enum status status = take(reader, result, reterr);
	if (status == STATUS_OK && (result->verdict == SEND_ACCEPTED || result->verdict == SEND_UNKNOWN))
		return errand_disbelieve(reterr);
	return status;
}

/* Up to its end, and the end only once it is handed over. */
static enum status hear_mail(struct errand *errand, const struct sender_mail *mail, struct sender_result *ret_result,
                             struct failure *reterr)
{
	struct wire_reader reader;
	struct sender_result result;
	struct failure failure = {.why = "interrupted"};
	enum status status = errand_hear(errand, &send_permits, SEND_AWAITS_VERDICT, mail->wait, &reader, &failure);
	bool is_ready = status == STATUS_OK && reader.type == SEND_READY;
	if (status == STATUS_OK && !is_ready)
		status = take_early(&reader, &result, &failure);
	if (status == STATUS_CRASHED) {
		say_lost(&result, false, failure.why);
		status = STATUS_OK;
	}
	if (status == STATUS_OK && !is_ready)
		*ret_result = result;
	if (status != STATUS_OK && reterr != NULL)
		*reterr = failure;
	if (status != STATUS_OK || !is_ready)
		return status;
	if (mail->hand_over != NULL)
		status = mail->hand_over(mail->context, reterr);
	if (status != STATUS_OK)
		return status;
	send_put_sign(&errand->writer, SEND_GO);
	status = errand_say(errand);
	return hear(errand, SEND_AWAITS_END, true, mail->wait, ret_result, reterr);
}

static int64_t time_for(uint32_t milliseconds)
{
	return (milliseconds > 0 ? milliseconds : SEND_MILLISECONDS) + START_MS;
}

enum status sender_mail(const struct sender_mail *mail, struct sender_result *ret_result, struct failure *reterr)
{
	struct errand *errand;
	enum status status = check_mail(mail, reterr);
	if (status == STATUS_OK)
		status = errand_start("send", time_for(mail->milliseconds), &errand, reterr);
	if (status != STATUS_OK)
		return status;
	const struct send_mail told = {
		.host = mail->relay.host,
		.port = mail->relay.port,
		.is_tls = mail->relay.is_tls,
		.may_be_plain = mail->may_be_plain,
		.user = mail->relay.user,
		.password = mail->password,
		.from = mail->from,
		.to = mail->to,
		.milliseconds = mail->milliseconds,
	};
	send_put_mail(&errand->writer, &told);
	status = errand_say(errand);
	if (status == STATUS_OK)
		status = say_rest(errand, mail->authorities, mail->message);
	status = hear_mail(errand, mail, ret_result, reterr);
	errand_dismiss(errand);
	return status;
}

static enum status say_headers(struct errand *errand, const struct sender_post *post)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < post->header_count && status == STATUS_OK; i++) {
		send_put_header(&errand->writer, &post->headers[i]);
		status = errand_say(errand);
	}
	return status;
}

enum status sender_post(const struct sender_post *post, struct sender_result *ret_result, struct failure *reterr)
{
	struct errand *errand;
	enum status status = check_post(post, reterr);
	if (status == STATUS_OK)
		status = errand_start("send", time_for(post->milliseconds), &errand, reterr);
	if (status != STATUS_OK)
		return status;
	send_put_post(&errand->writer, &(struct send_post){post->url, post->milliseconds});
	status = errand_say(errand);
	if (status == STATUS_OK)
		status = say_headers(errand, post);
	if (status == STATUS_OK)
		status = say_rest(errand, post->authorities, post->body);
	status = hear(errand, SEND_AWAITS_VERDICT, status == STATUS_OK, post->wait, ret_result, reterr);
	errand_dismiss(errand);
	return status;
}
