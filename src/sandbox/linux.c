/* SPDX-License-Identifier: Apache-2.0 */
/* Sealing by Landlock (files), seccomp (calls) and resource limits, in this order. */
#define _GNU_SOURCE
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than Debian 12's headers; see the kernel's landlock(7). */
#define ACCESS_FS_REFER (UINT64_C(1) << 13)
#define ACCESS_FS_TRUNCATE (UINT64_C(1) << 14)
#define ACCESS_FS_IOCTL_DEV (UINT64_C(1) << 15)
#define ACCESS_FS_ALL_V1 ((UINT64_C(1) << 13) - 1)
#define ACCESS_NET_BIND_TCP (UINT64_C(1) << 0)

struct ruleset_attributes {
	uint64_t handled_access_fs, handled_access_net;
};

static int landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	return abi > 0 ? (int)abi : 0;
}

struct sandbox_layers sandbox_layers(void)
{
	return (struct sandbox_layers){
		.has_seccomp = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0,
		.landlock_abi = landlock_abi(),
	};
}

enum status sandbox_prepare_child(void)
{
	struct rlimit none = {0, 0};
	bool is_done = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	               setrlimit(RLIMIT_CORE, &none) == 0;
	return is_done ? STATUS_OK : STATUS_BROKEN;
}

enum status sandbox_die_with_starter(void)
{
	pid_t parent = getppid();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return STATUS_BROKEN;
	return getppid() == parent && parent != 1 ? STATUS_OK : STATUS_CRASHED;
}

/* ---- Landlock ---- */

static enum status allow_beneath(int ruleset, int descriptor, uint64_t access)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = descriptor};
	long result = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	return result == 0 ? STATUS_OK : STATUS_BROKEN;
}

static enum status allow_path(int ruleset, const char *path)
{
	struct stat about;
	int descriptor = open(path, O_PATH | O_CLOEXEC);
	if (descriptor < 0)
		return STATUS_OK;
	enum status status = STATUS_BROKEN;
	if (fstat(descriptor, &about) == 0)
		status = allow_beneath(ruleset, descriptor, S_ISDIR(about.st_mode)
			? LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR : LANDLOCK_ACCESS_FS_READ_FILE);
	close(descriptor);
	return status;
}

static enum status allow_powers(int ruleset, const struct sandbox_powers *powers)
{
	enum status status = STATUS_OK;
	for (const char *const *path = powers->readable_paths; path != NULL && *path != NULL && status == STATUS_OK; path++)
		status = allow_path(ruleset, *path);
	if (status == STATUS_OK && powers->directory >= 0)
		status = allow_beneath(ruleset, powers->directory, LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR);
	return status;
}

static enum status restrict_files(const struct sandbox_powers *powers)
{
	int abi = landlock_abi();
	struct ruleset_attributes attributes = {.handled_access_fs = ACCESS_FS_ALL_V1};
	if (abi == 0)
		return STATUS_OK;
	if (abi >= 2)
		attributes.handled_access_fs |= ACCESS_FS_REFER;
	if (abi >= 3)
		attributes.handled_access_fs |= ACCESS_FS_TRUNCATE;
	if (abi >= 5)
		attributes.handled_access_fs |= ACCESS_FS_IOCTL_DEV;
	size_t size = offsetof(struct ruleset_attributes, handled_access_net);
	if (abi >= 4) {
		attributes.handled_access_net = ACCESS_NET_BIND_TCP;
		size = sizeof attributes;
	}
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
	if (ruleset < 0)
		return STATUS_BROKEN;
	enum status status = allow_powers(ruleset, powers);
	if (status == STATUS_OK && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		status = STATUS_BROKEN;
	close(ruleset);
	return status;
}

/* ---- seccomp ---- */

/* What both programs need: memory, time, signals of their own, and the descriptors they were given. */
static const int common_calls[] = {
	SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev), SCMP_SYS(pread64), SCMP_SYS(lseek),
	SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(ftruncate), SCMP_SYS(sendmsg), SCMP_SYS(recvmsg), SCMP_SYS(poll),
	SCMP_SYS(ppoll), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(futex),
	SCMP_SYS(getrandom), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall), SCMP_SYS(clock_gettime), SCMP_SYS(nanosleep),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getpid), SCMP_SYS(gettid),
	SCMP_SYS(getppid), SCMP_SYS(tgkill), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(sysinfo),
	SCMP_SYS(getrusage), SCMP_SYS(uname), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
	SCMP_SYS(memfd_create), SCMP_SYS(fcntl), SCMP_SYS(rseq), SCMP_SYS(membarrier), SCMP_SYS(set_robust_list),
};

/* Both kinds of fetch open files; Landlock says which. */
static const int open_calls[] = {
	SCMP_SYS(openat2), SCMP_SYS(openat), SCMP_SYS(open), SCMP_SYS(getdents64), SCMP_SYS(newfstatat), SCMP_SYS(stat),
	SCMP_SYS(lstat), SCMP_SYS(statx), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(access),
	SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(fstatfs), SCMP_SYS(getcwd), SCMP_SYS(fadvise64),
	SCMP_SYS(copy_file_range), SCMP_SYS(sendfile), SCMP_SYS(pwrite64),
};

static const int network_calls[] = {
	SCMP_SYS(connect), SCMP_SYS(sendto), SCMP_SYS(recvfrom),
	SCMP_SYS(sendmmsg), SCMP_SYS(recvmmsg), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(getsockname),
	SCMP_SYS(getpeername), SCMP_SYS(shutdown), SCMP_SYS(pipe2), SCMP_SYS(eventfd2), SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(select), SCMP_SYS(pselect6),
	SCMP_SYS(socketpair), SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3),
};

/* Answered with EACCES rather than death: libraries try these and can do without. */
static const int refused_calls[] = {
	SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(creat), SCMP_SYS(stat), SCMP_SYS(lstat),
	SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd), SCMP_SYS(chdir), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
	SCMP_SYS(mkdir), SCMP_SYS(rename), SCMP_SYS(ioctl), SCMP_SYS(prlimit64), SCMP_SYS(sched_setaffinity),
	SCMP_SYS(sched_getparam), SCMP_SYS(sched_getscheduler), SCMP_SYS(mlock), SCMP_SYS(flock), SCMP_SYS(getdents64),
};

#define COUNT(calls) (sizeof(calls) / sizeof *(calls))

static int allow_all(scmp_filter_ctx filter, const int *calls, size_t count)
{
	int failed = 0;
	for (size_t i = 0; i < count; i++)
		failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	return failed;
}

static bool has_call(const int *calls, size_t count, int call)
{
	for (size_t i = 0; i < count; i++)
		if (calls[i] == call)
			return true;
	return false;
}

/* Calls that the role is allowed are passed over: two actions for one call do not go together. */
static int refuse_all(scmp_filter_ctx filter, enum sandbox_role role)
{
	int failed = 0;
	for (size_t i = 0; i < COUNT(refused_calls); i++)
		if (role == SANDBOX_EXTRACT || !has_call(open_calls, COUNT(open_calls), refused_calls[i]))
			failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused_calls[i], 0);
	return failed;
}

/* New memory may never be executable; a library that tries to load a module is told so. */
static int allow_plain_memory(scmp_filter_ctx filter)
{
	const int calls[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
	struct scmp_arg_cmp plain = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	struct scmp_arg_cmp executable = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC);
	int failed = 0;
	for (size_t i = 0; i < COUNT(calls); i++) {
		failed |= seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, calls[i], 1, &plain);
		failed |= seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EACCES), calls[i], 1, &executable);
	}
	return failed;
}

static int allow_socket(scmp_filter_ctx filter, int family)
{
	struct scmp_arg_cmp is_family = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)family, 0);
	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, &is_family);
}

/* Name resolution asks the kernel for its addresses by netlink, which has to be bound; it and curl start threads. */
static int allow_network(scmp_filter_ctx filter)
{
	struct scmp_arg_cmp is_thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD);
	return allow_socket(filter, AF_INET) | allow_socket(filter, AF_INET6) | allow_socket(filter, AF_NETLINK) |
	       seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 1,
	                        SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)AF_UNIX, 0)) |
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(bind), 0) |
	       seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, &is_thread) |
	       seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

static enum status restrict_calls(enum sandbox_role role)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (filter == NULL)
		return STATUS_BROKEN;
	int failed = allow_all(filter, common_calls, COUNT(common_calls));
	failed |= allow_plain_memory(filter);
	if (role != SANDBOX_EXTRACT)
		failed |= allow_all(filter, open_calls, COUNT(open_calls));
	if (role == SANDBOX_FETCH) {
		failed |= allow_all(filter, network_calls, COUNT(network_calls));
		failed |= allow_network(filter);
	}
	failed |= refuse_all(filter, role);
	if (failed == 0)
		failed = seccomp_load(filter);
	seccomp_release(filter);
	return failed == 0 ? STATUS_OK : STATUS_BROKEN;
}

static enum status limit_memory(uint64_t memory_max)
{
	struct rlimit limit = {memory_max, memory_max};
	if (memory_max == 0)
		return STATUS_OK;
	return setrlimit(RLIMIT_AS, &limit) == 0 ? STATUS_OK : STATUS_BROKEN;
}

enum status sandbox_seal(const struct sandbox_powers *powers, struct failure *reterr)
{
	if (limit_memory(powers->memory_max) != STATUS_OK)
		return fail(reterr, STATUS_BROKEN, "sandbox", "could not limit memory: %s", strerror(errno));
	if (restrict_files(powers) != STATUS_OK)
		return fail(reterr, STATUS_BROKEN, "sandbox", "Landlock could not be put on: %s", strerror(errno));
	if (restrict_calls(powers->role) != STATUS_OK)
		return fail(reterr, STATUS_BROKEN, "sandbox", "seccomp could not be put on");
	return STATUS_OK;
}
