/* SPDX-License-Identifier: Apache-2.0 */
/* Who answers which route. */
#include "portal/handler.h"

#include "portal/machine.h"
#include "portal/notice-api.h"
#include "portal/operator.h"
#include "portal/subject-api.h"
#include "portal/subject-pages.h"

portal_handler *const portal_handlers[PORTAL_ROUTE_COUNT] = {
	[PORTAL_ROUTE_HEALTH] = portal_health,
	[PORTAL_ROUTE_METRICS] = portal_metrics,
	[PORTAL_ROUTE_PROOFS] = portal_begin_proof,
	[PORTAL_ROUTE_PROOF] = portal_check_proof,
	[PORTAL_ROUTE_ANSWER] = portal_answer,
	[PORTAL_ROUTE_ANSWER_CSV] = portal_answer_csv,
	[PORTAL_ROUTE_ANSWER_HTML] = portal_answer_html,
	[PORTAL_ROUTE_ASKED] = portal_asked,
	[PORTAL_ROUTE_APPEALS] = portal_appeal,
	[PORTAL_ROUTE_ACKNOWLEDGE] = portal_acknowledge,
	[PORTAL_ROUTE_PAGE_ASK] = portal_page_ask,
	[PORTAL_ROUTE_PAGE_PROVE] = portal_page_prove,
	[PORTAL_ROUTE_PAGE_BEGIN] = portal_page_begin,
	[PORTAL_ROUTE_PAGE_CHECK] = portal_page_check,
	[PORTAL_ROUTE_PAGE_ANSWER] = portal_page_answer,
	[PORTAL_ROUTE_PAGE_ANSWER_CSV] = portal_page_answer_csv,
	[PORTAL_ROUTE_PAGE_ANSWER_JSON] = portal_page_answer_json,
	[PORTAL_ROUTE_PAGE_ANSWER_HTML] = portal_page_answer_html,
	[PORTAL_ROUTE_PAGE_ASKED] = portal_page_asked,
	[PORTAL_ROUTE_PAGE_APPEAL] = portal_page_appeal,
	[PORTAL_ROUTE_PAGE_LEAVE] = portal_page_leave,
	[PORTAL_ROUTE_PAGE_FIND_NOTICE] = portal_page_find_notice,
	[PORTAL_ROUTE_PAGE_NOTICE] = portal_page_notice,
	[PORTAL_ROUTE_PAGE_ACKNOWLEDGE] = portal_page_acknowledge,
	[PORTAL_ROUTE_OPERATOR_HEALTH] = portal_health,
	[PORTAL_ROUTE_OPERATOR_METRICS] = portal_metrics,
	[PORTAL_ROUTE_OPERATOR_SIGN_IN] = operator_handle,
	[PORTAL_ROUTE_OPERATOR_ENTER] = operator_handle,
	[PORTAL_ROUTE_OPERATOR_LEAVE] = operator_handle,
	[PORTAL_ROUTE_OPERATOR_OVERVIEW] = operator_handle,
	[PORTAL_ROUTE_OPERATOR_ORGANISATIONS] = operator_handle,
	[PORTAL_ROUTE_OPERATOR_ORGANISATION] = operator_handle,
	[PORTAL_ROUTE_OPERATOR_NOTICES] = operator_handle,
	[PORTAL_ROUTE_OPERATOR_PROOFS] = operator_handle,
	[PORTAL_ROUTE_OPERATOR_DECIDE_PROOF] = operator_handle,
	[PORTAL_ROUTE_OPERATOR_DECIDE_APPEAL] = operator_handle,
	[PORTAL_ROUTE_OPERATOR_INVITE] = operator_handle,
	[PORTAL_ROUTE_OPERATOR_REVOKE] = operator_handle,
	[PORTAL_ROUTE_OPERATOR_SWEEP] = operator_handle,
	[PORTAL_ROUTE_OPERATOR_SWEEP_STATE] = operator_handle,
	[PORTAL_ROUTE_OPERATOR_JOURNAL] = operator_handle,
	[PORTAL_ROUTE_OPERATOR_HELPDESK] = operator_handle,
	[PORTAL_ROUTE_OPERATOR_ANSWER] = operator_handle,
};
