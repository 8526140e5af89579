/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of what the world says of its numbers: data/, embedded by tools/embed-rows with digests. */
#ifndef TIDEMARK_DETECTOR_ROWS_H
#define TIDEMARK_DETECTOR_ROWS_H

#include <stddef.h>

/* data/card-issuers.txt */
struct card_row {
	unsigned first, last;  /* of the first six digits */
	unsigned fewest, most; /* digits */
	unsigned sure;
	const char *scheme;
};
extern const struct card_row card_rows[];
extern const size_t card_row_count;
extern const char card_sha256[];

/* data/iban.txt */
struct iban_row {
	const char *country, *form;
};
extern const struct iban_row iban_rows[];
extern const size_t iban_row_count;
extern const char iban_sha256[];

/* data/calling-codes.txt */
struct calling_row {
	const char *code;
	unsigned fewest, most; /* digits of a national number */
	const char *trunk;     /* what is dialled before it within the country; "-" for nothing */
};
extern const struct calling_row calling_rows[];
extern const size_t calling_row_count;
extern const char calling_sha256[];

/* data/currencies.txt */
struct currency_row {
	unsigned is_word; /* a word, too */
	const char *code;
};
extern const struct currency_row currency_rows[];
extern const size_t currency_row_count;
extern const char currency_sha256[];

#endif
