/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Percent-encoding (RFC 3986 2.1). Encoding leaves letters, digits and -._~
 * alone, and slashes where asked; what it writes is plain ASCII. Decoding
 * takes whatever comes: a % that two hexadecimal digits do not follow stands
 * for itself.
 */
#ifndef TIDEMARK_BASE_PERCENT_H
#define TIDEMARK_BASE_PERCENT_H

#include "base/arena.h"
#include "base/buffer.h"

void percent_append_encoded(struct buffer *into, struct bytes raw, bool keep_slashes);
void percent_append_decoded(struct buffer *into, struct bytes encoded);

/** Decoded into the arena; BYTES_NONE with *ret_status NO_MEMORY when memory ended. */
enum status percent_decode(struct bytes encoded, struct arena *arena, struct bytes *ret_raw) MUST_CHECK;

/** The value of the first query parameter of that name (compared decoded), still encoded. False if it has none. */
bool percent_find_parameter(struct bytes query, const char *name, struct bytes *ret_value);

/** Takes the next name=value off a query; false at its end. Both are still encoded. */
bool percent_next_parameter(struct bytes *query, struct bytes *ret_name, struct bytes *ret_value);

#endif
