/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "reading/sealed-memory.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

const unsigned char *sealed_memory_map(int descriptor, uint64_t length)
{
	void *at = MAP_FAILED;
	/* Only a seal keeps the bytes under us from shrinking: without it a read could fault. */
	bool is_sealed = (fcntl(descriptor, F_GET_SEALS) & (F_SEAL_SHRINK | F_SEAL_WRITE)) == (F_SEAL_SHRINK | F_SEAL_WRITE);
	off_t size = lseek(descriptor, 0, SEEK_END); /* fstat is a call by path today, and those are refused */
	if (is_sealed && size > 0 && (uint64_t)size >= length && length > 0)
		at = mmap(NULL, length, PROT_READ, MAP_PRIVATE, descriptor, 0);
	close(descriptor);
	return at == MAP_FAILED ? NULL : at;
}

void sealed_memory_unmap(const unsigned char *at, uint64_t length)
{
	if (at != NULL)
		munmap((void *)(uintptr_t)at, length);
}
