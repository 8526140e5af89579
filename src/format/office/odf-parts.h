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

/* What of an office:document is read: a package has a file for each. */
enum odf_pass { ODF_PACKAGE, ODF_FLAT_META, ODF_FLAT_BODY, ODF_FLAT_STYLES };

/* A picture or a macro that stands in a flat file, while it goes out as a child. */
struct odf_inlay {
	unsigned since; /* depth of its element; 0: none is open */
	bool is_base64;
	uint32_t bits;
	unsigned bit_count;
	struct buffer name; /* of the frame or module that was met last */
};

struct odf {
	struct package package;
	enum odf_pass pass;
	struct odf_inlay inlay;
	bool is_seen_before;       /* what is at hand is read by two passes */
	struct odf_part *parts;    /* beside package.zip.at */
	bool is_package_encrypted; /* as one member (ODF 1.4 part 2, 3.5) */
	uint64_t rows;             /* of all sheets, from each one's first to its last */
	bool has_rows;
	size_t repeated; /* bytes of cells that were shown more than once */
};

/* ---- odf.c ---- */

/** The media type of that name as ours; NULL if it is none of OpenDocument's. */
const char *odf_find_kind(struct bytes type);
/** The properties in a meta.xml, or in the whole of a flat file. */
enum status odf_read_properties(struct odf *odf, size_t part) MUST_CHECK;

/* ---- odf-flat.c: the whole as one XML file (ODF 1.3 part 3, 3.1.2) ---- */

/** What format.h says of a bid, and of extracting. */
int odf_flat_bid(struct bytes head, struct source *source);
enum status odf_flat_extract(struct source *source, struct emitter *emitter) MUST_CHECK;
/** Whether the pass at hand reads a child of the root. */
bool odf_flat_reads(struct odf *odf, const char *section);
/** At the start of an element; from there on all text is the inlay's, while odf->inlay.since is set. */
enum status odf_flat_begin_inlay(struct odf *odf, const char *element, const char *const *attributes, unsigned depth) MUST_CHECK;
enum status odf_flat_put_inlay(struct odf *odf, struct bytes text) MUST_CHECK;
/** how: OK, or MALFORMED where the XML broke off in it. */
enum status odf_flat_end_inlay(struct odf *odf, enum status how) MUST_CHECK;

/* ---- odf-flow.c ---- */

/** The text of a content.xml or styles.xml, or what a pass reads of the whole of a flat file, in reading order, spreadsheets as tables; then notes, comments and links. */
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
