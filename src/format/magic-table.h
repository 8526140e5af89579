/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Types by their first bytes, for what no other format reads. Facts from each
 * format's specification, and from the registrations at IANA (media types, 2026).
 */
#ifndef TIDEMARK_FORMAT_MAGIC_TABLE_H
#define TIDEMARK_FORMAT_MAGIC_TABLE_H

#include "base/bytes.h"

enum {
	MAGIC_OTHERS = 1,    /* a format of its own reads the sound ones: bid low */
	MAGIC_DENSE = 2,     /* compressed or encrypted: words only near its ends */
	MAGIC_ENCRYPTED = 4, /* nobody reads it without a key */
};

struct magic {
	const char *pattern;
	unsigned char len;
	unsigned char second_len; /* 0: there is no second pattern */
	uint16_t offset, second_offset;
	const char *second;
	unsigned flags;
	const char *media_type;
	const char *what; /* for a person */
};

/* In order: the first that fits wins. */
extern const struct magic magic_table[];
extern const size_t magic_count;

#endif
