/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Amounts of money: a number beside a currency's sign or its ISO 4217 code, as
 * "1234.56 EUR". What parts groups and what parts decimals follows from the
 * form: two kinds of marks, a mark twice, or how many digits stand behind it.
 * Where that stays open, or a word such as "million" follows, there is none.
 */
#include "base/text.h"
#include "detector/character.h"
#include "detector/detector.h"
#include "detector/digit-run.h"
#include "detector/label.h"
#include "detector/number.h"
#include "detector/rows.h"

static bool amount_match(struct bytes text, size_t at, struct match *match);
static bool amount_wants(struct digit_run *run);

const struct detector detector_amount = {
	.name = "amount",
	.version = 1,
	.lane = LANE_DIGITS,
	.rank = RANK_SHAPED,
	.yields_to = RANK_BIT(RANK_NUMBER) | RANK_BIT(RANK_ADDRESS) | RANK_BIT(RANK_PROVED) | RANK_BIT(RANK_LABELLED) |
                     RANK_BIT(RANK_SHAPED),
	.data = {currency_sha256, labels_sha256},
	.match = amount_match,
	.wants = amount_wants,
	.prepare = label_prepare,
};

enum { WHOLE_MAX = 15, FRACTION_MAX = 6, GROUP = 3, GAP_MAX = 3 };

static const float CONFIDENCE_CODE = 0.9f, CONFIDENCE_SIGN = 0.85f, CONFIDENCE_SHARED_SIGN = 0.6f;

/* ---- currencies ---- */

struct currency {
	const char *code;
	bool is_word;
	float confidence;
	size_t from, to;
};

/* A dollar or a yen sign is that of several countries; alone it is taken for the one that writes it so without more. */
static const struct {
	const char *sign, *code;
	bool is_shared;
} signs[] = {
	{"\xE2\x82\xAC", "EUR", false}, {"US$", "USD", false},
	{"\xC2\xA3", "GBP", false},     {"$", "USD", true},
	{"\xC2\xA5", "JPY", true},      {"\xE2\x82\xB9", "INR", false},
	{"\xE2\x82\xBA", "TRY", false}, {"\xE2\x82\xBD", "RUB", false},
	{"\xE2\x82\xA9", "KRW", false}, {"\xE2\x82\xAA", "ILS", false},
	{"\xE2\x82\xB4", "UAH", false},
};

/* Dollars of others, "A$" or "HK$", are not told apart. */
static bool is_part_of_sign(struct bytes text, size_t from)
{
	return character_at(text, from) == '$' && character_is_alphanumeric(character_before(text, from));
}

static bool take_sign(struct bytes text, size_t from, size_t sign, struct currency *ret_currency)
{
	struct bytes written = bytes_of_string(signs[sign].sign);
	if (!bytes_start_with(bytes_from(text, from), written))
		return false;
	*ret_currency = (struct currency){signs[sign].code, false,
	                                  signs[sign].is_shared ? CONFIDENCE_SHARED_SIGN : CONFIDENCE_SIGN, from,
	                                  from + written.len};
	return true;
}

static bool take_code(struct bytes text, size_t from, struct currency *ret_currency)
{
	if (from + 3 > text.len || !character_is_upper(text.at[from]))
		return false;
	for (size_t i = 0; i < currency_row_count; i++)
		if (memcmp(text.at + from, currency_rows[i].code, 3) == 0) {
			*ret_currency = (struct currency){currency_rows[i].code, currency_rows[i].is_word != 0, CONFIDENCE_CODE,
			                                  from, from + 3};
			return true;
		}
	return false;
}

/* White space, a few bytes at most: a column's gap is one, too. */
static size_t skip_space(struct bytes text, size_t at)
{
	unsigned char separator;
	size_t start = at, len;
	while (at - start < GAP_MAX && (len = number_separator_at(text, at, " \t", &separator)) > 0)
		at += len;
	return at;
}

static size_t skip_space_before(struct bytes text, size_t at)
{
	size_t start = at;
	while (at > 0 && start - at < GAP_MAX) {
		if (text.at[at - 1] == ' ' || text.at[at - 1] == '\t')
			at--;
		else if (at > 1 && text.at[at - 1] == 0xA0 && text.at[at - 2] == 0xC2)
			at -= 2;
		else
			break;
	}
	return at;
}

static bool currency_before(struct bytes text, size_t at, struct currency *ret_currency)
{
	size_t to = skip_space_before(text, at);
	unsigned char last = character_before(text, to);
	if (last != '$' && last < 0x80 && !character_is_upper(last))
		return false;
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		size_t len = strlen(signs[i].sign);
		if (to >= len && !is_part_of_sign(text, to - len) && take_sign(text, to - len, i, ret_currency))
			return true;
	}
	return to >= 3 && !character_is_alphanumeric(character_before(text, to - 3)) && take_code(text, to - 3, ret_currency);
}

static bool currency_behind(struct bytes text, size_t at, struct currency *ret_currency)
{
	size_t from = skip_space(text, at);
	unsigned char first = character_at(text, from);
	if (first != '$' && first < 0x80 && !character_is_upper(first))
		return false;
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		bool is_next = signs[i].sign[0] == '$' && character_is_digit(character_at(text, from + 1));
		if (!is_next && take_sign(text, from, i, ret_currency))
			return true;
	}
	return take_code(text, from, ret_currency) && !character_is_alphanumeric(character_at(text, from + 3));
}

/* ---- the number ---- */

struct figure {
	char whole[WHOLE_MAX + 1], fraction[FRACTION_MAX + 1];
	size_t whole_len, fraction_len;
	size_t to;
	bool has_groups;
};

/* A mark between groups: its length; apostrophes and spaces only ever part groups. */
static size_t mark_at(struct bytes text, size_t at, unsigned char *ret_mark)
{
	size_t len = number_separator_at(text, at, " .,'", ret_mark);
	if (len == 0 && bytes_start_with(bytes_from(text, at), BYTES_LITERAL("\xE2\x80\x99"))) {
		*ret_mark = '\'';
		len = 3;
	}
	return len > 0 && character_is_digit(character_at(text, at + len)) ? len : 0;
}

static size_t count_digits(struct bytes text, size_t at)
{
	size_t to = at;
	while (to - at <= WHOLE_MAX && character_is_digit(character_at(text, to)))
		to++;
	return to - at;
}

static bool add_digits(struct bytes text, size_t at, size_t count, char *into, size_t *len, size_t most)
{
	if (*len + count > most)
		return false;
	memcpy(into + *len, text.at + at, count);
	*len += count;
	into[*len] = '\0';
	return true;
}

/* Reads groups of three behind a mark, then perhaps decimals behind another. */
static bool read_figure(struct bytes text, size_t at, struct figure *ret_figure)
{
	struct figure figure = {.whole_len = 0};
	unsigned char grouping = 0, mark;
	size_t first = count_digits(text, at), len;
	figure.to = at + first;
	if (!add_digits(text, at, first, figure.whole, &figure.whole_len, WHOLE_MAX))
		return false;
	while ((len = mark_at(text, figure.to, &mark)) > 0) {
		size_t digits = count_digits(text, figure.to + len), start = figure.to + len;
		bool is_only_group = mark == ' ' || mark == '\'';
		bool may_group = first <= GROUP && digits == GROUP && (grouping == 0 || mark == grouping) && text.at[at] != '0';
		if (may_group) {
			grouping = mark;
			figure.has_groups = true;
			if (!add_digits(text, start, digits, figure.whole, &figure.whole_len, WHOLE_MAX))
				return false;
			figure.to = start + digits;
			continue;
		}
		if (is_only_group)
			break;
		if (figure.has_groups && mark == grouping)
			return false;
		if (!add_digits(text, start, digits, figure.fraction, &figure.fraction_len, FRACTION_MAX))
			return false;
		figure.to = start + digits;
		unsigned char after;
		len = mark_at(text, figure.to, &after);
		if (len > 0 && after != ' ') /* 1,2,3 and 1.2.3 are no amounts */
			return false;
		break;
	}
	*ret_figure = figure;
	return true;
}

/* Digits that a group before them goes on with: that one was asked already. */
static bool is_inner_group(struct bytes text, size_t at)
{
	size_t from = at;
	unsigned char before = character_before(text, at);
	if (at > 0 && (before == ' ' || before == '\''))
		from = at - 1;
	else if (at >= 2 && before == 0xA0 && text.at[at - 2] == 0xC2)
		from = at - 2;
	else if (at >= 3 && text.at[at - 3] == 0xE2 && text.at[at - 2] == 0x80 && (before == 0xAF || before == 0x99))
		from = at - 3;
	size_t digits = from;
	while (digits > 0 && from - digits <= GROUP && character_is_digit(text.at[digits - 1]))
		digits--;
	bool is_joined = from < at && from > digits && from - digits <= GROUP && text.at[digits] != '0';
	return is_joined && count_digits(text, at) == GROUP;
}

static bool may_begin(struct bytes text, size_t at)
{
	unsigned char before = character_before(text, at), second = at >= 2 ? text.at[at - 2] : ' ';
	if (before == '.' || before == ',' || before == '/' || before == ':')
		return !character_is_digit(second) && before != '/';
	return !character_is_letter(before) && before != '_' && before != '#' && before != '@';
}

/* In prose and tables a sign stands behind space or a bracket; in bytes that are no text behind anything. */
static bool is_clean_before(struct bytes text, size_t from)
{
	unsigned char before = character_before(text, from);
	return before <= ' ' || before >= 0x80 || strchr("([\"'>:=,;/*~-+|_", before) != NULL;
}

/* Its minus sign, if it is one: no range's dash. */
static size_t sign_before(struct bytes text, size_t at)
{
	bool is_minus = character_before(text, at) == '-' && !character_is_alphanumeric(character_before(text, at - 1));
	return is_minus ? at - 1 : at;
}

/* On the same line or the next. */
static bool has_unit(struct bytes text, size_t at)
{
	size_t to;
	at = skip_space(text, at);
	at += character_at(text, at) == '\r';
	at += character_at(text, at) == '\n';
	return label_at(text, skip_space(text, at), LABEL_BIT(LABEL_AMOUNT_UNIT), &to) != NULL;
}

/* How far apart: a tab parts more than spaces do. */
static size_t measure_gap(struct bytes text, size_t from, size_t to)
{
	struct bytes gap = bytes_slice(text, from, to - from);
	return text_count(gap) + (bytes_find_byte(gap, '\t') != BYTES_NOT_FOUND ? GAP_MAX : 0);
}

/* Whether a currency behind a number is the next number's: nearer to it, or as near while nothing makes this one an amount. */
static bool is_of_next(struct bytes text, const struct figure *figure, const struct currency *currency)
{
	size_t next = skip_space(text, currency->to);
	size_t before = measure_gap(text, figure->to, currency->from), behind = measure_gap(text, currency->to, next);
	bool is_plain = figure->fraction_len == 0 && !figure->has_groups;
	return character_is_digit(character_at(text, next)) && (behind < before || (behind == before && is_plain));
}

/* Whether a currency before a number is the one's before it, which has a number to its left as near. */
static bool is_of_last(struct bytes text, size_t number, const struct currency *currency)
{
	size_t last = skip_space_before(text, currency->from);
	return character_is_digit(character_before(text, last)) &&
	       measure_gap(text, last, currency->from) <= measure_gap(text, currency->to, number);
}

static void write_value(const struct figure *figure, bool is_negative, const char *code, struct buffer *value)
{
	const char *whole = figure->whole;
	size_t fraction = figure->fraction_len;
	while (whole[0] == '0' && whole[1] != '\0')
		whole++;
	while (fraction > 2 && figure->fraction[fraction - 1] == '0')
		fraction--;
	bool is_nothing = strspn(whole, "0") == strlen(whole) && strspn(figure->fraction, "0") == figure->fraction_len;
	buffer_append_format(value, "%s%s.%.*s%s %s", is_negative && !is_nothing ? "-" : "", whole, (int)fraction,
	                     figure->fraction, &"00"[fraction > 2 ? 2 : fraction], code);
}

/* A code's capitals, or those before a dollar sign. */
static bool is_code_at(struct bytes text, size_t from)
{
	unsigned char third = character_at(text, from + 2);
	return character_is_upper(character_at(text, from)) && character_is_upper(character_at(text, from + 1)) &&
	       (character_is_upper(third) || third == '$');
}

/* A sign, a code or what may be the first byte of one stands beside it. */
static bool amount_wants(struct digit_run *run)
{
	struct bytes text = run->text;
	size_t before = skip_space_before(text, sign_before(text, run->at)), behind = run->end;
	while (behind < text.len && behind - run->end < GAP_MAX && (text.at[behind] == ' ' || text.at[behind] == '\t'))
		behind++;
	unsigned char last = character_before(text, before), next = character_at(text, behind);
	return run->has_wide || run->count == DIGIT_RUN_SEEN || last == '$' || last >= 0x80 ||
	       (before >= 3 && is_code_at(text, before - 3)) || next == '$' || next >= 0x80 || is_code_at(text, behind);
}

static bool amount_match(struct bytes text, size_t at, struct match *match)
{
	struct figure figure;
	struct currency currency;
	if (!may_begin(text, at) || is_inner_group(text, at) || !read_figure(text, at, &figure))
		return false;
	size_t from = sign_before(text, at);
	bool is_negative = from < at, is_before = currency_before(text, from, &currency) && !is_of_last(text, from, &currency);
	if (!is_before && (!currency_behind(text, figure.to, &currency) || is_of_next(text, &figure, &currency)))
		return false;
	if (is_before)
		from = currency.from < from ? currency.from : from;
	size_t to = is_before || currency.to < figure.to ? figure.to : currency.to;
	unsigned char after = character_at(text, to);
	bool is_round = figure.fraction_len != 2;
	if (!is_clean_before(text, from) || !number_may_end(text, to) || (figure.whole[0] == '0' && figure.whole_len > 1))
		return false;
	if ((currency.is_word && is_round) || after == '%' || has_unit(text, to) || has_unit(text, figure.to))
		return false;
	write_value(&figure, is_negative, currency.code, match->value);
	match->from = from;
	match->to = to;
	match->kind = FINDING_AMOUNT;
	match->confidence = currency.confidence;
	return true;
}
