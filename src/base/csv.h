/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of our own person's, as RFC 4180 has them: records of fields, parted by
 * commas, ended by CRLF or LF; a field in quotation marks may hold both and
 * marks, doubled. Strict, so that no row is read as another than was meant:
 * what is off is told with its line. A byte order mark is passed over.
 */
#ifndef TIDEMARK_BASE_CSV_H
#define TIDEMARK_BASE_CSV_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/status.h"

#define CSV_FIELDS_MAX 64

struct csv_record {
	size_t line; /* where it begins, from 1 */
	struct bytes fields[CSV_FIELDS_MAX];
	size_t count;
};

struct csv_reader {
	struct bytes rest;
	size_t line;
	struct arena *arena; /* of fields that had marks doubled */
};

/** USAGE, with the line, for what is no UTF-8 or holds a NUL. The text is borrowed. */
enum status csv_start(struct csv_reader *reader, struct bytes text, struct arena *arena, struct failure *reterr) MUST_CHECK;
/** The next record; lines without anything are passed over. END behind the last one. USAGE, with the line, for what is off. */
enum status csv_next(struct csv_reader *reader, struct csv_record *ret_record, struct failure *reterr) MUST_CHECK;

#endif
