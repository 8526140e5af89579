/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Carrying a compiled pattern over a text. A program is a list of states; at
 * each code point the set of states that could be reached is kept, each at
 * most once, so the work is bounded by states times length.
 */
#include "regex/regex.h"

#include "regex/program.h"
#include "base/buffer.h"
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
	/* For spans, made when they are first asked for: where what reached a state began, and which bytes a match may begin with. */
	size_t *seed_starts, *next_starts, *closed_starts;
	bool begins[256];
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
	free(regex->seed_starts);
	free(regex->next_starts);
	free(regex->closed_starts);
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

/* ---- spans ---- */

struct span {
	size_t from, to;
};

struct spans {
	struct regex *regex;
	struct bytes text;
	size_t max_length;
	struct buffer found; /* of struct span, that something which began earlier might still cover */
	regex_match *each;
	void *context;
	bool is_enough;
};

/* Edges are passed as if they held. A byte beyond ASCII may begin anything that is not all ASCII. */
static void find_beginnings(struct regex *regex)
{
	size_t depth = 0;
	regex->closed.count = 0;
	regex->stack[depth++] = regex->program.start;
	while (depth > 0) {
		uint32_t state = regex->stack[--depth];
		if (set_has(&regex->closed, state))
			continue;
		set_add(&regex->closed, state);
		const struct regex_state *at = &regex->program.states[state];
		if (at->kind == REGEX_FORK)
			regex->stack[depth++] = at->other;
		if (at->kind == REGEX_FORK || at->kind == REGEX_EDGE)
			regex->stack[depth++] = at->next;
		for (unsigned byte = 0; at->kind == REGEX_TAKE && byte < 256; byte++)
			regex->begins[byte] |= byte >= 128 || takes(&regex->program, at->class, byte);
	}
}

static enum status make_starts(struct regex *regex)
{
	size_t size = regex->program.count;
	if (regex->closed_starts != NULL)
		return STATUS_OK;
	regex->seed_starts = calloc(size, sizeof *regex->seed_starts);
	regex->next_starts = calloc(size, sizeof *regex->next_starts);
	regex->closed_starts = calloc(size, sizeof *regex->closed_starts);
	if (regex->seed_starts == NULL || regex->next_starts == NULL || regex->closed_starts == NULL)
		return STATUS_NO_MEMORY;
	find_beginnings(regex);
	return STATUS_OK;
}

/* What began first is closed over first, and keeps the states it reaches: whatever they lead to, it would cover the others. */
static void close_from(struct regex *regex, uint32_t state, size_t start, const struct position *position)
{
	size_t depth = 0;
	regex->stack[depth++] = state;
	while (depth > 0) {
		state = regex->stack[--depth];
		if (set_has(&regex->closed, state))
			continue;
		regex->closed_starts[regex->closed.count] = start;
		set_add(&regex->closed, state);
		const struct regex_state *at = &regex->program.states[state];
		if (at->kind == REGEX_FORK)
			regex->stack[depth++] = at->other;
		if (at->kind == REGEX_FORK || (at->kind == REGEX_EDGE && edge_holds(at->edge, position)))
			regex->stack[depth++] = at->next;
	}
}

static struct span *last_span(struct spans *spans)
{
	return spans->found.len > 0 ? (struct span *)(void *)(spans->found.at + spans->found.len) - 1 : NULL;
}

/* Found in the order of their ends. */
static void add_span(struct spans *spans, size_t from, size_t to)
{
	struct span *last;
	while ((last = last_span(spans)) != NULL && last->from >= from)
		buffer_truncate(&spans->found, spans->found.len - sizeof *last);
	if (from < to)
		buffer_append(&spans->found, bytes_of(&(struct span){from, to}, sizeof(struct span)));
}

/* Those that nothing which began no later can change any more. */
static void hand_on_spans(struct spans *spans, size_t earliest)
{
	const struct span *found = (const void *)spans->found.at;
	size_t count = spans->found.len / sizeof *found, done = 0;
	while (done < count && found[done].from < earliest && !spans->is_enough) {
		spans->is_enough = !spans->each(spans->context, found[done].from, found[done].to);
		done++;
	}
	buffer_consume(&spans->found, done * sizeof *found);
}

static bool is_line_end(struct bytes text, size_t at)
{
	return at >= text.len || text.at[at] == '\n' || (text.at[at] == '\r' && at + 1 < text.len && text.at[at + 1] == '\n');
}

static void take_from(struct regex *regex, uint32_t point, size_t oldest)
{
	regex->next.count = 0;
	for (uint32_t i = 0; i < regex->closed.count; i++) {
		const struct regex_state *at = &regex->program.states[regex->closed.members[i]];
		if (at->kind != REGEX_TAKE || regex->closed_starts[i] < oldest || !takes(&regex->program, at->class, point))
			continue;
		if (!set_has(&regex->next, at->next))
			regex->next_starts[regex->next.count] = regex->closed_starts[i];
		set_add(&regex->next, at->next);
	}
	struct state_set taken = regex->next;
	size_t *starts = regex->next_starts;
	regex->next = regex->seeds;
	regex->next_starts = regex->seed_starts;
	regex->seeds = taken;
	regex->seed_starts = starts;
}

/* All states at a place; a match that ends here is noted. */
static void reach(struct spans *spans, size_t at, bool may_begin, const struct position *position)
{
	struct regex *regex = spans->regex;
	regex->closed.count = 0;
	for (uint32_t i = 0; i < regex->seeds.count; i++)
		close_from(regex, regex->seeds.members[i], regex->seed_starts[i], position);
	if (may_begin)
		close_from(regex, regex->program.start, at, position);
	for (uint32_t i = 0; i < regex->closed.count; i++)
		if (regex->program.states[regex->closed.members[i]].kind == REGEX_MATCHED)
			add_span(spans, regex->closed_starts[i], at);
}

static bool is_word_before(struct bytes text, size_t at)
{
	uint32_t point = 0;
	size_t from = at;
	while (from > 0 && at - from < 4) {
		from--;
		if ((text.at[from] & 0xC0) != 0x80)
			break;
	}
	return from < at && text_decode(bytes_slice(text, from, at - from), &point) > 0 && regex_point_is_word(point);
}

static void run(struct spans *spans, size_t at, size_t to)
{
	struct regex *regex = spans->regex;
	struct bytes text = spans->text;
	regex->seeds.count = 0;
	bool was_word = is_word_before(text, at);
	while (!spans->is_enough && buffer_status(&spans->found) == STATUS_OK) {
		if (regex->seeds.count == 0) {
			hand_on_spans(spans, SIZE_MAX);
			size_t skipped = at;
			while (at < to && !regex->begins[text.at[at]])
				at++;
			if (at >= to)
				break;
			if (at != skipped)
				was_word = is_word_before(text, at);
		}
		uint32_t point = 0;
		size_t length = text_decode(bytes_from(text, at), &point);
		bool is_word = length > 0 && regex_point_is_word(point);
		struct position position = {at == 0 || text.at[at - 1] == '\n', is_line_end(text, at), was_word != is_word};
		reach(spans, at, at < to, &position);
		if (length == 0)
			break;
		at += length;
		take_from(regex, point, at > spans->max_length ? at - spans->max_length : 0);
		if (regex->seeds.count > 0)
			hand_on_spans(spans, regex->seed_starts[0]);
		was_word = is_word;
	}
	hand_on_spans(spans, SIZE_MAX);
}

enum status regex_each(struct regex *regex, struct bytes text, size_t from, size_t to, size_t max_length, regex_match *each,
                       void *context)
{
	struct spans spans = {
		.regex = regex,
		.text = text,
		.max_length = max_length,
		.found = buffer_with_ceiling(SIZE_MAX / 2),
		.each = each,
		.context = context,
	};
	enum status status = make_starts(regex);
	if (status == STATUS_OK)
		run(&spans, from, to < text.len ? to : text.len);
	if (status == STATUS_OK)
		status = buffer_status(&spans.found);
	buffer_free(&spans.found);
	return status;
}
