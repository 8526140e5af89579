/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bounded queue between threads: the one place where they meet. It is
 * bounded by weight (bytes, say) and passes ownership of items from the
 * pusher to the taker. Closing lets takers drain it and then see END.
 */
#ifndef TIDEMARK_BASE_QUEUE_H
#define TIDEMARK_BASE_QUEUE_H

#include "base/status.h"

struct queue;

/** capacity: most weight in the queue at once; a single heavier item still passes when it is empty. */
enum status queue_new(size_t capacity, struct queue **ret_queue) MUST_CHECK;
/** Waits for room. END once the queue is closed: the item stays the caller's. */
enum status queue_push(struct queue *queue, void *item, size_t weight) MUST_CHECK;
/** For what others wait for: waits for no room, and is taken before all that queue_push left; urgent items keep their
 *  order among themselves. END as above. */
enum status queue_push_urgent(struct queue *queue, void *item) MUST_CHECK;
/** Waits for an item; END when closed and drained. */
enum status queue_take(struct queue *queue, void **ret_item) MUST_CHECK;
/** As queue_take, but TIMED_OUT after that many milliseconds. */
enum status queue_take_within(struct queue *queue, long milliseconds, void **ret_item) MUST_CHECK;
void queue_close(struct queue *queue);
/** The queue must be drained; items still in it are lost. */
void queue_free(struct queue *queue);

#endif
