/* SPDX-License-Identifier: Apache-2.0 */
/* Sealing by resource limits, Landlock (files, ports, signals) and seccomp (calls), in this order. */
#define _GNU_SOURCE
#include "sandbox/rules.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

struct sandbox_layers sandbox_layers(void)
{
	return (struct sandbox_layers){
		.has_seccomp = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0,
		.landlock_abi = landlock_version(),
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

static enum status put_on_limits(enum sandbox_role role)
{
	for (size_t i = 0; i < limit_row_count; i++) {
		const struct limit_row *row = &limit_rows[i];
		struct rlimit limit = {row->most, row->most};
		if (is_of_role(row->roles, role) && setrlimit((__rlimit_resource_t)row->resource, &limit) != 0)
			return STATUS_BROKEN;
	}
	return STATUS_OK;
}

enum status sandbox_seal(const struct sandbox_powers *powers, struct failure *reterr)
{
	if (put_on_limits(powers->role) != STATUS_OK)
		return fail(reterr, STATUS_BROKEN, "sandbox", "could not limit itself: %s", strerror(errno));
	if (landlock_restrict(powers) != STATUS_OK)
		return fail(reterr, STATUS_BROKEN, "sandbox", "Landlock could not be put on: %s", strerror(errno));
	if (calls_restrict(powers->role) != STATUS_OK)
		return fail(reterr, STATUS_BROKEN, "sandbox", "seccomp could not be put on");
	return STATUS_OK;
}
