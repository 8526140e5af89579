/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The query language of tidemark search, into model/query.h:
 *
 *   query = all { "OR" all }                 OR binds less tightly than what stands beside each other
 *   all   = { "NOT" | "-" } term { [ "AND" ] { "NOT" | "-" } term }
 *   term  = word | word"*" | "phrase" | field:value{,value} | field:"value" | re:/regex/ | ( query )
 *
 * Operators are written in capitals. A backslash makes : " ( ) * , - and itself
 * part of the text. Fields and their values are as the interface lists them
 * (field.c); what no field is called is refused, unless it is a URL's scheme.
 */
#ifndef TIDEMARK_ANSWER_QUESTION_H
#define TIDEMARK_ANSWER_QUESTION_H

#include "base/arena.h"
#include "model/query.h"

#define QUESTION_TERMS_MAX 512

/** Reads text into arena. USAGE, with what is wrong and where, for a value its field cannot have. */
enum status question_parse(struct bytes text, struct arena *arena, const struct query_node **ret_root,
                           struct failure *reterr) MUST_CHECK;

/** The kinds of findings it asks about (FINDING_KIND_BIT each): where nobody looked for one of them, "none" is no answer. */
uint64_t question_kinds(const struct query_node *root);

/** The nth field for help: "size:SIZE" into name, and what it means; NULL behind the last. */
const char *question_field_at(size_t nth, char *name, size_t name_size);

#endif
