/* SPDX-License-Identifier: Apache-2.0 */
/* Everything known of one document, as members of an object: the answer of tidemark show. */
#ifndef TIDEMARK_ANSWER_DOSSIER_H
#define TIDEMARK_ANSWER_DOSSIER_H

#include "answer/hit.h"

/** Writes all members that show adds to a hit's. with_text: also "text". */
enum status dossier_write(struct incident *incident, const struct document_view *view, bool with_text,
                          struct json_writer *json, struct failure *reterr) MUST_CHECK;

#endif
