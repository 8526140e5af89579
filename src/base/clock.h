/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times. A time is whole seconds since 1970 UTC; CLOCK_UNKNOWN where there is
 * none. Written as RFC 3339 with Z. Deadlines use the monotonic clock.
 */
#ifndef TIDEMARK_BASE_CLOCK_H
#define TIDEMARK_BASE_CLOCK_H

#include "base/bytes.h"

#include <stdint.h>

#define CLOCK_UNKNOWN INT64_MIN
#define CLOCK_TEXT_SIZE 32

int64_t clock_now(void);
/** Milliseconds of the monotonic clock. */
int64_t clock_monotonic(void);
/** Milliseconds of processor time that this process has used. */
int64_t clock_processor(void);

/** The time itself; CLOCK_UNKNOWN where RFC 3339 cannot write it, outside of the years 0 to 9999. */
int64_t clock_limit(int64_t seconds);

/** "2022-08-01T12:00:00Z" into into; an empty string for CLOCK_UNKNOWN and what clock_limit refuses. Returns into. */
const char *clock_format(int64_t seconds, char into[CLOCK_TEXT_SIZE]);

/** RFC 3339 or its date alone, any offset. CLOCK_UNKNOWN if it is neither. */
int64_t clock_parse_rfc3339(struct bytes text);

/** HTTP and mail dates (RFC 9110 5.6.7, RFC 5322 3.3). CLOCK_UNKNOWN if it is neither. */
int64_t clock_parse_rfc5322(struct bytes text);

/** Seconds of a civil date in UTC (month 1..12, day 1..31); fields are not checked. */
int64_t clock_from_civil(int year, int month, int day, int hour, int minute, int second);

#endif
