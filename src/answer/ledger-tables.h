/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger as tables for people: what --csv and --html write. For publishing,
 * tables that name somebody are left out, rows stand in an order that says
 * nothing of their counts, and small counts are kept (suppression.h).
 */
#ifndef TIDEMARK_ANSWER_LEDGER_TABLES_H
#define TIDEMARK_ANSWER_LEDGER_TABLES_H

#include "answer/ledger.h"
#include "answer/suppression.h"
#include "base/arena.h"

enum { LEDGER_COLUMNS = 3 };

struct figure {
	enum figure_state state; /* absent: nothing tells it */
	uint64_t value;          /* of one that is shown */
};

struct ledger_row {
	struct bytes label; /* from a leak, perhaps: escape it */
	const char *about;  /* in words, where there are any; NULL */
	struct figure figures[LEDGER_COLUMNS];
};

struct ledger_table {
	const char *title, *label;
	const char *columns[LEDGER_COLUMNS]; /* up to a NULL */
	const char *about;                   /* what is counted, a sentence */
	const char *missing;                 /* what it means where it has no rows; NULL: none there are */
	bool is_withheld;                    /* small counts of it could not be kept otherwise */
	bool is_of_sizes;                    /* the last column is of bytes */
	struct ledger_row *rows;
	size_t row_count;
};

enum ledger_table_name {
	TABLE_MEASURES,
	TABLE_YEARS,
	TABLE_CLASSES,
	TABLE_TYPES,
	TABLE_ORGANISATION_SIZES,
	TABLE_ORGANISATIONS,
	TABLE_COUNTRIES,
	TABLE_SECTORS,
	TABLE_RELATIONSHIPS,
	TABLE_ELEMENTS,
	TABLE_AGES,
	TABLE_OUTCOMES,
	TABLE_PARTS,
	TABLE_CONTAINERS,
	LEDGER_TABLES
};

struct ledger_tables {
	bool is_public;
	struct figure unseen_objects, unseen_bytes;
	struct ledger_table tables[LEDGER_TABLES]; /* one that is not to be shown has no title */
};

/** What a file of that table is called, without its ending. */
const char *ledger_table_file(enum ledger_table_name name);

/** What it points to lies in the arena, or is the ledger's. */
enum status ledger_tables_make(const struct ledger_answer *answer, bool is_public, struct arena *arena,
                               struct ledger_tables *ret_tables, struct failure *reterr) MUST_CHECK;

/** "1,234", "<10", "*" or nothing. */
void figure_append(struct figure figure, struct buffer *into);

/** A table as CSV (RFC 4180), its head in the words of the columns. */
void ledger_table_append_csv(const struct ledger_table *table, struct buffer *into);

#endif
