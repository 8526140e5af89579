/* SPDX-License-Identifier: Apache-2.0 */
/* A worker is the zygote's own child: only here can it be waited for. */
#define _GNU_SOURCE
#include "reading/forking.h"

#include "base/clock.h"
#include "wire/extract-messages.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FINISH_MS = 700 };

struct forking {
	int socket;
	pid_t worker;                       /* 0: none */
	unsigned char frame[WIRE_FRAME_MAX];
	struct wire_writer writer;
};

/* False while it lives and may. */
static bool is_reaped(struct forking *forking, int options)
{
	if (forking->worker > 0 && waitpid(forking->worker, NULL, options) == 0)
		return false;
	forking->worker = 0;
	return true;
}

static void kill_worker(struct forking *forking)
{
	if (forking->worker > 0)
		kill(forking->worker, SIGKILL);
	is_reaped(forking, 0);
}

/* Its socket is closed: it ends by itself unless it is stuck. */
static void finish_worker(struct forking *forking)
{
	int64_t deadline = clock_monotonic() + FINISH_MS;
	while (!is_reaped(forking, WNOHANG) && clock_monotonic() < deadline)
		usleep(500);
	kill_worker(forking);
}

static enum status fork_worker(struct forking *forking, struct wire_reader *reader, int (*live)(int socket))
{
	int socket = wire_take_descriptor(reader);
	if (socket < 0 || forking->worker > 0 || wire_end(reader) != STATUS_OK) {
		if (socket >= 0)
			close(socket);
		return STATUS_MALFORMED;
	}
	pid_t pid = fork();
	if (pid == 0) {
		close(forking->socket);
		_exit(live(socket)); /* nothing of it outlives it, so no library need tidy up */
	}
	close(socket);
	forking->worker = pid > 0 ? pid : 0;
	wire_begin(&forking->writer, EXTRACT_FORKED);
	wire_put_u32(&forking->writer, (uint32_t)forking->worker);
	return wire_send(forking->socket, &forking->writer, -1);
}

static enum status serve(struct forking *forking, struct wire_reader *reader, int (*live)(int socket))
{
	switch (reader->type) {
	case EXTRACT_FORK:
		return fork_worker(forking, reader, live);
	case EXTRACT_KILL:
		kill_worker(forking);
		break;
	case EXTRACT_FINISH:
		finish_worker(forking);
		break;
	default:
		return STATUS_MALFORMED;
	}
	extract_put_empty(&forking->writer, EXTRACT_REAPED);
	return wire_send(forking->socket, &forking->writer, -1);
}

enum status forking_serve(int socket, int (*live)(int socket))
{
	struct forking *forking = calloc(1, sizeof *forking);
	if (forking == NULL)
		return STATUS_NO_MEMORY;
	forking->socket = socket;
	enum status status = STATUS_OK;
	while (status == STATUS_OK) {
		struct wire_reader reader;
		status = wire_receive(socket, -1, forking->frame, &reader);
		if (status == STATUS_OK)
			status = serve(forking, &reader, live);
		if (status == STATUS_OK)
			wire_drop(&reader);
	}
	finish_worker(forking);
	free(forking);
	return status == STATUS_END ? STATUS_OK : status;
}
