/* SPDX-License-Identifier: Apache-2.0 */
/* Sectors whose organisations are told first. A sector is whatever the owner's register calls it. */
#ifndef TIDEMARK_MODEL_SECTOR_H
#define TIDEMARK_MODEL_SECTOR_H

#include "base/bytes.h"

enum sector_rank { SECTOR_OTHER, SECTOR_CRITICAL, SECTOR_GOVERNMENT };

/** The higher is told earlier. Of no sector: OTHER. */
enum sector_rank sector_rank_of(struct bytes sector);

/* Rows of sectors.txt, made by tools/embed-rows. */
struct sector_row {
	unsigned rank;
	const char *word;
};
extern const struct sector_row sector_rows[];
extern const size_t sector_row_count;
extern const char sector_sha256[];

#endif
