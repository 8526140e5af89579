/* SPDX-License-Identifier: Apache-2.0 */
/* The tokenizers of the two full-text indexes, for SQLite's FTS5. */
#include "catalog/sqlite/fts5.h"

#include "vault/pages.h"
#include "words/tokenizer.h"

typedef int fts5_token(void *context, int flags, const char *token, int size, int from, int to);

struct passing {
	fts5_token *pass;
	void *context;
};

static int pass_token(void *context, const struct token *token)
{
	struct passing *passing = context;
	return passing->pass(passing->context, 0, (const char *)token->text.at, (int)token->text.len,
	                     (int)token->from, (int)token->to);
}

static int pass_short_word(void *context, const struct token *token)
{
	struct passing *passing = context;
	char text[16] = TOKEN_SHORT;
	if (token->points > 2 || token->text.len > sizeof text - 1)
		return SQLITE_OK;
	memcpy(text + 1, token->text.at, token->text.len);
	return passing->pass(passing->context, 0, text, (int)token->text.len + 1, (int)token->from,
	                     (int)token->to);
}

static int create_tokenizer(void *fold, const char **arguments, int count, Fts5Tokenizer **ret_tokenizer)
{
	(void)arguments;
	(void)count;
	*ret_tokenizer = fold;
	return SQLITE_OK;
}

static void delete_tokenizer(Fts5Tokenizer *tokenizer)
{
	(void)tokenizer;
}

static int tokenize_words(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int size,
                          fts5_token *pass)
{
	struct passing passing = {pass, context};
	bool is_query = (flags & FTS5_TOKENIZE_QUERY) != 0;
	if (size <= 0)
		return SQLITE_OK;
	return tokenizer_split((struct fold *)tokenizer, bytes_of(text, (size_t)size), is_query, pass_token,
	                       &passing);
}

static int tokenize_name(struct fold *fold, struct bytes path, struct passing *passing)
{
	struct buffer folded = buffer_with_ceiling(SIZE_MAX / 2);
	fold_append(fold, &folded, path);
	int code = buffer_status(&folded) == STATUS_OK ? SQLITE_OK : SQLITE_NOMEM;
	if (code == SQLITE_OK)
		code = tokenizer_visit_trigrams(buffer_bytes(&folded), pass_token, passing);
	buffer_free(&folded);
	if (code == SQLITE_OK)
		code = tokenizer_split(fold, path, false, pass_short_word, passing);
	return code;
}

static int tokenize_names(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int size,
                          fts5_token *pass)
{
	struct passing passing = {pass, context};
	if (size <= 0)
		return SQLITE_OK;
	if (flags & FTS5_TOKENIZE_QUERY)
		return pass(context, 0, text, size, 0, size);
	return tokenize_name((struct fold *)tokenizer, bytes_of(text, (size_t)size), &passing);
}

static enum status find_fts5(sqlite3 *handle, fts5_api **ret_api)
{
	fts5_api *api = NULL;
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(handle, "SELECT fts5(?1)", -1, &statement, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement) == SQLITE_ROW ? SQLITE_OK : sqlite3_errcode(handle);
	sqlite3_finalize(statement);
	if (code != SQLITE_OK && code != SQLITE_ERROR)
		return pages_status(code);
	*ret_api = api;
	return api != NULL ? STATUS_OK : STATUS_UNSUPPORTED;
}

enum status fts5_register(sqlite3 *handle, struct fold *fold)
{
	static const struct {
		const char *name;
		int (*tokenize)(Fts5Tokenizer *, void *, int, const char *, int, fts5_token *);
	} kinds[] = {{"tidemark_words", tokenize_words}, {"tidemark_names", tokenize_names}};
	fts5_api *api = NULL;
	enum status status = find_fts5(handle, &api);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && status == STATUS_OK; i++) {
		fts5_tokenizer methods = {create_tokenizer, delete_tokenizer, kinds[i].tokenize};
		status = pages_status(api->xCreateTokenizer(api, kinds[i].name, fold, &methods, NULL));
	}
	return status;
}
