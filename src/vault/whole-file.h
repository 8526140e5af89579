/* SPDX-License-Identifier: Apache-2.0 */
/* A small file that appears whole and durable under its name, or not at all. Internal to vault/. */
#ifndef TIDEMARK_VAULT_WHOLE_FILE_H
#define TIDEMARK_VAULT_WHOLE_FILE_H

#include "base/bytes.h"
#include "base/status.h"

#include <stddef.h>

/** Creates path (0600) with these contents. What is there already stays untouched: OK with *ret_is_new false.
 *  ABSENT: no such directory. DENIED, NO_SPACE, NO_MEMORY, BROKEN. */
enum status whole_file_create(const char *path, struct bytes contents, bool *ret_is_new, struct failure *reterr) MUST_CHECK;

/** Makes a name in path's directory durable. */
enum status whole_file_settle_directory(const char *path, struct failure *reterr) MUST_CHECK;

/** The directory that path lies in, to be freed by the caller; NULL without memory. */
char *whole_file_directory_of(const char *path) MUST_CHECK;

/** What an errno comes to. */
enum status whole_file_status(int error) MUST_CHECK;
/** Says in words how a deed ended in that errno; returns its status. */
enum status whole_file_fail(struct failure *reterr, const char *path, int error, const char *deed);

#endif
