/* SPDX-License-Identifier: Apache-2.0 */
/* Hits and totals of a search, as members of objects: the answer of tidemark search. */
#ifndef TIDEMARK_ANSWER_SEARCH_H
#define TIDEMARK_ANSWER_SEARCH_H

#include "answer/hit.h"
#include "answer/paging.h"

/** snippet may be empty. */
enum status search_write_hit(struct incident *incident, const struct document_view *view, struct bytes snippet,
                             struct json_writer *json, struct failure *reterr) MUST_CHECK;
void search_write_totals(const struct search_totals *totals, const struct paging *paging, struct json_writer *json);

#endif
