/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Check digits. Numbers come as ASCII digits (and capital letters where it
 * says so), without separators; other bytes make them false.
 */
#ifndef TIDEMARK_DETECTOR_CHECKSUM_H
#define TIDEMARK_DETECTOR_CHECKSUM_H

#include "base/bytes.h"

/** ISO/IEC 7812-1 annex B: every other digit doubled. */
bool checksum_luhn(struct bytes digits);
/** ISO/IEC 7064 MOD 97-10, as the IBAN has it: letters are 10 to 35; the remainder is 1 when it is right. */
unsigned checksum_mod_97(struct bytes alphanumerics);
/** ISO/IEC 7064 MOD 11,10: the last digit checks those before it. */
bool checksum_mod_11_10(struct bytes digits);
/** Verhoeff's dihedral check: the last digit checks those before it. */
bool checksum_verhoeff(struct bytes digits);
/** GS1's: weights 3 and 1 from the right. */
bool checksum_gs1(struct bytes digits);

/** The sum of digits times weights, one weight a digit; the shorter ends it. */
unsigned checksum_weighted(struct bytes digits, const unsigned char *weights, size_t count);

/** The number that digits write; they fit. */
uint64_t checksum_number(struct bytes digits);

#endif
