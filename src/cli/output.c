/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything goes through pending, which is written out when it is large or
 * old. What the format does not show is written into a buffer with no room.
 *
 *   json   the object is begun in pending by the first member or list
 *   jsonl  members are gathered apart until a list shows that they are not wanted
 */
#define _GNU_SOURCE
#include "cli/output.h"

#include "base/clock.h"
#include "base/text.h"
#include "cli/progress.h"
#include "cli/table.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PENDING_SIZE = 64 * 1024, PENDING_MS = 100, FIELDS_HELD = 64 };
#define VALUE_MAX (UINT64_C(1) << 30)

struct held_field {
	const char *label;
	size_t from, len;
	enum tone tone;
};

struct output {
	int descriptor;
	struct output_settings settings;
	struct buffer pending, item, apart, nowhere, fields_text;
	struct json_writer object, item_writer, nowhere_writer;
	bool has_object, is_raw, has_listed, is_gone, has_fields, is_in_page;
	int failed_errno;
	int64_t written_at;
	const struct output_list *list;
	struct cell_table *table;
	struct held_field fields[FIELDS_HELD];
	size_t field_count;
	uint64_t items;
};

enum status output_new(int descriptor, const struct output_settings *settings, struct output **ret_output)
{
	struct output *output = calloc(1, sizeof *output);
	if (output == NULL)
		return STATUS_NO_MEMORY;
	output->descriptor = descriptor;
	output->settings = *settings;
	output->pending = output->item = output->apart = output->fields_text = buffer_with_ceiling(VALUE_MAX);
	output->nowhere = buffer_with_ceiling(0);
	output->nowhere_writer = json_writer_into(&output->nowhere);
	output->written_at = clock_monotonic();
	*ret_output = output;
	return STATUS_OK;
}

void output_free(struct output *output)
{
	if (output == NULL)
		return;
	table_free(output->table);
	buffer_free(&output->pending);
	buffer_free(&output->item);
	buffer_free(&output->apart);
	buffer_free(&output->nowhere);
	buffer_free(&output->fields_text);
	free(output);
}

enum output_format output_get_format(const struct output *output)
{
	return output->settings.format;
}

bool output_wants_json(const struct output *output)
{
	return output->settings.format == OUTPUT_JSON || output->settings.format == OUTPUT_JSONL;
}

void output_use_lines(struct output *output)
{
	if (output->settings.format == OUTPUT_TABLE || output->settings.format == OUTPUT_JSON)
		output->settings.format = OUTPUT_JSONL;
}

static bool shows_tables(const struct output *output)
{
	return output->settings.format == OUTPUT_TABLE;
}

static bool is_terminal(const struct output *output)
{
	return output->settings.width > 0;
}

/* ---- writing ---- */

static bool is_over(const struct output *output)
{
	return output->is_gone || output->failed_errno != 0;
}

static void note_failure(struct output *output)
{
	if (errno == EPIPE)
		output->is_gone = true;
	else
		output->failed_errno = errno;
}

static void write_all(struct output *output, struct bytes bytes)
{
	while (bytes.len > 0 && !is_over(output)) {
		ssize_t written = write(output->descriptor, bytes.at, bytes.len);
		if (written >= 0)
			bytes = bytes_from(bytes, (size_t)written);
		else if (errno == EAGAIN)
			poll(&(struct pollfd){.fd = output->descriptor, .events = POLLOUT}, 1, -1);
		else if (errno != EINTR)
			note_failure(output);
	}
}

static void write_pending(struct output *output)
{
	if (output->pending.failed != STATUS_OK && output->failed_errno == 0)
		output->failed_errno = ENOMEM;
	if (output->pending.len > 0)
		progress_clear(output->settings.progress);
	write_all(output, buffer_bytes(&output->pending));
	buffer_reset(&output->pending);
	output->written_at = clock_monotonic();
}

static void write_if_due(struct output *output)
{
	if (output->pending.len >= PENDING_SIZE ||
	    (output->pending.len > 0 && clock_monotonic() - output->written_at >= PENDING_MS))
		write_pending(output);
}

/* ---- members ---- */

static void begin_object(struct output *output)
{
	if (output->has_object)
		return;
	output->has_object = true;
	output->object = json_writer_into(output->settings.format == OUTPUT_JSON ? &output->pending : &output->apart);
	json_begin_object(&output->object);
}

struct json_writer *output_members(struct output *output)
{
	if (!output_wants_json(output) || (output->settings.format == OUTPUT_JSONL && output->has_listed)) {
		buffer_reset(&output->nowhere);
		return &output->nowhere_writer;
	}
	begin_object(output);
	if (output->settings.format == OUTPUT_JSON)
		write_if_due(output);
	return &output->object;
}

/* ---- fields ---- */

static void release_fields(struct output *output)
{
	size_t widest = 0;
	for (size_t i = 0; i < output->field_count; i++) {
		size_t width = text_width(bytes_of_string(output->fields[i].label));
		widest = width > widest ? width : widest;
	}
	for (size_t i = 0; i < output->field_count; i++) {
		const struct held_field *field = &output->fields[i];
		size_t width = text_width(bytes_of_string(field->label));
		table_append_toned(&output->pending, bytes_of_string(field->label), TONE_DIM, output->settings.is_coloured);
		buffer_append_byte(&output->pending, ':');
		for (size_t pad = widest - width + 1; pad > 0; pad--)
			buffer_append_byte(&output->pending, ' ');
		table_append_toned(&output->pending, bytes_slice(buffer_bytes(&output->fields_text), field->from, field->len),
		                   field->tone, output->settings.is_coloured);
		buffer_append_byte(&output->pending, '\n');
	}
	output->field_count = 0;
	buffer_reset(&output->fields_text);
}

void output_begin_page(struct output *output, struct bytes title)
{
	release_fields(output);
	if (shows_tables(output) && title.len > 0) {
		struct buffer escaped = buffer_with_ceiling(VALUE_MAX);
		if (output->is_in_page)
			buffer_append_byte(&output->pending, '\n');
		text_append_escaped(&escaped, title);
		table_append_toned(&output->pending, buffer_bytes(&escaped), TONE_STRONG, output->settings.is_coloured);
		buffer_append_byte(&output->pending, '\n');
		buffer_free(&escaped);
	}
	output->is_in_page = true;
}

static void append_csv_field(struct output *output, const char *name, const struct cell *cell)
{
	if (!output->has_fields)
		buffer_append_string(&output->pending, "field,value\r\n");
	output->has_fields = true;
	buffer_append_string(&output->pending, name);
	buffer_append_byte(&output->pending, ',');
	cell_append_for_csv(cell, is_terminal(output), &output->pending);
	buffer_append_string(&output->pending, "\r\n");
}

void output_field(struct output *output, const char *name, const char *label, struct cell cell)
{
	if (output->settings.format == OUTPUT_CSV && !output->has_listed)
		append_csv_field(output, name, &cell);
	if (!shows_tables(output))
		return;
	if (output->field_count == FIELDS_HELD)
		release_fields(output);
	struct held_field *field = &output->fields[output->field_count++];
	*field = (struct held_field){.label = label, .from = output->fields_text.len, .tone = cell.tone};
	cell_append_for_eyes(&cell, &output->fields_text);
	field->len = output->fields_text.len - field->from;
	if (cell.kind == CELL_NONE)
		field->tone = TONE_DIM;
}

void output_heading(struct output *output, const char *heading)
{
	if (!shows_tables(output))
		return;
	release_fields(output);
	buffer_append_byte(&output->pending, '\n');
	table_append_toned(&output->pending, bytes_of_string(heading), TONE_STRONG, output->settings.is_coloured);
	buffer_append_byte(&output->pending, '\n');
}

/* ---- text ---- */

/* Escapes all but line ends and tabs, in pieces, so that memory stays flat. */
static void append_lines(struct output *output, struct bytes text)
{
	while (text.len > 0) {
		size_t len = 0;
		while (len < text.len && len < PENDING_SIZE && text.at[len] != '\n' && text.at[len] != '\t')
			len++;
		while (len < text.len && len > 0 && (text.at[len] & 0xC0) == 0x80 && len >= PENDING_SIZE - 4)
			len--; /* not within a character */
		text_append_escaped(&output->pending, bytes_slice(text, 0, len));
		if (len < text.len && (text.at[len] == '\n' || text.at[len] == '\t'))
			buffer_append_byte(&output->pending, text.at[len++]);
		text = bytes_from(text, len);
		write_if_due(output);
	}
}

void output_raw(struct output *output, struct bytes bytes)
{
	output->is_raw = true;
	if (is_terminal(output)) {
		append_lines(output, bytes);
		return;
	}
	write_pending(output);
	write_all(output, bytes);
}

void output_flush(struct output *output)
{
	write_pending(output);
}

void output_note(struct output *output, const char *format, ...)
{
	char *text;
	va_list args;
	if (output->settings.is_quiet || output->settings.format == OUTPUT_JSON)
		return;
	va_start(args, format);
	int len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		return;
	struct buffer line = buffer_with_ceiling(VALUE_MAX);
	text_append_escaped(&line, bytes_of_string(text));
	free(text);
	if (shows_tables(output)) {
		release_fields(output);
		table_append_toned(&output->pending, buffer_bytes(&line), TONE_DIM, output->settings.is_coloured);
		buffer_append_byte(&output->pending, '\n');
	} else {
		fprintf(stderr, "tidemark: %s\n", buffer_string(&line));
	}
	buffer_free(&line);
}

/* ---- lists ---- */

static bool is_listed(const struct output *output)
{
	return output->list->member != NULL || shows_tables(output);
}

static void begin_csv(struct output *output)
{
	for (size_t i = 0; i < output->list->column_count; i++) {
		if (i > 0)
			buffer_append_byte(&output->pending, ',');
		buffer_append_string(&output->pending, output->list->columns[i].name);
	}
	buffer_append_string(&output->pending, "\r\n");
}

void output_begin_list(struct output *output, const struct output_list *list)
{
	output->list = list;
	output->items = 0;
	release_fields(output);
	if (list->member != NULL)
		output->has_listed = true;
	if (shows_tables(output)) {
		if (table_new(list->columns, list->column_count, list->marker, output->settings.width,
		              output->settings.is_coloured, &output->table) != STATUS_OK)
			output->failed_errno = ENOMEM;
	} else if (list->member != NULL && output->settings.format == OUTPUT_CSV) {
		begin_csv(output);
	} else if (list->member != NULL && output->settings.format == OUTPUT_JSON) {
		begin_object(output);
		json_key(&output->object, list->member);
		json_begin_array(&output->object);
	}
}

struct json_writer *output_begin_item(struct output *output)
{
	if (!output_wants_json(output) || output->list->member == NULL) {
		buffer_reset(&output->nowhere);
		return &output->nowhere_writer;
	}
	buffer_reset(&output->item);
	output->item_writer = json_writer_into(&output->item);
	if (output->settings.format == OUTPUT_JSON)
		buffer_append_byte(&output->item, '\n');
	json_begin_object(&output->item_writer);
	return &output->item_writer;
}

static void append_item(struct output *output, const struct cell *cells)
{
	switch (output->settings.format) {
	case OUTPUT_TABLE:
		if (output->table != NULL)
			table_add(output->table, cells, &output->pending);
		break;
	case OUTPUT_CSV:
		for (size_t i = 0; i < output->list->column_count; i++) {
			if (i > 0)
				buffer_append_byte(&output->pending, ',');
			cell_append_for_csv(&cells[i], is_terminal(output), &output->pending);
		}
		buffer_append_string(&output->pending, "\r\n");
		break;
	case OUTPUT_JSON:
	case OUTPUT_JSONL:
		json_end_object(&output->item_writer);
		if (output->item.failed != STATUS_OK)
			output->failed_errno = ENOMEM;
		if (output->settings.format == OUTPUT_JSON)
			json_raw(&output->object, buffer_bytes(&output->item));
		else
			buffer_append(&output->pending, buffer_bytes(&output->item));
		if (output->settings.format == OUTPUT_JSONL)
			buffer_append_byte(&output->pending, '\n');
		break;
	}
}

enum status output_end_item(struct output *output, const struct cell *cells)
{
	output->items++;
	if (is_listed(output))
		append_item(output, cells);
	write_if_due(output);
	return is_over(output) ? STATUS_END : STATUS_OK;
}

void output_end_list(struct output *output)
{
	if (output->table != NULL) {
		table_finish(output->table, &output->pending);
		table_free(output->table);
		output->table = NULL;
	}
	if (shows_tables(output) && output->items == 0 && output->list->nothing != NULL) {
		table_append_toned(&output->pending, bytes_of_string(output->list->nothing), TONE_DIM,
		                   output->settings.is_coloured);
		buffer_append_byte(&output->pending, '\n');
	}
	if (output->settings.format == OUTPUT_JSON && output->list->member != NULL) {
		if (output->items > 0)
			buffer_append_byte(&output->pending, '\n');
		json_end_array(&output->object);
	}
	output->list = NULL;
	write_if_due(output);
}

/* ---- the end ---- */

static void end_object(struct output *output)
{
	json_end_object(&output->object);
	if (output->settings.format == OUTPUT_JSONL) {
		if (output->has_listed)
			return;
		write_pending(output);
		write_all(output, buffer_bytes(&output->apart));
		if (output->apart.failed != STATUS_OK)
			output->failed_errno = ENOMEM;
	}
	buffer_append_byte(&output->pending, '\n');
}

enum status output_finish(struct output *output, struct failure *reterr)
{
	release_fields(output);
	if (output_wants_json(output) && output->has_object)
		end_object(output);
	write_pending(output);
	if (output->failed_errno == 0)
		return STATUS_OK;
	return fail(reterr, output->failed_errno == ENOSPC ? STATUS_NO_SPACE : STATUS_BROKEN, "standard output",
	            "could not be written: %s", strerror(output->failed_errno));
}
