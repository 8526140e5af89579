/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers as people write them: digits in groups, one separator between two.
 * And what stands around one: a number is whole, not a piece of a longer one,
 * of a word, an address or a name.
 */
#ifndef TIDEMARK_DETECTOR_NUMBER_H
#define TIDEMARK_DETECTOR_NUMBER_H

#include "base/bytes.h"

enum { NUMBER_DIGITS_MAX = 32, NUMBER_GROUPS_MAX = 16 };

struct number {
	char digits[NUMBER_DIGITS_MAX + 1];
	size_t count; /* of digits */
	size_t from, to;
	size_t group_count;
	unsigned char groups[NUMBER_GROUPS_MAX]; /* digits in each */
	size_t ends[NUMBER_GROUPS_MAX];          /* where each ends in the text */
	unsigned char separator;                 /* of the first two groups: ' ' (a no-break space, too), '-', '.' or '/'; 0 */
	size_t uniform_count;                    /* of groups, from the first, that like separators join */
	bool runs_on;                            /* there are more digits than it may have */
};

/** Reads the digits at at and those that follow behind single separators of the string given; at most so many. */
void number_read(struct bytes text, size_t at, const char *separators, size_t most, struct number *ret_number);

/** Cuts it to its first groups. */
void number_cut(struct number *number, size_t group_count);

/** Length of one separator of the string at at; 0 if there is none. *ret_separator: ' ', '-', '.' or '/'. */
size_t number_separator_at(struct bytes text, size_t at, const char *separators, unsigned char *ret_separator);

/** Whether what stands in [from, to) is neither part of a word, a longer number, an address, nor of a name with dashes. */
bool number_stands_alone(struct bytes text, size_t from, size_t to);
bool number_may_begin(struct bytes text, size_t from);
bool number_may_end(struct bytes text, size_t to);

/** Whether a byte is what a form asks for: d a digit, L a large letter, X either, all else itself. */
bool number_is_of_class(unsigned char c, char class);

/** A day as people write it: "31.12.2019", "2019-12-31", "12/31/19" (three numbers, two like separators). */
bool number_is_date(struct bytes written);

bool number_is_day(unsigned year, unsigned month, unsigned day);

/** Whether nine digits are a birth number of Czechoslovakia's: of 1953 or before, women's months with 50 added, without a check
 *  digit (zákon 133/2000 Sb., § 13). */
bool number_is_elder_birth_number(const char *digits);

#endif
