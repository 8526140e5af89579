/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person reads about the commands, all of it made from their structs
 * and rows: --help, man pages (roff), completion for bash, zsh and fish.
 */
#ifndef TIDEMARK_CLI_HELP_H
#define TIDEMARK_CLI_HELP_H

#include "cli/command.h"
#include "cli/topic.h"

/** width: columns to wrap at, at least 80. */
void help_append_overall(struct buffer *into, const struct command *const *registry, unsigned width);
/** parent: of a subcommand, else NULL. */
void help_append_command(struct buffer *into, const struct command *parent, const struct command *command, unsigned width);

void help_append_topic(struct buffer *into, const struct topic *topic, unsigned width);

/** The page of one command with its subcommands, or of tidemark itself for NULL. */
void manual_append_page(struct buffer *into, const struct command *const *registry, const struct command *command);

/** The page of a topic, in section 7. */
void manual_append_topic(struct buffer *into, const struct topic *topic);

void completion_append_bash(struct buffer *into, const struct command *const *registry);
void completion_append_zsh(struct buffer *into, const struct command *const *registry);
void completion_append_fish(struct buffer *into, const struct command *const *registry);

/* Exit codes as all pages tell them; ended by a NULL sentence. */
struct help_exit_code {
	int code;
	const char *means;
};
extern const struct help_exit_code help_exit_codes[];

/** What a group of commands is headed by. */
const char *help_group_title(enum command_group group);
#define COMMAND_GROUP_COUNT 4

#endif
