/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reply that is written while it is found. What is small leaves whole and on the schedule of the sink, so that its time
 * tells nothing; what is not leaves as it comes.
 */
#ifndef TIDEMARK_PORTAL_STREAM_H
#define TIDEMARK_PORTAL_STREAM_H

#include "base/buffer.h"
#include "portal/sink.h"

enum { STREAM_SMALL = 96 << 10, STREAM_CEILING = 64 << 20 };

struct stream {
	struct sink *sink;
	struct portal_reply head;
	struct buffer pending; /* written to by whoever makes the reply */
};

static inline struct stream stream_to(struct sink *sink, const struct portal_reply *head)
{
	return (struct stream){sink, *head, buffer_with_ceiling(STREAM_CEILING)};
}

/** To be called between one thing and the next: sends what is pending where that is much. */
enum status stream_flow(struct stream *stream) MUST_CHECK;
/** Sends what is left, and ends the reply. */
enum status stream_end(struct stream *stream) MUST_CHECK;
static inline void stream_free(struct stream *stream)
{
	buffer_free(&stream->pending);
}

#endif
