/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One verb: seal this process, for good, to the powers it names. Everything it
 * will ever open must be open by then. A forbidden open answers EACCES; a
 * forbidden socket, exec, fork or unlisted call kills the process (SIGSYS).
 */
#ifndef TIDEMARK_SANDBOX_SANDBOX_H
#define TIDEMARK_SANDBOX_SANDBOX_H

#include "base/bytes.h"
#include "base/status.h"

enum sandbox_role {
	SANDBOX_EXTRACT,    /* memory and inherited descriptors, nothing else */
	SANDBOX_FETCH,      /* outbound sockets, threads, reading the paths named */
	SANDBOX_WALK,       /* reading beneath the directory named, no sockets */
};

struct sandbox_powers {
	enum sandbox_role role;
	const char *const *readable_paths;  /* NULL-ended; those that do not exist are skipped */
	int directory;                      /* a directory to read beneath, or -1 */
	uint64_t memory_max;                /* RLIMIT_AS in bytes, 0 for none */
};

/** BROKEN if a layer the kernel has could not be put on; layers it lacks are left out (sandbox_layers tells). */
enum status sandbox_seal(const struct sandbox_powers *powers, struct failure *reterr) MUST_CHECK;

struct sandbox_layers {
	bool has_seccomp;
	int landlock_abi;   /* 0 where the kernel has none */
};

/** What this kernel offers; seals nothing. */
struct sandbox_layers sandbox_layers(void);

/** Leaves no core, gains no privileges: for every child, before sealing. What it forks inherits that. */
enum status sandbox_prepare_child(void) MUST_CHECK;

/** Is killed when the thread that started it ends: for a child whose starter outlives it. CRASHED if that has ended already. */
enum status sandbox_die_with_starter(void) MUST_CHECK;

#endif
