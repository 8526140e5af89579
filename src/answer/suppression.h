/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small counts of a table that is published, whose total may be known from
 * elsewhere. Counts under ten are shown as that; so that the total less all that
 * is shown does not give one of them away, a large one is withheld with them.
 *
 * Which one follows from the order of the rows and from what everybody sees,
 * never from how small a small count is: the first large counts of that order,
 * until the rest that is not shown leaves room for nine in each small row. Who
 * knows this rule and everything that is shown learns at most of a small count
 * that it is not nine. Where no large counts are left the table is not published.
 */
#ifndef TIDEMARK_ANSWER_SUPPRESSION_H
#define TIDEMARK_ANSWER_SUPPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUPPRESSION_SMALL 10 /* counts below are not told */

enum figure_state { FIGURE_ABSENT, FIGURE_SHOWN, FIGURE_SMALL, FIGURE_WITHHELD };

/** counts of rows that are told apart, each above 0; from_end: the last row is the first to be withheld. False, and nothing is
 *  to be shown, where a small count cannot be kept otherwise. */
bool suppression_find(const uint64_t *counts, size_t count, bool from_end, enum figure_state *ret_states);

#endif
