/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a tree to states, made from the end backwards: each knows what follows
 * it. A repetition is unfolded, so its cost shows in the states it takes; both
 * their number and the steps of unfolding are bounded.
 */
#include "regex/regex.h"

#include "base/buffer.h"
#include "regex/tree.h"

#include <stdlib.h>

enum { STEPS_MAX = 16 * REGEX_STATES_MAX }; /* repeated nothings cost no states */

struct builder {
	struct regex_program *program;
	unsigned steps;
	enum status status;
	struct failure *reterr;
};

static uint32_t add_state(struct builder *builder, struct regex_state state)
{
	struct regex_program *program = builder->program;
	if (program->count >= REGEX_STATES_MAX) {
		if (builder->status == STATUS_OK)
			builder->status = fail(builder->reterr, STATUS_USAGE, "regular expression",
			                       "it unfolds into more than %d states; repeat less", REGEX_STATES_MAX);
		return 0;
	}
	program->states[program->count] = state;
	return program->count++;
}

static uint32_t build(struct builder *builder, const struct regex_node *node, uint32_t next);

static uint32_t build_row(struct builder *builder, const struct regex_node *child, uint32_t next)
{
	struct buffer backwards = buffer_with_ceiling(REGEX_PATTERN_MAX * sizeof child);
	for (; child != NULL; child = child->next)
		buffer_append(&backwards, bytes_of(&child, sizeof child));
	if (buffer_status(&backwards) != STATUS_OK)
		builder->status = fail(builder->reterr, STATUS_NO_MEMORY, "regular expression", "memory is used up");
	for (size_t at = backwards.len; at >= sizeof child && builder->status == STATUS_OK; at -= sizeof child) {
		memcpy(&child, backwards.at + at - sizeof child, sizeof child);
		next = build(builder, child, next);
	}
	buffer_free(&backwards);
	return next;
}

static uint32_t build_choice(struct builder *builder, const struct regex_node *child, uint32_t next)
{
	uint32_t start = build(builder, child, next);
	for (child = child->next; child != NULL && builder->status == STATUS_OK; child = child->next) {
		uint32_t other = build(builder, child, next);
		start = add_state(builder, (struct regex_state){.kind = REGEX_FORK, .next = start, .other = other});
	}
	return start;
}

static uint32_t build_repeat(struct builder *builder, const struct regex_node *node, uint32_t next)
{
	if (node->high == REGEX_ENDLESS) {
		uint32_t loop = add_state(builder, (struct regex_state){.kind = REGEX_FORK, .next = next, .other = next});
		uint32_t inner = builder->status == STATUS_OK ? build(builder, node->first, loop) : 0;
		builder->program->states[loop].next = inner;
		next = loop;
	}
	uint32_t behind = next;
	for (int i = node->low; i < node->high && builder->status == STATUS_OK; i++) {
		uint32_t inner = build(builder, node->first, next);
		next = add_state(builder, (struct regex_state){.kind = REGEX_FORK, .next = inner, .other = behind});
	}
	for (int i = 0; i < node->low && builder->status == STATUS_OK; i++)
		next = build(builder, node->first, next);
	return next;
}

static uint32_t build(struct builder *builder, const struct regex_node *node, uint32_t next)
{
	if (node == NULL || builder->status != STATUS_OK)
		return next;
	if (++builder->steps > STEPS_MAX)
		builder->status = fail(builder->reterr, STATUS_USAGE, "regular expression", "it unfolds too far; repeat less");
	switch (node->kind) {
	case NODE_CLASS: return add_state(builder, (struct regex_state){.kind = REGEX_TAKE, .class = node->class, .next = next});
	case NODE_EDGE: return add_state(builder, (struct regex_state){.kind = REGEX_EDGE, .edge = node->edge, .next = next});
	case NODE_ROW: return build_row(builder, node->first, next);
	case NODE_CHOICE: return node->first != NULL ? build_choice(builder, node->first, next) : next;
	case NODE_REPEAT: return build_repeat(builder, node, next);
	default: return next;
	}
}

enum status regex_program_make(struct bytes pattern, struct regex_program *ret_program, struct failure *reterr)
{
	struct regex_program program = {.arena = arena_with_ceiling(64u << 20)};
	struct builder builder = {.program = &program, .reterr = reterr};
	const struct regex_node *tree = NULL;
	if (pattern.len > REGEX_PATTERN_MAX)
		return fail(reterr, STATUS_USAGE, "regular expression", "it is longer than %d bytes", REGEX_PATTERN_MAX);
	builder.status = regex_parse(pattern, &program, &tree, reterr);
	program.states = calloc(REGEX_STATES_MAX, sizeof *program.states);
	if (program.states == NULL && builder.status == STATUS_OK)
		builder.status = fail(reterr, STATUS_NO_MEMORY, "regular expression", "memory is used up");
	if (builder.status == STATUS_OK) {
		uint32_t end = add_state(&builder, (struct regex_state){.kind = REGEX_MATCHED});
		program.start = build(&builder, tree, end);
	}
	if (builder.status == STATUS_OK)
		*ret_program = program;
	else
		regex_program_free(&program);
	return builder.status;
}

void regex_program_free(struct regex_program *program)
{
	free(program->states);
	free(program->classes);
	arena_free(&program->arena);
	*program = (struct regex_program){.states = NULL};
}
