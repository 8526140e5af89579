/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One door of the portal: a thread that has started its cell and speaks with it. A
 * cell that dies or lies is ended and started again: what was under way is lost, the
 * rest goes on.
 */
#ifndef TIDEMARK_PORTAL_DOOR_H
#define TIDEMARK_PORTAL_DOOR_H

#include "portal/errand.h"
#include "process/listener.h"

struct door;

enum door_news { DOOR_LISTENS, DOOR_REFUSED, DOOR_STARTED_AGAIN, DOOR_ENDED };

struct door_event {
	enum portal_door door;
	enum door_news news;
	uint16_t port;          /* of LISTENS */
	struct failure failure; /* of REFUSED: why it cannot be opened; of STARTED_AGAIN: what became of the one before */
};

/** plan: of its cell; borrowed while the door lives. Errands go into requests, events (to be freed) into events. */
enum status door_open(const struct listener_plan *plan, struct queue *requests, struct queue *events,
                      struct door **ret_door) MUST_CHECK;
/** Takes no more, finishes what is under way, then tells DOOR_ENDED: soon, and within five seconds. */
void door_drain(struct door *door);
/** Waits for its thread; only once it has told DOOR_ENDED or DOOR_REFUSED and no worker has an errand of it. */
void door_close(struct door *door);

#endif
