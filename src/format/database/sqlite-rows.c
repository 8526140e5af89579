/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a table as they go out: values in their columns, binary ones as what
 * they turn out to be. What is no text, no few bytes and no document has its
 * strings behind the table.
 */
#include "base/text.h"
#include "format/carve.h"
#include "format/database/sqlite-parts.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
	CELL_MAX = 16 << 20,
	ROW_MAX = 64 << 20,
	/* Of a binary value: what is shown as digits, and what is looked at as a whole. */
	DIGITS_MAX = 32,
	WHOLE_MAX = 1 << 20,
	DOCUMENT_BID = 20,
};

struct sqlite_rows sqlite_rows_of(struct sqlite_file *file, const struct sqlite_table *table)
{
	return (struct sqlite_rows){
		.file = file,
		.emitter = file->emitter,
		.table = table,
		.out = table_over(file->emitter),
		.row = buffer_with_ceiling(ROW_MAX + CELL_MAX),
		.binary = buffer_with_ceiling(WHOLE_MAX),
		.carved = buffer_with_ceiling(CARVE_TEXT_MAX),
	};
}

void sqlite_rows_free(struct sqlite_rows *reading)
{
	table_free(&reading->out);
	sqlite_record_free(&reading->record);
	buffer_free(&reading->row);
	buffer_free(&reading->binary);
	buffer_free(&reading->carved);
	free(reading->cells);
}

/* The column that shows this field, or a new one where the schema names none. */
static size_t column_of_field(struct sqlite_rows *reading, size_t field)
{
	for (size_t i = field < reading->table->column_count ? field : 0; i < reading->table->column_count; i++)
		if (reading->table->columns[i].field == field)
			return i;
	for (size_t i = 0; i < reading->table->column_count; i++)
		if (reading->table->columns[i].field == field)
			return i;
	return reading->table->column_count + field;
}

static bool has_room(struct sqlite_rows *reading, size_t column, enum status *status)
{
	if (column < reading->cell_capacity)
		return true;
	size_t capacity = 2 * column + 16;
	struct sqlite_cell *grown = realloc(reading->cells, capacity * sizeof *grown);
	if (grown == NULL) {
		*status = STATUS_NO_MEMORY;
		return false;
	}
	memset(grown + reading->cell_capacity, 0, (capacity - reading->cell_capacity) * sizeof *grown);
	reading->cells = grown;
	reading->cell_capacity = capacity;
	return true;
}

static void append_digits(struct buffer *into, struct bytes binary)
{
	for (size_t i = 0; i < binary.len; i++)
		buffer_append_format(into, "%02x", binary.at[i]);
}

static bool is_plain_text(struct bytes binary)
{
	return binary.len > 0 && bytes_find_byte(binary, 0) == BYTES_NOT_FOUND && text_is_valid(binary);
}

/* ROW/COLUMN below the table. */
static enum status begin_document(struct sqlite_rows *reading, size_t column, uint64_t size)
{
	struct buffer name = buffer_with_ceiling(8192);
	buffer_append_format(&name, "%" PRIu64 "/", reading->rows + 1);
	if (column < reading->table->column_count)
		text_append_repaired(&name, bytes_slice(reading->table->columns[column].name, 0, 1000));
	else
		buffer_append_format(&name, "%zu", column - reading->table->column_count + 1);
	enum status status = buffer_status(&name);
	if (status == STATUS_OK)
		status = emit_child_begin(
			reading->emitter,
			&(struct child){.name = buffer_bytes(&name), .modified = CLOCK_UNKNOWN, .expected_size = size});
	buffer_free(&name);
	return status;
}

/* A document in a cell: what was read of it already, and what is left of it. */
static enum status emit_document(struct sqlite_rows *reading, size_t column, struct bytes begun, uint64_t left,
                                 struct sqlite_payload *payload)
{
	struct emitter *emitter = reading->emitter;
	enum status status = begin_document(reading, column, begun.len + left);
	if (status == STATUS_OK)
		status = emit_child_bytes(emitter, begun);
	while (status == STATUS_OK && left > 0) {
		struct bytes part = sqlite_payload_view(payload, left < WHOLE_MAX ? (size_t)left : WHOLE_MAX, &status);
		if (part.len == 0)
			break;
		left -= part.len;
		status = emit_child_bytes(emitter, part);
	}
	return status == STATUS_OK ? emit_child_end(emitter, left == 0 ? STATUS_OK : STATUS_MALFORMED) : status;
}

static void pass_over(struct sqlite_rows *reading, struct bytes binary, uint64_t length)
{
	reading->unseen += length;
	if (reading->table->is_shadow)
		return;
	reading->binaries++;
	carve_append(&reading->carved, binary);
}

/* A value that is no text by its type: text all the same, a few bytes, a document, or something that only has strings. */
static bool read_binary(struct sqlite_rows *reading, const struct sqlite_value *value, size_t column,
                        struct sqlite_payload *payload, enum status *status)
{
	struct buffer *binary = &reading->binary;
	size_t begun = value->length < WHOLE_MAX ? (size_t)value->length : FORMAT_HEAD_SIZE;
	buffer_reset(binary);
	unsigned char *at = begun > 0 ? buffer_extend(binary, begun) : NULL;
	if (begun > 0 && at == NULL) {
		*status = buffer_status(binary);
		return false;
	}
	if (begun == 0 || !sqlite_payload_read(payload, at, begun, status))
		return begun == 0;
	bool is_whole = begun == value->length;
	struct bytes bytes = buffer_bytes(binary);
	if (is_whole && is_plain_text(bytes)) {
		buffer_append(&reading->row, bytes);
	} else if (is_whole && begun <= DIGITS_MAX) {
		append_digits(&reading->row, bytes);
	} else if (!reading->table->is_shadow && format_highest_bid(bytes) >= DOCUMENT_BID) {
		*status = emit_document(reading, column, bytes, value->length - begun, payload);
	} else {
		pass_over(reading, bytes, value->length);
		return sqlite_payload_skip(payload, value->length - begun, status);
	}
	return *status == STATUS_OK && !payload->is_broken;
}

static bool read_value(struct sqlite_rows *reading, const struct sqlite_value *value, size_t column,
                       struct sqlite_payload *payload, enum status *status)
{
	struct sqlite_cell *cell = &reading->cells[column];
	bool is_whole = true;
	size_t room = ROW_MAX - reading->row.len;
	*cell = (struct sqlite_cell){reading->row.len, 0};
	switch (value->kind) {
	case SQLITE_NULL: break;
	case SQLITE_INTEGER:
	case SQLITE_REAL: is_whole = sqlite_append_number(&reading->row, value, payload, status); break;
	case SQLITE_TEXT:
		room = room < CELL_MAX ? room : CELL_MAX;
		if (value->length > room)
			reading->unseen += value->length - room;
		is_whole = sqlite_append_text(&reading->row, value, room, payload, status);
		break;
	case SQLITE_BLOB: is_whole = read_binary(reading, value, column, payload, status); break;
	}
	cell->len = reading->row.len - cell->start;
	return is_whole;
}

static struct bytes text_of_column(const struct sqlite_rows *reading, size_t column, struct bytes rowid)
{
	const struct sqlite_table *table = reading->table;
	struct sqlite_cell cell = column < reading->cell_capacity ? reading->cells[column] : (struct sqlite_cell){0, 0};
	if (column < table->column_count) {
		if (table->columns[column].is_rowid)
			return rowid;
		if (table->columns[column].field != SQLITE_NO_FIELD && table->columns[column].field >= reading->record.count)
			return table->columns[column].missing;
	}
	return bytes_slice(buffer_bytes(&reading->row), cell.start, cell.len);
}

static enum status put_row(struct sqlite_rows *reading, int64_t rowid)
{
	struct buffer number = buffer_with_ceiling(32);
	buffer_append_format(&number, "%" PRId64, rowid);
	size_t count = reading->table->column_count;
	if (reading->column_count > count)
		count = reading->column_count;
	for (size_t i = 0; i < count; i++)
		table_put(&reading->out, text_of_column(reading, i, buffer_bytes(&number)));
	buffer_free(&number);
	reading->rows++;
	return table_end_record(&reading->out);
}

enum status sqlite_rows_found(void *context, struct sqlite_payload *payload, int64_t rowid)
{
	struct sqlite_rows *reading = context;
	struct sqlite_record *record = &reading->record;
	enum status status = STATUS_OK;
	buffer_reset(&reading->row);
	if (reading->cell_capacity > 0)
		memset(reading->cells, 0, reading->cell_capacity * sizeof *reading->cells);
	reading->column_count = 0;
	if (!sqlite_record_begin(record, payload, &status)) {
		reading->file->damaged += status == STATUS_OK && !payload->is_broken;
		return status;
	}
	for (size_t field = 0; field < record->count && status == STATUS_OK; field++) {
		size_t column = column_of_field(reading, field);
		if (!has_room(reading, column, &status))
			break;
		if (column >= reading->column_count)
			reading->column_count = column + 1;
		/* What broke off is put as far as it came: the chain counts as damaged. */
		if (!read_value(reading, &record->values[field], column, payload, &status))
			break;
	}
	if (status == STATUS_OK)
		status = buffer_status(&reading->row);
	return status == STATUS_OK ? put_row(reading, rowid) : status;
}

/* ---- the whole ---- */

static enum status put_header(struct sqlite_rows *reading)
{
	for (size_t i = 0; i < reading->table->column_count; i++)
		table_put(&reading->out, reading->table->columns[i].name);
	return table_end_record(&reading->out);
}

static enum status emit_strings(struct sqlite_rows *reading)
{
	struct emitter *emitter = reading->emitter;
	if (reading->unseen > 0)
		emit_unseen(emitter, reading->unseen);
	if (reading->binaries > 0)
		emit_note(emitter, "%" PRIu64 " binary values: strings only", reading->binaries);
	return reading->carved.len > 0 ? emit_carved(emitter, buffer_bytes(&reading->carved)) : STATUS_OK;
}

enum status sqlite_rows_begin(struct sqlite_rows *reading)
{
	bool has_header = reading->table->column_count > 0;
	enum status status = table_begin(&reading->out, has_header);
	return status == STATUS_OK && has_header ? put_header(reading) : status;
}

enum status sqlite_rows_end(struct sqlite_rows *reading)
{
	enum status status = table_end(&reading->out);
	return status == STATUS_OK ? emit_strings(reading) : status;
}
