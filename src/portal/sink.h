/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a handler's reply goes: a head, pieces of its body, an end. A piece waits
 * where the stranger takes nothing; a reply whose stranger has gone is CRASHED, and
 * there is nothing left to do but to return that.
 *
 *     reply_begin(head) ──> reply_write(piece)* ──> reply_end
 *
 * Nothing of a reply leaves before sink->leave_at. On the schedule (of what must not
 * tell by its time what was found) it leaves 50 ms after it was asked for, or, made
 * later than that, at the next multiple of 200 ms; it is made whole first.
 */
#ifndef TIDEMARK_PORTAL_SINK_H
#define TIDEMARK_PORTAL_SINK_H

#include "base/buffer.h"
#include "base/clock.h"
#include "model/portal.h"

enum {
	SINK_FIRST_DEPARTURE = 50, /* milliseconds from asking */
	SINK_NEXT_DEPARTURES = 200,
	SINK_PIECE_MAX = 64 << 10,     /* longer ones go in several */
	SINK_SCHEDULED_MAX = 192 << 10 /* bytes of a reply on the schedule; more is TOO_LARGE */
};

struct sink;

/* Who takes replies: the door of serve, or a test that keeps them. */
struct sink_kind {
	enum status (*begin)(struct sink *sink, const struct portal_reply *head);
	enum status (*write)(struct sink *sink, struct bytes piece); /* at most SINK_PIECE_MAX */
	enum status (*end)(struct sink *sink);
};

struct sink {
	const struct sink_kind *kind;
	int64_t (*now)(void); /* clock_monotonic, or a test's */
	int64_t asked;        /* when the request came, by now() */
	int64_t leave_at;     /* nothing leaves before; 0: at once */
	bool is_on_schedule;  /* to be set before reply_begin */
	bool has_begun, has_ended;
	struct buffer scheduled; /* the body of a reply on the schedule, until its end */
	struct portal_reply head;
};

/** When a reply to what was asked then leaves, if it was made by then. */
int64_t sink_departure(int64_t asked, int64_t made);

/** Texts of the head are borrowed until reply_end. MALFORMED where one could break a header. */
enum status reply_begin(struct sink *sink, const struct portal_reply *head) MUST_CHECK;
enum status reply_write(struct sink *sink, struct bytes piece) MUST_CHECK;
enum status reply_end(struct sink *sink) MUST_CHECK;

/** All of it at once. */
enum status reply_whole(struct sink *sink, const struct portal_reply *head, struct bytes body) MUST_CHECK;
/** An error: application/problem+json where the request wants that, else a short page. title as "Not found"; detail may be NULL. */
enum status reply_problem(struct sink *sink, const struct portal_request *request, uint16_t code, const char *title,
                          const char *detail) MUST_CHECK;

#endif
