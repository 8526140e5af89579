/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of what each role may: system calls and on which arguments, what
 * Landlock holds and what it lets through, limits. calls.c, landlock.c and
 * linux.c install them as they stand here, inventory.c tells them. Private to
 * this folder.
 */
#ifndef TIDEMARK_SANDBOX_RULES_H
#define TIDEMARK_SANDBOX_RULES_H

#include "sandbox/sandbox.h"

/* Roles of a row. */
enum {
	OF_EXTRACT = 1 << SANDBOX_EXTRACT,
	OF_ZYGOTE = 1 << SANDBOX_ZYGOTE,
	OF_FETCH = 1 << SANDBOX_FETCH,
	OF_WALK = 1 << SANDBOX_WALK,
	OF_PROVE = 1 << SANDBOX_PROVE,
	OF_SEND = 1 << SANDBOX_SEND,
	OF_LISTEN = 1 << SANDBOX_LISTEN,
	OF_NETWORK = OF_FETCH | OF_PROVE | OF_SEND, /* speak to strangers */
	OF_LOOKING = OF_FETCH | OF_SEND             /* read the files that names and certificates take */
};

struct named_number {
	const char *name; /* NULL ends a list */
	uint64_t number;
};

enum condition_kind {
	CONDITION_END = 0, /* ends a list */
	CONDITION_IS,      /* one of values, bits of ignored aside; as the int that the kernel reads */
	CONDITION_HAS,     /* all bits of with, none of without */
	CONDITION_IS_NULL, /* a pointer to nothing */
	CONDITION_IS_OWN   /* the number of the process that seals itself */
};

struct condition {
	enum condition_kind kind;
	unsigned argument; /* from 0 */
	const char *name;  /* as the call's manual page has it */
	const struct named_number *values;
	struct named_number ignored, with, without;
};

/* A call may stand in several rows, as long as no two of one role with different errors can hold together. */
struct call_row {
	unsigned roles;
	int error; /* 0: allowed; else what the call answers */
	const struct named_number *calls;
	const struct condition *conditions; /* all must hold, each of another argument; NULL: always */
	const char *why;
};
extern const struct call_row call_rows[];
extern const size_t call_row_count;

enum landlock_field { LANDLOCK_FILES, LANDLOCK_PORTS, LANDLOCK_SCOPES };

/* Held in every role, but for what the rows below let through. */
struct landlock_row {
	int abi; /* the first that knows it */
	enum landlock_field field;
	uint64_t bits;
	const char *what, *why;
};
extern const struct landlock_row landlock_rows[];
extern const size_t landlock_row_count;

/* Landlock's rights, newer than Debian 12's headers; see the kernel's landlock(7). */
#define LANDLOCK_CONNECT_TCP (UINT64_C(1) << 1)

/* Of LOOKING. Those that do not exist are skipped. */
struct file_row {
	const char *path, *why;
};
extern const struct file_row file_rows[];
extern const size_t file_row_count;

enum { PORT_OF_NAME_SERVICE = 53 };

/* What ports of TCP a role may connect to, in words: which they are, its powers say (sandbox.h). */
struct port_row {
	unsigned roles;
	const char *when, *why;
};
extern const struct port_row port_rows[];
extern const size_t port_row_count;

struct limit_row {
	unsigned roles;
	int resource;
	const char *name;
	uint64_t most;
	const char *why;
};
extern const struct limit_row limit_rows[];
extern const size_t limit_row_count;

extern const char *const role_names[SANDBOX_ROLE_COUNT];

static inline bool is_of_role(unsigned roles, enum sandbox_role role)
{
	return (roles >> role & 1) != 0;
}

/** Puts on what Landlock the kernel has. BROKEN with errno. */
enum status landlock_restrict(const struct sandbox_powers *powers) MUST_CHECK;
/** Its version; 0: none. */
int landlock_version(void);
/** Puts on the filter of calls. */
enum status calls_restrict(enum sandbox_role role) MUST_CHECK;

#endif
