/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a zip lies in a document (APPNOTE 4.3.16): its end tells where its
 * directory is, and what stands before it, its own comment and what follows.
 */
#ifndef TIDEMARK_FORMAT_ARCHIVE_ZIP_END_H
#define TIDEMARK_FORMAT_ARCHIVE_ZIP_END_H

#include "format/format.h"

struct zip_end {
	uint64_t first;   /* offset of its first member, or of its directory if it has none */
	uint64_t shift;   /* what has to be added to the offsets it claims */
	uint64_t end;     /* behind its comment */
	uint64_t comment; /* offset of the comment */
	uint16_t comment_length;
};

/** Whether the document holds a zip whose end is near the document's, told by its end, directory and first member; 64
 *  bits and more. */
bool zip_end_find(struct source *source, struct zip_end *ret_end);

#endif
