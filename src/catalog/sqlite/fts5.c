/* SPDX-License-Identifier: Apache-2.0 */
/* Tokenizers, expressions and merging, whichever index they are of. */
#include "catalog/sqlite/fts5.h"

int fts5_pass(void *context, const struct token *token)
{
	struct fts5_passing *passing = context;
	return passing->sink(passing->context, 0, (const char *)token->text.at, (int)token->text.len, (int)token->from,
	                     (int)token->to);
}

/* ---- registering ---- */

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

enum status fts5_register(struct database *database, const char *name, fts5_tokenize *tokenize, struct fold *fold)
{
	fts5_api *api = NULL;
	fts5_tokenizer methods = {create_tokenizer, delete_tokenizer, tokenize};
	enum status status = find_fts5(database->handle, &api);
	if (status == STATUS_OK)
		status = pages_status(api->xCreateTokenizer(api, name, fold, &methods, NULL));
	return status;
}

enum status fts5_register_function(struct database *database, const char *name, fts5_extension_function function)
{
	fts5_api *api = NULL;
	enum status status = find_fts5(database->handle, &api);
	if (status == STATUS_OK)
		status = pages_status(api->xCreateFunction(api, name, NULL, function, NULL));
	return status;
}

/* ---- expressions ---- */

void fts5_append_quoted(struct buffer *into, struct bytes text)
{
	buffer_append_byte(into, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"')
			buffer_append_byte(into, '"');
		buffer_append_byte(into, text.at[i]);
	}
	buffer_append_byte(into, '"');
}

/* ---- merging ---- */

enum { MERGE_PAGES = 2000, MERGE_STEPS = 500 };

enum status fts5_merge(struct database *database, const char *command)
{
	enum status status = STATUS_OK;
	for (int step = 0; step < MERGE_STEPS && status == STATUS_OK; step++) {
		int before = sqlite3_total_changes(database->handle);
		sqlite3_stmt *merge = database_take(database, command);
		bind_integer(merge, 1, MERGE_PAGES);
		status = database_run(database, merge);
		if (sqlite3_total_changes(database->handle) - before < 2)
			break;
	}
	return status;
}
