/* SPDX-License-Identifier: Apache-2.0 */
/* Reading kept text: compressed chunks that know how many code points stand before them. */
#ifndef TIDEMARK_CATALOG_SQLITE_CHUNKS_H
#define TIDEMARK_CATALOG_SQLITE_CHUNKS_H

#include "base/buffer.h"
#include "catalog/sqlite/database.h"

#define CHUNK_SIZE (64u << 10)
#define CHUNKS_PER_CONTENT 2048 /* their numbers: content * this + nth */

/** Appends the code points [from, to) of a content's text. ABSENT if no text is kept. */
enum status chunks_read(struct database *database, int64_t content, uint64_t from, uint64_t to, struct buffer *into) MUST_CHECK;

#endif
