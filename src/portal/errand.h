/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request on its way through serve, and its reply on the way back.
 *
 *   door ── requests ──> a worker            (the whole errand)
 *   door <── letters ─── the worker          (a head, pieces, an end: each a frame)
 *   door ──── room ────> the worker          (a token for each piece that left)
 *
 * The worker has it from its request until the last letter, and touches nothing of
 * it behind that; what the door keeps of it meanwhile is its own. Once the stranger
 * or the cell has gone, room is closed: the next piece finds that out.
 */
#ifndef TIDEMARK_PORTAL_ERRAND_H
#define TIDEMARK_PORTAL_ERRAND_H

#include "base/arena.h"
#include "base/queue.h"
#include "portal/figures.h"
#include "portal/sink.h"
#include "wire/portal-messages.h"

enum { ERRAND_PIECES_AHEAD = 4 /* that a worker may be ahead of what has left */ };

struct errand;

struct letter {
	struct errand *errand; /* NULL: to the door itself, which drains */
	struct letter *next;
	int64_t leave_at;
	uint32_t body; /* bytes of it */
	bool is_last;  /* an end, or a cut */
	size_t len;
	unsigned char frame[];
};

/* Where letters are left, and what is touched to say so. */
struct mailbox {
	struct queue *letters;
	int bell; /* an eventfd */
};

struct errand {
	struct portal_request request;
	struct arena arena; /* of its texts */
	struct portal_figures figures;
	const struct mailbox *mailbox;
	struct queue *room;
	int64_t asked;

	/* The worker's. */
	size_t ahead;
	struct wire_writer *writer;
	struct sink sink;

	/* The door's. */
	struct letter *first, *last;
	uint64_t sent; /* bytes of its body that the cell has and did not pass on yet */
	bool is_gone, is_complete;
};

/** The request's texts are copied. NO_MEMORY. */
enum status errand_new(const struct portal_request *request, const struct portal_figures *figures, const struct mailbox *mailbox,
                       struct errand **ret_errand) MUST_CHECK;
/** With the letters it still has. */
void errand_free(struct errand *errand);

/** A worker begins: its sink is ready. CRASHED where there is nobody any more to answer; end it all the same. */
enum status errand_begin(struct errand *errand, struct wire_writer *writer) MUST_CHECK;
/** The worker is done with it: what has not ended is cut. */
void errand_end(struct errand *errand);

/** To the door itself. */
enum status mailbox_drain(const struct mailbox *mailbox) MUST_CHECK;

#endif
