/* SPDX-License-Identifier: Apache-2.0 */
/* flock on a file that stays when it is let go: removing it would let two hold two files. */
#include "catalog/lock.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

/* A program that was just being started has the descriptor of a holder that was killed, until it is its own: a moment. */
enum { HEIR_LOOKS = 100, HEIR_LOOK_MS = 20 };

struct lock {
	int descriptor;
};

static enum status status_of_errno(int error)
{
	switch (error) {
	case ENOENT: return STATUS_ABSENT;
	case EACCES:
	case EPERM:
	case EROFS:
	case ELOOP: return STATUS_DENIED;
	case ENOSPC:
	case EDQUOT: return STATUS_NO_SPACE;
	case EWOULDBLOCK: return STATUS_BUSY;
	default: return STATUS_BROKEN;
	}
}

static void read_holder(int descriptor, struct lock_holder *ret_holder)
{
	char text[64] = "";
	long pid;
	long long start;
	ssize_t length = pread(descriptor, text, sizeof text - 1, 0);
	*ret_holder = (struct lock_holder){0, CLOCK_UNKNOWN};
	if (length > 0 && sscanf(text, "%ld %lld", &pid, &start) == 2)
		*ret_holder = (struct lock_holder){pid, start};
}

/* What stands in the file is a courtesy: a full disk does not cost the lock. */
static void write_holder(int descriptor)
{
	char text[64];
	int length = snprintf(text, sizeof text, "%ld %lld\n", (long)getpid(), (long long)clock_now());
	if (ftruncate(descriptor, 0) == 0 && pwrite(descriptor, text, (size_t)length, 0) != length)
		(void)!ftruncate(descriptor, 0);
}

static bool is_gone(const struct lock_holder *holder)
{
	return holder->pid > 0 && kill((pid_t)holder->pid, 0) != 0 && errno == ESRCH;
}

static enum status hold(int descriptor, struct lock_holder *ret_holder)
{
	for (unsigned looks = 0;; looks++) {
		if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
			return STATUS_OK;
		enum status status = status_of_errno(errno);
		if (status != STATUS_BUSY)
			return status;
		read_holder(descriptor, ret_holder);
		if (!is_gone(ret_holder) || looks == HEIR_LOOKS)
			return status;
		nanosleep(&(struct timespec){.tv_nsec = HEIR_LOOK_MS * 1000000L}, NULL);
	}
}

enum status lock_take(const char *path, struct lock **ret_lock, struct lock_holder *ret_holder)
{
	struct lock *lock = malloc(sizeof *lock);
	if (lock == NULL)
		return STATUS_NO_MEMORY;
	lock->descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	enum status status = lock->descriptor < 0 ? status_of_errno(errno) : STATUS_OK;
	if (status == STATUS_OK)
		status = hold(lock->descriptor, ret_holder);
	if (status != STATUS_OK) {
		lock_release(lock);
		return status;
	}
	write_holder(lock->descriptor);
	*ret_lock = lock;
	return STATUS_OK;
}

/* Taking it, to see whether it is held, could refuse a sweep that begins in that moment. */
bool lock_find_holder(const char *path, struct lock_holder *ret_holder)
{
	struct lock_holder holder = {0, CLOCK_UNKNOWN};
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (descriptor < 0)
		return false;
	read_holder(descriptor, &holder);
	close(descriptor);
	if (holder.pid <= 0 || (kill((pid_t)holder.pid, 0) != 0 && errno != EPERM))
		return false;
	*ret_holder = holder;
	return true;
}

void lock_release(struct lock *lock)
{
	if (lock == NULL)
		return;
	if (lock->descriptor >= 0)
		close(lock->descriptor);
	free(lock);
}
