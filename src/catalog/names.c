/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An FTS5 table that keeps neither paths nor positions. Of a path it holds every
 * three code points in a row, and words shorter than that behind a U+0001. A
 * question is an expression of such tokens.
 */
#include "catalog/names.h"

#include "catalog/sqlite/fts5.h"

#define TOKEN_SHORT "\x01" /* before a word of one or two code points */

static int pass_short_word(void *context, const struct token *token)
{
	struct fts5_passing *passing = context;
	char text[16] = TOKEN_SHORT;
	if (token->points > 2 || token->text.len > sizeof text - 1)
		return SQLITE_OK;
	memcpy(text + 1, token->text.at, token->text.len);
	return passing->sink(passing->context, 0, text, (int)token->text.len + 1, (int)token->from, (int)token->to);
}

static int tokenize_path(struct fold *fold, struct bytes path, struct fts5_passing *passing)
{
	struct buffer folded = buffer_with_ceiling(SIZE_MAX / 2);
	fold_append(fold, &folded, path);
	int code = buffer_status(&folded) == STATUS_OK ? SQLITE_OK : SQLITE_NOMEM;
	if (code == SQLITE_OK)
		code = tokenizer_visit_trigrams(buffer_bytes(&folded), fts5_pass, passing);
	buffer_free(&folded);
	if (code == SQLITE_OK)
		code = tokenizer_split(fold, path, false, pass_short_word, passing);
	return code;
}

/* Those of a question are made already. */
static int tokenize(Fts5Tokenizer *fold, void *context, int flags, const char *text, int size, fts5_sink *sink)
{
	struct fts5_passing passing = {sink, context};
	if (size <= 0)
		return SQLITE_OK;
	if (flags & FTS5_TOKENIZE_QUERY)
		return sink(context, 0, text, size, 0, size);
	return tokenize_path((struct fold *)fold, bytes_of(text, (size_t)size), &passing);
}

enum status names_register(struct database *database, struct fold *fold)
{
	return fts5_register(database, "tidemark_names", tokenize, fold);
}

enum status names_add(struct database *database, int64_t document, struct bytes path)
{
	sqlite3_stmt *insert = database_take(database, "INSERT INTO names (rowid, path) VALUES (?1, ?2)");
	bind_integer(insert, 1, document);
	bind_text(insert, 2, path);
	return database_run(database, insert);
}

enum status names_merge(struct database *database)
{
	static const char merge[] = "INSERT INTO names (names, rank) VALUES ('merge', ?1)";
	return fts5_merge(database, merge);
}

enum status names_verify(struct database *database)
{
	return database_execute(database, "INSERT INTO names (names) VALUES ('integrity-check')");
}

/* ---- questions ---- */

const char names_candidates[] = "SELECT rowid FROM names WHERE names MATCH ";

struct expression {
	struct buffer *into;
	bool has_any;
	struct token held; /* the last word so far: that of a prefix counts by what it holds */
	unsigned char held_text[TOKEN_SIZE_MAX];
	bool has_held;
};

static void append_term(struct expression *expression, struct bytes text, bool is_prefix)
{
	if (expression->has_any)
		buffer_append_string(expression->into, " AND ");
	fts5_append_quoted(expression->into, text);
	if (is_prefix)
		buffer_append_string(expression->into, " *");
	expression->has_any = true;
}

static int append_trigram(void *context, const struct token *token)
{
	append_term(context, token->text, false);
	return 0;
}

static int append_word(struct expression *expression, const struct token *token)
{
	char text[16] = TOKEN_SHORT;
	if (token->points > 2 || token->text.len > sizeof text - 1)
		return tokenizer_visit_trigrams(token->text, append_trigram, expression);
	memcpy(text + 1, token->text.at, token->text.len);
	append_term(expression, bytes_of(text, token->text.len + 1), token->is_cjk && token->points == 1);
	return 0;
}

static int hold_word(void *context, const struct token *token)
{
	struct expression *expression = context;
	if (expression->has_held)
		append_word(expression, &expression->held);
	expression->has_held = true;
	expression->held = *token;
	expression->held.text = bytes_of(expression->held_text, token->text.len);
	memcpy(expression->held_text, token->text.at, token->text.len);
	return 0;
}

/* Short words are held whole, so the index cannot tell which begin so. */
bool names_ask_phrase(struct fold *fold, struct bytes phrase, bool is_prefix, struct buffer *question)
{
	struct expression expression = {.into = question};
	tokenizer_split(fold, phrase, true, hold_word, &expression);
	if (expression.has_held && !is_prefix)
		append_word(&expression, &expression.held);
	else if (expression.has_held && expression.held.points > 2)
		tokenizer_visit_trigrams(expression.held.text, append_trigram, &expression);
	return expression.has_any;
}

bool names_ask_substring(struct bytes folded, struct buffer *question)
{
	struct expression expression = {.into = question};
	tokenizer_visit_trigrams(folded, append_trigram, &expression);
	return expression.has_any;
}
