/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client of tidemark-fetch: one target, listed over its control socket by
 * one thread, read over one socket per lane by the lanes. Calls block; a fetch
 * program that dies is CRASHED, and the sweep's affair.
 */
#ifndef TIDEMARK_PROCESS_FETCHER_H
#define TIDEMARK_PROCESS_FETCHER_H

#include "process/spawn.h"
#include "wire/fetch-messages.h"

struct fetcher;
struct fetch_lane;

struct fetcher_plan {
	struct bytes target;             /* as written; a folder as file:// and its real path */
	int directory;                   /* of a folder target (borrowed), else -1 */
	struct bytes scope_yaml;         /* the scope file's text, or empty */
	struct fetch_setup setup;
	size_t lanes;
};

/** Starts it, sets it up, waits for READY. What it refuses (USAGE, DENIED, ...) comes back with its reason. */
enum status fetcher_start(const struct fetcher_plan *plan, struct fetcher **ret_fetcher, struct failure *reterr) MUST_CHECK;
/** Ends it; lanes of it end with it. */
void fetcher_free(struct fetcher *fetcher);

/** Ends what other threads are waiting for: their calls fail. After it the fetcher is good for fetcher_free only. */
void fetcher_interrupt(struct fetcher *fetcher);

typedef enum status object_visitor(void *context, const struct object *object);
/** One page of the listing: each per object (good during the call), then where it goes on. */
enum status fetcher_list(struct fetcher *fetcher, const struct fetch_list *list, object_visitor *each, void *context,
                         struct buffer *ret_next, bool *ret_is_last, struct failure *reterr) MUST_CHECK;
/** The verdict, in arena. INTERRUPTED once is_interrupted (may be NULL) says so. */
enum status fetcher_probe(struct fetcher *fetcher, bool (*is_interrupted)(void), struct arena *arena,
                          struct verdict *ret_verdict, struct failure *reterr) MUST_CHECK;

/** The nth lane; used by one thread. */
struct fetch_lane *fetcher_lane(struct fetcher *fetcher, size_t index);

struct fetched {
	struct fetch_got got;            /* its etag and md5 in the lane, until its next get */
	int descriptor;                  /* sealed memory, the caller's to close; -1 when windowed */
	struct bytes note;               /* in the lane, until its next call */
};
/** length: OBJECT_SIZE_UNKNOWN for all of it. A failure is a status of the object's (with *ret_bytes what came over), or
 *  CRASHED: tidemark-fetch itself is gone. */
enum status fetch_lane_get(struct fetch_lane *lane, const struct object *object, uint64_t length,
                           struct fetched *ret_fetched, uint64_t *ret_bytes, struct failure *reterr) MUST_CHECK;
enum status fetch_lane_window(struct fetch_lane *lane, uint64_t offset, int *ret_descriptor, uint32_t *ret_length,
                              struct failure *reterr) MUST_CHECK;

#endif
