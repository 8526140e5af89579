/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection, and the request that is under way on it.
 *
 *                    ┌── refused, or an embedded file ──────┐
 *     VISIT_HEAD ──> VISIT_BODY ──> VISIT_WAITS ──> VISIT_REPLIES ──> VISIT_HEAD
 *      (idle, too)                  (tidemark)
 *
 * Each state but WAITS has an end: who sends or takes nothing for as long is cut off.
 * Of those in HEAD the one that has been there longest makes room for a newcomer.
 */
#ifndef TIDEMARK_LISTENING_VISIT_H
#define TIDEMARK_LISTENING_VISIT_H

#include "base/buffer.h"
#include "listening/crowd.h"
#include "listening/head.h"
#include "listening/reply.h"

#include <microhttpd.h>

enum visit_state { VISIT_HEAD, VISIT_BODY, VISIT_WAITS, VISIT_REPLIES, VISIT_STATE_COUNT };

enum {
	HEAD_MS = 15000, /* from the connection or the reply before, TLS and all */
	BODY_MS = 20000,
	REPLY_MS = 20000 /* for every REPLY_PIECE taken */
};

struct front;

struct visit {
	struct front *front;
	struct MHD_Connection *connection;
	int descriptor;
	struct crowd_key key; /* who connected */
	bool is_counted;      /* in the crowd */
	bool is_loopback;
	bool has_asked; /* at least the line of a request has come */
	bool is_shut;   /* cut off: what comes of it is nobody's doing any more */
	char peer[64];

	enum visit_state state;
	int64_t since;               /* of the state, or of the last piece taken */
	struct visit *before, *next; /* of all in that state, the longest there first */

	/* Of the request. */
	struct arena arena;
	struct bytes target; /* as it came */
	struct head_reading reading;
	struct refusal refusal; /* by its head */
	struct buffer body;
	bool is_suspended;
	uint64_t number; /* under way at tidemark; 0: not */
	struct reply reply;
};

#endif
