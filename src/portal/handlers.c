/* SPDX-License-Identifier: Apache-2.0 */
/* Who answers which route. */
#include "portal/handler.h"

#include "portal/machine.h"

portal_handler *const portal_handlers[PORTAL_ROUTE_COUNT] = {
	[PORTAL_ROUTE_HEALTH] = portal_health,
	[PORTAL_ROUTE_METRICS] = portal_metrics,
	[PORTAL_ROUTE_OPERATOR_HEALTH] = portal_health,
	[PORTAL_ROUTE_OPERATOR_METRICS] = portal_metrics,
};
