/* SPDX-License-Identifier: Apache-2.0 */
/* Looking up commands and the rows they know. */
#include "cli/command.h"

const struct command *command_find(const struct command *const *commands, const char *name)
{
	for (; commands != NULL && *commands != NULL; commands++)
		if (strcmp((*commands)->name, name) == 0)
			return *commands;
	return NULL;
}

const struct option *command_option(const struct command *command, const char *name, size_t len)
{
	const struct option *row = command != NULL ? option_find(command->options, name, len) : NULL;
	return row != NULL ? row : option_find(option_global_rows, name, len);
}

const struct option *command_option_letter(const struct command *command, char letter)
{
	const struct option *row = command != NULL ? option_find_letter(command->options, letter) : NULL;
	return row != NULL ? row : option_find_letter(option_global_rows, letter);
}
