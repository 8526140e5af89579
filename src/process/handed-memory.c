/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "process/handed-memory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static enum status write_all(int descriptor, struct bytes bytes)
{
	while (bytes.len > 0) {
		ssize_t written = write(descriptor, bytes.at, bytes.len);
		if (written < 0 && errno != EINTR)
			return errno == ENOSPC ? STATUS_NO_SPACE : STATUS_NO_MEMORY;
		bytes = bytes_from(bytes, written > 0 ? (size_t)written : 0);
	}
	return STATUS_OK;
}

enum status handed_memory_make(const char *name, struct bytes bytes, int *ret_descriptor)
{
	const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	int memory = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	enum status status = memory >= 0 ? write_all(memory, bytes) : STATUS_NO_MEMORY;
	if (status == STATUS_OK && fcntl(memory, F_ADD_SEALS, seals) != 0)
		status = STATUS_BROKEN;
	if (status == STATUS_OK)
		*ret_descriptor = memory;
	else if (memory >= 0)
		close(memory);
	return status;
}
