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

/* The top bit of each byte of a word that lies between two of ASCII. */
static uint64_t find_between(uint64_t word, unsigned char first, unsigned char last)
{
	const uint64_t tops = UINT64_C(0x8080808080808080), ones = UINT64_C(0x0101010101010101);
	uint64_t low = word & ~tops;
	return (low + (0x80u - first) * ones) & ~(low + (0x7Fu - last) * ones) & ~word & tops;
}

/* Eight top bits as one byte, the last byte's in the lowest. */
static unsigned gather(uint64_t tops)
{
	return (unsigned)((tops >> 7) * UINT64_C(0x8040201008040201) >> 56);
}

static void look_before(struct digit_run *run)
{
	unsigned char start[8];
	const unsigned char *before = run->text.at + run->at - 8;
	if (run->at < sizeof start) {
		memset(start, ' ', sizeof start);
		memcpy(start + sizeof start - run->at, run->text.at, run->at);
		before = start;
	}
	uint64_t word = load_le64(before);
	run->capitals = gather(find_between(word, 'A', 'Z'));
	run->letters = run->capitals | gather(find_between(word, 'a', 'z'));
}

struct digit_run digit_run_at(struct bytes text, size_t at)
{
	struct digit_run run = {.text = text, .at = at, .to = at};
	while (run.to < text.len && character_is_digit(text.at[run.to]) && run.to - at < DIGIT_RUN_LONGEST)
		run.to++;
	run.count = run.to - at < DIGIT_RUN_SEEN ? (unsigned)(run.to - at) : DIGIT_RUN_SEEN;
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
	look_before(&run);
	return run;
}

uint32_t digit_run_labels(struct digit_run *run)
{
	if (!run->has_labels)
		run->labels = label_kinds_before(run->text, run->at);
	run->has_labels = true;
	return run->labels;
}
