/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "listening/listening.h"

#include "listening/front.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BACKLOG = 1024, FRAMES_A_ROUND = 64, OWN_DESCRIPTORS = 32, SPARE = 64, HEIR_MS = 2000, HEIR_PAUSE_MS = 20 };

struct listening {
	int socket;
	unsigned char state;
	struct front front;
	struct arena arena; /* of the set-up */
	char *certificate, *key;
	unsigned char frame[WIRE_FRAME_MAX];
};

/* ---- set-up ---- */

static enum status read_pem(struct wire_reader *reader, struct arena *arena, char **ret_text)
{
	uint32_t size = 0;
	int memory = wire_take_descriptor(reader);
	enum status status = portal_get_pem(reader, &size);
	char *text = status == STATUS_OK && wire_is_sealed_memory(memory, size) ? arena_allocate(arena, (size_t)size + 1) : NULL;
	if (text == NULL || pread(memory, text, size, 0) != (ssize_t)size)
		status = STATUS_MALFORMED;
	else
		*ret_text = text;
	if (memory >= 0)
		close(memory);
	return status;
}

/* "127.0.0.1:80" or "[::1]:80". */
static bool read_address(struct bytes text, struct sockaddr_storage *ret_address, socklen_t *ret_size)
{
	char host[INET6_ADDRSTRLEN + 1];
	size_t colon = bytes_find_last_byte(text, ':');
	struct bytes number = bytes_slice(text, 0, colon);
	uint64_t port = 0;
	bool is_six = number.len > 2 && number.at[0] == '[' && number.at[number.len - 1] == ']';
	if (is_six)
		number = bytes_slice(number, 1, number.len - 2);
	if (colon == BYTES_NOT_FOUND || number.len >= sizeof host || !bytes_parse_u64(bytes_from(text, colon + 1), &port) ||
	    port > UINT16_MAX)
		return false;
	memcpy(host, number.at, number.len);
	host[number.len] = '\0';
	*ret_address = (struct sockaddr_storage){.ss_family = is_six ? AF_INET6 : AF_INET};
	if (is_six) {
		struct sockaddr_in6 *six = (void *)ret_address;
		six->sin6_port = htons((uint16_t)port);
		*ret_size = sizeof *six;
		return inet_pton(AF_INET6, host, &six->sin6_addr) == 1;
	}
	struct sockaddr_in *four = (void *)ret_address;
	four->sin_port = htons((uint16_t)port);
	*ret_size = sizeof *four;
	return inet_pton(AF_INET, host, &four->sin_addr) == 1;
}

static uint16_t port_of(int descriptor)
{
	struct sockaddr_in6 address = {.sin6_port = 0}; /* the port lies in both families at the same place */
	socklen_t size = sizeof address;
	return getsockname(descriptor, (struct sockaddr *)&address, &size) == 0 ? ntohs(address.sin6_port) : 0;
}

/* -1 with errno. */
static int listen_at(const struct sockaddr_storage *address, socklen_t size)
{
	const int yes = 1;
	int descriptor = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (descriptor < 0)
		return -1;
	setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (bind(descriptor, (const struct sockaddr *)address, size) == 0 && listen(descriptor, BACKLOG) == 0)
		return descriptor;
	int why = errno;
	close(descriptor);
	errno = why;
	return -1;
}

/* The cell of a tidemark that was killed a moment ago may hold the address still. */
static int listen_once_free(const struct sockaddr_storage *address, socklen_t size)
{
	const struct timespec pause = {.tv_nsec = HEIR_PAUSE_MS * 1000000L};
	int descriptor = listen_at(address, size);
	for (int waited = 0; descriptor < 0 && errno == EADDRINUSE && waited < HEIR_MS; waited += HEIR_PAUSE_MS) {
		nanosleep(&pause, NULL);
		descriptor = listen_at(address, size);
	}
	return descriptor;
}

static enum status bind_door(struct bytes where, int *ret_descriptor, struct failure *reterr)
{
	struct sockaddr_storage address;
	socklen_t size;
	char shown[80];
	snprintf(shown, sizeof shown, "%.*s", (int)where.len, (const char *)where.at);
	if (!read_address(where, &address, &size))
		return fail(reterr, STATUS_USAGE, shown, "is no address with a port, as 127.0.0.1:8900 or [::1]:8900");
	int descriptor = listen_once_free(&address, size);
	if (descriptor < 0)
		return fail(reterr, STATUS_DENIED, shown, "cannot be listened at: %s", strerror(errno));
	*ret_descriptor = descriptor;
	return STATUS_OK;
}

/* As many as were asked for, or as descriptors can be had. */
static uint32_t limit_connections(uint32_t wanted)
{
	struct rlimit limit = {0, 0};
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	rlim_t spare = OWN_DESCRIPTORS + SPARE;
	if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= wanted + spare)
		return wanted;
	return limit.rlim_cur > spare ? (uint32_t)(limit.rlim_cur - spare) : 1;
}

static enum status take_setup(struct listening *listening, struct wire_reader *reader, struct portal_setup *setup)
{
	enum status status = portal_get_setup(reader, setup);
	if (status != STATUS_OK)
		return status;
	setup->listen = arena_copy(&listening->arena, setup->listen);
	setup->url = arena_copy(&listening->arena, setup->url);
	return setup->listen.at != NULL && setup->url.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status hear_setup(struct listening *listening, struct portal_setup *setup)
{
	enum status status = STATUS_OK;
	struct wire_reader reader;
	while (status == STATUS_OK && listening->state != PORTAL_SERVES) {
		status = wire_receive(listening->socket, -1, listening->frame, &reader);
		if (status != STATUS_OK)
			return status;
		status = permit_message(&portal_permits, &listening->state, &reader);
		if (status != STATUS_OK)
			return status;
		if (reader.type == PORTAL_SETUP)
			status = take_setup(listening, &reader, setup);
		else if (reader.type == PORTAL_CERTIFICATE)
			status = read_pem(&reader, &listening->arena, &listening->certificate);
		else if (reader.type == PORTAL_KEY)
			status = read_pem(&reader, &listening->arena, &listening->key);
		else
			status = wire_end(&reader);
	}
	return status == STATUS_OK && (listening->certificate == NULL) != (listening->key == NULL) ? STATUS_MALFORMED : status;
}

static enum status open_door(struct listening *listening, const struct portal_setup *setup, struct failure *reterr)
{
	struct front *front = &listening->front;
	int descriptor = -1;
	front->place = (struct door_place){.door = setup->door, .is_tls = listening->certificate != NULL};
	front->connections = limit_connections(setup->connections);
	if (!door_place_read(setup->url, &front->place))
		return fail(reterr, STATUS_USAGE, "--url", "is no address of a host, as https://leak.example.com");
	enum status status = crowd_new(front->connections, setup->connections_per_address, setup->requests_per_minute,
	                               &front->crowd);
	if (status != STATUS_OK)
		return fail(reterr, status, "tidemark-portal", "no memory");
	status = bind_door(setup->listen, &descriptor, reterr);
	if (status != STATUS_OK)
		return status;
	front->place.port = port_of(descriptor);
	return front_start(front, descriptor, listening->certificate, listening->key, reterr);
}

static void tell_failure(struct front *front, const struct failure *failure)
{
	char why[sizeof failure->where + sizeof failure->why + 1];
	snprintf(why, sizeof why, "%s %s", failure->where, failure->why);
	portal_put_failed(&front->writer, bytes_of_string(why));
	/* Where nobody hears it, nobody is there to mind. */
	if (wire_send(front->socket, &front->writer, -1) != STATUS_OK)
		front->is_lost = true;
}

enum status listening_accept(int socket, struct listening **ret_listening)
{
	struct listening *listening = calloc(1, sizeof *listening);
	struct failure failure = {.why = ""};
	struct portal_setup setup;
	if (listening == NULL)
		return STATUS_NO_MEMORY;
	listening->socket = listening->front.socket = socket;
	listening->front.watch = -1;
	listening->state = PORTAL_AWAITS_SETUP;
	listening->arena = arena_with_ceiling(4 * PORTAL_PEM_MAX);
	enum status status = hear_setup(listening, &setup);
	if (status == STATUS_OK) {
		status = open_door(listening, &setup, &failure);
		if (status != STATUS_OK)
			tell_failure(&listening->front, &failure);
	}
	if (status != STATUS_OK) {
		listening_free(listening);
		return status;
	}
	*ret_listening = listening;
	return STATUS_OK;
}

/* ---- serving ---- */

static enum status take_frame(struct listening *listening, struct wire_reader *reader)
{
	struct front *front = &listening->front;
	struct portal_reply head;
	struct bytes piece;
	uint64_t number;
	enum status status = permit_message(&portal_permits, &listening->state, reader);
	if (status != STATUS_OK)
		return status;
	switch (reader->type) {
	case PORTAL_REPLY:
		status = portal_get_reply(reader, &number, &head);
		return status == STATUS_OK ? front_reply(front, number, &head) : status;
	case PORTAL_BODY:
		status = portal_get_body(reader, &number, &piece);
		return status == STATUS_OK ? front_body(front, number, piece) : status;
	case PORTAL_DRAIN:
		status = wire_end(reader);
		if (status == STATUS_OK)
			front_drain(front);
		return status;
	default:
		status = portal_get_number(reader, &number);
		return status == STATUS_OK ? front_end(front, number, reader->type == PORTAL_CUT) : status;
	}
}

static enum status take_frames(struct listening *listening)
{
	enum status status = STATUS_OK;
	struct wire_reader reader;
	for (int i = 0; i < FRAMES_A_ROUND && status == STATUS_OK; i++) {
		status = wire_receive(listening->socket, 0, listening->frame, &reader);
		if (status == STATUS_TIMED_OUT)
			return STATUS_OK;
		if (status == STATUS_OK)
			status = take_frame(listening, &reader);
	}
	return status;
}

enum status listening_serve(struct listening *listening)
{
	struct front *front = &listening->front;
	enum status status = STATUS_OK;
	portal_put_ready(&front->writer, front->place.port);
	if (wire_send(listening->socket, &front->writer, -1) != STATUS_OK)
		return STATUS_CRASHED;
	while (status == STATUS_OK && !front->is_lost && !(front->is_draining && front_is_quiet(front))) {
		struct pollfd ready[] = {
			{.fd = listening->socket, .events = POLLIN},
			{.fd = front_descriptor(front), .events = POLLIN},
			{.fd = front->watch, .events = POLLIN},
		};
		if (poll(ready, sizeof ready / sizeof *ready, front_patience(front)) < 0 && errno != EINTR)
			return STATUS_BROKEN;
		if (ready[0].revents != 0)
			status = take_frames(listening);
		front_run(front);
	}
	return status == STATUS_END ? STATUS_OK : status;
}

void listening_free(struct listening *listening)
{
	if (listening == NULL)
		return;
	front_stop(&listening->front);
	crowd_free(listening->front.crowd);
	arena_free(&listening->arena);
	free(listening);
}
