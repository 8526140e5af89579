/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML 1.1 (libyaml) as a small tree, for configuration and policies written
 * by people. One document of scalars, sequences and mappings; anchors,
 * aliases, tags, duplicate and non-scalar keys are refused; size, depth and
 * node count are bounded. Every node knows its line, so that an error can be
 * found. Scalars are text: what a number or a truth value is, the reader says.
 */
#ifndef TIDEMARK_BASE_YAML_H
#define TIDEMARK_BASE_YAML_H

#include "base/arena.h"

#define YAML_SIZE_MAX (4u << 20)
#define YAML_DEPTH_MAX 32
#define YAML_NODES_MAX 200000

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
	enum yaml_kind kind;
	unsigned line;                 /* 1-based */
	struct bytes key;              /* in a mapping: its key */
	struct bytes text;             /* of a scalar */
	bool is_plain;                 /* a scalar without quotes: null, ~, true, 12 are meant as such */
	const struct yaml_node *first; /* of a sequence or mapping */
	const struct yaml_node *next;  /* its following sibling */
	size_t count;                  /* of children */
};

/** Reads a whole document into the arena. An empty one has *ret_root NULL. USAGE with the line in reterr->why
 *  when it is not YAML or not of the kind described above; NO_MEMORY. name: what reterr->where says. */
enum status yaml_parse(struct bytes text, const char *name, struct arena *arena, const struct yaml_node **ret_root,
                       struct failure *reterr) MUST_CHECK;

/** The mapping's value of that key, or NULL; NULL also if node is no mapping. */
const struct yaml_node *yaml_find(const struct yaml_node *node, const char *key);

/** An empty plain scalar, ~ or null, or no node at all. */
bool yaml_is_null(const struct yaml_node *node);

/** A plain true, false, yes, no, on or off, in any case; false if it is none of them. */
bool yaml_as_boolean(const struct yaml_node *node, bool *ret_value);

#endif
