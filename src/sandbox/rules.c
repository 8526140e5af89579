/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever adds a row says what needs it; who finds that nothing does takes it out. */
#define _GNU_SOURCE
#include "sandbox/rules.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

const char *const role_names[SANDBOX_ROLE_COUNT] = {
	[SANDBOX_EXTRACT] = "extract", [SANDBOX_ZYGOTE] = "zygote", [SANDBOX_FETCH] = "fetch",   [SANDBOX_WALK] = "walk",
	[SANDBOX_PROVE] = "prove",     [SANDBOX_SEND] = "send",     [SANDBOX_LISTEN] = "listen",
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define IS_SANITIZED
#endif
#endif

enum {
	OF_ALL = OF_EXTRACT | OF_ZYGOTE | OF_FETCH | OF_WALK | OF_PROVE | OF_SEND | OF_LISTEN,
	OF_READING = OF_EXTRACT | OF_ZYGOTE, /* what a worker needs its zygote needs: the one's filter lies upon the other's */
	OF_FETCHING = OF_FETCH | OF_WALK,
};

#define CALL(call) \
	{ \
#call, (uint64_t)SCMP_SYS(call) \
	}
#define VALUE(value) \
	{ \
#value, (uint64_t)(value) \
	}
#define CALLS(...) ((const struct named_number[]){__VA_ARGS__, {NULL, 0}})
#define VALUES(...) CALLS(__VA_ARGS__)
#define WHEN(...) ((const struct condition[]){__VA_ARGS__, {.kind = CONDITION_END}})
#define IS(at, called, ...) \
	{ \
		.kind = CONDITION_IS, .argument = at, .name = called, .values = VALUES(__VA_ARGS__) \
	}
#define IS_BUT_FOR(at, called, bits, ...) \
	{ \
		.kind = CONDITION_IS, .argument = at, .name = called, .values = VALUES(__VA_ARGS__), .ignored = bits \
	}
#define WITH(at, called, ...) \
	{ \
		.kind = CONDITION_HAS, .argument = at, .name = called, .with = __VA_ARGS__ \
	}
#define WITHOUT(at, called, ...) \
	{ \
		.kind = CONDITION_HAS, .argument = at, .name = called, .without = __VA_ARGS__ \
	}

/* ---- system calls ---- */

#define NAMESPACES \
	{ \
		"CLONE_NEW*", CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | \
				      CLONE_NEWNET \
	}
#define TO_WRITE \
	{ \
		"O_WRONLY, O_RDWR, O_CREAT, O_TRUNC or O_TMPFILE", \
			O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY) \
	}
#define SOCKET_FLAGS \
	{ \
		"SOCK_NONBLOCK and SOCK_CLOEXEC", SOCK_NONBLOCK | SOCK_CLOEXEC \
	}
#define FORK \
	{ \
		"CLONE_CHILD_SETTID|CLONE_CHILD_CLEARTID|SIGCHLD", CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD \
	}

/* clang-format off */
const struct call_row call_rows[] = {
	{OF_ALL, 0, CALLS(CALL(read), CALL(write), CALL(readv), CALL(writev), CALL(pread64), CALL(lseek), CALL(fstat), CALL(close),
	                  CALL(recvmsg), CALL(poll), CALL(ppoll)),
	 NULL, "descriptors it was given"},
	{OF_ALL & ~(unsigned)(OF_NETWORK | OF_LISTEN), 0, CALLS(CALL(sendmsg)), NULL, "frames to tidemark"},
	{OF_ALL, 0, CALLS(CALL(mmap), CALL(mprotect)), WHEN(WITHOUT(2, "prot", VALUE(PROT_EXEC))), "memory, within its limit"},
	{OF_ALL, EACCES, CALLS(CALL(mmap), CALL(mprotect)), WHEN(WITH(2, "prot", VALUE(PROT_EXEC))),
	 "no code but its own: a library that would load a module is told"},
	{OF_ALL, 0, CALLS(CALL(munmap), CALL(mremap), CALL(madvise), CALL(brk)), NULL, "memory, within its limit"},
	{OF_ALL, 0, CALLS(CALL(futex), CALL(set_robust_list), CALL(rseq), CALL(membarrier), CALL(sched_yield)), NULL, "locks and threads"},
	{OF_ALL, 0, CALLS(CALL(clock_gettime), CALL(gettimeofday), CALL(time), CALL(nanosleep), CALL(clock_nanosleep),
	                  CALL(restart_syscall), CALL(getrandom)),
	 NULL, "time and random numbers"},
	{OF_ALL, 0, CALLS(CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigreturn), CALL(sigaltstack), CALL(exit), CALL(exit_group)),
	 NULL, "its own signals and end"},
	{OF_ALL & ~(unsigned)OF_ZYGOTE, 0, CALLS(CALL(tgkill)), WHEN({.kind = CONDITION_IS_OWN, .argument = 0, .name = "tgid"}), "abort"},
	{OF_ZYGOTE, 0, CALLS(CALL(tgkill)), WHEN(IS(2, "sig", VALUE(SIGABRT))), "abort, in a worker too"},
	{OF_ALL, 0, CALLS(CALL(getpid), CALL(gettid), CALL(getppid), CALL(getuid), CALL(geteuid), CALL(getgid), CALL(getegid), CALL(uname),
	                  CALL(sysinfo), CALL(getrusage), CALL(sched_getaffinity)),
	 NULL, "what it is and where it runs"},
	{OF_READING, 0, CALLS(CALL(fcntl)), WHEN(IS(1, "cmd", VALUE(F_GETFD), VALUE(F_GETFL), VALUE(F_GET_SEALS))),
	 "whether what it was given is sealed"},
	/* Forking, and in the fork the way to a worker's own seal. */
	{OF_ZYGOTE, 0, CALLS(CALL(clone)), WHEN(IS(0, "flags", FORK)), "fork a worker"},
	{OF_ZYGOTE, 0, CALLS(CALL(wait4)), NULL, "reap its workers"},
	{OF_ZYGOTE, 0, CALLS(CALL(kill)), WHEN(IS(1, "sig", VALUE(SIGKILL))), "end its workers; Landlock: no others"},
	{OF_ZYGOTE, 0, CALLS(CALL(prctl)), WHEN(IS(0, "option", VALUE(PR_SET_PDEATHSIG), VALUE(PR_SET_NO_NEW_PRIVS))),
	 "a worker dies with it and gains nothing"},
	{OF_ZYGOTE, 0, CALLS(CALL(prlimit64)), WHEN(IS(0, "pid", {"0", 0})), "a worker limits itself"},
	{OF_ZYGOTE, 0, CALLS(CALL(landlock_create_ruleset), CALL(landlock_restrict_self), CALL(seccomp)), NULL, "a worker seals itself"},
#ifdef IS_SANITIZED /* a fork of ThreadSanitizer's begins with a thread */
	{OF_ZYGOTE, 0, CALLS(CALL(clone)),
	 WHEN({.kind = CONDITION_HAS, .argument = 0, .name = "flags", .with = VALUE(CLONE_THREAD), .without = NAMESPACES}),
	 "sanitizers: a thread that watches"},
	{OF_ZYGOTE, ENOSYS, CALLS(CALL(clone3)), NULL, "sanitizers: the C library then takes clone"},
#endif
	/* Memory for objects: sealed, it travels to a worker. */
	{OF_FETCHING, 0, CALLS(CALL(memfd_create)), NULL, "sealed memory for an object; no larger than RLIMIT_FSIZE"},
	{OF_FETCHING, 0, CALLS(CALL(fcntl)),
	 WHEN(IS(1, "cmd", VALUE(F_ADD_SEALS), VALUE(F_GETFD), VALUE(F_SETFD), VALUE(F_GETFL))),
	 "seals that memory; its descriptors are its own"},
	{OF_PROVE | OF_SEND, 0, CALLS(CALL(fcntl)), WHEN(IS(1, "cmd", VALUE(F_GETFD), VALUE(F_SETFD), VALUE(F_GETFL))),
	 "its descriptors are its own"},
	{OF_WALK, 0, CALLS(CALL(fcntl)), WHEN(IS(1, "cmd", VALUE(F_DUPFD_CLOEXEC))), "list a directory it has opened"},
	/* Files; Landlock says which. */
	{OF_WALK, 0, CALLS(CALL(openat2), CALL(getdents64), CALL(newfstatat), CALL(statx)), NULL,
	 "walk and read; Landlock: beneath its directory"},
	{OF_LOOKING, 0, CALLS(CALL(open)), WHEN(WITHOUT(1, "flags", TO_WRITE)), "files of the resolver, certificates"},
	{OF_LOOKING, 0, CALLS(CALL(openat)), WHEN(WITHOUT(2, "flags", TO_WRITE)), "files of the resolver, certificates"},
	{OF_LOOKING, 0, CALLS(CALL(newfstatat), CALL(statx), CALL(stat), CALL(lstat), CALL(access), CALL(faccessat), CALL(faccessat2),
	                    CALL(readlink), CALL(readlinkat)),
	 NULL, "whether they are there and have changed"},
	{OF_LOOKING, EACCES, CALLS(CALL(open)), WHEN(WITH(1, "flags", VALUE(O_WRONLY))), "writes nothing"},
	{OF_LOOKING, EACCES, CALLS(CALL(open)), WHEN(WITH(1, "flags", VALUE(O_RDWR))), "writes nothing"},
	{OF_LOOKING, EACCES, CALLS(CALL(openat)), WHEN(WITH(2, "flags", VALUE(O_WRONLY))), "writes nothing"},
	{OF_LOOKING, EACCES, CALLS(CALL(openat)), WHEN(WITH(2, "flags", VALUE(O_RDWR))), "writes nothing"},
	/* The network. */
	{OF_NETWORK, 0, CALLS(CALL(socket)),
	 WHEN(IS(0, "domain", VALUE(AF_INET), VALUE(AF_INET6)), IS_BUT_FOR(1, "type", SOCKET_FLAGS, VALUE(SOCK_STREAM)),
	      IS(2, "protocol", {"0", 0}, VALUE(IPPROTO_TCP))),
	 "servers in scope"},
	{OF_NETWORK, 0, CALLS(CALL(socket)),
	 WHEN(IS(0, "domain", VALUE(AF_INET), VALUE(AF_INET6)), IS_BUT_FOR(1, "type", SOCKET_FLAGS, VALUE(SOCK_DGRAM)),
	      IS(2, "protocol", {"0", 0}, VALUE(IPPROTO_UDP))),
	 "name service; nothing holds whom a datagram goes to"},
	{OF_NETWORK, EACCES, CALLS(CALL(socket)), WHEN(IS(0, "domain", VALUE(AF_UNIX), VALUE(AF_NETLINK))),
	 "the resolver does without a cache's socket and the kernel's list of addresses"},
	{OF_NETWORK, 0, CALLS(CALL(socketpair)),
	 WHEN(IS(0, "domain", VALUE(AF_UNIX)), IS_BUT_FOR(1, "type", SOCKET_FLAGS, VALUE(SOCK_STREAM))),
	 "curl wakes itself; a pair of streams connects nowhere else"},
	{OF_NETWORK, 0, CALLS(CALL(connect)), NULL, "servers in scope, name service; Landlock: at their ports of TCP"},
	{OF_PROVE, 0, CALLS(CALL(bind)), NULL, "questions from a port that cannot be guessed; Landlock: to none of TCP"},
	/* With MSG_FASTOPEN they would connect, and no Landlock would see it. */
	{OF_NETWORK, 0, CALLS(CALL(sendmsg)), WHEN(WITHOUT(2, "flags", VALUE(MSG_FASTOPEN))), "frames to tidemark, name service"},
	{OF_PROVE, EOPNOTSUPP, CALLS(CALL(sendmsg)), WHEN(WITH(2, "flags", VALUE(MSG_FASTOPEN))),
	 "libunbound then takes connect, which Landlock sees"},
	{OF_NETWORK, 0, CALLS(CALL(sendmmsg)), WHEN(WITHOUT(3, "flags", VALUE(MSG_FASTOPEN))), "name service"},
	{OF_NETWORK, 0, CALLS(CALL(sendto)),
	 WHEN(WITHOUT(3, "flags", VALUE(MSG_FASTOPEN)), {.kind = CONDITION_IS_NULL, .argument = 4, .name = "dest_addr"}),
	 "requests, name service"},
	{OF_NETWORK, 0, CALLS(CALL(recvfrom), CALL(recvmmsg), CALL(getsockopt), CALL(setsockopt), CALL(getsockname), CALL(getpeername),
	                    CALL(shutdown)),
	 NULL, "its sockets"},
	{OF_NETWORK, 0, CALLS(CALL(fcntl)),
	 WHEN(IS(1, "cmd", VALUE(F_SETFL)), WITHOUT(2, "arg", VALUE(O_ASYNC))), "sockets that do not block"},
	{OF_NETWORK, 0, CALLS(CALL(pipe2), CALL(eventfd2), CALL(epoll_create1), CALL(epoll_ctl), CALL(epoll_wait), CALL(epoll_pwait),
	                    CALL(select), CALL(pselect6)),
	 NULL, "how curl waits, in one version or another"},
	{OF_NETWORK, 0, CALLS(CALL(clone)),
	 WHEN({.kind = CONDITION_HAS, .argument = 0, .name = "flags", .with = VALUE(CLONE_THREAD), .without = NAMESPACES}),
	 "names are looked up in threads"},
	{OF_NETWORK, ENOSYS, CALLS(CALL(clone3)), NULL, "its flags cannot be seen: the C library then takes clone"},
	/* Strangers' connections, at one socket that was bound before. */
	{OF_LISTEN, 0, CALLS(CALL(accept), CALL(accept4)), NULL, "strangers, at the one socket that listens"},
	{OF_LISTEN, 0, CALLS(CALL(sendmsg)), WHEN(WITHOUT(2, "flags", VALUE(MSG_FASTOPEN))), "frames to tidemark, replies"},
	{OF_LISTEN, 0, CALLS(CALL(sendto)),
	 WHEN(WITHOUT(3, "flags", VALUE(MSG_FASTOPEN)), {.kind = CONDITION_IS_NULL, .argument = 4, .name = "dest_addr"}), "replies"},
	{OF_LISTEN, 0, CALLS(CALL(recvfrom), CALL(getsockopt), CALL(setsockopt), CALL(getsockname), CALL(getpeername), CALL(shutdown)),
	 NULL, "its connections"},
	{OF_LISTEN, 0, CALLS(CALL(fcntl)), WHEN(IS(1, "cmd", VALUE(F_GETFD), VALUE(F_SETFD), VALUE(F_GETFL))), "its descriptors are its own"},
	{OF_LISTEN, 0, CALLS(CALL(fcntl)),
	 WHEN(IS(1, "cmd", VALUE(F_SETFL)), WITHOUT(2, "arg", VALUE(O_ASYNC))), "connections that do not block"},
	{OF_LISTEN, 0, CALLS(CALL(epoll_ctl), CALL(epoll_wait), CALL(epoll_pwait)), NULL, "how it waits for all of them at once"},
	/* Libraries try these and can do without. */
	{OF_READING | OF_WALK | OF_PROVE | OF_LISTEN, EACCES, CALLS(CALL(open), CALL(openat), CALL(stat), CALL(lstat), CALL(access),
	                                     CALL(faccessat), CALL(faccessat2), CALL(readlink), CALL(readlinkat)),
	 NULL, "opens nothing by path"},
	{OF_READING | OF_PROVE | OF_LISTEN, EACCES, CALLS(CALL(openat2), CALL(newfstatat), CALL(statx), CALL(getdents64)), NULL,
	 "opens nothing by path"},
	{OF_LOOKING, EACCES, CALLS(CALL(openat2), CALL(getdents64)), NULL, "walks nowhere"},
	{OF_ALL, EACCES, CALLS(CALL(creat), CALL(getcwd), CALL(chdir), CALL(unlink), CALL(unlinkat), CALL(mkdir), CALL(rename), CALL(flock)),
	 NULL, "writes nothing"},
	{OF_ALL, EACCES, CALLS(CALL(ioctl)), NULL, "no terminal, no device, no owner of a socket's signals"},
	{OF_ALL & ~(unsigned)OF_ZYGOTE, EACCES, CALLS(CALL(prlimit64)), NULL, "its limits stay"},
	{OF_ALL, EACCES, CALLS(CALL(sched_setaffinity), CALL(sched_getparam), CALL(sched_getscheduler), CALL(mlock)), NULL,
	 "its place among processes stays"},
};
/* clang-format on */
const size_t call_row_count = sizeof call_rows / sizeof *call_rows;

/* ---- Landlock ---- */

/* Newer than Debian 12's headers; see the kernel's landlock(7). */
#define ACCESS_FS_ALL_V1 ((UINT64_C(1) << 13) - 1)
#define ACCESS_FS_REFER (UINT64_C(1) << 13)
#define ACCESS_FS_TRUNCATE (UINT64_C(1) << 14)
#define ACCESS_FS_IOCTL_DEV (UINT64_C(1) << 15)
#define ACCESS_NET_BIND_TCP (UINT64_C(1) << 0)
#define SCOPE_ABSTRACT_UNIX_SOCKET (UINT64_C(1) << 0)
#define SCOPE_SIGNAL (UINT64_C(1) << 1)

const struct landlock_row landlock_rows[] = {
	{SANDBOX_ABI_FILES, LANDLOCK_FILES, ACCESS_FS_ALL_V1, "execute, read, write, list, make and remove files",
         "no path but those it needs"},
	{2, LANDLOCK_FILES, ACCESS_FS_REFER, "link and move files", "no path but those it needs"},
	{3, LANDLOCK_FILES, ACCESS_FS_TRUNCATE, "truncate files", "no path but those it needs"},
	{5, LANDLOCK_FILES, ACCESS_FS_IOCTL_DEV, "ioctl of devices", "no terminal, no device"},
	{SANDBOX_ABI_PORTS, LANDLOCK_PORTS, ACCESS_NET_BIND_TCP, "bind to a port of TCP", "listens to nobody"},
	{SANDBOX_ABI_PORTS, LANDLOCK_PORTS, LANDLOCK_CONNECT_TCP, "connect to a port of TCP", "no server but those in scope"},
	{SANDBOX_ABI_SCOPES, LANDLOCK_SCOPES, SCOPE_ABSTRACT_UNIX_SOCKET, "abstract sockets of others",
         "no other program of the user's"},
	{SANDBOX_ABI_SCOPES, LANDLOCK_SCOPES, SCOPE_SIGNAL, "signals to others", "no other process, but the zygote its workers"},
};
const size_t landlock_row_count = sizeof landlock_rows / sizeof *landlock_rows;

const struct file_row file_rows[] = {
	{"/etc/resolv.conf", "whom to ask for names"},
	{"/etc/hosts", "names that are known"},
	{"/etc/nsswitch.conf", "in which order"},
	{"/etc/host.conf", "how hosts are read"},
	{"/etc/gai.conf", "which address first"},
	{"/etc/ssl/certs/ca-certificates.crt", "authorities, on Debian and its kin"},
	{"/etc/pki/tls/certs/ca-bundle.crt", "authorities, on Fedora and its kin"},
	{"/etc/ssl/ca-bundle.pem", "authorities, on SUSE"},
	{"/etc/ssl/cert.pem", "authorities, on Alpine"},
};
const size_t file_row_count = sizeof file_rows / sizeof *file_rows;

const struct port_row port_rows[] = {
	{OF_NETWORK, "53", "name service"},
	{OF_FETCH, "a target or an allow entry names it; 443 beside 80", "servers in scope"},
	{OF_PROVE, "443 where a page is asked for; those of the resolvers named", "one page; resolvers"},
	{OF_SEND, "that of the one server", "a mail server, or a webhook's"},
};
const size_t port_row_count = sizeof port_rows / sizeof *port_rows;

/* ---- limits ---- */

const struct limit_row limit_rows[] = {
	{OF_ALL, RLIMIT_CORE, "RLIMIT_CORE", 0, "no object in a core file"},
	{OF_FETCHING, RLIMIT_FSIZE, "RLIMIT_FSIZE", SANDBOX_FILE_MAX, "sealed memory is held for no larger object"},
#ifndef IS_SANITIZED /* they map terabytes */
	{OF_EXTRACT, RLIMIT_AS, "RLIMIT_AS", UINT64_C(512) << 20, "a document that wants more memory is too large"},
#endif
#ifndef IS_SANITIZED
	{OF_LISTEN, RLIMIT_AS, "RLIMIT_AS", UINT64_C(2) << 30, "strangers fill no memory but its own"},
#endif
	{OF_EXTRACT, RLIMIT_NOFILE, "RLIMIT_NOFILE", 16, "keeps the memory of few objects that it read before"},
};
const size_t limit_row_count = sizeof limit_rows / sizeof *limit_rows;
