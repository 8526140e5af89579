/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Carrying out a query: count, then stream in order. Order is a sort value and
 * the id behind it; a cursor is both, so a page begins where another ended
 * however many there are. Unknown times and sizes come last.
 */
#include "catalog/sqlite/search.h"

#include "base/digest.h"
#include "catalog/sqlite/census.h"
#include "catalog/sqlite/compile.h"
#include "catalog/sqlite/document.h"
#include "catalog/sqlite/match.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/view.h"

#include <stdio.h>

/* ---- order ---- */

struct order {
	const char *value; /* SQL of the sort value; NULL: by id alone */
	bool is_falling;
	bool is_bytes;
};

static struct order order_of(const struct query *query, bool has_words)
{
	struct order order = {NULL, true, false};
	switch (query->sort) {
	case QUERY_SORT_RELEVANCE:
		if (has_words)
			order.value = query->in == QUERY_IN_NAMES ? "tm_rank(" DOCUMENT_SHOWN ", ?1, NULL)"
			                                          : "tm_rank(" DOCUMENT_SHOWN ", ?1, r.says)";
		break;
	case QUERY_SORT_MODIFIED: order.value = "coalesce(d.modified, -9223372036854775807)"; break;
	case QUERY_SORT_DATED: order.value = "coalesce(" DOCUMENT_DATED ", -9223372036854775807)"; break;
	case QUERY_SORT_SIZE: order.value = "coalesce(d.size, -1)"; break;
	case QUERY_SORT_NAME: order = (struct order){"tm_name_order(" DOCUMENT_SHOWN ")", false, true}; break;
	}
	if (query->is_reversed)
		order.is_falling = !order.is_falling;
	return order;
}

/* ---- cursors: base32 of a letter, the value, and 16 bytes of id ---- */

struct cursor {
	bool is_set;
	char kind; /* i: integer, r: real, b: bytes, n: none */
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
	if (raw == NULL && size > ID_SIZE && size <= arena->ceiling)
		return fail(reterr, STATUS_NO_MEMORY, "cursor", "memory is used up");
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

/* A cursor of one order means nothing in another. */
static enum status check_cursor(const struct cursor *cursor, const struct order *order, struct failure *reterr)
{
	bool is_number = cursor->kind == 'i' || cursor->kind == 'r';
	if (!cursor->is_set || (order->value == NULL ? cursor->kind == 'n' : order->is_bytes ? cursor->kind == 'b' : is_number))
		return STATUS_OK;
	return fail(reterr, STATUS_USAGE, "cursor", "belongs to another query or order; begin again without it");
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
	struct store *store;
	struct compiled compiled;
	struct order order;
	struct cursor cursor;
	bool is_everything, has_words;
	bool passes_gone;     /* the query asks for what is gone */
	bool leaves_out_gone; /* there is some, and it does not */
	bool ranks, ranks_contents;
	struct search_totals *totals;
	bool has_total;
};

static sqlite3_stmt *prepare(struct search *search, struct buffer *sql)
{
	if (buffer_status(sql) != STATUS_OK)
		return NULL;
	sqlite3_stmt *statement = database_prepare(&search->store->database, buffer_string(sql));
	compiled_bind(&search->compiled, statement);
	return statement;
}

static void append_condition(const struct search *search, struct buffer *sql)
{
	buffer_append(sql, buffer_bytes(&search->compiled.condition));
	if (search->leaves_out_gone)
		buffer_append_string(sql, " AND CASE WHEN d.ordinal = 0 THEN d.gone_at IS NULL ELSE"
		                          " (SELECT o.gone_at IS NULL FROM document o WHERE o.number = d.object) END");
}

static enum status count_matches(struct search *search)
{
	int64_t total = 0;
	struct buffer sql = buffer_with_ceiling(32u << 20);
	buffer_append_string(&sql, "SELECT count(*) FROM document d WHERE d.state = " SQL_LIVE " AND ");
	append_condition(search, &sql);
	enum status status = database_read_integer(&search->store->database, prepare(search, &sql), 0, &total);
	buffer_free(&sql);
	search->totals->total = (uint64_t)total;
	search->has_total = status == STATUS_OK;
	return status;
}

/* Matching words is most of the work, so it is done once: the hits are kept and counted, then ordered. Other
 * hits may be a hundred million: they are counted and then streamed, keeping none. */
static void append_hits(const struct search *search, struct buffer *sql)
{
	const char *value = search->order.value != NULL ? search->order.value : "NULL";
	if (search->ranks_contents)
		buffer_append_string(sql,
		                     "WITH r AS MATERIALIZED (SELECT rowid AS content, tm_relevance(words, ?1) AS says FROM words"
		                     " WHERE words MATCH ?4), hit AS MATERIALIZED (");
	else if (search->has_words)
		buffer_append_string(sql, "WITH hit AS MATERIALIZED (");
	buffer_append_format(sql, "SELECT d.number AS number, d.id AS id, %s AS sort", value);
	if (!search->has_words)
		buffer_append_string(sql, ", NULL");
	buffer_append_format(sql, " FROM document d%s WHERE d.state = " SQL_LIVE " AND ",
	                     search->ranks_contents ? " LEFT JOIN r ON r.content = d.content" : "");
	append_condition(search, sql);
	if (search->has_words)
		buffer_append_string(sql, ") SELECT number, id, sort, (SELECT count(*) FROM hit) FROM hit "
		                          "WHERE 1");
}

static void append_order(const struct search *search, struct buffer *sql)
{
	const char *value = search->has_words ? "sort" : search->order.value;
	const char *beyond = search->order.is_falling ? "<" : ">";
	bool by_id = search->order.value == NULL;
	if (search->cursor.is_set && !by_id)
		buffer_append_format(sql, " AND ((%s) %s ?2 OR ((%s) = ?2 AND id > ?3))", value, beyond, value);
	else if (search->cursor.is_set)
		buffer_append_format(sql, " AND id %s ?3", search->order.is_falling ? ">" : "<");
	if (!by_id)
		buffer_append_format(sql, " ORDER BY sort %s, id", search->order.is_falling ? "DESC" : "ASC");
	else
		buffer_append_format(sql, " ORDER BY id %s", search->order.is_falling ? "ASC" : "DESC");
}

static sqlite3_stmt *prepare_search(struct search *search)
{
	struct buffer sql = buffer_with_ceiling(32u << 20);
	append_hits(search, &sql);
	append_order(search, &sql);
	sqlite3_stmt *statement = prepare(search, &sql);
	buffer_free(&sql);
	if (statement == NULL)
		return NULL;
	if (search->ranks) {
		sqlite3_bind_pointer(statement, 1, search->compiled.phrases, MATCH_PHRASES, NULL);
		if (search->ranks_contents)
			bind_text(statement, 4, buffer_bytes(&search->compiled.words));
	}
	bind_cursor(statement, &search->cursor);
	return statement;
}

static enum status pass_hit(struct search *search, sqlite3_stmt *row, struct copies *copies, document_visitor *each,
                            void *context, struct buffer *cursor)
{
	double score = search->ranks ? sqlite3_column_double(row, 2) : 0;
	if (!search->has_total) {
		search->totals->total = column_unsigned(row, 3);
		search->has_total = true;
	}
	enum status status = write_cursor(row, cursor);
	if (status == STATUS_OK)
		status = view_pass(search->store, sqlite3_column_int64(row, 0), score, copies, each, context);
	return status;
}

static enum status stream(struct search *search, document_visitor *each, void *context, struct buffer *cursor)
{
	struct database *database = &search->store->database;
	struct copies copies = {0};
	sqlite3_stmt *row = prepare_search(search);
	enum status status;
	while ((status = database_step(database, row)) == STATUS_OK) {
		status = pass_hit(search, row, &copies, each, context, cursor);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, row);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status count_everything(struct search *search)
{
	struct census census;
	enum status status = census_read(&search->store->database, &census);
	if (status != STATUS_OK)
		return status;
	search->totals->unsearchable = census.unsearchable;
	search->leaves_out_gone = census.gone > 0 && !search->passes_gone;
	if (search->is_everything) {
		search->totals->total = search->passes_gone ? census.live : census.live - census.gone;
		search->has_total = true;
	}
	return STATUS_OK;
}

static enum status run(struct search *search, document_visitor *each, void *context, struct buffer *cursor)
{
	enum status status = database_begin_reading(&search->store->database);
	if (status != STATUS_OK)
		return status;
	status = count_everything(search);
	if (status == STATUS_OK && !search->has_total && !search->has_words)
		status = count_matches(search);
	if (status == STATUS_OK)
		status = stream(search, each, context, cursor);
	/* Behind the last hit there is none to tell how many there are. */
	if (status == STATUS_OK && !search->has_total)
		status = count_matches(search);
	database_end_reading(&search->store->database);
	return status;
}

static bool asks_for_gone(const struct query_node *node)
{
	bool asks = node != NULL && node->operation == QUERY_TERM && node->field == QUERY_GONE;
	for (size_t i = 0; node != NULL && i < node->child_count; i++)
		asks |= asks_for_gone(node->children[i]);
	return asks;
}

enum status search_run(struct store *store, const struct query *query, struct search_totals *ret_totals, document_visitor *each,
                       void *context, struct buffer *cursor, struct failure *reterr)
{
	struct search_totals totals = {.is_exact = true};
	struct search search = {.store = store,
	                        .is_everything = query->root == NULL,
	                        .passes_gone = asks_for_gone(query->root),
	                        .totals = &totals};
	enum status status = compile_query(query, store->fold, &search.compiled, reterr);
	if (status == STATUS_OK)
		status = parse_cursor(query->cursor, &search.compiled.arena, &search.cursor, reterr);
	if (status == STATUS_OK) {
		search.has_words = search.compiled.words.len > 0;
		search.ranks = search.has_words && query->sort == QUERY_SORT_RELEVANCE;
		search.ranks_contents = search.ranks && query->in != QUERY_IN_NAMES;
		search.order = order_of(query, search.has_words);
		status = check_cursor(&search.cursor, &search.order, reterr);
	}
	if (status == STATUS_OK) {
		status = database_tell(&store->database, run(&search, each, context, cursor), reterr);
	}
	if (status == STATUS_OK)
		*ret_totals = totals;
	compiled_free(&search.compiled);
	return status;
}
