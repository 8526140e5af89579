/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of one document, read at any place; what a format reads. */
#ifndef TIDEMARK_FORMAT_SOURCE_H
#define TIDEMARK_FORMAT_SOURCE_H

#include "base/bytes.h"
#include "base/status.h"

#define SOURCE_VIEW_MAX (1u << 20)

struct source {
	uint64_t size;
	/* All of it when it lies in memory (then views cost nothing), else NULL. */
	const unsigned char *mapped;
	/* Up to length bytes at offset; *ret_got < length only at the end. */
	enum status (*read_at)(struct source *source, uint64_t offset, void *into, size_t length, size_t *ret_got);
	void *context;
	/* The buffer behind views of an unmapped source; the owner frees it. */
	unsigned char *view;
	/* A charset declared from outside (a mail header); empty if none. */
	struct bytes declared_charset;
	/* The last part of its path: evidence only where there is nothing else. May be empty. */
	struct bytes name;
	/* The same as UTF-8 where the name is none and its charset was told; else empty. */
	struct bytes shown_name;
};

/** A view of length bytes (at most SOURCE_VIEW_MAX) at offset, shorter only at the end, good until the next
 *  view or read of this source. OK also for an empty view at the end. */
enum status source_view(struct source *source, uint64_t offset, size_t length, struct bytes *ret_view) MUST_CHECK;

/** A source over bytes in memory, which must outlive it. */
struct source source_of_bytes(struct bytes bytes);

#endif
