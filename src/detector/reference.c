/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers that business gives to its own: invoices, orders, contracts, quotes
 * and projects, by the word before them ("Rechnungsnummer:", "PO #"), alone on
 * the line above, or at the head of their column. Found at the first digit of
 * the value; a day, an amount or a telephone number is none.
 */
#include "detector/character.h"
#include "detector/detector.h"
#include "detector/digit-run.h"
#include "detector/label.h"
#include "detector/number.h"

static bool reference_match(struct bytes text, size_t at, struct match *match);
static bool reference_wants(struct digit_run *run);

const struct detector detector_reference = {
	.name = "reference",
	.version = 1,
	.lane = LANE_DIGITS,
	.rank = RANK_LABELLED,
	.yields_to = RANK_BIT(RANK_ADDRESS) | RANK_BIT(RANK_PROVED) | RANK_BIT(RANK_LABELLED),
	.data = {labels_sha256},
	.match = reference_match,
	.wants = reference_wants,
	.prepare = label_prepare,
};

enum { VALUE_MIN = 2, VALUE_LONGEST = 40, BARE_MIN = 4, COLUMNS_MAX = 32, LINE_MAX = 1024 };

static const float CONFIDENCE_MARKED = 0.9f, CONFIDENCE_BARE = 0.6f, CONFIDENCE_ABOVE = 0.7f;

static const struct {
	enum label label;
	enum finding_kind kind;
} kinds[] = {
	{LABEL_INVOICE, FINDING_INVOICE}, {LABEL_ORDER, FINDING_ORDER}, {LABEL_CONTRACT, FINDING_CONTRACT},
	{LABEL_PROJECT, FINDING_PROJECT}, {LABEL_QUOTE, FINDING_QUOTE},
};

#define LABELS \
	(LABEL_BIT(LABEL_INVOICE) | LABEL_BIT(LABEL_ORDER) | LABEL_BIT(LABEL_CONTRACT) | LABEL_BIT(LABEL_PROJECT) | \
	 LABEL_BIT(LABEL_QUOTE))

static bool is_value(unsigned char c)
{
	return character_is_alphanumeric(c) || c == '-' || c == '/' || c == '.' || c == '_';
}

/* The word around at, without marks at its ends; empty if at is not its first digit or it is too long. */
static struct bytes read_value(struct bytes text, size_t at, size_t *ret_from)
{
	size_t from = at, to = at;
	while (from > 0 && at - from <= VALUE_LONGEST && is_value(text.at[from - 1])) {
		if (character_is_digit(text.at[from - 1]))
			return BYTES_NONE;
		from--;
	}
	while (to < text.len && to - from <= VALUE_LONGEST && is_value(text.at[to]))
		to++;
	while (to > at && strchr("-/._", text.at[to - 1]) != NULL)
		to--;
	while (from < at && strchr("-/._", text.at[from]) != NULL)
		from++;
	*ret_from = from;
	return to - from >= VALUE_MIN && to - from <= VALUE_LONGEST ? bytes_slice(text, from, to - from) : BYTES_NONE;
}

static size_t count_digits(struct bytes value)
{
	size_t count = 0;
	for (size_t i = 0; i < value.len; i++)
		count += character_is_digit(value.at[i]);
	return count;
}

static bool is_year(struct bytes value)
{
	return value.len == 4 && count_digits(value) == 4 && (value.at[0] == '1' || value.at[0] == '2') &&
	       (value.at[1] == '9' || value.at[1] == '0');
}

/* "nr.12": a label's last word and the value, written as one; the value begins behind the dot. */
static size_t skip_label_word(struct bytes text, size_t from, size_t at)
{
	for (size_t dot = at; dot > from; dot--) {
		size_t word;
		if (text.at[dot - 1] == '.' && (label_ending(text, dot - 1, LABEL_BIT(LABEL_NUMBER) | LABELS, &word) != NULL))
			return dot;
	}
	return from;
}

/* Digits, and two more behind a dot: as likely an amount. */
static bool is_price(struct bytes value)
{
	size_t digits = count_digits(value);
	return value.len > 3 && digits + 1 == value.len && value.at[value.len - 3] == '.';
}

/* What a value may not be. */
static bool is_something_else(struct bytes text, size_t from, struct bytes value)
{
	static const char *const money[] = {"\xE2\x82\xAC", " \xE2\x82\xAC", " EUR", " USD", "%", " %", "$"};
	size_t to = from + value.len;
	unsigned char after = character_at(text, to), second = character_at(text, to + 1);
	for (size_t i = 0; i < sizeof money / sizeof money[0]; i++)
		if (bytes_start_with(bytes_from(text, to), bytes_of_string(money[i])))
			return true;
	bool is_decimal = after == ',' && character_is_digit(second);
	bool is_name = after == '@' || after == '(' || (after == ':' && (character_is_letter(second) || second == '/'));
	bool is_time = after == ':' && character_is_digit(second) && value.len <= 2;
	return number_is_date(value) || is_decimal || is_name || is_time || (after >= 0xC3 && after < 0xCE);
}

/* "1.2" counts paragraphs; "471102" and "2017/13" do not. */
static bool is_figure_of_text(struct bytes value)
{
	return count_digits(value) < 2 || (value.len <= 4 && memchr(value.at, '.', value.len) != NULL);
}

static enum finding_kind kind_of(enum label label)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].label == label)
			return kinds[i].kind;
	return FINDING_KIND_COUNT;
}

/* Words that say themselves that a number follows: "Rechnungsnummer", and those of e-invoices. */
static bool is_numbered(const struct label_found *label)
{
	return label->has_number || strchr(label->row->words, '/') != NULL || strstr(label->row->words, "nummer") != NULL ||
	       strstr(label->row->words, "nr") != NULL;
}

/* Alone on its line, or in its cell. */
static bool is_alone(struct bytes text, size_t from, size_t to)
{
	unsigned char before = character_before(text, from), after = character_at(text, to);
	return (from == 0 || before == '\n' || before == '\t') &&
	       (to == text.len || after == '\n' || after == '\r' || after == '\t');
}

/* ---- columns ---- */

/* The cell of the line above that stands over the cell that begins at from; false if there is none. */
static bool cell_above(struct bytes text, size_t from, struct bytes *ret_cell)
{
	size_t column = 0, start = from;
	while (start > 0 && from - start < LINE_MAX && text.at[start - 1] != '\n') {
		start--;
		column += text.at[start] == '\t';
	}
	if (start == 0 || from - start >= LINE_MAX || column > COLUMNS_MAX)
		return false;
	size_t end = start - 1, at = end;
	while (at > 0 && end - at < LINE_MAX && text.at[at - 1] != '\n')
		at--;
	for (; column > 0; column--) {
		const unsigned char *tab = memchr(text.at + at, '\t', end - at);
		if (tab == NULL)
			return false;
		at = (size_t)(tab - text.at) + 1;
	}
	const unsigned char *tab = memchr(text.at + at, '\t', end - at);
	*ret_cell = bytes_slice(text, at, (tab ? (size_t)(tab - text.at) : end) - at);
	return true;
}

/* A whole cell beneath a whole cell that is a label and says that a number follows. */
static bool find_head(struct bytes text, size_t from, size_t to, struct label_found *label)
{
	struct bytes cell;
	if (!is_alone(text, from, to) || !cell_above(text, from, &cell) || !label_before(cell, cell.len, LABELS, label))
		return false;
	return label->from == 0 && is_numbered(label) && !label->is_line_above;
}

static bool is_likely(struct bytes text, size_t from, struct bytes value, const struct label_found *label)
{
	bool is_marked = label->has_number || label->has_mark;
	if (strchr(label->row->words, '/') != NULL)
		return true;
	if (label->is_line_above && !(is_alone(text, from, from + value.len) && (is_marked || is_numbered(label))))
		return false;
	if (!is_numbered(label) && (is_year(value) || is_price(value) || character_at(text, label->to) == '='))
		return false;
	return !is_figure_of_text(value) && (is_marked || is_numbered(label) || count_digits(value) >= BARE_MIN);
}

/* A digit between blanks or marks is no value. */
static bool is_single(const struct digit_run *run)
{
	unsigned char next = character_at(run->text, run->to), second = character_at(run->text, run->to + 1);
	bool ends = !is_value(next) || (!character_is_alphanumeric(next) && !is_value(second));
	return run->to - run->at == 1 && !is_value(digit_run_before(run, 1)) && ends;
}

/* Behind a label, or in a cell of its own: there a column's head may stand above it. */
static bool reference_wants(struct digit_run *run)
{
	struct bytes text = run->text;
	size_t from = run->at, to = run->to;
	bool has_dot = false;
	if (is_single(run))
		return false;
	for (; from > 0 && run->at - from <= VALUE_LONGEST && is_value(text.at[from - 1]); from--) {
		if (character_is_digit(text.at[from - 1]))
			return false;
		has_dot |= text.at[from - 1] == '.';
	}
	while (from < run->at && strchr("-/._", text.at[from]) != NULL)
		from++;
	uint32_t labels = from == run->at ? digit_run_labels(run) : label_kinds_before(text, from);
	if (has_dot || (labels & LABELS) != 0)
		return true;
	if (!is_alone(text, from, text.len))
		return false;
	while (to < text.len && to - from <= VALUE_LONGEST && is_value(text.at[to]))
		to++;
	return is_alone(text, from, to);
}

static bool reference_match(struct bytes text, size_t at, struct match *match)
{
	struct label_found label;
	size_t from;
	struct bytes value = read_value(text, at, &from);
	if (value.len == 0)
		return false;
	size_t skipped = skip_label_word(text, from, at);
	value = bytes_from(value, skipped - from);
	from = skipped;
	if (value.len < VALUE_MIN || is_something_else(text, from, value))
		return false;
	bool is_labelled = label_before(text, from, LABELS, &label), is_head = false;
	if (!is_labelled)
		is_head = find_head(text, from, from + value.len, &label);
	if (!is_labelled && !is_head)
		return false;
	if (!is_head && !is_likely(text, from, value, &label))
		return false;
	buffer_append(match->value, value);
	match->from = from;
	match->to = from + value.len;
	match->kind = kind_of(label.row->label);
	match->confidence = is_head || label.is_line_above          ? CONFIDENCE_ABOVE
	                    : is_numbered(&label) || label.has_mark ? CONFIDENCE_MARKED
	                                                            : CONFIDENCE_BARE;
	return true;
}
