/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row of the scope as a pattern over endpoints, containers and names, and
 * what is held against it. A target of the run is a pattern without stars.
 */
#ifndef TIDEMARK_SCOPE_PATTERN_H
#define TIDEMARK_SCOPE_PATTERN_H

#include "base/arena.h"
#include "model/target.h"
#include "scope/place.h"

struct pattern {
	enum provider_kind provider;
	bool is_literal; /* a target: stars are stars */
	bool is_https;
	uint16_t port;             /* 0: any */
	struct bytes host;         /* as written */
	struct bytes primary_host; /* of several for the same data, the one that stands for them */
	struct bytes account;      /* path style only */
	struct bytes container;    /* folder: its path */
	struct bytes prefix;
};

/** What a person wrote into a scope file. May name a whole account, or all of them. USAGE with *ret_why, static or in arena.
 *  Patterns of other providers are taken and cover nothing. */
enum status pattern_parse(struct bytes written, struct arena *arena, struct pattern *ret_pattern,
                          const char **ret_why) MUST_CHECK;

struct pattern pattern_of_target(const struct target *target);

/** One thing that a pattern may cover; borrows from what it was made of. */
struct pattern_subject {
	enum provider_kind provider;
	enum place_kind kind; /* a whole target counts as the list below its prefix */
	bool is_https, is_path_style;
	uint16_t port;
	struct bytes host, primary_host, account, container, path;
};

struct pattern_subject pattern_subject_of_target(const struct target *target);
struct pattern_subject pattern_subject_of_place(const struct place *place);

enum pattern_strictness {
	PATTERN_SAME_ENDPOINT, /* same scheme (http may rise), host and port */
	PATTERN_ANY_FORM       /* the same container, however it is reached */
};

bool pattern_covers(const struct pattern *pattern, const struct pattern_subject *subject, enum pattern_strictness strictness);

#endif
