/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A borrowed run of bytes. It owns nothing and is passed by value; whoever
 * hands one out says until when it is good. Bytes may hold NULs and anything
 * else. Loads are unaligned-safe and name their byte order.
 */
#ifndef TIDEMARK_BASE_BYTES_H
#define TIDEMARK_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const unsigned char *at;
	size_t len;
};

#define BYTES_NONE ((struct bytes){NULL, 0})
/** A string literal as bytes. */
#define BYTES_LITERAL(text) ((struct bytes){(const unsigned char *)(text), sizeof(text) - 1})

static inline struct bytes bytes_of(const void *at, size_t len)
{
	return (struct bytes){(const unsigned char *)at, len};
}

/** A C string as bytes; NULL is the empty run. */
static inline struct bytes bytes_of_string(const char *text)
{
	return text ? bytes_of(text, strlen(text)) : BYTES_NONE;
}

/** The part from offset on, at most len bytes of it; clipped to what there is. */
static inline struct bytes bytes_slice(struct bytes b, size_t offset, size_t len)
{
	if (offset > b.len)
		offset = b.len;
	if (len > b.len - offset)
		len = b.len - offset;
	return bytes_of(b.at ? b.at + offset : NULL, len);
}

static inline struct bytes bytes_from(struct bytes b, size_t offset)
{
	return bytes_slice(b, offset, b.len);
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || (a.at != NULL && b.at != NULL && memcmp(a.at, b.at, a.len) == 0));
}

static inline bool bytes_equal_string(struct bytes a, const char *text)
{
	return bytes_equal(a, bytes_of_string(text));
}

static inline bool bytes_start_with(struct bytes b, struct bytes prefix)
{
	return b.len >= prefix.len && (prefix.len == 0 || memcmp(b.at, prefix.at, prefix.len) == 0);
}

static inline bool bytes_end_with(struct bytes b, struct bytes suffix)
{
	return b.len >= suffix.len && (suffix.len == 0 || memcmp(b.at + b.len - suffix.len, suffix.at, suffix.len) == 0);
}

/** Byte-wise order, shorter first when one is the other's beginning. */
int bytes_compare(struct bytes a, struct bytes b);

/** ASCII letters compared without case. */
bool bytes_equal_nocase(struct bytes a, struct bytes b);
bool bytes_start_with_nocase(struct bytes b, struct bytes prefix);

#define BYTES_NOT_FOUND SIZE_MAX
/** Offset of the first occurrence, or BYTES_NOT_FOUND. */
size_t bytes_find(struct bytes haystack, struct bytes needle);
size_t bytes_find_byte(struct bytes haystack, unsigned char byte);
size_t bytes_find_last_byte(struct bytes haystack, unsigned char byte);

/** Without ASCII white space at both ends. */
struct bytes bytes_trim(struct bytes b);

/** Whether no byte of it is a control of ASCII, so that it can stand in a line of a protocol's. */
bool bytes_are_one_line(struct bytes b);

/** All of b as an unsigned decimal number; false if it is not one or does not fit. */
bool bytes_parse_u64(struct bytes b, uint64_t *ret_value);

static inline uint16_t load_le16(const void *p)
{
	const unsigned char *b = p;
	return (uint16_t)(b[0] | b[1] << 8);
}
static inline uint16_t load_be16(const void *p)
{
	const unsigned char *b = p;
	return (uint16_t)(b[1] | b[0] << 8);
}
static inline uint32_t load_le32(const void *p)
{
	const unsigned char *b = p;
	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}
static inline uint32_t load_be32(const void *p)
{
	const unsigned char *b = p;
	return (uint32_t)b[3] | (uint32_t)b[2] << 8 | (uint32_t)b[1] << 16 | (uint32_t)b[0] << 24;
}
static inline uint64_t load_le64(const void *p)
{
	const unsigned char *b = p;
	return (uint64_t)load_le32(b) | (uint64_t)load_le32(b + 4) << 32;
}
static inline void store_le32(void *p, uint32_t v)
{
	unsigned char *b = p;
	for (int i = 0; i < 4; i++)
		b[i] = (unsigned char)(v >> (8 * i));
}
static inline void store_le64(void *p, uint64_t v)
{
	unsigned char *b = p;
	for (int i = 0; i < 8; i++)
		b[i] = (unsigned char)(v >> (8 * i));
}

#endif
