/* SPDX-License-Identifier: Apache-2.0 */
/* Of which sector an organisation is, and who is told first. A sector is whatever the owner's register calls it; else one that a
 * registry keeps the end of its domain for; else nobody's guess. */
#ifndef TIDEMARK_MODEL_SECTOR_H
#define TIDEMARK_MODEL_SECTOR_H

#include "base/bytes.h"

/** "government", "military", "education", "health", "international" by what a registrable domain ends in; empty where that tells
 *  nothing. */
struct bytes sector_of_domain(struct bytes domain);

enum sector_rank { SECTOR_OTHER, SECTOR_CRITICAL, SECTOR_GOVERNMENT };

/** The higher is told earlier, by the sector and by that of the domain. Both may be empty. */
enum sector_rank sector_rank_of(struct bytes sector, struct bytes domain);
/** Whether a word of a sector begins with these; ASCII letters in any case. */
bool sector_has_word(struct bytes sector, struct bytes words);

/* Rows of sectors.txt, made by tools/embed-rows. */
struct sector_row {
	const char *kind; /* government, critical */
	const char *words;
};
extern const struct sector_row sector_rows[];
extern const size_t sector_row_count;
extern const char sector_sha256[];

/* Rows of sector-suffixes.txt. */
struct sector_suffix_row {
	const char *sector, *suffix;
};
extern const struct sector_suffix_row sector_suffix_rows[];
extern const size_t sector_suffix_row_count;
extern const char sector_suffix_sha256[];

#endif
