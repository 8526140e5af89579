/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only door to a subject's answer: what a verified organisation or person may
 * be told, no matter through which window it asks. Whoever asks here has proved
 * who it is, or is the operator who asks as if it had.
 *
 *   - A document is in it where the subject is a party to it, surely enough and by
 *     what was read of it, or an operator has confirmed it; never where one has
 *     withheld it. A person's: where the address stands in it.
 *   - Of a document only what minimise.h puts there can be said.
 *   - Documents come in an order that tells nothing: by their date, then by the
 *     subject's own names for them.
 *   - Who is not known, not concerned, or not surely, gets the same answer.
 */
#ifndef TIDEMARK_GATE_GATE_H
#define TIDEMARK_GATE_GATE_H

#include "answer/lookup.h"
#include "gate/minimise.h"

/* Called once with the catalog's ids of all documents of the answer, in its order, before the first is told; anything but OK ends it. */
typedef enum status gate_finder(void *context, const struct id *ids, size_t count);

struct gate_question {
	struct subject subject; /* as subject_read_as_asked has it */
	const char *incident_name;
	uint64_t limit; /* documents shown; UINT64_MAX: all */
	struct bytes cursor;
	gate_finder *found; /* may be NULL */
	void *found_context;
};

typedef enum status gate_visitor(void *context, const struct minimised *document);

struct gate_answer {
	struct lookup sums; /* of all its documents, whatever page was asked for */
	struct buffer next; /* cursor; empty at the end */
};

/** Calls each per document of the page. USAGE for a cursor that is not of this subject's answer. The answer is the caller's to
 *  free, whatever the status. */
enum status gate_ask(struct catalog *catalog, struct incident *incident, const struct gate_question *question, gate_visitor *each,
                     void *context, struct gate_answer *ret_answer, struct failure *reterr) MUST_CHECK;
void gate_answer_free(struct gate_answer *answer);

/** When the newest document of the subject's answer is dated; CLOCK_UNKNOWN where none is, or there are none. */
enum status gate_newest(struct catalog *catalog, struct incident *incident, const struct subject *subject, int64_t *ret_newest,
                        struct failure *reterr) MUST_CHECK;

/** Turns the subject's name for a document (or as much of its beginning as no other of its documents shares) back, for the operator.
 *  ABSENT where it is of no document in the subject's answer. */
enum status gate_turn_back(struct catalog *catalog, struct incident *incident, const struct subject *subject,
                           struct bytes written, struct id *ret_id, struct failure *reterr) MUST_CHECK;

/* An answer is an object: head, "documents", then summary. */
void gate_write_head(const struct gate_question *question, int64_t as_of, struct json_writer *json);
void gate_write_document(const struct minimised *document, struct json_writer *json);
void gate_write_summary(const struct gate_answer *answer, struct json_writer *json);

#endif
