/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line on standard error that says how far a long command is: share done,
 * rate, time left, failures, current object. Redrawn in place on a terminal, at
 * most ten times a second and once a second has passed; as plain lines every
 * five seconds where it is asked for without one. Figures are the caller's.
 */
#ifndef TIDEMARK_CLI_PROGRESS_H
#define TIDEMARK_CLI_PROGRESS_H

#include "base/buffer.h"

struct progress;

struct progress_figures {
	const char *unit; /* what is counted: "objects", "targets" */
	uint64_t done, failed;
	uint64_t total; /* known so far; 0: not known */
	bool is_total_final;
	uint64_t bytes;       /* read so far */
	uint64_t bytes_total; /* to be read, as far as that is known; 0: not known */
	struct bytes current; /* what is under way, hostile bytes and all; may be empty */
};

/** mode: "auto", "always" or "never". *ret_progress is NULL when nothing is to be shown; every function
 *  takes NULL. */
enum status progress_new(int descriptor, const char *mode, struct progress **ret_progress) MUST_CHECK;
void progress_free(struct progress *progress);

/** Shows them if it is time to. now: clock_monotonic(). */
void progress_show(struct progress *progress, const struct progress_figures *figures, int64_t now);
/** Says that something of unknown length is under way, and since when: at once where progress is always shown, else once a second
 *  has passed. doing: "searching". */
void progress_show_waiting(struct progress *progress, const char *doing, int64_t now);
/** Takes the line away, so that another can be written. */
void progress_clear(struct progress *progress);

/** The line itself, without escapes of the terminal: for tests. rate: of what is counted, a second. Where not all has room
 *  in width, what says least goes first. */
void progress_append_line(struct buffer *into, const struct progress_figures *figures, double rate, double byte_rate,
                          unsigned width);

#endif
