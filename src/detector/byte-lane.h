/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where detectors may have to be asked: at bytes of a set, and where runs of
 * digits begin. 64 bytes at a time, by AVX2 where the processor has it and by
 * a table elsewhere; most of a text is never looked at by anything else.
 */
#ifndef TIDEMARK_DETECTOR_BYTE_LANE_H
#define TIDEMARK_DETECTOR_BYTE_LANE_H

#include "base/bytes.h"

enum { BYTE_LANE_STRIDE = 64 };

struct byte_lane {
	unsigned char low[16], high[16]; /* a byte is of the set if both halves of it share a bit */
	bool has[256];
	bool has_digits; /* where they begin */
};

/** A lane of the bytes given, which are ASCII and no digits, as a string. */
void byte_lane_make(const char *bytes, bool has_digits, struct byte_lane *ret_lane);

/** A bit for each place in [from, from + 64) of the text, the first in the lowest, at which a byte of the set stands, or an ASCII
 *  digit behind none. None behind end, which is the text's end or lies before it. */
uint64_t byte_lane_mask(const struct byte_lane *lane, struct bytes text, size_t from, size_t end);
/** The same, whatever the processor. */
uint64_t byte_lane_mask_plain(const struct byte_lane *lane, struct bytes text, size_t from, size_t end);

#endif
