/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of regimes.txt, embedded by tools/embed-lines. */
#ifndef TIDEMARK_ACT_REGIMES_H
#define TIDEMARK_ACT_REGIMES_H

#include <stddef.h>

extern const char *const regimes_lines[];
extern const char regimes_sha256[];

#endif
