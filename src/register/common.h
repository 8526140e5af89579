/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a name means anyone by itself. */
#ifndef TIDEMARK_REGISTER_COMMON_H
#define TIDEMARK_REGISTER_COMMON_H

#include "base/arena.h"
#include "base/hash.h"
#include "model/register.h"
#include "words/fold.h"

/* Lines of the files of that name beside this header, made by tools/embed-lines. */
extern const char *const common_words_lines[];
extern const char common_words_sha256[];
extern const char *const countries_lines[];
extern const char countries_sha256[];

/* Words, countries and their codes, each by its folded words. */
struct common {
	struct fold *fold;
	struct hash_table words, countries, codes;
	struct buffer folded;
};

enum status common_start(struct common *common) MUST_CHECK;
void common_free(struct common *common);

/** The folded words of a text, a blank between two: what differs by case, marks and punctuation alone is the same. Good until
 *  the next call. */
struct bytes common_words_of(struct common *common, struct bytes text);

/** Why a text is not sought, as a clause behind its name; NULL if it is. */
const char *common_refuses(struct common *common, enum register_term_kind kind, struct bytes text);
/** Whether it is met only as it is written: short, or made of common words. */
bool common_is_exact(struct common *common, struct bytes text);

bool common_is_country_code(const struct common *common, struct bytes code);
/** NULL if it is no country's name. */
const char *common_code_of_country(struct common *common, struct bytes name);

#endif
