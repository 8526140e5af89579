/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Carrying a compiled pattern over a text. A program is a list of states; at
 * each code point the set of states that could be reached is kept, each at
 * most once, so the work is bounded by states times length.
 */
#include "regex/regex.h"

#include "regex/program.h"
#include "base/text.h"

#include <stdlib.h>

struct state_set {
	uint32_t count;
	uint32_t *members;
	uint32_t *places; /* of each state in members, if it is one */
};

struct regex {
	struct regex_program program;
	struct state_set seeds, next, closed;
	uint32_t *stack;
};

struct position {
	bool is_start, is_end, edge; /* edge: of a word */
};

static bool set_new(struct state_set *set, size_t size)
{
	set->members = calloc(size, sizeof *set->members);
	set->places = calloc(size, sizeof *set->places);
	return set->members != NULL && set->places != NULL;
}

static void set_free(struct state_set *set)
{
	free(set->members);
	free(set->places);
}

static bool set_has(const struct state_set *set, uint32_t state)
{
	return set->places[state] < set->count && set->members[set->places[state]] == state;
}

static void set_add(struct state_set *set, uint32_t state)
{
	if (set_has(set, state))
		return;
	set->places[state] = set->count;
	set->members[set->count++] = state;
}

enum status regex_compile(struct bytes pattern, struct regex **ret_regex, struct failure *reterr)
{
	struct regex *regex = calloc(1, sizeof *regex);
	if (regex == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "regular expression", "memory is used up");
	enum status status = regex_program_make(pattern, &regex->program, reterr);
	if (status == STATUS_OK) {
		size_t size = regex->program.count;
		regex->stack = calloc(2 * size + 2, sizeof *regex->stack);
		if (regex->stack == NULL || !set_new(&regex->seeds, size) || !set_new(&regex->next, size) ||
		    !set_new(&regex->closed, size))
			status = fail(reterr, STATUS_NO_MEMORY, "regular expression", "memory is used up");
	}
	if (status == STATUS_OK)
		*ret_regex = regex;
	else
		regex_free(regex);
	return status;
}

void regex_free(struct regex *regex)
{
	if (regex == NULL)
		return;
	set_free(&regex->seeds);
	set_free(&regex->next);
	set_free(&regex->closed);
	free(regex->stack);
	regex_program_free(&regex->program);
	free(regex);
}

/* ---- one code point ---- */

static bool edge_holds(enum regex_edge edge, const struct position *position)
{
	switch (edge) {
	case REGEX_START: return position->is_start;
	case REGEX_END: return position->is_end;
	case REGEX_WORD_EDGE: return position->edge;
	default: return !position->edge;
	}
}

/* All states reached from state without taking a code point. True if that ends the match. */
static bool close_over(struct regex *regex, uint32_t state, const struct position *position)
{
	size_t depth = 0;
	regex->stack[depth++] = state;
	while (depth > 0) {
		state = regex->stack[--depth];
		if (set_has(&regex->closed, state))
			continue;
		set_add(&regex->closed, state);
		const struct regex_state *at = &regex->program.states[state];
		if (at->kind == REGEX_MATCHED)
			return true;
		if (at->kind == REGEX_FORK)
			regex->stack[depth++] = at->other;
		if (at->kind == REGEX_FORK || (at->kind == REGEX_EDGE && edge_holds(at->edge, position)))
			regex->stack[depth++] = at->next;
	}
	return false;
}

static bool takes(const struct regex_program *program, uint32_t class, uint32_t point)
{
	const struct regex_class *at = &program->classes[class];
	if (point < 128)
		return at->ascii[point / 64] >> (point % 64) & 1;
	return regex_class_has(at, point);
}

static void take_point(struct regex *regex, uint32_t point)
{
	regex->next.count = 0;
	for (uint32_t i = 0; i < regex->closed.count; i++) {
		const struct regex_state *at = &regex->program.states[regex->closed.members[i]];
		if (at->kind == REGEX_TAKE && takes(&regex->program, at->class, point))
			set_add(&regex->next, at->next);
	}
}

enum status regex_find(struct regex *regex, struct bytes text, bool *ret_found)
{
	bool was_word = false, is_matched = false;
	regex->seeds.count = 0;
	for (size_t at = 0;;) {
		uint32_t point = 0;
		size_t length = text_decode(bytes_from(text, at), &point);
		bool is_word = length > 0 && regex_point_is_word(point);
		struct position position = {at == 0, length == 0, was_word != is_word};
		regex->closed.count = 0;
		for (uint32_t i = 0; i < regex->seeds.count && !is_matched; i++)
			is_matched = close_over(regex, regex->seeds.members[i], &position);
		if (!is_matched)
			is_matched = close_over(regex, regex->program.start, &position);
		if (is_matched || length == 0)
			break;
		take_point(regex, point);
		struct state_set taken = regex->next;
		regex->next = regex->seeds;
		regex->seeds = taken;
		was_word = is_word;
		at += length;
	}
	*ret_found = is_matched;
	return STATUS_OK;
}
