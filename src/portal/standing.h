/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far it is with one organisation: found, told, reached, proved, answered.
 * Told: a notice went out, or may have. Reached is as act/reach.h has it: it said
 * so, or a server took one and none has come back since.
 */
#ifndef TIDEMARK_PORTAL_STANDING_H
#define TIDEMARK_PORTAL_STANDING_H

#include "catalog/notices.h"
#include "catalog/proofs.h"

struct standing {
	int64_t told, reached, proved, answered; /* the last time; CLOCK_UNKNOWN: not yet */
	uint64_t asked;                          /* times somebody began to prove it */
	uint64_t notices;                        /* that were begun */
	bool came_back;                          /* the latest that went out was refused, or bounced */
};

/** Of nothing yet. */
struct standing standing_of_none(void);
/** Adds one notice of it, in their order. */
void standing_add(struct standing *standing, const struct notice *notice);
/** What is known of a domain, or of an address. */
enum status standing_of(struct incident *incident, struct bytes organisation, struct standing *ret_standing,
                        struct failure *reterr) MUST_CHECK;

#endif
