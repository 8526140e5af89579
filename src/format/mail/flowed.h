/* SPDX-License-Identifier: Apache-2.0 */
/*
 * format=flowed (RFC 3676): lines that end in a blank go on in the next one of
 * the same quoting depth. Joined as a reader shows them; with delsp the blank
 * itself goes, so that addresses and URLs that were broken are whole again.
 */
#ifndef TIDEMARK_FORMAT_MAIL_FLOWED_H
#define TIDEMARK_FORMAT_MAIL_FLOWED_H

#include "base/buffer.h"

struct flowed {
	bool deletes_space;
	bool is_open;        /* the last line goes on */
	size_t depth;        /* its number of > */
	struct buffer carry; /* a line whose end has not come */
};

struct flowed flowed_start(bool deletes_space);
/** Appends the text of the next piece of UTF-8 to into; with is_last all that is left. */
enum status flowed_feed(struct flowed *flowed, struct bytes piece, bool is_last, struct buffer *into) MUST_CHECK;
void flowed_free(struct flowed *flowed);

#endif
