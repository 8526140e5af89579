/* SPDX-License-Identifier: Apache-2.0 */
/* All states of the pattern are carried along at once: no backtracking, so no pattern is expensive. */
#include "scope/glob.h"

struct glob_pattern {
	unsigned char byte[GLOB_PATTERN_MAX + 1];
	enum { LITERAL, STAR, DOUBLE_STAR } kind[GLOB_PATTERN_MAX + 1];
	size_t count;
};

static bool compile(struct bytes text, bool is_open, struct glob_pattern *pattern)
{
	pattern->count = 0;
	if (text.len > GLOB_PATTERN_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++, pattern->count++) {
		bool is_star = text.at[i] == '*';
		bool is_double = is_star && i + 1 < text.len && text.at[i + 1] == '*';
		pattern->byte[pattern->count] = text.at[i];
		pattern->kind[pattern->count] = is_double ? DOUBLE_STAR : is_star ? STAR : LITERAL;
		i += is_double;
	}
	if (is_open)
		pattern->kind[pattern->count++] = DOUBLE_STAR;
	return true;
}

/* States that are reached without a byte: a star may stand for nothing. */
static void pass_stars(const struct glob_pattern *pattern, bool *states)
{
	for (size_t i = 0; i < pattern->count; i++)
		if (states[i] && pattern->kind[i] != LITERAL)
			states[i + 1] = true;
}

static bool step(const struct glob_pattern *pattern, bool *states, unsigned char byte, char separator)
{
	bool is_alive = false;
	for (size_t i = pattern->count + 1; i-- > 0;) {
		bool stays = i < pattern->count && states[i] &&
		             (pattern->kind[i] == DOUBLE_STAR || (pattern->kind[i] == STAR && byte != (unsigned char)separator));
		bool arrives = i > 0 && states[i - 1] && pattern->kind[i - 1] == LITERAL && pattern->byte[i - 1] == byte;
		states[i] = stays || arrives;
		is_alive |= states[i];
	}
	pass_stars(pattern, states);
	return is_alive;
}

static bool match(struct bytes text, struct bytes pattern_text, bool is_open, char separator)
{
	struct glob_pattern pattern;
	bool states[GLOB_PATTERN_MAX + 2] = {true};
	size_t literal = bytes_find_byte(pattern_text, '*');
	if (literal == BYTES_NOT_FOUND)
		return is_open ? bytes_start_with(text, pattern_text) : bytes_equal(text, pattern_text);
	if (!bytes_start_with(text, bytes_slice(pattern_text, 0, literal)))
		return false;
	text = bytes_from(text, literal);
	if (!compile(bytes_from(pattern_text, literal), is_open, &pattern))
		return false;
	pass_stars(&pattern, states);
	for (size_t i = 0; i < text.len; i++)
		if (!step(&pattern, states, text.at[i], separator))
			return false;
	return states[pattern.count];
}

bool glob_match(struct bytes pattern, struct bytes text, char separator)
{
	return match(text, pattern, false, separator);
}

bool glob_match_beginning(struct bytes pattern, struct bytes text, char separator)
{
	return match(text, pattern, true, separator);
}
