/* SPDX-License-Identifier: Apache-2.0 */
/* All that is sent to a cell, and all that is heard of it, passes through this one thread; it never waits for a worker. */
#define _GNU_SOURCE
#include "portal/door.h"

#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
	LETTERS_MAX = 64 << 20,
	FRAMES_A_ROUND = 64,
	DRAIN_MS = 3500,
	ERRANDS_MAX = 4 * PORTAL_UNDER_WAY_MAX, /* with those whose strangers have gone */
	UNREAD_MS = 10000,                      /* that a cell may leave what it was sent */
	AGAIN_FIRST_MS = 50,
	AGAIN_MOST_MS = 5000,
	STEADY_MS = 60000 /* one that lived as long is started again at once */
};

struct open_door {
	const struct listener_plan *plan;
	struct listener_plan again; /* the same, at the port that was found */
	char listen[64];
	struct queue *requests, *events;
	struct mailbox mailbox;
	struct listener listener;
	struct errand *errands[ERRANDS_MAX]; /* in the order they came */
	size_t errand_count;
	struct portal_figures figures;
	int64_t started, start_at, pause; /* of the cell */
	int64_t unread_since;             /* 0: it takes what it is sent */
	int64_t drain_until;              /* 0: it is not drained */
	bool is_up, wants_drain;
	pthread_t thread;
};

/* ---- news ---- */

static void tell(struct open_door *door, enum door_news news, const struct failure *failure)
{
	struct door_event *event = calloc(1, sizeof *event);
	if (event == NULL)
		return;
	event->door = door->plan->setup.door;
	event->news = news;
	event->port = door->listener.port;
	if (failure != NULL)
		event->failure = *failure;
	if (queue_push_urgent(door->events, event) != STATUS_OK)
		free(event);
}

/* ---- errands ---- */

static struct errand *find(const struct open_door *door, uint64_t number)
{
	for (size_t i = 0; i < door->errand_count; i++)
		if (!door->errands[i]->is_gone && door->errands[i]->request.number == number)
			return door->errands[i];
	return NULL;
}

static void drop_letters(struct errand *errand)
{
	while (errand->first != NULL) {
		struct letter *letter = errand->first;
		errand->first = letter->next;
		free(letter);
	}
	errand->last = NULL;
}

static void let_go(struct errand *errand)
{
	errand->is_gone = true;
	drop_letters(errand);
	queue_close(errand->room);
}

/* Those that no worker has any more, and that have nothing to send. */
static void sweep_errands(struct open_door *door)
{
	size_t kept = 0;
	for (size_t i = 0; i < door->errand_count; i++) {
		struct errand *errand = door->errands[i];
		if (errand->is_complete && errand->first == NULL)
			errand_free(errand);
		else
			door->errands[kept++] = errand;
	}
	door->errand_count = kept;
}

static void take_letters(struct open_door *door)
{
	void *item;
	uint64_t rung;
	if (read(door->mailbox.bell, &rung, sizeof rung) < 0 && errno != EAGAIN)
		return;
	while (queue_take_within(door->mailbox.letters, 0, &item) == STATUS_OK) {
		struct letter *letter = item;
		struct errand *errand = letter->errand;
		if (errand == NULL) {
			door->wants_drain = true;
			free(letter);
			continue;
		}
		errand->is_complete |= letter->is_last;
		if (errand->is_gone) {
			free(letter);
			continue;
		}
		errand->last != NULL ? (errand->last->next = letter) : (errand->first = letter);
		errand->last = letter;
	}
}

/* ---- the cell ---- */

static void lose(struct open_door *door, const char *how)
{
	struct failure failure;
	char words[PROCESS_WORDS_SIZE];
	spawn_words(&door->listener.process, words);
	fail(&failure, STATUS_CRASHED, "tidemark-portal", "%s%s%s", how, words[0] != '\0' ? ": " : "", words);
	spawn_end(&door->listener.process);
	for (size_t i = 0; i < door->errand_count; i++)
		if (!door->errands[i]->is_gone)
			let_go(door->errands[i]);
	int64_t now = clock_monotonic();
	door->is_up = false;
	door->unread_since = 0;
	door->pause = now - door->started >= STEADY_MS ? AGAIN_FIRST_MS : door->pause * 2;
	door->pause = door->pause < AGAIN_MOST_MS ? door->pause : AGAIN_MOST_MS;
	door->start_at = now + door->pause;
	if (door->drain_until == 0)
		tell(door, DOOR_STARTED_AGAIN, &failure);
}

/* At the port that was found first: people have its address. */
static enum status start(struct open_door *door, struct failure *reterr)
{
	enum status status = listener_start(&door->listener, &door->again, reterr);
	if (status != STATUS_OK)
		return status;
	struct bytes listen = door->plan->setup.listen;
	size_t colon = bytes_find_last_byte(listen, ':');
	snprintf(door->listen, sizeof door->listen, "%.*s:%u", (int)colon, (const char *)listen.at, door->listener.port);
	door->again.setup.listen = bytes_of_string(door->listen);
	door->started = clock_monotonic();
	door->is_up = true;
	return STATUS_OK;
}

static void start_again(struct open_door *door)
{
	struct failure failure = {.why = ""};
	if (door->is_up || door->drain_until != 0 || clock_monotonic() < door->start_at)
		return;
	door->figures.restarts++;
	memset(door->figures.of_cell, 0, sizeof door->figures.of_cell);
	if (start(door, &failure) == STATUS_OK)
		return;
	door->pause = door->pause * 2 < AGAIN_MOST_MS ? door->pause * 2 : AGAIN_MOST_MS;
	door->start_at = clock_monotonic() + door->pause;
}

/* ---- sending ---- */

static enum status send_letter(struct open_door *door, const struct letter *letter)
{
	struct wire_writer *writer = &door->listener.writer;
	writer->len = letter->len;
	writer->overflowed = false;
	memcpy(writer->frame, letter->frame, letter->len);
	return wire_send_within(door->listener.process.socket, 0, writer, -1);
}

/* TIMED_OUT: the cell has not read what it has. */
static enum status send_of(struct open_door *door, struct errand *errand, int64_t now)
{
	while (errand->first != NULL) {
		struct letter *letter = errand->first;
		if (letter->leave_at > now || (letter->body > 0 && errand->sent + letter->body > PORTAL_WINDOW))
			return STATUS_OK;
		enum status status = send_letter(door, letter);
		if (status != STATUS_OK)
			return status;
		errand->sent += letter->body;
		errand->first = letter->next;
		if (errand->first == NULL)
			errand->last = NULL;
		/* Room for as many as a worker may be ahead; it waits for no more than it has left. */
		if (letter->body > 0 && queue_push_urgent(errand->room, errand) != STATUS_OK)
			errand->is_gone = true;
		free(letter);
	}
	return STATUS_OK;
}

static void send_letters(struct open_door *door)
{
	int64_t now = clock_monotonic();
	enum status status = STATUS_OK;
	for (size_t i = 0; i < door->errand_count && status == STATUS_OK && door->is_up; i++)
		if (!door->errands[i]->is_gone)
			status = send_of(door, door->errands[i], now);
	if (status == STATUS_OK)
		door->unread_since = 0;
	else if (status == STATUS_TIMED_OUT && door->unread_since == 0)
		door->unread_since = now;
	else if (status != STATUS_TIMED_OUT || now - door->unread_since > UNREAD_MS)
		lose(door, "does not read what it is sent");
}

static void drain(struct open_door *door)
{
	if (!door->wants_drain || door->drain_until != 0)
		return;
	door->drain_until = clock_monotonic() + DRAIN_MS;
	portal_put_empty(&door->listener.writer, PORTAL_DRAIN);
	if (door->is_up &&
	    wire_send_within(door->listener.process.socket, UNREAD_MS / 10, &door->listener.writer, -1) != STATUS_OK)
		lose(door, "does not read what it is sent");
}

/* ---- hearing ---- */

static size_t count_awaited(const struct open_door *door)
{
	size_t count = 0;
	for (size_t i = 0; i < door->errand_count; i++)
		count += !door->errands[i]->is_gone;
	return count;
}

/* Strangers who ask and leave again and again have workers busy with what nobody awaits. */
static enum status turn_away(struct open_door *door, uint64_t number)
{
	portal_put_number(&door->listener.writer, PORTAL_CUT, number);
	return wire_send_within(door->listener.process.socket, 0, &door->listener.writer, -1);
}

static enum status take_request(struct open_door *door, const struct portal_request *request)
{
	struct errand *errand;
	if (request->door != door->plan->setup.door || count_awaited(door) >= PORTAL_UNDER_WAY_MAX)
		return STATUS_MALFORMED;
	if (door->errand_count == ERRANDS_MAX)
		return turn_away(door, request->number);
	enum status status = errand_new(request, &door->figures, &door->mailbox, &errand);
	if (status == STATUS_OK)
		status = queue_push(door->requests, errand, 1);
	if (status != STATUS_OK)
		return status;
	door->errands[door->errand_count++] = errand;
	return STATUS_OK;
}

/* More than it has of a reply it cannot have passed on. */
static enum status take_took(struct open_door *door, uint64_t number, uint32_t bytes)
{
	struct errand *errand = find(door, number);
	if (errand == NULL)
		return STATUS_OK;
	if (bytes > errand->sent)
		return STATUS_MALFORMED;
	errand->sent -= bytes;
	return STATUS_OK;
}

static enum status take_message(struct open_door *door, const struct listener_message *message)
{
	struct errand *errand;
	switch (message->what) {
	case LISTENER_REQUEST: return take_request(door, &message->request);
	case LISTENER_TOOK: return take_took(door, message->number, message->bytes);
	case LISTENER_CANCEL:
		errand = find(door, message->number);
		if (errand != NULL)
			let_go(errand);
		return STATUS_OK;
	case LISTENER_FIGURES: memcpy(door->figures.of_cell, message->figures, sizeof message->figures); return STATUS_OK;
	}
	return STATUS_MALFORMED;
}

static void hear(struct open_door *door)
{
	struct listener_message message;
	enum status status = STATUS_OK;
	for (int i = 0; i < FRAMES_A_ROUND && status == STATUS_OK && door->is_up; i++) {
		status = listener_hear(&door->listener, &message);
		if (status == STATUS_OK)
			status = take_message(door, &message);
	}
	if (status == STATUS_MALFORMED)
		lose(door, "said what it may not");
	else if (status != STATUS_OK && status != STATUS_TIMED_OUT)
		lose(door, "ended");
}

/* ---- the round ---- */

static int64_t next_departure(const struct open_door *door, int64_t now)
{
	int64_t patience = 1000;
	for (size_t i = 0; i < door->errand_count; i++) {
		const struct letter *letter = door->errands[i]->first;
		if (letter != NULL && letter->leave_at > now && letter->leave_at - now < patience)
			patience = letter->leave_at - now;
	}
	if (!door->is_up && door->drain_until == 0 && door->start_at - now < patience)
		patience = door->start_at > now ? door->start_at - now : 0;
	if (door->drain_until != 0 && door->drain_until - now < patience)
		patience = door->drain_until > now ? door->drain_until - now : 0;
	return patience;
}

static void wait_for_something(struct open_door *door)
{
	short events = door->unread_since != 0 ? POLLIN | POLLOUT : POLLIN;
	struct pollfd ready[] = {
		{.fd = door->mailbox.bell, .events = POLLIN},
		{.fd = door->is_up ? door->listener.process.socket : -1, .events = events},
	};
	if (poll(ready, sizeof ready / sizeof *ready, (int)next_departure(door, clock_monotonic())) < 0 && errno != EINTR)
		usleep(1000);
}

static bool is_done(const struct open_door *door)
{
	return door->drain_until != 0 && (!door->is_up || clock_monotonic() >= door->drain_until);
}

static void *run(void *context)
{
	struct open_door *door = context;
	struct failure failure = {.why = ""};
	if (start(door, &failure) != STATUS_OK) {
		tell(door, DOOR_REFUSED, &failure);
		return NULL;
	}
	tell(door, DOOR_LISTENS, NULL);
	while (!is_done(door)) {
		start_again(door);
		take_letters(door);
		drain(door);
		hear(door); /* what makes room comes before what wants it, or waits a round with nothing to wake it */
		send_letters(door);
		sweep_errands(door);
		if (!is_done(door))
			wait_for_something(door);
	}
	spawn_finish(&door->listener.process);
	for (size_t i = 0; i < door->errand_count; i++)
		let_go(door->errands[i]);
	tell(door, DOOR_ENDED, NULL);
	return NULL;
}

/* ---- life ---- */

static void free_door(struct open_door *door)
{
	if (door->mailbox.bell >= 0)
		close(door->mailbox.bell);
	if (door->mailbox.letters != NULL)
		queue_free(door->mailbox.letters);
	free(door);
}

enum status door_open(const struct listener_plan *plan, struct queue *requests, struct queue *events, struct open_door **ret_door)
{
	struct open_door *door = calloc(1, sizeof *door);
	if (door == NULL)
		return STATUS_NO_MEMORY;
	door->plan = plan;
	door->again = *plan;
	door->requests = requests;
	door->events = events;
	door->pause = AGAIN_FIRST_MS / 2;
	door->listener.process = PROCESS_NONE;
	door->mailbox.bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (door->mailbox.bell < 0 || queue_new(LETTERS_MAX, &door->mailbox.letters) != STATUS_OK ||
	    pthread_create(&door->thread, NULL, run, door) != 0) {
		free_door(door);
		return STATUS_NO_MEMORY;
	}
	*ret_door = door;
	return STATUS_OK;
}

void door_drain(struct open_door *door)
{
	if (mailbox_drain(&door->mailbox) != STATUS_OK)
		return;
}

void door_close(struct open_door *door)
{
	pthread_join(door->thread, NULL);
	queue_close(door->mailbox.letters);
	take_letters(door);
	for (size_t i = 0; i < door->errand_count; i++)
		errand_free(door->errands[i]);
	free_door(door);
}
