/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of ours in memory that nobody can change any more, to be handed to a cell. */
#ifndef TIDEMARK_PROCESS_HANDED_MEMORY_H
#define TIDEMARK_PROCESS_HANDED_MEMORY_H

#include "base/bytes.h"
#include "base/status.h"

/** A sealed memfd of that name, close-on-exec, the caller's to close. NO_MEMORY, NO_SPACE or BROKEN. */
enum status handed_memory_make(const char *name, struct bytes bytes, int *ret_descriptor) MUST_CHECK;

#endif
