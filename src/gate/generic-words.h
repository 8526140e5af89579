/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of generic-words.txt, embedded by tools/embed-rows: what each is, its first lines say. */
#ifndef TIDEMARK_GATE_GENERIC_WORDS_H
#define TIDEMARK_GATE_GENERIC_WORDS_H

#include <stddef.h>

struct generic_row {
	const char *words; /* parted by spaces */
};
extern const struct generic_row generic_rows[];
extern const size_t generic_row_count;
extern const char generic_sha256[];

#endif
