/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the lister and the lanes tell the writer, and what it tells the lanes.
 * A letter owns all it holds (its arena) and is freed by who takes it.
 */
#ifndef TIDEMARK_SWEEP_LETTER_H
#define TIDEMARK_SWEEP_LETTER_H

#include "base/queue.h"
#include "catalog/sweeps.h"

enum letter_kind {
	/* to the writer */
	LETTER_PAGE,    /* objects of one page, and the cursor behind them */
	LETTER_LISTED,  /* the listing ended: status */
	LETTER_VERSION, /* object is not as listed, but as said here */
	LETTER_TWIN,    /* is there one? answered by LETTER_ANSWER */
	LETTER_CLAIM,   /* there is none, and the lane is reading these bytes */
	LETTER_DOCUMENT,
	LETTER_RESTART,    /* the documents of an object are void: it is read again */
	LETTER_FINISHED,   /* an object's outcome */
	LETTER_LANE_ENDED, /* a lane stopped: status; CRASHED: fetch was lost, and object is not finished */
	/* to lanes */
	LETTER_OBJECT, /* whichever lane is free takes it */
	LETTER_ANSWER  /* to the one that asked */
};

struct letter {
	enum letter_kind kind;
	size_t lane;
	struct arena arena;
	enum status status;
	struct failure failure;
	struct listed_object *objects;
	size_t object_count;
	struct bytes cursor;
	bool is_last;
	bool is_new;         /* its page has names that were not listed before */
	bool lacks_versions; /* they were asked for, and refused */
	struct pending_object object;
	unsigned char sha256[32];
	uint64_t fetched_bytes;
	bool is_twin;
	struct document_record document;
	struct object_record end;
	struct letter *next; /* the writer's own lists */
};

/** NULL when memory ended. */
struct letter *letter_new(enum letter_kind kind, size_t lane) MUST_CHECK;
void letter_free(struct letter *letter);
/** Bytes of memory it takes, for the queue: whole blocks, whatever is used of them. */
size_t letter_weight(const struct letter *letter);

/** Copies into the letter's arena. A text left out stands in text_beyond: search says that it could not look there. */
enum status letter_copy_object(struct letter *letter, const struct object *from, struct object *ret_object) MUST_CHECK;
enum status letter_copy_document(struct letter *letter, const struct document_record *record, bool with_text) MUST_CHECK;

#endif
