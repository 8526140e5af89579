/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the pages say, in each language they are in: words/LANGUAGE.txt, a line a
 * key, made into an enum and a table by tools/embed-words. A key that is not
 * there does not compile; one that a language lacks does not build. Blanks {1},
 * {2} are filled by whoever says it (say.h).
 */
#ifndef TIDEMARK_PORTAL_WORDS_H
#define TIDEMARK_PORTAL_WORDS_H

#include "base/bytes.h"
#include "portal-words.h"

extern const char *const words_table[LANGUAGE_COUNT][WORD_COUNT];
extern const char *const language_tags[LANGUAGE_COUNT];

static inline const char *words_of(enum language language, enum word word)
{
	return words_table[language][word];
}

/** The first language where there is none of that tag. */
enum language language_of_tag(struct bytes tag);
/** Whether there is one of that tag. */
bool language_is_tag(struct bytes tag);

#endif
