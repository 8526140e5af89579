/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that stand uuencoded in the text of a mail (POSIX, uuencode): a line
 * "begin 644 NAME", lines that say their own length, a line "end".
 */
#ifndef TIDEMARK_FORMAT_MAIL_UUENCODE_H
#define TIDEMARK_FORMAT_MAIL_UUENCODE_H

#include "base/buffer.h"

/** Where in text a file begins, at the start of a line and with a sound line of data behind it: the offset of "begin", or
 *  BYTES_NOT_FOUND. *ret_name is its name, *ret_data where the data begins. */
size_t uuencode_find(struct bytes text, struct bytes *ret_name, size_t *ret_data);

/** Appends what the lines of data at the start of text hold; how long they are, with the lines that end the file. *ret_is_whole:
 *  the end was there. */
size_t uuencode_decode(struct bytes text, struct buffer *into, bool *ret_is_whole);

#endif
