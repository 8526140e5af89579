/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comments of XML ("<!-- ... -->") out of pieces of text, a line each: what a
 * parser passes over may hold what matters. Kept up to a ceiling, the rest is
 * dropped and counted.
 */
#ifndef TIDEMARK_FORMAT_TEXT_COMMENT_FINDER_H
#define TIDEMARK_FORMAT_TEXT_COMMENT_FINDER_H

#include "base/buffer.h"

struct comment_finder {
	struct buffer found;
	unsigned matched; /* bytes of the opening or closing mark that came last */
	bool is_inside;
	uint64_t dropped; /* bytes */
};

struct comment_finder comment_finder_new(void);
void comment_finder_free(struct comment_finder *finder);
void comment_finder_feed(struct comment_finder *finder, struct bytes piece);
/** All comments found, good until the next feed. */
struct bytes comment_finder_found(const struct comment_finder *finder);

#endif
