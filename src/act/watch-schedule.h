/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When to look and when to try again, by the monotonic clock alone: however the
 * wall's is set, nothing is done twice for it, or waited for longer. Pure: the
 * caller brings the time and what was drawn. Milliseconds.
 */
#ifndef TIDEMARK_ACT_WATCH_SCHEDULE_H
#define TIDEMARK_ACT_WATCH_SCHEDULE_H

#include "base/bytes.h"

#include <stdint.h>

#define WATCH_EVERY_LEAST 10000 /* of servers of others */
#define WATCH_EVERY_MOST (INT64_C(31) * 86400000)

/** "15m", "90s", "2h", "1d", "50ms": a number and its unit. False for anything else, 0, and what is over the most. */
bool watch_every_parse(struct bytes text, int64_t *ret_milliseconds);

struct watch_schedule {
	int64_t every;
	int64_t beat; /* when the current round was due; rounds keep to every, whatever was drawn for one of them */
};

/** When the round behind the current one is due: every later than that, and up to a tenth of every more, so that many watchers
 *  do not meet. Rounds that were missed meanwhile are left out: it is never before now, nor later than every and a tenth from
 *  now. random: any number. */
int64_t watch_schedule_next(struct watch_schedule *schedule, int64_t now, uint64_t random);

/* A way that failed is left alone for 1 s, then twice as long each time, at most 15 min. */
struct watch_backoff {
	unsigned failures;
	int64_t due; /* 0: at once */
};
void watch_backoff_fail(struct watch_backoff *backoff, int64_t now, uint64_t random);
/** Whether it may be tried; a moment that is further off than any wait counts as come. */
bool watch_backoff_is_due(const struct watch_backoff *backoff, int64_t now);

#endif
