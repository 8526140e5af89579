/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notices as letters: a folder with a page to print for each organisation of a
 * plan, and letters.csv with a row for each, to be joined with addresses by the
 * domain. A letter has a code of its own; that it was posted, nobody here knows.
 */
#ifndef TIDEMARK_ACT_NOTICE_LETTERS_H
#define TIDEMARK_ACT_NOTICE_LETTERS_H

#include "act/notify.h"

/** Makes the folder, or writes over what a run before left there. *ret_count: letters; *ret_left: organisations of
 *  which something else is known by now. Goes through the plan once. */
enum status notice_letters_write(const struct notify_sending *sending, const char *directory, uint64_t *ret_count,
                                 uint64_t *ret_left, struct failure *reterr) MUST_CHECK;

#endif
