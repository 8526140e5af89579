/* SPDX-License-Identifier: Apache-2.0 */
/* Stepping over UTF-8 and telling scripts apart, as far as detectors need it. */
#include "detector/character.h"

#include "base/text.h"

size_t character_decode_before(struct bytes text, size_t at, uint32_t *ret_code_point)
{
	size_t length = 0;
	if (at == 0 || at > text.len)
		return 0;
	do
		length++;
	while (length < 4 && length < at && (text.at[at - length] & 0xC0) == 0x80);
	text_decode(bytes_slice(text, at - length, length), ret_code_point);
	return length;
}

static bool is_latin_block(uint32_t c)
{
	return (c >= 0xC0 && c < 0x250) || (c >= 0x300 && c < 0x370) || (c >= 0x1E00 && c < 0x1F00);
}

bool character_is_latin(uint32_t code_point)
{
	return is_latin_block(code_point) && text_is_word(code_point);
}

bool character_is_other_script(uint32_t code_point)
{
	return code_point >= 0x80 && code_point != TEXT_INVALID && !is_latin_block(code_point) && text_is_word(code_point);
}
