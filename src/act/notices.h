/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of notices/LANGUAGE.txt, embedded by tools/embed-lines; the head of en.txt explains them. */
#ifndef TIDEMARK_ACT_NOTICES_H
#define TIDEMARK_ACT_NOTICES_H

#include <stddef.h>

extern const char *const notices_en_lines[], *const notices_de_lines[];
extern const char notices_en_sha256[], notices_de_sha256[];

#endif
