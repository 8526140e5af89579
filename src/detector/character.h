/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Characters around a trigger: sets of ASCII bytes, and stepping backwards
 * over UTF-8. A letter is Latin or not because text written without word
 * spaces glues to addresses: an ASCII name ends where another script begins.
 */
#ifndef TIDEMARK_DETECTOR_CHARACTER_H
#define TIDEMARK_DETECTOR_CHARACTER_H

#include "base/bytes.h"

/* A set of ASCII bytes, a bit each: 0..63, 64..127. */
struct character_set {
	uint64_t bits[2];
};

#define CHARACTER_BIT(c) ((uint64_t)1 << ((c)&63))
#define CHARACTER_DIGITS UINT64_C(0x03FF000000000000)
#define CHARACTER_LETTERS UINT64_C(0x07FFFFFE07FFFFFE)

static inline bool character_in(struct character_set set, unsigned char c)
{
	uint64_t half = c & 0x40 ? set.bits[1] : set.bits[0]; /* no index: so a set stays in registers */
	return c < 0x80 && (half >> (c & 63) & 1);
}

static inline bool character_is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}
static inline bool character_is_upper(unsigned char c)
{
	return c >= 'A' && c <= 'Z';
}
static inline bool character_is_lower(unsigned char c)
{
	return c >= 'a' && c <= 'z';
}
static inline unsigned char character_to_lower(unsigned char c)
{
	return character_is_upper(c) ? (unsigned char)(c | 0x20) : c;
}
static inline unsigned char character_to_upper(unsigned char c)
{
	return character_is_lower(c) ? (unsigned char)(c & ~0x20) : c;
}
static inline bool character_is_letter(unsigned char c)
{
	return character_is_lower(c | 0x20);
}
static inline bool character_is_alphanumeric(unsigned char c)
{
	return character_is_letter(c) || character_is_digit(c);
}
static inline bool character_is_hexadecimal(unsigned char c)
{
	return character_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/** The byte at an offset; a space outside of the text. */
static inline unsigned char character_at(struct bytes text, size_t at)
{
	return at < text.len ? text.at[at] : ' ';
}
/** The byte before an offset; a space at the beginning. */
static inline unsigned char character_before(struct bytes text, size_t at)
{
	return at > 0 && at <= text.len ? text.at[at - 1] : ' ';
}

/** Reads the code point that ends before at; its length in bytes, 0 at the beginning. */
size_t character_decode_before(struct bytes text, size_t at, uint32_t *ret_code_point);

/** A letter, digit or mark above ASCII; Latin ones (with combining marks), and all others. */
bool character_is_latin(uint32_t code_point);
bool character_is_other_script(uint32_t code_point);

#endif
