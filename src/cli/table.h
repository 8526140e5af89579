/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Columns without boxes. The first rows are held back to find the widths; the
 * rest stream under those. Columns of the highest rank are left out until a
 * row fits. On a terminal long text is cut as well, at last in every column
 * that is not of numbers. Where there is none every column is shown and no
 * value is cut: a long one moves the rest of its row, and widens no column.
 *
 * Where a terminal has less than TABLE_NARROW columns, those marked so stand in a
 * second line of each row, one behind the other; the last has what the others leave.
 */
#ifndef TIDEMARK_CLI_TABLE_H
#define TIDEMARK_CLI_TABLE_H

#include "base/status.h"
#include "cli/cell.h"

struct cell_table;

#define TABLE_NARROW 120

/** columns and marker are borrowed; marker may be NULL. width: of the terminal, 0: none. */
enum status table_new(const struct column *columns, size_t count, const struct marker *marker, unsigned width, bool is_coloured,
                      struct cell_table **ret_table) MUST_CHECK;
/** Appends finished rows to into, perhaps none yet. */
void table_add(struct cell_table *table, const struct cell *cells, struct buffer *into);
/** Appends what is held back. */
void table_finish(struct cell_table *table, struct buffer *into);
void table_free(struct cell_table *table);

/** Text in a tone, if coloured. */
void table_append_toned(struct buffer *into, struct bytes text, enum tone tone, bool is_coloured);
/** A valid text cut to so many columns, an ellipsis at its end (or start); columns at least 1. */
void table_append_cut(struct buffer *into, struct bytes text, size_t columns, bool keeps_end);

#endif
