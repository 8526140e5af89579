/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each role may ask of the operator's pages: one table, a row a route. What
 * stands in no row nobody may. Whoever is refused learns nothing by it: before this
 * was asked, nothing of the request was looked at.
 */
#ifndef TIDEMARK_PORTAL_ROLES_H
#define TIDEMARK_PORTAL_ROLES_H

#include "model/portal.h"
#include "model/user.h"

struct role_row {
	enum portal_route route;
	unsigned roles; /* ROLE_BIT each */
	const char
		*verb; /* that it is journalled under before it is answered; NULL: it tells nothing, or says itself what it did */
};

#define ROLE_BIT(role) (1u << (role))

/** NULL: of no role; signing in is for who has none yet. */
const struct role_row *roles_row(enum portal_route route);
bool roles_may(enum user_role role, enum portal_route route);
/** Where a role begins: the first page it may see. */
enum portal_route roles_first_page(enum user_role role);

#endif
