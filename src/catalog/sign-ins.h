/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing in to the operator's pages, and staying so.
 *
 *   name, password ──> counted ──> checked ──> a token, told once: its digest is kept
 *                         └──> BUSY: too many, whoever is right
 *   token ──> who it is, for half an hour since it was last seen and twelve in all
 *
 * An attempt counts from before it is checked until it has succeeded, so that many
 * at once are no more than one after the other. Limits are windows that pass by
 * themselves, a name counts alike whether it is a user's, and the limit of a
 * name does not hold at an address from which that user has lately signed in:
 * nobody's attempts shut out another for good.
 */
#ifndef TIDEMARK_CATALOG_SIGN_INS_H
#define TIDEMARK_CATALOG_SIGN_INS_H

#include "catalog/catalog.h"
#include "model/user.h"

#define SIGN_IN_TOKEN_SIZE 53 /* 256 bits in base32, and a NUL */

enum {
	SIGN_IN_IDLE = 30 * 60,
	SIGN_IN_LASTS = 12 * 3600,
	SIGN_IN_WINDOW = 15 * 60,    /* in which attempts count */
	SIGN_IN_MAX_AT_ONE = 5,      /* of a name, at one address */
	SIGN_IN_MAX_OF_ADDRESS = 25, /* of whatever names; of IPv6, of its /64 */
	SIGN_IN_MAX_OF_NAME = 50,    /* from wherever, but from where it has signed in */
	SIGN_IN_ADDRESS_KNOWN = 30 * 24 * 3600
};

struct sign_in_attempt {
	struct bytes name, password, address;
	int64_t now;
};

enum sign_in_verdict { SIGN_IN_RIGHT, SIGN_IN_WRONG, SIGN_IN_TOO_MANY };

struct sign_in {
	enum sign_in_verdict verdict;
	char name[USER_NAME_MAX + 1]; /* RIGHT */
	enum user_role role;
	char token[SIGN_IN_TOKEN_SIZE]; /* of a new one; else empty */
	uint32_t wait;                  /* TOO_MANY: seconds until an attempt may be made */
	bool is_first_over;             /* of this hour */
};

/** Whatever the verdict, OK. */
enum status sign_in_begin(struct catalog *catalog, const struct sign_in_attempt *attempt, struct sign_in *ret_sign_in,
                          struct failure *reterr) MUST_CHECK;
/** Who that token is. ABSENT: nobody's, too old, or ended by a change of its user. */
enum status sign_in_find(struct catalog *catalog, struct bytes token, int64_t now, struct sign_in *ret_sign_in,
                         struct failure *reterr) MUST_CHECK;
/** Of no token does nothing. */
enum status sign_in_end(struct catalog *catalog, struct bytes token, struct failure *reterr) MUST_CHECK;

/** Takes out the oldest hour that ended before then, and how many attempts over the limit it had. ABSENT: none is left. */
enum status sign_in_take_hour(struct catalog *catalog, int64_t now, int64_t *ret_hour, uint64_t *ret_attempts,
                              struct failure *reterr) MUST_CHECK;

#endif
