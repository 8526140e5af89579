/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a call came to, named for what the caller does next.
 *
 * Every function of this house that can fail returns an enum status and must
 * be checked. Results through ret_ pointers change only on STATUS_OK; a
 * struct failure is filled only when the status is not OK. Failures say where
 * and why in words for a person; they never hold secrets.
 */
#ifndef TIDEMARK_BASE_STATUS_H
#define TIDEMARK_BASE_STATUS_H

#include <stddef.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(at, first) __attribute__((__format__(__printf__, at, first)))

enum status {
	STATUS_OK,
	STATUS_END, /* nothing more to come; not an error */
	/* passing: try again later */
	STATUS_BUSY,
	STATUS_TIMED_OUT,
	STATUS_UNREACHABLE,
	STATUS_TRUNCATED,
	/* final: record it, go on */
	STATUS_ABSENT,
	STATUS_DENIED,
	STATUS_REDIRECTED, /* answered with a place outside of scope */
	STATUS_CHANGED,    /* became another thing while being read */
	STATUS_MALFORMED,
	STATUS_UNSUPPORTED,
	STATUS_ENCRYPTED,
	STATUS_ARCHIVED,
	STATUS_TOO_LARGE,
	STATUS_BOMB, /* spent a budget no honest document spends */
	STATUS_CRASHED,
	STATUS_NEEDS_OCR,
	/* ours: stop */
	STATUS_INTERRUPTED,
	STATUS_NO_MEMORY,
	STATUS_NO_SPACE,
	STATUS_USAGE, /* the person's words are off: exit 2 */
	STATUS_BROKEN,
	STATUS_COUNT
};

struct failure {
	char where[160]; /* to what: a path, a host, an object; escaped when shown */
	char why[256];   /* what happened and what to do */
};

/** The status's name in lower case with underscores, for logs and tests. */
const char *status_name(enum status status);

/** True for the statuses after which the same call may succeed later. */
_Bool status_is_passing(enum status status);

/** True for the statuses that are our fault or our machine's: stop. */
_Bool status_is_ours(enum status status);

/** Fills *reterr (may be NULL) and returns status, so that refusing is one line. */
enum status fail(struct failure *reterr, enum status status, const char *where, const char *why, ...) PRINTF_LIKE(4, 5);

#endif
