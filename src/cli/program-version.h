/* SPDX-License-Identifier: Apache-2.0 */
/* Asks another program for its --version: for doctor. */
#ifndef TIDEMARK_CLI_PROGRAM_VERSION_H
#define TIDEMARK_CLI_PROGRAM_VERSION_H

#include "base/buffer.h"

/** Runs path --version with no environment for at most 5 seconds and appends what it says, at most 64 KiB.
 *  CRASHED if it ends otherwise than with 0, TIMED_OUT, BROKEN if it cannot be started. */
enum status program_version_ask(const char *path, struct buffer *into) MUST_CHECK;

#endif
