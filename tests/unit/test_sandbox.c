/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed children try what their role forbids and what it allows; how they end says what came of it. */
#define _GNU_SOURCE
#include "sandbox/inventory.h"
#include "sandbox/rules.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* How a child ended: 0 allowed, an errno refused, or KILLED by the filter; a negative number is another signal. */
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

/* What a child has been given before it seals itself. */
static struct {
	char directory[64], inside[96];
	int directory_handle, file, memory;
	int pair[2];     /* of unix sockets */
	pid_t bystander; /* a process of the same user that no cell may disturb */
	int bystander_handle;
	int server;       /* listens where FETCH may connect to */
	int other_server; /* and where it may not */
} given;

static int code_of(int how)
{
	if (WIFSIGNALED(how))
		return WTERMSIG(how) == SIGSYS ? KILLED : -WTERMSIG(how);
	return WEXITSTATUS(how);
}

static int end_of(pid_t child)
{
	int how;
	return waitpid(child, &how, 0) == child ? code_of(how) : NOT_SEALED;
}

static int attempt(const struct sandbox_powers *powers, int (*action)(void))
{
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct failure failure;
		if (sandbox_prepare_child() != STATUS_OK || sandbox_die_with_starter() != STATUS_OK ||
		    sandbox_seal(powers, &failure) != STATUS_OK)
			_exit(NOT_SEALED);
		_exit(action());
	}
	return end_of(child);
}

static int (*nested_action)(void);

/* In a zygote: as a worker of its own would fare. */
static int act_as_worker(void)
{
	struct failure failure;
	const struct sandbox_powers powers = {.role = SANDBOX_EXTRACT, .directory = -1};
	pid_t worker = fork();
	if (worker == 0) {
		if (sandbox_die_with_starter() != STATUS_OK || sandbox_seal(&powers, &failure) != STATUS_OK)
			_exit(NOT_SEALED);
		_exit(nested_action());
	}
	int end = end_of(worker);
	return end == KILLED ? NOT_SEALED - 1 : end < 0 ? NOT_SEALED - 2 : end;
}

static int result_of(long result)
{
	return result < 0 ? errno : 0;
}

/* ---- files ---- */

static int open_outside(void)
{
	return result_of(open("/etc/passwd", O_RDONLY));
}
static int open_inside(void)
{
	return result_of(open(given.inside, O_RDONLY));
}
static int open_hosts(void)
{
	return result_of(open("/etc/hosts", O_RDONLY));
}
static int write_hosts(void)
{
	return result_of(open("/etc/hosts", O_WRONLY));
}
static int change_hosts(void)
{
	return result_of(open("/etc/hosts", O_RDWR));
}
static int empty_hosts(void)
{
	return result_of(open("/etc/hosts", O_RDONLY | O_TRUNC));
}
static int open_private(void)
{
	return result_of(open("/etc/ssl/private", O_RDONLY | O_DIRECTORY));
}
static int open_certificates(void)
{
	return result_of(open("/etc/ssl", O_RDONLY | O_DIRECTORY));
}
static int open_own_memory(void)
{
	return result_of(open("/proc/self/mem", O_RDONLY));
}
static int write_inside(void)
{
	return result_of(open(given.inside, O_WRONLY));
}
static int create_inside(void)
{
	return result_of(openat(given.directory_handle, "new", O_WRONLY | O_CREAT, 0600));
}
static int open_by_handle(void)
{
	return result_of(openat(given.directory_handle, "inside", O_RDONLY));
}
static int climb_by_handle(void)
{
	return result_of(openat(given.directory_handle, "../../etc/passwd", O_RDONLY));
}
static int remove_inside(void)
{
	return result_of(unlink(given.inside));
}
static int list_handle(void)
{
	char names[512];
	return result_of(syscall(SYS_getdents64, given.directory_handle, names, sizeof names));
}
static int truncate_file(void)
{
	return result_of(ftruncate(given.file, 1 << 20));
}

static long open_at_2(int directory, const char *path, uint64_t flags)
{
	struct open_how how = {.flags = flags};
	return syscall(SYS_openat2, directory, path, &how, sizeof how);
}

static int open_at_2_outside(void)
{
	return result_of(open_at_2(AT_FDCWD, "/etc/passwd", O_RDONLY));
}
static int open_at_2_inside(void)
{
	return result_of(open_at_2(given.directory_handle, "inside", O_RDONLY));
}
static int open_at_2_to_write(void)
{
	return result_of(open_at_2(given.directory_handle, "inside", O_WRONLY));
}
static int open_at_2_above(void)
{
	return result_of(open_at_2(given.directory_handle, "../../etc/passwd", O_RDONLY));
}

/* ---- memory ---- */

static int map_executable(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno : 0;
}

static int make_executable(void)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return at == MAP_FAILED ? NOT_SEALED : result_of(mprotect(at, 4096, PROT_READ | PROT_EXEC));
}

static int make_memory(void)
{
	return result_of(memfd_create("hidden", 0));
}
static int take_memory(void)
{
	return malloc((size_t)768 << 20) == NULL ? ENOMEM : 0;
}

static int fill_memory(void)
{
	int memory = memfd_create("large", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (memory < 0 || lseek(memory, (off_t)SANDBOX_FILE_MAX - 1, SEEK_SET) < 0 || write(memory, "x", 1) != 1)
		return NOT_SEALED;
	return result_of(write(memory, "x", 1));
}

static int raise_limit(void)
{
	struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
	return result_of(setrlimit(RLIMIT_AS, &more));
}

/* Reading what was open before, memory, time: what a worker lives on. */
static int work(void)
{
	char byte;
	void *block = malloc(1 << 20);
	void *mapped = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, given.memory, 0);
	struct timespec now;
	bool is_sealed = fcntl(given.memory, F_GET_SEALS) == F_SEAL_SHRINK;
	if (block == NULL || mapped == MAP_FAILED || !is_sealed || munmap(mapped, 4096) != 0)
		return 1;
	free(block);
	return pread(given.memory, &byte, 1, 0) == 1 && clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? 0 : 2;
}

/* What an object is held in. */
static int hold(void)
{
	int memory = memfd_create("object", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	return result_of(memory < 0 || write(memory, "x", 1) != 1
	                         ? -1
	                         : fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_WRITE | F_SEAL_GROW));
}

/* ---- other processes ---- */

static int signal_bystander(void)
{
	return result_of(kill(given.bystander, SIGTERM));
}
static int kill_bystander(void)
{
	return result_of(kill(given.bystander, SIGKILL));
}
static int kill_everybody(void)
{
	return result_of(kill(-1, 0));
}
static int signal_thread(void)
{
	return result_of(syscall(SYS_tgkill, given.bystander, given.bystander, SIGTERM));
}
static int abort_thread(void)
{
	return result_of(syscall(SYS_tgkill, given.bystander, given.bystander, SIGABRT));
}
static int signal_task(void)
{
	return result_of(syscall(SYS_tkill, given.bystander, SIGTERM));
}
static int signal_handle(void)
{
	return result_of(syscall(SYS_pidfd_send_signal, given.bystander_handle, SIGTERM, NULL, 0));
}
static int open_process(void)
{
	return result_of(syscall(SYS_pidfd_open, given.bystander, 0));
}
static int take_descriptor(void)
{
	return result_of(syscall(SYS_pidfd_getfd, given.bystander_handle, 0, 0));
}
static int own_by_signal(void)
{
	return result_of(fcntl(given.pair[0], F_SETOWN, given.bystander));
}
static int choose_signal(void)
{
	return result_of(fcntl(given.pair[0], F_SETSIG, SIGTERM));
}
static int switch_signals_on(void)
{
	return result_of(fcntl(given.pair[0], F_SETFL, O_ASYNC));
}
static int lease_file(void)
{
	return result_of(fcntl(given.file, F_SETLEASE, F_WRLCK));
}
static int watch_directory(void)
{
	return result_of(fcntl(given.directory_handle, F_NOTIFY, 1));
}
static int lock_file(void)
{
	return result_of(fcntl(given.file, F_SETLK, &(struct flock){.l_type = F_WRLCK}));
}
static int own_by_control(void)
{
	return result_of(ioctl(given.pair[0], FIOSETOWN, &given.bystander));
}
static int own_group_by_control(void)
{
	return result_of(ioctl(given.pair[0], SIOCSPGRP, &given.bystander));
}
static int switch_signals_on_by_control(void)
{
	return result_of(ioctl(given.pair[0], FIOASYNC, &(int){1}));
}
static int type_for_operator(void)
{
	return result_of(ioctl(2, TIOCSTI, "x"));
}
static int trace_bystander(void)
{
	return result_of(ptrace(PTRACE_ATTACH, given.bystander, NULL, NULL));
}
static int be_traced(void)
{
	return result_of(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}
static int limit_bystander(void)
{
	return result_of(prlimit(given.bystander, RLIMIT_CPU, &(struct rlimit){0, 0}, NULL));
}
static int slow_bystander(void)
{
	return result_of(setpriority(PRIO_PROCESS, (id_t)given.bystander, 19));
}
static int idle_bystander(void)
{
	return result_of(sched_setscheduler(given.bystander, SCHED_IDLE, &(struct sched_param){0}));
}
static int name_death(void)
{
	return result_of(prctl(PR_SET_PDEATHSIG, SIGTERM));
}
static int become_dumpable(void)
{
	return result_of(prctl(PR_SET_DUMPABLE, 1));
}
static int abort_itself(void)
{
	abort();
}

static int move_bystander(void)
{
	cpu_set_t all;
	memset(&all, 255, sizeof all);
	return result_of(sched_setaffinity(given.bystander, sizeof all, &all));
}

static int own_by_record(void)
{
	struct f_owner_ex owner = {F_OWNER_PID, given.bystander};
	return result_of(fcntl(given.pair[0], F_SETOWN_EX, &owner));
}

static int queue_signal(void)
{
	siginfo_t about = {.si_signo = SIGTERM, .si_code = SI_QUEUE};
	return result_of(syscall(SYS_rt_sigqueueinfo, given.bystander, SIGTERM, &about));
}

static int queue_signal_for_thread(void)
{
	siginfo_t about = {.si_signo = SIGTERM, .si_code = SI_QUEUE};
	return result_of(syscall(SYS_rt_tgsigqueueinfo, given.bystander, given.bystander, SIGTERM, &about));
}

static int set_timer(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGTERM};
	timer_t timer;
	return result_of(syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer));
}

static int be_notified(void)
{
	return result_of(syscall(SYS_mq_notify, given.file, NULL));
}

static int read_bystander(void)
{
	char byte;
	struct iovec here = {&byte, 1}, there = {&given, 1};
	return result_of(process_vm_readv(given.bystander, &here, 1, &there, 1, 0));
}

static int write_bystander(void)
{
	char byte = 0;
	struct iovec here = {&byte, 1}, there = {&given, 1};
	return result_of(process_vm_writev(given.bystander, &here, 1, &there, 1, 0));
}

/* ---- new processes, the kernel's doors ---- */

static int call_fork(void)
{
	return result_of(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0));
}
static int call_vfork(void)
{
	return result_of(syscall(SYS_vfork));
}
static int mount_anything(void)
{
	return result_of(syscall(SYS_mount, "none", "/", "tmpfs", 0, NULL));
}
static int use_ring(void)
{
	return result_of(syscall(SYS_io_uring_setup, 1, NULL));
}
static int use_keys(void)
{
	return result_of(syscall(SYS_keyctl, 0, 0, 0, 0, 0));
}
static int make_namespace(void)
{
	return result_of(syscall(SYS_unshare, CLONE_NEWUSER));
}

static int clone_namespace(void)
{
	return result_of(syscall(SYS_clone, CLONE_THREAD | CLONE_SIGHAND | CLONE_VM | CLONE_NEWNET, NULL, NULL, NULL, 0));
}

static int execute(void)
{
	char *const arguments[] = {(char[]){"true"}, NULL};
	return result_of(execve("/bin/true", arguments, arguments + 1));
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

/* A zygote's life: a worker, and its end. */
static int fork_and_kill(void)
{
	pid_t worker = fork();
	if (worker == 0)
		for (;;)
			usleep(100000);
	if (worker < 0 || kill(worker, SIGKILL) != 0)
		return errno;
	return end_of(worker) == -SIGKILL ? 0 : NOT_SEALED;
}

/* ---- sockets ---- */

static int make_socket(void)
{
	return result_of(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}
static int make_tcp_socket(void)
{
	return result_of(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP));
}
static int make_udp_socket(void)
{
	return result_of(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP));
}
static int make_local_socket(void)
{
	return result_of(socket(AF_UNIX, SOCK_STREAM, 0));
}
static int make_local_datagrams(void)
{
	return result_of(socket(AF_UNIX, SOCK_DGRAM, 0));
}
static int make_raw_socket(void)
{
	return result_of(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
}
static int make_raw_socket_6(void)
{
	return result_of(socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6));
}
static int make_ping_socket(void)
{
	return result_of(socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP));
}
static int make_multipath_socket(void)
{
	return result_of(socket(AF_INET, SOCK_STREAM, 262));
}
static int make_sctp_socket(void)
{
	return result_of(socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP));
}
static int make_packet_socket(void)
{
	return result_of(socket(AF_PACKET, SOCK_RAW, 0));
}
static int make_machine_socket(void)
{
	return result_of(socket(AF_VSOCK, SOCK_STREAM, 0));
}
static int make_cipher_socket(void)
{
	return result_of(socket(AF_ALG, SOCK_SEQPACKET, 0));
}
static int make_route_socket(void)
{
	return result_of(socket(AF_NETLINK, SOCK_RAW, 0));
}
static int make_audit_socket(void)
{
	return result_of(socket(AF_NETLINK, SOCK_RAW, 9));
}
static int make_generic_socket(void)
{
	return result_of(socket(AF_NETLINK, SOCK_RAW, 16));
}
static int pair_streams(void)
{
	int ends[2];
	return result_of(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
}
static int pair_datagrams(void)
{
	int ends[2];
	return result_of(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends));
}
static int pair_packets(void)
{
	int ends[2];
	return result_of(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends));
}
static int listen_socket(void)
{
	return result_of(listen(given.pair[0], 1));
}
static int accept_socket(void)
{
	return result_of(accept(given.server, NULL, NULL));
}
static int accept_waiting(void)
{
	if (fcntl(given.server, F_SETFL, O_NONBLOCK) != 0)
		return NOT_SEALED;
	int error = result_of(accept4(given.server, NULL, NULL, SOCK_CLOEXEC));
	return error == EAGAIN ? 0 : error;
}

/* With a stranger who is there already. */
static int converse(void)
{
	char byte;
	const int yes = 1;
	if (send(given.pair[0], "x", 1, MSG_NOSIGNAL) != 1 || recv(given.pair[1], &byte, 1, 0) != 1)
		return NOT_SEALED;
	return result_of(setsockopt(given.pair[0], SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes));
}

static int connect_anything(void)
{
	return result_of(connect(0, &(struct sockaddr){.sa_family = AF_INET}, sizeof(struct sockaddr)));
}

static struct sockaddr_in address_of(int server)
{
	struct sockaddr_in address;
	socklen_t size = sizeof address;
	if (getsockname(server, (struct sockaddr *)&address, &size) != 0)
		address.sin_port = 0;
	return address;
}

static int connect_to(struct sockaddr_in address)
{
	int socket_ = socket(AF_INET, SOCK_STREAM, 0);
	return result_of(connect(socket_, (const struct sockaddr *)&address, sizeof address));
}

static int connect_allowed(void)
{
	return connect_to(address_of(given.server));
}
static int connect_other(void)
{
	return connect_to(address_of(given.other_server));
}

/* Nobody may be there, but nobody forbids it either. */
static int connect_name_service(void)
{
	struct sockaddr_in address = address_of(given.server);
	address.sin_port = htons(53);
	int error = connect_to(address);
	return error == ECONNREFUSED ? 0 : error;
}

static int bind_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	return result_of(bind(socket(AF_INET, SOCK_STREAM, 0), (const struct sockaddr *)&address, sizeof address));
}

static int bind_datagram_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	return result_of(bind(socket(AF_INET, SOCK_DGRAM, 0), (const struct sockaddr *)&address, sizeof address));
}

/* Connects, and is no connect. */
static int open_fast(void)
{
	struct sockaddr_in address = address_of(given.other_server);
	return result_of(
		sendto(socket(AF_INET, SOCK_STREAM, 0), "x", 1, MSG_FASTOPEN, (const struct sockaddr *)&address, sizeof address));
}

static int open_fast_by_message(void)
{
	struct sockaddr_in address = address_of(given.other_server);
	struct iovec piece = {(char[]){"x"}, 1};
	struct msghdr message = {.msg_name = &address, .msg_namelen = sizeof address, .msg_iov = &piece, .msg_iovlen = 1};
	return result_of(sendmsg(socket(AF_INET, SOCK_STREAM, 0), &message, MSG_FASTOPEN));
}

static int open_fast_by_messages(void)
{
	struct sockaddr_in address = address_of(given.other_server);
	struct iovec piece = {(char[]){"x"}, 1};
	struct mmsghdr message = {
		.msg_hdr = {.msg_name = &address, .msg_namelen = sizeof address, .msg_iov = &piece, .msg_iovlen = 1}};
	return result_of(sendmmsg(socket(AF_INET, SOCK_STREAM, 0), &message, 1, MSG_FASTOPEN));
}

static int send_datagram_anywhere(void)
{
	struct sockaddr_in address = address_of(given.other_server);
	return result_of(sendto(socket(AF_INET, SOCK_DGRAM, 0), "x", 1, 0, (const struct sockaddr *)&address, sizeof address));
}

/* An end of a pair is no way to a socket with a name. */
static int connect_pair_by_path(void)
{
	int ends[2];
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		return NOT_SEALED;
	close(ends[1]);
	return connect(ends[0], (const struct sockaddr *)&address, sizeof address) == 0 ? 0 : EACCES;
}

static int look_up_name(void)
{
	struct addrinfo *found = NULL;
	if (getaddrinfo("localhost", "80", NULL, &found) != 0)
		return 1;
	freeaddrinfo(found);
	return 0;
}

/* ---- trials ---- */

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
	assert_int_equal(waitpid(given.bystander, NULL, WNOHANG), 0);
}

#define TRY_ALL(powers, trials) try_all(powers, trials, sizeof(trials) / sizeof *(trials))

static const struct sandbox_powers extract = {.role = SANDBOX_EXTRACT, .directory = -1};
static const struct sandbox_powers zygote = {.role = SANDBOX_ZYGOTE, .directory = -1};

/* clang-format off */
/* Of every role. */
static const struct trial disturbances[] = {
	{"signal", signal_bystander, KILLED}, {"signal everybody", kill_everybody, KILLED}, {"signal a thread", signal_thread, KILLED},
	{"signal a task", signal_task, KILLED}, {"signal by handle", signal_handle, KILLED}, {"queue a signal", queue_signal, KILLED},
	{"queue a signal for a thread", queue_signal_for_thread, KILLED}, {"F_SETOWN", own_by_signal, KILLED},
	{"F_SETOWN_EX", own_by_record, KILLED}, {"F_SETSIG", choose_signal, KILLED}, {"O_ASYNC", switch_signals_on, KILLED},
	{"F_SETLEASE", lease_file, KILLED}, {"F_NOTIFY", watch_directory, KILLED}, {"F_SETLK", lock_file, KILLED},
	{"FIOSETOWN", own_by_control, EACCES}, {"SIOCSPGRP", own_group_by_control, EACCES}, {"FIOASYNC", switch_signals_on_by_control, EACCES},
	{"TIOCSTI", type_for_operator, EACCES}, {"timer", set_timer, KILLED}, {"mq_notify", be_notified, KILLED},
	{"handle of a process", open_process, KILLED}, {"descriptor of a process", take_descriptor, KILLED},
	{"ptrace", trace_bystander, KILLED}, {"be traced", be_traced, KILLED}, {"read memory", read_bystander, KILLED},
	{"write memory", write_bystander, KILLED}, {"setpriority", slow_bystander, KILLED}, {"sched_setscheduler", idle_bystander, KILLED},
	{"sched_setaffinity", move_bystander, EACCES},
	{"be dumpable", become_dumpable, KILLED}, {"exec", execute, KILLED}, {"vfork", call_vfork, KILLED}, {"mount", mount_anything, KILLED},
	{"io_uring", use_ring, KILLED}, {"keyctl", use_keys, KILLED}, {"unshare", make_namespace, KILLED},
	{"executable memory", map_executable, EACCES}, {"memory made executable", make_executable, EACCES},
	{"abort", abort_itself, -SIGABRT}, {"listen", listen_socket, KILLED}, {"accept", accept_socket, KILLED},
	{"truncate", truncate_file, KILLED},
};
/* clang-format on */

/* clang-format off */
static const struct trial extracting[] = {
	{"work", work, 0}, {"open", open_outside, EACCES}, {"open its own", open_inside, EACCES},
	{"openat", open_by_handle, EACCES}, {"openat2", open_at_2_outside, EACCES}, {"create", create_inside, EACCES},
	{"unlink", remove_inside, EACCES}, {"list", list_handle, EACCES}, {"raise its limit", raise_limit, EACCES},
	{"memory outside of the limit", make_memory, KILLED}, {"socket", make_socket, KILLED},
	{"local socket", make_local_socket, KILLED}, {"pair", pair_streams, KILLED},
	{"connect", connect_anything, KILLED}, {"fork", call_fork, KILLED}, {"kill", kill_bystander, KILLED},
	{"abort another", abort_thread, KILLED}, {"signal at a death", name_death, KILLED},
};
/* clang-format on */

static void test_extract_has_memory_and_nothing_else(void **state)
{
	(void)state;
	TRY_ALL(&extract, extracting);
	TRY_ALL(&extract, disturbances);
	assert_int_equal(attempt(&extract, limit_bystander), EACCES);
}

/* Its zygote's filter lies upon its own, and takes nothing from it. */
static void test_a_worker_of_a_sealed_zygote_fares_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof extracting / sizeof *extracting; i++) {
		nested_action = extracting[i].action;
		int expected = extracting[i].expected == KILLED ? NOT_SEALED - 1 : extracting[i].expected;
		int found = attempt(&zygote, act_as_worker);
		if (found != expected)
			fail_msg("%s: expected %d, came to %d", extracting[i].what, expected, found);
	}
	nested_action = abort_itself;
	assert_int_equal(attempt(&zygote, act_as_worker), NOT_SEALED - 2);
	assert_int_equal(waitpid(given.bystander, NULL, WNOHANG), 0);
}

static void test_a_zygote_forks_and_ends_what_it_forked(void **state)
{
	const struct trial trials[] = {
		{"work", work, 0},
		{"fork and kill", fork_and_kill, 0},
		{"open", open_outside, EACCES},
		{"openat", open_by_handle, EACCES},
		{"openat2", open_at_2_outside, EACCES},
		{"create", create_inside, EACCES},
		{"memory", make_memory, KILLED},
		{"limit another", limit_bystander, KILLED},
		{"socket", make_socket, KILLED},
		{"pair", pair_streams, KILLED},
		{"connect", connect_anything, KILLED},
		{"thread in a namespace", clone_namespace, KILLED},
	};
	(void)state;
	TRY_ALL(&zygote, trials);
	TRY_ALL(&zygote, disturbances);
}

/* What the filter lets a zygote do to its own, Landlock keeps from others. */
static void test_a_zygote_kills_nobody_else(void **state)
{
	const struct trial trials[] = {{"kill", kill_bystander, EPERM}, {"abort", abort_thread, EPERM}};
	(void)state;
	if (sandbox_layers().landlock_abi < SANDBOX_ABI_SCOPES)
		skip();
	TRY_ALL(&zygote, trials);
}

static void test_memory_and_files_are_limited(void **state)
{
	const struct sandbox_powers walk = {.role = SANDBOX_WALK, .directory = given.directory_handle};
	(void)state;
	assert_int_equal(attempt(&walk, fill_memory), -SIGXFSZ);
	if (IS_SANITIZED)
		skip();
	assert_int_equal(attempt(&extract, take_memory), ENOMEM);
}

static void test_listen_takes_strangers_and_goes_nowhere(void **state)
{
	const struct sandbox_powers powers = {.role = SANDBOX_LISTEN, .directory = -1};
	const struct trial trials[] = {
		{"accept", accept_waiting, 0},
		{"converse", converse, 0},
		{"open", open_outside, EACCES},
		{"open its own", open_inside, EACCES},
		{"openat", open_by_handle, EACCES},
		{"openat2", open_at_2_outside, EACCES},
		{"create", create_inside, EACCES},
		{"unlink", remove_inside, EACCES},
		{"list", list_handle, EACCES},
		{"memory to hand on", make_memory, KILLED},
		{"raise its limit", raise_limit, EACCES},
		{"limit another", limit_bystander, EACCES},
		{"socket", make_socket, KILLED},
		{"socket of UDP", make_udp_socket, KILLED},
		{"local socket", make_local_socket, KILLED},
		{"netlink", make_route_socket, KILLED},
		{"pair", pair_streams, KILLED},
		{"connect", connect_anything, KILLED},
		{"bind", bind_port, KILLED},
		{"fast open", open_fast, KILLED},
		{"fast open by message", open_fast_by_message, KILLED},
		{"datagram to an address", send_datagram_anywhere, KILLED},
		{"thread", start_thread, KILLED},
		{"fork", call_fork, KILLED},
		{"kill", kill_bystander, KILLED},
		{"abort another", abort_thread, KILLED},
		{"signal at a death", name_death, KILLED},
	};
	(void)state;
	TRY_ALL(&powers, trials);
	for (size_t i = 0; i < sizeof disturbances / sizeof *disturbances; i++)
		if (disturbances[i].action != accept_socket)
			try_all(&powers, &disturbances[i], 1);
}

static void test_walk_reads_beneath_one_directory(void **state)
{
	const struct sandbox_powers powers = {.role = SANDBOX_WALK, .directory = given.directory_handle};
	const struct trial trials[] = {
		{"work", hold, 0},
		{"open inside", open_at_2_inside, 0},
		{"list", list_handle, 0},
		{"open by path", open_inside, EACCES},
		{"openat", open_by_handle, EACCES},
		{"open outside", open_outside, EACCES},
		{"openat2 outside", open_at_2_outside, EACCES},
		{"climb", open_at_2_above, EACCES},
		{"climb by openat", climb_by_handle, EACCES},
		{"write", write_inside, EACCES},
		{"openat2 to write", open_at_2_to_write, EACCES},
		{"create", create_inside, EACCES},
		{"unlink", remove_inside, EACCES},
		{"raise its limit", raise_limit, EACCES},
		{"limit another", limit_bystander, EACCES},
		{"socket", make_socket, KILLED},
		{"local socket", make_local_socket, KILLED},
		{"pair", pair_streams, KILLED},
		{"connect", connect_anything, KILLED},
		{"fork", call_fork, KILLED},
		{"kill", kill_bystander, KILLED},
		{"abort another", abort_thread, KILLED},
		{"signal at a death", name_death, KILLED},
	};
	(void)state;
	if (sandbox_layers().landlock_abi == 0)
		skip();
	TRY_ALL(&powers, trials);
	TRY_ALL(&powers, disturbances);
}

/* Of every role that speaks to strangers. */
static const struct trial speaking[] = {
	{"socket", make_socket, 0},
	{"socket of TCP", make_tcp_socket, 0},
	{"socket of UDP", make_udp_socket, 0},
	{"thread", start_thread, 0},
	{"pair", pair_streams, 0},
	{"connect", connect_allowed, 0},
	{"name service", connect_name_service, 0},
	{"local socket", make_local_socket, EACCES},
	{"local datagrams", make_local_datagrams, EACCES},
	{"pair of datagrams", pair_datagrams, KILLED},
	{"pair of packets", pair_packets, KILLED},
	{"pair to a path", connect_pair_by_path, EACCES},
	{"raw socket", make_raw_socket, KILLED},
	{"raw socket of IPv6", make_raw_socket_6, KILLED},
	{"ping", make_ping_socket, KILLED},
	{"multipath", make_multipath_socket, KILLED},
	{"SCTP", make_sctp_socket, KILLED},
	{"packet socket", make_packet_socket, KILLED},
	{"machine socket", make_machine_socket, KILLED},
	{"cipher socket", make_cipher_socket, KILLED},
	{"netlink, routes", make_route_socket, EACCES},
	{"netlink, audit", make_audit_socket, EACCES},
	{"netlink, generic", make_generic_socket, EACCES},
	{"fast open", open_fast, KILLED},
	{"fast open by messages", open_fast_by_messages, KILLED},
	{"datagram to an address", send_datagram_anywhere, KILLED},
	{"fork", call_fork, KILLED},
	{"thread in a namespace", clone_namespace, KILLED},
	{"kill", kill_bystander, KILLED},
	{"abort another", abort_thread, KILLED},
	{"signal at a death", name_death, KILLED},
	{"raise its limit", raise_limit, EACCES},
	{"limit another", limit_bystander, EACCES},
	{"write", write_hosts, EACCES},
	{"change", change_hosts, EACCES},
	{"create", create_inside, EACCES},
	{"unlink", remove_inside, EACCES},
	{"list", list_handle, EACCES},
};

static void test_fetch_has_sockets_of_the_network(void **state)
{
	const uint16_t ports[] = {ntohs(address_of(given.server).sin_port)};
	const struct sandbox_powers powers = {.role = SANDBOX_FETCH, .directory = -1, .ports = ports, .port_count = 1};
	const struct trial trials[] = {
		{"memory for objects", hold, 0}, {"fast open by message", open_fast_by_message, KILLED},
		{"name", look_up_name, 0},       {"bind", bind_port, KILLED},
		{"empty", empty_hosts, KILLED},
	};
	(void)state;
	TRY_ALL(&powers, speaking);
	TRY_ALL(&powers, trials);
	TRY_ALL(&powers, disturbances);
}

static void test_prove_has_sockets_and_no_files(void **state)
{
	const uint16_t ports[] = {ntohs(address_of(given.server).sin_port)};
	const struct sandbox_powers powers = {.role = SANDBOX_PROVE, .directory = -1, .ports = ports, .port_count = 1};
	const struct trial trials[] = {
		{"memory for objects", make_memory, KILLED}, {"fast open by message", open_fast_by_message, EOPNOTSUPP},
		{"port of UDP", bind_datagram_port, 0},      {"open", open_hosts, EACCES},
		{"open other", open_outside, EACCES},        {"openat", open_by_handle, EACCES},
		{"openat2", open_at_2_outside, EACCES},      {"empty", empty_hosts, EACCES},
	};
	(void)state;
	TRY_ALL(&powers, speaking);
	TRY_ALL(&powers, trials);
	TRY_ALL(&powers, disturbances);
}

static void test_send_has_sockets_and_the_files_named(void **state)
{
	const uint16_t ports[] = {ntohs(address_of(given.server).sin_port)};
	const struct sandbox_powers powers = {.role = SANDBOX_SEND, .directory = -1, .ports = ports, .port_count = 1};
	const struct trial trials[] = {
		{"memory for objects", make_memory, KILLED},
		{"fast open by message", open_fast_by_message, KILLED},
		{"name", look_up_name, 0},
		{"bind", bind_port, KILLED},
		{"open named", open_hosts, access("/etc/hosts", R_OK) == 0 ? 0 : EACCES},
		{"empty", empty_hosts, KILLED},
	};
	(void)state;
	TRY_ALL(&powers, speaking);
	TRY_ALL(&powers, trials);
	TRY_ALL(&powers, disturbances);
}

/* What the filter cannot tell apart, Landlock does. */
static void test_prove_and_send_are_held_by_landlock(void **state)
{
	const uint16_t ports[] = {ntohs(address_of(given.server).sin_port)};
	struct sandbox_powers powers = {.role = SANDBOX_PROVE, .directory = -1, .ports = ports, .port_count = 1};
	(void)state;
	if (sandbox_layers().landlock_abi < SANDBOX_ABI_PORTS)
		skip();
	assert_int_equal(attempt(&powers, bind_port), EACCES);
	assert_int_equal(attempt(&powers, connect_other), EACCES);
	powers.role = SANDBOX_SEND;
	assert_int_equal(attempt(&powers, connect_other), EACCES);
	assert_int_equal(attempt(&powers, open_outside), EACCES);
	assert_int_equal(attempt(&powers, open_private), EACCES);
}

static void test_fetch_reads_the_files_named(void **state)
{
	const struct sandbox_powers powers = {.role = SANDBOX_FETCH, .directory = -1};
	const struct trial trials[] = {
		{"open named", open_hosts, access("/etc/hosts", R_OK) == 0 ? 0 : EACCES},
		{"open other", open_outside, EACCES},
		{"openat2", open_at_2_outside, EACCES},
		{"open in a directory", open_inside, EACCES},
		{"openat", open_by_handle, EACCES},
		{"private keys", open_private, EACCES},
		{"directory of certificates", open_certificates, EACCES},
		{"memory", open_own_memory, EACCES},
	};
	(void)state;
	if (sandbox_layers().landlock_abi < SANDBOX_ABI_FILES)
		skip();
	TRY_ALL(&powers, trials);
}

static void test_fetch_connects_to_the_ports_in_scope(void **state)
{
	const uint16_t ports[] = {ntohs(address_of(given.server).sin_port)};
	struct sandbox_powers powers = {.role = SANDBOX_FETCH, .directory = -1, .ports = ports, .port_count = 1};
	(void)state;
	if (sandbox_layers().landlock_abi < SANDBOX_ABI_PORTS)
		skip();
	assert_int_equal(attempt(&powers, connect_allowed), 0);
	assert_int_equal(attempt(&powers, connect_other), EACCES);
	/* A scope that leaves the port open. */
	powers.ports = NULL;
	assert_int_equal(attempt(&powers, connect_other), 0);
}

/* ---- the tables ---- */

static unsigned rows_of(enum sandbox_role role, uint64_t call, unsigned *ret_always)
{
	unsigned rows = 0;
	*ret_always = 0;
	for (size_t i = 0; i < call_row_count; i++)
		for (const struct named_number *row = call_rows[i].calls;
		     is_of_role(call_rows[i].roles, role) && row->name != NULL; row++) {
			rows += row->number == call;
			*ret_always += row->number == call && call_rows[i].conditions == NULL;
		}
	return rows;
}

/* A row for always would silently take the place of one on condition. */
static void test_no_row_is_undone_by_another(void **state)
{
	(void)state;
	for (enum sandbox_role role = 0; role < SANDBOX_ROLE_COUNT; role++)
		for (size_t i = 0; i < call_row_count; i++)
			for (const struct named_number *call = call_rows[i].calls; call->name != NULL; call++) {
				unsigned always, rows = rows_of(role, call->number, &always);
				if (always > 0 && rows > 1)
					fail_msg("%s has %u rows in %s", call->name, rows, role_names[role]);
			}
}

static bool count_entry(void *context, const struct sandbox_entry *entry)
{
	size_t *counts = context;
	assert_true(entry->what[0] != '\0' && entry->why[0] != '\0' && entry->verdict[0] != '\0');
	for (enum sandbox_role role = 0; role < SANDBOX_ROLE_COUNT; role++)
		counts[role] += strcmp(entry->cell, role_names[role]) == 0;
	return true;
}

static void test_every_cell_is_told(void **state)
{
	size_t counts[SANDBOX_ROLE_COUNT] = {0};
	(void)state;
	sandbox_tell(count_entry, counts);
	for (enum sandbox_role role = 0; role < SANDBOX_ROLE_COUNT; role++)
		assert_in_range(counts[role], 50, 500);
}

/* ---- set-up ---- */

static int listen_on_loopback(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (server < 0 || bind(server, (const struct sockaddr *)&address, sizeof address) != 0 || listen(server, 16) != 0)
		return -1;
	return server;
}

static int set_up(void **state)
{
	(void)state;
	snprintf(given.directory, sizeof given.directory, "/tmp/test-sandbox-XXXXXX");
	if (mkdtemp(given.directory) == NULL)
		return -1;
	snprintf(given.inside, sizeof given.inside, "%s/inside", given.directory);
	given.file = open(given.inside, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	given.directory_handle = open(given.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	given.memory = memfd_create("given", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (given.file < 0 || given.directory_handle < 0 || given.memory < 0 || ftruncate(given.memory, 4096) != 0 ||
	    fcntl(given.memory, F_ADD_SEALS, F_SEAL_SHRINK) != 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, given.pair) != 0)
		return -1;
	given.server = listen_on_loopback();
	given.other_server = listen_on_loopback();
	given.bystander = fork();
	if (given.bystander == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	given.bystander_handle = (int)syscall(SYS_pidfd_open, given.bystander, 0);
	return given.server < 0 || given.other_server < 0 || given.bystander < 0 || given.bystander_handle < 0 ? -1
	                                                                                                       : look_up_name();
}

static int tear_down(void **state)
{
	(void)state;
	const int descriptors[] = {
		given.file,    given.directory_handle, given.memory,       given.pair[0],
		given.pair[1], given.server,           given.other_server, given.bystander_handle,
	};
	if (given.bystander > 0) { /* 0 and -1 are whole groups */
		kill(given.bystander, SIGKILL);
		waitpid(given.bystander, NULL, 0);
	}
	for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++)
		close(descriptors[i]);
	unlink(given.inside);
	return rmdir(given.directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_extract_has_memory_and_nothing_else),
		cmocka_unit_test(test_a_worker_of_a_sealed_zygote_fares_the_same),
		cmocka_unit_test(test_a_zygote_forks_and_ends_what_it_forked),
		cmocka_unit_test(test_a_zygote_kills_nobody_else),
		cmocka_unit_test(test_memory_and_files_are_limited),
		cmocka_unit_test(test_listen_takes_strangers_and_goes_nowhere),
		cmocka_unit_test(test_walk_reads_beneath_one_directory),
		cmocka_unit_test(test_fetch_has_sockets_of_the_network),
		cmocka_unit_test(test_prove_has_sockets_and_no_files),
		cmocka_unit_test(test_send_has_sockets_and_the_files_named),
		cmocka_unit_test(test_prove_and_send_are_held_by_landlock),
		cmocka_unit_test(test_fetch_reads_the_files_named),
		cmocka_unit_test(test_fetch_connects_to_the_ports_in_scope),
		cmocka_unit_test(test_no_row_is_undone_by_another),
		cmocka_unit_test(test_every_cell_is_told),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
