/* SPDX-License-Identifier: Apache-2.0 */
/* Looking for the end of a zip: see the header. */
#include "format/archive/zip-end.h"

enum { END_SIZE = 22, ENTRY_SIZE = 46, REACH = (64 << 10) + END_SIZE + 4096, TRIES_MAX = 64 };

static bool has_mark(struct source *source, uint64_t offset, const char *mark)
{
	struct bytes there;
	return offset < source->size && source_view(source, offset, 4, &there) == STATUS_OK &&
	       bytes_equal(there, bytes_of(mark, 4));
}

/* end: the END_SIZE bytes that lie at offset. */
static bool check_end(struct source *source, const unsigned char *end, uint64_t offset, struct zip_end *ret_end)
{
	uint64_t size = load_le32(end + 12), claimed = load_le32(end + 16);
	uint16_t comment_length = load_le16(end + 20);
	struct bytes entry;
	if (load_le16(end + 10) == 0 || size < ENTRY_SIZE || size + claimed > offset ||
	    comment_length > source->size - offset - END_SIZE)
		return false;
	uint64_t directory = offset - size;
	if (!has_mark(source, directory, "PK\1\2") || source_view(source, directory, ENTRY_SIZE, &entry) != STATUS_OK ||
	    entry.len < ENTRY_SIZE)
		return false;
	uint64_t shift = directory - claimed, first = shift + load_le32(entry.at + 42);
	if (first >= directory || !has_mark(source, first, "PK\3\4"))
		return false;
	*ret_end = (struct zip_end){.first = first,
	                            .shift = shift,
	                            .end = offset + END_SIZE + comment_length,
	                            .comment = offset + END_SIZE,
	                            .comment_length = comment_length};
	return true;
}

bool zip_end_find(struct source *source, struct zip_end *ret_end)
{
	struct bytes tail;
	uint64_t from = source->size > REACH ? source->size - REACH : 0;
	if (source->size < END_SIZE || source_view(source, from, REACH, &tail) != STATUS_OK)
		return false;
	size_t at, until = tail.len < END_SIZE ? 0 : tail.len - END_SIZE + 3;
	for (int tries = 0;
	     tries < TRIES_MAX && (at = bytes_find_last_byte(bytes_slice(tail, 0, until), 5)) != BYTES_NOT_FOUND;) {
		unsigned char end[END_SIZE];
		until = at;
		if (at < 2 || memcmp(tail.at + at - 2, "PK\5\6", 4) != 0)
			continue;
		tries++;
		memcpy(end, tail.at + at - 2, sizeof end);
		if (check_end(source, end, from + at - 2, ret_end))
			return true;
		/* Looking there has moved the view. */
		if (source_view(source, from, REACH, &tail) != STATUS_OK)
			return false;
	}
	return false;
}
