/* SPDX-License-Identifier: Apache-2.0 */
/* Only the chunks that hold a part of what is asked are opened. */
#include "catalog/sqlite/chunks.h"

#include "base/text.h"

#include <stdlib.h>
#include <zstd.h>

static enum status append_chunk(struct bytes packed, uint64_t start, uint64_t from, uint64_t to, struct buffer *into)
{
	unsigned char *plain = malloc(CHUNK_SIZE);
	if (plain == NULL)
		return STATUS_NO_MEMORY;
	size_t size = ZSTD_decompress(plain, CHUNK_SIZE, packed.at, packed.len);
	enum status status = ZSTD_isError(size) ? STATUS_MALFORMED : STATUS_OK;
	if (status == STATUS_OK) {
		struct bytes text = bytes_of(plain, size);
		size_t begin = from > start ? text_offset(text, (size_t)(from - start)) : 0;
		size_t end = to - start < size ? text_offset(text, (size_t)(to - start)) : size;
		buffer_append(into, bytes_slice(text, begin, end > begin ? end - begin : 0));
		status = buffer_status(into);
	}
	free(plain);
	return status;
}

/* The last chunk that starts at or before from, and those behind it up to to. */
static const char list_chunks[] = "SELECT start, bytes FROM chunk"
				  " WHERE number >= coalesce((SELECT max(number) FROM chunk"
				  " WHERE number >= ?1 AND number < ?2 AND start <= ?3), ?1) AND number < ?2"
				  " ORDER BY number";

enum status chunks_read(struct database *database, int64_t content, uint64_t from, uint64_t to, struct buffer *into)
{
	sqlite3_stmt *list = database_take(database, list_chunks);
	enum status status;
	bool any = false;
	bind_integer(list, 1, content * CHUNKS_PER_CONTENT);
	bind_integer(list, 2, (content + 1) * CHUNKS_PER_CONTENT);
	bind_unsigned(list, 3, from);
	while ((status = database_step(database, list)) == STATUS_OK) {
		uint64_t start = column_unsigned(list, 0);
		any = true;
		if (start >= to)
			break;
		status = append_chunk(column_bytes(list, 1), start, from, to, into);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, list);
	if (status == STATUS_END)
		status = any ? STATUS_OK : STATUS_ABSENT;
	return status;
}
