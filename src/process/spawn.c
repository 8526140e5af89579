/* SPDX-License-Identifier: Apache-2.0 */
/* posix_spawn of siblings, with nothing of our own environment. */
#define _GNU_SOURCE
#include "process/spawn.h"

#include "base/clock.h"
#include "base/text.h"
#include "wire/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROCESS_SOCKET = 3, FINISH_MS = 1000, WORDS_MAX = 4096 };

/* A sanitizer's report is for the person who runs the tests. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KEEPS_WORDS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define KEEPS_WORDS 0
#endif
#endif
#ifndef KEEPS_WORDS
#define KEEPS_WORDS 1
#endif

enum status spawn_find(const char *program, char *into, size_t size)
{
	char own[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
	if (length <= 0)
		return STATUS_BROKEN;
	own[length] = '\0';
	char *slash = strrchr(own, '/');
	if (slash == NULL)
		return STATUS_BROKEN;
	*slash = '\0';
	static const char *const places[] = {"", "/..", "/../libexec/tidemark"};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		int written = snprintf(into, size, "%s%s/%s", own, places[i], program);
		if (written > 0 && (size_t)written < size && access(into, X_OK) == 0)
			return STATUS_OK;
	}
	return STATUS_ABSENT;
}

/* Memory that never grows: a write beyond it fails. -1 where there is none, or where standard error is to be ours. */
static int open_words(void)
{
	int words = KEEPS_WORDS ? memfd_create("words", MFD_CLOEXEC | MFD_ALLOW_SEALING) : -1;
	if (words >= 0 &&
	    (ftruncate(words, WORDS_MAX) != 0 || fcntl(words, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0)) {
		close(words);
		words = -1;
	}
	return words;
}

static void close_words(int words)
{
	if (words >= 0)
		close(words);
}

static int direct_words(posix_spawn_file_actions_t *actions, int words)
{
	if (words >= 0)
		return posix_spawn_file_actions_adddup2(actions, words, STDERR_FILENO);
	return KEEPS_WORDS ? posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) : 0;
}

/* The cell's end becomes descriptor 3; everything else of ours is close-on-exec, and closed once more from 4 on. */
static enum status prepare_descriptors(posix_spawn_file_actions_t *actions, int socket, int words)
{
	if (posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0) != 0 ||
	    posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0) != 0 || direct_words(actions, words) != 0 ||
	    posix_spawn_file_actions_adddup2(actions, socket, PROCESS_SOCKET) != 0 ||
	    posix_spawn_file_actions_addclosefrom_np(actions, PROCESS_SOCKET + 1) != 0)
		return STATUS_BROKEN;
	return STATUS_OK;
}

/* Ctrl-C is the parent's affair: a group of its own keeps the terminal's signals from the cell. */
static enum status prepare_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, defaults;
	sigemptyset(&none);
	sigfillset(&defaults);
	short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
	if (posix_spawnattr_setflags(attributes, flags) != 0 || posix_spawnattr_setpgroup(attributes, 0) != 0 ||
	    posix_spawnattr_setsigmask(attributes, &none) != 0 || posix_spawnattr_setsigdefault(attributes, &defaults) != 0)
		return STATUS_BROKEN;
	return STATUS_OK;
}

static enum status launch(const char *path, const char *role, int socket, int words, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char *const arguments[] = {(char *)(uintptr_t)path, (char *)(uintptr_t)role, NULL};
	/* All symbols bound and big pages in the heap before the first fork: else each worker pays for them again. */
	char *const environment[] = {(char[]){"LD_BIND_NOW=1"}, (char[]){"GLIBC_TUNABLES=glibc.malloc.hugetlb=1"}, NULL};
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	enum status status = prepare_descriptors(&actions, socket, words);
	if (status == STATUS_OK)
		status = prepare_attributes(&attributes);
	if (status == STATUS_OK && posix_spawn(ret_pid, path, &actions, &attributes, arguments, environment) != 0)
		status = STATUS_BROKEN;
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return status;
}

enum status spawn_start_as(const char *program, const char *role, struct process *ret_process, struct failure *reterr)
{
	char path[PATH_MAX];
	int ends[2];
	pid_t pid;
	if (spawn_find(program, path, sizeof path) != STATUS_OK)
		return fail(reterr, STATUS_ABSENT, program, "is not beside tidemark; build or install all programs");
	if (wire_pair(ends) != STATUS_OK)
		return fail(reterr, STATUS_BROKEN, program, "no socket for it: %s", strerror(errno));
	int words = open_words();
	enum status status = launch(path, role, ends[1], words, &pid);
	close(ends[1]);
	if (status != STATUS_OK) {
		close(ends[0]);
		close_words(words);
		return fail(reterr, status, path, "could not be started: %s", strerror(errno));
	}
	*ret_process = (struct process){.pid = pid, .socket = ends[0], .words = words};
	return STATUS_OK;
}

enum status spawn_start(const char *program, struct process *ret_process, struct failure *reterr)
{
	return spawn_start_as(program, NULL, ret_process, reterr);
}

const char *spawn_words(const struct process *process, char into[PROCESS_WORDS_SIZE])
{
	unsigned char raw[WORDS_MAX];
	ssize_t length = process->words >= 0 ? pread(process->words, raw, sizeof raw, 0) : 0;
	struct buffer text = buffer_with_ceiling(4 * WORDS_MAX);
	struct bytes said = bytes_of(raw, length > 0 ? (size_t)length : 0);
	said = bytes_trim(bytes_slice(said, 0, bytes_find_byte(said, 0)));
	text_append_repaired(&text, bytes_slice(said, 0, bytes_find_byte(said, '\n')));
	struct bytes kept = bytes_slice(buffer_bytes(&text), 0, PROCESS_WORDS_SIZE - 1);
	kept.len = text_valid_length(kept);
	if (kept.len > 0)
		memcpy(into, kept.at, kept.len);
	into[kept.len] = '\0';
	buffer_free(&text);
	return into;
}

int64_t spawn_cpu_time(const struct process *process)
{
	clockid_t clock;
	struct timespec used;
	if (process->pid <= 0 || clock_getcpuclockid(process->pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
		return 0;
	return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

static enum status reap(struct process *process)
{
	int how = 0;
	pid_t got;
	do
		got = waitpid(process->pid, &how, 0);
	while (got < 0 && errno == EINTR);
	close_words(process->words);
	*process = PROCESS_NONE;
	return got > 0 && WIFEXITED(how) && WEXITSTATUS(how) == 0 ? STATUS_OK : STATUS_CRASHED;
}

void spawn_kill(const struct process *process)
{
	if (process->pid > 0)
		kill(process->pid, SIGKILL);
}

enum status spawn_end(struct process *process)
{
	if (process->socket >= 0)
		close(process->socket);
	process->socket = -1;
	if (process->pid <= 0)
		return STATUS_OK;
	spawn_kill(process);
	return reap(process);
}

enum status spawn_finish(struct process *process)
{
	if (process->socket >= 0)
		close(process->socket);
	process->socket = -1;
	int64_t deadline = clock_monotonic() + FINISH_MS;
	siginfo_t about;
	while (process->pid > 0 && clock_monotonic() < deadline) {
		memset(&about, 0, sizeof about);
		if (waitid(P_PID, (id_t)process->pid, &about, WEXITED | WNOHANG | WNOWAIT) != 0 || about.si_pid != 0)
			return reap(process);
		usleep(1000);
	}
	return spawn_end(process);
}
