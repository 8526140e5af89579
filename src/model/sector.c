/* SPDX-License-Identifier: Apache-2.0 */
/* Words that begin a word of the sector, ASCII letters in any case; ends of domains. */
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

/* "gov.*": a label before the two letters of a country, and something before that. */
static bool is_kept_by_countries(struct bytes domain, struct bytes label)
{
	size_t len = label.len + 3, at = domain.len - len;
	return domain.len > len && domain.at[at - 1] == '.' && bytes_start_with(bytes_from(domain, at), label) &&
	       domain.at[domain.len - 3] == '.';
}

static bool has_suffix(struct bytes domain, struct bytes suffix)
{
	if (bytes_end_with(suffix, BYTES_LITERAL(".*")))
		return is_kept_by_countries(domain, bytes_slice(suffix, 0, suffix.len - 2));
	bool ends_so = bytes_end_with(domain, suffix);
	return ends_so && (domain.len == suffix.len || domain.at[domain.len - suffix.len - 1] == '.');
}

struct bytes sector_of_domain(struct bytes domain)
{
	for (size_t i = 0; i < sector_suffix_row_count; i++)
		if (has_suffix(domain, bytes_of_string(sector_suffix_rows[i].suffix)))
			return bytes_of_string(sector_suffix_rows[i].sector);
	return BYTES_NONE;
}

static enum sector_rank rank_of_words(struct bytes sector)
{
	enum sector_rank rank = SECTOR_OTHER;
	for (size_t i = 0; i < sector_row_count && rank != SECTOR_GOVERNMENT; i++)
		if (sector_has_word(sector, bytes_of_string(sector_rows[i].words)))
			rank = sector_rows[i].kind[0] == 'g' ? SECTOR_GOVERNMENT : SECTOR_CRITICAL;
	return rank;
}

enum sector_rank sector_rank_of(struct bytes sector, struct bytes domain)
{
	enum sector_rank told = rank_of_words(sector), kept = rank_of_words(sector_of_domain(domain));
	return told > kept ? told : kept;
}
