/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a pattern becomes: states that take a code point of a class, fork, or
 * ask where in the text they stand. Between regex-build.c, which makes it, and
 * regex.c, which runs it.
 */
#ifndef TIDEMARK_REGEX_PROGRAM_H
#define TIDEMARK_REGEX_PROGRAM_H

#include "base/arena.h"

enum regex_kind { REGEX_TAKE, REGEX_FORK, REGEX_EDGE, REGEX_MATCHED };
enum regex_edge { REGEX_START, REGEX_END, REGEX_WORD_EDGE, REGEX_NO_WORD_EDGE };

enum { REGEX_DIGIT = 1, REGEX_NOT_DIGIT = 2, REGEX_SPACE = 4, REGEX_NOT_SPACE = 8, REGEX_WORD = 16, REGEX_NOT_WORD = 32 };

struct regex_range {
	uint32_t low, high;
};

struct regex_class {
	const struct regex_range *ranges;
	size_t range_count;
	unsigned kinds;
	bool is_negated, ignores_case;
	uint64_t ascii[2]; /* the answer for each of the first 128 */
};

struct regex_state {
	enum regex_kind kind;
	enum regex_edge edge;
	uint32_t class, next, other;
};

struct regex_program {
	struct arena arena; /* of classes and their ranges */
	struct regex_state *states;
	uint32_t count, start;
	struct regex_class *classes;
};

enum status regex_program_make(struct bytes pattern, struct regex_program *ret_program, struct failure *reterr) MUST_CHECK;
void regex_program_free(struct regex_program *program);

/** A letter, a digit, a mark or an underscore. */
bool regex_point_is_word(uint32_t point);
/** Whether a class takes a code point, by its ranges and kinds. */
bool regex_class_has(const struct regex_class *class, uint32_t point);

#endif
