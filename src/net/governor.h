/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pace of one account: how many requests a second, how many at once, and
 * how long to stand back when it says that it is busy. Busy replies halve what
 * may be under way and double the back-off; answers raise the one by little
 * and little and reset the other. Times are milliseconds of the monotonic clock.
 */
#ifndef TIDEMARK_NET_GOVERNOR_H
#define TIDEMARK_NET_GOVERNOR_H

#include "base/bytes.h"
#include "base/status.h"

struct governor {
	struct governor *next;
	struct bytes name;
	/* settings */
	double rate;    /* a second; 0: any */
	unsigned width; /* at once, at most */
	unsigned first_back_off;
	/* state */
	double window; /* at once, now: 1..width */
	unsigned under_way;
	int64_t next_slot;    /* by the rate */
	int64_t paused_until; /* by Retry-After */
	unsigned level;       /* of the back-off */
	int64_t raise_after;  /* busy replies of one wave count once */
	uint64_t answered;    /* replies that were not busy, ever */
	unsigned silences;    /* in a row: attempts that nothing answered */
};

/** Milliseconds until it might; -1 while only an ending request can make room. */
int64_t governor_wait(const struct governor *governor, int64_t now);
/** What is left of the time the account asked for. */
int64_t governor_pause(const struct governor *governor, int64_t now);
void governor_start(struct governor *governor, int64_t now);
/** Its attempt is over, however. */
void governor_end(struct governor *governor);

void governor_hear_answer(struct governor *governor);
void governor_hear_silence(struct governor *governor);
/** retry_after: milliseconds the account asked for, -1 if it did not. Returns how long that request has to wait.
 *  random: any number, for the jitter. */
int64_t governor_hear_busy(struct governor *governor, int64_t now, int64_t retry_after, uint64_t random);

/** First back-off times 2^level, at most 30 s, of which a random half is taken off. */
int64_t governor_back_off(const struct governor *governor, unsigned level, uint64_t random);

/** Nothing has answered for so long that trying again and again would be in vain. */
bool governor_is_lost(const struct governor *governor);

#endif
