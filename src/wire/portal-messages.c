/* SPDX-License-Identifier: Apache-2.0 */
/* Encoding and checking the messages of tidemark-portal. */
#include "wire/portal-messages.h"

#include "base/text.h"

enum { WHY_MAX = 256, LISTEN_MAX = 64 };

static const struct permit rows[] = {
	{PORTAL_COMES_UP, PORTAL_READY, PORTAL_LISTENS, PERMIT_NO_DESCRIPTOR, 4},
	{PORTAL_COMES_UP, PORTAL_FAILED, PORTAL_HAS_FAILED, PERMIT_NO_DESCRIPTOR, 4 + WHY_MAX},
	{PORTAL_LISTENS, PORTAL_REQUEST, PORTAL_LISTENS, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{PORTAL_LISTENS, PORTAL_CANCEL, PORTAL_LISTENS, PERMIT_NO_DESCRIPTOR, 8},
	{PORTAL_LISTENS, PORTAL_TOOK, PORTAL_LISTENS, PERMIT_NO_DESCRIPTOR, 8 + 4},
	{PORTAL_LISTENS, PORTAL_TELLS_FIGURES, PORTAL_LISTENS, PERMIT_NO_DESCRIPTOR, 8 * PORTAL_FIGURE_COUNT},

	{PORTAL_AWAITS_SETUP, PORTAL_SETUP, PORTAL_AWAITS_KEYS, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{PORTAL_AWAITS_KEYS, PORTAL_CERTIFICATE, PORTAL_AWAITS_KEYS, PERMIT_A_DESCRIPTOR, 4},
	{PORTAL_AWAITS_KEYS, PORTAL_KEY, PORTAL_AWAITS_KEYS, PERMIT_A_DESCRIPTOR, 4},
	{PORTAL_AWAITS_KEYS, PORTAL_SETUP_END, PORTAL_SERVES, PERMIT_NO_DESCRIPTOR, 0},
	{PORTAL_SERVES, PORTAL_REPLY, PORTAL_SERVES, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{PORTAL_SERVES, PORTAL_BODY, PORTAL_SERVES, PERMIT_NO_DESCRIPTOR, 8 + 4 + PORTAL_PIECE_MAX},
	{PORTAL_SERVES, PORTAL_END, PORTAL_SERVES, PERMIT_NO_DESCRIPTOR, 8},
	{PORTAL_SERVES, PORTAL_CUT, PORTAL_SERVES, PERMIT_NO_DESCRIPTOR, 8},
	{PORTAL_SERVES, PORTAL_DRAIN, PORTAL_FINISHES, PERMIT_NO_DESCRIPTOR, 0},
	{PORTAL_FINISHES, PORTAL_REPLY, PORTAL_FINISHES, PERMIT_NO_DESCRIPTOR, PERMIT_FRAME},
	{PORTAL_FINISHES, PORTAL_BODY, PORTAL_FINISHES, PERMIT_NO_DESCRIPTOR, 8 + 4 + PORTAL_PIECE_MAX},
	{PORTAL_FINISHES, PORTAL_END, PORTAL_FINISHES, PERMIT_NO_DESCRIPTOR, 8},
	{PORTAL_FINISHES, PORTAL_CUT, PORTAL_FINISHES, PERMIT_NO_DESCRIPTOR, 8},
};
const struct permit_table portal_permits = {rows, sizeof rows / sizeof *rows};

void portal_put_empty(struct wire_writer *writer, enum portal_message type)
{
	wire_begin(writer, (unsigned char)type);
}

/* ---- set-up ---- */

void portal_put_setup(struct wire_writer *writer, const struct portal_setup *setup)
{
	wire_begin(writer, PORTAL_SETUP);
	wire_put_u32(writer, setup->door);
	wire_put_bytes(writer, setup->listen);
	wire_put_bytes(writer, setup->url);
	wire_put_u32(writer, setup->connections);
	wire_put_u32(writer, setup->connections_per_address);
	wire_put_u32(writer, setup->requests_per_minute);
}

enum status portal_get_setup(struct wire_reader *reader, struct portal_setup *ret_setup)
{
	struct portal_setup setup = {.door = wire_get_enum(reader, PORTAL_OPERATORS + 1)};
	setup.listen = wire_get_text(reader, LISTEN_MAX);
	setup.url = wire_get_text(reader, PORTAL_URL_MAX);
	setup.connections = wire_get_enum(reader, PORTAL_CONNECTIONS_MAX + 1);
	setup.connections_per_address = wire_get_enum(reader, PORTAL_CONNECTIONS_MAX + 1);
	setup.requests_per_minute = wire_get_u32(reader);
	if (wire_end(reader) != STATUS_OK || setup.connections == 0 || setup.connections_per_address == 0 ||
	    setup.requests_per_minute == 0)
		return STATUS_MALFORMED;
	*ret_setup = setup;
	return STATUS_OK;
}

void portal_put_pem(struct wire_writer *writer, enum portal_message type, uint32_t size)
{
	wire_begin(writer, (unsigned char)type);
	wire_put_u32(writer, size);
}

enum status portal_get_pem(struct wire_reader *reader, uint32_t *ret_size)
{
	uint32_t size = wire_get_enum(reader, PORTAL_PEM_MAX + 1);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_size = size;
	return status;
}

void portal_put_ready(struct wire_writer *writer, uint16_t port)
{
	wire_begin(writer, PORTAL_READY);
	wire_put_u32(writer, port);
}

enum status portal_get_ready(struct wire_reader *reader, uint16_t *ret_port)
{
	uint32_t port = wire_get_enum(reader, UINT16_MAX + 1);
	if (wire_end(reader) != STATUS_OK || port == 0)
		return STATUS_MALFORMED;
	*ret_port = (uint16_t)port;
	return STATUS_OK;
}

void portal_put_failed(struct wire_writer *writer, struct bytes why)
{
	why = bytes_slice(why, 0, WHY_MAX);
	why.len = text_valid_length(why);
	wire_begin(writer, PORTAL_FAILED);
	wire_put_bytes(writer, why);
}

enum status portal_get_failed(struct wire_reader *reader, struct bytes *ret_why)
{
	struct bytes why = wire_get_text(reader, WHY_MAX);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_why = why;
	return status;
}

/* ---- requests ---- */

void portal_put_request(struct wire_writer *writer, const struct portal_request *request)
{
	wire_begin(writer, PORTAL_REQUEST);
	wire_put_u64(writer, request->number);
	wire_put_u32(writer, request->door);
	wire_put_u32(writer, request->route);
	wire_put_u32(writer, request->session);
	wire_put_bytes(writer, request->token);
	wire_put_bytes(writer, request->parameter);
	wire_put_bytes(writer, request->peer);
	wire_put_bytes(writer, request->language);
	wire_put_u8(writer, request->wants_problem);
	wire_put_u8(writer, request->is_same_origin);
	wire_put_u32(writer, (uint32_t)request->field_count);
	for (size_t i = 0; i < request->field_count; i++) {
		wire_put_bytes(writer, request->fields[i].name);
		wire_put_bytes(writer, request->fields[i].value);
	}
}

static bool get_flag(struct wire_reader *reader)
{
	uint8_t flag = wire_get_u8(reader);
	reader->failed |= flag > 1;
	return flag == 1;
}

static void get_fields(struct wire_reader *reader, struct portal_request *request)
{
	size_t count = wire_get_enum(reader, PORTAL_FIELDS_MAX + 1);
	for (size_t i = 0; i < count && !reader->failed; i++) {
		struct portal_field *field = &request->fields[i];
		field->name = wire_get_text(reader, PORTAL_FIELD_NAME_MAX);
		field->value = wire_get_text(reader, PORTAL_FIELD_MAX);
		reader->failed |= field->name.len == 0;
		for (size_t before = 0; before < i; before++)
			reader->failed |= bytes_equal(request->fields[before].name, field->name);
	}
	request->field_count = count;
}

static bool hangs_together(const struct portal_request *request)
{
	bool has_parameter = strchr(portal_route_path(request->route), '*') != NULL;
	return portal_route_door(request->route) == request->door && (request->parameter.len > 0) == has_parameter &&
	       (request->token.len > 0) == (request->session != PORTAL_NO_SESSION) && request->peer.len > 0 &&
	       (bytes_equal_string(request->language, "en") || bytes_equal_string(request->language, "de"));
}

enum status portal_get_request(struct wire_reader *reader, struct portal_request *ret_request)
{
	struct portal_request request = {.number = wire_get_u64(reader)};
	request.door = wire_get_enum(reader, PORTAL_OPERATORS + 1);
	request.route = wire_get_enum(reader, PORTAL_ROUTE_COUNT);
	request.session = wire_get_enum(reader, PORTAL_COOKIE + 1);
	request.token = wire_get_text(reader, PORTAL_TOKEN_MAX);
	request.parameter = wire_get_text(reader, PORTAL_PARAMETER_MAX);
	request.peer = wire_get_text(reader, PORTAL_PEER_MAX);
	request.language = wire_get_text(reader, 2);
	request.wants_problem = get_flag(reader);
	request.is_same_origin = get_flag(reader);
	get_fields(reader, &request);
	if (wire_end(reader) != STATUS_OK || !hangs_together(&request))
		return STATUS_MALFORMED;
	*ret_request = request;
	return STATUS_OK;
}

/* ---- replies ---- */

void portal_put_reply(struct wire_writer *writer, uint64_t number, const struct portal_reply *reply)
{
	wire_begin(writer, PORTAL_REPLY);
	wire_put_u64(writer, number);
	wire_put_u32(writer, reply->code);
	wire_put_u32(writer, reply->content);
	wire_put_bytes(writer, reply->location);
	wire_put_bytes(writer, reply->file_name);
	wire_put_bytes(writer, reply->cookie);
	wire_put_u8(writer, reply->forgets_cookie);
	wire_put_u32(writer, reply->retry_after);
}

enum status portal_get_reply(struct wire_reader *reader, uint64_t *ret_number, struct portal_reply *ret_reply)
{
	uint64_t number = wire_get_u64(reader);
	struct portal_reply reply = {.code = (uint16_t)wire_get_enum(reader, 600)};
	reply.content = wire_get_enum(reader, PORTAL_CONTENT_COUNT);
	reply.location = wire_get_text(reader, PORTAL_HEADER_MAX);
	reply.file_name = wire_get_text(reader, PORTAL_HEADER_MAX);
	reply.cookie = wire_get_text(reader, PORTAL_HEADER_MAX);
	reply.forgets_cookie = get_flag(reader);
	reply.retry_after = wire_get_u32(reader);
	if (wire_end(reader) != STATUS_OK || !portal_reply_is_sound(&reply))
		return STATUS_MALFORMED;
	*ret_number = number;
	*ret_reply = reply;
	return STATUS_OK;
}

void portal_put_body(struct wire_writer *writer, uint64_t number, struct bytes piece)
{
	wire_begin(writer, PORTAL_BODY);
	wire_put_u64(writer, number);
	wire_put_bytes(writer, piece);
}

enum status portal_get_body(struct wire_reader *reader, uint64_t *ret_number, struct bytes *ret_piece)
{
	uint64_t number = wire_get_u64(reader);
	struct bytes piece = wire_get_bytes(reader, PORTAL_PIECE_MAX);
	enum status status = wire_end(reader);
	if (status != STATUS_OK || piece.len == 0)
		return STATUS_MALFORMED;
	*ret_number = number;
	*ret_piece = piece;
	return STATUS_OK;
}

void portal_put_took(struct wire_writer *writer, uint64_t number, uint32_t bytes)
{
	wire_begin(writer, PORTAL_TOOK);
	wire_put_u64(writer, number);
	wire_put_u32(writer, bytes);
}

enum status portal_get_took(struct wire_reader *reader, uint64_t *ret_number, uint32_t *ret_bytes)
{
	uint64_t number = wire_get_u64(reader);
	uint32_t bytes = wire_get_enum(reader, PORTAL_WINDOW + 1);
	enum status status = wire_end(reader);
	if (status == STATUS_OK) {
		*ret_number = number;
		*ret_bytes = bytes;
	}
	return status;
}

void portal_put_number(struct wire_writer *writer, enum portal_message type, uint64_t number)
{
	wire_begin(writer, (unsigned char)type);
	wire_put_u64(writer, number);
}

enum status portal_get_number(struct wire_reader *reader, uint64_t *ret_number)
{
	uint64_t number = wire_get_u64(reader);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		*ret_number = number;
	return status;
}

/* ---- figures ---- */

void portal_put_figures(struct wire_writer *writer, const uint64_t figures[PORTAL_FIGURE_COUNT])
{
	wire_begin(writer, PORTAL_TELLS_FIGURES);
	for (size_t i = 0; i < PORTAL_FIGURE_COUNT; i++)
		wire_put_u64(writer, figures[i]);
}

enum status portal_get_figures(struct wire_reader *reader, uint64_t ret_figures[PORTAL_FIGURE_COUNT])
{
	uint64_t figures[PORTAL_FIGURE_COUNT];
	for (size_t i = 0; i < PORTAL_FIGURE_COUNT; i++)
		figures[i] = wire_get_u64(reader);
	enum status status = wire_end(reader);
	if (status == STATUS_OK)
		memcpy(ret_figures, figures, sizeof figures);
	return status;
}
