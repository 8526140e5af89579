/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of people as tables, forms and signature blocks write them: whether
 * words can be one, its usual form, and whether two of them may be one person's.
 */
#ifndef TIDEMARK_WORDS_PERSON_NAME_H
#define TIDEMARK_WORDS_PERSON_NAME_H

#include "base/buffer.h"
#include "words/fold.h"

#define PERSON_NAME_LENGTH_MAX 120 /* bytes of what may be a name */

/** Appends the name that is written there, without titles, its words one space apart, "Last, First" turned round, all capitals
 *  made small but for the first ones. any_case: words in small letters may be one, too. Returns how many words it has; 0: it is
 *  none, and nothing was appended. */
size_t person_name_append(struct buffer *into, struct bytes written, bool any_case);

/** Appends its words folded, ae, oe and ue as a, o and u, one space apart: what is compared. */
void person_name_fold(struct fold *fold, struct bytes name, struct buffer *into);
/** Appends the words of a folded name in order: "schmidt anna" is "anna schmidt". Returns how many there are. */
size_t person_name_sort(struct bytes folded, struct buffer *into);

/** Whether two folded names may be of one person: one's words are the other's, initials and a letter's difference allowed, or
 *  their given names are equal. An empty one may be anybody's. */
bool person_names_agree(struct bytes a, struct bytes b);
/** Whether a word of the folded name stands in the local part of an address: then both are of one person. */
bool person_name_backs(struct bytes folded, struct bytes local);

#endif
