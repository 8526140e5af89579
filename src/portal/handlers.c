/* SPDX-License-Identifier: Apache-2.0 */
/* Who answers which route. */
#include "portal/handler.h"

#include "portal/machine.h"
#include "portal/subject-api.h"

portal_handler *const portal_handlers[PORTAL_ROUTE_COUNT] = {
	[PORTAL_ROUTE_HEALTH] = portal_health,
	[PORTAL_ROUTE_METRICS] = portal_metrics,
	[PORTAL_ROUTE_PROOFS] = portal_begin_proof,
	[PORTAL_ROUTE_PROOF] = portal_check_proof,
	[PORTAL_ROUTE_ANSWER] = portal_answer,
	[PORTAL_ROUTE_ANSWER_CSV] = portal_answer_csv,
	[PORTAL_ROUTE_ASKED] = portal_asked,
	[PORTAL_ROUTE_APPEALS] = portal_appeal,
	[PORTAL_ROUTE_OPERATOR_HEALTH] = portal_health,
	[PORTAL_ROUTE_OPERATOR_METRICS] = portal_metrics,
};
