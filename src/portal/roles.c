/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking: admin, analyst, notifier and auditor, each at what it works on. Doing:
 * telling and letting in is the notifier's, judging whose a document is the
 * analyst's. The helpdesk asks the gate, and sees nothing that it would not tell.
 */
#include "portal/roles.h"

enum {
	ADMIN = ROLE_BIT(USER_ADMIN),
	ANALYST = ROLE_BIT(USER_ANALYST),
	NOTIFIER = ROLE_BIT(USER_NOTIFIER),
	AUDITOR = ROLE_BIT(USER_AUDITOR),
	HELPDESK = ROLE_BIT(USER_HELPDESK),
	LOOKS = ADMIN | ANALYST | NOTIFIER | AUDITOR,
	ALL = LOOKS | HELPDESK
};

/* clang-format off */
static const struct role_row rows[] = {
	{PORTAL_ROUTE_OPERATOR_LEAVE,         ALL,                        NULL},
	{PORTAL_ROUTE_OPERATOR_OVERVIEW,      LOOKS,                      "overview"},
	{PORTAL_ROUTE_OPERATOR_ORGANISATIONS, LOOKS,                      "organisations"},
	{PORTAL_ROUTE_OPERATOR_ORGANISATION,  LOOKS,                      "organisations"},
	{PORTAL_ROUTE_OPERATOR_NOTICES,       ADMIN | NOTIFIER | AUDITOR, "notices"},
	{PORTAL_ROUTE_OPERATOR_PROOFS,        LOOKS,                      "proofs"},
	{PORTAL_ROUTE_OPERATOR_DECIDE_PROOF,  ADMIN | NOTIFIER,           NULL},
	{PORTAL_ROUTE_OPERATOR_DECIDE_APPEAL, ADMIN | ANALYST,            NULL},
	{PORTAL_ROUTE_OPERATOR_INVITE,        ADMIN | NOTIFIER,           NULL},
	{PORTAL_ROUTE_OPERATOR_REVOKE,        ADMIN | NOTIFIER,           NULL},
	{PORTAL_ROUTE_OPERATOR_SWEEP,         LOOKS,                      NULL},
	{PORTAL_ROUTE_OPERATOR_SWEEP_STATE,   LOOKS,                      NULL},
	{PORTAL_ROUTE_OPERATOR_JOURNAL,       ADMIN | AUDITOR,            "journal show"},
	{PORTAL_ROUTE_OPERATOR_HELPDESK,      ADMIN | HELPDESK,           NULL},
	{PORTAL_ROUTE_OPERATOR_ANSWER,        ADMIN | HELPDESK,           NULL},
};
/* clang-format on */

const struct role_row *roles_row(enum portal_route route)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].route == route)
			return &rows[i];
	return NULL;
}

bool roles_may(enum user_role role, enum portal_route route)
{
	const struct role_row *row = roles_row(route);
	return row != NULL && (row->roles & ROLE_BIT(role)) != 0;
}

enum portal_route roles_first_page(enum user_role role)
{
	return roles_may(role, PORTAL_ROUTE_OPERATOR_OVERVIEW) ? PORTAL_ROUTE_OPERATOR_OVERVIEW : PORTAL_ROUTE_OPERATOR_HELPDESK;
}
