/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Views of a document's bytes. A mapped source is shown in place; any other
 * through one window of at most SOURCE_VIEW_MAX bytes that the source carries
 * and its owner frees.
 */
#include "base/buffer.h"
#include "format/format.h"

#include <stdlib.h>

static enum status read_mapped(struct source *source, uint64_t offset, void *into, size_t length, size_t *ret_got)
{
	struct bytes part = bytes_slice(bytes_of(source->mapped, (size_t)source->size),
	                                offset > source->size ? (size_t)source->size : (size_t)offset, length);
	if (part.len > 0)
		memcpy(into, part.at, part.len);
	*ret_got = part.len;
	return STATUS_OK;
}

struct source source_of_bytes(struct bytes bytes)
{
	static const unsigned char nothing[1];
	return (struct source){.size = bytes.len, .mapped = bytes.at ? bytes.at : nothing, .read_at = read_mapped};
}

/* What there is of length bytes at offset, so that all later arithmetic fits. */
static size_t clip(const struct source *source, uint64_t offset, size_t length)
{
	if (offset >= source->size)
		return 0;
	return length > source->size - offset ? (size_t)(source->size - offset) : length;
}

/* Asks again after short reads; whoever serves the bytes may stop where its own window ends. */
static enum status read_fully(struct source *source, uint64_t offset, unsigned char *into, size_t length, size_t *ret_got)
{
	size_t done = 0;
	while (done < length) {
		size_t got = 0;
		enum status status = source->read_at(source, offset + done, into + done, length - done, &got);
		if (status != STATUS_OK)
			return status;
		if (got == 0)
			break;
		done += got;
	}
	*ret_got = done;
	return STATUS_OK;
}

enum status source_view(struct source *source, uint64_t offset, size_t length, struct bytes *ret_view)
{
	size_t got = 0;
	length = clip(source, offset, length < SOURCE_VIEW_MAX ? length : SOURCE_VIEW_MAX);
	if (source->mapped != NULL || length == 0) {
		*ret_view = bytes_of(length > 0 ? source->mapped + offset : NULL, length);
		return STATUS_OK;
	}
	if (source->view == NULL)
		source->view = malloc(source->size < SOURCE_VIEW_MAX ? (size_t)source->size : SOURCE_VIEW_MAX);
	if (source->view == NULL)
		return STATUS_NO_MEMORY;
	enum status status = read_fully(source, offset, source->view, length, &got);
	if (status == STATUS_OK)
		*ret_view = bytes_of(source->view, got);
	return status;
}
