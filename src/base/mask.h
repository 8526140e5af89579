/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stars for signatures. sig=, Signature=, X-Amz-Signature=, AccountKey= and
 * their kin give access to whoever copies them, so nothing that is kept or
 * shown holds one: each character of its value becomes a *, and lengths and
 * spans stay. Names and values are known in every spelling that text brings:
 * percent-encoded (%26sig%3D, once or more), escaped (\u0026, \x26, &amp;,
 * &#61;), quoted as in JSON, also JSON within JSON, and over a line's end.
 *
 * Behind a separator of parameters any value is a signature's; behind a bare
 * word one that is long and random enough. Text may be any bytes; only ASCII
 * is starred, so that valid UTF-8 stays valid.
 */
#ifndef TIDEMARK_BASE_MASK_H
#define TIDEMARK_BASE_MASK_H

#include "base/buffer.h"

/** In place. */
void mask_signatures(unsigned char *text, size_t len);

/** The text itself where no signature stands in it, else a masked copy in room, which is emptied first; room's status tells
 *  whether memory sufficed, and without it the answer is empty. */
struct bytes mask_shown(struct bytes text, struct buffer *room);

/** What somebody typed, with stars for its signatures and for the password of a URL (smtp://user:password@host); into room, which is
 *  emptied first. */
struct bytes mask_typed(struct bytes typed, struct buffer *room);

#endif
