/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands where in a document's text, written as facts and read again: so
 * that a text that was kept is looked through as when it came. Spans are bytes,
 * in decimal, parted by spaces:
 *
 *     carved   FROM-TO
 *     table    FROM-TO/DELIMITER/HAS_HEADER
 */
#ifndef TIDEMARK_READING_LAYOUT_H
#define TIDEMARK_READING_LAYOUT_H

#include "base/buffer.h"
#include "model/fact.h"
#include "model/table.h"

struct carved_span {
	uint64_t from, to;
};

typedef enum status layout_fact(void *context, const struct fact *fact);

/** Calls each for as many facts as it takes; stops at what is not OK, and returns it. */
enum status layout_write_carved(const struct carved_span *spans, size_t count, layout_fact *each, void *context) MUST_CHECK;
enum status layout_write_tables(const struct table_span *spans, size_t count, layout_fact *each, void *context) MUST_CHECK;

/** Appends the spans of a fact to the list it is of (struct carved_span, struct table_span); of another fact nothing. What lies
 *  beyond text_length or before the one before it, or is empty, is left out, as is all behind what is no span. */
void layout_read(const struct fact *fact, uint64_t text_length, struct buffer *carved, struct buffer *tables);

#endif
