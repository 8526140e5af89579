/* SPDX-License-Identifier: Apache-2.0 */
/* Zips made by hand: members stored as they are, with names, flags and extra fields of the test's own. */
#ifndef TIDEMARK_TESTS_ZIP_KIT_H
#define TIDEMARK_TESTS_ZIP_KIT_H

#include "base/buffer.h"

#include <zlib.h>

enum { ZIP_UTF8 = 1 << 11, ZIP_DATE = 0x5021 };

struct zip_member {
	struct bytes name, extra, contents;
	uint16_t flags;
};

static inline void zip_append_le(struct buffer *into, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		buffer_append_byte(into, (unsigned char)(value >> 8 * i));
}

/* What local and central headers have in common, from the version on. */
static inline void zip_append_head(struct buffer *into, const struct zip_member *member)
{
	zip_append_le(into, 20, 2);
	zip_append_le(into, member->flags, 2);
	zip_append_le(into, 0, 4); /* stored, at midnight */
	zip_append_le(into, ZIP_DATE, 2);
	zip_append_le(into, crc32(0, member->contents.at, (uInt)member->contents.len), 4);
	zip_append_le(into, member->contents.len, 4);
	zip_append_le(into, member->contents.len, 4);
	zip_append_le(into, member->name.len, 2);
	zip_append_le(into, member->extra.len, 2);
}

static inline struct buffer zip_make(const struct zip_member *members, size_t count)
{
	struct buffer zip = buffer_with_ceiling(16 << 20), directory = buffer_with_ceiling(16 << 20);
	for (size_t i = 0; i < count; i++) {
		size_t offset = zip.len;
		buffer_append_string(&zip, "PK\3\4");
		zip_append_head(&zip, &members[i]);
		buffer_append(&zip, members[i].name);
		buffer_append(&zip, members[i].extra);
		buffer_append(&zip, members[i].contents);
		buffer_append_string(&directory, "PK\1\2");
		zip_append_le(&directory, 20, 2);
		zip_append_head(&directory, &members[i]);
		zip_append_le(&directory, 0, 8);
		zip_append_le(&directory, 0, 2);
		zip_append_le(&directory, offset, 4);
		buffer_append(&directory, members[i].name);
		buffer_append(&directory, members[i].extra);
	}
	size_t offset = zip.len;
	buffer_append(&zip, buffer_bytes(&directory));
	buffer_append_string(&zip, "PK\5\6");
	zip_append_le(&zip, 0, 4);
	zip_append_le(&zip, count, 2);
	zip_append_le(&zip, count, 2);
	zip_append_le(&zip, directory.len, 4);
	zip_append_le(&zip, offset, 4);
	zip_append_le(&zip, 0, 2);
	buffer_free(&directory);
	return zip;
}

/* The Unicode Path extra field of Info-ZIP, made for a name. */
static inline void zip_append_unicode_path(struct buffer *into, struct bytes path, struct bytes of)
{
	zip_append_le(into, 0x7075, 2);
	zip_append_le(into, 5 + path.len, 2);
	zip_append_le(into, 1, 1);
	zip_append_le(into, crc32(0, of.at, (uInt)of.len), 4);
	buffer_append(into, path);
}

#endif
