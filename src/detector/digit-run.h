/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is seen of a run of digits before a detector of numbers is asked: most
 * runs are the page numbers, times and figures of a text, too short for one and
 * behind no word for another. It is looked at once, and each detector says by it
 * whether it wants to be asked (wants, detector.h).
 */
#ifndef TIDEMARK_DETECTOR_DIGIT_RUN_H
#define TIDEMARK_DETECTOR_DIGIT_RUN_H

#include "base/bytes.h"

/* More digits than these are not counted: of the run, and of what follows it, too. */
enum { DIGIT_RUN_LONGEST = 20, DIGIT_RUN_SEEN = 12 };

struct digit_run {
	struct bytes text;
	size_t at, to;  /* the run */
	unsigned count; /* its digits, and those of the runs behind it that no more than separators part */
	size_t end;     /* where that ends */
	bool has_wide;  /* bytes above ASCII stand among or behind them: separators, or signs of currencies */
	unsigned letters,
		capitals; /* which of the eight bytes before it are ASCII letters: a bit each, the nearest in the lowest */
	bool may_begin;   /* a number that stands alone (number_may_begin) */
	bool has_labels;  /* labels was asked for */
	uint32_t labels;
};

struct digit_run digit_run_at(struct bytes text, size_t at);

/** Bits of the labels that may stand before it (label_kinds_before), looked up once. */
uint32_t digit_run_labels(struct digit_run *run);

/** The byte so many before it; a space at the text's beginning. */
static inline unsigned char digit_run_before(const struct digit_run *run, size_t distance)
{
	return distance <= run->at ? run->text.at[run->at - distance] : ' ';
}

#endif
