/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite databases: a part for each table, its rows as rows, and the schema's
 * words as the database's own text. We read the file itself and run nothing
 * of it: no view, trigger, default or virtual table can do anything here. The
 * tables behind a virtual table are ordinary ones and are read as such.
 */
#include "format/database/sqlite-parts.h"

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

#define ROWS_UNKNOWN UINT64_MAX

enum {
	BID = 64,
	SCHEMA_MAX = 64 << 20,
	TABLES_MAX = 65536,
	WORDS_MAX = 1 << 20,
};

static int bid(struct bytes head, struct source *source)
{
	(void)source;
	return head.len >= 100 && bytes_start_with(head, bytes_of("SQLite format 3", 16)) ? BID : 0;
}

/* ---- the schema ---- */

struct database_file {
	struct sqlite_file file;
	struct emitter *emitter;
	struct arena arena;
	struct sqlite_record record;
	struct buffer scratch;
	struct sqlite_table *tables;
	size_t table_count, table_capacity;
	struct bytes *virtuals; /* names of virtual tables */
	size_t virtual_count, virtual_capacity;
	struct {
		struct bytes table;
		uint64_t rows;
	} * counts; /* as its last ANALYZE left them */
	size_t count_count, count_capacity;
	bool has_more; /* tables than are kept */
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
static bool read_text(struct database_file *database, const struct sqlite_value *value, struct sqlite_payload *payload,
                      struct bytes *ret_text, enum status *status)
{
	buffer_reset(&database->scratch);
	if (value->kind != SQLITE_TEXT) {
		*ret_text = BYTES_NONE;
		return sqlite_payload_skip(payload, value->length, status);
	}
	bool is_whole = sqlite_append_text(&database->scratch, value, WORDS_MAX, payload, status);
	*ret_text = buffer_bytes(&database->scratch);
	return is_whole;
}

static void add_table(struct database_file *database, struct bytes name, struct bytes sql, int64_t root, enum status *status)
{
	if (!grow((void **)&database->tables, database->table_count, &database->table_capacity, sizeof *database->tables,
	          status)) {
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
	struct database_file *database = context;
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
	else if (grow((void **)&database->virtuals, database->virtual_count, &database->virtual_capacity,
	              sizeof *database->virtuals, &status))
		database->virtuals[database->virtual_count++] = texts[1];
	return status;
}

/* The inverted lists and the like that a virtual table keeps: NAME_data, NAME_segments; but NAME_content has what was put in. */
static bool is_shadow(const struct database_file *database, struct bytes name)
{
	for (size_t i = 0; i < database->virtual_count; i++) {
		struct bytes whose = database->virtuals[i], rest = bytes_from(name, whose.len);
		if (bytes_start_with_nocase(name, whose) && rest.len > 1 && rest.at[0] == '_' &&
		    !bytes_equal_string(rest, "_content"))
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
	struct database_file *database = context;
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
	    !grow((void **)&database->counts, database->count_count, &database->count_capacity, sizeof *database->counts,
	          &status))
		return status;
	database->counts[database->count_count].table = texts[0];
	database->counts[database->count_count++].rows = rows;
	return status;
}

static enum status read_counts(struct database_file *database)
{
	for (size_t i = 0; i < database->table_count; i++)
		if (bytes_equal_nocase(database->tables[i].name, BYTES_LITERAL("sqlite_stat1")))
			return sqlite_walk(&database->file, database->tables[i].root, false, on_count, database);
	return STATUS_OK;
}

/* ---- tables ---- */

static uint64_t rows_of_catalog(const struct database_file *database, struct bytes table)
{
	uint64_t rows = ROWS_UNKNOWN;
	for (size_t i = 0; i < database->count_count; i++)
		if (bytes_equal_nocase(database->counts[i].table, table) &&
		    (rows == ROWS_UNKNOWN || database->counts[i].rows > rows))
			rows = database->counts[i].rows; /* an index that leaves rows out has fewer */
	return rows;
}

static enum status emit_row_counts(struct database_file *database, uint64_t rows, uint64_t rows_of_catalog)
{
	enum status status = STATUS_OK;
	if (rows_of_catalog != ROWS_UNKNOWN)
		status = emit_count(database->emitter, FACT_DECLARED, "rows", rows_of_catalog);
	return status == STATUS_OK ? emit_count(database->emitter, FACT_SEEN, "rows", rows) : status;
}

/* Reads a table into its part. *ret_how: what became of it. */
static enum status read_table(struct database_file *database, struct sqlite_table *table, enum status *ret_how)
{
	bool is_understood = sqlite_read_columns(table, &database->arena);
	table->is_shadow = is_shadow(database, table->name);
	struct sqlite_rows rows = sqlite_rows_of(&database->file, table);
	sqlite_begin_walk(&database->file);
	enum status status = sqlite_rows_begin(&rows);
	if (status == STATUS_OK)
		status = sqlite_walk(&database->file, table->root, table->is_index, sqlite_rows_found, &rows);
	if (status == STATUS_OK)
		status = sqlite_rows_end(&rows);
	if (status == STATUS_OK) {
		if (!is_understood)
			emit_note(database->emitter, "the names of its columns could not be read");
		status = emit_row_counts(database, rows.rows, rows_of_catalog(database, table->name));
		*ret_how = sqlite_judge_walk(&database->file);
	}
	sqlite_rows_free(&rows);
	return status;
}

static enum status read_part(struct database_file *database, struct sqlite_table *table, enum status *ret_how)
{
	struct buffer name = buffer_with_ceiling(8192);
	bool is_wanted = false;
	buffer_append_string(&name, "table/");
	buffer_append(&name, bytes_slice(table->name, 0, 4000));
	enum status status = buffer_status(&name);
	if (status == STATUS_OK)
		status = emit_part_begin(database->emitter,
		                         &(struct part){.name = buffer_bytes(&name), .media_type = "text/tab-separated-values"},
		                         &is_wanted);
	buffer_free(&name);
	*ret_how = STATUS_OK;
	if (status != STATUS_OK || !is_wanted)
		return status;
	status = read_table(database, table, ret_how);
	return status == STATUS_OK ? emit_part_end(database->emitter, database->file.pages * database->file.page_size, *ret_how)
	                           : status;
}

/* A database is as its worst table is: what was read of it is in its parts. */
static enum status worse(enum status a, enum status b)
{
	return a == STATUS_MALFORMED || b == STATUS_OK ? a : b;
}

static enum status read_tables(struct database_file *database, enum status *how)
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
static void note_rest(struct database_file *database)
{
	struct sqlite_file *file = &database->file;
	if (database->has_more)
		emit_note(database->emitter, "more than %d tables: the rest were not read", TABLES_MAX);
	else if (file->has_log)
		emit_note(database->emitter,
		          "in a write-ahead log beside it (NAME-wal) later changes may stand: that is a document of its own");
	else if (file->free_count > 0 && file->free_count < file->page_count)
		emit_note(database->emitter, "%" PRIu32 " free pages were not read", file->free_count);
}

static enum status read_database(struct database_file *database)
{
	sqlite_begin_walk(&database->file);
	enum status status = sqlite_walk(&database->file, 1, false, on_schema, database);
	if (status != STATUS_OK)
		return status;
	enum status how = sqlite_judge_walk(&database->file);
	sqlite_begin_walk(&database->file);
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
	struct database_file database = {
		.emitter = emitter, .arena = arena_with_ceiling(SCHEMA_MAX), .scratch = buffer_with_ceiling(2 * WORDS_MAX)};
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
