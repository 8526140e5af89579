/* SPDX-License-Identifier: Apache-2.0 */
/* What the operator sees first: counts, how long what stood open, what was not read, and what waits for a decision. */
#ifndef TIDEMARK_PORTAL_OVERVIEW_H
#define TIDEMARK_PORTAL_OVERVIEW_H

#include "act/reach.h"
#include "base/arena.h"
#include "catalog/questions.h"

struct overview_container {
	struct bytes url;
	uint64_t objects, documents;
	int64_t first_seen, last_seen, closed_at; /* CLOCK_UNKNOWN where not established */
};

enum { OVERVIEW_CONTAINERS_MAX = 200 };

struct overview {
	struct ledger ledger;
	struct coverage coverage;
	const struct overview_container *containers; /* that were open to strangers first, then by when they were first seen so */
	size_t container_count;
	uint64_t containers_left_out;      /* beyond the maximum */
	uint64_t open, closed, never_open; /* containers by what was established; never open: as far as was looked */
	int64_t first_seen, last_seen;     /* of all */
	int64_t swept_at;
	uint64_t proofs_waiting, appeals_open;
	struct reach reach;
	uint64_t untold; /* organisations for which no notice was begun, the owner's own left out */
};

/** All lies in arena. */
enum status overview_read(struct incident *incident, int64_t now, struct arena *arena, struct overview *ret_overview,
                          struct failure *reterr) MUST_CHECK;

#endif
