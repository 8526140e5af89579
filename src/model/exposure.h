/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A span in which a stranger could reach something by one door, and what a
 * stranger found there. last_seen is the last time it was seen open; that it
 * ended is known only where closed_at is: somebody found it shut.
 */
#ifndef TIDEMARK_MODEL_EXPOSURE_H
#define TIDEMARK_MODEL_EXPOSURE_H

#include "base/bytes.h"

/* Stored in catalogs by number: append only. */
enum door { DOOR_LIST = 1, DOOR_READ, DOOR_VERSION, DOOR_SNAPSHOT, DOOR_STATIC_SITE, DOOR_SIGNED_LINK, DOOR_COUNT };

/* Stored in catalogs by number: append only. */
enum found {
	FOUND_OPEN = 1,
	FOUND_REFUSED,
	FOUND_GONE, /* a complete listing no longer had it */
	FOUND_COUNT
};

/* All looks of one sweep at one door that found the same. */
struct observation {
	enum found found;
	uint64_t sweep; /* 0: not told */
	int64_t first_at, last_at;
	struct bytes said; /* by the server, where it refused; may be empty */
};

/* One look at a door outside of any sweep. */
struct door_look {
	enum door door;
	enum found found; /* OPEN or REFUSED */
	int64_t at;
	struct bytes said; /* by the server, where it refused; may be empty */
};

struct exposure {
	enum door door;
	int64_t first_seen, last_seen;
	int64_t closed_at;                  /* CLOCK_UNKNOWN: nobody found it shut since */
	const struct observation *evidence; /* for its beginning, its last sight and its end */
	size_t evidence_count;
};

/** As the interface writes it: "static_site". */
const char *door_name(enum door door);
const char *found_name(enum found found);

#endif
