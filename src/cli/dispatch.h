/* SPDX-License-Identifier: Apache-2.0 */
/* From the words of a command line to an exit code. */
#ifndef TIDEMARK_CLI_DISPATCH_H
#define TIDEMARK_CLI_DISPATCH_H

/** Runs the command that argv names, of command_registry. Returns the exit code. */
int dispatch_run(int argc, char **argv);

#endif
