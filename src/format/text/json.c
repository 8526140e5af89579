/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON and JSON Lines of any size, as lines: see json-reader.h. A document is
 * taken for JSON when its beginning is; where it ceases to be, the rest is
 * shown as it stands. Nesting that no honest document has is a bomb, whose
 * strings are kept.
 */
#include "format/text/charset.h"
#include "format/format.h"
#include "format/text/json-reader.h"
#include "format/text/text-stream.h"

static int bid(struct bytes head, struct source *source);
static enum status extract(struct source *source, struct emitter *emitter);

const struct format format_json = {
	.name = "json",
	.version = 3,
	.media_type = "application/json",
	.bid = bid,
	.extract = extract,
	.prepare = charset_prepare,
};

enum { BID = 22, BID_CUT = 14 };

static int bid(struct bytes head, struct source *source)
{
	struct buffer scratch = buffer_with_ceiling(16 * FORMAT_HEAD_SIZE);
	struct bytes text = text_stream_peek(head, source->declared_charset, &scratch);
	struct bytes trimmed = bytes_trim(text);
	struct json_reader json;
	int result = 0;
	bool may_be = trimmed.len >= 2 && (trimmed.at[0] == '{' || trimmed.at[0] == '[' || trimmed.at[0] == '/');
	if (may_be && json_reader_start(&json, NULL) == STATUS_OK) {
		enum status status = json_reader_feed(&json, &text);
		bool is_whole = head.len == source->size;
		bool is_proven = is_whole ? json_reader_is_complete(&json) : json.tokens > 0;
		if (json.is_too_deep || (status == STATUS_OK && is_proven))
			result = BID;
		else if (status == STATUS_OK && (json.tokens > 0 || json.lexeme == JSON_STRING))
			result = BID_CUT;
		json_reader_finish(&json);
	}
	buffer_free(&scratch);
	return result;
}

/* ---- reading ---- */

/* Shows as it stands what could not be read as JSON. */
static enum status show_rest(struct json_reader *json, struct bytes left, struct text_stream *stream)
{
	emit_note(json->emitter, "not JSON to its end: the rest is shown as it stands");
	enum status status = json_reader_flush_unfinished(json);
	if (status == STATUS_OK)
		status = emit_line_end(json->emitter);
	if (status == STATUS_OK)
		status = emit_text(json->emitter, left);
	return status == STATUS_OK ? text_stream_emit_rest(stream, json->emitter) : status;
}

static enum status end_document(struct json_reader *json)
{
	enum status status = json_reader_flush_unfinished(json);
	if (!json_reader_is_complete(json))
		emit_note(json->emitter, "ends before its JSON does");
	if (status == STATUS_OK && json->documents > 1)
		status = emit_media_type(json->emitter, "application/x-ndjson");
	return status;
}

static enum status read_pieces(struct json_reader *json, struct text_stream *stream)
{
	for (;;) {
		struct bytes piece;
		enum status status = text_stream_next(stream, &piece);
		if (status == STATUS_END)
			return end_document(json);
		if (status == STATUS_UNSUPPORTED)
			return show_rest(json, BYTES_NONE, stream);
		if (status == STATUS_OK)
			status = json_reader_feed(json, &piece);
		if (json->is_refused)
			return status;
		if (status == STATUS_MALFORMED)
			return show_rest(json, piece, stream);
		if (status == STATUS_OK)
			status = emit_progress(json->emitter);
		if (status != STATUS_OK)
			return status;
	}
}

static enum status extract(struct source *source, struct emitter *emitter)
{
	struct json_reader json;
	struct text_stream stream = text_stream_over(source, source->declared_charset);
	enum status status = json_reader_start(&json, emitter);
	if (status == STATUS_OK)
		status = read_pieces(&json, &stream);
	if (status == STATUS_OK && json.is_too_deep) {
		emit_note(emitter, "nested deeper than any honest document");
		status = STATUS_BOMB;
	}
	text_stream_close(&stream);
	json_reader_finish(&json);
	return status;
}
