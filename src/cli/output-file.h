/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that a person named for an answer to be written to: made, or written
 * over, and taken away again where it could not be finished.
 */
#ifndef TIDEMARK_CLI_OUTPUT_FILE_H
#define TIDEMARK_CLI_OUTPUT_FILE_H

#include "base/bytes.h"
#include "base/status.h"

struct output_file {
	const char *path; /* good until it is ended */
	int descriptor;
};

/** Nobody but its owner reads it. */
enum status output_file_begin(struct output_file *file, const char *path, struct failure *reterr) MUST_CHECK;
/** context: the file; so that it may be handed on as a sink. */
enum status output_file_write(void *context, struct bytes piece, struct failure *reterr) MUST_CHECK;
/** status: of what was done with it so far; with any but OK, or where it cannot be finished, the file is removed. */
enum status output_file_end(struct output_file *file, enum status status, struct failure *reterr) MUST_CHECK;

#endif
