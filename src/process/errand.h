/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One thing that tidemark-fetch does in a role of its own: a process is started,
 * told what, heard once, ended. Whatever it does, it is over in time. Private to
 * this folder.
 */
#ifndef TIDEMARK_PROCESS_ERRAND_H
#define TIDEMARK_PROCESS_ERRAND_H

#include "process/fetcher.h"

struct errand {
	struct process process;
	int64_t until; /* of clock_monotonic */
	unsigned char frame[WIRE_FRAME_MAX];
	struct wire_writer writer;
};

/** milliseconds: until it must have answered. ABSENT: there is no tidemark-fetch. */
enum status errand_start(const char *role, int64_t milliseconds, struct errand **ret_errand, struct failure *reterr) MUST_CHECK;
/** Sends what its writer holds. CRASHED: it is gone; a word of its own may still wait to be heard. */
enum status errand_say(struct errand *errand) MUST_CHECK;
/** Waits for the one frame that state permits. CRASHED: it ended, fell silent or broke the protocol, and is no more.
 *  INTERRUPTED once wait (may be NULL) says so. */
enum status errand_hear(struct errand *errand, const struct permit_table *permits, unsigned char state,
                        const struct fetch_wait *wait, struct wire_reader *ret_reader, struct failure *reterr) MUST_CHECK;
/** CRASHED, and why: what it said makes no sense. */
enum status errand_disbelieve(struct failure *reterr) MUST_CHECK;
void errand_dismiss(struct errand *errand);

#endif
