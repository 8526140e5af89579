/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames between tidemark and tidemark-portal: the first byte names the message,
 * the rest are its fields. What is accepted must read the same after being written
 * again, and be fit to be believed.
 */
#include "base/text.h"
#include "wire/portal-messages.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct wire_reader reader_over(const struct wire_writer *writer)
{
	return (struct wire_reader){
		.type = writer->frame[1], .rest = bytes_of(writer->frame + 2, writer->len - 2), .descriptor = -1};
}

static void check_request(struct wire_reader *reader, struct wire_writer *writer)
{
	struct portal_request request, again;
	if (portal_get_request(reader, &request) != STATUS_OK)
		return;
	assert(portal_route_door(request.route) == request.door && request.field_count <= PORTAL_FIELDS_MAX);
	assert(text_is_valid(request.token) && request.token.len <= PORTAL_TOKEN_MAX);
	for (size_t i = 0; i < request.field_count; i++)
		assert(text_is_valid(request.fields[i].value) && request.fields[i].value.len <= PORTAL_FIELD_MAX);
	portal_put_request(writer, &request);
	struct wire_reader second = reader_over(writer);
	assert(portal_get_request(&second, &again) == STATUS_OK && again.number == request.number);
	assert(again.field_count == request.field_count && bytes_equal(again.parameter, request.parameter));
}

static void check_reply(struct wire_reader *reader, struct wire_writer *writer)
{
	struct portal_reply reply, again;
	uint64_t number, same;
	if (portal_get_reply(reader, &number, &reply) != STATUS_OK)
		return;
	assert(portal_reply_is_sound(&reply) && bytes_find_byte(reply.location, '\n') == BYTES_NOT_FOUND);
	portal_put_reply(writer, number, &reply);
	struct wire_reader second = reader_over(writer);
	assert(portal_get_reply(&second, &same, &again) == STATUS_OK && same == number);
	assert(again.code == reply.code && bytes_equal(again.cookie, reply.cookie));
}

static void check_body(struct wire_reader *reader, struct wire_writer *writer)
{
	struct bytes piece;
	uint64_t number;
	if (portal_get_body(reader, &number, &piece) != STATUS_OK)
		return;
	assert(piece.len > 0 && piece.len <= PORTAL_PIECE_MAX);
	portal_put_body(writer, number, piece);
	struct wire_reader second = reader_over(writer);
	assert(!writer->overflowed && portal_get_body(&second, &number, &piece) == STATUS_OK);
}

static void check_setup(struct wire_reader *reader, struct wire_writer *writer)
{
	struct portal_setup setup, again;
	if (portal_get_setup(reader, &setup) != STATUS_OK)
		return;
	assert(setup.connections > 0 && setup.connections <= PORTAL_CONNECTIONS_MAX);
	portal_put_setup(writer, &setup);
	struct wire_reader second = reader_over(writer);
	assert(portal_get_setup(&second, &again) == STATUS_OK && bytes_equal(again.url, setup.url));
}

static void check_small(struct wire_reader *reader)
{
	uint64_t figures[PORTAL_FIGURE_COUNT], number;
	struct bytes why;
	uint32_t bytes;
	uint16_t port;
	switch (reader->type) {
	case PORTAL_READY: assert(portal_get_ready(reader, &port) != STATUS_OK || port != 0); break;
	case PORTAL_FAILED: assert(portal_get_failed(reader, &why) != STATUS_OK || text_is_valid(why)); break;
	case PORTAL_TOOK: assert(portal_get_took(reader, &number, &bytes) != STATUS_OK || bytes <= PORTAL_WINDOW); break;
	case PORTAL_TELLS_FIGURES: assert(portal_get_figures(reader, figures) != STATUS_BROKEN); break;
	default: assert(portal_get_number(reader, &number) != STATUS_BROKEN); break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wire_writer writer;
	if (size == 0 || size > PERMIT_FRAME)
		return 0;
	struct wire_reader reader = {.type = data[0], .rest = bytes_of(data + 1, size - 1), .descriptor = -1};
	unsigned char state = PORTAL_LISTENS;
	struct wire_reader asked = reader;
	assert(permit_message(&portal_permits, &state, &asked) != STATUS_OK || reader.type >= PORTAL_READY);
	switch (reader.type) {
	case PORTAL_REQUEST: check_request(&reader, &writer); break;
	case PORTAL_REPLY: check_reply(&reader, &writer); break;
	case PORTAL_BODY: check_body(&reader, &writer); break;
	case PORTAL_SETUP: check_setup(&reader, &writer); break;
	default: check_small(&reader); break;
	}
	return 0;
}
