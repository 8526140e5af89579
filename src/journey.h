/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of one object, from a listing's row to rows that search returns.
 */
#ifndef TIDEMARK_JOURNEY_H
#define TIDEMARK_JOURNEY_H

#include "catalog/sweeps.h"
#include "process/extractor.h"
#include "process/fetcher.h"

/* Where a journey reports: the sweep's writer. Every call may wait; a status other than OK ends the journey. */
struct journey_desk {
	/* The object was fetched, and is not as listed: object says what was fetched. */
	enum status (*note_version)(void *context, const struct pending_object *object);
	/* Are these bytes known already? Then the object has been given the documents of its twin, and is finished. */
	enum status (*ask_twin)(void *context, const struct pending_object *object, const unsigned char sha256[32],
	                        uint64_t fetched, bool *ret_is_twin);
	enum status (*put_document)(void *context, const struct pending_object *object, const struct document_record *record);
	/* Its worker fell, and it is read again from its beginning: the documents put so far are void. */
	enum status (*restart)(void *context, const struct pending_object *object);
	enum status (*finish)(void *context, const struct pending_object *object, const struct object_record *record);
	void *context;
};

struct journey {
	struct fetch_lane *fetch;
	struct extractor *extractor;
	struct journey_desk desk;
	unsigned char secret_key[FINDING_SECRET_KEY_SIZE]; /* the incident's, for the values of secrets */
	bool is_peek;                                      /* the first bytes only */
	uint64_t object_seconds;                           /* processor time of one of up to 1 MiB: see model/budget.h */
	uint64_t max_object;                               /* one that turns out larger than listed is left, too; 0: no limit */
};

/** Takes one object from pending to finished. Whatever becomes of the object is recorded and OK; only our own faults and the
 *  desk's refusals are returned, and CRASHED: tidemark-fetch was lost, and the object is not finished. */
enum status journey_travel(struct journey *journey, const struct pending_object *listed, struct failure *reterr) MUST_CHECK;

#endif
