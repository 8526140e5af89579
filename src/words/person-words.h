/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words about people, in English, German, French and Spanish: which labels
 * have a person's name behind them, what stands before or after a name and is
 * none of it, what may stand within one in small letters, and what is written
 * like a name and names a post, a firm or a field. All are asked in lower case.
 * Ours, of 2026-11; a changed list is a new version of the detector.
 */
#ifndef TIDEMARK_WORDS_PERSON_WORDS_H
#define TIDEMARK_WORDS_PERSON_WORDS_H

#include "base/bytes.h"
#include "base/status.h"

/** BROKEN if a list is out of order. */
enum status person_words_prepare(void) MUST_CHECK;

/** "contact person", "ansprechpartner": without what separates it from the name. */
/** Whether a label may end at to: a quick look, for those who would ask often. */
bool person_may_end_label(struct bytes text, size_t to);
bool person_is_label(struct bytes lower);
/** "dr.", "herr": before a name, and no part of it. */
bool person_is_title(struct bytes lower);
/** "von", "de la": within a name. */
bool person_is_particle(struct bytes lower);
/** "team", "gmbh", "invoice": whatever it stands in is not the name of a person. */
bool person_is_no_name(struct bytes lower);

#endif
