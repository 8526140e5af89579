/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a listing gets anywhere. Cursors that come again, names that come
 * again and pages of nothing would be asked for without end: be it the server
 * that leads so, or a fetch program that was taken over. One cursor is kept
 * (Brent), and 16 KiB that tell how many different objects there were
 * (HyperLogLog): the same whatever the listing's length. Private to
 * process/.
 */
#ifndef TIDEMARK_PROCESS_LISTING_WATCH_H
#define TIDEMARK_PROCESS_LISTING_WATCH_H

#include "base/buffer.h"
#include "model/object.h"

#define LISTING_WATCH_REGISTERS (1u << 14)

struct listing_watch {
	struct buffer marked; /* a cursor that this listing led to */
	uint64_t pages;       /* since its beginning */
	uint64_t objects;
	unsigned char registers[LISTING_WATCH_REGISTERS];
	double sum; /* of 2^-register over all registers */
	unsigned empty_registers;
	bool has_new, has_objects; /* of the page under way */
	unsigned pages_in_vain;    /* in a row, without a new object */
	int64_t asked_at, in_vain; /* milliseconds that those took */
};

void listing_watch_init(struct listing_watch *watch);
void listing_watch_free(struct listing_watch *watch);

/** A page is asked for, behind cursor; empty: a listing begins. Times are of the monotonic clock. */
void listing_watch_begin(struct listing_watch *watch, struct bytes cursor, int64_t now);
/** An object of that page. */
void listing_watch_note(struct listing_watch *watch, const struct object *object);
/** The page is whole, and next would be asked for. MALFORMED where it leads in circles, TIMED_OUT where pages brought nothing
 *  new for so long as patience, or for too many of them. */
enum status listing_watch_end(struct listing_watch *watch, struct bytes cursor, struct bytes next, int64_t patience, int64_t now,
                              struct failure *reterr) MUST_CHECK;

#endif
