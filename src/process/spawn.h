/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starting and ending the other programs. Each runs as a cell: it is given
 * one socket, as descriptor 3, and nothing else of ours, no environment, no
 * descriptors, its standard streams on /dev/null but for standard error. That
 * is memory of a fixed size: what a cell that was taken over writes reaches no
 * terminal, and takes no room.
 */
#ifndef TIDEMARK_PROCESS_SPAWN_H
#define TIDEMARK_PROCESS_SPAWN_H

#include "base/status.h"

#include <stdint.h>
#include <sys/types.h>

struct process {
	pid_t pid;  /* 0: none */
	int socket; /* our end; -1: none */
	int words;  /* its standard error; -1: none of its own */
};

#define PROCESS_NONE ((struct process){.pid = 0, .socket = -1, .words = -1})
#define PROCESS_WORDS_SIZE 200

/** Starts program ("tidemark-extract"), found beside this executable or in ../libexec/tidemark. ABSENT if it is not there. */
enum status spawn_start(const char *program, struct process *ret_process, struct failure *reterr) MUST_CHECK;
/** As spawn_start, in one of its roles: its only argument. */
enum status spawn_start_as(const char *program, const char *role, struct process *ret_process, struct failure *reterr) MUST_CHECK;

/** Where spawn_start would find it, for doctor; the path is written to into. */
enum status spawn_find(const char *program, char *into, size_t size) MUST_CHECK;

/** The first line that it wrote to standard error: text of nobody's making but its own. "" if there is none. Returns into. */
const char *spawn_words(const struct process *process, char into[PROCESS_WORDS_SIZE]);

/** CPU time it has used, in milliseconds; 0 if it is gone. */
int64_t spawn_cpu_time(const struct process *process);

/** Kills it; it must be ended all the same. From any thread, until it is. */
void spawn_kill(const struct process *process);
/** Kills it if it still lives, reaps it, closes the socket. Returns how it ended: OK (exit 0) or CRASHED. Harmless for
 *  PROCESS_NONE. */
enum status spawn_end(struct process *process);
/** Closes the socket, lets it finish by itself within a second, then as spawn_end. */
enum status spawn_finish(struct process *process);

#endif
