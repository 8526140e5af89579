/* SPDX-License-Identifier: Apache-2.0 */
/* A pattern as a tree: between regex-parse.c, which makes it, and regex-build.c, which makes states of it. */
#ifndef TIDEMARK_REGEX_TREE_H
#define TIDEMARK_REGEX_TREE_H

#include "regex/program.h"

enum { REGEX_ENDLESS = -1 };

enum regex_node_kind { NODE_NOTHING, NODE_CLASS, NODE_EDGE, NODE_ROW, NODE_CHOICE, NODE_REPEAT };

struct regex_node {
	enum regex_node_kind kind;
	struct regex_node *first, *last, *next; /* children of rows, choices and repeats; next: sibling */
	uint32_t class;                         /* number in the program's classes */
	enum regex_edge edge;
	int low, high; /* of repeats; high may be REGEX_ENDLESS */
};

/** Fills the program's classes; the tree lies in its arena. USAGE, NO_MEMORY. */
enum status regex_parse(struct bytes pattern, struct regex_program *program, const struct regex_node **ret_tree,
                        struct failure *reterr) MUST_CHECK;

#endif
