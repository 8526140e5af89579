/* SPDX-License-Identifier: Apache-2.0 */
/* The commands below retain, a file each; cmd-retain.c lists them. */
#ifndef TIDEMARK_CLI_RETAIN_COMMANDS_H
#define TIDEMARK_CLI_RETAIN_COMMANDS_H

#include "act/policy-file.h"
#include "cli/session.h"

extern const struct command command_retain_policy, command_retain_whatif, command_retain_plan, command_retain_approve,
	command_retain_apply, command_retain_undo, command_retain_certificate;

/* clang-format off */
#define RETAIN_POLICY_OPTION \
	{.name = "policy", .kind = OPTION_PATH, .value = "FILE", .help = "how long what is kept (YAML, docs/retain.md)"}
/* clang-format on */

/** The policy of --policy, in the session's arena. USAGE where it is not given. */
enum status retain_read_policy(struct session *session, struct policy *ret_policy, struct failure *reterr) MUST_CHECK;

#endif
