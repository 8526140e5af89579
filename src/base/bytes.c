/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing, finding and reading numbers in borrowed bytes. */
#define _GNU_SOURCE
#include "base/bytes.h"

static unsigned char lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c;
}

static bool is_space(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

int bytes_compare(struct bytes a, struct bytes b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common ? memcmp(a.at, b.at, common) : 0;
	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool bytes_equal_nocase(struct bytes a, struct bytes b)
{
	return a.len == b.len && bytes_start_with_nocase(a, b);
}

bool bytes_start_with_nocase(struct bytes b, struct bytes prefix)
{
	if (b.len < prefix.len)
		return false;
	for (size_t i = 0; i < prefix.len; i++)
		if (lower(b.at[i]) != lower(prefix.at[i]))
			return false;
	return true;
}

size_t bytes_find(struct bytes haystack, struct bytes needle)
{
	if (needle.len == 0)
		return 0;
	if (haystack.len < needle.len)
		return BYTES_NOT_FOUND;
	const unsigned char *hit = memmem(haystack.at, haystack.len, needle.at, needle.len);
	return hit ? (size_t)(hit - haystack.at) : BYTES_NOT_FOUND;
}

size_t bytes_find_byte(struct bytes haystack, unsigned char byte)
{
	const unsigned char *hit = haystack.len ? memchr(haystack.at, byte, haystack.len) : NULL;
	return hit ? (size_t)(hit - haystack.at) : BYTES_NOT_FOUND;
}

size_t bytes_find_last_byte(struct bytes haystack, unsigned char byte)
{
	const unsigned char *hit = haystack.len ? memrchr(haystack.at, byte, haystack.len) : NULL;
	return hit ? (size_t)(hit - haystack.at) : BYTES_NOT_FOUND;
}

struct bytes bytes_trim(struct bytes b)
{
	while (b.len > 0 && is_space(b.at[0]))
		b = bytes_from(b, 1);
	while (b.len > 0 && is_space(b.at[b.len - 1]))
		b.len--;
	return b;
}

bool bytes_are_one_line(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] < 0x20 || b.at[i] == 0x7f)
			return false;
	return true;
}

bool bytes_parse_u64(struct bytes b, uint64_t *ret_value)
{
	uint64_t value = 0;
	if (b.len == 0)
		return false;
	for (size_t i = 0; i < b.len; i++) {
		if (b.at[i] < '0' || b.at[i] > '9')
			return false;
		if (__builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(b.at[i] - '0'), &value))
			return false;
	}
	*ret_value = value;
	return true;
}
