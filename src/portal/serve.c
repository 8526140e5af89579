/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "portal/serve.h"

#include "base/clock.h"
#include "portal/clerk.h"
#include "portal/door.h"
#include "portal/postman.h"
#include "portal/proof-settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CLERKS_MAX = 64, OPERATORS_CLERKS = 2, WATCH_MS = 200, END_MS = 4800 };

#define DOORS (PORTAL_OPERATORS + 1)

struct serving {
	struct portal_settings settings;
	const struct serve_watch *watch;
	struct listener_plan plans[DOORS];
	struct buffer certificate, key;
	struct queue *requests[DOORS], *events, *done;
	struct door *doors[DOORS];
	bool is_listening[DOORS], has_ended[DOORS];
	struct clerk *clerks[CLERKS_MAX];
	size_t clerk_count;
	struct postman *postman;
	char addresses[DOORS][PORTAL_URL_MAX];
};

/* ---- what the doors are told ---- */

static enum status read_pem(const char *option, const char *path, struct buffer *into, struct failure *reterr)
{
	unsigned char piece[4096];
	struct stat about;
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t got = -1;
	if (descriptor >= 0 && fstat(descriptor, &about) == 0 && !S_ISREG(about.st_mode))
		errno = EINVAL;
	else
		while (descriptor >= 0 && (got = read(descriptor, piece, sizeof piece)) > 0)
			buffer_append(into, bytes_of(piece, (size_t)got));
	int why = errno;
	if (descriptor >= 0)
		close(descriptor);
	if (got < 0)
		return fail(reterr, STATUS_USAGE, option, "%.100s cannot be read: %s", path, strerror(why));
	return buffer_status(into) == STATUS_OK && into->len > 0 ? STATUS_OK
	                                                         : fail(reterr, STATUS_USAGE, option, "%.100s is no PEM", path);
}

static bool is_loopback(const char *listen)
{
	return strncmp(listen, "127.", 4) == 0 || strncmp(listen, "[::1]:", 6) == 0 || strncmp(listen, "localhost:", 10) == 0;
}

/* What would go over a network in the clear, or answer to any name, is not begun. */
static enum status check_doors(const struct portal_settings *settings, struct failure *reterr)
{
	bool has_tls = settings->tls_certificate != NULL;
	bool is_secure = settings->url != NULL && strncmp(settings->url, "https://", 8) == 0;
	if (has_tls != (settings->tls_key != NULL))
		return fail(reterr, STATUS_USAGE, "--tls-cert", "goes together with --tls-key");
	if (has_tls && settings->url != NULL && !is_secure)
		return fail(reterr, STATUS_USAGE, "--url", "begins with https:// where there is TLS");
	if (!is_loopback(settings->listen[PORTAL_SUBJECTS]) && settings->url == NULL)
		return fail(reterr, STATUS_USAGE, "--url", "is needed where it listens at more than this machine");
	if (!is_loopback(settings->listen[PORTAL_SUBJECTS]) && !is_secure)
		return fail(
			reterr, STATUS_USAGE, "--listen",
			"at more than this machine needs TLS: --tls-cert and --tls-key, or an https:// --url whose proxy ends it");
	if (!is_loopback(settings->listen[PORTAL_OPERATORS]) && !has_tls)
		return fail(reterr, STATUS_USAGE, "--operator-listen",
		            "at more than this machine needs --tls-cert and --tls-key");
	return STATUS_OK;
}

static void plan_door(struct serving *serving, enum portal_door door)
{
	const struct portal_settings *settings = &serving->settings;
	bool is_tls = serving->key.len > 0 && (door == PORTAL_SUBJECTS || !is_loopback(settings->listen[door]));
	serving->plans[door] = (struct listener_plan){
		.setup =
			{
				.door = door,
				.listen = bytes_of_string(settings->listen[door]),
				.url = bytes_of_string(door == PORTAL_SUBJECTS || is_tls ? settings->url : NULL),
				.connections = settings->connections,
				.connections_per_address = settings->connections_per_address,
				.requests_per_minute = settings->requests_per_minute,
			},
		.certificate = is_tls ? buffer_bytes(&serving->certificate) : BYTES_NONE,
		.key = is_tls ? buffer_bytes(&serving->key) : BYTES_NONE,
	};
}

static enum status prepare(struct serving *serving, struct failure *reterr)
{
	const struct portal_settings *settings = &serving->settings;
	serving->certificate = serving->key = buffer_with_ceiling(PORTAL_PEM_MAX);
	enum status status = check_doors(settings, reterr);
	if (status == STATUS_OK)
		status = proof_settings_check(settings, reterr);
	if (status == STATUS_OK)
		status = postman_check(settings, reterr);
	if (status == STATUS_OK && settings->tls_certificate != NULL)
		status = read_pem("--tls-cert", settings->tls_certificate, &serving->certificate, reterr);
	if (status == STATUS_OK && settings->tls_key != NULL)
		status = read_pem("--tls-key", settings->tls_key, &serving->key, reterr);
	if (status != STATUS_OK)
		return status;
	if (queue_new(SIZE_MAX / 2, &serving->events) != STATUS_OK || queue_new(SIZE_MAX / 2, &serving->done) != STATUS_OK)
		return fail(reterr, STATUS_NO_MEMORY, "serve", "no memory");
	for (enum portal_door door = 0; door < DOORS; door++) {
		plan_door(serving, door);
		if (queue_new(SIZE_MAX / 2, &serving->requests[door]) != STATUS_OK)
			return fail(reterr, STATUS_NO_MEMORY, "serve", "no memory");
	}
	return STATUS_OK;
}

/* ---- doors ---- */

static void keep_address(struct serving *serving, enum portal_door door, uint16_t port)
{
	const char *listen = serving->settings.listen[door], *colon = strrchr(listen, ':');
	snprintf(serving->addresses[door], sizeof serving->addresses[door], "%s://%.*s:%u",
	         serving->plans[door].key.len > 0 ? "https" : "http", (int)(colon - listen), listen, port);
	serving->is_listening[door] = true;
	if (door == PORTAL_SUBJECTS && serving->settings.url == NULL)
		serving->settings.url = serving->addresses[door];
}

static enum status take_event(struct serving *serving, struct door_event *event, struct failure *reterr)
{
	enum status status = STATUS_OK;
	char words[512];
	switch (event->news) {
	case DOOR_LISTENS: keep_address(serving, event->door, event->port); break;
	case DOOR_REFUSED:
		serving->has_ended[event->door] = true;
		status = fail(reterr, STATUS_USAGE, event->door == PORTAL_SUBJECTS ? "--listen" : "--operator-listen", "%s",
		              event->failure.why);
		break;
	case DOOR_STARTED_AGAIN:
		snprintf(words, sizeof words, "the program that listens for %s %s; it is started again",
		         event->door == PORTAL_SUBJECTS ? "subjects" : "operators", event->failure.why);
		serving->watch->warns(serving->watch->context, words);
		break;
	case DOOR_ENDED: serving->has_ended[event->door] = true; break;
	}
	free(event);
	return status;
}

static enum status wait_for_event(struct serving *serving, int64_t milliseconds, struct failure *reterr)
{
	void *event;
	enum status status = queue_take_within(serving->events, (long)(milliseconds > 0 ? milliseconds : 0), &event);
	return status == STATUS_OK ? take_event(serving, event, reterr) : STATUS_OK;
}

static enum status open_doors(struct serving *serving, struct failure *reterr)
{
	enum status status = STATUS_OK;
	for (enum portal_door door = 0; door < DOORS && status == STATUS_OK; door++) {
		if (door_open(&serving->plans[door], serving->requests[door], serving->events, &serving->doors[door]) !=
		    STATUS_OK)
			return fail(reterr, STATUS_NO_MEMORY, "serve", "no thread could be started");
		/* One after the other: what is wrong with the first is told before the second is tried. */
		while (status == STATUS_OK && !serving->is_listening[door])
			status = wait_for_event(serving, WATCH_MS, reterr);
	}
	return status;
}

/* ---- clerks ---- */

static enum status hire(struct serving *serving, enum portal_door door, size_t count, struct failure *reterr)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < count && status == STATUS_OK && serving->clerk_count < CLERKS_MAX; i++) {
		status = clerk_hire(&serving->settings, serving->requests[door], serving->done,
		                    &serving->clerks[serving->clerk_count], reterr);
		serving->clerk_count += status == STATUS_OK;
	}
	return status;
}

/* ---- the end ---- */

static bool have_doors_ended(const struct serving *serving)
{
	for (enum portal_door door = 0; door < DOORS; door++)
		if (serving->doors[door] != NULL && !serving->has_ended[door])
			return false;
	return true;
}

static void free_serving(struct serving *serving)
{
	struct queue *const queues[] = {serving->requests[0], serving->requests[1], serving->events, serving->done};
	void *event;
	for (enum portal_door door = 0; door < DOORS; door++)
		if (serving->doors[door] != NULL)
			door_close(serving->doors[door]);
	while (serving->events != NULL && queue_take_within(serving->events, 0, &event) == STATUS_OK)
		free(event);
	for (size_t i = 0; i < sizeof queues / sizeof *queues; i++)
		if (queues[i] != NULL)
			queue_free(queues[i]);
	buffer_free(&serving->certificate);
	buffer_free(&serving->key);
	free(serving);
}

/* Whoever is not done by then is left as it is: the process ends, and what it had open is as after kill -9. */
static void end(struct serving *serving)
{
	int64_t until = clock_monotonic() + END_MS;
	struct failure ignored;
	size_t done = 0;
	void *clerk;
	for (enum portal_door door = 0; door < DOORS; door++)
		if (serving->doors[door] != NULL && !serving->has_ended[door])
			door_drain(serving->doors[door]);
	postman_stop(serving->postman);
	while (!have_doors_ended(serving) && clock_monotonic() < until)
		if (wait_for_event(serving, until - clock_monotonic(), &ignored) != STATUS_OK)
			continue;
	for (enum portal_door door = 0; door < DOORS; door++)
		if (serving->requests[door] != NULL)
			queue_close(serving->requests[door]);
	while (done < serving->clerk_count && clock_monotonic() < until)
		if (queue_take_within(serving->done, (long)(until - clock_monotonic()), &clerk) == STATUS_OK) {
			clerk_dismiss(clerk);
			done++;
		}
	if (have_doors_ended(serving) && done == serving->clerk_count)
		free_serving(serving);
}

/* ---- all of it ---- */

enum status serve_run(const struct portal_settings *settings, const struct serve_watch *watch, struct failure *reterr)
{
	struct serving *serving = calloc(1, sizeof *serving);
	if (serving == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "serve", "no memory");
	serving->settings = *settings;
	serving->watch = watch;
	enum status status = prepare(serving, reterr);
	if (status == STATUS_OK)
		status = open_doors(serving, reterr);
	if (status == STATUS_OK)
		status = hire(serving, PORTAL_SUBJECTS, settings->threads, reterr);
	if (status == STATUS_OK)
		status = hire(serving, PORTAL_OPERATORS, OPERATORS_CLERKS, reterr);
	if (status == STATUS_OK)
		status = postman_start(&serving->settings, &serving->postman, reterr);
	if (status == STATUS_OK)
		watch->answers(watch->context, serving->addresses[PORTAL_SUBJECTS], serving->addresses[PORTAL_OPERATORS]);
	while (status == STATUS_OK && !watch->is_ended(watch->context))
		status = wait_for_event(serving, WATCH_MS, reterr);
	end(serving);
	return status;
}
