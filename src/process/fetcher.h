/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client of tidemark-fetch: one target, listed over its control socket by
 * one thread, read over one socket per lane by the lanes. Calls block.
 *
 * Nothing is taken on its word: memory is looked at before it is handed on,
 * counts and names are held against what was asked, every wait and every page
 * has an end. A fetch program that ends, falls silent or breaks the protocol is
 * lost: all calls under way, and all later ones, are CRASHED; what was asked of
 * it is the sweep's affair. No status of ours ever comes from over there: what
 * goes wrong with it is said as UNREACHABLE.
 */
#ifndef TIDEMARK_PROCESS_FETCHER_H
#define TIDEMARK_PROCESS_FETCHER_H

#include "process/spawn.h"
#include "wire/fetch-messages.h"

struct fetcher;
struct fetch_lane;

struct fetcher_plan {
	struct bytes target;      /* as written; a folder as file:// and its real path */
	struct bytes prefix;      /* that all names begin with; borrowed while it lives */
	int directory;            /* of a folder target (borrowed), else -1 */
	struct bytes scope_yaml;  /* the scope file's text, or empty */
	struct fetch_setup setup; /* its patience is ours with it, too */
	size_t lanes;
};

/** Starts it, sets it up, waits for READY. What it refuses (DENIED, UNSUPPORTED, ...) comes back with its reason; ABSENT if
 *  the program is not there. */
enum status fetcher_start(const struct fetcher_plan *plan, struct fetcher **ret_fetcher, struct failure *reterr) MUST_CHECK;
/** Ends it; lanes of it end with it. */
void fetcher_free(struct fetcher *fetcher);

/** Ends what other threads are waiting for: their calls fail. After it the fetcher is good for fetcher_free only. */
void fetcher_interrupt(struct fetcher *fetcher);

/** Whether it is lost. *ret_how: what becomes of objects that were not read for it, TIMED_OUT or UNREACHABLE; *ret_failure: what
 *  it did. From any thread. */
bool fetcher_is_lost(struct fetcher *fetcher, enum status *ret_how, struct failure *ret_failure);

typedef enum status object_visitor(void *context, const struct object *object);
/** One page of the listing: each per object (good during the call), then where it goes on. MALFORMED where the listing leads
 *  in circles or names what is not beneath the prefix, TIMED_OUT where it brings nothing new. */
enum status fetcher_list(struct fetcher *fetcher, const struct fetch_list *list, object_visitor *each, void *context,
                         struct buffer *ret_next, bool *ret_is_last, struct failure *reterr) MUST_CHECK;
/** Whether the page last listed had objects that none before it had. */
bool fetcher_listed_new(const struct fetcher *fetcher);
/* Asked a few times a second while an answer is waited for. */
struct fetch_wait {
	bool (*is_interrupted)(void *context);
	void *context;
};
/** The verdict, in arena. TIMED_OUT where none came; INTERRUPTED once wait (may be NULL) says so. */
enum status fetcher_probe(struct fetcher *fetcher, const struct fetch_probe *probe, const struct fetch_wait *wait,
                          struct arena *arena, struct verdict *ret_verdict, struct failure *reterr) MUST_CHECK;

/** The nth lane; used by one thread. */
struct fetch_lane *fetcher_lane(struct fetcher *fetcher, size_t index);

struct fetched {
	struct fetch_got got; /* its etag and md5 in the lane, until its next get */
	int descriptor;       /* sealed memory, the caller's to close; -1 when windowed */
	struct bytes note;    /* in the lane, until its next call */
};
/** length: OBJECT_SIZE_UNKNOWN for all of it. A failure is a status of the object's (with *ret_bytes what came over), or
 *  CRASHED: tidemark-fetch itself is lost. */
enum status fetch_lane_get(struct fetch_lane *lane, const struct object *object, uint64_t length, struct fetched *ret_fetched,
                           uint64_t *ret_bytes, struct failure *reterr) MUST_CHECK;
/** The bytes at offset of the windowed object last got: as many as there are, up to FETCH_WINDOW_SIZE. MALFORMED where there
 *  are none. */
enum status fetch_lane_window(struct fetch_lane *lane, uint64_t offset, int *ret_descriptor, uint32_t *ret_length,
                              struct failure *reterr) MUST_CHECK;

#endif
