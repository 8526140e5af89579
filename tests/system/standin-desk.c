/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stands in for tidemark behind one door: starts tidemark-portal, prints the port,
 * and answers every request with what was handed on of it, as JSON. The field "act"
 * asks for something else: "large" (of "size" bytes), "never", "cut", "cookie",
 * "forget", "move", "file", "unsound". It prints what it hears besides: CANCEL, and
 * the cell's end. It drains when a line comes on standard input.
 *   standin-desk subjects|operators LISTEN [URL [CERTIFICATE KEY]] ; CONNECTIONS=, PER_ADDRESS=, PER_MINUTE= of the environment
 */
#define _GNU_SOURCE
#include "base/arena.h"
#include "base/json.h"
#include "process/listener.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { STREAMS_MAX = 1024, FILE_MAX = 256 << 10 };

/* A large body under way. */
struct stream {
	uint64_t number, left, sent;
};

static struct listener listener;
static struct stream streams[STREAMS_MAX];
static size_t stream_count;
static unsigned char piece[PORTAL_PIECE_MAX];

static void send_frame(void)
{
	if (wire_send(listener.process.socket, &listener.writer, -1) != STATUS_OK)
		exit(3);
}

static struct bytes read_file(const char *path, unsigned char into[FILE_MAX])
{
	FILE *file = path != NULL ? fopen(path, "re") : NULL;
	size_t length = file != NULL ? fread(into, 1, FILE_MAX, file) : 0;
	if (file != NULL)
		fclose(file);
	return bytes_of(into, length);
}

static uint32_t setting(const char *name, uint32_t standard)
{
	const char *text = getenv(name);
	return text != NULL ? (uint32_t)atoi(text) : standard;
}

/* ---- replies ---- */

static void say(uint64_t number, const struct portal_reply *head, struct bytes body)
{
	portal_put_reply(&listener.writer, number, head);
	send_frame();
	if (body.len > 0) {
		portal_put_body(&listener.writer, number, body);
		send_frame();
	}
	portal_put_number(&listener.writer, PORTAL_END, number);
	send_frame();
}

static void say_back(const struct portal_request *request)
{
	static const char *const sessions[] = {"none", "bearer", "cookie"};
	struct buffer body = buffer_with_ceiling(1 << 20);
	struct json_writer json = json_writer_into(&body);
	json_begin_object(&json);
	json_member_string(&json, "route", portal_route_name(request->route));
	json_member_string(&json, "session", sessions[request->session]);
	json_member_text(&json, "token", request->token);
	json_member_text(&json, "parameter", request->parameter);
	json_member_text(&json, "peer", request->peer);
	json_member_text(&json, "language", request->language);
	json_key(&json, "wants_problem");
	json_boolean(&json, request->wants_problem);
	json_key(&json, "is_same_origin");
	json_boolean(&json, request->is_same_origin);
	json_key(&json, "fields");
	json_begin_object(&json);
	for (size_t i = 0; i < request->field_count; i++) {
		char name[PORTAL_FIELD_NAME_MAX + 1];
		snprintf(name, sizeof name, "%.*s", (int)request->fields[i].name.len, (const char *)request->fields[i].name.at);
		json_key(&json, name);
		json_bytes(&json, request->fields[i].value);
	}
	json_end_object(&json);
	json_end_object(&json);
	say(request->number, &(struct portal_reply){.code = 200, .content = PORTAL_JSON}, buffer_bytes(&body));
	buffer_free(&body);
}

static void begin_large(const struct portal_request *request)
{
	uint64_t size = 0;
	if (!bytes_parse_u64(portal_field(request, "size"), &size) || stream_count == STREAMS_MAX)
		exit(4);
	portal_put_reply(&listener.writer, request->number, &(struct portal_reply){.code = 200, .content = PORTAL_CSV});
	send_frame();
	streams[stream_count++] = (struct stream){.number = request->number, .left = size};
}

static void cut(const struct portal_request *request)
{
	memset(piece, 'c', sizeof piece);
	portal_put_reply(&listener.writer, request->number, &(struct portal_reply){.code = 200, .content = PORTAL_PLAIN});
	send_frame();
	for (int i = 0; i < 2; i++) {
		portal_put_body(&listener.writer, request->number, bytes_of(piece, 48 << 10));
		send_frame();
	}
	portal_put_number(&listener.writer, PORTAL_CUT, request->number);
	send_frame();
}

static void answer(const struct portal_request *request)
{
	/* portal_put_reply writes whatever it is told. */
	const struct {
		const char *act;
		struct portal_reply reply;
	} acts[] = {
		{"cookie", {.code = 200, .content = PORTAL_HTML, .cookie = BYTES_LITERAL("token-1")}},
		{"forget", {.code = 200, .content = PORTAL_HTML, .forgets_cookie = true}},
		{"move", {.code = 303, .content = PORTAL_HTML, .location = BYTES_LITERAL("/answer?page=2")}},
		{"file", {.code = 200, .content = PORTAL_CSV, .file_name = BYTES_LITERAL("your-part.csv")}},
		{"unsound", {.code = 303, .content = PORTAL_HTML, .location = BYTES_LITERAL("/\r\nX-Evil: 1")}},
	};
	struct bytes act = portal_field(request, "act");
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		if (bytes_equal_string(act, acts[i].act)) {
			say(request->number, &acts[i].reply, BYTES_NONE);
			return;
		}
	if (bytes_equal_string(act, "large"))
		begin_large(request);
	else if (bytes_equal_string(act, "cut"))
		cut(request);
	else if (!bytes_equal_string(act, "never"))
		say_back(request);
}

/* ---- streams ---- */

static void drop_stream(uint64_t number)
{
	for (size_t i = 0; i < stream_count; i++)
		if (streams[i].number == number)
			streams[i] = streams[--stream_count];
}

static void take(uint64_t number, uint32_t bytes)
{
	for (size_t i = 0; i < stream_count; i++)
		if (streams[i].number == number)
			streams[i].sent -= bytes;
}

static void send_streams(void)
{
	memset(piece, 'x', sizeof piece);
	for (size_t i = 0; i < stream_count; i++) {
		struct stream *stream = &streams[i];
		while (stream->left > 0) {
			uint64_t size = stream->left < sizeof piece ? stream->left : sizeof piece;
			if (stream->sent + size > PORTAL_WINDOW)
				break;
			portal_put_body(&listener.writer, stream->number, bytes_of(piece, size));
			send_frame();
			stream->left -= size;
			stream->sent += size;
		}
		if (stream->left == 0) {
			portal_put_number(&listener.writer, PORTAL_END, stream->number);
			send_frame();
			drop_stream(stream->number);
			i--;
		}
	}
}

/* ---- the round ---- */

static void hear(void)
{
	struct listener_message message;
	enum status status;
	while ((status = listener_hear(&listener, &message)) == STATUS_OK) {
		if (message.what == LISTENER_REQUEST)
			answer(&message.request);
		else if (message.what == LISTENER_TOOK)
			take(message.number, message.bytes);
		else if (message.what == LISTENER_CANCEL) {
			drop_stream(message.number);
			puts("cancel");
		}
	}
	if (status == STATUS_TIMED_OUT)
		return;
	printf("ended %s\n", status_name(status));
	exit(spawn_finish(&listener.process) == STATUS_OK ? 0 : 5);
}

int main(int argc, char **argv)
{
	static unsigned char certificate[FILE_MAX], key[FILE_MAX];
	struct failure failure = {.why = ""};
	struct pollfd ready[2] = {{.fd = 0, .events = POLLIN}, {.events = POLLIN}};
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 3)
		return 2;
	const struct listener_plan plan = {
		.setup = {.door = strcmp(argv[1], "operators") == 0 ? PORTAL_OPERATORS : PORTAL_SUBJECTS,
	                  .listen = bytes_of_string(argv[2]),
	                  .url = bytes_of_string(argc > 3 ? argv[3] : NULL),
	                  .connections = setting("CONNECTIONS", 1000),
	                  .connections_per_address = setting("PER_ADDRESS", 1000),
	                  .requests_per_minute = setting("PER_MINUTE", 1000000)},
		.certificate = read_file(argc > 5 ? argv[4] : NULL, certificate),
		.key = read_file(argc > 5 ? argv[5] : NULL, key),
	};
	if (listener_start(&listener, &plan, &failure) != STATUS_OK) {
		printf("failed %s %s\n", failure.where, failure.why);
		return 1;
	}
	printf("%u %d\n", listener.port, (int)listener.process.pid);
	ready[1].fd = listener.process.socket;
	for (;;) {
		char line[64];
		poll(ready, 2, -1);
		if (ready[0].fd >= 0 && ready[0].revents != 0) {
			if (read(0, line, sizeof line) > 0) {
				portal_put_empty(&listener.writer, PORTAL_DRAIN);
				send_frame();
			}
			ready[0].fd = -1;
		}
		hear();
		send_streams();
	}
}
