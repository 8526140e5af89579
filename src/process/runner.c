/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "process/runner.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SLICE_MS = 20, ENVIRONMENT_MAX = 8 };

/* ---- words ---- */

/* One word from *at on, its quotation marks taken off. False: one is never closed. */
static bool take_word(struct bytes line, size_t *at, struct buffer *word)
{
	unsigned char quote = 0;
	for (; *at < line.len; (*at)++) {
		unsigned char c = line.at[*at];
		if (quote != 0 && c == quote)
			quote = 0;
		else if (quote == 0 && (c == '\'' || c == '"'))
			quote = c;
		else if (quote == 0 && (c == ' ' || c == '\t'))
			break;
		else
			buffer_append_byte(word, c);
	}
	return quote == 0;
}

enum status runner_split(struct bytes line, struct arena *arena, char **ret_words[], struct failure *reterr)
{
	char **words = arena_allocate(arena, (RUNNER_WORDS_MAX + 1) * sizeof *words);
	struct buffer word = buffer_with_ceiling(1 << 16);
	enum status status = words != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	size_t count = 0, at = 0;
	while (status == STATUS_OK) {
		while (at < line.len && (line.at[at] == ' ' || line.at[at] == '\t'))
			at++;
		if (at == line.len)
			break;
		buffer_reset(&word);
		if (count == RUNNER_WORDS_MAX || !take_word(line, &at, &word))
			status = fail(reterr, STATUS_USAGE, "--run", "too many words, or a quotation mark that is never closed");
		else if ((words[count++] = arena_copy_string(arena, buffer_bytes(&word))) == NULL)
			status = STATUS_NO_MEMORY;
	}
	buffer_free(&word);
	if (status == STATUS_OK && (count == 0 || words[0][0] == '\0'))
		status = fail(reterr, STATUS_USAGE, "--run", "names no command");
	if (status != STATUS_OK)
		return status;
	words[count] = NULL;
	*ret_words = words;
	return STATUS_OK;
}

/* ---- running ---- */

/* A file of memory: whoever reads it at any pace keeps nobody waiting. */
static int hold_input(struct bytes input)
{
	int descriptor = memfd_create("alert", MFD_CLOEXEC);
	for (size_t done = 0; descriptor >= 0 && done < input.len;) {
		ssize_t written = pwrite(descriptor, input.at + done, input.len - done, (off_t)done);
		if (written <= 0) {
			close(descriptor);
			return -1;
		}
		done += (size_t)written;
	}
	return descriptor;
}

static void pick_environment(char *into[ENVIRONMENT_MAX])
{
	static const char *const names[] = {"PATH=", "HOME=", "USER=", "LANG=", "LC_ALL=", "TZ="};
	size_t count = 0;
	for (char **at = environ; *at != NULL; at++)
		for (size_t i = 0; i < sizeof names / sizeof *names && count + 1 < ENVIRONMENT_MAX; i++)
			if (strncmp(*at, names[i], strlen(names[i])) == 0)
				into[count++] = *at;
	into[count] = NULL;
}

static int launch(char *const words[], int input, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char *environment[ENVIRONMENT_MAX];
	sigset_t none, defaults;
	sigemptyset(&none);
	sigfillset(&defaults);
	pick_environment(environment);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	int error = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	if (error == 0)
		error = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	if (error == 0)
		error = posix_spawnattr_setflags(&attributes,
		                                 POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	if (error == 0)
		error = posix_spawnattr_setsigmask(&attributes, &none);
	if (error == 0)
		error = posix_spawnattr_setsigdefault(&attributes, &defaults);
	if (error == 0)
		error = posix_spawnp(ret_pid, words[0], &actions, &attributes, words, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

static enum status tell_end(const char *name, int how, struct failure *reterr)
{
	if (WIFEXITED(how) && WEXITSTATUS(how) == 0)
		return STATUS_OK;
	if (WIFEXITED(how))
		return fail(reterr, STATUS_CRASHED, name, "ended with %d", WEXITSTATUS(how));
	return fail(reterr, STATUS_CRASHED, name, "was ended by signal %d", WTERMSIG(how));
}

static enum status wait_for(pid_t pid, const char *name, uint32_t milliseconds, const struct fetch_wait *wait,
                            struct failure *reterr)
{
	const int64_t until = clock_monotonic() + milliseconds;
	int how = 0;
	for (;;) {
		pid_t got = waitpid(pid, &how, WNOHANG);
		if (got == pid)
			return tell_end(name, how, reterr);
		if (got < 0 && errno != EINTR)
			return fail(reterr, STATUS_CRASHED, name, "cannot be waited for");
		bool is_late = clock_monotonic() >= until;
		if (is_late || (wait != NULL && wait->is_interrupted(wait->context))) {
			kill(-pid, SIGKILL);
			waitpid(pid, &how, 0);
			return is_late ? fail(reterr, STATUS_TIMED_OUT, name, "did not end within %u s", milliseconds / 1000)
			               : fail(reterr, STATUS_INTERRUPTED, name, "was interrupted");
		}
		nanosleep(&(struct timespec){.tv_nsec = SLICE_MS * 1000000}, NULL);
	}
}

enum status runner_run(char *const words[], struct bytes input, uint32_t milliseconds, const struct fetch_wait *wait,
                       struct failure *reterr)
{
	pid_t pid = 0;
	int descriptor = hold_input(input);
	if (descriptor < 0)
		return fail(reterr, STATUS_NO_MEMORY, words[0], "no memory for its input");
	int error = launch(words, descriptor, &pid);
	close(descriptor);
	if (error != 0)
		return fail(reterr, STATUS_ABSENT, words[0], "could not be started (%s)", strerror(error));
	return wait_for(pid, words[0], milliseconds, wait, reterr);
}
