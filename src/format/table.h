/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one way in which a table goes out, whatever file it stood in: a line a
 * record, the header first where there is one, cells joined by tabs. A cell that
 * holds a tab, the end of a line, or a quote at its beginning stands in quotes,
 * its own quotes doubled. So the text reads and searches as what it says, and
 * model/table.h finds row and column of any place in it.
 *
 * Empty cells keep their column, but a gap wider than TABLE_GAP_MAX columns
 * counts as that; so do rows left out, up to TABLE_GAP_MAX.
 */
#ifndef TIDEMARK_FORMAT_TABLE_H
#define TIDEMARK_FORMAT_TABLE_H

#include "base/buffer.h"
#include "format/emitter.h"

#define TABLE_GAP_MAX 255u

struct table {
	struct emitter *emitter;
	struct buffer lines; /* on their way to the emitter */
	uint64_t records;    /* ended ones, the header included */
	unsigned column;     /* that the next cell goes into */
	unsigned gap;        /* empty cells before it that are not written yet */
	bool has_cells;      /* in this record */
};

struct table table_over(struct emitter *emitter);
void table_free(struct table *table);

/** What was emitted before is text; it should have ended its line. */
enum status table_begin(struct table *table, bool has_header) MUST_CHECK;
/** The next cell of the record; any bytes. */
void table_put(struct table *table, struct bytes text);
/** The next cell goes into that column, counted from 0; one that lies behind already is left alone. */
void table_skip_to(struct table *table, unsigned column);
/** Ends a record: cells that were put, and the empty ones among them. */
enum status table_end_record(struct table *table) MUST_CHECK;
/** Empty records up to the one of that number, counted from 0. */
enum status table_skip_to_record(struct table *table, uint64_t record) MUST_CHECK;
enum status table_end(struct table *table) MUST_CHECK;

#endif
