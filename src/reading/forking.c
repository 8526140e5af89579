/* SPDX-License-Identifier: Apache-2.0 */
/* A worker is the zygote's own child: only here can it be waited for. */
#define _GNU_SOURCE
#include "reading/forking.h"

#include "base/clock.h"
#include "reading/registered.h"
#include "reading/sealed-memory.h"
#include "detector/custom.h"
#include "wire/extract-messages.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS_MAX = 64, FINISH_MS = 700 };

struct forking {
	int socket;
	pid_t workers[WORKERS_MAX];
	size_t count;
	bool has_forked;
	unsigned char frame[WIRE_FRAME_MAX];
	struct wire_writer writer;
};

static void kill_worker(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Its socket is closed: it ends by itself unless it is stuck. */
static void finish_worker(pid_t pid)
{
	int64_t deadline = clock_monotonic() + FINISH_MS;
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		if (clock_monotonic() >= deadline) {
			kill_worker(pid);
			return;
		}
		usleep(500);
	}
}

/* False for a number that is none of its workers': that was another zygote's, and died with it. */
static bool end_worker(struct forking *forking, uint32_t pid, enum extract_message how)
{
	for (size_t i = 0; i < forking->count; i++) {
		if (forking->workers[i] != (pid_t)pid)
			continue;
		if (how == EXTRACT_KILL)
			kill_worker((pid_t)pid);
		else
			finish_worker((pid_t)pid);
		forking->workers[i] = forking->workers[--forking->count];
		return true;
	}
	return false;
}

static enum status fork_worker(struct forking *forking, struct wire_reader *reader, int (*live)(int socket))
{
	int socket = wire_take_descriptor(reader);
	forking->has_forked = true;
	if (forking->count == WORKERS_MAX || wire_end(reader) != STATUS_OK) {
		close(socket);
		return STATUS_MALFORMED;
	}
	pid_t pid = fork();
	if (pid == 0) {
		close(forking->socket);
		_exit(live(socket)); /* nothing of it outlives it, so no library need tidy up */
	}
	close(socket);
	if (pid > 0)
		forking->workers[forking->count++] = pid;
	extract_put_worker(&forking->writer, EXTRACT_FORKED, pid > 0 ? (uint32_t)pid : 0);
	return wire_send(forking->socket, &forking->writer, -1);
}

/* It stays mapped as long as we live, and in all that are forked. A second one is none of the protocol. */
static enum status take_register(struct forking *forking, struct wire_reader *reader)
{
	uint64_t size = 0;
	int descriptor = wire_take_descriptor(reader);
	enum status status = extract_get_register(reader, &size);
	if (status != STATUS_OK || forking->count > 0 || registered_has_names()) {
		close(descriptor);
		return STATUS_MALFORMED;
	}
	const unsigned char *at = sealed_memory_map(descriptor, size);
	if (at == NULL || registered_use(bytes_of(at, size)) != STATUS_OK)
		return STATUS_MALFORMED;
	extract_put_empty(&forking->writer, EXTRACT_REGISTERED);
	return wire_send(forking->socket, &forking->writer, -1);
}

/* Its workers are all alike: rules come before the first of them. */
static enum status take_rule(struct forking *forking, struct wire_reader *reader)
{
	char digest[CUSTOM_DIGEST_LENGTH + 1];
	struct custom_rule rule;
	struct allowed allowed;
	enum status status = forking->has_forked ? STATUS_MALFORMED : STATUS_OK;
	if (status == STATUS_OK && reader->type == EXTRACT_RULES) {
		status = extract_get_rules(reader, digest);
		return status == STATUS_OK ? custom_take_digest(digest) : status;
	}
	if (status == STATUS_OK && reader->type == EXTRACT_RULE) {
		status = extract_get_rule(reader, &rule);
		return status == STATUS_OK ? custom_take_rule(&rule) : status;
	}
	if (status == STATUS_OK)
		status = extract_get_allowed(reader, &allowed);
	return status == STATUS_OK ? custom_take_allowed(&allowed) : status;
}

static enum status serve(struct forking *forking, struct wire_reader *reader, int (*live)(int socket))
{
	unsigned char state = EXTRACT_BREEDS;
	if (permit_message(&extract_permits, &state, reader) != STATUS_OK)
		return STATUS_MALFORMED;
	if (reader->type == EXTRACT_RULES || reader->type == EXTRACT_RULE || reader->type == EXTRACT_ALLOWED)
		return take_rule(forking, reader);
	if (reader->type == EXTRACT_FORK)
		return fork_worker(forking, reader, live);
	if (reader->type == EXTRACT_REGISTER)
		return take_register(forking, reader);
	uint32_t pid = wire_get_u32(reader);
	if (wire_end(reader) != STATUS_OK)
		return STATUS_MALFORMED;
	bool was_mine = end_worker(forking, pid, (enum extract_message)reader->type);
	extract_put_worker(&forking->writer, EXTRACT_REAPED, was_mine ? pid : 0);
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
	}
	while (forking->count > 0)
		kill_worker(forking->workers[--forking->count]);
	free(forking);
	return status == STATUS_END ? STATUS_OK : status;
}
