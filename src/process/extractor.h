/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client of tidemark-extract: gives it objects, takes documents, and
 * survives it. A worker that dies, hangs or breaks the protocol while it reads
 * a part costs that part: the object is read again by a new worker that passes
 * over it. If it was the object itself, that is the object's outcome. A worker
 * that had read other objects may have been taken over by any of them: what it
 * falls over is read again by a new one first.
 */
#ifndef TIDEMARK_PROCESS_EXTRACTOR_H
#define TIDEMARK_PROCESS_EXTRACTOR_H

#include "process/zygote.h"
#include "wire/extract-messages.h"

struct extractor;

struct extract_handler {
	/* One document, parts before their whole; the object's own only once its worker is done. */
	enum status (*document)(void *context, const struct document_record *record);
	/* The object is read again from its beginning: what came of it so far is void. */
	enum status (*restart)(void *context);
	/* The bytes at offset as a sealed memfd, for windowed jobs; the descriptor becomes the caller's. */
	enum status (*window)(void *context, uint64_t offset, int *ret_descriptor, uint32_t *ret_length);
	/* A record of a log, for jobs that are one. */
	enum status (*access)(void *context, const struct access_record *record);
	void *context;
};

/** Starts nothing yet. Its workers come of the zygote, which must outlive it. */
enum status extractor_new(struct zygote *zygote, struct extractor **ret_extractor) MUST_CHECK;

/** Reads one object. descriptor: a sealed memfd (borrowed), or -1 for a windowed job. OK when every document came; the
 *  object's own row included. CRASHED (or broke the protocol) or TIMED_OUT (no progress): the object's own row did not
 *  come. Our own faults and what the handler returned as they are. */
enum status extractor_read(struct extractor *extractor, const struct extract_job *job, int descriptor,
                           const struct extract_handler *handler, struct failure *reterr) MUST_CHECK;

/** Looks through the text of a document that was read before again: its record with fields, text, facts, and of its findings
 *  those whose words the text does not show any more, by where they begin. handler->document is called once, of a document whose
 *  text, title and author are as given but for stars where secrets were found; window and restart may be NULL. Returns as
 *  extractor_read. MALFORMED is not returned: who tells another text is taken for CRASHED. */
enum status extractor_renew(struct extractor *extractor, const struct document_record *record, struct bytes path,
                            const unsigned char secret_key[FINDING_SECRET_KEY_SIZE], uint64_t seconds,
                            const struct extract_handler *handler, struct failure *reterr) MUST_CHECK;

void extractor_free(struct extractor *extractor);

#endif
