/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many words sought at once, in time that depends on the text alone: their
 * number costs memory, and the work at a place is bounded by how many of them
 * share four bytes. For LANE_LITERALS of detector.h.
 */
#ifndef TIDEMARK_DETECTOR_LITERALS_H
#define TIDEMARK_DETECTOR_LITERALS_H

#include "base/status.h"
#include "detector/detector.h"

/* A literal is no shorter. */
#define LITERAL_LEAST 4

struct literals;

/** The words stay the caller's, and have to stand as long as what is made of them. */
enum status literals_make(const struct literal *const *words, size_t count, struct literals **ret_literals) MUST_CHECK;
void literals_free(struct literals *literals);

/** The first place in [from, end) of the text at which a word begins (it may end behind end); end if there is none. */
size_t literals_find(const struct literals *literals, struct bytes text, size_t from, size_t end);
/** The same, whatever the processor. */
size_t literals_find_plain(const struct literals *literals, struct bytes text, size_t from, size_t end);

/** The words that begin at a place, one a call, in the order they were given in. *cursor: 0 at first. False: no more. */
bool literals_next(const struct literals *literals, struct bytes text, size_t at, size_t *cursor, size_t *ret_word);

#endif
