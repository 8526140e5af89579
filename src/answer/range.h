/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges as people write them: >1M, <=10k, 1k..2M, 2019, 2019-03..2021. */
#ifndef TIDEMARK_ANSWER_RANGE_H
#define TIDEMARK_ANSWER_RANGE_H

#include "base/bytes.h"

/** Inclusive bounds in bytes; INT64_MIN and INT64_MAX where open. k, M, G, T are powers of 1024. */
bool range_parse_size(struct bytes text, int64_t *ret_low, int64_t *ret_high);
/** Inclusive bounds in seconds UTC; a year, month or day means all of it. Ages are told by now: "<90d" is later than 90 days before,
 *  "1y..2y" between one year and two; h, d, w, mo, y. */
bool range_parse_time(struct bytes text, int64_t now, int64_t *ret_low, int64_t *ret_high);
/** A beginning alone, in the words of range_parse_time: "2022-08-01", "2022..", "<90d", also "90d". False for what has an end or
 *  no beginning. */
bool range_parse_since(struct bytes text, int64_t now, int64_t *ret_since);

#endif
