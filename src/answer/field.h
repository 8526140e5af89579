/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of the query language: their names and how their values are read. Private to answer/. */
#ifndef TIDEMARK_ANSWER_FIELD_H
#define TIDEMARK_ANSWER_FIELD_H

#include "base/arena.h"
#include "model/query.h"

struct question_field;

/** By name, in any case; NULL if there is none. */
const struct question_field *field_find(struct bytes name);
/** The name nearest to one that is none, or NULL. */
const char *field_nearest(struct bytes name);
/** NULL behind the last. */
const struct question_field *field_at(size_t nth);
const char *field_name(const struct question_field *field);
/** What help calls its value, and says of it. */
const char *field_value_name(const struct question_field *field);
const char *field_help(const struct question_field *field);
/** re: its value may stand between slashes. */
bool field_is_regex(const struct question_field *field);
/** Whether a comma parts values of which either will do. */
bool field_takes_list(const struct question_field *field);

/** Reads one value, in which QUERY_STAR stands for each star that was not quoted, into a term (or, where one name means several
 *  values, into nodes below it). Nodes it makes are counted in *nodes. USAGE, with what is wrong and what is near. */
enum status field_read(const struct question_field *field, struct bytes value, struct arena *arena, struct query_node *node,
                       unsigned *nodes, struct failure *reterr) MUST_CHECK;

#endif
