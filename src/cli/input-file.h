/* SPDX-License-Identifier: Apache-2.0 */
/* Files that the person names: lists, settings, scopes. */
#ifndef TIDEMARK_CLI_INPUT_FILE_H
#define TIDEMARK_CLI_INPUT_FILE_H

#include "base/buffer.h"
#include "base/status.h"

/** Appends the whole of a small file, at most max bytes (else USAGE); "-" is standard input. ABSENT, DENIED. */
enum status input_file_read(const char *path, size_t max, struct buffer *into, struct failure *reterr) MUST_CHECK;

#endif
