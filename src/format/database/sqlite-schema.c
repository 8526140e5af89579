/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A CREATE TABLE as SQLite keeps it (sqlite.org/lang_createtable.html), read
 * for the names of columns, what stands in which field of a record, and no
 * more. It is cut into words; nothing in it is evaluated.
 */
#include "format/database/sqlite-parts.h"

enum word_kind { WORD_END, WORD_NAME, WORD_QUOTED, WORD_TEXT, WORD_SIGN };

struct schema_word {
	enum word_kind kind;
	struct bytes at;
};

struct schema_words {
	struct bytes rest;
};

static bool is_blank(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_of_name(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || c == '.' ||
	       c >= 0x80;
}

static void skip_blanks(struct schema_words *words)
{
	for (;;) {
		size_t length = 0;
		if (bytes_start_with(words->rest, BYTES_LITERAL("--"))) {
			length = bytes_find_byte(words->rest, '\n');
		} else if (bytes_start_with(words->rest, BYTES_LITERAL("/*"))) {
			length = bytes_find(words->rest, BYTES_LITERAL("*/"));
			length += length != BYTES_NOT_FOUND ? 2 : 0;
		} else {
			while (length < words->rest.len && is_blank(words->rest.at[length]))
				length++;
		}
		if (length == 0)
			return;
		words->rest = bytes_from(words->rest, length);
	}
}

/* Length of what quotes hold, doubled ones within; 0 if they are not closed. */
static size_t quoted_length(struct bytes at, unsigned char close)
{
	for (size_t i = 1; i < at.len; i++) {
		if (at.at[i] != close)
			continue;
		if (close == ']' || i + 1 == at.len || at.at[i + 1] != close)
			return i + 1;
		i++;
	}
	return 0;
}

static struct schema_word next_word(struct schema_words *words)
{
	size_t length = 1;
	enum word_kind kind = WORD_SIGN;
	skip_blanks(words);
	if (words->rest.len == 0)
		return (struct schema_word){WORD_END, BYTES_NONE};
	unsigned char c = words->rest.at[0];
	if (c == '"' || c == '`' || c == '[' || c == '\'') {
		length = quoted_length(words->rest, c == '[' ? ']' : c);
		kind = c == '\'' ? WORD_TEXT : WORD_QUOTED;
	} else if (is_of_name(c)) {
		while (length < words->rest.len && is_of_name(words->rest.at[length]))
			length++;
		kind = WORD_NAME;
	}
	if (length == 0) {
		words->rest = BYTES_NONE;
		return (struct schema_word){WORD_END, BYTES_NONE};
	}
	struct schema_word word = {kind, bytes_slice(words->rest, 0, length)};
	words->rest = bytes_from(words->rest, length);
	return word;
}

static bool is_word(struct schema_word word, const char *keyword)
{
	return word.kind == WORD_NAME && bytes_equal_nocase(word.at, bytes_of_string(keyword));
}

static bool is_sign(struct schema_word word, unsigned char sign)
{
	return word.kind == WORD_SIGN && word.at.at[0] == sign;
}

static struct schema_word peek(const struct schema_words *words)
{
	struct schema_words ahead = *words;
	return next_word(&ahead);
}

/* Without its quotes. */
static struct bytes unquote(struct schema_word word, struct arena *arena)
{
	if (word.kind != WORD_QUOTED && word.kind != WORD_TEXT)
		return word.at;
	struct bytes inner = bytes_slice(word.at, 1, word.at.len - 2);
	unsigned char quote = word.at.at[0];
	if (quote == '[' || bytes_find_byte(inner, quote) == BYTES_NOT_FOUND)
		return inner;
	unsigned char *copy = arena_allocate(arena, inner.len);
	size_t length = 0;
	for (size_t i = 0; copy != NULL && i < inner.len; i++) {
		copy[length++] = inner.at[i];
		i += inner.at[i] == quote;
	}
	return bytes_of(copy, length);
}

/* ---- columns ---- */

struct column_words {
	struct sqlite_column column;
	bool is_integer;         /* its type is this one word */
	bool is_key, is_falling; /* PRIMARY KEY, DESC */
	bool is_virtual;         /* computed where it is read */
};

/* Passes over words to the closing parenthesis; the opening one is taken. */
static void skip_parentheses(struct schema_words *words)
{
	unsigned depth = 1;
	while (depth > 0) {
		struct schema_word word = next_word(words);
		if (word.kind == WORD_END)
			return;
		depth += is_sign(word, '(');
		depth -= is_sign(word, ')');
	}
}

static bool ends_item(struct schema_word word)
{
	return word.kind == WORD_END || is_sign(word, ',') || is_sign(word, ')');
}

static void read_default(struct schema_words *words, struct sqlite_column *column, struct arena *arena)
{
	struct schema_word word = next_word(words);
	if (is_sign(word, '(')) {
		skip_parentheses(words);
		return;
	}
	if (is_sign(word, '+') || is_sign(word, '-')) {
		struct schema_word number = next_word(words);
		bool is_minus = word.at.at[0] == '-';
		column->missing = is_minus ? bytes_of(word.at.at, (size_t)(number.at.at - word.at.at) + number.at.len)
		                           : number.at;
		return;
	}
	if (!is_word(word, "null"))
		column->missing = unquote(word, arena);
}

/* What stands behind a column's name, to the comma or parenthesis that ends it. */
static void read_constraints(struct schema_words *words, struct column_words *column, struct arena *arena)
{
	struct schema_words type = *words;
	bool is_integer = bytes_equal_nocase(unquote(next_word(&type), arena), BYTES_LITERAL("integer"));
	struct schema_word behind = next_word(&type);
	static const char *const starts[] = {"constraint", "primary", "not",        "null",      "unique", "check",
	                                     "default",    "collate", "references", "generated", "as"};
	column->is_integer = is_integer && ends_item(behind);
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		column->is_integer |= is_integer && is_word(behind, starts[i]);
	while (!ends_item(peek(words))) {
		struct schema_word word = next_word(words);
		if (is_sign(word, '(')) {
			skip_parentheses(words);
		} else if (is_word(word, "primary") && is_word(peek(words), "key")) {
			next_word(words);
			column->is_key = true;
			column->is_falling = is_word(peek(words), "desc");
		} else if (is_word(word, "default")) {
			read_default(words, &column->column, arena);
		} else if (is_word(word, "as") && is_sign(peek(words), '(')) {
			next_word(words);
			skip_parentheses(words);
			column->is_virtual = !is_word(peek(words), "stored");
		}
	}
}

static bool begins_table_constraint(struct schema_word word)
{
	return is_word(word, "constraint") || is_word(word, "primary") || is_word(word, "unique") || is_word(word, "check") ||
	       is_word(word, "foreign");
}

/* ---- keys ---- */

struct schema_reading {
	struct arena *arena;
	struct column_words *columns;
	size_t count;
	uint32_t *key; /* columns of the primary key, in its order */
	size_t key_count;
	bool key_is_of_table; /* told behind the columns */
};

static size_t find_column(const struct schema_reading *reading, struct bytes name)
{
	for (size_t i = 0; i < reading->count; i++)
		if (bytes_equal_nocase(reading->columns[i].column.name, name))
			return i;
	return reading->count;
}

static void add_to_key(struct schema_reading *reading, size_t column)
{
	for (size_t i = 0; i < reading->key_count; i++)
		if (reading->key[i] == column)
			return;
	if (column < reading->count)
		reading->key[reading->key_count++] = (uint32_t)column;
}

/* PRIMARY KEY (a, b COLLATE x DESC, ...) */
static void read_key(struct schema_words *words, struct schema_reading *reading)
{
	bool at_name = true;
	struct schema_word word = next_word(words);
	if (!is_sign(word, '('))
		return;
	reading->key_is_of_table = true;
	while (!is_sign(word = next_word(words), ')') && word.kind != WORD_END) {
		if (at_name)
			add_to_key(reading, find_column(reading, unquote(word, reading->arena)));
		if (is_sign(word, '('))
			skip_parentheses(words);
		at_name = is_sign(word, ',');
	}
}

static void read_table_constraints(struct schema_words *words, struct schema_reading *reading)
{
	unsigned depth = 1;
	while (depth > 0) {
		struct schema_word word = next_word(words);
		if (word.kind == WORD_END)
			return;
		if (depth == 1 && is_word(word, "primary") && is_word(peek(words), "key")) {
			next_word(words);
			read_key(words, reading);
			continue;
		}
		depth += is_sign(word, '(');
		depth -= is_sign(word, ')');
	}
}

/* Behind the last parenthesis. */
static bool is_without_rowid(struct schema_words *words)
{
	for (struct schema_word word; (word = next_word(words)).kind != WORD_END;)
		if (is_word(word, "without") && is_word(peek(words), "rowid"))
			return true;
	return false;
}

/* ---- the whole ---- */

/* Up to the parenthesis before the first column. */
static bool skip_to_columns(struct schema_words *words)
{
	for (struct schema_word word; (word = next_word(words)).kind != WORD_END;)
		if (is_sign(word, '('))
			return true;
	return false;
}

static size_t count_commas(struct bytes sql)
{
	size_t count = 0;
	for (size_t i = 0; i < sql.len; i++)
		count += sql.at[i] == ',';
	return count;
}

/* False where a column has no name. Leaves the words behind the closing parenthesis. */
static bool read_items(struct schema_words *words, struct schema_reading *reading)
{
	for (;;) {
		if (reading->count > 0 && begins_table_constraint(peek(words))) {
			read_table_constraints(words, reading);
			return true;
		}
		struct schema_word name = next_word(words);
		if ((name.kind != WORD_NAME && name.kind != WORD_QUOTED && name.kind != WORD_TEXT) ||
		    reading->count == SQLITE_FIELDS_MAX)
			return false;
		struct column_words *column = &reading->columns[reading->count++];
		column->column.name = unquote(name, reading->arena);
		read_constraints(words, column, reading->arena);
		if (column->is_key)
			add_to_key(reading, reading->count - 1);
		struct schema_word end = next_word(words);
		if (!is_sign(end, ','))
			return is_sign(end, ')');
	}
}

static void place_by_rowid(struct schema_reading *reading)
{
	uint32_t field = 0;
	size_t key = reading->key_count == 1 ? reading->key[0] : reading->count;
	for (size_t i = 0; i < reading->count; i++)
		reading->columns[i].column.field = reading->columns[i].is_virtual ? SQLITE_NO_FIELD : field++;
	if (key < reading->count && reading->columns[key].is_integer &&
	    (reading->key_is_of_table || !reading->columns[key].is_falling))
		reading->columns[key].column.is_rowid = true;
}

/* The key's columns come first, then the others. */
static void place_by_key(struct schema_reading *reading)
{
	uint32_t field = 0;
	for (size_t i = 0; i < reading->count; i++)
		reading->columns[i].column.field = SQLITE_NO_FIELD;
	for (size_t i = 0; i < reading->key_count; i++)
		reading->columns[reading->key[i]].column.field = field++;
	for (size_t i = 0; i < reading->count; i++)
		if (!reading->columns[i].is_virtual && reading->columns[i].column.field == SQLITE_NO_FIELD)
			reading->columns[i].column.field = field++;
}

bool sqlite_read_columns(struct sqlite_table *table, struct arena *arena)
{
	struct schema_words words = {table->sql};
	size_t most = count_commas(table->sql) + 1;
	struct schema_reading reading = {.arena = arena};
	most = most < SQLITE_FIELDS_MAX ? most : SQLITE_FIELDS_MAX;
	reading.columns = arena_allocate(arena, most * sizeof *reading.columns);
	reading.key = arena_allocate(arena, most * sizeof *reading.key);
	table->columns = arena_allocate(arena, most * sizeof *table->columns);
	if (reading.columns == NULL || reading.key == NULL || table->columns == NULL)
		return false;
	if (!skip_to_columns(&words) || !read_items(&words, &reading))
		return false;
	table->is_index = is_without_rowid(&words);
	if (table->is_index)
		place_by_key(&reading);
	else
		place_by_rowid(&reading);
	for (size_t i = 0; i < reading.count; i++)
		table->columns[i] = reading.columns[i].column;
	table->column_count = reading.count;
	return true;
}
