/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The charsets this house knows, between charset.c (converting),
 * charset-table.c (names), charset-guess.c and text-stream.c.
 */
#ifndef TIDEMARK_FORMAT_TEXT_CHARSET_TABLE_H
#define TIDEMARK_FORMAT_TEXT_CHARSET_TABLE_H

#include "base/bytes.h"

enum charset_kind {
	CHARSET_UTF8,   /* ours */
	CHARSET_SINGLE, /* one byte, one character: a table made by iconv while preparing */
	CHARSET_DOUBLE, /* several bytes, some above 0x7F */
	CHARSET_SEVEN,  /* shifts by escapes, all bytes below 0x80 */
	CHARSET_WIDE,   /* UTF-16 and UTF-32 */
};

struct charset {
	const char *name; /* lower case, what charset_guess answers */
	const char *iconv_name;
	enum charset_kind kind;
	unsigned char unit; /* bytes to skip where something does not convert */
};

extern const struct charset charset_table[];
extern const size_t charset_count;

/** By name or alias in any case; NULL if not known. */
const struct charset *charset_find(struct bytes name);

/** The favourite for a text in a Latin script, or that of DOS or Mac OS which its words speak for. */
const char *charset_weigh_latin(struct bytes sample, const char *favourite);

/** As charset_guess, but quickly: what only uchardet could tell apart is windows-1252. For bidding. */
const char *charset_sniff(struct bytes sample, struct bytes declared);

#endif
