/* SPDX-License-Identifier: Apache-2.0 */
/* Values for eyes and for spreadsheets. */
#include "cli/cell.h"

#include "base/mask.h"
#include "base/sum.h"
#include "base/text.h"

#include <math.h>

#define AT_LEAST "\xE2\x89\xA5"

void cell_append_human_size(struct buffer *into, uint64_t bytes)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	if (sum_is_at_least(bytes))
		buffer_append_string(into, AT_LEAST);
	if (bytes < 1024) {
		buffer_append_format(into, "%llu B", (unsigned long long)bytes);
		return;
	}
	double size = (double)bytes / 1024;
	size_t unit = 0;
	while (size >= 1023.95 && unit + 1 < sizeof units / sizeof *units) {
		size /= 1024;
		unit++;
	}
	buffer_append_format(into, size < 10 ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

static void append_time_for_eyes(struct buffer *into, int64_t time)
{
	char text[CLOCK_TEXT_SIZE];
	struct bytes whole = bytes_of_string(clock_format(time, text));
	if (whole.len != 20) { /* a year of more than four digits */
		buffer_append(into, whole);
		return;
	}
	text[10] = ' ';
	buffer_append(into, bytes_slice(whole, 0, 16));
}

void cell_append_for_eyes(const struct cell *cell, struct buffer *into)
{
	switch (cell->kind) {
	case CELL_NONE: buffer_append_byte(into, '-'); break;
	case CELL_TEXT: text_append_escaped(into, cell->text); break;
	case CELL_UNSIGNED:
		buffer_append_format(into, "%s%llu", sum_is_at_least(cell->number) ? AT_LEAST : "",
		                     (unsigned long long)cell->number);
		break;
	case CELL_SIZE: cell_append_human_size(into, cell->number); break;
	case CELL_REAL:
		if (isfinite(cell->real))
			buffer_append_format(into, "%.2f", cell->real);
		else
			buffer_append_byte(into, '-');
		break;
	case CELL_TIME: append_time_for_eyes(into, cell->time); break;
	case CELL_BOOLEAN: buffer_append_string(into, cell->number ? "yes" : "no"); break;
	}
}

static bool is_blank(uint32_t c)
{
	return c == ' ' || c == 0xA0 || (c >= 0x2000 && c <= 0x200D) || c == 0x202F || c == 0x205F || c == 0x3000 ||
	       text_is_unsafe(c);
}

/* Spreadsheets take a cell that begins so for a formula; some pass over blanks, some take wide forms for plain. */
static bool begins_like_formula(struct bytes text)
{
	uint32_t c = 0;
	if (text.len > 0 && memchr("\t\r\n", text.at[0], 3) != NULL)
		return true;
	for (size_t length; (length = text_decode(text, &c)) > 0 && is_blank(c); text = bytes_from(text, length))
		;
	return text.len > 0 &&
	       (c == '=' || c == '+' || c == '-' || c == '@' || c == 0xFF1D || c == 0xFF0B || c == 0xFF0D || c == 0xFF20);
}

static void append_quoted(struct buffer *into, struct bytes text)
{
	buffer_append_byte(into, '"');
	for (size_t quote; (quote = bytes_find_byte(text, '"')) != BYTES_NOT_FOUND; text = bytes_from(text, quote + 1)) {
		buffer_append(into, bytes_slice(text, 0, quote + 1));
		buffer_append_byte(into, '"');
	}
	buffer_append(into, text);
	buffer_append_byte(into, '"');
}

static void append_text_for_csv(struct buffer *into, struct bytes text, bool is_terminal)
{
	struct buffer safe = buffer_with_ceiling(SIZE_MAX / 4), room = buffer_with_ceiling(SIZE_MAX / 4);
	text = mask_shown(text, &room);
	if (begins_like_formula(text))
		buffer_append_byte(&safe, '\'');
	if (is_terminal)
		text_append_escaped(&safe, text);
	else
		text_append_repaired(&safe, text);
	struct bytes ready = buffer_bytes(&safe);
	bool must_quote = false;
	for (size_t i = 0; i < ready.len && !must_quote; i++)
		must_quote = memchr("\",\r\n", ready.at[i], 4) != NULL;
	if (must_quote || (ready.len > 0 && (ready.at[0] == ' ' || ready.at[ready.len - 1] == ' ')))
		append_quoted(into, ready);
	else
		buffer_append(into, ready);
	if (safe.failed != STATUS_OK || room.failed != STATUS_OK)
		into->failed = STATUS_NO_MEMORY;
	buffer_free(&safe);
	buffer_free(&room);
}

void cell_append_for_csv(const struct cell *cell, bool is_terminal, struct buffer *into)
{
	char time[CLOCK_TEXT_SIZE];
	switch (cell->kind) {
	case CELL_NONE: break;
	case CELL_TEXT: append_text_for_csv(into, cell->text, is_terminal); break;
	case CELL_UNSIGNED:
	case CELL_SIZE: buffer_append_format(into, "%llu", (unsigned long long)cell->number); break;
	case CELL_REAL:
		if (isfinite(cell->real))
			buffer_append_format(into, "%.6g", cell->real);
		break;
	case CELL_TIME: buffer_append_string(into, clock_format(cell->time, time)); break;
	case CELL_BOOLEAN: buffer_append_string(into, cell->number ? "true" : "false"); break;
	}
}
