/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables as text: comma, semicolon, tab or bar between values, recognised by
 * records that all have the same number of them. The text is the file's own,
 * decoded, so that spans are exact; what is known more is that it is a table.
 */
#include "format/text/charset.h"
#include "format/format.h"
#include "format/text/text-stream.h"

static int bid(struct bytes head, struct source *source);
static enum status extract(struct source *source, struct emitter *emitter);

const struct format format_csv = {
	.name = "csv",
	.version = 3,
	.media_type = "text/csv",
	.bid = bid,
	.extract = extract,
	.prepare = charset_prepare,
};

enum { BID = 12, RECORDS_MAX = 200 };

struct csv_shape {
	unsigned char delimiter;
	size_t records;    /* complete ones */
	size_t per_record; /* delimiters in the first */
	size_t odd;        /* records that have another number */
	size_t loose;      /* delimiters before a blank or a line's end, as in prose and code */
};

static void end_record(struct csv_shape *shape, size_t count, size_t length)
{
	if (length == 0)
		return;
	if (shape->records++ == 0)
		shape->per_record = count;
	shape->odd += count != shape->per_record;
}

/* Counts delimiters record by record; quotes protect delimiters and line ends. A record the sample cuts is left out. */
static struct csv_shape take_shape(struct bytes text, unsigned char delimiter, bool is_whole)
{
	struct csv_shape shape = {.delimiter = delimiter};
	size_t count = 0, length = 0;
	bool is_quoted = false, at_start = true;
	for (size_t i = 0; i < text.len && shape.records < RECORDS_MAX; i++) {
		unsigned char c = text.at[i];
		if (c == '"' && is_quoted && i + 1 < text.len && text.at[i + 1] == '"') {
			i++;
			continue;
		}
		if (c == '"' && (at_start || is_quoted))
			is_quoted = !is_quoted;
		if (c == '\n' && !is_quoted) {
			end_record(&shape, count, length);
			count = length = 0;
		} else {
			length += c != '\r';
			bool delimits = c == delimiter && !is_quoted;
			count += delimits;
			shape.loose += delimits && (i + 1 == text.len || strchr(" \r\n", text.at[i + 1]) != NULL);
		}
		at_start = c == delimiter || c == '\n' || (at_start && c == ' ');
	}
	if (is_whole)
		end_record(&shape, count, length);
	return shape;
}

/* Prose now and then has as many commas in three lines running, and code ends each line with a semicolon: the fewer
 * delimiters, the more records it takes. Where none of them has a blank behind it, two or three do. */
static bool is_table(const struct csv_shape *shape)
{
	bool is_tight = shape->loose == 0 && shape->odd == 0;
	size_t needed = shape->per_record == 1 ? 6 : shape->per_record == 2 ? 4 : shape->per_record < 5 ? 3 : 2;
	if (is_tight)
		needed = shape->per_record == 1 ? 3 : 2;
	if (shape->per_record == 0 || (shape->per_record == 1 && shape->delimiter == ';' && !is_tight))
		return false;
	return shape->records >= needed && shape->odd * 20 <= shape->records;
}

/* The delimiter this text is a table by, or 0. A bar at the beginning is Markdown's. */
static unsigned char find_delimiter(struct bytes text, bool is_whole)
{
	static const unsigned char delimiters[] = {'\t', ';', ',', '|'};
	struct csv_shape best = {0};
	for (size_t i = 0; i < sizeof delimiters; i++) {
		if (bytes_find_byte(text, delimiters[i]) == BYTES_NOT_FOUND)
			continue;
		struct csv_shape shape = take_shape(text, delimiters[i], is_whole);
		bool is_markdown = delimiters[i] == '|' && text.len > 0 && text.at[0] == '|';
		if (is_table(&shape) && !is_markdown && shape.per_record > best.per_record)
			best = shape;
	}
	return best.delimiter;
}

static unsigned char sniff(struct bytes head, const struct source *source)
{
	struct buffer scratch = buffer_with_ceiling(16 * FORMAT_HEAD_SIZE);
	struct bytes text = text_stream_peek(head, source->declared_charset, &scratch);
	unsigned char delimiter = find_delimiter(text, head.len == source->size);
	buffer_free(&scratch);
	return delimiter;
}

static int bid(struct bytes head, struct source *source)
{
	return sniff(head, source) != 0 ? BID : 0;
}

static enum status extract(struct source *source, struct emitter *emitter)
{
	struct text_stream stream = text_stream_over(source, source->declared_charset);
	struct bytes head;
	enum status status = source_view(source, 0, FORMAT_HEAD_SIZE, &head);
	unsigned char delimiter = status == STATUS_OK ? sniff(head, source) : 0;
	if (status == STATUS_OK && delimiter == '\t')
		status = emit_media_type(emitter, "text/tab-separated-values");
	if (status == STATUS_OK)
		status = emit_table_begin(emitter, delimiter, false);
	/* To the end of what is text. */
	if (status == STATUS_OK)
		status = text_stream_emit_rest(&stream, emitter);
	text_stream_close(&stream);
	return status == STATUS_OK ? emit_table_end(emitter) : status;
}
