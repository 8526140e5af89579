/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates of birth: a day behind a word such as "born" or "Geburtsdatum", as an
 * ISO date. Where slashes leave day and month open, English puts the month
 * first, but not surely. Two digits of a year say too little.
 */
#include "detector/character.h"
#include "detector/detector.h"
#include "detector/digit-run.h"
#include "detector/label.h"
#include "detector/number.h"

static bool date_of_birth_match(struct bytes text, size_t at, struct match *match);
static bool date_of_birth_wants(struct digit_run *run);

const struct detector detector_date_of_birth = {
	.name = "date-of-birth",
	.version = 1,
	.lane = LANE_DIGITS,
	.rank = RANK_LABELLED,
	.yields_to = RANK_BIT(RANK_ADDRESS) | RANK_BIT(RANK_PROVED) | RANK_BIT(RANK_LABELLED),
	.data = {labels_sha256},
	.match = date_of_birth_match,
	.wants = date_of_birth_wants,
	.prepare = label_prepare,
};

enum { YEAR_MIN = 1880, YEAR_MAX = 2040, MONTH_WORD_MAX = 16 };

#define MONTHS (LABEL_BIT(LABEL_MONTH_12 + 1) - LABEL_BIT(LABEL_MONTH_01))

static const float CONFIDENCE_PLAIN = 0.95f, CONFIDENCE_OPEN = 0.5f;

struct day {
	unsigned year, month, day;
	size_t from, to;
	bool is_open; /* day and month may be the other way round */
};

static unsigned number_at(const struct number *number, size_t group)
{
	size_t at = 0;
	unsigned value = 0;
	for (size_t i = 0; i < group; i++)
		at += number->groups[i];
	for (size_t i = 0; i < number->groups[group]; i++)
		value = value * 10 + (unsigned)(number->digits[at + i] - '0');
	return value;
}

/* Three numbers with dots, slashes or dashes. */
static bool read_figures(struct bytes text, size_t at, struct day *day)
{
	struct number number;
	number_read(text, at, "./-", 8, &number);
	if (number.group_count != 3 || number.uniform_count != 3 || number.runs_on)
		return false;
	day->from = number.from;
	day->to = number.to;
	unsigned first = number_at(&number, 0), second = number_at(&number, 1), third = number_at(&number, 2);
	if (number.groups[0] == 4) {
		day->year = first, day->month = second, day->day = third;
		return number.groups[1] <= 2 && number.groups[2] <= 2;
	}
	day->year = third, day->month = second, day->day = first;
	day->is_open = number.separator != '.' && first <= 12 && second <= 12 && first != second;
	if (number.separator != '.' && second > 12) {
		day->month = first;
		day->day = second;
	}
	return number.groups[0] <= 2 && number.groups[1] <= 2 && number.groups[2] == 4;
}

static unsigned read_digits(struct bytes text, size_t at, size_t most, size_t *ret_to)
{
	unsigned value = 0;
	size_t to = at;
	while (character_is_digit(character_at(text, to)) && to - at < most)
		value = value * 10 + (unsigned)(text.at[to++] - '0');
	*ret_to = character_is_digit(character_at(text, to)) ? at : to;
	return value;
}

/* Dots, commas, spaces and the words that stand between a day, its month and its year. */
static size_t skip_between(struct bytes text, size_t at)
{
	static const char *const words[] = {"st", "nd", "rd", "th", "de", "of", "er"};
	for (unsigned i = 0; i < 6; i++) {
		size_t before = at;
		while (strchr(" .,-", character_at(text, at)) != NULL && at < text.len && at - before < 3)
			at++;
		for (size_t word = 0; word < sizeof words / sizeof words[0]; word++)
			if (bytes_start_with_nocase(bytes_from(text, at), bytes_of_string(words[word])) &&
			    !character_is_letter(character_at(text, at + 2))) {
				at += 2;
				break;
			}
		if (at == before)
			break;
	}
	return at;
}

/* "12. März 1980", "12th of March, 1980", and "March 12, 1980", whose first digit is the day's, too. */
static bool read_words(struct bytes text, size_t at, struct day *day)
{
	size_t to;
	day->day = read_digits(text, at, 2, &to);
	if (to == at)
		return false;
	size_t next = skip_between(text, to);
	const struct label_row *month = label_at(text, next, MONTHS, &next);
	day->from = at;
	if (month == NULL) {
		size_t end = at;
		while (end > 0 && at - end < 2 && (text.at[end - 1] == ' ' || text.at[end - 1] == '.'))
			end--;
		month = end < at ? label_ending(text, end, MONTHS, &day->from) : NULL;
	}
	if (month == NULL)
		return false;
	next = skip_between(text, next);
	day->month = (unsigned)(month->label - LABEL_MONTH_01) + 1;
	day->year = read_digits(text, next, 4, &day->to);
	return day->to == next + 4;
}

/* Behind a word for birth, or a month that such a word may stand before. */
static bool date_of_birth_wants(struct digit_run *run)
{
	size_t first = run->to - run->at, next = run->to;
	if (!run->may_begin || (first > 2 && first != 4))
		return false;
	while (next - run->to < 3 && next < run->text.len && strchr(" .,-", run->text.at[next]) != NULL)
		next++;
	/* A year has four digits; a month may be a word. */
	if (run->count < 5 && !character_is_letter(character_at(run->text, next)) && character_at(run->text, next) < 0x80)
		return false;
	return (digit_run_labels(run) & (LABEL_BIT(LABEL_BIRTH) | MONTHS)) != 0;
}

static bool date_of_birth_match(struct bytes text, size_t at, struct match *match)
{
	struct day day = {0};
	struct label_found label;
	if (!number_may_begin(text, at) || (!read_figures(text, at, &day) && !read_words(text, at, &day)))
		return false;
	if (day.year < YEAR_MIN || day.year > YEAR_MAX || !number_is_day(day.year, day.month, day.day) ||
	    !number_may_end(text, day.to) || !label_before(text, day.from, LABEL_BIT(LABEL_BIRTH), &label))
		return false;
	bool is_english = strcmp(label.row->language, "en") == 0;
	if (day.is_open && is_english) {
		unsigned month = day.day;
		day.day = day.month;
		day.month = month;
	}
	buffer_append_format(match->value, "%04u-%02u-%02u", day.year, day.month, day.day);
	match->from = day.from;
	match->to = day.to;
	match->kind = FINDING_DATE_OF_BIRTH;
	match->confidence = day.is_open && is_english ? CONFIDENCE_OPEN : CONFIDENCE_PLAIN;
	return true;
}
