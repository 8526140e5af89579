/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An SQLite database as a file (sqlite.org/fileformat2.html): pages, B-trees,
 * records, and what a CREATE TABLE says of its columns. Nothing in it is ever
 * executed: there is no SQL here. Every page is taken once at most, whoever
 * points to it and how often, so the cost is in proportion to the file.
 */
#ifndef TIDEMARK_FORMAT_DATABASE_SQLITE_PARTS_H
#define TIDEMARK_FORMAT_DATABASE_SQLITE_PARTS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/hash.h"
#include "format/format.h"
#include "format/table.h"

/* ---- sqlite-pages.c: the file, its pages, its trees ---- */

enum { SQLITE_PAGE_MAX = 65536, SQLITE_DEPTH_MAX = 40 };

enum sqlite_text { SQLITE_UTF8 = 1, SQLITE_UTF16_LITTLE = 2, SQLITE_UTF16_BIG = 3 };

struct sqlite_page {
	struct bytes at;
	unsigned char *copy;
};

struct sqlite_file {
	struct source *source;
	struct emitter *emitter;
	uint32_t page_size, usable; /* bytes; usable without what is reserved at the end */
	uint32_t page_count;        /* that lie in the file, the last of them perhaps cut */
	uint32_t free_count;        /* pages, as the header says */
	enum sqlite_text text;
	bool has_log;             /* changes go to a log beside it */
	struct hash_table frames; /* of a log: by page its last frame, from 1; pages are frames then */
	bool is_log;
	unsigned char *taken; /* a bit per page */
	struct sqlite_page levels[SQLITE_DEPTH_MAX], overflow;
	/* since the walk began: */
	uint64_t pages;   /* taken */
	uint64_t damaged; /* places that made no sense: pages, cells, chains */
	uint64_t missing; /* pages that lie behind the end of the file */
};

/** Reads the header. MALFORMED where it makes no sense. */
enum status sqlite_open(struct sqlite_file *file, struct source *source, struct emitter *emitter) MUST_CHECK;
/** A write-ahead log (section 4): the pages that its commits changed, as the last commit left them. page_count: its sound frames. */
enum status sqlite_open_log(struct sqlite_file *file, struct source *source, struct emitter *emitter) MUST_CHECK;
/** Which page the nth frame of a log holds, from 1; 0 where a later one replaces it. type: the page's first byte. */
enum status sqlite_log_page(struct sqlite_file *file, uint32_t frame, uint32_t *ret_page, unsigned char *ret_type) MUST_CHECK;
uint64_t sqlite_log_size(const struct sqlite_file *file);
void sqlite_close(struct sqlite_file *file);

/* The payload of one cell, read from its beginning on. */
struct sqlite_payload {
	struct sqlite_file *file;
	struct bytes here; /* what is left of it in the page at hand */
	uint32_t next;     /* the page it goes on in; 0: none */
	uint64_t left;     /* bytes, those here included */
	bool is_broken;
};

/** The next length bytes; false where they are not there, and from then on always. Statuses of the source go to *status. */
bool sqlite_payload_read(struct sqlite_payload *payload, void *into, size_t length, enum status *status);
/** The next bytes that lie together, at most length, good until the next read of anything; empty: broken. */
struct bytes sqlite_payload_view(struct sqlite_payload *payload, size_t length, enum status *status);
bool sqlite_payload_skip(struct sqlite_payload *payload, uint64_t length, enum status *status);

/** One record; row is of a table with rowids alone. */
typedef enum status sqlite_record_found(void *context, struct sqlite_payload *payload, int64_t rowid);

/** All records of a tree, in order. What is damaged is counted and passed over. is_index: of a table WITHOUT ROWID. OK, or
 *  what the callback, the source or the emitter returned. */
enum status sqlite_walk(struct sqlite_file *file, uint32_t root, bool is_index, sqlite_record_found *found,
                        void *context) MUST_CHECK;

/** Forgets what earlier walks met. */
void sqlite_begin_walk(struct sqlite_file *file);
/** What became of the walks since then: OK, TRUNCATED or MALFORMED, noted. */
enum status sqlite_judge_walk(const struct sqlite_file *file) MUST_CHECK;

/* ---- sqlite-record.c: the values of a record ---- */

enum { SQLITE_FIELDS_MAX = 32767 };
enum sqlite_kind { SQLITE_NULL, SQLITE_INTEGER, SQLITE_REAL, SQLITE_TEXT, SQLITE_BLOB };

struct sqlite_value {
	enum sqlite_kind kind;
	uint64_t length;      /* bytes of the body */
	unsigned char serial; /* of a number: its serial type */
};

struct sqlite_record {
	struct sqlite_value *values;
	size_t count, capacity;
};

/** Reads a record's header: its values' bodies follow, in their order. False where it makes no sense. */
bool sqlite_record_begin(struct sqlite_record *record, struct sqlite_payload *payload, enum status *status);
void sqlite_record_free(struct sqlite_record *record);
/** Appends a number as it is written. */
bool sqlite_append_number(struct buffer *into, const struct sqlite_value *value, struct sqlite_payload *payload,
                          enum status *status);
bool sqlite_read_integer(const struct sqlite_value *value, struct sqlite_payload *payload, int64_t *ret_integer,
                         enum status *status);
/** Appends a text's first bytes, at most limit of them, as UTF-8 (which it may be invalid); the rest is passed over. */
bool sqlite_append_text(struct buffer *into, const struct sqlite_value *value, size_t limit, struct sqlite_payload *payload,
                        enum status *status);

/* ---- sqlite-schema.c: what a CREATE TABLE says ---- */

struct sqlite_column {
	struct bytes name;
	struct bytes missing; /* what records made before it was added mean: a literal as text; may be empty */
	uint32_t field;       /* of the record; SQLITE_NO_FIELD: computed, stored nowhere */
	bool is_rowid;        /* stands for the rowid: its field is NULL */
};
#define SQLITE_NO_FIELD UINT32_MAX

struct sqlite_table {
	struct bytes name;
	struct bytes sql;
	uint32_t root;
	bool is_index;  /* WITHOUT ROWID: a tree of index pages, the key's columns first */
	bool is_shadow; /* the machinery of a virtual table */
	struct sqlite_column *columns;
	size_t column_count;
};

/** Learns a table's columns from its sql, in the arena. False where it is not understood: then it has none. */
bool sqlite_read_columns(struct sqlite_table *table, struct arena *arena);

/* ---- sqlite-rows.c: records as rows ---- */

struct sqlite_cell {
	size_t start, len;
};

struct sqlite_rows {
	struct sqlite_file *file;
	struct emitter *emitter;
	const struct sqlite_table *table;
	struct table out;
	struct sqlite_record record;
	struct buffer row;         /* the cells of one record, in the order of its fields */
	struct sqlite_cell *cells; /* by column */
	size_t column_count;       /* with those that no header names */
	size_t cell_capacity;
	struct buffer binary; /* the value at hand */
	struct buffer carved; /* strings of binary values, a line each */
	uint64_t rows, unseen;
	uint64_t binaries; /* of which only strings were read */
};

/** table outlives it. */
struct sqlite_rows sqlite_rows_of(struct sqlite_file *file, const struct sqlite_table *table);
void sqlite_rows_free(struct sqlite_rows *rows);
/** The table begins, with a header if its columns have names. */
enum status sqlite_rows_begin(struct sqlite_rows *rows) MUST_CHECK;
/** A row: for sqlite_walk, its context a struct sqlite_rows. */
enum status sqlite_rows_found(void *context, struct sqlite_payload *payload, int64_t rowid);
/** The table ends; what was not read of it is told. */
enum status sqlite_rows_end(struct sqlite_rows *rows) MUST_CHECK;

#endif
