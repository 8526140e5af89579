/* SPDX-License-Identifier: Apache-2.0 */
/* What is done with manifests: scope key, scope verify, scope compare. */
#ifndef TIDEMARK_CLI_SCOPE_COMMANDS_H
#define TIDEMARK_CLI_SCOPE_COMMANDS_H

#include "cli/command.h"

extern const struct command *const scope_subcommands[];

#endif
