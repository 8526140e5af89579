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

bool sector_has_word(struct bytes sector, struct bytes words)
{
	for (size_t at = 0; words.len > 0 && at + words.len <= sector.len; at++)
		if (bytes_start_with_nocase(bytes_from(sector, at), words) && begins_word(sector, at))
			return true;
	return false;
}

/* gov, x.gov, gov.uk, x.gov.uk: at a label, whatever stands behind it; gc.ca and its like likewise. */
static bool has_suffix(struct bytes domain, struct bytes suffix)
{
	for (size_t at = 0; at + suffix.len <= domain.len; at++)
		if ((at == 0 || domain.at[at - 1] == '.') && bytes_start_with(bytes_from(domain, at), suffix) &&
		    (at + suffix.len == domain.len || domain.at[at + suffix.len] == '.') && (at > 0 || domain.len == suffix.len))
			return true;
	return false;
}

enum sector_rank sector_rank_of(struct bytes sector, struct bytes domain)
{
	enum sector_rank rank = SECTOR_OTHER;
	for (size_t i = 0; i < sector_row_count && rank != SECTOR_GOVERNMENT; i++) {
		struct bytes words = bytes_of_string(sector_rows[i].words);
		switch (sector_rows[i].kind[0]) {
		case 's': rank = has_suffix(domain, words) ? SECTOR_GOVERNMENT : rank; break;
		case 'g': rank = sector_has_word(sector, words) ? SECTOR_GOVERNMENT : rank; break;
		default: rank = sector_has_word(sector, words) ? SECTOR_CRITICAL : rank; break;
		}
	}
	return rank;
}
