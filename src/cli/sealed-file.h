/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file for a worker's eyes alone: its bytes go into sealed memory, and are not
 * looked at here.
 */
#ifndef TIDEMARK_CLI_SEALED_FILE_H
#define TIDEMARK_CLI_SEALED_FILE_H

#include "base/digest.h"
#include "process/extractor.h"

struct sealed_file {
	int memory;
	uint64_t size;
	unsigned char sha256[DIGEST_SHA256_SIZE];
};

/** At most max bytes (else USAGE); - is standard input. ABSENT, DENIED. */
enum status sealed_file_open(const char *path, uint64_t max, struct sealed_file *ret_file, struct failure *reterr) MUST_CHECK;
void sealed_file_close(struct sealed_file *file);

/** A job to read it, of keys that nobody has. */
enum status sealed_file_job(const struct sealed_file *file, uint64_t seconds, struct extract_job *ret_job,
                            struct failure *reterr) MUST_CHECK;

#endif
