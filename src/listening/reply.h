/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reply on its way out: its pieces as they come from tidemark, and the headers
 * that every reply has, whatever it says. One that ends within REPLY_WHOLE_MAX goes
 * out with its length, a longer one in chunks: which of the two says nothing but
 * how long it is.
 */
#ifndef TIDEMARK_LISTENING_REPLY_H
#define TIDEMARK_LISTENING_REPLY_H

#include "base/buffer.h"
#include "listening/head.h"
#include "model/portal.h"

#include <microhttpd.h>

enum { REPLY_WHOLE_MAX = 64 << 10 };

struct reply {
	bool has_head, is_over, is_cut;
	struct portal_reply head; /* its texts in the visit's arena */
	struct buffer pieces;     /* not taken yet */
	size_t taken;             /* of them */
	uint64_t untold;          /* bytes that left and tidemark was not told of */
	bool is_queued;
};

/** Whether it can be begun: all of it is there, or more than goes out whole. */
bool reply_can_begin(const struct reply *reply);

/** With its headers, for as much as is there; body: of one that goes out whole. NULL where memory ended. */
struct MHD_Response *reply_make(const struct door_place *place, const struct portal_reply *head, struct bytes body);
/** The same with a body that comes by and by. */
struct MHD_Response *reply_make_stream(const struct door_place *place, const struct portal_reply *head,
                                       MHD_ContentReaderCallback read, void *context);
/** Of an embedded file; 304 has no body. */
struct MHD_Response *reply_make_asset(const struct door_place *place, const struct portal_asset *asset, bool is_known);
/** Of a refusal, as a problem or a page. */
struct MHD_Response *reply_make_refusal(const struct door_place *place, const struct refusal *refusal, bool wants_problem);

#endif
