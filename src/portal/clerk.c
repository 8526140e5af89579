/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/clerk.h"

#include "portal/errand.h"
#include "portal/handler.h"

#include <pthread.h>
#include <stdlib.h>

#define ARENA_MAX (UINT64_C(64) << 20)

struct clerk {
	const struct portal_settings *settings;
	struct queue *requests, *done;
	struct desk desk;
	struct arena arena;
	struct wire_writer writer;
	pthread_t thread;
};

/* ---- the desk ---- */

/* An incident that is not there yet is no failure: nothing was swept. */
static enum status open_desk(struct desk *desk, struct failure *reterr)
{
	enum status status = desk_open(desk, CATALOG_APPEND, NULL, reterr);
	if (status == STATUS_OK)
		status = desk_open_incident(desk, INCIDENT_READ, reterr);
	return status == STATUS_ABSENT && desk->catalog != NULL ? STATUS_OK : status;
}

/* ---- what went wrong ---- */

/* What the catalog's troubles are is for who runs this, and stands in no reply. */
static const struct {
	enum status status;
	uint16_t code;
	const char *title;
	bool tells_why;
} troubles[] = {
	{STATUS_USAGE, 400, "Bad request", true},    {STATUS_MALFORMED, 400, "Bad request", false},
	{STATUS_ABSENT, 404, "Not found", false},    {STATUS_DENIED, 403, "Forbidden", false},
	{STATUS_TOO_LARGE, 413, "Too large", false}, {STATUS_UNSUPPORTED, 501, "Not implemented", false},
	{STATUS_BUSY, 503, "Busy", false},           {STATUS_TIMED_OUT, 503, "Busy", false},
	{STATUS_UNREACHABLE, 503, "Busy", false},    {STATUS_NO_SPACE, 503, "Busy", false},
	{STATUS_NO_MEMORY, 503, "Busy", false},
};

static enum status reply_trouble(struct errand *errand, enum status status, const struct failure *failure)
{
	for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++)
		if (troubles[i].status == status)
			return reply_problem(&errand->sink, &errand->request, troubles[i].code, troubles[i].title,
			                     troubles[i].tells_why && failure->why[0] != '\0' ? failure->why : NULL);
	return reply_problem(&errand->sink, &errand->request, 500, "Internal error", NULL);
}

/* ---- errands ---- */

static enum status call_handler(struct clerk *clerk, struct errand *errand, struct failure *reterr)
{
	portal_handler *handler = portal_handlers[errand->request.route];
	struct portal_call call = {
		.request = &errand->request,
		.settings = clerk->settings,
		.figures = &errand->figures,
		.desk = &clerk->desk,
		.arena = &clerk->arena,
		.sink = &errand->sink,
	};
	if (handler == NULL)
		return reply_problem(&errand->sink, &errand->request, 501, "Not implemented",
		                     portal_route_path(errand->request.route));
	enum status status = open_desk(&clerk->desk, reterr);
	if (status != STATUS_OK)
		return status == STATUS_NO_MEMORY ? status : STATUS_BUSY;
	return handler(&call, reterr);
}

static void run_errand(struct clerk *clerk, struct errand *errand)
{
	struct failure failure = {.why = ""};
	enum status status = errand_begin(errand, &clerk->writer);
	if (status == STATUS_OK) {
		status = call_handler(clerk, errand, &failure);
		if (status_is_ours(status))
			desk_close(&clerk->desk);
		if (status != STATUS_OK && !errand->sink.has_begun)
			status = reply_trouble(errand, status, &failure);
	}
	errand_end(errand);
	arena_reset(&clerk->arena);
}

static void *work(void *context)
{
	struct clerk *clerk = context;
	void *errand;
	while (queue_take(clerk->requests, &errand) == STATUS_OK)
		run_errand(clerk, errand);
	desk_close(&clerk->desk);
	if (queue_push_urgent(clerk->done, clerk) != STATUS_OK)
		return NULL;
	return NULL;
}

/* ---- life ---- */

enum status clerk_hire(const struct portal_settings *settings, struct queue *requests, struct queue *done,
                       struct clerk **ret_clerk, struct failure *reterr)
{
	struct clerk *clerk = calloc(1, sizeof *clerk);
	if (clerk == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "serve", "no memory");
	clerk->settings = settings;
	clerk->requests = requests;
	clerk->done = done;
	clerk->arena = arena_with_ceiling(ARENA_MAX);
	clerk->desk = (struct desk){
		.place = settings->place,
		.incident_name = settings->incident_name,
		.operator_name = settings->operator_name,
	};
	enum status status = open_desk(&clerk->desk, reterr);
	if (status == STATUS_OK && pthread_create(&clerk->thread, NULL, work, clerk) != 0)
		status = fail(reterr, STATUS_NO_MEMORY, "serve", "no thread could be started");
	if (status != STATUS_OK) {
		desk_close(&clerk->desk);
		free(clerk);
		return status;
	}
	*ret_clerk = clerk;
	return STATUS_OK;
}

void clerk_dismiss(struct clerk *clerk)
{
	pthread_join(clerk->thread, NULL);
	arena_free(&clerk->arena);
	free(clerk);
}
