/* SPDX-License-Identifier: Apache-2.0 */
/* Setting tidemark-fetch up, and one question at a time on each socket. */
#define _GNU_SOURCE
#include "process/fetcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { START_MS = 60000, LOOK_MS = 200 };

/* One end of a conversation: a socket with its frame and writer. */
struct line {
	int socket;
	unsigned char frame[WIRE_FRAME_MAX];
	struct wire_writer writer;
};

struct fetch_lane {
	struct line line;
	char note[512];
	struct buffer etag, md5;         /* of the object last got */
};

struct fetcher {
	struct child child;
	struct line control;             /* its socket is the child's */
	struct fetch_lane **lanes;
	size_t lane_count;
};

static enum status say_gone(enum status status, struct failure *reterr)
{
	if (status == STATUS_END || status == STATUS_CRASHED)
		return fail(reterr, STATUS_CRASHED, "tidemark-fetch", "ended unexpectedly; run the same command again");
	return fail(reterr, STATUS_BROKEN, "tidemark-fetch", "broke the protocol (%s)", status_name(status));
}

/* FAILED: what it says becomes ours. Frees nothing; the reader borrows from the line. */
static enum status take_failed(struct wire_reader *reader, uint64_t *ret_bytes, struct failure *reterr)
{
	struct fetch_failed failed;
	if (fetch_get_failed(reader, &failed) != STATUS_OK)
		return fail(reterr, STATUS_BROKEN, "tidemark-fetch", "broke the protocol");
	if (ret_bytes != NULL)
		*ret_bytes = failed.fetched;
	if (reterr != NULL) {
		snprintf(reterr->where, sizeof reterr->where, "%.*s", (int)failed.where.len, (const char *)failed.where.at);
		snprintf(reterr->why, sizeof reterr->why, "%.*s", (int)failed.why.len, (const char *)failed.why.at);
	}
	return failed.status;
}

/* ---- set-up ---- */

static enum status send_scope(struct line *line, struct bytes yaml)
{
	enum status status = STATUS_OK;
	while (yaml.len > 0 && status == STATUS_OK) {
		struct bytes piece = bytes_slice(yaml, 0, WIRE_CHUNK);
		fetch_put_scope(&line->writer, piece);
		status = wire_send(line->socket, &line->writer, -1);
		yaml = bytes_from(yaml, piece.len);
	}
	return status;
}

static enum status add_lane(struct fetcher *fetcher)
{
	int ends[2];
	struct fetch_lane *lane = calloc(1, sizeof *lane);
	if (lane == NULL)
		return STATUS_NO_MEMORY;
	fetcher->lanes[fetcher->lane_count++] = lane;
	lane->line.socket = -1;
	lane->etag = lane->md5 = buffer_with_ceiling(WIRE_CHUNK);
	enum status status = wire_pair(ends);
	if (status != STATUS_OK)
		return status;
	lane->line.socket = ends[0];
	fetch_put_empty(&fetcher->control.writer, FETCH_LANE);
	status = wire_send(fetcher->control.socket, &fetcher->control.writer, ends[1]);
	close(ends[1]);
	return status;
}

static enum status send_setup(struct fetcher *fetcher, const struct fetcher_plan *plan)
{
	struct line *line = &fetcher->control;
	fetch_put_setup(&line->writer, &plan->setup);
	enum status status = wire_send(line->socket, &line->writer, plan->directory);
	explicit_bzero(&line->writer, sizeof line->writer);
	if (status == STATUS_OK)
		status = send_scope(line, plan->scope_yaml);
	if (status == STATUS_OK) {
		fetch_put_target(&line->writer, plan->target);
		status = wire_send(line->socket, &line->writer, -1);
	}
	for (size_t i = 0; i < plan->lanes && status == STATUS_OK; i++)
		status = add_lane(fetcher);
	if (status == STATUS_OK) {
		fetch_put_empty(&line->writer, FETCH_SETUP_END);
		status = wire_send(line->socket, &line->writer, -1);
	}
	return status;
}

static enum status await_ready(struct fetcher *fetcher, struct failure *reterr)
{
	struct wire_reader reader;
	enum status status = wire_receive(fetcher->control.socket, START_MS, fetcher->control.frame, &reader);
	if (status != STATUS_OK)
		return say_gone(status, reterr);
	wire_drop(&reader);
	if (reader.type == FETCH_FAILED)
		return take_failed(&reader, NULL, reterr);
	if (reader.type != FETCH_READY || wire_end(&reader) != STATUS_OK)
		return say_gone(STATUS_MALFORMED, reterr);
	return STATUS_OK;
}

enum status fetcher_start(const struct fetcher_plan *plan, struct fetcher **ret_fetcher, struct failure *reterr)
{
	struct fetcher *fetcher = calloc(1, sizeof *fetcher);
	if (fetcher == NULL)
		return STATUS_NO_MEMORY;
	fetcher->child = CHILD_NONE;
	fetcher->lanes = calloc(plan->lanes + 1, sizeof(struct fetch_lane *));
	enum status status = fetcher->lanes ? spawn_start("tidemark-fetch", &fetcher->child, reterr) : STATUS_NO_MEMORY;
	if (status == STATUS_OK) {
		fetcher->control.socket = fetcher->child.socket;
		/* A set-up it refuses half-way closes the socket on us; its FAILED then still waits to be read. */
		enum status sent = send_setup(fetcher, plan);
		status = sent == STATUS_OK || sent == STATUS_CRASHED ? await_ready(fetcher, reterr) : sent;
	}
	if (status != STATUS_OK) {
		fetcher_free(fetcher);
		return status;
	}
	*ret_fetcher = fetcher;
	return STATUS_OK;
}

void fetcher_free(struct fetcher *fetcher)
{
	if (fetcher == NULL)
		return;
	for (size_t i = 0; i < fetcher->lane_count; i++) {
		if (fetcher->lanes[i]->line.socket >= 0)
			close(fetcher->lanes[i]->line.socket);
		buffer_free(&fetcher->lanes[i]->etag);
		buffer_free(&fetcher->lanes[i]->md5);
		free(fetcher->lanes[i]);
	}
	free(fetcher->lanes);
	spawn_finish(&fetcher->child);
	free(fetcher);
}

void fetcher_interrupt(struct fetcher *fetcher)
{
	if (fetcher->control.socket >= 0)
		shutdown(fetcher->control.socket, SHUT_RDWR);
	for (size_t i = 0; i < fetcher->lane_count; i++)
		shutdown(fetcher->lanes[i]->line.socket, SHUT_RDWR);
}

struct fetch_lane *fetcher_lane(struct fetcher *fetcher, size_t index)
{
	return fetcher->lanes[index];
}

/* ---- control ---- */

static enum status visit_objects(struct wire_reader *reader, object_visitor *each, void *context)
{
	struct object object;
	enum status status;
	while ((status = fetch_get_object(reader, &object)) == STATUS_OK) {
		status = each(context, &object);
		if (status != STATUS_OK)
			return status;
	}
	return status == STATUS_END ? STATUS_OK : STATUS_BROKEN;
}

static enum status take_page_end(struct wire_reader *reader, struct buffer *ret_next, bool *ret_is_last)
{
	struct bytes next;
	if (fetch_get_page_end(reader, &next, ret_is_last) != STATUS_OK)
		return STATUS_BROKEN;
	buffer_reset(ret_next);
	buffer_append(ret_next, next);
	return buffer_status(ret_next);
}

enum status fetcher_list(struct fetcher *fetcher, const struct fetch_list *list, object_visitor *each, void *context,
                         struct buffer *ret_next, bool *ret_is_last, struct failure *reterr)
{
	struct line *line = &fetcher->control;
	fetch_put_list(&line->writer, list);
	enum status status = wire_send(line->socket, &line->writer, -1);
	while (status == STATUS_OK) {
		struct wire_reader reader;
		status = wire_receive(line->socket, -1, line->frame, &reader);
		if (status != STATUS_OK)
			break;
		wire_drop(&reader);
		if (reader.type == FETCH_FAILED)
			return take_failed(&reader, NULL, reterr);
		if (reader.type == FETCH_PAGE_END)
			return take_page_end(&reader, ret_next, ret_is_last);
		if (reader.type != FETCH_OBJECTS)
			return say_gone(STATUS_MALFORMED, reterr);
		enum status visited = visit_objects(&reader, each, context);
		if (visited != STATUS_OK)
			return fail(reterr, visited, "listing", "could not be taken in: %s", status_name(visited));
	}
	return say_gone(status, reterr);
}

static enum status await_verdict(struct line *line, bool (*is_interrupted)(void), struct wire_reader *ret_reader)
{
	enum status status;
	while ((status = wire_receive(line->socket, LOOK_MS, line->frame, ret_reader)) == STATUS_TIMED_OUT)
		if (is_interrupted != NULL && is_interrupted())
			return STATUS_INTERRUPTED;
	return status;
}

enum status fetcher_probe(struct fetcher *fetcher, bool (*is_interrupted)(void), struct arena *arena,
                          struct verdict *ret_verdict, struct failure *reterr)
{
	struct line *line = &fetcher->control;
	struct wire_reader reader;
	fetch_put_empty(&line->writer, FETCH_PROBE);
	enum status status = wire_send(line->socket, &line->writer, -1);
	if (status == STATUS_OK)
		status = await_verdict(line, is_interrupted, &reader);
	if (status == STATUS_INTERRUPTED)
		return status;
	if (status != STATUS_OK)
		return say_gone(status, reterr);
	wire_drop(&reader);
	if (reader.type == FETCH_FAILED)
		return take_failed(&reader, NULL, reterr);
	if (reader.type != FETCH_VERDICT || fetch_get_verdict(&reader, arena, ret_verdict) != STATUS_OK)
		return say_gone(STATUS_MALFORMED, reterr);
	return STATUS_OK;
}

/* ---- lanes ---- */

/* Sends what the lane's writer holds and receives the answer; FAILED and death are dealt with here. */
static enum status ask(struct fetch_lane *lane, enum fetch_message expected, struct wire_reader *ret_reader,
                       uint64_t *ret_bytes, struct failure *reterr)
{
	struct line *line = &lane->line;
	enum status status = wire_send(line->socket, &line->writer, -1);
	if (status == STATUS_OK)
		status = wire_receive(line->socket, -1, line->frame, ret_reader);
	if (status != STATUS_OK)
		return say_gone(status, reterr);
	if (ret_reader->type == FETCH_FAILED) {
		wire_drop(ret_reader);
		return take_failed(ret_reader, ret_bytes, reterr);
	}
	if (ret_reader->type != expected) {
		wire_drop(ret_reader);
		return say_gone(STATUS_MALFORMED, reterr);
	}
	return STATUS_OK;
}

/* Into the lane's own memory: the frame is used again for windows. */
static enum status keep(struct buffer *into, struct bytes *bytes)
{
	buffer_reset(into);
	buffer_append(into, *bytes);
	*bytes = buffer_bytes(into);
	return buffer_status(into);
}

enum status fetch_lane_get(struct fetch_lane *lane, const struct object *object, uint64_t length,
                           struct fetched *ret_fetched, uint64_t *ret_bytes, struct failure *reterr)
{
	struct wire_reader reader;
	struct fetched fetched = {.descriptor = -1};
	fetch_put_get(&lane->line.writer, &(struct fetch_get){.object = *object, .length = length});
	enum status status = ask(lane, FETCH_GOT, &reader, ret_bytes, reterr);
	if (status != STATUS_OK)
		return status;
	fetched.descriptor = wire_take_descriptor(&reader);
	status = fetch_get_got(&reader, &fetched.got);
	if (status != STATUS_OK || fetched.got.is_windowed != (fetched.descriptor < 0)) {
		if (fetched.descriptor >= 0)
			close(fetched.descriptor);
		return say_gone(STATUS_MALFORMED, reterr);
	}
	snprintf(lane->note, sizeof lane->note, "%.*s", (int)fetched.got.note.len, (const char *)fetched.got.note.at);
	fetched.note = bytes_of_string(lane->note);
	if (keep(&lane->etag, &fetched.got.etag) != STATUS_OK || keep(&lane->md5, &fetched.got.md5) != STATUS_OK) {
		if (fetched.descriptor >= 0)
			close(fetched.descriptor);
		return STATUS_NO_MEMORY;
	}
	*ret_fetched = fetched;
	return STATUS_OK;
}

enum status fetch_lane_window(struct fetch_lane *lane, uint64_t offset, int *ret_descriptor, uint32_t *ret_length,
                              struct failure *reterr)
{
	struct wire_reader reader;
	uint64_t got_offset;
	fetch_put_range(&lane->line.writer, offset);
	enum status status = ask(lane, FETCH_WINDOW, &reader, NULL, reterr);
	if (status != STATUS_OK)
		return status;
	int descriptor = wire_take_descriptor(&reader);
	status = fetch_get_window(&reader, &got_offset, ret_length);
	if (status != STATUS_OK || got_offset != offset || descriptor < 0) {
		if (descriptor >= 0)
			close(descriptor);
		return say_gone(STATUS_MALFORMED, reterr);
	}
	*ret_descriptor = descriptor;
	return STATUS_OK;
}
