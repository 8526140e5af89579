/* SPDX-License-Identifier: Apache-2.0 */
/* The side of tidemark. A zygote that breaks the conversation is ended; the next fork starts another. */
#include "process/zygote.h"

#include "wire/extract-messages.h"

#include <unistd.h>

enum { ANSWER_MS = 60000 };

/* One message with at most a number in it. */
static enum status expect(int socket, enum extract_message type, uint32_t *ret_number)
{
	unsigned char frame[WIRE_FRAME_MAX];
	struct wire_reader reader;
	if (wire_receive(socket, ANSWER_MS, frame, &reader) != STATUS_OK)
		return STATUS_BROKEN;
	wire_drop(&reader);
	if (ret_number != NULL)
		*ret_number = wire_get_u32(&reader);
	return reader.type == type && wire_end(&reader) == STATUS_OK ? STATUS_OK : STATUS_BROKEN;
}

static enum status send_fork(struct zygote *zygote, int *ret_socket)
{
	struct wire_writer writer;
	int ends[2];
	if (wire_pair(ends) != STATUS_OK)
		return STATUS_BROKEN;
	extract_put_empty(&writer, EXTRACT_FORK);
	enum status status = wire_send(zygote->child.socket, &writer, ends[1]);
	close(ends[1]);
	if (status == STATUS_OK)
		*ret_socket = ends[0];
	else
		close(ends[0]);
	return status;
}

static enum status fork_worker(struct zygote *zygote)
{
	uint32_t pid = 0;
	int socket = -1;
	enum status status = send_fork(zygote, &socket);
	if (status == STATUS_OK)
		status = expect(zygote->child.socket, EXTRACT_FORKED, &pid);
	zygote->worker = (struct child){.pid = (pid_t)pid, .socket = socket};
	if (status == STATUS_OK)
		status = pid > 1 ? expect(socket, EXTRACT_READY, NULL) : STATUS_BROKEN;
	return status;
}

enum status zygote_fork(struct zygote *zygote, struct failure *reterr)
{
	enum status status = STATUS_OK;
	if (zygote->child.pid == 0)
		status = spawn_start("tidemark-extract", &zygote->child, reterr);
	if (status != STATUS_OK)
		return status;
	status = fork_worker(zygote);
	if (status == STATUS_OK)
		return STATUS_OK;
	zygote_finish(zygote);
	return fail(reterr, STATUS_BROKEN, "tidemark-extract", "did not come up; its own message, if any, stands above");
}

/* The zygote has not reaped it yet, so its number cannot be another's. */
static void end_worker(struct zygote *zygote, enum extract_message how)
{
	struct wire_writer writer;
	if (zygote->worker.socket >= 0)
		close(zygote->worker.socket);
	bool had_worker = zygote->worker.pid > 0;
	zygote->worker = CHILD_NONE;
	if (!had_worker)
		return;
	extract_put_empty(&writer, how);
	if (wire_send(zygote->child.socket, &writer, -1) != STATUS_OK ||
	    expect(zygote->child.socket, EXTRACT_REAPED, NULL) != STATUS_OK)
		spawn_end(&zygote->child);
}

void zygote_kill_worker(struct zygote *zygote)
{
	end_worker(zygote, EXTRACT_KILL);
}

void zygote_finish_worker(struct zygote *zygote)
{
	end_worker(zygote, EXTRACT_FINISH);
}

void zygote_finish(struct zygote *zygote)
{
	end_worker(zygote, EXTRACT_FINISH);
	spawn_finish(&zygote->child);
}
