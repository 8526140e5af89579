/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One OpenDocument file (ODF 1.3, ISO/IEC 26300) while it is being read.
 * Elements are known by their local name, since prefixes vary.
 */
#ifndef TIDEMARK_FORMAT_OFFICE_ODF_PARTS_H
#define TIDEMARK_FORMAT_OFFICE_ODF_PARTS_H

#include "format/office/package.h"

struct odf_part {
	const char *media_type; /* as the manifest says, NULL if it does not */
	bool is_done;           /* read, or none of our business */
	bool is_encrypted;      /* the manifest says so */
};

struct odf {
	struct package package;
	struct odf_part *parts;    /* beside package.zip.at */
	bool is_package_encrypted; /* as one member (ODF 1.4 part 2, 3.5) */
	uint64_t rows;             /* of all sheets, from each one's first to its last */
	bool has_rows;
	size_t repeated; /* bytes of cells that were shown more than once */
};

/* ---- odf-flow.c ---- */

/** The text of a content.xml or styles.xml in reading order, spreadsheets as tables; then notes, comments and links. */
enum status odf_read_flow(struct odf *odf, size_t part) MUST_CHECK;

/* ---- odf-row.c ---- */

/* A row of a sheet: cells gather, since it may stand for many rows. */
struct odf_cell {
	unsigned column, count;
	size_t end; /* of its text in the row's */
};

struct odf_row {
	struct buffer text;
	struct odf_cell *cells;
	size_t count, capacity;
	unsigned column; /* that the next cell goes into */
};

struct table;
struct odf_row odf_row_empty(void);
void odf_row_free(struct odf_row *row);
/** The next count columns hold this text. */
enum status odf_row_add(struct odf_row *row, struct bytes text, unsigned count) MUST_CHECK;
/** As the records from first on; equal cells and rows beyond bounds no reader needs are shown fewer times. Empties it. */
enum status odf_row_write(struct odf_row *row, struct odf *odf, struct table *table, uint64_t first, uint64_t count) MUST_CHECK;

#endif
