/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a text may be shown to a subject: every word of it is the subject's or
 * the owner's name, a number of the document, a date, or one of a fixed list of
 * generic words (generic-words.txt). Nothing here knows who else there is: else
 * what is left out would tell.
 */
#ifndef TIDEMARK_GATE_WORDS_H
#define TIDEMARK_GATE_WORDS_H

#include "base/bytes.h"
#include "base/status.h"

struct words;

/** Knows the generic ones. */
enum status words_new(struct words **ret_words) MUST_CHECK;
void words_free(struct words *words);

/** The words of a name, the subject's or the owner's, may be shown from now on. */
enum status words_allow_name(struct words *words, struct bytes name) MUST_CHECK;
/** Those of a number of the document at hand; words_forget_numbers begins another document. */
enum status words_allow_number(struct words *words, struct bytes number) MUST_CHECK;
void words_forget_numbers(struct words *words);

/** False, too, where memory ended. */
bool words_may_be_shown(struct words *words, struct bytes text);

#endif
