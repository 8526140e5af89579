/* SPDX-License-Identifier: Apache-2.0 */
/* Sums over digits, as the standards draw them. */
#include "detector/checksum.h"

#include "detector/character.h"

static bool are_digits(struct bytes digits)
{
	for (size_t i = 0; i < digits.len; i++)
		if (!character_is_digit(digits.at[i]))
			return false;
	return digits.len > 0;
}

bool checksum_luhn(struct bytes digits)
{
	unsigned sum = 0;
	for (size_t i = 0; i < digits.len; i++) {
		unsigned digit = (unsigned)(digits.at[digits.len - 1 - i] - '0') << (i % 2);
		sum += digit > 9 ? digit - 9 : digit;
	}
	return are_digits(digits) && sum % 10 == 0;
}

unsigned checksum_mod_97(struct bytes alphanumerics)
{
	unsigned rest = 0;
	for (size_t i = 0; i < alphanumerics.len; i++) {
		unsigned char c = alphanumerics.at[i];
		if (character_is_digit(c))
			rest = (rest * 10 + (unsigned)(c - '0')) % 97;
		else if (character_is_upper(c))
			rest = (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
		else
			return 0;
	}
	return rest;
}

bool checksum_mod_11_10(struct bytes digits)
{
	unsigned product = 10;
	if (!are_digits(digits))
		return false;
	for (size_t i = 0; i + 1 < digits.len; i++) {
		unsigned sum = (product + (unsigned)(digits.at[i] - '0')) % 10;
		product = 2 * (sum == 0 ? 10 : sum) % 11;
	}
	return (product + (unsigned)(digits.at[digits.len - 1] - '0')) % 10 == 1;
}

bool checksum_verhoeff(struct bytes digits)
{
	static const unsigned char permuted[8][10] = {
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4}, {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
		{8, 9, 1, 6, 0, 4, 3, 5, 2, 7}, {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
		{2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8},
	};
	unsigned check = 0;
	if (!are_digits(digits))
		return false;
	for (size_t i = 0; i < digits.len; i++) {
		unsigned next = permuted[i % 8][digits.at[digits.len - 1 - i] - '0'];
		/* The product of check and next among the symmetries of a pentagon: 0 to 4 turn, 5 to 9 mirror. */
		unsigned turn = check < 5 ? (check + next % 5) % 5 : (check + 5 - next % 5) % 5;
		bool is_mirrored = (check < 5) != (next < 5);
		check = turn + (is_mirrored ? 5 : 0);
	}
	return check == 0;
}

bool checksum_gs1(struct bytes digits)
{
	unsigned sum = 0;
	for (size_t i = 0; i < digits.len; i++)
		sum += (unsigned)(digits.at[digits.len - 1 - i] - '0') * (i % 2 ? 3 : 1);
	return are_digits(digits) && sum % 10 == 0;
}

unsigned checksum_weighted(struct bytes digits, const unsigned char *weights, size_t count)
{
	unsigned sum = 0;
	for (size_t i = 0; i < digits.len && i < count; i++)
		sum += (unsigned)(digits.at[i] - '0') * weights[i];
	return sum;
}

uint64_t checksum_number(struct bytes digits)
{
	uint64_t number = 0;
	for (size_t i = 0; i < digits.len; i++)
		number = number * 10 + (uint64_t)(digits.at[i] - '0');
	return number;
}
