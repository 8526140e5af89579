/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "portal/errand.h"

#include "base/clock.h"

#include <stdlib.h>
#include <unistd.h>

enum { TEXTS_MAX = 512 << 10, ROOM_MAX = 1 << 16 };

/* ---- life ---- */

static bool copy_texts(struct errand *errand)
{
	struct portal_request *request = &errand->request;
	struct bytes *const texts[] = {&request->token, &request->parameter, &request->peer, &request->language};
	bool is_done = true;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		*texts[i] = arena_copy(&errand->arena, *texts[i]);
		is_done = is_done && texts[i]->at != NULL;
	}
	for (size_t i = 0; i < request->field_count; i++) {
		struct portal_field *field = &request->fields[i];
		field->name = arena_copy(&errand->arena, field->name);
		field->value = arena_copy(&errand->arena, field->value);
		is_done = is_done && field->name.at != NULL && field->value.at != NULL;
	}
	return is_done;
}

enum status errand_new(const struct portal_request *request, const struct portal_figures *figures, const struct mailbox *mailbox,
                       struct errand **ret_errand)
{
	struct errand *errand = calloc(1, sizeof *errand);
	if (errand == NULL)
		return STATUS_NO_MEMORY;
	errand->request = *request;
	errand->arena = arena_with_ceiling(TEXTS_MAX);
	errand->figures = *figures;
	errand->mailbox = mailbox;
	errand->asked = clock_monotonic();
	if (!copy_texts(errand) || queue_new(ROOM_MAX, &errand->room) != STATUS_OK) {
		arena_free(&errand->arena);
		free(errand);
		return STATUS_NO_MEMORY;
	}
	*ret_errand = errand;
	return STATUS_OK;
}

void errand_free(struct errand *errand)
{
	void *token;
	while (errand->first != NULL) {
		struct letter *letter = errand->first;
		errand->first = letter->next;
		free(letter);
	}
	queue_close(errand->room);
	while (queue_take(errand->room, &token) == STATUS_OK)
		continue;
	queue_free(errand->room);
	arena_free(&errand->arena);
	free(errand);
}

/* ---- letters ---- */

static enum status leave(const struct mailbox *mailbox, struct letter *letter)
{
	const uint64_t ring = 1;
	enum status status = queue_push(mailbox->letters, letter, sizeof *letter + letter->len);
	if (status != STATUS_OK) {
		free(letter);
		return STATUS_CRASHED;
	}
	return write(mailbox->bell, &ring, sizeof ring) == sizeof ring ? STATUS_OK : STATUS_BROKEN;
}

static enum status post(struct errand *errand, uint32_t body, bool is_last)
{
	const struct wire_writer *writer = errand->writer;
	struct letter *letter = malloc(sizeof *letter + writer->len);
	if (letter == NULL)
		return STATUS_NO_MEMORY;
	*letter = (struct letter){
		.errand = errand,
		.leave_at = errand->sink.leave_at,
		.body = body,
		.is_last = is_last,
		.len = writer->len,
	};
	memcpy(letter->frame, writer->frame, writer->len);
	return leave(errand->mailbox, letter);
}

enum status mailbox_drain(const struct mailbox *mailbox)
{
	struct letter *letter = calloc(1, sizeof *letter);
	return letter != NULL ? leave(mailbox, letter) : STATUS_NO_MEMORY;
}

/* ---- as a sink ---- */

static struct errand *errand_of(struct sink *sink)
{
	return (struct errand *)((char *)sink - offsetof(struct errand, sink));
}

static enum status begin(struct sink *sink, const struct portal_reply *head)
{
	struct errand *errand = errand_of(sink);
	portal_put_reply(errand->writer, errand->request.number, head);
	return post(errand, 0, false);
}

static enum status write_piece(struct sink *sink, struct bytes piece)
{
	struct errand *errand = errand_of(sink);
	void *token;
	if (errand->ahead == ERRAND_PIECES_AHEAD) {
		if (queue_take(errand->room, &token) != STATUS_OK)
			return STATUS_CRASHED;
		errand->ahead--;
	}
	errand->ahead++;
	portal_put_body(errand->writer, errand->request.number, piece);
	return post(errand, (uint32_t)piece.len, false);
}

/* The last letter is errand_end's to leave. */
static enum status end(struct sink *sink)
{
	(void)sink;
	return STATUS_OK;
}

static const struct sink_kind kind = {begin, write_piece, end};

enum status errand_begin(struct errand *errand, struct wire_writer *writer)
{
	void *token;
	errand->writer = writer;
	errand->sink = (struct sink){.kind = &kind, .now = clock_monotonic, .asked = errand->asked};
	return queue_take_within(errand->room, 0, &token) == STATUS_TIMED_OUT ? STATUS_OK : STATUS_CRASHED;
}

void errand_end(struct errand *errand)
{
	buffer_free(&errand->sink.scheduled);
	portal_put_number(errand->writer, errand->sink.has_ended ? PORTAL_END : PORTAL_CUT, errand->request.number);
	/* Where it cannot be left the door has ended, or all memory has: then the cell's end cuts it. */
	if (post(errand, 0, true) != STATUS_OK)
		return;
}
