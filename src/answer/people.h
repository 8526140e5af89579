/* SPDX-License-Identifier: Apache-2.0 */
/* One person as members of an object, where they stand, and which one is meant by a word. Identifiers are masked. */
#ifndef TIDEMARK_ANSWER_PEOPLE_H
#define TIDEMARK_ANSWER_PEOPLE_H

#include "base/json.h"
#include "catalog/questions.h"

void people_write(const struct person_summary *summary, struct json_writer *json);
void people_write_place(const struct person_place *place, struct json_writer *json);
/** A text for a cell: the organisation's domain, else its name as written. */
struct bytes people_organisation(const struct person_record *record);

/** Passes the one whose id it is, whose key's id it is, or that alone begins so. ABSENT: none, or several: reterr names them. */
enum status people_find(struct incident *incident, struct bytes written, person_visitor *each, void *context,
                        struct failure *reterr) MUST_CHECK;

#endif
