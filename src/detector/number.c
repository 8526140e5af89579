/* SPDX-License-Identifier: Apache-2.0 */
/* Reading forwards from a run's first digit, in as many steps as there may be digits. */
#include "detector/number.h"

#include "detector/character.h"

size_t number_separator_at(struct bytes text, size_t at, const char *separators, unsigned char *ret_separator)
{
	static const struct {
		const char *written;
		unsigned char means;
	} wide[] = {{"\xC2\xA0", ' '}, {"\xE2\x80\xAF", ' '}, {"\xE2\x80\x91", '-'}, {"\xE2\x80\x93", '-'}};
	unsigned char byte = at < text.len ? text.at[at] : 0;
	if (byte == 0 || character_is_alphanumeric(byte))
		return 0;
	if (byte < 0x80 && strchr(separators, byte) != NULL) {
		*ret_separator = byte;
		return 1;
	}
	for (size_t i = 0; byte >= 0x80 && i < sizeof wide / sizeof wide[0]; i++)
		if (strchr(separators, wide[i].means) != NULL &&
		    bytes_start_with(bytes_from(text, at), bytes_of_string(wide[i].written))) {
			*ret_separator = wide[i].means;
			return strlen(wide[i].written);
		}
	return 0;
}

static size_t read_group(struct bytes text, size_t at, size_t most, struct number *number)
{
	size_t before = number->count;
	while (at < text.len && character_is_digit(text.at[at]) && number->count < most)
		number->digits[number->count++] = (char)text.at[at++];
	number->groups[number->group_count] = (unsigned char)(number->count - before);
	number->ends[number->group_count++] = at;
	return at;
}

void number_read(struct bytes text, size_t at, const char *separators, size_t most, struct number *ret_number)
{
	struct number number = {.from = at, .uniform_count = 1};
	number.to = read_group(text, at, most, &number);
	while (number.group_count < NUMBER_GROUPS_MAX && number.count < most) {
		unsigned char separator;
		size_t len = number_separator_at(text, number.to, separators, &separator);
		if (len == 0 || !character_is_digit(character_at(text, number.to + len)))
			break;
		if (number.group_count == 1)
			number.separator = separator;
		if (separator == number.separator && number.uniform_count == number.group_count)
			number.uniform_count++;
		number.to = read_group(text, number.to + len, most, &number);
	}
	number.runs_on = character_is_digit(character_at(text, number.to));
	number.digits[number.count] = '\0';
	*ret_number = number;
}

void number_cut(struct number *number, size_t group_count)
{
	while (number->group_count > group_count)
		number->count -= number->groups[--number->group_count];
	number->digits[number->count] = '\0';
	number->to = number->ends[number->group_count - 1];
	number->runs_on = false;
}

/* ---- around it ---- */

/* What a number is a piece of where such a mark stands before it, or behind it. */
static const struct character_set marks_before = {{
	CHARACTER_BIT('$') | CHARACTER_BIT('%') | CHARACTER_BIT('&') | CHARACTER_BIT('+') | CHARACTER_BIT('#'),
	CHARACTER_BIT('_') | CHARACTER_BIT('@') | CHARACTER_BIT('~') | CHARACTER_BIT('\\'),
}};
static const struct character_set marks_behind = {{
	CHARACTER_BIT('$') | CHARACTER_BIT('%') | CHARACTER_BIT('&') | CHARACTER_BIT('#'),
	CHARACTER_BIT('_') | CHARACTER_BIT('@') | CHARACTER_BIT('~') | CHARACTER_BIT('\\'),
}};

/* Where a letter or a digit beyond it makes it part of a number, a name or a path. */
static const struct character_set joints = {{
	CHARACTER_BIT('.') | CHARACTER_BIT(',') | CHARACTER_BIT('-') | CHARACTER_BIT('/') | CHARACTER_BIT(':') |
		CHARACTER_BIT('\''),
	0,
}};

bool number_may_begin(struct bytes text, size_t from)
{
	unsigned char before = character_before(text, from), second = from >= 2 ? text.at[from - 2] : ' ';
	uint32_t code_point;
	if (before >= 0x80) {
		character_decode_before(text, from, &code_point);
		return !character_is_latin(code_point);
	}
	if (character_in(joints, before))
		return !character_is_alphanumeric(second) || (before == ':' && !character_is_digit(second));
	return before != 0 && !character_is_alphanumeric(before) && !character_in(marks_before, before);
}

bool number_may_end(struct bytes text, size_t to)
{
	unsigned char after = character_at(text, to), second = character_at(text, to + 1);
	if (after >= 0xC3 && after < 0xCE)
		return false;
	if (character_in(joints, after))
		return !character_is_alphanumeric(second) ||
		       ((after == ',' || after == '/' || after == ':') && !character_is_digit(second));
	return !character_is_alphanumeric(after) && !character_in(marks_behind, after);
}

bool number_stands_alone(struct bytes text, size_t from, size_t to)
{
	return number_may_begin(text, from) && number_may_end(text, to);
}

bool number_is_of_class(unsigned char c, char class)
{
	switch (class) {
	case 'd': return character_is_digit(c);
	case 'L': return character_is_upper(c);
	case 'X': return character_is_digit(c) || character_is_upper(c);
	default: return c == (unsigned char)class;
	}
}

/* ---- days ---- */

bool number_is_day(unsigned year, unsigned month, unsigned day)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (unsigned)(month == 2 && is_leap);
}

/* Of those born since 1880: years of two digits from 54 to 79 have numbers of ten. */
bool number_is_elder_birth_number(const char *digits)
{
	unsigned pairs[3];
	for (size_t i = 0; i < 3; i++)
		pairs[i] = (unsigned)(digits[2 * i] - '0') * 10 + (unsigned)(digits[2 * i + 1] - '0');
	unsigned year = pairs[0] + (pairs[0] < 80 ? 1900 : 1800), month = pairs[1] > 50 ? pairs[1] - 50 : pairs[1];
	return year <= 1953 && number_is_day(year, month, pairs[2]);
}

bool number_is_date(struct bytes written)
{
	struct number number;
	number_read(written, 0, "./-", NUMBER_DIGITS_MAX, &number);
	if (number.to != written.len || number.group_count != 3 || number.uniform_count != 3)
		return false;
	const unsigned char *g = number.groups;
	bool is_year_last = g[0] <= 2 && g[1] <= 2 && (g[2] == 2 || g[2] == 4);
	bool is_year_first = g[0] == 4 && g[1] <= 2 && g[2] <= 2;
	return is_year_last || is_year_first;
}
