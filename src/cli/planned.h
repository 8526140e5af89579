/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands that the interface names and this version has not: refused by name,
 * so that nobody takes them for misspelt, or for done. Options of commands that
 * stand say it in their rows (option.h).
 */
#ifndef TIDEMARK_CLI_PLANNED_H
#define TIDEMARK_CLI_PLANNED_H

#include <stdbool.h>

struct planned_command {
	const char *name; /* "notify", or of a subcommand "scope compare"; NULL ends them */
	const char *summary;
};
extern const struct planned_command planned_commands[];

/** Whether one of that name is planned; parent may be NULL. */
bool planned_has(const char *parent, const char *name);

#endif
