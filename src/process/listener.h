/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client of tidemark-portal: one door, opened, and then heard one message at a
 * time. What it says is permitted, bounded and hangs together before it is believed,
 * and its requests have numbers that only grow; a cell that breaks this is lost.
 */
#ifndef TIDEMARK_PROCESS_LISTENER_H
#define TIDEMARK_PROCESS_LISTENER_H

#include "process/spawn.h"
#include "wire/portal-messages.h"

struct listener_plan {
	struct portal_setup setup;
	struct bytes certificate, key; /* PEM; empty: no TLS */
};

struct listener {
	struct process process;
	unsigned char state;
	uint16_t port;        /* at which it listens */
	uint64_t last_number; /* of a request */
	unsigned char frame[WIRE_FRAME_MAX];
	struct wire_writer writer; /* for whoever writes to it */
};

enum listener_heard { LISTENER_REQUEST, LISTENER_CANCEL, LISTENER_TOOK, LISTENER_FIGURES };

struct listener_message {
	enum listener_heard what;
	struct portal_request request; /* its texts in the listener, until the next message */
	uint64_t number;               /* of CANCEL and TOOK: of a request it made */
	uint32_t bytes;
	uint64_t figures[PORTAL_FIGURE_COUNT];
};

/** Starts it, sets it up and waits until it listens. It lives as long as the thread that calls. What it refuses comes back with
 *  its reason. */
enum status listener_start(struct listener *listener, const struct listener_plan *plan, struct failure *reterr) MUST_CHECK;

/** What has come. TIMED_OUT: nothing yet; END: it has ended; MALFORMED: it lies. */
enum status listener_hear(struct listener *listener, struct listener_message *ret_message) MUST_CHECK;

#endif
