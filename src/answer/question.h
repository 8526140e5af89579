/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The query language of tidemark search, into model/query.h:
 *
 *   query  = all { "OR" all }          words beside each other must all occur; OR binds less tightly
 *   all    = { [ "-" ] term }
 *   term   = word | "phrase" | field:value | field:"value" | re:/regex/ | ( query )
 *
 * A colon behind anything that is no field is part of a word. Fields and their
 * values are as the interface lists them.
 */
#ifndef TIDEMARK_ANSWER_QUESTION_H
#define TIDEMARK_ANSWER_QUESTION_H

#include "base/arena.h"
#include "model/query.h"

#define QUESTION_TERMS_MAX 512

/** Reads text into arena. USAGE, with what is wrong and where, for a value its field cannot have. */
enum status question_parse(struct bytes text, struct arena *arena, const struct query_node **ret_root,
                           struct failure *reterr) MUST_CHECK;

#endif
