/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTML into a buffer, so that nobody can forget to escape: markup is a string
 * literal of ours or it does not compile, all else goes through one escape. What
 * came from a leak, or from whoever asks, is foreign: it stands in a box of its
 * own, in its own direction, and what would hide in it or turn it is written out.
 */
#ifndef TIDEMARK_BASE_HTML_H
#define TIDEMARK_BASE_HTML_H

#include "base/buffer.h"

/** Markup: a literal alone. */
#define HTML(into, literal) buffer_append((into), BYTES_LITERAL("" literal ""))

/** Text of ours or an attribute's value between double quotes. Controls, bidirectional ones too, go out as \u{..}. */
void html_text(struct buffer *into, struct bytes text);
void html_string(struct buffer *into, const char *text);
/** Foreign text, boxed: <bdi class="foreign">. */
void html_foreign(struct buffer *into, struct bytes text);
/** The same on lines of its own, as they were written: <pre class="foreign" dir="auto">. */
void html_foreign_lines(struct buffer *into, struct bytes text);

#endif
