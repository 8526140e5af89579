/* SPDX-License-Identifier: Apache-2.0 */
/* The subcommands of notify, by file: each is a whole command. */
#ifndef TIDEMARK_CLI_NOTIFY_COMMANDS_H
#define TIDEMARK_CLI_NOTIFY_COMMANDS_H

#include "cli/command.h"

extern const struct command command_notify_plan, command_notify_preview;                        /* notify-planning.c */
extern const struct command command_notify_send;                                                /* notify-sending.c */
extern const struct command command_notify_bounces;                                             /* notify-bounces.c */
extern const struct command command_notify_status, command_notify_draft, command_notify_decide; /* notify-duties.c */

#endif
