/* SPDX-License-Identifier: Apache-2.0 */
/* A pipe, a child, a deadline. */
#define _GNU_SOURCE
#include "cli/program-version.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEADLINE_MS = 5000, ANSWER_MAX = 64 * 1024, PIECE = 4096 };

static enum status start(const char *path, int output, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	char *const arguments[] = {(char *)(uintptr_t)path, (char *)(uintptr_t) "--version", NULL};
	char *const environment[] = {NULL};
	posix_spawn_file_actions_init(&actions);
	bool is_ready = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) == 0 &&
	                posix_spawn_file_actions_adddup2(&actions, output, 1) == 0 &&
	                posix_spawn_file_actions_addclosefrom_np(&actions, 3) == 0;
	if (is_ready)
		is_ready = posix_spawn(ret_pid, path, &actions, NULL, arguments, environment) == 0;
	posix_spawn_file_actions_destroy(&actions);
	return is_ready ? STATUS_OK : STATUS_BROKEN;
}

static enum status read_answer(int input, struct buffer *into)
{
	int64_t deadline = clock_monotonic() + DEADLINE_MS;
	unsigned char piece[PIECE];
	for (;;) {
		int64_t left = deadline - clock_monotonic();
		if (left <= 0)
			return STATUS_TIMED_OUT;
		int ready = poll(&(struct pollfd){.fd = input, .events = POLLIN}, 1, (int)left);
		if (ready < 0 && errno != EINTR)
			return STATUS_BROKEN;
		if (ready <= 0)
			continue;
		ssize_t got = read(input, piece, sizeof piece);
		if (got == 0)
			return STATUS_OK;
		if (got < 0 && errno != EINTR)
			return STATUS_BROKEN;
		if (got > 0 && into->len + (size_t)got <= ANSWER_MAX)
			buffer_append(into, bytes_of(piece, (size_t)got));
	}
}

enum status program_version_ask(const char *path, struct buffer *into)
{
	int ends[2], how = 0;
	pid_t pid, got;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return STATUS_BROKEN;
	enum status status = start(path, ends[1], &pid);
	close(ends[1]);
	if (status == STATUS_OK) {
		status = read_answer(ends[0], into);
		if (status != STATUS_OK)
			kill(pid, SIGKILL);
		do
			got = waitpid(pid, &how, 0);
		while (got < 0 && errno == EINTR);
		if (status == STATUS_OK && (got < 0 || !WIFEXITED(how) || WEXITSTATUS(how) != 0))
			status = STATUS_CRASHED;
	}
	close(ends[0]);
	return status == STATUS_OK ? buffer_status(into) : status;
}
