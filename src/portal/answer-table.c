/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/answer-table.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const columns[] = {"id",         "path",      "container", "url",        "class",  "title",
                                      "dated",      "modified",  "size",      "sha256",     "copies", "signed",
                                      "first_seen", "last_seen", "closed_at", "confidence", "why"};

/* Doubled marks, a mark of its own before what would be a formula. */
static void write_cell(struct buffer *into, struct bytes text)
{
	bool would_run = text.len > 0 && memchr("=+-@\t\r", text.at[0], 6) != NULL;
	if (into->len > 0 && into->at[into->len - 1] != '\n')
		buffer_append_byte(into, ',');
	buffer_append_byte(into, '"');
	if (would_run)
		buffer_append_byte(into, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"')
			buffer_append_byte(into, '"');
		buffer_append_byte(into, text.at[i]);
	}
	buffer_append_byte(into, '"');
}

static void write_time(struct buffer *into, int64_t time)
{
	char text[CLOCK_TEXT_SIZE];
	write_cell(into, bytes_of_string(clock_format(time, text)));
}

static void write_number(struct buffer *into, bool is_known, uint64_t number)
{
	char text[24] = "";
	if (is_known)
		snprintf(text, sizeof text, "%" PRIu64, number);
	write_cell(into, bytes_of_string(text));
}

static void write_list(struct buffer *into, const struct bytes *items, size_t count)
{
	struct buffer joined = buffer_with_ceiling(into->ceiling);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buffer_append_string(&joined, "; ");
		buffer_append(&joined, items[i]);
	}
	if (buffer_status(&joined) != STATUS_OK)
		into->failed = buffer_status(&joined);
	write_cell(into, buffer_bytes(&joined));
	buffer_free(&joined);
}

void answer_table_write_head(struct buffer *into)
{
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		write_cell(into, bytes_of_string(columns[i]));
	for (size_t i = 0; portion_kinds[i] != FINDING_KIND_COUNT; i++)
		write_cell(into, bytes_of_string(finding_kind_name(portion_kinds[i])));
	write_cell(into, BYTES_LITERAL("elements"));
	write_cell(into, BYTES_LITERAL("rows"));
	write_cell(into, BYTES_LITERAL("others_redacted"));
	buffer_append_string(into, "\r\n");
}

static void write_elements(const struct minimised *document, struct buffer *into)
{
	struct bytes names[ELEMENT_COUNT];
	size_t count = 0;
	for (enum person_element element = 0; element < ELEMENT_COUNT; element++)
		if (document->elements[element] > 0)
			names[count++] = bytes_of_string(person_element_name(element));
	write_list(into, names, count);
}

void answer_table_write(const struct minimised *document, struct buffer *into)
{
	static const char *const signings[] = {[SIGNED_UNKNOWN] = "", [SIGNED_NOT] = "false", [SIGNED] = "true"};
	struct buffer hex = buffer_with_ceiling(2 * DIGEST_SHA256_SIZE + 1);
	char id[ID_TEXT_SIZE];
	if (document->has_sha256)
		digest_append_hex(&hex, bytes_of(document->sha256, sizeof document->sha256));
	write_cell(into, bytes_of_string(id_format(document->id, id)));
	write_cell(into, document->path);
	write_cell(into, document->container);
	write_cell(into, document->url);
	write_cell(into, document->class);
	write_cell(into, document->title);
	write_time(into, document->dated);
	write_time(into, document->modified);
	write_number(into, document->has_size, document->size);
	write_cell(into, buffer_bytes(&hex));
	write_number(into, document->has_copies, document->copies);
	write_cell(into, bytes_of_string(signings[document->signing]));
	write_time(into, document->exposed.first_seen);
	write_time(into, document->exposed.last_seen);
	write_time(into, document->exposed.closed_at);
	write_cell(into, bytes_of_string(document->is_sure ? "sure" : "likely"));
	write_cell(into, bytes_of_string(document->why));
	for (size_t i = 0; portion_kinds[i] != FINDING_KIND_COUNT; i++)
		write_list(into, document->values[portion_kinds[i]].items, document->values[portion_kinds[i]].count);
	write_elements(document, into);
	write_number(into, true, document->row_count);
	write_number(into, true, document->others);
	buffer_append_string(into, "\r\n");
	buffer_free(&hex);
}
