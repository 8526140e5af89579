/* SPDX-License-Identifier: Apache-2.0 */
/* Writing tables: lines gather and go out in pieces. */
#include "format/table.h"

enum { FLUSH_AT = 1 << 16, LINES_CEILING = 256 << 20 };

struct table table_over(struct emitter *emitter)
{
	return (struct table){.emitter = emitter, .lines = buffer_with_ceiling(LINES_CEILING)};
}

void table_free(struct table *table)
{
	buffer_free(&table->lines);
}

enum status table_begin(struct table *table, bool has_header)
{
	table->records = 0;
	return emit_table_begin(table->emitter, '\t', has_header);
}

static enum status flush(struct table *table)
{
	enum status status = buffer_status(&table->lines);
	if (status == STATUS_OK && table->lines.len > 0)
		status = emit_text(table->emitter, buffer_bytes(&table->lines));
	buffer_reset(&table->lines);
	return status;
}

static bool needs_quotes(struct bytes text)
{
	size_t start = 0;
	while (start < text.len && text.at[start] == ' ')
		start++;
	unsigned found = start < text.len && text.at[start] == '"';
	for (size_t i = 0; i < text.len; i++)
		found |= (text.at[i] == '\t') | (text.at[i] == '\n') | (text.at[i] == '\r');
	return found;
}

static void append_quoted(struct buffer *lines, struct bytes text)
{
	buffer_append_byte(lines, '"');
	for (size_t quote; (quote = bytes_find_byte(text, '"')) != BYTES_NOT_FOUND; text = bytes_from(text, quote + 1)) {
		buffer_append(lines, bytes_slice(text, 0, quote + 1));
		buffer_append_byte(lines, '"');
	}
	buffer_append(lines, text);
	buffer_append_byte(lines, '"');
}

static void append_many(struct buffer *lines, unsigned char byte, unsigned count)
{
	for (unsigned i = 0; i < count && i < TABLE_GAP_MAX; i++)
		buffer_append_byte(lines, byte);
}

void table_put(struct table *table, struct bytes text)
{
	table->column++;
	if (text.len == 0) {
		table->gap++;
		return;
	}
	append_many(&table->lines, '\t', table->gap);
	if (table->has_cells)
		buffer_append_byte(&table->lines, '\t');
	table->gap = 0;
	table->has_cells = true;
	if (needs_quotes(text))
		append_quoted(&table->lines, text);
	else
		buffer_append(&table->lines, text);
}

void table_skip_to(struct table *table, unsigned column)
{
	if (column <= table->column)
		return;
	table->gap += column - table->column;
	table->column = column;
}

enum status table_end_record(struct table *table)
{
	buffer_append_byte(&table->lines, '\n');
	table->records++;
	table->column = table->gap = 0;
	table->has_cells = false;
	return table->lines.len < FLUSH_AT ? buffer_status(&table->lines) : flush(table);
}

enum status table_skip_to_record(struct table *table, uint64_t record)
{
	if (record <= table->records)
		return STATUS_OK;
	uint64_t gap = record - table->records;
	append_many(&table->lines, '\n', gap < TABLE_GAP_MAX ? (unsigned)gap : TABLE_GAP_MAX);
	table->records = record;
	return buffer_status(&table->lines);
}

enum status table_end(struct table *table)
{
	enum status status = flush(table);
	return status == STATUS_OK ? emit_table_end(table->emitter) : status;
}
