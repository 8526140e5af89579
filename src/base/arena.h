/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory with one owner: allocated piecemeal, freed all at once. Allocations
 * are zeroed and aligned for any type. An arena has a ceiling; past it, and
 * when memory ends, allocation returns NULL.
 */
#ifndef TIDEMARK_BASE_ARENA_H
#define TIDEMARK_BASE_ARENA_H

#include "base/bytes.h"
#include "base/status.h"

struct arena_block;
struct arena {
	struct arena_block *blocks;
	size_t used; /* bytes handed out, headers not counted */
	size_t held; /* bytes taken from the system for it, whatever is handed out of them */
	size_t ceiling;
};

static inline struct arena arena_with_ceiling(size_t ceiling)
{
	return (struct arena){.ceiling = ceiling};
}

void *arena_allocate(struct arena *arena, size_t size) MUST_CHECK;
/** A copy that lives as long as the arena; BYTES_NONE when memory ended. */
struct bytes arena_copy(struct arena *arena, struct bytes bytes) MUST_CHECK;
/** The same as a C string; NULL when memory ended. */
char *arena_copy_string(struct arena *arena, struct bytes bytes) MUST_CHECK;
/** Forgets all allocations, keeps the newest block. */
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

#endif
