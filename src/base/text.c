/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 decoding by table of ranges (Unicode 15, table 3-7), folding by utf8proc. */
#include "base/text.h"

#include "base/mask.h"

#include <stdlib.h>
#include <utf8proc.h>

static bool is_tail(unsigned char c)
{
	return (c & 0xC0) == 0x80;
}

static size_t decode_two(struct bytes b, uint32_t *ret)
{
	if (b.len < 2 || b.at[0] < 0xC2 || !is_tail(b.at[1]))
		return 0;
	*ret = (uint32_t)(b.at[0] & 0x1F) << 6 | (b.at[1] & 0x3Fu);
	return 2;
}

static size_t decode_three(struct bytes b, uint32_t *ret)
{
	if (b.len < 3 || !is_tail(b.at[1]) || !is_tail(b.at[2]))
		return 0;
	uint32_t c = (uint32_t)(b.at[0] & 0x0F) << 12 | (uint32_t)(b.at[1] & 0x3F) << 6 | (b.at[2] & 0x3Fu);
	if (c < 0x800 || (c >= 0xD800 && c <= 0xDFFF))
		return 0;
	*ret = c;
	return 3;
}

static size_t decode_four(struct bytes b, uint32_t *ret)
{
	if (b.len < 4 || !is_tail(b.at[1]) || !is_tail(b.at[2]) || !is_tail(b.at[3]))
		return 0;
	uint32_t c = (uint32_t)(b.at[0] & 0x07) << 18 | (uint32_t)(b.at[1] & 0x3F) << 12 | (uint32_t)(b.at[2] & 0x3F) << 6 |
	             (b.at[3] & 0x3Fu);
	if (c < 0x10000 || c > 0x10FFFF)
		return 0;
	*ret = c;
	return 4;
}

size_t text_decode(struct bytes b, uint32_t *ret_code_point)
{
	size_t length = 0;
	if (b.len == 0)
		return 0;
	if (b.at[0] < 0x80) {
		*ret_code_point = b.at[0];
		return 1;
	}
	if (b.at[0] < 0xE0)
		length = decode_two(b, ret_code_point);
	else if (b.at[0] < 0xF0)
		length = decode_three(b, ret_code_point);
	else if (b.at[0] < 0xF5)
		length = decode_four(b, ret_code_point);
	if (length == 0) {
		*ret_code_point = TEXT_INVALID;
		return 1;
	}
	return length;
}

size_t text_encode(uint32_t c, unsigned char into[4])
{
	if (c < 0x80) {
		into[0] = (unsigned char)c;
		return 1;
	}
	if (c < 0x800) {
		into[0] = (unsigned char)(0xC0 | c >> 6);
		into[1] = (unsigned char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		if (c >= 0xD800 && c <= 0xDFFF)
			return 0;
		into[0] = (unsigned char)(0xE0 | c >> 12);
		into[1] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
		into[2] = (unsigned char)(0x80 | (c & 0x3F));
		return 3;
	}
	if (c > 0x10FFFF)
		return 0;
	into[0] = (unsigned char)(0xF0 | c >> 18);
	into[1] = (unsigned char)(0x80 | (c >> 12 & 0x3F));
	into[2] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
	into[3] = (unsigned char)(0x80 | (c & 0x3F));
	return 4;
}

/* Eight ASCII bytes at a time: most text is ASCII. */
static size_t ascii_run(struct bytes b)
{
	size_t n = 0;
	uint64_t word;
	for (; n + 8 <= b.len; n += 8) {
		memcpy(&word, b.at + n, 8);
		if (word & 0x8080808080808080u)
			break;
	}
	while (n < b.len && b.at[n] < 0x80)
		n++;
	return n;
}

/* Length of the valid beginning; what follows is the end or an invalid or cut sequence. */
static size_t valid_prefix(struct bytes b)
{
	size_t done = 0;
	uint32_t c;
	while (done < b.len) {
		done += ascii_run(bytes_from(b, done));
		if (done == b.len)
			break;
		size_t length = text_decode(bytes_from(b, done), &c);
		if (c == TEXT_INVALID)
			break;
		done += length;
	}
	return done;
}

bool text_is_valid(struct bytes b)
{
	return valid_prefix(b) == b.len;
}

size_t text_valid_length(struct bytes b)
{
	return valid_prefix(b);
}

/* Counted in bytes, 255 at most, which compilers turn into vectors. */
size_t text_count_tails(struct bytes b)
{
	size_t tails = 0;
	while (b.len > 0) {
		struct bytes part = bytes_slice(b, 0, UINT8_MAX);
		uint8_t counted = 0;
		for (size_t i = 0; i < part.len; i++)
			counted = (uint8_t)(counted + is_tail(part.at[i]));
		tails += counted;
		b = bytes_from(b, part.len);
	}
	return tails;
}

size_t text_count(struct bytes valid)
{
	return valid.len - text_count_tails(valid);
}

size_t text_offset(struct bytes valid, size_t code_points)
{
	size_t i = 0;
	for (; i < valid.len; i++)
		if (!is_tail(valid.at[i]) && code_points-- == 0)
			break;
	return i;
}

void text_append_repaired(struct buffer *into, struct bytes b)
{
	while (b.len > 0) {
		size_t good = valid_prefix(b), nul;
		struct bytes valid = bytes_slice(b, 0, good);
		for (; (nul = bytes_find_byte(valid, 0)) != BYTES_NOT_FOUND; valid = bytes_from(valid, nul + 1)) {
			buffer_append(into, bytes_slice(valid, 0, nul));
			buffer_append_string(into, "\xEF\xBF\xBD");
		}
		buffer_append(into, valid);
		if (good < b.len)
			buffer_append_string(into, "\xEF\xBF\xBD");
		b = bytes_from(b, good < b.len ? good + 1 : good);
	}
}

bool text_is_unsafe(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C}, {0x180E, 0x180E}, {0x200B, 0x200B},   {0x200E, 0x200F},
		{0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
	};
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges && c >= ranges[i].first; i++)
		if (c <= ranges[i].last)
			return true;
	return false;
}

void text_append_escaped(struct buffer *into, struct bytes text)
{
	struct buffer room = buffer_with_ceiling(SIZE_MAX / 2);
	struct bytes b = mask_shown(text, &room);
	uint32_t c;
	if (buffer_status(&room) != STATUS_OK)
		into->failed = buffer_status(&room);
	for (size_t length; (length = text_decode(b, &c)) > 0; b = bytes_from(b, length)) {
		if (c == TEXT_INVALID)
			buffer_append_string(into, "\xEF\xBF\xBD");
		else if (text_is_unsafe(c))
			buffer_append_format(into, "\\u{%X}", c);
		else
			buffer_append(into, bytes_slice(b, 0, length));
	}
	buffer_free(&room);
}

size_t text_width(struct bytes valid)
{
	size_t width = 0;
	uint32_t c;
	for (size_t length; (length = text_decode(valid, &c)) > 0; valid = bytes_from(valid, length))
		width += c == TEXT_INVALID ? 1 : (size_t)utf8proc_charwidth((utf8proc_int32_t)c);
	return width;
}

static uint32_t utf16_unit(struct bytes b, bool big_endian)
{
	return big_endian ? load_be16(b.at) : load_le16(b.at);
}

void text_append_utf16(struct buffer *into, struct bytes b, bool big_endian)
{
	unsigned char encoded[4];
	while (b.len >= 2) {
		uint32_t c = utf16_unit(b, big_endian);
		b = bytes_from(b, 2);
		if (c >= 0xD800 && c <= 0xDBFF && b.len >= 2) {
			uint32_t low = utf16_unit(b, big_endian);
			if (low >= 0xDC00 && low <= 0xDFFF) {
				c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
				b = bytes_from(b, 2);
			}
		}
		size_t length = text_encode(c, encoded);
		if (length == 0)
			length = text_encode(0xFFFD, encoded);
		buffer_append(into, bytes_of(encoded, length));
	}
}

bool text_is_word(uint32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
	return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO);
}

bool text_is_cjk(uint32_t c)
{
	return (c >= 0x2E80 && c <= 0x2FDF) || (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x4DBF) ||
	       (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) || (c >= 0xF900 && c <= 0xFAFF) ||
	       (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x20000 && c <= 0x3FFFF);
}
