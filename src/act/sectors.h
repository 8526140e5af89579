/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of sectors.txt, embedded by tools/embed-rows. */
#ifndef TIDEMARK_ACT_SECTORS_H
#define TIDEMARK_ACT_SECTORS_H

#include <stddef.h>

struct sector_row {
	const char *kind; /* government, critical, suffix */
	const char *words;
};
extern const struct sector_row sector_rows[];
extern const size_t sector_row_count;
extern const char sector_sha256[];

#endif
