/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A format that does what no format may, for tests of the cell around it. The
 * word behind its mark names the trespass; what came of it is emitted as text,
 * "open: EACCES", if the process lives to tell. Built only with
 * -Dtest_formats=true.
 */
#define _GNU_SOURCE
#include "format/format.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static int bid(struct bytes head, struct source *source);
static enum status extract(struct source *source, struct emitter *emitter);

const struct format format_trespassing = {
	.name = "trespassing",
	.media_type = "application/x-tidemark-test-trespass",
	.bid = bid,
	.extract = extract,
};

/* Each returns a negative number, and sets errno, when it was refused. */

static long try_open(void)
{
	return open("/etc/passwd", O_RDONLY);
}

static long try_open_at(void)
{
	return syscall(SYS_openat, AT_FDCWD, "/proc/self/environ", O_RDONLY);
}

static long try_open_at_2(void)
{
	struct open_how how = {.flags = O_RDONLY};
	return syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", &how, sizeof how);
}

static long try_create(void)
{
	return open("/tmp/tidemark-trespass", O_WRONLY | O_CREAT, 0600);
}

static long try_stat(void)
{
	return access("/etc/passwd", R_OK);
}

static long try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static long try_local_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static long try_connect(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/systemd/notify"};
	return connect(0, (const struct sockaddr *)&address, sizeof address);
}

static long try_fork(void)
{
	return fork();
}

static long try_clone(void)
{
	return syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0);
}

static long try_exec(void)
{
	char *const arguments[] = {(char[]){"true"}, NULL};
	return execve("/bin/true", arguments, arguments + 1);
}

static long try_exec_handle(void)
{
	char *const arguments[] = {(char[]){"program"}, NULL};
	return syscall(SYS_execveat, 0, "", arguments, arguments + 1, AT_EMPTY_PATH);
}

/* Memory that no limit of a process counts. */
static long try_memory(void)
{
	return memfd_create("hidden", 0);
}

static long try_ptrace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static long try_kill(void)
{
	return kill(getppid(), SIGTERM);
}

static long try_kill_thread(void)
{
	return syscall(SYS_tgkill, getppid(), getppid(), SIGTERM);
}

static long try_own_signals(void)
{
	return fcntl(3, F_SETOWN, getppid());
}

static long try_terminal(void)
{
	return ioctl(2, TIOCSTI, "x");
}

static long try_executable_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
}

static long try_executable_file(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, 0, 0) == MAP_FAILED ? -1 : 0;
}

static long try_protect(void)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return at == MAP_FAILED ? -1 : mprotect(at, 4096, PROT_READ | PROT_EXEC);
}

static long try_ring(void)
{
	return syscall(SYS_io_uring_setup, 1, NULL);
}

/* clang-format off */
static const struct {
	const char *word;
	long (*attempt)(void);
} trespasses[] = {
	{"open", try_open}, {"openat", try_open_at}, {"openat2", try_open_at_2}, {"create", try_create}, {"stat", try_stat},
	{"socket", try_socket}, {"local-socket", try_local_socket}, {"connect", try_connect}, {"fork", try_fork},
	{"clone", try_clone}, {"exec", try_exec}, {"exec-handle", try_exec_handle}, {"memory", try_memory}, {"ptrace", try_ptrace}, {"kill", try_kill},
	{"kill-thread", try_kill_thread}, {"own-signals", try_own_signals}, {"terminal", try_terminal},
	{"executable-memory", try_executable_memory}, {"executable-file", try_executable_file}, {"protect", try_protect},
	{"io-uring", try_ring},
};
/* clang-format on */

#define MARK BYTES_LITERAL("TIDEMARK-TEST-TRESPASS ")

static int bid(struct bytes head, struct source *source)
{
	(void)source;
	return bytes_start_with(head, MARK) ? 100 : 0;
}

static const char *name_error(int error)
{
	return error == EACCES ? "EACCES" : error == EPERM ? "EPERM" : error == ENOSYS ? "ENOSYS" : "another error";
}

static enum status extract(struct source *source, struct emitter *emitter)
{
	struct bytes head;
	char line[80];
	enum status status = source_view(source, 0, 256, &head);
	if (status != STATUS_OK)
		return status;
	struct bytes word = bytes_trim(bytes_from(head, MARK.len));
	for (size_t i = 0; i < sizeof trespasses / sizeof *trespasses; i++) {
		if (!bytes_equal_string(word, trespasses[i].word))
			continue;
		errno = 0;
		long result = trespasses[i].attempt();
		snprintf(line, sizeof line, "%s: %s\n", trespasses[i].word, result < 0 ? name_error(errno) : "allowed");
		return emit_text(emitter, bytes_of_string(line));
	}
	return STATUS_MALFORMED;
}
