/* SPDX-License-Identifier: Apache-2.0 */
/* Words that begin a word of the sector, ASCII letters in any case. */
#include "model/sector.h"

#include "base/text.h"

static bool begins_word(struct bytes sector, size_t at)
{
	size_t before = at;
	uint32_t point = 0;
	while (before > 0 && (sector.at[before - 1] & 0xC0) == 0x80)
		before--;
	if (at == 0)
		return true;
	text_decode(bytes_slice(sector, before - 1, at - before + 1), &point);
	return !text_is_word(point);
}

static bool has_word(struct bytes sector, struct bytes word)
{
	for (size_t at = 0; at + word.len <= sector.len; at++)
		if (bytes_start_with_nocase(bytes_from(sector, at), word) && begins_word(sector, at))
			return true;
	return false;
}

enum sector_rank sector_rank_of(struct bytes sector)
{
	unsigned rank = SECTOR_OTHER;
	for (size_t i = 0; i < sector_row_count; i++)
		if (sector_rows[i].rank > rank && has_word(sector, bytes_of_string(sector_rows[i].word)))
			rank = sector_rows[i].rank;
	return (enum sector_rank)rank;
}
