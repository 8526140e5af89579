/* SPDX-License-Identifier: Apache-2.0 */
/* Counting goes on over whatever any detector takes for a separator: too much is asked about, never too little. */
#include "detector/digit-run.h"

#include "detector/character.h"
#include "detector/label.h"
#include "detector/number.h"

/* Between two groups of a number: brackets with a trunk prefix and spaces around, of three bytes each. */
enum { GAP_MAX = 12 };

static bool is_separator(unsigned char c)
{
	static const struct character_set separators = {{
		CHARACTER_BIT(' ') | CHARACTER_BIT('-') | CHARACTER_BIT('.') | CHARACTER_BIT('/') | CHARACTER_BIT(',') |
			CHARACTER_BIT('\'') | CHARACTER_BIT('(') | CHARACTER_BIT(')') | CHARACTER_BIT('+'),
		0,
	}};
	return c >= 0x80 || character_in(separators, c);
}

struct digit_run digit_run_at(struct bytes text, size_t at)
{
	struct digit_run run = {.text = text, .at = at, .to = at};
	while (run.to < text.len && character_is_digit(text.at[run.to]) && run.to - at < DIGIT_RUN_SEEN)
		run.to++;
	run.count = (unsigned)(run.to - at);
	run.end = run.to;
	for (size_t next = run.to; run.count < DIGIT_RUN_SEEN;) {
		for (; next < text.len && next - run.end < GAP_MAX && is_separator(text.at[next]); next++)
			run.has_wide |= text.at[next] >= 0x80;
		if (next >= text.len || !character_is_digit(text.at[next]))
			break;
		for (; next < text.len && character_is_digit(text.at[next]) && run.count < DIGIT_RUN_SEEN; run.count++)
			next++;
		run.end = next;
	}
	run.may_begin = number_may_begin(text, at);
	return run;
}

uint32_t digit_run_labels(struct digit_run *run)
{
	if (!run->has_labels)
		run->labels = label_kinds_before(run->text, run->at);
	run->has_labels = true;
	return run->labels;
}

unsigned char digit_run_before(const struct digit_run *run, size_t distance)
{
	return distance <= run->at ? run->text.at[run->at - distance] : ' ';
}
