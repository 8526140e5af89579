/* SPDX-License-Identifier: Apache-2.0 */
/* A register is put as a whole; rows are numbered as they stand in the file. */
#include "catalog/sqlite/register.h"

#include "base/arena.h"
#include "catalog/sqlite/turning.h"

enum { ROW_MEMORY_MAX = 64 << 20 };

/* ---- putting ---- */

static enum status put_domains(struct database *database, const struct register_row *row, size_t number)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < row->domain_count && status == STATUS_OK; i++) {
		sqlite3_stmt *insert = database_take(database,
		                                     "INSERT INTO register_domain (domain, registered, nth) VALUES (?1, ?2, ?3)");
		bind_text(insert, 1, row->domains[i]);
		bind_unsigned(insert, 2, number);
		bind_unsigned(insert, 3, i);
		status = database_run(database, insert);
	}
	return status;
}

static enum status put_terms(struct database *database, const struct register_row *row, size_t number)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < row->term_count && status == STATUS_OK; i++) {
		sqlite3_stmt *insert = database_take(
			database, "INSERT INTO register_term (registered, nth, kind, text) VALUES (?1, ?2, ?3, ?4)");
		bind_unsigned(insert, 1, number);
		bind_unsigned(insert, 2, i);
		bind_integer(insert, 3, row->terms[i].kind);
		bind_text(insert, 4, row->terms[i].text);
		status = database_run(database, insert);
	}
	return status;
}

static enum status put_row(struct database *database, const struct register_row *row, size_t number)
{
	sqlite3_stmt *insert = database_take(database,
	                                     "INSERT INTO register (number, domain, name, relationship, sector, country, contact)"
	                                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
	bind_unsigned(insert, 1, number);
	bind_text(insert, 2, row->domains[0]);
	bind_text_or_null(insert, 3, row->name);
	bind_integer(insert, 4, row->relationship);
	bind_text_or_null(insert, 5, row->sector);
	bind_text_or_null(insert, 6, row->country);
	bind_text_or_null(insert, 7, row->contact);
	enum status status = database_run(database, insert);
	if (status == STATUS_OK)
		status = put_domains(database, row, number);
	return status == STATUS_OK ? put_terms(database, row, number) : status;
}

static enum status put_state(struct database *database, const struct register_state *state)
{
	sqlite3_stmt *insert = database_take(database, "INSERT INTO register_import (imported, sha256) VALUES (?1, ?2)");
	bind_integer(insert, 1, state->imported);
	bind_blob(insert, 2, bytes_of(state->sha256, sizeof state->sha256));
	return database_run(database, insert);
}

enum status register_put(struct store *store, const struct register_state *state, const struct register_row *rows, size_t count,
                         uint64_t turn, struct failure *reterr)
{
	struct database *database = &store->database;
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = database_execute(database,
		                          "DELETE FROM register; DELETE FROM register_domain; DELETE FROM register_term;"
		                          " DELETE FROM register_import");
	if (status == STATUS_OK)
		status = put_state(database, state);
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = put_row(database, &rows[i], i + 1);
	if (status == STATUS_OK)
		status = turning_write(database, turn);
	if (status == STATUS_OK)
		status = database_commit(database);
	return database_tell(database, database_note_failure(database, status), reterr);
}

/* ---- reading ---- */

#define ROW_COLUMNS "r.number, r.domain, r.name, r.relationship, r.sector, r.country, r.contact"

static void read_fields(sqlite3_stmt *from, struct register_row *row)
{
	*row = (struct register_row){
		.name = column_bytes(from, 2),
		.relationship = (enum relationship)sqlite3_column_int(from, 3),
		.sector = column_bytes(from, 4),
		.country = column_bytes(from, 5),
		.contact = column_bytes(from, 6),
	};
	if (row->relationship >= RELATIONSHIP_COUNT)
		row->relationship = RELATIONSHIP_UNKNOWN;
}

static enum status read_domains(struct database *database, int64_t number, struct arena *arena, struct register_row *row)
{
	struct buffer domains = buffer_with_ceiling(ROW_MEMORY_MAX);
	sqlite3_stmt *rows = database_take(database, "SELECT domain FROM register_domain WHERE registered = ?1 ORDER BY nth");
	bind_integer(rows, 1, number);
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		struct bytes domain = arena_copy(arena, column_bytes(rows, 0));
		buffer_append(&domains, bytes_of(&domain, sizeof domain));
		if (domain.at == NULL || buffer_status(&domains) != STATUS_OK) {
			status = STATUS_NO_MEMORY;
			break;
		}
	}
	database_give(database, rows);
	struct bytes kept = arena_copy(arena, buffer_bytes(&domains));
	row->domains = (const void *)kept.at;
	row->domain_count = domains.len / sizeof *row->domains;
	buffer_free(&domains);
	if (status != STATUS_END)
		return status;
	return row->domain_count == 0 ? STATUS_MALFORMED : kept.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status read_terms(struct database *database, int64_t number, struct arena *arena, struct register_row *row)
{
	struct buffer terms = buffer_with_ceiling(ROW_MEMORY_MAX);
	sqlite3_stmt *rows = database_take(database, "SELECT kind, text FROM register_term WHERE registered = ?1 ORDER BY nth");
	bind_integer(rows, 1, number);
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		struct register_term term = {(enum register_term_kind)sqlite3_column_int(rows, 0),
		                             arena_copy(arena, column_bytes(rows, 1))};
		buffer_append(&terms, bytes_of(&term, sizeof term));
		if (term.text.at == NULL || buffer_status(&terms) != STATUS_OK) {
			status = STATUS_NO_MEMORY;
			break;
		}
	}
	database_give(database, rows);
	struct bytes kept = terms.len > 0 ? arena_copy(arena, buffer_bytes(&terms)) : BYTES_NONE;
	row->terms = (const void *)kept.at;
	row->term_count = kept.len / sizeof *row->terms;
	bool is_whole = kept.len == terms.len;
	buffer_free(&terms);
	return status != STATUS_END ? status : is_whole ? STATUS_OK : STATUS_NO_MEMORY;
}

/* With all it has. */
static enum status pass_row(struct database *database, sqlite3_stmt *from, struct arena *arena, register_visitor *each,
                            void *context)
{
	struct register_row row;
	int64_t number = sqlite3_column_int64(from, 0);
	arena_reset(arena);
	read_fields(from, &row);
	enum status status = read_domains(database, number, arena, &row);
	if (status == STATUS_OK)
		status = read_terms(database, number, arena, &row);
	return status == STATUS_OK ? each(context, &row) : status;
}

enum status register_list(struct store *store, enum relationship relationship, struct bytes cursor, register_visitor *each,
                          void *context, struct buffer *ret_cursor, struct failure *reterr)
{
	struct database *database = &store->database;
	struct arena arena = arena_with_ceiling(2 * ROW_MEMORY_MAX);
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	sqlite3_stmt *rows = database_take(database, "SELECT " ROW_COLUMNS " FROM register r WHERE r.domain > ?1"
	                                             " AND (?2 = 0 OR r.relationship = ?2) ORDER BY r.domain");
	bind_text(rows, 1, cursor);
	bind_integer(rows, 2, relationship);
	while ((status = database_step(database, rows)) == STATUS_OK) {
		buffer_reset(ret_cursor);
		buffer_append(ret_cursor, column_bytes(rows, 1));
		status = buffer_status(ret_cursor);
		if (status == STATUS_OK)
			status = pass_row(database, rows, &arena, each, context);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	database_end_reading(database);
	arena_free(&arena);
	return database_tell(database, status, reterr);
}

enum status register_begin_row(struct database *database, struct bytes domain, sqlite3_stmt **ret_row,
                               struct register_row *ret_fields)
{
	sqlite3_stmt *row = database_take(database, "SELECT " ROW_COLUMNS " FROM register_domain d"
	                                            " JOIN register r ON r.number = d.registered WHERE d.domain = ?1");
	bind_text(row, 1, domain);
	enum status status = database_step(database, row);
	if (status == STATUS_OK) {
		read_fields(row, ret_fields);
		*ret_row = row;
		return STATUS_OK;
	}
	database_give(database, row);
	*ret_row = NULL;
	*ret_fields = (struct register_row){.domain_count = 0};
	return status == STATUS_END ? STATUS_OK : status;
}

void register_end_row(struct database *database, sqlite3_stmt *row)
{
	if (row != NULL)
		database_give(database, row);
}

enum status register_find(struct store *store, struct bytes domain, register_visitor *each, void *context, struct failure *reterr)
{
	struct database *database = &store->database;
	struct register_row row;
	sqlite3_stmt *found = NULL;
	enum status status = register_begin_row(database, domain, &found, &row);
	if (status == STATUS_OK && found != NULL)
		status = each(context, &row);
	register_end_row(database, found);
	return database_tell(database, status == STATUS_END ? STATUS_OK : status, reterr);
}

enum status register_read_state(struct store *store, struct register_state *ret_state, struct failure *reterr)
{
	struct database *database = &store->database;
	struct register_state state = {.is_there = false};
	sqlite3_stmt *row = database_take(database, "SELECT imported, sha256, (SELECT count(*) FROM register),"
	                                            " (SELECT count(*) FROM register_term) FROM register_import");
	enum status status = database_step(database, row);
	if (status == STATUS_OK) {
		struct bytes sha256 = column_bytes(row, 1);
		state = (struct register_state){
			.is_there = true,
			.imported = column_time(row, 0),
			.rows = column_unsigned(row, 2),
			.terms = column_unsigned(row, 3),
		};
		if (sha256.len == sizeof state.sha256)
			memcpy(state.sha256, sha256.at, sha256.len);
		else
			status = STATUS_MALFORMED;
	}
	database_give(database, row);
	status = status == STATUS_END ? STATUS_OK : status;
	if (status == STATUS_OK)
		*ret_state = state;
	return database_tell(database, status, reterr);
}

enum status register_count_word(struct store *store, struct bytes word, uint64_t *ret_contents, uint64_t *ret_all,
                                struct failure *reterr)
{
	struct database *database = &store->database;
	int64_t contents = 0, all = 0;
	sqlite3_stmt *find = database_take(database, "SELECT doc FROM word_contents WHERE term = ?1");
	bind_text(find, 1, word);
	enum status status = database_read_integer(database, find, 0, &contents);
	if (status == STATUS_OK)
		status = database_read_integer(
			database, database_take(database, "SELECT count(*) FROM content WHERE text_bytes > 0 AND is_expired = 0"),
			0, &all);
	*ret_contents = (uint64_t)contents;
	*ret_all = (uint64_t)all;
	return database_tell(database, status, reterr);
}

/* ---- taking out ---- */

static enum status delete_rows(struct database *database, const char *sql, int64_t number)
{
	sqlite3_stmt *delete = database_take(database, sql);
	bind_integer(delete, 1, number);
	return database_run(database, delete);
}

static enum status take_out(struct database *database, struct bytes domain, register_visitor *each, void *context)
{
	struct arena arena = arena_with_ceiling(2 * ROW_MEMORY_MAX);
	int64_t number = 0;
	sqlite3_stmt *row = database_take(database, "SELECT " ROW_COLUMNS " FROM register_domain d"
	                                            " JOIN register r ON r.number = d.registered WHERE d.domain = ?1");
	bind_text(row, 1, domain);
	enum status status = database_step(database, row);
	if (status == STATUS_OK) {
		number = sqlite3_column_int64(row, 0);
		status = pass_row(database, row, &arena, each, context);
	} else if (status == STATUS_END) {
		status = STATUS_ABSENT;
	}
	database_give(database, row);
	arena_free(&arena);
	if (status == STATUS_OK)
		status = delete_rows(database, "DELETE FROM register_term WHERE registered = ?1", number);
	if (status == STATUS_OK)
		status = delete_rows(database, "DELETE FROM register_domain WHERE registered = ?1", number);
	return status == STATUS_OK ? delete_rows(database, "DELETE FROM register WHERE number = ?1", number) : status;
}

enum status register_take_out(struct store *store, struct bytes domain, register_visitor *each, void *context, uint64_t turn,
                              struct failure *reterr)
{
	struct database *database = &store->database;
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = take_out(database, domain, each, context);
	if (status == STATUS_OK)
		status = turning_write(database, turn);
	if (status == STATUS_OK)
		status = database_commit(database);
	if (status == STATUS_ABSENT) {
		database_roll_back(database);
		return status;
	}
	return database_tell(database, database_note_failure(database, status), reterr);
}
