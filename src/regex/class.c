/* SPDX-License-Identifier: Apache-2.0 */
/* What a class of code points takes. */
#include "regex/program.h"

#include "base/text.h"

#include <utf8proc.h>

bool regex_point_is_word(uint32_t point)
{
	return point != TEXT_INVALID && (text_is_word(point) || point == '_');
}

static bool in_ranges(const struct regex_class *class, uint32_t point)
{
	for (size_t i = 0; i < class->range_count; i++)
		if (point >= class->ranges[i].low && point <= class->ranges[i].high)
			return true;
	return false;
}

static bool is_space(uint32_t c)
{
	return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

static bool in_kinds(unsigned kinds, uint32_t c)
{
	bool digit = c >= '0' && c <= '9', space = is_space(c), word = regex_point_is_word(c);
	return ((kinds & REGEX_DIGIT) && digit) || ((kinds & REGEX_NOT_DIGIT) && !digit) || ((kinds & REGEX_SPACE) && space) ||
	       ((kinds & REGEX_NOT_SPACE) && !space) || ((kinds & REGEX_WORD) && word) || ((kinds & REGEX_NOT_WORD) && !word);
}

bool regex_class_has(const struct regex_class *class, uint32_t point)
{
	bool has;
	if (point == TEXT_INVALID)
		return class->is_negated;
	has = in_ranges(class, point) || (class->kinds != 0 && in_kinds(class->kinds, point));
	if (!has && class->ignores_case)
		has = in_ranges(class, (uint32_t)utf8proc_tolower((utf8proc_int32_t)point)) ||
		      in_ranges(class, (uint32_t)utf8proc_toupper((utf8proc_int32_t)point));
	return has != class->is_negated;
}
