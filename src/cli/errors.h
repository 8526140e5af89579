/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines on standard error: "tidemark: WHAT: to WHAT: why; what to do". One
 * line, one write; whatever stands in it is escaped.
 */
#ifndef TIDEMARK_CLI_ERRORS_H
#define TIDEMARK_CLI_ERRORS_H

#include "cli/session.h"

/** what: the command, or NULL before it is known. An empty where is left out; an empty why becomes the
 *  status in words. */
void errors_show(const char *what, enum status status, const struct failure *failure);
/** A line of other words than a failure's: where and why may be empty. */
void errors_say(const char *what, const char *where, const char *why);
/** The same line into a buffer, line end included: for tests. */
void errors_append_line(struct buffer *into, const char *what, const char *where, const char *why);

enum exit_code errors_exit_code(enum status status);

#endif
