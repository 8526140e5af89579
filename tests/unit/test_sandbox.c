/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed children try what their role forbids and what it allows; how they end says what came of it. */
#define _GNU_SOURCE
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* How a child ended: 0 allowed, an errno refused, or KILLED by the filter. */
enum { KILLED = 1000, NOT_SEALED = 250 };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

static char directory[64], inside[96], outside[64];
static int directory_handle;

static int attempt(const struct sandbox_powers *powers, int (*action)(void))
{
	int how;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct failure failure;
		if (sandbox_prepare_child() != STATUS_OK || sandbox_die_with_starter() != STATUS_OK || sandbox_seal(powers, &failure) != STATUS_OK)
			_exit(NOT_SEALED);
		_exit(action());
	}
	assert_int_equal(waitpid(child, &how, 0), child);
	if (WIFSIGNALED(how))
		return WTERMSIG(how) == SIGSYS ? KILLED : -WTERMSIG(how);
	return WEXITSTATUS(how);
}

static int result_of(long result)
{
	return result < 0 ? errno : 0;
}

static int open_outside(void) { return result_of(open(outside, O_RDONLY)); }
static int open_inside(void) { return result_of(open(inside, O_RDONLY)); }
static int write_inside(void) { return result_of(open(inside, O_WRONLY)); }
static int create_inside(void) { return result_of(openat(directory_handle, "new", O_WRONLY | O_CREAT, 0600)); }
static int open_by_handle(void) { return result_of(openat(directory_handle, "inside", O_RDONLY)); }
static int climb_by_handle(void) { return result_of(openat(directory_handle, "../../etc/passwd", O_RDONLY)); }
static int remove_inside(void) { return result_of(unlink(inside)); }
static int make_socket(void) { return result_of(socket(AF_INET, SOCK_STREAM, 0)); }
static int make_local_socket(void) { return result_of(socket(AF_UNIX, SOCK_STREAM, 0)); }
static int make_packet_socket(void) { return result_of(socket(AF_PACKET, SOCK_RAW, 0)); }
static int listen_socket(void) { return result_of(listen(0, 1)); }
static int connect_anything(void) { return result_of(connect(0, &(struct sockaddr){.sa_family = AF_INET}, sizeof(struct sockaddr))); }
static int call_fork(void) { return result_of(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0)); }
static int call_vfork(void) { return result_of(syscall(SYS_vfork)); }
static int trace(void) { return result_of(ptrace(PTRACE_TRACEME, 0, NULL, NULL)); }
static int signal_parent(void) { return result_of(kill(getppid(), 0)); }
static int mount_anything(void) { return result_of(syscall(SYS_mount, "none", "/", "tmpfs", 0, NULL)); }
static int use_ring(void) { return result_of(syscall(SYS_io_uring_setup, 1, NULL)); }
static int use_keys(void) { return result_of(syscall(SYS_keyctl, 0, 0, 0, 0, 0)); }
static int make_namespace(void) { return result_of(syscall(SYS_unshare, 0x10000000)); }

static int open_at_2_outside(void)
{
	struct open_how how = {.flags = O_RDONLY};
	return result_of(syscall(SYS_openat2, AT_FDCWD, outside, &how, sizeof how));
}

static int execute(void)
{
	char *const arguments[] = {(char[]){"true"}, NULL};
	return result_of(execve("/bin/true", arguments, arguments + 1));
}

static int map_executable(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno : 0;
}

static int make_executable(void)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return at == MAP_FAILED ? NOT_SEALED : result_of(mprotect(at, 4096, PROT_READ | PROT_EXEC));
}

/* Reading what was open before, memory, time, a memfd: what a worker lives on. */
static int work(void)
{
	char byte;
	int memory = memfd_create("work", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	void *block = malloc(1 << 20);
	struct timespec now;
	if (memory < 0 || block == NULL || ftruncate(memory, 4096) != 0 || fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK) != 0)
		return 1;
	free(block);
	return pread(memory, &byte, 1, 0) == 1 && clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? 0 : 2;
}

static int take_memory(void)
{
	return malloc((size_t)512 << 20) == NULL ? ENOMEM : 0;
}

static int raise_limit(void)
{
	struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
	return result_of(setrlimit(RLIMIT_AS, &more));
}

static void *do_nothing(void *nothing)
{
	return nothing;
}

static int start_thread(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, do_nothing, NULL);
	return error ? error : pthread_join(thread, NULL);
}

struct trial {
	const char *what;
	int (*action)(void);
	int expected;
};

static void try_all(const struct sandbox_powers *powers, const struct trial *trials, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int found = attempt(powers, trials[i].action);
		if (found != trials[i].expected)
			fail_msg("%s: expected %d, came to %d", trials[i].what, trials[i].expected, found);
	}
}

#define TRY_ALL(powers, trials) try_all(powers, trials, sizeof(trials) / sizeof *(trials))

static void test_extract_has_memory_and_nothing_else(void **state)
{
	const struct sandbox_powers powers = {.role = SANDBOX_EXTRACT, .directory = -1};
	const struct trial trials[] = {
		{"work", work, 0}, {"open", open_outside, EACCES}, {"open its own", open_inside, EACCES},
		{"openat", open_by_handle, EACCES}, {"openat2", open_at_2_outside, EACCES}, {"create", create_inside, EACCES},
		{"unlink", remove_inside, EACCES}, {"executable memory", map_executable, EACCES},
		{"memory made executable", make_executable, EACCES}, {"raise its limit", raise_limit, EACCES},
		{"socket", make_socket, KILLED}, {"local socket", make_local_socket, KILLED}, {"connect", connect_anything, KILLED},
		{"fork", call_fork, KILLED}, {"vfork", call_vfork, KILLED}, {"exec", execute, KILLED}, {"ptrace", trace, KILLED},
		{"kill", signal_parent, KILLED}, {"mount", mount_anything, KILLED}, {"io_uring", use_ring, KILLED},
		{"keyctl", use_keys, KILLED}, {"unshare", make_namespace, KILLED},
	};
	(void)state;
	TRY_ALL(&powers, trials);
}

static void test_memory_is_limited(void **state)
{
	const struct sandbox_powers powers = {.role = SANDBOX_EXTRACT, .directory = -1, .memory_max = 256 << 20};
	(void)state;
	if (IS_SANITIZED)
		skip();
	assert_int_equal(attempt(&powers, take_memory), ENOMEM);
	assert_int_equal(attempt(&powers, work), 0);
}

static void test_walk_reads_beneath_one_directory(void **state)
{
	const struct sandbox_powers powers = {.role = SANDBOX_WALK, .directory = directory_handle};
	const struct trial trials[] = {
		{"work", work, 0}, {"open inside", open_inside, 0}, {"openat inside", open_by_handle, 0},
		{"open outside", open_outside, EACCES}, {"openat2 outside", open_at_2_outside, EACCES},
		{"climb", climb_by_handle, EACCES}, {"write", write_inside, EACCES}, {"create", create_inside, EACCES},
		{"unlink", remove_inside, EACCES}, {"socket", make_socket, KILLED}, {"local socket", make_local_socket, KILLED},
		{"connect", connect_anything, KILLED}, {"fork", call_fork, KILLED}, {"exec", execute, KILLED},
		{"executable memory", map_executable, EACCES},
	};
	(void)state;
	if (sandbox_layers().landlock_abi == 0)
		skip();
	TRY_ALL(&powers, trials);
}

static void test_fetch_has_sockets_and_named_files(void **state)
{
	const char *const readable[] = {inside, "/nowhere/at/all", NULL};
	const struct sandbox_powers powers = {.role = SANDBOX_FETCH, .readable_paths = readable, .directory = -1};
	const struct trial trials[] = {
		{"work", work, 0}, {"socket", make_socket, 0}, {"thread", start_thread, 0}, {"open named", open_inside, 0},
		{"open other", open_outside, EACCES}, {"openat2 other", open_at_2_outside, EACCES}, {"write", write_inside, EACCES},
		{"create", create_inside, EACCES}, {"unlink", remove_inside, EACCES}, {"local socket", make_local_socket, EACCES},
		{"packet socket", make_packet_socket, KILLED}, {"listen", listen_socket, KILLED}, {"fork", call_fork, KILLED},
		{"exec", execute, KILLED}, {"ptrace", trace, KILLED}, {"executable memory", map_executable, EACCES},
	};
	(void)state;
	if (sandbox_layers().landlock_abi == 0)
		skip();
	TRY_ALL(&powers, trials);
}

static int set_up(void **state)
{
	(void)state;
	snprintf(directory, sizeof directory, "/tmp/test-sandbox-XXXXXX");
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(inside, sizeof inside, "%s/inside", directory);
	snprintf(outside, sizeof outside, "/etc/passwd");
	int handle = open(inside, O_WRONLY | O_CREAT, 0600);
	directory_handle = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return handle < 0 || close(handle) != 0 || directory_handle < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(directory_handle);
	unlink(inside);
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_extract_has_memory_and_nothing_else),
		cmocka_unit_test(test_memory_is_limited),
		cmocka_unit_test(test_walk_reads_beneath_one_directory),
		cmocka_unit_test(test_fetch_has_sockets_and_named_files),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
