/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Carrying out a query: count, then stream in order. Order is a sort value and
 * the id behind it; a cursor is both, so a page begins where another ended
 * however many there are. Unknown times and sizes come last.
 */
#include "base/digest.h"
#include "catalog/compile.h"
#include "catalog/match.h"
#include "catalog/view.h"

#include <stdio.h>

/* ---- order ---- */

struct order {
	const char *value;           /* SQL of the sort value; NULL: by id alone */
	bool is_falling;
	bool is_bytes;
};

enum { SCORE_TITLE = 6, SCORE_BODY = 1 };

static struct order order_of(const struct query *query, bool has_words)
{
	struct order order = {NULL, true, false};
	switch (query->sort) {
	case QUERY_SORT_RELEVANCE:
		order.value = has_words ? "coalesce(r.score, 0) + tm_rank(d.path, ?1)" : NULL;
		break;
	case QUERY_SORT_MODIFIED:
		order.value = "coalesce(d.modified, -9223372036854775807)";
		break;
	case QUERY_SORT_SIZE:
		order.value = "coalesce(d.size, -1)";
		break;
	case QUERY_SORT_NAME:
		order = (struct order){"tm_name_order(d.path)", false, true};
		break;
	}
	if (query->is_reversed)
		order.is_falling = !order.is_falling;
	return order;
}

/* ---- cursors: base32 of a letter, the value, and 16 bytes of id ---- */

struct cursor {
	bool is_set;
	char kind;                   /* i: integer, r: real, b: bytes, n: none */
	int64_t integer;
	double real;
	struct bytes bytes;
	struct id id;
};

static enum status parse_cursor(struct bytes text, struct arena *arena, struct cursor *ret, struct failure *reterr)
{
	size_t size = text.len * 5 / 8;
	unsigned char *raw = size > ID_SIZE ? arena_allocate(arena, size) : NULL;
	*ret = (struct cursor){.is_set = text.len > 0};
	if (text.len == 0)
		return STATUS_OK;
	if (raw == NULL || digest_parse_base32(text, raw, size) != STATUS_OK)
		return fail(reterr, STATUS_USAGE, "cursor", "is none of ours; take it from an answer's 'next'");
	ret->kind = (char)raw[0];
	ret->bytes = bytes_of(raw + 1, size - ID_SIZE - 1);
	memcpy(ret->id.bytes, raw + size - ID_SIZE, ID_SIZE);
	if ((ret->kind == 'i' || ret->kind == 'r') && ret->bytes.len == 8) {
		uint64_t bits = load_le64(ret->bytes.at);
		memcpy(&ret->integer, &bits, sizeof bits);
		memcpy(&ret->real, &bits, sizeof bits);
	} else if (ret->kind != 'b' && !(ret->kind == 'n' && ret->bytes.len == 0)) {
		return fail(reterr, STATUS_USAGE, "cursor", "is none of ours; take it from an answer's 'next'");
	}
	return STATUS_OK;
}

static void append_number(struct buffer *raw, char kind, const void *value)
{
	uint64_t bits;
	unsigned char bytes[8];
	memcpy(&bits, value, sizeof bits);
	store_le64(bytes, bits);
	buffer_append_byte(raw, (unsigned char)kind);
	buffer_append(raw, bytes_of(bytes, sizeof bytes));
}

/* Columns of a key row: number, id, sort value. */
static enum status write_cursor(sqlite3_stmt *row, struct buffer *cursor)
{
	struct buffer raw = buffer_with_ceiling(1u << 24);
	int type = sqlite3_column_type(row, 2);
	if (type == SQLITE_INTEGER) {
		int64_t value = sqlite3_column_int64(row, 2);
		append_number(&raw, 'i', &value);
	} else if (type == SQLITE_FLOAT) {
		double value = sqlite3_column_double(row, 2);
		append_number(&raw, 'r', &value);
	} else {
		buffer_append_byte(&raw, type == SQLITE_NULL ? 'n' : 'b');
		buffer_append(&raw, column_bytes(row, 2));
	}
	buffer_append(&raw, column_bytes(row, 1));
	buffer_reset(cursor);
	if (buffer_status(&raw) == STATUS_OK)
		digest_append_base32(cursor, buffer_bytes(&raw));
	enum status status = buffer_status(&raw) != STATUS_OK ? buffer_status(&raw) : buffer_status(cursor);
	buffer_free(&raw);
	return status;
}

static void bind_cursor(sqlite3_stmt *statement, const struct cursor *cursor)
{
	if (statement == NULL || !cursor->is_set)
		return;
	if (cursor->kind == 'i')
		bind_integer(statement, 2, cursor->integer);
	else if (cursor->kind == 'r')
		bind_real(statement, 2, cursor->real);
	else if (cursor->kind == 'b')
		bind_blob(statement, 2, cursor->bytes);
	bind_id(statement, 3, &cursor->id);
}

/* ---- statements: ?1 phrases, ?2 and ?3 the cursor, ?4 words; the query's own from ?100 ---- */

struct search {
	struct incident *incident;
	struct compiled compiled;
	struct order order;
	struct cursor cursor;
	bool has_words, ranks;
};

static sqlite3_stmt *prepare(struct search *search, struct buffer *sql)
{
	if (buffer_status(sql) != STATUS_OK)
		return NULL;
	sqlite3_stmt *statement = database_prepare(&search->incident->database, buffer_string(sql));
	compiled_bind(&search->compiled, statement);
	return statement;
}

static enum status count_matches(struct search *search, uint64_t *ret_total)
{
	int64_t total = 0;
	struct buffer sql = buffer_with_ceiling(32u << 20);
	buffer_append_string(&sql, "SELECT count(*) FROM document d WHERE d.state = 1 AND ");
	buffer_append(&sql, buffer_bytes(&search->compiled.condition));
	enum status status = database_read_integer(&search->incident->database, prepare(search, &sql), 0, &total);
	buffer_free(&sql);
	*ret_total = (uint64_t)total;
	return status;
}

/* Live documents whose text was not, or not wholly, there to be searched. */
static enum status count_unsearchable(struct search *search, uint64_t *ret_count)
{
	static const char unsearchable[] =
		"SELECT count(*) FROM document d LEFT JOIN content c ON c.number = d.content WHERE d.state = 1"
		" AND (d.outcome NOT IN (1, 7) OR c.is_expired OR c.text_beyond > 0)";
	int64_t count = 0;
	struct database *database = &search->incident->database;
	enum status status = database_read_integer(database, database_take(database, unsearchable), 0, &count);
	*ret_count = (uint64_t)count;
	return status;
}
_Static_assert(OUTCOME_READ == 1 && OUTCOME_SPECIAL == 7, "stored by number");

static void append_statement(const struct search *search, struct buffer *sql)
{
	const char *value = search->order.value, *beyond = search->order.is_falling ? "<" : ">";
	if (search->ranks)
		buffer_append_format(sql, "WITH r AS MATERIALIZED (SELECT rowid AS content, -bm25(words, %d, %d) AS score FROM words"
		                     " WHERE words MATCH ?4) ", SCORE_TITLE, SCORE_BODY);
	buffer_append_format(sql, "SELECT d.number, d.id, %s AS sort FROM document d%s WHERE d.state = 1 AND ",
	                     value != NULL ? value : "NULL", search->ranks ? " LEFT JOIN r ON r.content = d.content" : "");
	buffer_append(sql, buffer_bytes(&search->compiled.condition));
	if (search->cursor.is_set && value != NULL)
		buffer_append_format(sql, " AND ((%s) %s ?2 OR ((%s) = ?2 AND d.id > ?3))", value, beyond, value);
	else if (search->cursor.is_set)
		buffer_append_format(sql, " AND d.id %s ?3", search->order.is_falling ? ">" : "<");
	if (value != NULL)
		buffer_append_format(sql, " ORDER BY sort %s, d.id", search->order.is_falling ? "DESC" : "ASC");
	else
		buffer_append_format(sql, " ORDER BY d.id %s", search->order.is_falling ? "ASC" : "DESC");
}

static sqlite3_stmt *prepare_search(struct search *search)
{
	struct buffer sql = buffer_with_ceiling(32u << 20);
	append_statement(search, &sql);
	sqlite3_stmt *statement = prepare(search, &sql);
	buffer_free(&sql);
	if (statement == NULL)
		return NULL;
	if (search->ranks) {
		sqlite3_bind_pointer(statement, 1, search->compiled.phrases, MATCH_PHRASES, NULL);
		bind_text(statement, 4, buffer_bytes(&search->compiled.words));
	}
	bind_cursor(statement, &search->cursor);
	return statement;
}

static enum status stream(struct search *search, document_visitor *each, void *context, struct buffer *cursor)
{
	struct database *database = &search->incident->database;
	struct copies copies = {0};
	sqlite3_stmt *row = prepare_search(search);
	enum status status;
	while ((status = database_step(database, row)) == STATUS_OK) {
		double score = search->ranks ? sqlite3_column_double(row, 2) : 0;
		status = write_cursor(row, cursor);
		if (status == STATUS_OK)
			status = view_pass(search->incident, sqlite3_column_int64(row, 0), score, &copies, each, context);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, row);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status run(struct search *search, struct search_totals *ret_totals, document_visitor *each, void *context,
                       struct buffer *cursor)
{
	struct search_totals totals = {.is_exact = true};
	enum status status = database_begin_reading(&search->incident->database);
	if (status != STATUS_OK)
		return status;
	status = count_matches(search, &totals.total);
	if (status == STATUS_OK)
		status = count_unsearchable(search, &totals.unsearchable);
	if (status == STATUS_OK) {
		*ret_totals = totals;
		status = stream(search, each, context, cursor);
	}
	database_end_reading(&search->incident->database);
	return status;
}

enum status incident_search(struct incident *incident, const struct query *query, struct search_totals *ret_totals,
                            document_visitor *each, void *context, struct buffer *cursor, struct failure *reterr)
{
	struct search search = {.incident = incident};
	enum status status = compile_query(query, incident->fold, &search.compiled, reterr);
	if (status == STATUS_OK)
		status = parse_cursor(query->cursor, &search.compiled.arena, &search.cursor, reterr);
	if (status == STATUS_OK) {
		search.has_words = search.compiled.words.len > 0;
		search.ranks = search.has_words && query->sort == QUERY_SORT_RELEVANCE;
		search.order = order_of(query, search.has_words);
		status = database_tell(&incident->database, run(&search, ret_totals, each, context, cursor), reterr);
	}
	compiled_free(&search.compiled);
	return status;
}
