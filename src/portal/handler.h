/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What answers a route. A handler is called by one of a few threads, each with a
 * desk of its own; it may block, and replies once. The table has a place for every
 * route of model/portal.h: an empty one is answered 501.
 */
#ifndef TIDEMARK_PORTAL_HANDLER_H
#define TIDEMARK_PORTAL_HANDLER_H

#include "answer/desk.h"
#include "base/arena.h"
#include "portal/settings.h"
#include "portal/sink.h"

struct portal_figures;

struct portal_call {
	const struct portal_request *request; /* its texts last for the call */
	const struct portal_settings *settings;
	const struct portal_figures *figures; /* of the request's door, for /metrics */
	/* Its catalog is open to append; its incident to read, or NULL where nothing was swept yet. Nothing is on record before
	 * desk_ask or desk_record; it never goes off the record. A handler that closes it, or whose desk_ask fails, leaves it
	 * closed: it is opened again before the next. */
	struct desk *desk;
	struct arena *arena; /* emptied after the call; 64 MiB at most */
	struct sink *sink;
};

/** Any status but OK before reply_begin is answered by its name (portal/serve.c); after it, the reply is cut off. */
typedef enum status portal_handler(struct portal_call *call, struct failure *reterr);

extern portal_handler *const portal_handlers[PORTAL_ROUTE_COUNT];

#endif
