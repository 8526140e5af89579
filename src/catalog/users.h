/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Users of the operator's pages: names, roles, and whether a password is right.
 * Of the catalog, not of an incident. Whoever holds its key may do everything
 * with them; what a change means for who is signed in is said here: it ends.
 */
#ifndef TIDEMARK_CATALOG_USERS_H
#define TIDEMARK_CATALOG_USERS_H

#include "catalog/catalog.h"
#include "model/user.h"

struct new_user {
	struct bytes name, password; /* checked by the caller (model/user.h) */
	enum user_role role;
	int64_t now;
};

/** One of that name gets this role and this password, and whoever was signed in as it no longer is; *ret_was_there tells.
 *  Durable when it returns. */
enum status catalog_add_user(struct catalog *catalog, const struct new_user *user, bool *ret_was_there,
                             struct failure *reterr) MUST_CHECK;
/** Likewise ends its sessions. ABSENT. */
enum status catalog_remove_user(struct catalog *catalog, struct bytes name, struct failure *reterr) MUST_CHECK;
/** Calls each, by name. sessions: good at that time. END from each stops: OK. */
enum status catalog_users(struct catalog *catalog, int64_t now, user_visitor *each, void *context,
                          struct failure *reterr) MUST_CHECK;

#endif
