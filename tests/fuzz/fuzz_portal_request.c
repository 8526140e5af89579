/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request as the library has cut it: "METHOD TARGET", a line for each header, an
 * empty line, a body. What is not refused must be fit to be handed on, and be taken
 * on the other side.
 */
#include "listening/form.h"
#include "listening/head.h"
#include "wire/portal-messages.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADERS_MAX = 32, ARENA_MAX = 1 << 20 };

static struct bytes take_until(struct bytes *rest, unsigned char end)
{
	size_t at = bytes_find_byte(*rest, end);
	struct bytes taken = bytes_slice(*rest, 0, at);
	*rest = bytes_from(*rest, at == BYTES_NOT_FOUND ? rest->len : at + 1);
	return taken;
}

static struct bytes read_lines(struct bytes rest, struct head *head, struct header headers[HEADERS_MAX])
{
	struct bytes line = take_until(&rest, '\n');
	head->method = take_until(&line, ' ');
	head->target = line;
	while (rest.len > 0 && head->header_count < HEADERS_MAX) {
		line = take_until(&rest, '\n');
		if (line.len == 0)
			break;
		headers[head->header_count].name = take_until(&line, ':');
		headers[head->header_count++].value = line;
	}
	return rest;
}

static void check(struct portal_request *request)
{
	static struct wire_writer writer;
	struct portal_request taken;
	request->number = 1;
	portal_put_request(&writer, request);
	assert(!writer.overflowed);
	struct wire_reader reader = {
		.type = writer.frame[1], .rest = bytes_of(writer.frame + 2, writer.len - 2), .descriptor = -1};
	assert(portal_get_request(&reader, &taken) == STATUS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct door_place place = {.port = 8900};
	struct header headers[HEADERS_MAX];
	struct arena arena = arena_with_ceiling(ARENA_MAX);
	struct head head = {.peer = BYTES_LITERAL("127.0.0.1"), .is_loopback = true, .headers = headers};
	struct head_reading reading;
	if (size == 0 || size > PORTAL_BODY_MAX)
		return 0;
	place.door = data[0] & 1 ? PORTAL_OPERATORS : PORTAL_SUBJECTS;
	assert(door_place_read(data[0] & 2 ? BYTES_LITERAL("https://leak.example") : BYTES_NONE, &place));
	struct bytes body = read_lines(bytes_of(data + 1, size - 1), &head, headers);
	struct refusal refusal = head_read(&place, &head, &arena, &reading);
	assert(refusal.code == 0 || (refusal.code >= 300 && refusal.code < 600));
	enum status status = STATUS_OK;
	if (refusal.code == 0 && reading.asset == NULL && reading.media == MEDIA_FORM)
		status = form_add_encoded(body, &arena, &reading.request);
	if (refusal.code == 0 && reading.asset == NULL && reading.media == MEDIA_JSON)
		status = form_add_json(body, &arena, &reading.request);
	if (refusal.code == 0 && reading.asset == NULL && status == STATUS_OK)
		check(&reading.request);
	arena_free(&arena);
	return 0;
}
