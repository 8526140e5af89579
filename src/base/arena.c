/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks, each twice as large as the one before it up to 64 KiB, or of the size asked for; chained newest first. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

enum { BLOCK_FIRST = 1024, BLOCK_MOST = 64 * 1024 };

struct arena_block {
	struct arena_block *older;
	size_t used, size;
	alignas(max_align_t) unsigned char bytes[];
};

/* An allocator keeps a size beside what it gives, and rounds up. */
static size_t weight(const struct arena_block *block)
{
	return sizeof *block + block->size + 2 * sizeof(size_t);
}

static struct arena_block *add_block(struct arena *arena, size_t size)
{
	size_t usual = arena->blocks != NULL ? 2 * arena->blocks->size : BLOCK_FIRST;
	if (usual > BLOCK_MOST)
		usual = BLOCK_MOST;
	if (size < usual)
		size = usual;
	struct arena_block *block = malloc(sizeof *block + size);
	if (block == NULL)
		return NULL;
	*block = (struct arena_block){.older = arena->blocks, .size = size};
	arena->blocks = block;
	arena->held += weight(block);
	return block;
}

void *arena_allocate(struct arena *arena, size_t size)
{
	size_t aligned = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (aligned < size || aligned > arena->ceiling - arena->used)
		return NULL;
	struct arena_block *block = arena->blocks;
	if (block == NULL || block->size - block->used < aligned)
		block = add_block(arena, aligned);
	if (block == NULL)
		return NULL;
	void *at = block->bytes + block->used;
	block->used += aligned;
	arena->used += aligned;
	return memset(at, 0, aligned);
}

struct bytes arena_copy(struct arena *arena, struct bytes bytes)
{
	char *copy = arena_copy_string(arena, bytes);
	return copy ? bytes_of(copy, bytes.len) : BYTES_NONE;
}

char *arena_copy_string(struct arena *arena, struct bytes bytes)
{
	if (bytes.len == SIZE_MAX)
		return NULL;
	char *copy = arena_allocate(arena, bytes.len + 1);
	if (copy != NULL && bytes.len > 0)
		memcpy(copy, bytes.at, bytes.len);
	return copy;
}

static void free_blocks(struct arena_block *block)
{
	while (block != NULL) {
		struct arena_block *older = block->older;
		free(block);
		block = older;
	}
}

void arena_reset(struct arena *arena)
{
	if (arena->blocks != NULL) {
		free_blocks(arena->blocks->older);
		arena->blocks->older = NULL;
		arena->blocks->used = 0;
		arena->held = weight(arena->blocks);
	}
	arena->used = 0;
}

void arena_free(struct arena *arena)
{
	free_blocks(arena->blocks);
	arena->blocks = NULL;
	arena->used = arena->held = 0;
}
