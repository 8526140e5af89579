/* SPDX-License-Identifier: Apache-2.0 */
/* Listing and reading a folder, synchronously: what it waits for is the disk. */
#define _GNU_SOURCE
#include "fetching/lane.h"

#include <errno.h>
#include <unistd.h>

enum { PAGE_OBJECTS = 1000, READ_SIZE = 256 * 1024 };

/* The walk goes on where it stands, or is begun anew behind the cursor asked for. */
static enum status stand_behind(struct fetching *fetching, struct bytes cursor)
{
	if (fetching->walk != NULL && bytes_equal(cursor, buffer_bytes(&fetching->walk_cursor)))
		return STATUS_OK;
	folder_walk_free(fetching->walk);
	fetching->walk = NULL;
	return folder_walk_start(fetching->directory, fetching->target.prefix, cursor, &fetching->walk);
}

enum status tree_list(struct fetching *fetching)
{
	struct page page;
	struct arena arena = arena_with_ceiling(256 << 20);
	size_t wanted = fetching->list.page_size ? fetching->list.page_size : PAGE_OBJECTS;
	enum status status = stand_behind(fetching, fetching->list.cursor);
	if (status == STATUS_OK)
		status = folder_walk_page(fetching->walk, wanted, &arena, &page);
	if (status == STATUS_OK) {
		buffer_reset(&fetching->walk_cursor);
		buffer_append(&fetching->walk_cursor, page.next);
		status = fetching_send_page(fetching, &page);
		if (page.is_last) {
			folder_walk_free(fetching->walk);
			fetching->walk = NULL;
		}
	} else {
		status = fetching_send_failed(fetching, status, fetching->target.container.name,
		                              BYTES_LITERAL("the folder could not be read"));
	}
	arena_free(&arena);
	return status;
}

/* Reads length bytes at offset (or to the end) into the lane's memory, or only into its digest. */
static enum status read_part(struct lane *lane, int descriptor, uint64_t offset, uint64_t length, bool only_hash)
{
	static unsigned char piece[READ_SIZE]; /* this program has one thread for its loop */
	while (length > 0) {
		size_t wanted = length < sizeof piece ? (size_t)length : sizeof piece;
		ssize_t got = pread(descriptor, piece, wanted, (off_t)offset);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return STATUS_UNREACHABLE;
		if (got == 0)
			break;
		if (only_hash)
			digest_update(lane->digest, bytes_of(piece, (size_t)got));
		else if (lane_take(lane, bytes_of(piece, (size_t)got)) != STATUS_OK)
			return STATUS_NO_MEMORY;
		offset += (uint64_t)got;
		length -= (uint64_t)got;
		if (only_hash && lane_tell_progress(lane, offset) != STATUS_OK)
			return STATUS_UNREACHABLE;
	}
	return STATUS_OK;
}

/* A large file is hashed whole now, and read by windows later. */
static enum status announce_large(struct lane *lane, int descriptor, uint64_t size)
{
	unsigned char sha256[DIGEST_SHA256_SIZE];
	enum status status = read_part(lane, descriptor, 0, size, true);
	digest_finish(lane->digest, sha256);
	if (status == STATUS_OK)
		status = folder_check(descriptor, &lane->object);
	if (status != STATUS_OK)
		return lane_answer_failed(lane, status, BYTES_LITERAL("the file could not be read to its end"));
	return lane_answer_windowed(lane, size, sha256);
}

/* A file is read as it is now, whatever it was when it was listed; from then on it must stay so. */
static enum status open_file(struct lane *lane, int *ret_descriptor, uint64_t *ret_size)
{
	struct object wanted = lane->object;
	if (!lane->is_window)
		wanted.etag = BYTES_NONE;
	enum status status = folder_open(lane->fetching->directory, &wanted, ret_descriptor, ret_size);
	if (status != STATUS_OK || lane->is_window)
		return status;
	status = folder_describe(*ret_descriptor, &lane->arena, &lane->object);
	*ret_size = lane->object.size;
	if (status == STATUS_OK && *ret_size > OBJECT_SIZE_MAX)
		status = STATUS_TOO_LARGE;
	if (status != STATUS_OK)
		close(*ret_descriptor);
	return status;
}

/* What was read of a file that is still the same. Where the system makes up contents as they are read, its size says nothing:
 * what came to an end is whole. */
static enum status answer_read(struct lane *lane, uint64_t size, bool is_wanted_whole)
{
	if (lane->is_window && lane->received < lane->part.length)
		return lane_answer_failed(lane, STATUS_TRUNCATED, BYTES_LITERAL("the file ended early"));
	bool has_ended = is_wanted_whole && lane->received < lane->whole_max;
	if (is_wanted_whole && !has_ended && lane->received != size)
		return lane_answer_failed(lane, STATUS_TOO_LARGE, BYTES_LITERAL("the file has no size, and no end"));
	if (!lane->is_window && lane->received > size)
		lane->object.size = lane->received;
	return lane_answer(lane, has_ended || (!lane->is_window && lane->received == size), NULL);
}

enum status tree_get(struct lane *lane)
{
	int descriptor;
	uint64_t size;
	bool is_wanted_whole = !lane->is_window && lane->part.length > lane->whole_max;
	enum status status = open_file(lane, &descriptor, &size);
	if (status == STATUS_OK) {
		status = lane_open_memory(lane);
		uint64_t length = lane->part.length < lane->whole_max ? lane->part.length : lane->whole_max;
		if (status == STATUS_OK && is_wanted_whole && size > lane->whole_max) {
			lane_close_memory(lane);
			status = announce_large(lane, descriptor, size);
			close(descriptor);
			return status;
		}
		if (status == STATUS_OK)
			status = read_part(lane, descriptor, lane->part.offset, length, false);
		if (status == STATUS_OK)
			status = folder_check(descriptor, &lane->object);
		close(descriptor);
	}
	if (status != STATUS_OK)
		return lane_answer_failed(lane, status, BYTES_LITERAL("the file could not be read"));
	return answer_read(lane, size, is_wanted_whole);
}
