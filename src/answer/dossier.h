/* SPDX-License-Identifier: Apache-2.0 */
/* Everything known of one document, as members of an object: the answer of tidemark show. */
#ifndef TIDEMARK_ANSWER_DOSSIER_H
#define TIDEMARK_ANSWER_DOSSIER_H

#include "answer/hit.h"

/* What a container says it holds, or what was read of it. */
enum { DOSSIER_MEMBERS, DOSSIER_PAGES, DOSSIER_ROWS, DOSSIER_COUNTS };
struct dossier_count {
	bool is_known;
	uint64_t number;
};
struct dossier_counts {
	struct dossier_count declared[DOSSIER_COUNTS], seen[DOSSIER_COUNTS];
};
extern const char *const dossier_count_names[DOSSIER_COUNTS];
enum status dossier_find_counts(struct incident *incident, const struct document_view *view, struct dossier_counts *ret_counts,
                                struct failure *reterr) MUST_CHECK;

const char *dossier_relation_name(enum twin_relation relation);

/** Writes all members that show adds to a hit's. with_text: also "text". */
enum status dossier_write(struct incident *incident, const struct document_view *view, bool with_text, struct json_writer *json,
                          struct failure *reterr) MUST_CHECK;

#endif
