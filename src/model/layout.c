/* SPDX-License-Identifier: Apache-2.0 */
/* As many spans a fact as its value may hold. */
#include "model/layout.h"

#include <inttypes.h>
#include <stdio.h>

enum { SPAN_MAX = 64 };

struct writing {
	const char *name;
	struct buffer value;
	layout_fact *each;
	void *context;
	enum status status;
};

static void flush(struct writing *writing)
{
	struct fact fact = {
		.kind = FACT_LAYOUT,
		.name = bytes_of_string(writing->name),
		.value = buffer_bytes(&writing->value),
		.confidence = 1,
	};
	if (writing->status == STATUS_OK && buffer_status(&writing->value) != STATUS_OK)
		writing->status = buffer_status(&writing->value);
	if (writing->status == STATUS_OK && fact.value.len > 0)
		writing->status = writing->each(writing->context, &fact);
	buffer_reset(&writing->value);
}

static void add(struct writing *writing, const char *span)
{
	if (writing->value.len + SPAN_MAX > FACT_VALUE_MAX)
		flush(writing);
	buffer_append_format(&writing->value, "%s%s", writing->value.len > 0 ? " " : "", span);
}

static enum status end(struct writing *writing)
{
	flush(writing);
	buffer_free(&writing->value);
	return writing->status;
}

enum status layout_write_carved(const struct carved_span *spans, size_t count, layout_fact *each, void *context)
{
	struct writing writing = {"carved", buffer_with_ceiling(FACT_VALUE_MAX), each, context, STATUS_OK};
	char span[SPAN_MAX];
	for (size_t i = 0; i < count && writing.status == STATUS_OK; i++) {
		snprintf(span, sizeof span, "%" PRIu64 "-%" PRIu64, spans[i].from, spans[i].to);
		add(&writing, span);
	}
	return end(&writing);
}

enum status layout_write_tables(const struct table_span *spans, size_t count, layout_fact *each, void *context)
{
	struct writing writing = {"table", buffer_with_ceiling(FACT_VALUE_MAX), each, context, STATUS_OK};
	char span[SPAN_MAX];
	for (size_t i = 0; i < count && writing.status == STATUS_OK; i++) {
		snprintf(span, sizeof span, "%" PRIu64 "-%" PRIu64 "/%u/%u", spans[i].from, spans[i].to, spans[i].delimiter,
		         spans[i].has_header);
		add(&writing, span);
	}
	return end(&writing);
}

/* ---- reading ---- */

/* Takes the number before a byte, or before the end where that is 0. */
static bool take(struct bytes *rest, char before, uint64_t *ret_number)
{
	size_t at = before != 0 ? bytes_find_byte(*rest, (unsigned char)before) : rest->len;
	if (at == BYTES_NOT_FOUND || !bytes_parse_u64(bytes_slice(*rest, 0, at), ret_number))
		return false;
	*rest = bytes_from(*rest, at < rest->len ? at + 1 : at);
	return true;
}

static bool read_span(struct bytes word, bool is_table, struct table_span *ret_span)
{
	uint64_t delimiter = 0, has_header = 0;
	if (!take(&word, '-', &ret_span->from) || !take(&word, is_table ? '/' : 0, &ret_span->to))
		return false;
	if (is_table && (!take(&word, '/', &delimiter) || !take(&word, 0, &has_header)))
		return false;
	ret_span->delimiter = (unsigned char)delimiter;
	ret_span->has_header = has_header != 0;
	return delimiter < 128;
}

void layout_read(const struct fact *fact, uint64_t text_length, struct buffer *carved, struct buffer *tables)
{
	struct bytes rest = fact->value;
	bool is_table = bytes_equal_string(fact->name, "table");
	if (fact->kind != FACT_LAYOUT || (!is_table && !bytes_equal_string(fact->name, "carved")))
		return;
	struct buffer *into = is_table ? tables : carved;
	size_t size = is_table ? sizeof(struct table_span) : sizeof(struct carved_span);
	uint64_t before = 0;
	if (into->len >= size) /* both begin with from, to */
		memcpy(&before, into->at + into->len - size + sizeof before, sizeof before);
	while (rest.len > 0) {
		struct table_span span = {.from = 0};
		size_t space = bytes_find_byte(rest, ' ');
		struct bytes word = bytes_slice(rest, 0, space == BYTES_NOT_FOUND ? rest.len : space);
		rest = bytes_from(rest, word.len < rest.len ? word.len + 1 : word.len);
		if (!read_span(word, is_table, &span))
			return;
		if (span.from < before || span.to > text_length || span.from >= span.to)
			continue;
		before = span.to;
		if (is_table)
			buffer_append(into, bytes_of(&span, sizeof span));
		else
			buffer_append(into, bytes_of(&(struct carved_span){span.from, span.to}, sizeof(struct carved_span)));
	}
}
