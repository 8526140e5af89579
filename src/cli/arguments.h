/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of a command line, sorted: which command, which options, which
 * operands. Values are not looked at yet: settings.c does that with the rows
 * of the command once it is known.
 *
 * Options of all commands may stand anywhere; a command's own behind its name.
 * --name value, --name=value, -n, -n value, -nvalue. -- ends options. A lone -
 * is an operand. Names are never abbreviated.
 */
#ifndef TIDEMARK_CLI_ARGUMENTS_H
#define TIDEMARK_CLI_ARGUMENTS_H

#include "cli/command.h"

struct argument {
	const char *name;  /* of the row */
	const char *value; /* NULL: a flag without one */
};

struct arguments {
	const struct command *command; /* NULL: none named */
	const struct command *parent;  /* of a subcommand, else NULL */
	struct argument *given;
	size_t given_count;
	const char **operands;
	size_t operand_count;
	bool wants_help, wants_version;
};

/** argv as main gets it. USAGE with a near miss; arguments then hold what was understood so far. With
 *  wants_help or wants_version the number of operands is not checked. */
enum status arguments_parse(int argc, char *const *argv, const struct command *const *registry, struct arena *arena,
                            struct arguments *arguments, struct failure *reterr) MUST_CHECK;

/** "catalog verify", "sweep"; into arena, NULL when memory ended. */
const char *arguments_command_line(const struct arguments *arguments, struct arena *arena);

#endif
