/* SPDX-License-Identifier: Apache-2.0 */
/* Folding by utf8proc, remembered for the code points below U+3000. */
#include "words/fold.h"

#include "base/text.h"

#include <stdlib.h>
#include <utf8proc.h>

enum { TABLE_SIZE = 0x3000, ENTRY_POINTS = 3 };
enum { HANGUL_L = 0x1100, HANGUL_V = 0x1161, HANGUL_T = 0x11A7, HANGUL_S = 0xAC00 };
enum { L_COUNT = 19, V_COUNT = 21, T_COUNT = 28, S_COUNT = 11172 };

struct fold_entry {
	uint8_t count;
	bool is_known;
	uint16_t points[ENTRY_POINTS];
};

struct fold {
	struct fold_entry table[TABLE_SIZE];
};

enum status fold_new(struct fold **ret_fold)
{
	struct fold *fold = calloc(1, sizeof *fold);
	if (fold == NULL)
		return STATUS_NO_MEMORY;
	*ret_fold = fold;
	return STATUS_OK;
}

void fold_free(struct fold *fold)
{
	free(fold);
}

static void fold_alone(uint32_t point, struct folded *ret)
{
	utf8proc_int32_t points[FOLDED_MAX];
	int boundary = 0;
	utf8proc_ssize_t count = utf8proc_decompose_char(
		(utf8proc_int32_t)point, points, FOLDED_MAX,
		UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE, &boundary);
	if (count < 0 || count > FOLDED_MAX) {
		*ret = (struct folded){.count = 1, .points = {point}};
		return;
	}
	ret->count = (unsigned)count;
	for (unsigned i = 0; i < ret->count; i++)
		ret->points[i] = (uint32_t)points[i];
}

static void remember(struct fold_entry *entry, const struct folded *folded)
{
	if (folded->count > ENTRY_POINTS)
		return;
	for (unsigned i = 0; i < folded->count; i++) {
		if (folded->points[i] > UINT16_MAX)
			return;
		entry->points[i] = (uint16_t)folded->points[i];
	}
	entry->count = (uint8_t)folded->count;
	entry->is_known = true;
}

static void fold_below(struct fold *fold, uint32_t point, struct folded *ret)
{
	struct fold_entry *entry = &fold->table[point];
	if (!entry->is_known) {
		fold_alone(point, ret);
		remember(entry, ret);
		return;
	}
	ret->count = entry->count;
	for (unsigned i = 0; i < entry->count; i++)
		ret->points[i] = entry->points[i];
}

/* Letters that are written as parts of a syllable (as in names from macOS) are joined to it. */
static uint32_t join_hangul(uint32_t point, struct bytes *rest)
{
	uint32_t vowel, tail;
	size_t length = text_decode(*rest, &vowel);
	if (length == 0 || vowel < HANGUL_V || vowel >= HANGUL_V + V_COUNT)
		return point;
	*rest = bytes_from(*rest, length);
	point = HANGUL_S + ((point - HANGUL_L) * V_COUNT + (vowel - HANGUL_V)) * T_COUNT;
	length = text_decode(*rest, &tail);
	if (length == 0 || tail <= HANGUL_T || tail >= HANGUL_T + T_COUNT)
		return point;
	*rest = bytes_from(*rest, length);
	return point + (tail - HANGUL_T);
}

bool fold_next(struct fold *fold, struct bytes *rest, struct folded *ret)
{
	uint32_t point;
	size_t length = text_decode(*rest, &point);
	if (length == 0)
		return false;
	*rest = bytes_from(*rest, length);
	ret->count = 1;
	if (point == 0 || point == TEXT_INVALID)
		ret->points[0] = 0xFFFD;
	else if (point < 0x80)
		ret->points[0] = point >= 'A' && point <= 'Z' ? point + 32 : point;
	else if (point >= HANGUL_L && point < HANGUL_L + L_COUNT)
		ret->points[0] = join_hangul(point, rest);
	else if (point < TABLE_SIZE)
		fold_below(fold, point, ret);
	else if (point >= HANGUL_S && point < HANGUL_S + S_COUNT)
		ret->points[0] = point;
	else
		fold_alone(point, ret);
	return true;
}

static size_t append_ascii(struct buffer *into, struct bytes text)
{
	size_t length = 0;
	while (length < text.len && text.at[length] < 0x80 && text.at[length] != 0)
		length++;
	unsigned char *at = buffer_extend(into, length);
	for (size_t i = 0; at != NULL && i < length; i++)
		at[i] = text.at[i] >= 'A' && text.at[i] <= 'Z' ? (unsigned char)(text.at[i] + 32) : text.at[i];
	return length;
}

void fold_append(struct fold *fold, struct buffer *into, struct bytes text)
{
	struct folded folded;
	unsigned char encoded[4];
	while (text.len > 0) {
		text = bytes_from(text, append_ascii(into, text));
		if (!fold_next(fold, &text, &folded))
			break;
		for (unsigned i = 0; i < folded.count; i++)
			buffer_append(into, bytes_of(encoded, text_encode(folded.points[i], encoded)));
	}
}
