/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Configuration files: --config FILE, $XDG_CONFIG_HOME/tidemark/config.yaml and
 * /etc/tidemark/config.yaml, the first that has a key winning. Keys are the
 * names of options:
 *
 *   catalog: ~/tidemark          an option of all commands
 *   sweep:                       options for one command and its subcommands
 *     jobs: 8
 *     exclude: ["*.iso", "*.vhd"]
 *
 * A key that nothing knows is refused: a misspelt limit must not pass in silence.
 */
#ifndef TIDEMARK_CLI_CONFIGURATION_H
#define TIDEMARK_CLI_CONFIGURATION_H

#include "base/yaml.h"
#include "cli/command.h"

#define CONFIGURATION_FILES 3

struct configuration {
	struct {
		const char *path;
		const struct yaml_node *root; /* NULL: not there, or empty */
	} files[CONFIGURATION_FILES];
};

/** Reads those that exist. given: of --config, or NULL; it must exist. ABSENT, DENIED, USAGE with the line. */
enum status configuration_read(const char *given, const struct command *const *registry, struct arena *arena,
                               struct configuration *ret_configuration, struct failure *reterr) MUST_CHECK;

/** Whether every key of a file is known, and stands where it may. USAGE with the line. */
enum status configuration_check(const struct yaml_node *root, const char *path, const struct command *const *registry,
                                struct failure *reterr) MUST_CHECK;

/** The value of a row for a command (a subcommand's parent): in its section, else on top. NULL if no file
 *  has it. */
const struct yaml_node *configuration_find(const struct configuration *configuration, const struct command *command,
                                           const struct option *row, const char **ret_path);

#endif
