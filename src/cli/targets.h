/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Targets as operands: a target, "-" for standard input or "@FILE", both one
 * target a line. Empty lines and lines that begin with # are passed over,
 * carriage returns at line ends and a byte order mark are cut.
 */
#ifndef TIDEMARK_CLI_TARGETS_H
#define TIDEMARK_CLI_TARGETS_H

#include "cli/settings.h"

#define TARGETS_MAX 1000000u

struct target_list {
	const char *const *written; /* in the order given */
	size_t count;               /* at least 1 */
};

/** Expands all operands into arena. ABSENT or DENIED for a file, USAGE with its line for what cannot be a
 *  target, or when nothing is left. */
enum status targets_expand(const struct settings *settings, struct arena *arena, struct target_list *ret_targets,
                           struct failure *reterr) MUST_CHECK;

/** The same for any list file: lines of path ("-": standard input), at most max bytes. For lookup --list. */
enum status targets_read_lines(const char *path, struct arena *arena, struct target_list *ret_lines,
                               struct failure *reterr) MUST_CHECK;

#endif
