/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A value of a column or field, still typed: a size is exact in CSV and
 * readable in a table. Rendering escapes for terminals and guards for
 * spreadsheets; commands never do.
 */
#ifndef TIDEMARK_CLI_CELL_H
#define TIDEMARK_CLI_CELL_H

#include "base/buffer.h"
#include "base/clock.h"

enum cell_kind {
	CELL_NONE, /* nothing known: - in a table, empty in CSV */
	CELL_TEXT, /* hostile bytes are welcome */
	CELL_UNSIGNED,
	CELL_SIZE,
	CELL_REAL,
	CELL_TIME,
	CELL_BOOLEAN /* yes, no; true, false in CSV */
};

enum tone { TONE_PLAIN, TONE_STRONG, TONE_DIM, TONE_GOOD, TONE_DOUBT, TONE_BAD };

struct cell {
	enum cell_kind kind;
	enum tone tone;
	struct bytes text; /* borrowed until the call it is passed to returns */
	uint64_t number;   /* unsigned, size, boolean */
	double real;
	int64_t time;
};

#define CELL_EMPTY ((struct cell){.kind = CELL_NONE})

static inline struct cell cell_text(struct bytes text)
{
	return (struct cell){.kind = text.len > 0 ? CELL_TEXT : CELL_NONE, .text = text};
}

/** NULL and "" are cells of nothing. */
static inline struct cell cell_string(const char *text)
{
	return cell_text(bytes_of_string(text));
}

static inline struct cell cell_unsigned(uint64_t number)
{
	return (struct cell){.kind = CELL_UNSIGNED, .number = number};
}

/** UINT64_MAX is unknown. */
static inline struct cell cell_size(uint64_t bytes)
{
	return (struct cell){.kind = bytes == UINT64_MAX ? CELL_NONE : CELL_SIZE, .number = bytes};
}

static inline struct cell cell_real(double real)
{
	return (struct cell){.kind = CELL_REAL, .real = real};
}

static inline struct cell cell_time(int64_t seconds)
{
	return (struct cell){.kind = seconds == CLOCK_UNKNOWN ? CELL_NONE : CELL_TIME, .time = seconds};
}

static inline struct cell cell_boolean(bool value)
{
	return (struct cell){.kind = CELL_BOOLEAN, .number = value};
}

static inline struct cell cell_toned(struct cell cell, enum tone tone)
{
	cell.tone = tone;
	return cell;
}

#define COLUMN_MAX 32

enum column_align { COLUMN_LEFT, COLUMN_RIGHT };

/* Rank: who goes first where a terminal is narrow. */
enum { COLUMN_KEPT = 0, COLUMN_CSV_ONLY = 255 };

struct column {
	const char *name;  /* CSV header, snake_case */
	const char *title; /* table heading; NULL: name in capitals */
	enum column_align align;
	unsigned char rank;  /* COLUMN_KEPT: always shown; the higher, the sooner left out */
	bool may_shrink;     /* long text: cut with an ellipsis on a terminal where it must be */
	unsigned char least; /* columns it keeps then; 0: ten */
	bool keeps_end;      /* when cut, its end stays: paths */
	bool is_below;       /* where a terminal is narrow, it stands in a line of its own kind below its row */
	bool is_marked;      /* what the list's marker finds in it is made to stand out, where there is colour */
};

/* Within a text, in bytes. */
struct mark {
	size_t from, to;
};

enum { MARKS_MAX = 16 };

/* What was asked for, to be found again in what is shown. */
struct marker {
	/** How many; in order, none within another. */
	size_t (*find)(const void *context, struct bytes shown, struct mark marks[MARKS_MAX]);
	const void *context;
};

/** For a terminal: escaped, human sizes, date and minute. */
void cell_append_for_eyes(const struct cell *cell, struct buffer *into);
/** For CSV: exact, quoted where needed (RFC 4180); text that a spreadsheet takes for a formula gets an apostrophe:
 *  what begins with = + - @ (wide forms too), behind blanks as well, or with a tab or line end. In a pipe it is data
 *  and whole; on a terminal it is escaped as in tables. */
void cell_append_for_csv(const struct cell *cell, bool is_terminal, struct buffer *into);

/** "1.4 GiB", "512 B"; a sum that is at least so much (sum.h) behind a sign that says so. */
void cell_append_human_size(struct buffer *into, uint64_t bytes);

#endif
