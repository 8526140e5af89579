/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One verb: seal this process, for good, to the powers of its role. Everything
 * else it will ever open must be open by then. What a role may stands in the
 * tables of rules.c, and sandbox/inventory.h tells it: a refused call answers
 * with an error, an unlisted one kills the process (SIGSYS).
 */
#ifndef TIDEMARK_SANDBOX_SANDBOX_H
#define TIDEMARK_SANDBOX_SANDBOX_H

#include "base/bytes.h"
#include "base/status.h"

enum sandbox_role {
	SANDBOX_EXTRACT, /* memory and inherited descriptors, nothing else */
	SANDBOX_ZYGOTE,  /* forks, and ends what it forked; what it forks seals itself further, as SANDBOX_EXTRACT */
	SANDBOX_FETCH,   /* outbound sockets, threads, reading the files that names and certificates take */
	SANDBOX_WALK,    /* reading beneath the directory named, no sockets */
	SANDBOX_PROVE,   /* outbound sockets and threads, for names and one page; no files */
	SANDBOX_SEND,    /* as FETCH, for one mail or one POST */
	SANDBOX_LISTEN,  /* accepting at a socket it has bound, no others, one thread */
	SANDBOX_ROLE_COUNT
};

/* No file of fetch's or walk's, sealed memory included, grows larger. */
#define SANDBOX_FILE_MAX (UINT64_C(64) << 20)

struct sandbox_powers {
	enum sandbox_role role;
	int directory;         /* WALK: what to read beneath; else -1 */
	const uint16_t *ports; /* FETCH, PROVE, SEND: where it may connect to by TCP, name service aside; NULL: anywhere */
	size_t port_count;
};

/** BROKEN if a layer the kernel has could not be put on; layers it lacks are left out (sandbox_layers tells). */
enum status sandbox_seal(const struct sandbox_powers *powers, struct failure *reterr) MUST_CHECK;

struct sandbox_layers {
	bool has_seccomp;
	int landlock_abi; /* 0 where the kernel has none */
};

/* From which version of Landlock's interface on it holds files at all; ports of TCP; signals and abstract sockets. */
enum { SANDBOX_ABI_FILES = 1, SANDBOX_ABI_PORTS = 4, SANDBOX_ABI_SCOPES = 6 };

/** What this kernel offers; seals nothing. */
struct sandbox_layers sandbox_layers(void);

/** Leaves no core, gains no privileges: for every child, before sealing. What it forks inherits that. */
enum status sandbox_prepare_child(void) MUST_CHECK;

/** Is killed when the thread that started it ends: for a child whose starter outlives it. CRASHED if that has ended already. */
enum status sandbox_die_with_starter(void) MUST_CHECK;

#endif
