/* SPDX-License-Identifier: Apache-2.0 */
/* Growing within a ceiling, with a sticky first failure. */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buffer_free(struct buffer *buffer)
{
	free(buffer->at);
	*buffer = buffer_with_ceiling(buffer->ceiling);
}

void buffer_reset(struct buffer *buffer)
{
	buffer->failed = STATUS_OK;
	buffer_truncate(buffer, 0);
}

const char *buffer_string(const struct buffer *buffer)
{
	return buffer->at ? (const char *)buffer->at : "";
}

/* Doubles, so that a chain of appends costs linear time; one byte more than asked for the NUL. */
static enum status grow(struct buffer *buffer, size_t wanted)
{
	if (wanted > buffer->ceiling)
		return STATUS_TOO_LARGE;
	if (wanted < buffer->capacity)
		return STATUS_OK;
	size_t capacity = buffer->capacity < 64 ? 64 : buffer->capacity;
	while (capacity <= wanted)
		capacity *= 2;
	if (capacity > buffer->ceiling + 1)
		capacity = buffer->ceiling + 1;
	unsigned char *at = realloc(buffer->at, capacity);
	if (at == NULL)
		return STATUS_NO_MEMORY;
	buffer->at = at;
	buffer->capacity = capacity;
	return STATUS_OK;
}

unsigned char *buffer_extend(struct buffer *buffer, size_t len)
{
	size_t wanted;
	if (buffer->failed != STATUS_OK)
		return NULL;
	if (__builtin_add_overflow(buffer->len, len, &wanted))
		buffer->failed = STATUS_TOO_LARGE;
	else
		buffer->failed = grow(buffer, wanted);
	if (buffer->failed != STATUS_OK)
		return NULL;
	unsigned char *room = buffer->at + buffer->len;
	buffer->len = wanted;
	buffer->at[wanted] = '\0';
	return room;
}

void buffer_append(struct buffer *buffer, struct bytes bytes)
{
	if (bytes.len == 0)
		return;
	unsigned char *room = buffer_extend(buffer, bytes.len);
	if (room != NULL)
		memcpy(room, bytes.at, bytes.len);
}

void buffer_append_string(struct buffer *buffer, const char *text)
{
	buffer_append(buffer, bytes_of_string(text));
}

void buffer_append_byte(struct buffer *buffer, unsigned char byte)
{
	buffer_append(buffer, bytes_of(&byte, 1));
}

void buffer_append_format(struct buffer *buffer, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	unsigned char *room = length > 0 ? buffer_extend(buffer, (size_t)length) : NULL;
	if (room != NULL)
		vsnprintf((char *)room, (size_t)length + 1, format, again);
	va_end(again);
}

void buffer_truncate(struct buffer *buffer, size_t len)
{
	if (len >= buffer->len)
		return;
	buffer->len = len;
	buffer->at[len] = '\0';
}

void buffer_consume(struct buffer *buffer, size_t len)
{
	if (len >= buffer->len) {
		buffer_truncate(buffer, 0);
		return;
	}
	memmove(buffer->at, buffer->at + len, buffer->len - len);
	buffer_truncate(buffer, buffer->len - len);
}
