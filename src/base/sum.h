/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adding up what others say. A sum goes no further than SUM_MAX, the most that
 * a database and readers of JSON hold: there it stays, and means "at least".
 */
#ifndef TIDEMARK_BASE_SUM_H
#define TIDEMARK_BASE_SUM_H

#include <stdbool.h>
#include <stdint.h>

#define SUM_MAX ((uint64_t)INT64_MAX)

static inline void sum_add(uint64_t *sum, uint64_t more)
{
	*sum = *sum < SUM_MAX && more < SUM_MAX - *sum ? *sum + more : SUM_MAX;
}

/** It stands at the most there is: what was added up may be more. */
static inline bool sum_is_at_least(uint64_t sum)
{
	return sum >= SUM_MAX;
}

#endif
