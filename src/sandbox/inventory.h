/* SPDX-License-Identifier: Apache-2.0 */
/* What the cells may, told from the tables that seal them. */
#ifndef TIDEMARK_SANDBOX_INVENTORY_H
#define TIDEMARK_SANDBOX_INVENTORY_H

#include "sandbox/sandbox.h"

struct sandbox_entry {
	const char *cell;    /* extract, zygote, fetch, walk */
	const char *layer;   /* seccomp, landlock, limit */
	const char *verdict; /* allowed, refused, limited; killed: of all calls that have no entry */
	const char *what;    /* a system call, a right, a file, a limit */
	struct bytes when;   /* what its arguments must be, the error it is answered with, or how much; empty: always */
	const char *why;
	bool is_held; /* this kernel has what it takes */
};

/** Every entry, in the tables' order. Bytes are borrowed until tell returns; false from tell ends it. */
void sandbox_tell(bool (*tell)(void *context, const struct sandbox_entry *entry), void *context);

#endif
