/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which document a person means by a word: an id, in either case; else a path, wherever it lies; else the beginning of an id
 * that no other has. What is exact wins over what is short.
 */
#ifndef TIDEMARK_ANSWER_REFERENCE_H
#define TIDEMARK_ANSWER_REFERENCE_H

#include "catalog/questions.h"

/** ABSENT if there is none, and where there are several: reterr names the first. Of several at one path the one that stands
 *  there now is meant. */
enum status reference_find(struct incident *incident, struct bytes written, struct id *ret_id, struct failure *reterr) MUST_CHECK;

#endif
