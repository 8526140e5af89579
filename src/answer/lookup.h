/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's view of the answer one organisation or person would get: its
 * documents, what is its own in them, and how much of others' was left out. The
 * answer itself is gate/'s; both count alike.
 */
#ifndef TIDEMARK_ANSWER_LOOKUP_H
#define TIDEMARK_ANSWER_LOOKUP_H

#include "answer/hit.h"
#include "answer/portion.h"
#include "base/hash.h"
#include "model/coverage.h"
#include "model/document-class.h"

struct lookup {
	struct subject subject;
	uint64_t documents, distinct_documents, references, addresses, people;
	int64_t first_date, last_date;
	int64_t exposed_from, last_seen_open;
	int64_t exposed_until; /* unknown while one that was open was not seen closed */
	bool is_still_open;
	int64_t swept_at;              /* when the last sweep ended */
	uint64_t classes[CLASS_COUNT]; /* documents of each */
	struct coverage coverage;
	struct portion_list
		watched[FINDING_KIND_COUNT]; /* numbers and projects that somebody may now pretend to know; in the arena */
	struct arena arena;
	struct hash_table seen; /* contents, addresses and what is watched */
};

/** Its sums, at nothing. */
void lookup_begin(struct lookup *lookup, const struct subject *subject);
void lookup_free(struct lookup *lookup);
/** Adds one document. */
enum status lookup_count(struct lookup *lookup, const struct document_view *view, const struct portion *portion) MUST_CHECK;
/** What could not be seen of the incident, the same for everybody. */
enum status lookup_find_unseen(struct lookup *lookup, struct incident *incident, struct failure *reterr) MUST_CHECK;
/** When the last of it was seen closed; unknown while any that was open was not. */
int64_t lookup_exposed_until(const struct lookup *lookup);

typedef enum status lookup_visitor(void *context, const struct document_view *view, const struct portion *portion);

/** Calls each per document, by path, and fills the sums. each may be NULL. */
enum status lookup_answer(struct incident *incident, struct lookup *lookup, lookup_visitor *each, void *context,
                          struct failure *reterr) MUST_CHECK;

/* Where a page of documents ends. */
void lookup_append_cursor(const struct document_view *view, struct buffer *into);
/** Whether the document stands behind that place. False, too, where the cursor is none of ours: lookup_is_cursor tells. */
bool lookup_is_behind(const struct document_view *view, struct bytes place);
/** Takes a cursor apart: appends the place. USAGE if it is none. */
enum status lookup_read_cursor(struct bytes cursor, struct buffer *ret_place, struct failure *reterr) MUST_CHECK;

/* An answer is an object: head, then "documents", then summary. */
void lookup_write_head(const struct lookup *lookup, const char *incident, int64_t as_of, struct json_writer *json);
void lookup_write_summary(const struct lookup *lookup, struct json_writer *json);
/** The members of one document of the answer. */
void lookup_write_document(const struct document_view *view, const struct portion *portion, struct json_writer *json);
/** "yours": what of it is the subject's, by kind. */
void lookup_write_yours(const struct portion *portion, struct json_writer *json);

#endif
