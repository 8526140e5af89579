/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payment cards (ISO/IEC 7812-1): a scheme's range and length, Luhn's check
 * digit, whole or in the groups that cards are printed in. One number in ten
 * passes Luhn's check, so where neither groups nor a word say what it is, only
 * the ranges that hold little else count.
 */
#include "detector/character.h"
#include "detector/checksum.h"
#include "detector/detector.h"
#include "detector/digit-run.h"
#include "detector/label.h"
#include "detector/number.h"
#include "detector/rows.h"

static bool card_match(struct bytes text, size_t at, struct match *match);
static bool card_wants(struct digit_run *run);

const struct detector detector_card = {
	.name = "card",
	.version = 1,
	.lane = LANE_DIGITS,
	.rank = RANK_PROVED,
	.yields_to = RANK_BIT(RANK_ADDRESS) | RANK_BIT(RANK_PROVED),
	.data = {card_sha256, labels_sha256},
	.match = card_match,
	.wants = card_wants,
	.prepare = label_prepare,
};

enum { DIGITS_MIN = 12, DIGITS_MAX = 19, LABEL_REACH = 48, NEIGHBOUR_GAP = 4, NEIGHBOUR_MIN = 10 };

static const float CONFIDENCE_LABELLED = 0.98f, CONFIDENCE_GROUPED = 0.9f, CONFIDENCE_PLAIN = 0.7f;

/* As cards are embossed: fours, American Express' 4-6-5 and Diners Club's 4-6-4. */
static bool is_grouped(const struct number *number)
{
	const unsigned char *g = number->groups;
	bool is_by_fours = number->group_count >= 4;
	for (size_t i = 0; i + 1 < number->group_count; i++)
		is_by_fours &= g[i] == 4;
	return (is_by_fours && g[number->group_count - 1] <= 4) ||
	       (number->group_count == 3 && g[0] == 4 && g[1] == 6 && (g[2] == 4 || g[2] == 5));
}

static const struct card_row *find_issuer(const struct number *number)
{
	uint64_t prefix = checksum_number(bytes_of(number->digits, 6));
	for (size_t i = 0; i < card_row_count; i++) {
		const struct card_row *row = &card_rows[i];
		if (prefix >= row->first && prefix <= row->last && number->count >= row->fewest && number->count <= row->most)
			return row;
	}
	return NULL;
}

static bool is_one_digit(const struct number *number)
{
	return strspn(number->digits, (const char[]){number->digits[0], '\0'}) == number->count;
}

/* Another long number next to it, which is no card: a list of something else. */
static bool is_in_list(struct bytes text, const struct number *number)
{
	struct number next;
	size_t at = number->to, before = number->from;
	while (at < text.len && at - number->to < NEIGHBOUR_GAP && strchr(" ,;\t\n-", text.at[at]) != NULL)
		at++;
	number_read(text, at, "", NUMBER_DIGITS_MAX, &next);
	if (next.count >= NEIGHBOUR_MIN && !checksum_luhn(bytes_of(next.digits, next.count)))
		return true;
	while (before > 0 && number->from - before < NEIGHBOUR_GAP && strchr(" ,;\t\n-", text.at[before - 1]) != NULL)
		before--;
	size_t start = before;
	while (start > 0 && before - start < NUMBER_DIGITS_MAX && character_is_digit(text.at[start - 1]))
		start--;
	return before - start >= NEIGHBOUR_MIN && !checksum_luhn(bytes_slice(text, start, before - start));
}

/* Sure: 0 if it is none. */
static float weigh(struct bytes text, const struct number *number)
{
	bool has_groups = number->group_count > 1;
	if (has_groups && (number->uniform_count < number->group_count || !is_grouped(number)))
		return 0;
	if (number->count < DIGITS_MIN || number->runs_on || is_one_digit(number) ||
	    !number_stands_alone(text, number->from, number->to))
		return 0;
	const struct card_row *issuer = find_issuer(number);
	if (issuer == NULL || !checksum_luhn(bytes_of(number->digits, number->count)))
		return 0;
	if (label_near(text, number->from, LABEL_REACH, LABEL_BIT(LABEL_CARD)) != NULL)
		return CONFIDENCE_LABELLED;
	if (has_groups)
		return issuer->sure > 0 ? CONFIDENCE_GROUPED : 0;
	bool is_negative = number->from > 0 && text.at[number->from - 1] == '-';
	return issuer->sure > 1 && !is_negative && !is_in_list(text, number) ? CONFIDENCE_PLAIN : 0;
}

/* A group of four before it, or behind it, makes it a piece of something longer. */
static bool is_piece(struct bytes text, const struct number *number)
{
	struct number whole;
	bool follows = number->from >= 2 && text.at[number->from - 1] == number->separator && text.at[number->from - 2] >= '0' &&
	               text.at[number->from - 2] <= '9';
	number_read(text, number->from, " -", NUMBER_DIGITS_MAX, &whole);
	bool goes_on = whole.group_count > number->group_count && whole.groups[number->group_count] >= 4;
	return number->group_count > 1 && (follows || goes_on);
}

static bool card_wants(struct digit_run *run)
{
	size_t first = run->to - run->at;
	return run->count >= DIGITS_MIN && run->may_begin && (first == 4 || first >= DIGITS_MIN);
}

static bool card_match(struct bytes text, size_t at, struct match *match)
{
	struct number number;
	number_read(text, at, " -", DIGITS_MAX, &number);
	if (number.groups[0] != 4 && number.groups[0] < DIGITS_MIN)
		return false;
	if (number.groups[0] >= DIGITS_MIN) {
		bool runs_on = number.group_count == 1 && number.runs_on;
		number_cut(&number, 1);
		number.runs_on = runs_on;
	}
	/* What follows in a group of its own may be a date of expiry. */
	while ((match->confidence = weigh(text, &number)) <= 0 && number.group_count > 1)
		number_cut(&number, number.group_count - 1);
	if (match->confidence <= 0 || is_piece(text, &number))
		return false;
	buffer_append(match->value, bytes_of(number.digits, number.count));
	match->from = number.from;
	match->to = number.to;
	match->kind = FINDING_CARD;
	return true;
}
