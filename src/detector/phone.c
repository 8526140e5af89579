/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telephone numbers. International ones (E.164) have a calling code behind a
 * plus sign or 00, and as many digits as its country's plan allows. National
 * ones count only behind a word such as "Tel.", or written as North America
 * writes them, (415) 555-0123; without a country their value is the digits as
 * they are dialled. Days, times and longer numbers are none.
 */
#include "detector/character.h"
#include "detector/checksum.h"
#include "detector/detector.h"
#include "detector/digit-run.h"
#include "detector/label.h"
#include "detector/number.h"
#include "detector/rows.h"

static bool phone_match(struct bytes text, size_t at, struct match *match);
static bool phone_wants(struct digit_run *run);

const struct detector detector_phone = {
	.name = "phone",
	.version = 2,
	.lane = LANE_DIGITS,
	.rank = RANK_SHAPED,
	.yields_to = RANK_BIT(RANK_NUMBER) | RANK_BIT(RANK_ADDRESS) | RANK_BIT(RANK_PROVED) | RANK_BIT(RANK_LABELLED) |
                     RANK_BIT(RANK_SHAPED),
	.data = {calling_sha256, labels_sha256},
	.match = phone_match,
	.wants = phone_wants,
	.prepare = label_prepare,
};

enum { DIGITS_MAX = 15, NATIONAL_MIN = 6, NATIONAL_MAX = 12, AMERICAN_MIN = 10, GAP_MAX = 4, LABELS = LABEL_BIT(LABEL_PHONE) };

static const float CONFIDENCE_LABELLED = 0.95f, CONFIDENCE_INTERNATIONAL = 0.85f, CONFIDENCE_NATIONAL = 0.7f,
		   CONFIDENCE_SHAPE = 0.5f;

/* A number as dialled: digits, and where each group of them ends. */
struct dialled {
	char digits[NUMBER_DIGITS_MAX + 1];
	size_t count;
	size_t group_count;
	size_t ends[NUMBER_GROUPS_MAX];        /* in the text */
	size_t counts[NUMBER_GROUPS_MAX];      /* digits up to there */
	unsigned char gaps[NUMBER_GROUPS_MAX]; /* the first byte between it and the next group; 0 at the end */
};

/* ---- reading ---- */

/* "(0)", a trunk prefix that is not dialled from abroad; its length, with a space before it. */
static size_t trunk_at(struct bytes text, size_t at)
{
	size_t space = character_at(text, at) == ' ' ? 1 : 0;
	return bytes_start_with(bytes_from(text, at + space), BYTES_LITERAL("(0)")) ? space + 3 : 0;
}

/* What may stand between two groups: a separator, brackets, or a separator with spaces around it. 0 if nothing that may. */
static size_t gap_at(struct bytes text, size_t at)
{
	size_t to = at, dashes = 0, spaces = 0, brackets = 0;
	while (to < text.len && to - at < GAP_MAX) {
		unsigned char separator;
		size_t len = number_separator_at(text, to, " -./", &separator);
		if (len == 0 && (text.at[to] == '(' || text.at[to] == ')')) {
			brackets++;
			len = 1;
		} else if (len > 0) {
			separator == ' ' ? spaces++ : dashes++;
		} else
			break;
		to += len;
	}
	bool is_gap = to > at && dashes <= 1 && brackets <= 1 && spaces <= 2 && character_is_digit(character_at(text, to));
	return is_gap ? to - at : 0;
}

static void read_dialled(struct bytes text, size_t at, bool drops_trunk, struct dialled *ret_dialled)
{
	struct dialled dialled = {.count = 0};
	for (;;) {
		while (character_is_digit(character_at(text, at)) && dialled.count < NUMBER_DIGITS_MAX)
			dialled.digits[dialled.count++] = (char)text.at[at++];
		dialled.ends[dialled.group_count] = at;
		dialled.counts[dialled.group_count++] = dialled.count;
		size_t trunk = drops_trunk ? trunk_at(text, at) : 0;
		size_t gap = trunk > 0 ? gap_at(text, at + trunk) + trunk : gap_at(text, at);
		if (gap == 0 || !character_is_digit(character_at(text, at + gap)) || dialled.group_count == NUMBER_GROUPS_MAX ||
		    dialled.count == NUMBER_DIGITS_MAX)
			break;
		dialled.gaps[dialled.group_count - 1] = text.at[at];
		at += gap;
	}
	dialled.digits[dialled.count] = '\0';
	*ret_dialled = dialled;
}

static bool may_end(struct bytes text, size_t to)
{
	unsigned char after = character_at(text, to);
	bool is_extension = (after | 0x20) == 'x' && character_is_digit(character_at(text, to + 1));
	bool is_word = after == '-' && character_is_letter(character_at(text, to + 1)); /* 555-0123-Office */
	return is_extension || is_word || number_may_end(text, to);
}

/* The most groups whose digits are between fewest and most; 0 if there are none. What follows them may be something else, but
 * no piece of the same: only a space parts them. */
static size_t choose_groups(struct bytes text, const struct dialled *dialled, size_t fewest, size_t most)
{
	for (size_t groups = dialled->group_count; groups > 0; groups--) {
		bool is_end = groups == dialled->group_count || dialled->gaps[groups - 1] == ' ';
		size_t count = dialled->counts[groups - 1];
		if (is_end && count >= fewest && count <= most && may_end(text, dialled->ends[groups - 1]))
			return groups;
	}
	return 0;
}

/* ---- international ---- */

static const struct calling_row *find_country(const char *digits)
{
	for (size_t i = 0; i < calling_row_count; i++)
		if (strncmp(digits, calling_rows[i].code, strlen(calling_rows[i].code)) == 0)
			return &calling_rows[i];
	return NULL;
}

/* North American area and exchange codes begin with 2 to 9. */
static bool is_north_american(const char *national)
{
	return national[0] >= '2' && national[3] >= '2';
}

static bool international_match(struct bytes text, size_t at, size_t skipped, struct match *match)
{
	struct dialled dialled;
	read_dialled(text, at, true, &dialled);
	const char *number = dialled.digits + skipped;
	const struct calling_row *country = dialled.count > skipped + 4 ? find_country(number) : NULL;
	if (country == NULL)
		return false;
	size_t code = strlen(country->code), trunk = strlen(country->trunk);
	bool has_trunk = country->trunk[0] == '0' && strncmp(number + code, country->trunk, trunk) == 0;
	size_t dropped = has_trunk ? trunk : 0, before = skipped + code + dropped;
	size_t most = country->most + before < DIGITS_MAX + skipped + dropped ? country->most + before
	                                                                      : DIGITS_MAX + skipped + dropped;
	size_t groups = choose_groups(text, &dialled, country->fewest + before, most);
	if (groups == 0 || (strcmp(country->code, "1") == 0 && number[code] < '2'))
		return false;
	buffer_append_byte(match->value, '+');
	buffer_append_string(match->value, country->code);
	buffer_append(match->value, bytes_of(number + code + dropped, dialled.counts[groups - 1] - before));
	match->to = dialled.ends[groups - 1];
	return true;
}

/* Behind a plus sign, itself perhaps in brackets with the calling code. */
static bool plus_match(struct bytes text, size_t at, struct match *match)
{
	size_t from = at - 1;
	if (from > 0 && text.at[from] == ' ')
		from--;
	if (text.at[from] != '+' || character_is_alphanumeric(character_before(text, from)))
		return false;
	if (!international_match(text, at, 0, match))
		return false;
	const unsigned char *close = memchr(text.at + at, ')', match->to - at);
	const unsigned char *open = memchr(text.at + at, '(', match->to - at);
	bool is_bracketed = character_before(text, from) == '(' && close != NULL && (open == NULL || close < open);
	match->from = is_bracketed ? from - 1 : from;
	match->confidence = CONFIDENCE_INTERNATIONAL;
	return true;
}

/* A group behind the calling code's that begins with a nought. */
static bool has_noughts(const struct dialled *dialled)
{
	return dialled->group_count > 1 && dialled->digits[dialled->counts[0]] == '0';
}

/* 00 and a calling code: digits alone may be anything that is filled with noughts. */
static bool noughts_match(struct bytes text, size_t at, bool is_labelled, struct match *match)
{
	if (text.at[at + 1] != '0' || character_at(text, at + 2) == '0')
		return false;
	bool has_groups = gap_at(text, at + 4) > 0 || gap_at(text, at + 5) > 0 || gap_at(text, at + 3) > 0;
	bool is_italian = text.at[at + 2] == '3' && text.at[at + 3] == '9';
	if ((!is_labelled && !has_groups) || !international_match(text, at, 2, match))
		return false;
	/* Noughts upon noughts, and groups without end, are figures of something else. */
	struct dialled dialled;
	read_dialled(text, at, false, &dialled);
	bool goes_on_behind = match->to != dialled.ends[dialled.group_count - 1];
	if (!is_labelled && (goes_on_behind || (!is_italian && has_noughts(&dialled)))) {
		buffer_reset(match->value);
		return false;
	}
	match->from = at;
	match->confidence = CONFIDENCE_NATIONAL;
	return true;
}

/* ---- national ---- */

static bool is_quad(const struct dialled *dialled, size_t groups)
{
	bool is_dotted = groups == 4;
	for (size_t i = 0; i + 1 < groups; i++)
		is_dotted &= dialled->gaps[i] == '.';
	return is_dotted && dialled->count <= 12 && dialled->counts[0] <= 3;
}

/* "20120102 08:00": a day in one run, and a time behind it. */
static bool is_moment(struct bytes text, const struct dialled *dialled)
{
	const char *d = dialled->digits;
	size_t at = dialled->ends[0];
	if (dialled->counts[0] != 8 || dialled->count < 10 || character_at(text, at + 3) != ':')
		return false;
	unsigned year = (unsigned)checksum_number(bytes_of(d, 4)), month = (unsigned)checksum_number(bytes_of(d + 4, 2));
	unsigned day = (unsigned)checksum_number(bytes_of(d + 6, 2));
	bool is_hour = d[8] < '2' || (d[8] == '2' && d[9] < '4');
	return number_is_day(year, month, day) && is_hour && character_is_digit(character_at(text, at + 4));
}

/* Three, three and four digits, the first perhaps in brackets or behind a 1. */
static bool has_north_american_groups(const struct dialled *dialled, size_t groups)
{
	size_t first = groups == 4 && dialled->counts[0] == 1 && dialled->digits[0] == '1' ? 1 : 0;
	return groups == first + 3 && dialled->counts[first] == first + 3 && dialled->counts[first + 1] == first + 6 &&
	       dialled->counts[first + 2] == first + 10 && is_north_american(dialled->digits + first);
}

static bool are_dashes(const struct dialled *dialled, size_t groups)
{
	for (size_t i = 0; i + 1 < groups; i++)
		if (dialled->gaps[i] != '-')
			return false;
	return true;
}

static bool national_match(struct bytes text, size_t at, bool is_labelled, bool is_bracketed, struct match *match)
{
	struct dialled dialled;
	read_dialled(text, at, false, &dialled);
	size_t from = is_bracketed ? at - 1 : at;
	size_t groups = choose_groups(text, &dialled, NATIONAL_MIN, NATIONAL_MAX);
	if (groups == 0 || is_quad(&dialled, groups) || is_moment(text, &dialled) ||
	    number_is_date(bytes_slice(text, at, dialled.ends[groups - 1] - at)))
		return false;
	bool is_american = has_north_american_groups(&dialled, groups);
	bool is_written_so = is_american && (is_bracketed ? dialled.gaps[0] == ')' : are_dashes(&dialled, groups));
	if (!is_labelled && !is_written_so)
		return false;
	if (is_american) {
		buffer_append_string(match->value, dialled.digits[0] == '1' ? "+" : "+1");
		buffer_append(match->value, bytes_of(dialled.digits, dialled.counts[groups - 1]));
	} else
		buffer_append(match->value, bytes_of(dialled.digits, dialled.counts[groups - 1]));
	match->from = from;
	match->to = dialled.ends[groups - 1];
	match->confidence = is_labelled ? CONFIDENCE_NATIONAL : CONFIDENCE_SHAPE;
	return true;
}

/* A run that a number before it goes on with: that one was asked when its own first digit was met. */
static bool goes_on(struct bytes text, size_t at)
{
	size_t from = at;
	while (from > 0 && at - from < GAP_MAX && strchr(" -./()", text.at[from - 1]) != NULL)
		from--;
	return from < at && from > 0 && character_is_digit(text.at[from - 1]);
}

/* "555-0123 (office)", "555-0123-Fax". */
static bool is_kind_behind(struct bytes text, size_t to)
{
	size_t at = to, end;
	while (at < text.len && at - to < 3 && strchr(" -(\t", text.at[at]) != NULL)
		at++;
	return at > to && label_at(text, at, LABEL_BIT(LABEL_PHONE_KIND), &end) != NULL &&
	       (end == text.len || strchr("\r\n)\\,;", text.at[end]) != NULL);
}

static bool is_behind_plus(struct bytes text, size_t at)
{
	return at > 0 && (text.at[at - 1] == '+' || (at > 1 && text.at[at - 1] == ' ' && text.at[at - 2] == '+'));
}

static bool phone_wants(struct digit_run *run)
{
	struct bytes text = run->text;
	if (is_behind_plus(text, run->at))
		return true;
	if (run->count < NATIONAL_MIN || goes_on(text, run->at))
		return false;
	bool has_noughts = text.at[run->at] == '0' && character_at(text, run->at + 1) == '0';
	return run->count >= AMERICAN_MIN || has_noughts || (digit_run_labels(run) & LABELS) != 0 ||
	       is_kind_behind(text, run->end);
}

static bool phone_match(struct bytes text, size_t at, struct match *match)
{
	struct label_found label;
	match->kind = FINDING_PHONE;
	bool may_be_plus = is_behind_plus(text, at);
	if (may_be_plus && plus_match(text, at, match)) {
		if (label_before(text, match->from, LABELS, &label))
			match->confidence = CONFIDENCE_LABELLED;
		return true;
	}
	/* Cheap reasons first: most numbers are short. */
	struct dialled dialled;
	bool is_bracketed = at > 0 && text.at[at - 1] == '(';
	size_t from = is_bracketed ? at - 1 : at;
	bool may_begin = number_may_begin(text, from);
	if (may_be_plus || goes_on(text, at) || (!may_begin && character_before(text, from) != '.'))
		return false;
	read_dialled(text, at, false, &dialled);
	if (dialled.count < NATIONAL_MIN)
		return false;
	bool is_labelled = label_before(text, from, LABELS, &label) ||
	                   is_kind_behind(text, dialled.ends[dialled.group_count - 1]);
	if (!is_labelled && !may_begin)
		return false;
	if (text.at[at] == '0' && at + 3 < text.len && noughts_match(text, at, is_labelled, match))
		return true;
	return national_match(text, at, is_labelled, is_bracketed, match);
}
