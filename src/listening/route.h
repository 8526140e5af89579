/* SPDX-License-Identifier: Apache-2.0 */
/* From a method and a path to a row of the table of routes, or to an embedded file. */
#ifndef TIDEMARK_LISTENING_ROUTE_H
#define TIDEMARK_LISTENING_ROUTE_H

#include "listening/asset.h"
#include "listening/refusal.h"
#include "model/portal.h"

struct route_found {
	enum portal_route route;
	struct bytes parameter;           /* still encoded */
	const struct portal_asset *asset; /* not NULL: that, and no route */
};

/** path: as it came, without its query. A refusal is 404, 405 with what is allowed, or 308 to where the pages begin. */
struct refusal route_find(enum portal_door door, struct bytes method, struct bytes path, struct route_found *ret_found);

#endif
