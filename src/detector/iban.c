/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IBANs (ISO 13616): a country's form and the check of ISO/IEC 7064 MOD 97-10,
 * whole or in print, with single spaces or dashes. Found at their check digits.
 */
#include "detector/character.h"
#include "detector/checksum.h"
#include "detector/detector.h"
#include "detector/digit-run.h"
#include "detector/number.h"
#include "detector/rows.h"

static bool iban_match(struct bytes text, size_t at, struct match *match);
static bool iban_wants(struct digit_run *run);
static enum status iban_prepare(void);

const struct detector detector_iban = {
	.name = "iban",
	.version = 1,
	.lane = LANE_DIGITS,
	.rank = RANK_PROVED,
	.yields_to = RANK_BIT(RANK_ADDRESS) | RANK_BIT(RANK_PROVED),
	.data = {iban_sha256},
	.match = iban_match,
	.wants = iban_wants,
	.prepare = iban_prepare,
};

enum { IBAN_MAX = 34, HEAD = 4 };

static const float CONFIDENCE_PRINTED = 0.99f, CONFIDENCE_BROKEN = 0.9f;

/* Rows by the lower five bits of a country's letters; 0: there is none, else one more than the row's number. */
static unsigned char countries[1 << 10];

static size_t country_key(unsigned char first, unsigned char second)
{
	return (size_t)(first & 31) << 5 | (second & 31);
}

static enum status iban_prepare(void)
{
	if (iban_row_count >= UINT8_MAX)
		return STATUS_BROKEN;
	for (size_t i = iban_row_count; i-- > 0;) {
		const unsigned char *country = (const unsigned char *)iban_rows[i].country;
		countries[country_key(country[0], country[1])] = (unsigned char)(i + 1);
	}
	return STATUS_OK;
}

/* code: two ASCII letters */
static const struct iban_row *find_country(const unsigned char *code)
{
	size_t row = countries[country_key(code[0], code[1])];
	return row > 0 ? &iban_rows[row - 1] : NULL;
}

static bool is_of_class(unsigned char c, char class)
{
	return (class != 'a' && character_is_digit(c)) || (class != 'n' && character_is_upper(c));
}

/* Reads what the form says ("n8c12") from the text behind a head of two letters and two digits; where it ends, 0 if it is not
 * of that form. *ret_is_printed: whole, or with spaces behind each four. */
static size_t read_form(struct bytes text, size_t at, const char *form, char iban[IBAN_MAX + 1], bool *ret_is_printed)
{
	size_t len = HEAD, spaces = 0;
	unsigned char separator;
	bool is_regular = true;
	while (*form != '\0') {
		char class = *form++;
		unsigned left = 0;
		while (character_is_digit((unsigned char)*form))
			left = left * 10 + (unsigned)(*form++ - '0');
		for (; left > 0; left--) {
			size_t gap = number_separator_at(text, at, " -", &separator);
			if (gap > 0) {
				is_regular &= separator == ' ' && len % 4 == 0;
				spaces++;
				at += gap;
			}
			unsigned char c = character_to_upper(character_at(text, at++));
			if (len >= IBAN_MAX || !is_of_class(c, class))
				return 0;
			iban[len++] = (char)c;
		}
	}
	iban[len] = '\0';
	*ret_is_printed = is_regular && (spaces == 0 || spaces == (len - 1) / 4);
	return at;
}

/* Spain's accounts have two check digits of their own: over bank and branch, and over the account. */
static bool is_spanish_account(const char *bban)
{
	static const unsigned char weights[] = {1, 2, 4, 8, 5, 10, 9, 7, 3, 6};
	static const char checks[] = "01987654321";
	unsigned bank = checksum_weighted(bytes_of(bban, 8), weights + 2, 8);
	unsigned account = checksum_weighted(bytes_of(bban + 10, 10), weights, 10);
	return bban[8] == checks[bank % 11] && bban[9] == checks[account % 11];
}

static bool may_begin(struct bytes text, size_t from)
{
	unsigned char before = character_before(text, from);
	bool is_named = from >= 4 && bytes_equal_nocase(bytes_slice(text, from - 4, 4), BYTES_LITERAL("iban"));
	return is_named || (!character_is_alphanumeric(before) && strchr("_@%+&", before) == NULL);
}

static bool iban_wants(struct digit_run *run)
{
	return run->to - run->at >= 2 && (run->letters & 3) == 3;
}

static bool iban_match(struct bytes text, size_t at, struct match *match)
{
	char iban[IBAN_MAX + 1], turned[IBAN_MAX + 1];
	bool is_printed;
	if (at < 2 || !character_is_letter(text.at[at - 1]) || !character_is_letter(text.at[at - 2]) ||
	    !character_is_digit(character_at(text, at + 1)))
		return false;
	bool is_one_case = character_is_upper(text.at[at - 1]) == character_is_upper(text.at[at - 2]);
	const struct iban_row *country = find_country(text.at + at - 2);
	if (country == NULL || !is_one_case || !may_begin(text, at - 2))
		return false;
	for (size_t i = 0; i < HEAD; i++)
		iban[i] = (char)character_to_upper(text.at[at - 2 + i]);
	size_t to = read_form(text, at + 2, country->form, iban, &is_printed);
	unsigned char after = character_at(text, to);
	if (to == 0 || character_is_alphanumeric(after) || after == '@' || after == '_')
		return false;
	size_t len = strlen(iban);
	memcpy(turned, iban + HEAD, len - HEAD);
	memcpy(turned + len - HEAD, iban, HEAD);
	bool is_spanish = memcmp(iban, "ES", 2) == 0;
	if (checksum_mod_97(bytes_of(turned, len)) != 1 || (is_spanish && !is_spanish_account(iban + HEAD)))
		return false;
	buffer_append(match->value, bytes_of(iban, len));
	match->from = at - 2;
	match->to = to;
	match->kind = FINDING_IBAN;
	match->confidence = is_printed ? CONFIDENCE_PRINTED : CONFIDENCE_BROKEN;
	return true;
}
