/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of OpenDocument sheets (ODF 1.3 part 3, 9.1). A cell or a row says how
 * often it stands there, in a number that costs its writer nothing: equal ones
 * are shown up to TABLE_GAP_MAX times in a row and up to REPEATED_MAX bytes of
 * them in a document, and stand for the others.
 */
#include "format/office/odf-parts.h"
#include "format/table.h"

#include <stdlib.h>

#define ROW_CEILING (64u << 20)
#define REPEATED_MAX (64u << 10)
#define CELLS_MAX (1u << 20)
#define COLUMNS_MAX (1u << 20)

struct odf_row odf_row_empty(void)
{
	return (struct odf_row){.text = buffer_with_ceiling(ROW_CEILING)};
}

void odf_row_free(struct odf_row *row)
{
	buffer_free(&row->text);
	free(row->cells);
}

static enum status grow(struct odf_row *row)
{
	size_t capacity = row->capacity ? row->capacity * 2 : 64;
	if (capacity > CELLS_MAX)
		return STATUS_BOMB;
	struct odf_cell *grown = realloc(row->cells, capacity * sizeof *grown);
	if (grown == NULL)
		return STATUS_NO_MEMORY;
	row->cells = grown;
	row->capacity = capacity;
	return STATUS_OK;
}

enum status odf_row_add(struct odf_row *row, struct bytes text, unsigned count)
{
	enum status status = STATUS_OK;
	if (text.len > 0) {
		if (row->count == row->capacity)
			status = grow(row);
		if (status != STATUS_OK)
			return status;
		buffer_append(&row->text, text);
		row->cells[row->count++] = (struct odf_cell){row->column, count, row->text.len};
		status = buffer_status(&row->text) == STATUS_TOO_LARGE ? STATUS_BOMB : buffer_status(&row->text);
	}
	row->column = count < COLUMNS_MAX - row->column ? row->column + count : COLUMNS_MAX;
	return status;
}

/* How often what has so many bytes is shown of count times. */
static uint64_t times(struct odf *odf, uint64_t count, size_t size)
{
	uint64_t shown = count < TABLE_GAP_MAX ? count : TABLE_GAP_MAX;
	size_t room = (REPEATED_MAX - odf->repeated) / (size + 1);
	if (shown > room + 1)
		shown = room + 1;
	if (shown > 1)
		odf->repeated += (size_t)(shown - 1) * (size + 1);
	return shown;
}

static void put_cell(struct odf *odf, struct table *table, const struct odf_cell *cell, struct bytes text)
{
	table_skip_to(table, cell->column);
	for (uint64_t left = times(odf, cell->count, text.len); left > 0; left--)
		table_put(table, text);
}

static enum status put_record(struct odf_row *row, struct odf *odf, struct table *table, uint64_t record)
{
	enum status status = table_skip_to_record(table, record);
	size_t start = 0;
	for (size_t i = 0; i < row->count; i++) {
		put_cell(odf, table, &row->cells[i], bytes_slice(buffer_bytes(&row->text), start, row->cells[i].end - start));
		start = row->cells[i].end;
	}
	return status == STATUS_OK ? table_end_record(table) : status;
}

enum status odf_row_write(struct odf_row *row, struct odf *odf, struct table *table, uint64_t first, uint64_t count)
{
	enum status status = STATUS_OK;
	/* What each further row costs is known before: its cells count their own repetitions anew. */
	uint64_t shown = row->count > 0 ? times(odf, count, row->text.len + row->count) : 0;
	for (uint64_t i = 0; i < shown && status == STATUS_OK; i++)
		status = put_record(row, odf, table, first + i);
	buffer_reset(&row->text);
	row->count = 0;
	row->column = 0;
	return status;
}
