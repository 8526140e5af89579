/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where runs of digits begin. Detectors of cards, telephone numbers, amounts
 * and the like share one look for them: 64 bytes at a time, by SSE2 where the
 * processor has it and by words of eight bytes elsewhere.
 */
#ifndef TIDEMARK_DETECTOR_DIGIT_LANE_H
#define TIDEMARK_DETECTOR_DIGIT_LANE_H

#include "base/bytes.h"

/** The first offset in [from, end) at which an ASCII digit stands behind none; end if there is none. The byte before from
 *  is looked at where there is one. */
size_t digit_lane_next(struct bytes text, size_t from, size_t end);

/** A bit for each of 64 bytes that is a digit, the first byte in the lowest. _plain knows no processor. */
uint64_t digit_lane_mask(const unsigned char bytes[64]);
uint64_t digit_lane_mask_plain(const unsigned char bytes[64]);

#endif
