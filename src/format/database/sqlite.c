/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite databases: a part for each table, its rows as rows, and the schema's
 * words as the database's own text. We read the file itself and run nothing
 * of it: no view, trigger, default or virtual table can do anything here. The
 * tables behind a virtual table are ordinary ones and are read as such.
 */
#include "base/text.h"
#include "format/carve.h"
#include "format/database/sqlite-parts.h"
#include "format/table.h"

#include <inttypes.h>
#include <stdlib.h>

static int bid(struct bytes head, struct source *source);
static enum status extract(struct source *source, struct emitter *emitter);

const struct format format_sqlite = {
	.name = "sqlite",
	.version = 1,
	.media_type = "application/vnd.sqlite3",
	.bid = bid,
	.extract = extract,
};

enum {
	BID = 64, SCHEMA_MAX = 64 << 20, TABLES_MAX = 65536, CELL_MAX = 16 << 20, ROW_MAX = 64 << 20,
	/* Of a binary value: what is shown as digits, and what is looked at as a whole. */
	DIGITS_MAX = 32, WHOLE_MAX = 1 << 20, DOCUMENT_BID = 20,
};

static int bid(struct bytes head, struct source *source)
{
	(void)source;
	return head.len >= 100 && bytes_start_with(head, bytes_of("SQLite format 3", 16)) ? BID : 0;
}

/* ---- the schema ---- */

struct database {
	struct sqlite_file file;
	struct emitter *emitter;
	struct arena arena;
	struct sqlite_record record;
	struct buffer scratch;
	struct sqlite_table *tables;
	size_t table_count, table_capacity;
	struct bytes *virtuals;          /* names of virtual tables */
	size_t virtual_count, virtual_capacity;
	struct { struct bytes table; uint64_t rows; } *counts; /* as its last ANALYZE left them */
	size_t count_count, count_capacity;
	bool has_more;                   /* tables than are kept */
};

/* Makes room for one more of them. False: there is none. */
static bool grow(void **items, size_t count, size_t *capacity, size_t size, enum status *status)
{
	if (count < *capacity)
		return true;
	if (count >= TABLES_MAX)
		return false;
	size_t wanted = *capacity ? 2 * *capacity : 32;
	void *grown = realloc(*items, wanted * size);
	if (grown == NULL) {
		*status = STATUS_NO_MEMORY;
		return false;
	}
	*items = grown;
	*capacity = wanted;
	return true;
}

/* The next value as text in scratch; empty if it is none. False when the record breaks off. */
static bool read_text(struct database *database, const struct sqlite_value *value, struct sqlite_payload *payload,
                      struct bytes *ret_text, enum status *status)
{
	buffer_reset(&database->scratch);
	if (value->kind != SQLITE_TEXT) {
		*ret_text = BYTES_NONE;
		return sqlite_payload_skip(payload, value->length, status);
	}
	bool is_whole = sqlite_append_text(&database->scratch, value, WHOLE_MAX, payload, status);
	*ret_text = buffer_bytes(&database->scratch);
	return is_whole;
}

static void add_table(struct database *database, struct bytes name, struct bytes sql, int64_t root, enum status *status)
{
	if (!grow((void **)&database->tables, database->table_count, &database->table_capacity, sizeof *database->tables, status)) {
		database->has_more = true;
		return;
	}
	database->tables[database->table_count++] = (struct sqlite_table){
		.name = name, .sql = sql, .root = root > 0 && root <= UINT32_MAX ? (uint32_t)root : 0};
}

static bool is_virtual(struct bytes sql)
{
	return bytes_start_with_nocase(sql, BYTES_LITERAL("create virtual"));
}

/* Type, name, table, root page, words: what stands in page 1 (section 2.6). */
static enum status on_schema(void *context, struct sqlite_payload *payload, int64_t rowid)
{
	struct database *database = context;
	struct bytes texts[5] = {BYTES_NONE};
	enum status status = STATUS_OK;
	int64_t root = 0;
	(void)rowid;
	if (!sqlite_record_begin(&database->record, payload, &status)) {
		database->file.damaged += status == STATUS_OK && !payload->is_broken;
		return status;
	}
	for (size_t i = 0; i < database->record.count && i < 5; i++) {
		const struct sqlite_value *value = &database->record.values[i];
		struct bytes text = BYTES_NONE;
		if (value->kind == SQLITE_INTEGER && i == 3) {
			if (!sqlite_read_integer(value, payload, &root, &status))
				return status;
			continue;
		}
		if (!read_text(database, value, payload, &text, &status))
			break;
		texts[i] = arena_copy(&database->arena, text);
		if (text.len > 0 && texts[i].at == NULL)
			return STATUS_TOO_LARGE;
	}
	if (status == STATUS_OK && texts[4].len > 0) {
		status = emit_text(database->emitter, texts[4]);
		if (status == STATUS_OK)
			status = emit_line_end(database->emitter);
	}
	if (status != STATUS_OK || !bytes_equal_string(texts[0], "table"))
		return status;
	if (!is_virtual(texts[4]))
		add_table(database, texts[1], texts[4], root, &status);
	else if (grow((void **)&database->virtuals, database->virtual_count, &database->virtual_capacity, sizeof *database->virtuals,
	              &status))
		database->virtuals[database->virtual_count++] = texts[1];
	return status;
}

/* The inverted lists and the like that a virtual table keeps: NAME_data, NAME_segments; but NAME_content has what was put in. */
static bool is_shadow(const struct database *database, struct bytes name)
{
	for (size_t i = 0; i < database->virtual_count; i++) {
		struct bytes whose = database->virtuals[i], rest = bytes_from(name, whose.len);
		if (bytes_start_with_nocase(name, whose) && rest.len > 1 && rest.at[0] == '_' && !bytes_equal_string(rest, "_content"))
			return true;
	}
	return false;
}

/* Tables of SQLite's own: counts of rows, samples, the last rowid. */
static bool is_own(struct bytes name)
{
	return bytes_start_with_nocase(name, BYTES_LITERAL("sqlite_"));
}

/* sqlite_stat1: table, index, and a list that begins with the number of rows. */
static enum status on_count(void *context, struct sqlite_payload *payload, int64_t rowid)
{
	struct database *database = context;
	struct bytes texts[3] = {BYTES_NONE};
	enum status status = STATUS_OK;
	uint64_t rows;
	(void)rowid;
	if (!sqlite_record_begin(&database->record, payload, &status))
		return status;
	for (size_t i = 0; i < database->record.count && i < 3; i++) {
		struct bytes text;
		if (!read_text(database, &database->record.values[i], payload, &text, &status))
			return status;
		texts[i] = arena_copy(&database->arena, text);
	}
	size_t length = bytes_find_byte(texts[2], ' ');
	if (!bytes_parse_u64(bytes_slice(texts[2], 0, length), &rows) ||
	    !grow((void **)&database->counts, database->count_count, &database->count_capacity, sizeof *database->counts, &status))
		return status;
	database->counts[database->count_count].table = texts[0];
	database->counts[database->count_count++].rows = rows;
	return status;
}

static enum status read_counts(struct database *database)
{
	for (size_t i = 0; i < database->table_count; i++)
		if (bytes_equal_nocase(database->tables[i].name, BYTES_LITERAL("sqlite_stat1")))
			return sqlite_walk(&database->file, database->tables[i].root, false, on_count, database);
	return STATUS_OK;
}

/* ---- rows ---- */

struct cell { size_t start, len; };

struct reading {
	struct database *database;
	const struct sqlite_table *table;
	struct table out;
	struct buffer row;               /* the cells of one record, in the order of its fields */
	struct cell *cells;              /* by column */
	size_t column_count;             /* with those that no header names */
	size_t cell_capacity;
	struct buffer binary;            /* the value at hand */
	struct buffer carved;            /* strings of binary values, a line each */
	uint64_t rows, unseen;
	uint64_t binaries;               /* of which only strings were read */
};

/* The column that shows this field, or a new one where the schema names none. */
static size_t column_of_field(struct reading *reading, size_t field)
{
	for (size_t i = field < reading->table->column_count ? field : 0; i < reading->table->column_count; i++)
		if (reading->table->columns[i].field == field)
			return i;
	for (size_t i = 0; i < reading->table->column_count; i++)
		if (reading->table->columns[i].field == field)
			return i;
	return reading->table->column_count + field;
}

static bool has_room(struct reading *reading, size_t column, enum status *status)
{
	if (column < reading->cell_capacity)
		return true;
	size_t capacity = 2 * column + 16;
	struct cell *grown = realloc(reading->cells, capacity * sizeof *grown);
	if (grown == NULL) {
		*status = STATUS_NO_MEMORY;
		return false;
	}
	memset(grown + reading->cell_capacity, 0, (capacity - reading->cell_capacity) * sizeof *grown);
	reading->cells = grown;
	reading->cell_capacity = capacity;
	return true;
}

static void append_digits(struct buffer *into, struct bytes binary)
{
	for (size_t i = 0; i < binary.len; i++)
		buffer_append_format(into, "%02x", binary.at[i]);
}

static bool is_plain_text(struct bytes binary)
{
	return binary.len > 0 && bytes_find_byte(binary, 0) == BYTES_NOT_FOUND && text_is_valid(binary);
}

/* ROW/COLUMN below the table. */
static enum status begin_document(struct reading *reading, size_t column, uint64_t size)
{
	struct buffer name = buffer_with_ceiling(8192);
	buffer_append_format(&name, "%" PRIu64 "/", reading->rows + 1);
	if (column < reading->table->column_count)
		text_append_repaired(&name, bytes_slice(reading->table->columns[column].name, 0, 1000));
	else
		buffer_append_format(&name, "%zu", column - reading->table->column_count + 1);
	enum status status = buffer_status(&name);
	if (status == STATUS_OK)
		status = emit_child_begin(reading->database->emitter, &(struct child){
			.name = buffer_bytes(&name), .modified = CLOCK_UNKNOWN, .expected_size = size});
	buffer_free(&name);
	return status;
}

/* A document in a cell: what was read of it already, and what is left of it. */
static enum status emit_document(struct reading *reading, size_t column, struct bytes begun, uint64_t left,
                                 struct sqlite_payload *payload)
{
	struct emitter *emitter = reading->database->emitter;
	enum status status = begin_document(reading, column, begun.len + left);
	if (status == STATUS_OK)
		status = emit_child_bytes(emitter, begun);
	while (status == STATUS_OK && left > 0) {
		struct bytes part = sqlite_payload_view(payload, left < WHOLE_MAX ? (size_t)left : WHOLE_MAX, &status);
		if (part.len == 0)
			break;
		left -= part.len;
		status = emit_child_bytes(emitter, part);
	}
	return status == STATUS_OK ? emit_child_end(emitter, left == 0 ? STATUS_OK : STATUS_MALFORMED) : status;
}

static void pass_over(struct reading *reading, struct bytes binary, uint64_t length)
{
	reading->unseen += length;
	if (reading->table->is_shadow)
		return;
	reading->binaries++;
	carve_append(&reading->carved, binary);
}

/* A value that is no text by its type: text all the same, a few bytes, a document, or something that only has strings. */
static bool read_binary(struct reading *reading, const struct sqlite_value *value, size_t column,
                        struct sqlite_payload *payload, enum status *status)
{
	struct buffer *binary = &reading->binary;
	size_t begun = value->length < WHOLE_MAX ? (size_t)value->length : FORMAT_HEAD_SIZE;
	buffer_reset(binary);
	unsigned char *at = begun > 0 ? buffer_extend(binary, begun) : NULL;
	if (begun > 0 && at == NULL) {
		*status = buffer_status(binary);
		return false;
	}
	if (begun == 0 || !sqlite_payload_read(payload, at, begun, status))
		return begun == 0;
	bool is_whole = begun == value->length;
	struct bytes bytes = buffer_bytes(binary);
	if (is_whole && is_plain_text(bytes)) {
		buffer_append(&reading->row, bytes);
	} else if (is_whole && begun <= DIGITS_MAX) {
		append_digits(&reading->row, bytes);
	} else if (!reading->table->is_shadow && format_highest_bid(bytes) >= DOCUMENT_BID) {
		*status = emit_document(reading, column, bytes, value->length - begun, payload);
	} else {
		pass_over(reading, bytes, value->length);
		return sqlite_payload_skip(payload, value->length - begun, status);
	}
	return *status == STATUS_OK && !payload->is_broken;
}

static bool read_value(struct reading *reading, const struct sqlite_value *value, size_t column,
                       struct sqlite_payload *payload, enum status *status)
{
	struct cell *cell = &reading->cells[column];
	bool is_whole = true;
	size_t room = ROW_MAX - reading->row.len;
	*cell = (struct cell){reading->row.len, 0};
	switch (value->kind) {
	case SQLITE_NULL:
		break;
	case SQLITE_INTEGER:
	case SQLITE_REAL:
		is_whole = sqlite_append_number(&reading->row, value, payload, status);
		break;
	case SQLITE_TEXT:
		room = room < CELL_MAX ? room : CELL_MAX;
		if (value->length > room)
			reading->unseen += value->length - room;
		is_whole = sqlite_append_text(&reading->row, value, room, payload, status);
		break;
	case SQLITE_BLOB:
		is_whole = read_binary(reading, value, column, payload, status);
		break;
	}
	cell->len = reading->row.len - cell->start;
	return is_whole;
}

static struct bytes text_of_column(const struct reading *reading, size_t column, struct bytes rowid)
{
	const struct sqlite_table *table = reading->table;
	struct cell cell = column < reading->cell_capacity ? reading->cells[column] : (struct cell){0, 0};
	if (column < table->column_count) {
		if (table->columns[column].is_rowid)
			return rowid;
		if (table->columns[column].field != SQLITE_NO_FIELD && table->columns[column].field >= reading->database->record.count)
			return table->columns[column].missing;
	}
	return bytes_slice(buffer_bytes(&reading->row), cell.start, cell.len);
}

static enum status put_row(struct reading *reading, int64_t rowid)
{
	struct buffer number = buffer_with_ceiling(32);
	buffer_append_format(&number, "%" PRId64, rowid);
	size_t count = reading->table->column_count;
	if (reading->column_count > count)
		count = reading->column_count;
	for (size_t i = 0; i < count; i++)
		table_put(&reading->out, text_of_column(reading, i, buffer_bytes(&number)));
	buffer_free(&number);
	reading->rows++;
	return table_end_record(&reading->out);
}

static enum status on_row(void *context, struct sqlite_payload *payload, int64_t rowid)
{
	struct reading *reading = context;
	struct sqlite_record *record = &reading->database->record;
	enum status status = STATUS_OK;
	buffer_reset(&reading->row);
	if (reading->cell_capacity > 0)
		memset(reading->cells, 0, reading->cell_capacity * sizeof *reading->cells);
	reading->column_count = 0;
	if (!sqlite_record_begin(record, payload, &status)) {
		reading->database->file.damaged += status == STATUS_OK && !payload->is_broken;
		return status;
	}
	for (size_t field = 0; field < record->count && status == STATUS_OK; field++) {
		size_t column = column_of_field(reading, field);
		if (!has_room(reading, column, &status))
			break;
		if (column >= reading->column_count)
			reading->column_count = column + 1;
		/* What broke off is put as far as it came: the chain counts as damaged. */
		if (!read_value(reading, &record->values[field], column, payload, &status))
			break;
	}
	if (status == STATUS_OK)
		status = buffer_status(&reading->row);
	return status == STATUS_OK ? put_row(reading, rowid) : status;
}

/* ---- tables ---- */

static enum status put_header(struct reading *reading)
{
	for (size_t i = 0; i < reading->table->column_count; i++)
		table_put(&reading->out, reading->table->columns[i].name);
	return table_end_record(&reading->out);
}

static uint64_t rows_of_catalog(const struct database *database, struct bytes table)
{
	uint64_t rows = EMIT_ROWS_UNKNOWN;
	for (size_t i = 0; i < database->count_count; i++)
		if (bytes_equal_nocase(database->counts[i].table, table) && (rows == EMIT_ROWS_UNKNOWN || database->counts[i].rows > rows))
			rows = database->counts[i].rows; /* an index that leaves rows out has fewer */
	return rows;
}

static enum status emit_strings(struct reading *reading)
{
	struct emitter *emitter = reading->database->emitter;
	if (reading->unseen > 0)
		emit_unseen(emitter, reading->unseen);
	if (reading->binaries > 0)
		emit_note(emitter, "%" PRIu64 " binary values: strings only", reading->binaries);
	return reading->carved.len > 0 ? emit_carved(emitter, buffer_bytes(&reading->carved)) : STATUS_OK;
}

/* What became of a walk: OK, TRUNCATED or MALFORMED, noted. */
static enum status judge_walk(struct database *database)
{
	struct sqlite_file *file = &database->file;
	if (file->missing > 0 && file->damaged == 0) {
		emit_note(database->emitter, "%" PRIu64 " pages lie behind the end of the file: their rows are missing", file->missing);
		return STATUS_TRUNCATED;
	}
	if (file->damaged > 0) {
		emit_note(database->emitter, "damaged in %" PRIu64 " places: the rows that were there are missing",
		          file->damaged + file->missing);
		return STATUS_MALFORMED;
	}
	return STATUS_OK;
}

static void begin_walk(struct sqlite_file *file)
{
	file->pages = file->damaged = file->missing = 0;
}

static enum status read_rows(struct reading *reading, bool *ret_is_understood)
{
	struct database *database = reading->database;
	struct sqlite_table *table = (struct sqlite_table *)(uintptr_t)reading->table;
	*ret_is_understood = sqlite_read_columns(table, &database->arena);
	table->is_shadow = is_shadow(database, table->name);
	enum status status = table_begin(&reading->out, *ret_is_understood);
	if (status == STATUS_OK && *ret_is_understood)
		status = put_header(reading);
	if (status == STATUS_OK)
		status = sqlite_walk(&database->file, table->root, table->is_index, on_row, reading);
	return status == STATUS_OK ? table_end(&reading->out) : status;
}

/* Reads a table into its part. *ret_how: what became of it. */
static enum status read_table(struct database *database, struct sqlite_table *table, enum status *ret_how)
{
	struct reading reading = {
		.database = database, .table = table, .out = table_over(database->emitter),
		.row = buffer_with_ceiling(ROW_MAX + CELL_MAX), .binary = buffer_with_ceiling(WHOLE_MAX),
		.carved = buffer_with_ceiling(CARVE_TEXT_MAX),
	};
	bool is_understood = false;
	begin_walk(&database->file);
	enum status status = read_rows(&reading, &is_understood);
	if (status == STATUS_OK)
		status = emit_strings(&reading);
	if (status == STATUS_OK) {
		if (!is_understood)
			emit_note(database->emitter, "the names of its columns could not be read");
		emit_rows(database->emitter, reading.rows, rows_of_catalog(database, table->name));
		*ret_how = judge_walk(database);
	}
	table_free(&reading.out);
	buffer_free(&reading.row);
	buffer_free(&reading.binary);
	buffer_free(&reading.carved);
	free(reading.cells);
	return status;
}

static enum status read_part(struct database *database, struct sqlite_table *table, enum status *ret_how)
{
	struct buffer name = buffer_with_ceiling(8192);
	bool is_wanted = false;
	buffer_append_string(&name, "table/");
	buffer_append(&name, bytes_slice(table->name, 0, 4000));
	enum status status = buffer_status(&name);
	if (status == STATUS_OK)
		status = emit_part_begin(database->emitter, &(struct part){
			.name = buffer_bytes(&name), .media_type = "text/tab-separated-values"}, &is_wanted);
	buffer_free(&name);
	*ret_how = STATUS_OK;
	if (status != STATUS_OK || !is_wanted)
		return status;
	status = read_table(database, table, ret_how);
	return status == STATUS_OK ? emit_part_end(database->emitter, database->file.pages * database->file.page_size, *ret_how) : status;
}

/* A database is as its worst table is: what was read of it is in its parts. */
static enum status worse(enum status a, enum status b)
{
	return a == STATUS_MALFORMED || b == STATUS_OK ? a : b;
}

static enum status read_tables(struct database *database, enum status *how)
{
	enum status status = STATUS_OK;
	uint64_t harmed = 0;
	for (size_t i = 0; i < database->table_count && status == STATUS_OK; i++) {
		enum status table_how;
		if (is_own(database->tables[i].name))
			continue;
		status = read_part(database, &database->tables[i], &table_how);
		*how = worse(*how, table_how);
		harmed += table_how != STATUS_OK;
	}
	if (status == STATUS_OK && harmed > 0)
		emit_note(database->emitter, "%" PRIu64 " of its tables could not be read whole", harmed);
	return status;
}

/* What the file has beside its tables. */
static void note_rest(struct database *database)
{
	struct sqlite_file *file = &database->file;
	if (database->has_more)
		emit_note(database->emitter, "more than %d tables: the rest were not read", TABLES_MAX);
	else if (file->has_log)
		emit_note(database->emitter, "changes that stood in a write-ahead log beside it were not read");
	else if (file->free_count > 0 && file->free_count < file->page_count)
		emit_note(database->emitter, "%" PRIu32 " free pages were not read", file->free_count);
}

static enum status read_database(struct database *database)
{
	begin_walk(&database->file);
	enum status status = sqlite_walk(&database->file, 1, false, on_schema, database);
	if (status != STATUS_OK)
		return status;
	enum status how = judge_walk(database);
	begin_walk(&database->file);
	status = read_counts(database);
	if (status == STATUS_OK)
		status = read_tables(database, &how);
	if (status != STATUS_OK)
		return status;
	note_rest(database);
	if (how == STATUS_OK && database->has_more)
		how = STATUS_TOO_LARGE;
	return how;
}

static enum status extract(struct source *source, struct emitter *emitter)
{
	struct database database = {
		.emitter = emitter, .arena = arena_with_ceiling(SCHEMA_MAX), .scratch = buffer_with_ceiling(2 * WHOLE_MAX)};
	enum status status = sqlite_open(&database.file, source, emitter);
	if (status == STATUS_MALFORMED || status == STATUS_TRUNCATED)
		emit_note(emitter, "the header of this SQLite database makes no sense");
	if (status == STATUS_OK)
		status = read_database(&database);
	sqlite_close(&database.file);
	sqlite_record_free(&database.record);
	buffer_free(&database.scratch);
	arena_free(&database.arena);
	free(database.tables);
	free(database.virtuals);
	free(database.counts);
	return status;
}
