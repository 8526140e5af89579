/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A command of the operator's own, never through a shell: cut into words, started
 * in a process group of its own, given a text on standard input. What it prints
 * goes to our standard error; of our environment it gets PATH, HOME, USER, LANG,
 * LC_ALL and TZ, so no secret.
 */
#ifndef TIDEMARK_PROCESS_RUNNER_H
#define TIDEMARK_PROCESS_RUNNER_H

#include "base/arena.h"
#include "process/fetcher.h"

#define RUNNER_WORDS_MAX 256

/** Words stand apart by blanks and tabs; '...' and "..." keep them together, and can stand beside other letters of a word. Nothing
 *  else means anything: no backslash, variable, glob or pipe. USAGE: no word, or a quotation mark that is never closed. */
enum status runner_split(struct bytes line, struct arena *arena, char **ret_words[], struct failure *reterr) MUST_CHECK;

/** OK: it exited with 0. ABSENT: it could not be started, and saw nothing. CRASHED: it ended otherwise. TIMED_OUT, INTERRUPTED: its
 *  group was killed. */
enum status runner_run(char *const words[], struct bytes input, uint32_t milliseconds, const struct fetch_wait *wait,
                       struct failure *reterr) MUST_CHECK;

#endif
