/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes we own and grow. A buffer is born with its ceiling and never outgrows
 * it. Its first failure sticks: later appends do nothing, so a long chain of
 * appends needs one check at its end (buffer_status).
 */
#ifndef TIDEMARK_BASE_BUFFER_H
#define TIDEMARK_BASE_BUFFER_H

#include "base/bytes.h"
#include "base/status.h"

struct buffer {
	unsigned char *at; /* len bytes, then always one NUL that does not count */
	size_t len;
	size_t capacity;
	size_t ceiling;
	enum status failed; /* OK, NO_MEMORY, or TOO_LARGE at the ceiling */
};

/** An empty buffer; allocates nothing. */
static inline struct buffer buffer_with_ceiling(size_t ceiling)
{
	return (struct buffer){.ceiling = ceiling};
}

/** Frees what it holds; the ceiling stays and the buffer can be used again. */
void buffer_free(struct buffer *buffer);

/** Empties it and forgets a failure, keeping the memory. */
void buffer_reset(struct buffer *buffer);

static inline struct bytes buffer_bytes(const struct buffer *buffer)
{
	return bytes_of(buffer->at, buffer->len);
}

static inline enum status buffer_status(const struct buffer *buffer)
{
	return buffer->failed;
}

/** The contents as a C string, never NULL; ends early if the contents hold a NUL. */
const char *buffer_string(const struct buffer *buffer);

void buffer_append(struct buffer *buffer, struct bytes bytes);
void buffer_append_string(struct buffer *buffer, const char *text);
void buffer_append_byte(struct buffer *buffer, unsigned char byte);
void buffer_append_format(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);

/** Room for len more bytes at the end, uninitialised and already counted; NULL when it failed. */
unsigned char *buffer_extend(struct buffer *buffer, size_t len);

/** Cuts it to at most len bytes. */
void buffer_truncate(struct buffer *buffer, size_t len);

/** Removes the first len bytes. */
void buffer_consume(struct buffer *buffer, size_t len);

#endif
