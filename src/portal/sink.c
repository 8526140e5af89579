/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/sink.h"

#include "base/json.h"
#include "portal-assets.h"

enum { PROBLEM_MAX = 8192 };

int64_t sink_departure(int64_t asked, int64_t made)
{
	int64_t took = made - asked;
	if (took <= SINK_FIRST_DEPARTURE)
		return asked + SINK_FIRST_DEPARTURE;
	return asked + (took + SINK_NEXT_DEPARTURES - 1) / SINK_NEXT_DEPARTURES * SINK_NEXT_DEPARTURES;
}

/* ---- replying ---- */

enum status reply_begin(struct sink *sink, const struct portal_reply *head)
{
	if (sink->has_begun || !portal_reply_is_sound(head))
		return STATUS_MALFORMED;
	sink->has_begun = true;
	sink->head = *head;
	if (!sink->is_on_schedule)
		return sink->kind->begin(sink, head);
	sink->scheduled = buffer_with_ceiling(SINK_SCHEDULED_MAX);
	return STATUS_OK;
}

static enum status write_pieces(struct sink *sink, struct bytes body)
{
	enum status status = STATUS_OK;
	while (status == STATUS_OK && body.len > 0) {
		struct bytes piece = bytes_slice(body, 0, SINK_PIECE_MAX);
		status = sink->kind->write(sink, piece);
		body = bytes_from(body, piece.len);
	}
	return status;
}

enum status reply_write(struct sink *sink, struct bytes piece)
{
	if (!sink->is_on_schedule)
		return write_pieces(sink, piece);
	buffer_append(&sink->scheduled, piece);
	return buffer_status(&sink->scheduled);
}

/* All that takes time has been done: now it is known when it leaves. */
static enum status send_scheduled(struct sink *sink)
{
	int64_t departure = sink_departure(sink->asked, sink->now());
	sink->leave_at = departure > sink->leave_at ? departure : sink->leave_at;
	enum status status = sink->kind->begin(sink, &sink->head);
	return status == STATUS_OK ? write_pieces(sink, buffer_bytes(&sink->scheduled)) : status;
}

enum status reply_end(struct sink *sink)
{
	enum status status = sink->is_on_schedule ? send_scheduled(sink) : STATUS_OK;
	if (sink->is_on_schedule)
		buffer_free(&sink->scheduled);
	if (status != STATUS_OK)
		return status;
	sink->has_ended = true;
	return sink->kind->end(sink);
}

enum status reply_whole(struct sink *sink, const struct portal_reply *head, struct bytes body)
{
	enum status status = reply_begin(sink, head);
	if (status == STATUS_OK)
		status = reply_write(sink, body);
	return status == STATUS_OK ? reply_end(sink) : status;
}

/* ---- problems ---- */

static void append_html(struct buffer *into, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '<' || *text == '>' || *text == '&' || *text == '"')
			buffer_append_format(into, "&#%d;", *text);
		else
			buffer_append_byte(into, (unsigned char)*text);
	}
}

static void write_page(struct buffer *into, const char *title, const char *detail)
{
	buffer_append_string(into, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	                           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	                           "<link rel=\"stylesheet\" href=\"" PORTAL_ASSET_STYLE "\">\n<title>");
	append_html(into, title);
	buffer_append_string(into, "</title>\n</head>\n<body>\n<main>\n<h1>");
	append_html(into, title);
	buffer_append_string(into, "</h1>\n<p>");
	append_html(into, detail != NULL ? detail : "");
	buffer_append_string(into, "</p>\n</main>\n</body>\n</html>\n");
}

static void write_problem(struct buffer *into, uint16_t code, const char *title, const char *detail)
{
	struct json_writer json = json_writer_into(into);
	json_begin_object(&json);
	json_key(&json, "type");
	json_string(&json, "about:blank");
	json_key(&json, "title");
	json_string(&json, title);
	json_key(&json, "status");
	json_unsigned(&json, code);
	if (detail != NULL)
		json_member_string(&json, "detail", detail);
	json_end_object(&json);
	buffer_append_byte(into, '\n');
}

enum status reply_problem(struct sink *sink, const struct portal_request *request, uint16_t code, const char *title,
                          const char *detail)
{
	const struct portal_reply head = {
		.code = code,
		.content = request->wants_problem ? PORTAL_PROBLEM : PORTAL_HTML,
		.retry_after = code == 429   ? 60
	                       : code == 503 ? 5
	                                     : 0,
	};
	struct buffer body = buffer_with_ceiling(PROBLEM_MAX);
	request->wants_problem ? write_problem(&body, code, title, detail) : write_page(&body, title, detail);
	enum status status = buffer_status(&body);
	if (status == STATUS_OK)
		status = reply_whole(sink, &head, buffer_bytes(&body));
	buffer_free(&body);
	return status;
}
