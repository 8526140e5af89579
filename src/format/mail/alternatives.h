/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The forms in which a message says the same (RFC 2046 5.1.4): plain text, and
 * a page. One of them is its text; of the other only the addresses and links
 * are kept that the first does not have.
 */
#ifndef TIDEMARK_FORMAT_MAIL_ALTERNATIVES_H
#define TIDEMARK_FORMAT_MAIL_ALTERNATIVES_H

#include "base/buffer.h"

/** Whether the plain form says what the page says: programs put a word of excuse into it that leaves everything out. */
bool alternatives_plain_is_better(struct bytes plain, struct bytes page);

/** Appends, a line each, the words of other that are addresses or links and do not stand in chosen. */
enum status alternatives_append_missing(struct bytes chosen, struct bytes other, struct buffer *into) MUST_CHECK;

#endif
