/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of archive that are read, each with its signature and the one
 * reader of libarchive that it needs.
 */
#ifndef TIDEMARK_FORMAT_ARCHIVE_KIND_H
#define TIDEMARK_FORMAT_ARCHIVE_KIND_H

#include "format/format.h"

#include <archive.h>

struct archive_kind {
	const char *media_type;
	int bid;
	bool (*matches)(struct bytes head, struct source *source);
	int (*enable)(struct archive *archive);
	bool is_seekable;   /* its reader jumps */
	bool has_directory; /* a member can be reached past a damaged one */
	bool is_of_dos;     /* its paths are written with \ */
	bool needs_charset; /* its reader has no names but those that can be decoded */
	/** How many members it says it has; ABSENT if it does not say. NULL: none of its kind does. */
	enum status (*counts_members)(struct source *source, uint64_t *ret_count);
};

/** The kind a document is, from its first FORMAT_HEAD_SIZE bytes and further views; NULL if it is none. */
const struct archive_kind *archive_kind_recognise(struct bytes head, struct source *source);

#endif
