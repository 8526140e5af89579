/* SPDX-License-Identifier: Apache-2.0 */
/* Who may use the operator's pages, and as what. */
#ifndef TIDEMARK_MODEL_USER_H
#define TIDEMARK_MODEL_USER_H

#include "base/bytes.h"
#include "base/status.h"

/* Stored in catalogs by name. What each may is a table (portal/roles.c). */
enum user_role {
	USER_ADMIN,    /* everything */
	USER_ANALYST,  /* looks at what was found, and decides on appeals */
	USER_NOTIFIER, /* tells organisations, invites them and decides on their proofs */
	USER_AUDITOR,  /* reads everything, the journal too, and changes nothing */
	USER_HELPDESK, /* answers one verified subject at a time */
	USER_ROLE_COUNT
};

enum {
	USER_NAME_MAX = 64, /* bytes */
	USER_PASSWORD_MIN = 8,
	USER_PASSWORD_MAX = 1024
};

struct user {
	struct bytes name;
	enum user_role role;
	int64_t added, changed, signed_in; /* changed: role or password; signed_in: last, may be unknown */
	uint64_t sessions;                 /* that are still good */
};
typedef enum status user_visitor(void *context, const struct user *user);

const char *user_role_name(enum user_role role);
/** USER_ROLE_COUNT if there is none of that name. */
enum user_role user_role_from_name(struct bytes name);

/** USAGE, and why, for what is no name of a user: UTF-8 that shows, without white space, of USER_NAME_MAX bytes at most. */
enum status user_check_name(struct bytes name, struct failure *reterr) MUST_CHECK;
/** USAGE, and why, for what is too short or too long. */
enum status user_check_password(struct bytes password, struct failure *reterr) MUST_CHECK;

#endif
