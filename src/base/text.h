/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 (RFC 3629): checking, counting, folding for comparison, and making
 * hostile text safe to show. Valid means: no surrogates, no overlong forms,
 * nothing above U+10FFFF. Inside this house text is always valid UTF-8 without
 * a byte order mark; foreign charsets are decoded in format/text/charset.c alone.
 */
#ifndef TIDEMARK_BASE_TEXT_H
#define TIDEMARK_BASE_TEXT_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/status.h"

#include <stdint.h>

#define TEXT_INVALID UINT32_MAX

/** Reads one code point at the start of b. Returns its length in bytes, 0 at the end;
 *  an invalid byte counts as one, with *ret_code_point TEXT_INVALID. */
size_t text_decode(struct bytes b, uint32_t *ret_code_point);

/** Writes one code point; returns 1..4, or 0 if it is not a scalar value. */
size_t text_encode(uint32_t code_point, unsigned char into[4]);

bool text_is_valid(struct bytes b);

/** Length of the longest valid beginning that does not end within a sequence. */
size_t text_valid_length(struct bytes b);

/** Number of code points of valid text. */
size_t text_count(struct bytes valid);
/** Bytes that begin no code point. */
size_t text_count_tails(struct bytes b);

/** Byte offset of the nth code point, at most the length. */
size_t text_offset(struct bytes valid, size_t code_points);

/** Appends b with every invalid byte and every NUL replaced by U+FFFD. */
void text_append_repaired(struct buffer *into, struct bytes b);

/** Whether a code point steers what shows it, or hides in it: C0, C1, DEL, separators of lines and paragraphs,
 *  bidirectional and annotation controls, tags, marks of no width. The two joiners are spelling, in Persian, Hindi
 *  and emoji, and pass. */
bool text_is_unsafe(uint32_t code_point);

/** Appends a text for a person's eyes: signatures as stars (mask.h), invalid bytes as U+FFFD, what is unsafe as \u{..};
 *  backslash stays. Nothing a terminal obeys gets through. */
void text_append_escaped(struct buffer *into, struct bytes text);

/** Columns a terminal needs for it. */
size_t text_width(struct bytes valid);

/** Appends UTF-16 bytes as UTF-8; lone surrogates become U+FFFD. */
void text_append_utf16(struct buffer *into, struct bytes utf16, bool big_endian);

/** Letters, digits and marks, and whether a code point is written without word spaces (CJK, Thai, ...). */
bool text_is_word(uint32_t code_point);
bool text_is_cjk(uint32_t code_point);

#endif
