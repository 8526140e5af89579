/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A lock file: held by flock, so it ends with its holder however that ends;
 * the file tells who holds it ("PID START") to whoever is refused.
 */
#ifndef TIDEMARK_CATALOG_LOCK_H
#define TIDEMARK_CATALOG_LOCK_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct lock;
struct lock_holder {
	long pid; /* 0: not known */
	int64_t start;
};

/** BUSY with *ret_holder when another holds it; DENIED, NO_SPACE, NO_MEMORY, BROKEN. */
enum status lock_take(const char *path, struct lock **ret_lock, struct lock_holder *ret_holder) MUST_CHECK;
/** Who wrote itself into the file, where that process still lives; the lock is not touched. */
bool lock_find_holder(const char *path, struct lock_holder *ret_holder);
/** NULL is allowed. */
void lock_release(struct lock *lock);

#endif
