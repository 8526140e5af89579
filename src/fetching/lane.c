/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of one object or window, on their way into sealed memory and out to the lane. */
#define _GNU_SOURCE
#include "fetching/lane.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TELL_MS = 200 };

enum status lane_open_memory(struct lane *lane)
{
	lane_close_memory(lane);
	lane->received = 0;
	lane->memfd = memfd_create("tidemark", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (lane->memfd < 0)
		return STATUS_NO_MEMORY;
	if (lane->digest == NULL)
		return digest_start(DIGEST_SHA256, &lane->digest);
	unsigned char unused[DIGEST_SHA256_SIZE];
	digest_finish(lane->digest, unused); /* forgets an object that broke off */
	return STATUS_OK;
}

void lane_close_memory(struct lane *lane)
{
	if (lane->memfd >= 0)
		close(lane->memfd);
	lane->memfd = -1;
}

enum status lane_tell_progress(struct lane *lane, uint64_t received)
{
	if (received < lane->told + FETCH_PROGRESS_BYTES)
		return STATUS_OK;
	int64_t now = clock_monotonic();
	if (now - lane->told_at < TELL_MS)
		return STATUS_OK;
	lane->told = received;
	lane->told_at = now;
	fetch_put_progress(&lane->fetching->writer, received);
	return wire_send(lane->socket, &lane->fetching->writer, -1);
}

enum status lane_take(struct lane *lane, struct bytes piece)
{
	lane->received += piece.len;
	if (!lane->is_window)
		digest_update(lane->digest, piece);
	while (piece.len > 0) {
		ssize_t written = write(lane->memfd, piece.at, piece.len);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return STATUS_NO_MEMORY;
		piece = bytes_from(piece, (size_t)written);
	}
	return lane_tell_progress(lane, lane->received);
}

static enum status send_with_memory(struct lane *lane)
{
	if (fcntl(lane->memfd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
		return STATUS_BROKEN;
	enum status status = wire_send(lane->socket, &lane->fetching->writer, lane->memfd);
	lane_close_memory(lane);
	lane->is_busy = false;
	return status;
}

/* The object as it was when it was asked for. */
static struct fetch_got got_of(const struct lane *lane, uint64_t size)
{
	return (struct fetch_got){
		.size = size,
		.etag = lane->object.etag,
		.md5 = lane->object.md5,
		.modified = lane->object.modified,
	};
}

enum status lane_answer(struct lane *lane, bool whole, const char *note)
{
	uint64_t size = whole || lane->object.size == OBJECT_SIZE_UNKNOWN ? lane->received : lane->object.size;
	struct fetch_got got = got_of(lane, size);
	got.fetched = lane->received;
	got.has_sha256 = whole;
	got.note = bytes_of_string(note);
	/* Of a server that misstates it. */
	if (!lane->is_window && got.fetched > got.size)
		return lane_answer_failed(lane, STATUS_CHANGED, BYTES_LITERAL("more came than it has"));
	if (lane->is_window) {
		fetch_put_window(&lane->fetching->writer, lane->part.offset, (uint32_t)lane->received);
	} else {
		digest_finish(lane->digest, got.sha256);
		fetch_put_got(&lane->fetching->writer, &got);
	}
	return send_with_memory(lane);
}

enum status lane_answer_windowed(struct lane *lane, uint64_t size, const unsigned char *sha256)
{
	struct fetch_got got = got_of(lane, size);
	got.is_windowed = true;
	lane_close_memory(lane);
	if (sha256 != NULL) {
		memcpy(got.sha256, sha256, sizeof got.sha256);
		got.has_sha256 = true;
	}
	lane->size = size;
	lane->is_busy = false;
	fetch_put_got(&lane->fetching->writer, &got);
	return wire_send(lane->socket, &lane->fetching->writer, -1);
}

static void put_failed(struct wire_writer *writer, enum status status, uint64_t fetched, struct bytes where, struct bytes why)
{
	struct buffer clean_where = buffer_with_ceiling(1 << 16), clean_why = buffer_with_ceiling(1 << 16);
	text_append_repaired(&clean_where, bytes_slice(where, 0, 1024));
	text_append_repaired(&clean_why, bytes_slice(why, 0, 1024));
	fetch_put_failed(writer, &(struct fetch_failed){
					 .status = status,
					 .fetched = fetched,
					 .where = buffer_bytes(&clean_where),
					 .why = buffer_bytes(&clean_why),
				 });
	buffer_free(&clean_where);
	buffer_free(&clean_why);
}

enum status lane_answer_failed(struct lane *lane, enum status status, struct bytes why)
{
	put_failed(&lane->fetching->writer, status, lane->received, lane->object.name, why);
	lane_close_memory(lane);
	lane->is_busy = false;
	return wire_send(lane->socket, &lane->fetching->writer, -1);
}

enum status fetching_send_failed(struct fetching *fetching, enum status status, struct bytes where, struct bytes why)
{
	put_failed(&fetching->writer, status, 0, where, why);
	return wire_send(fetching->control, &fetching->writer, -1);
}

/* Who reads it would take more, and fields longer than any provider's, for a fetch program that was taken over. */
static enum status refuse_page(struct fetching *fetching)
{
	return fetching_send_failed(fetching, STATUS_MALFORMED, fetching->target.container.url,
	                            BYTES_LITERAL("the listing has a page, or a field, larger than any provider's"));
}

enum status fetching_send_page(struct fetching *fetching, const struct page *page)
{
	size_t bytes = 0;
	for (size_t done = 0, put; done < page->count; done += put) {
		put = fetch_put_objects(&fetching->writer, page->objects + done, page->count - done);
		bytes += fetching->writer.len;
		if (put == 0 || bytes > FETCH_PAGE_BYTES_MAX)
			return refuse_page(fetching);
		enum status status = wire_send(fetching->control, &fetching->writer, -1);
		if (status != STATUS_OK)
			return status;
	}
	fetch_put_page_end(&fetching->writer, page->next, page->is_last);
	return wire_send(fetching->control, &fetching->writer, -1);
}
