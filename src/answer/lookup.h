/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's view of the answer one organisation or person would get: its
 * documents, its own addresses in them, and how much of others' was left out.
 */
#ifndef TIDEMARK_ANSWER_LOOKUP_H
#define TIDEMARK_ANSWER_LOOKUP_H

#include "model/document-class.h"
#include "answer/hit.h"
#include "model/coverage.h"

enum lookup_kind { LOOKUP_ORGANISATION, LOOKUP_PERSON };

struct lookup {
	enum lookup_kind kind;
	struct bytes subject; /* registrable domain, or address in lower case */
	uint64_t documents, distinct_documents, references, addresses;
	int64_t first_date, last_date;
	int64_t exposed_from, last_seen_open;
	int64_t exposed_until; /* unknown while one that was open was not seen closed */
	bool is_still_open;
	uint64_t unseen_objects, unseen_bytes;
	uint64_t classes[CLASS_COUNT]; /* documents of each */
	struct coverage coverage;
};

/** When the last of it was seen closed; unknown while any that was open was not. */
int64_t lookup_exposed_until(const struct lookup *lookup);

/* What is the subject's in one document. */
struct lookup_share {
	struct bytes *emails; /* distinct, in order of first mention */
	size_t email_count;
	struct bytes *signers; /* whose certificate has an address of the subject's */
	size_t signer_count;
	uint64_t others; /* signers and findings of others, not to be shown to the subject */
	double confidence;
	struct bytes why;
};

typedef enum status lookup_visitor(void *context, const struct document_view *view, const struct lookup_share *share);

/** The subject as written, brought to its form. USAGE if it is neither a domain under a known suffix nor an address. */
enum status lookup_read_subject(struct bytes written, struct arena *arena, struct lookup *ret_lookup,
                                struct failure *reterr) MUST_CHECK;

/** Calls each per document, by path, and fills the sums of lookup. each may be NULL. */
enum status lookup_answer(struct incident *incident, struct lookup *lookup, lookup_visitor *each, void *context,
                          struct failure *reterr) MUST_CHECK;

const char *lookup_kind_name(enum lookup_kind kind);

/* An answer is an object: head, then "documents", then summary. */
void lookup_write_head(const struct lookup *lookup, const char *incident, int64_t as_of, struct json_writer *json);
void lookup_write_summary(const struct lookup *lookup, struct json_writer *json);
/** The members of one document of the answer. */
void lookup_write_document(const struct document_view *view, const struct lookup_share *share, struct json_writer *json);

#endif
