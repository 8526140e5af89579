/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words that say what a number is: "Tel.", "Rechnungsnummer:", "born on".
 * They stand in data/LANGUAGE.txt, a file a language, and are looked for on
 * the line before the number, or alone on the line above it.
 */
#ifndef TIDEMARK_DETECTOR_LABEL_H
#define TIDEMARK_DETECTOR_LABEL_H

#include "base/bytes.h"
#include "base/status.h"

/* What labels say; LABEL_NUMBER are words between label and value, as "no.". */
enum label {
	LABEL_AMOUNT_UNIT, /* "million": an amount before it is not what it says */
	LABEL_BIRTH,
	LABEL_CARD,
	LABEL_CONTRACT,
	LABEL_IDENTITY,
	LABEL_INVOICE,
	LABEL_MONTH_01,
	LABEL_MONTH_02,
	LABEL_MONTH_03,
	LABEL_MONTH_04,
	LABEL_MONTH_05,
	LABEL_MONTH_06,
	LABEL_MONTH_07,
	LABEL_MONTH_08,
	LABEL_MONTH_09,
	LABEL_MONTH_10,
	LABEL_MONTH_11,
	LABEL_MONTH_12,
	LABEL_NUMBER,
	LABEL_ORDER,
	LABEL_OTHER, /* "executive order": words that are longer than a label and say something else */
	LABEL_PHONE,
	LABEL_PHONE_KIND, /* "office": behind a telephone number */
	LABEL_PROJECT,
	LABEL_QUOTE,
	LABEL_VAT,
	LABEL_COUNT
};

#define LABEL_BIT(label) (UINT32_C(1) << (label))

/* Words in lower case, as UTF-8. */
struct label_row {
	const char *words, *language;
	enum label label;
	unsigned char len; /* of words, in bytes */
};

struct label_range {
	size_t first, end;
};

extern const struct label_row label_rows[];
extern const struct label_range label_ranges[LABEL_COUNT];
extern const char labels_sha256[];

struct label_found {
	const struct label_row *row;
	size_t from, to;    /* of its words in the text */
	bool has_number;    /* "no.", "#" or the like stands between it and the value */
	bool has_mark;      /* a colon, an equals sign, a tab or a line's end does */
	bool is_line_above; /* it stands alone on the line before */
};

/** Once per process, before anything below: puts the words on shelves. */
enum status label_prepare(void) MUST_CHECK;

/** Bits of all kinds that label_before could find there, and perhaps of others: a quick look, for those who would ask often. */
uint32_t label_kinds_before(struct bytes text, size_t at);

/** The label of one of the kinds (bits) that ends right before at, but for marks and LABEL_NUMBER words. */
bool label_before(struct bytes text, size_t at, uint32_t kinds, struct label_found *ret_found);

/** The nearest words of one of the kinds that stand on the line within so many bytes before at, or alone on the line above;
 *  NULL if there are none. */
const struct label_row *label_near(struct bytes text, size_t at, size_t reach, uint32_t kinds);

/** The longest words of one of the kinds that begin at at; NULL if none does. *ret_to: where they end. */
const struct label_row *label_at(struct bytes text, size_t at, uint32_t kinds, size_t *ret_to);
/** Likewise those that end at to. */
const struct label_row *label_ending(struct bytes text, size_t to, uint32_t kinds, size_t *ret_from);

#endif
