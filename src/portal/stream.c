/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/stream.h"

static enum status send(struct stream *stream)
{
	struct bytes rest = buffer_bytes(&stream->pending);
	enum status status = buffer_status(&stream->pending);
	while (rest.len > 0 && status == STATUS_OK) {
		struct bytes piece = bytes_slice(rest, 0, SINK_PIECE_MAX);
		status = reply_write(stream->sink, piece);
		rest = bytes_from(rest, piece.len);
	}
	buffer_reset(&stream->pending);
	return status;
}

enum status stream_flow(struct stream *stream)
{
	if (stream->pending.len < STREAM_SMALL)
		return buffer_status(&stream->pending);
	enum status status = stream->sink->has_begun ? STATUS_OK : reply_begin(stream->sink, &stream->head);
	return status == STATUS_OK ? send(stream) : status;
}

enum status stream_end(struct stream *stream)
{
	enum status status = buffer_status(&stream->pending);
	if (status == STATUS_OK && !stream->sink->has_begun) {
		stream->sink->is_on_schedule = stream->pending.len <= SINK_SCHEDULED_MAX;
		status = reply_begin(stream->sink, &stream->head);
	}
	if (status == STATUS_OK)
		status = send(stream);
	return status == STATUS_OK ? reply_end(stream->sink) : status;
}
