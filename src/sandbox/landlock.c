/* SPDX-License-Identifier: Apache-2.0 */
/* One ruleset: all rows that the kernel knows are held, then the role's own are let through. */
#define _GNU_SOURCE
#include "sandbox/rules.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than Debian 12's headers; see the kernel's landlock(7). */
enum { RULE_NET_PORT = 2 };

struct ruleset_attributes {
	uint64_t handled_access_fs, handled_access_net, scoped;
};

struct net_port {
	uint64_t allowed_access, port;
};

int landlock_version(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	return abi > 0 ? (int)abi : 0;
}

/* ---- what is let through ---- */

static enum status allow_beneath(int ruleset, int descriptor, uint64_t access)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = descriptor};
	long result = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	return result == 0 ? STATUS_OK : STATUS_BROKEN;
}

/* A directory in a file's place opens nothing. */
static enum status allow_file(int ruleset, const char *path)
{
	struct stat about;
	int descriptor = open(path, O_PATH | O_CLOEXEC);
	if (descriptor < 0)
		return STATUS_OK;
	enum status status = STATUS_OK;
	if (fstat(descriptor, &about) == 0 && !S_ISDIR(about.st_mode))
		status = allow_beneath(ruleset, descriptor, LANDLOCK_ACCESS_FS_READ_FILE);
	close(descriptor);
	return status;
}

static enum status allow_port(int ruleset, uint16_t port)
{
	struct net_port rule = {.allowed_access = LANDLOCK_CONNECT_TCP, .port = port};
	return syscall(SYS_landlock_add_rule, ruleset, RULE_NET_PORT, &rule, 0) == 0 ? STATUS_OK : STATUS_BROKEN;
}

static enum status allow_ports(int ruleset, const struct sandbox_powers *powers)
{
	enum status status = allow_port(ruleset, PORT_OF_NAME_SERVICE);
	for (size_t i = 0; i < powers->port_count && status == STATUS_OK; i++)
		status = allow_port(ruleset, powers->ports[i]);
	return status;
}

static enum status allow_powers(int ruleset, const struct sandbox_powers *powers, bool holds_ports)
{
	enum status status = STATUS_OK;
	if (powers->role == SANDBOX_WALK)
		status = allow_beneath(ruleset, powers->directory, LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR);
	if (!is_of_role(OF_NETWORK, powers->role))
		return status;
	for (size_t i = 0; i < file_row_count && status == STATUS_OK && is_of_role(OF_LOOKING, powers->role); i++)
		status = allow_file(ruleset, file_rows[i].path);
	return status == STATUS_OK && holds_ports ? allow_ports(ruleset, powers) : status;
}

/* ---- all of it ---- */

static struct ruleset_attributes held_by(int abi, const struct sandbox_powers *powers)
{
	struct ruleset_attributes held = {0};
	uint64_t *const fields[] = {
		[LANDLOCK_FILES] = &held.handled_access_fs,
		[LANDLOCK_PORTS] = &held.handled_access_net,
		[LANDLOCK_SCOPES] = &held.scoped,
	};
	for (size_t i = 0; i < landlock_row_count; i++)
		if (landlock_rows[i].abi <= abi)
			*fields[landlock_rows[i].field] |= landlock_rows[i].bits;
	if (is_of_role(OF_NETWORK, powers->role) && powers->ports == NULL)
		held.handled_access_net &= ~LANDLOCK_CONNECT_TCP;
	return held;
}

/* An older kernel refuses attributes it has never heard of, even empty ones. */
static size_t size_known_to(int abi)
{
	if (abi >= SANDBOX_ABI_SCOPES)
		return sizeof(struct ruleset_attributes);
	return abi >= SANDBOX_ABI_PORTS ? offsetof(struct ruleset_attributes, scoped)
	                                : offsetof(struct ruleset_attributes, handled_access_net);
}

enum status landlock_restrict(const struct sandbox_powers *powers)
{
	int abi = landlock_version();
	if (abi == 0)
		return STATUS_OK;
	struct ruleset_attributes held = held_by(abi, powers);
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &held, size_known_to(abi), 0);
	if (ruleset < 0)
		return STATUS_BROKEN;
	enum status status = allow_powers(ruleset, powers, (held.handled_access_net & LANDLOCK_CONNECT_TCP) != 0);
	if (status == STATUS_OK && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		status = STATUS_BROKEN;
	close(ruleset);
	return status;
}
