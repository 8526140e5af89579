/* SPDX-License-Identifier: Apache-2.0 */
/* Encoding and checking the messages of the role `send`. */
#include "wire/send-messages.h"

#include "model/relay.h"

enum { WHY_MAX = 1024, CODE_MAX = 999, MILLISECONDS_MAX = 3600000 };

static const struct permit rows[] = {
	{SEND_AWAITS_VERDICT, SEND_SENT, SEND_IS_ASKED, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{SEND_AWAITS_VERDICT, SEND_FAILED, SEND_IS_ASKED, PERMIT_NO_DESCRIPTOR, 4 + WHY_MAX},
	{SEND_AWAITS_VERDICT, SEND_READY, SEND_AWAITS_END, PERMIT_NO_DESCRIPTOR, 0},
	{SEND_AWAITS_END, SEND_SENT, SEND_IS_ASKED, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{SEND_AWAITS_END, SEND_FAILED, SEND_IS_ASKED, PERMIT_NO_DESCRIPTOR, 4 + WHY_MAX},

	{SEND_AWAITS_FIRST, SEND_MAIL, SEND_AWAITS_BODY, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{SEND_AWAITS_FIRST, SEND_POST, SEND_AWAITS_POST, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{SEND_AWAITS_POST, SEND_HEADER, SEND_AWAITS_POST, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{SEND_AWAITS_POST, SEND_AUTHORITY, SEND_AWAITS_BODY, PERMIT_NO_DESCRIPTOR, 4 + WIRE_CHUNK},
	{SEND_AWAITS_POST, SEND_BODY, SEND_AWAITS_BODY, PERMIT_NO_DESCRIPTOR, 4 + WIRE_CHUNK},
	{SEND_AWAITS_POST, SEND_END, SEND_IS_ASKED, PERMIT_NO_DESCRIPTOR, 0},
	{SEND_AWAITS_BODY, SEND_AUTHORITY, SEND_AWAITS_BODY, PERMIT_NO_DESCRIPTOR, 4 + WIRE_CHUNK},
	{SEND_AWAITS_BODY, SEND_BODY, SEND_AWAITS_BODY, PERMIT_NO_DESCRIPTOR, 4 + WIRE_CHUNK},
	{SEND_AWAITS_BODY, SEND_END, SEND_IS_ASKED, PERMIT_NO_DESCRIPTOR, 0},
	{SEND_AWAITS_GO, SEND_GO, SEND_IS_ASKED, PERMIT_NO_DESCRIPTOR, 0},
};
const struct permit_table send_permits = {rows, sizeof rows / sizeof *rows};

static bool is_clean(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < 0x20 || text.at[i] == 0x7f)
			return false;
	return true;
}

void send_put_mail(struct wire_writer *writer, const struct send_mail *mail)
{
	wire_begin(writer, SEND_MAIL);
	wire_put_bytes(writer, mail->host);
	wire_put_u32(writer, mail->port);
	wire_put_u8(writer, mail->is_tls);
	wire_put_u8(writer, mail->may_be_plain);
	wire_put_bytes(writer, mail->user);
	wire_put_bytes(writer, mail->password);
	wire_put_bytes(writer, mail->from);
	wire_put_bytes(writer, mail->to);
	wire_put_u32(writer, mail->milliseconds);
}

enum status send_get_mail(struct wire_reader *reader, struct send_mail *ret_mail)
{
	struct send_mail mail = {.host = wire_get_text(reader, SEND_HOST_MAX)};
	mail.port = (uint16_t)wire_get_enum(reader, UINT16_MAX + 1);
	mail.is_tls = wire_get_u8(reader) == 1;
	mail.may_be_plain = wire_get_u8(reader) == 1;
	mail.user = wire_get_text(reader, SEND_SECRET_MAX);
	mail.password = wire_get_text(reader, SEND_SECRET_MAX);
	mail.from = wire_get_text(reader, SEND_ADDRESS_MAX);
	mail.to = wire_get_text(reader, SEND_ADDRESS_MAX);
	mail.milliseconds = wire_get_enum(reader, MILLISECONDS_MAX + 1);
	bool makes_sense = mail.host.len > 0 && is_clean(mail.host) && mail.port > 0 && is_clean(mail.user) &&
	                   is_clean(mail.password) && (mail.from.len == 0 || relay_may_carry(mail.from)) &&
	                   relay_may_carry(mail.to);
	enum status status = makes_sense ? wire_end(reader) : STATUS_MALFORMED;
	if (status == STATUS_OK)
		*ret_mail = mail;
	return status;
}

void send_put_post(struct wire_writer *writer, const struct send_post *post)
{
	wire_begin(writer, SEND_POST);
	wire_put_bytes(writer, post->url);
	wire_put_u32(writer, post->milliseconds);
}

enum status send_get_post(struct wire_reader *reader, struct send_post *ret_post)
{
	struct send_post post = {.url = wire_get_text(reader, SEND_URL_MAX)};
	post.milliseconds = wire_get_enum(reader, MILLISECONDS_MAX + 1);
	bool makes_sense = post.url.len > 0 && is_clean(post.url);
	enum status status = makes_sense ? wire_end(reader) : STATUS_MALFORMED;
	if (status == STATUS_OK)
		*ret_post = post;
	return status;
}

void send_put_header(struct wire_writer *writer, const struct send_header *header)
{
	wire_begin(writer, SEND_HEADER);
	wire_put_bytes(writer, header->name);
	wire_put_bytes(writer, header->value);
}

/* A token of RFC 9110 5.6.2. */
static bool is_header_name(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = name.at[i];
		bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!is_word && (c == 0 || strchr("!#$%&'*+-.^_`|~", c) == NULL))
			return false;
	}
	return name.len > 0;
}

enum status send_get_header(struct wire_reader *reader, struct send_header *ret_header)
{
	struct send_header header = {.name = wire_get_text(reader, SEND_HEADER_MAX)};
	header.value = wire_get_text(reader, SEND_HEADER_MAX);
	bool makes_sense = is_header_name(header.name) && is_clean(header.value);
	enum status status = makes_sense ? wire_end(reader) : STATUS_MALFORMED;
	if (status == STATUS_OK)
		*ret_header = header;
	return status;
}

void send_put_piece(struct wire_writer *writer, enum send_message type, struct bytes piece)
{
	wire_begin(writer, (unsigned char)type);
	wire_put_bytes(writer, piece);
}

enum status send_get_piece(struct wire_reader *reader, struct bytes *ret_piece)
{
	struct bytes piece = wire_get_bytes(reader, WIRE_CHUNK);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_piece = piece;
	return status;
}

void send_put_sign(struct wire_writer *writer, enum send_message type)
{
	wire_begin(writer, (unsigned char)type);
}

void send_put_result(struct wire_writer *writer, const struct send_result *result)
{
	wire_begin(writer, SEND_SENT);
	wire_put_u32(writer, result->verdict);
	wire_put_u32(writer, result->stage);
	wire_put_u32(writer, result->code);
	wire_put_u8(writer, result->is_encrypted);
	wire_put_bytes(writer, result->words);
}

enum status send_get_result(struct wire_reader *reader, struct send_result *ret_result)
{
	struct send_result result = {.verdict = wire_get_enum(reader, SEND_VERDICT_COUNT)};
	result.stage = wire_get_enum(reader, SEND_STAGE_COUNT);
	result.code = wire_get_enum(reader, CODE_MAX + 1);
	result.is_encrypted = wire_get_u8(reader) == 1;
	result.words = wire_get_text(reader, SEND_WORDS_MAX);
	bool is_last = result.verdict == SEND_ACCEPTED || result.verdict == SEND_UNKNOWN;
	enum status status = !is_last || result.stage >= SEND_AT_BODY ? wire_end(reader) : STATUS_MALFORMED;
	if (status == STATUS_OK)
		*ret_result = result;
	return status;
}

void send_put_failed(struct wire_writer *writer, struct bytes why)
{
	send_put_piece(writer, SEND_FAILED, bytes_slice(why, 0, WHY_MAX));
}

enum status send_get_failed(struct wire_reader *reader, struct bytes *ret_why)
{
	struct bytes why = wire_get_text(reader, WHY_MAX);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_why = why;
	return status;
}
