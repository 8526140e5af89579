/* SPDX-License-Identifier: Apache-2.0 */
/* Which organisations are told first. A sector is whatever the owner's register calls it. */
#ifndef TIDEMARK_MODEL_SECTOR_H
#define TIDEMARK_MODEL_SECTOR_H

#include "base/bytes.h"

enum sector_rank { SECTOR_OTHER, SECTOR_CRITICAL, SECTOR_GOVERNMENT };

/** The higher is told earlier: by the sector, or by a domain that governments keep for themselves. Both may be empty. */
enum sector_rank sector_rank_of(struct bytes sector, struct bytes domain);
/** Whether a word of a sector begins with these; ASCII letters in any case. */
bool sector_has_word(struct bytes sector, struct bytes words);

/* Rows of sectors.txt, made by tools/embed-rows. */
struct sector_row {
	const char *kind; /* government, critical, suffix */
	const char *words;
};
extern const struct sector_row sector_rows[];
extern const size_t sector_row_count;
extern const char sector_sha256[];

#endif
