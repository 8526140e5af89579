/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns of the scope file: * stands for anything within a part, ** for
 * anything at all; the rest is literal bytes. Time is at most the product of
 * both lengths, whatever the pattern.
 */
#ifndef TIDEMARK_SCOPE_GLOB_H
#define TIDEMARK_SCOPE_GLOB_H

#include "base/bytes.h"

#define GLOB_PATTERN_MAX 1024

/** separator: the byte * does not cross. At most GLOB_PATTERN_MAX bytes of pattern, else nothing matches. */
bool glob_match(struct bytes pattern, struct bytes text, char separator);

/** The same, but any continuation of a match matches too, as if ** stood at the end. */
bool glob_match_beginning(struct bytes pattern, struct bytes text, char separator);

#endif
