/* SPDX-License-Identifier: Apache-2.0 */
/* An FTS5 table that keeps no text: that lies in chunks. */
#include "catalog/sqlite/word-index.h"

#include "catalog/sqlite/fts5.h"

static int tokenize(Fts5Tokenizer *fold, void *context, int flags, const char *text, int size, fts5_sink *sink)
{
	struct fts5_passing passing = {sink, context};
	bool is_query = (flags & FTS5_TOKENIZE_QUERY) != 0;
	if (size <= 0)
		return SQLITE_OK;
	return tokenizer_split((struct fold *)fold, bytes_of(text, (size_t)size), is_query, fts5_pass, &passing);
}

enum status word_index_register(struct database *database, struct fold *fold)
{
	return fts5_register(database, "tidemark_words", tokenize, fold);
}

enum status word_index_add(struct database *database, int64_t content, struct bytes title, struct bytes text)
{
	sqlite3_stmt *insert = database_take(database, "INSERT INTO words (rowid, title, body) VALUES (?1, ?2, ?3)");
	bind_integer(insert, 1, content);
	bind_text(insert, 2, title);
	bind_text(insert, 3, text);
	return database_run(database, insert);
}

enum status word_index_clear(struct database *database)
{
	return database_execute(database, "INSERT INTO words (words) VALUES ('delete-all')");
}

enum status word_index_merge(struct database *database)
{
	static const char merge[] = "INSERT INTO words (words, rank) VALUES ('merge', ?1)";
	return fts5_merge(database, merge);
}

enum status word_index_verify(struct database *database)
{
	return database_execute(database, "INSERT INTO words (words) VALUES ('integrity-check')");
}

/* ---- expressions ---- */

struct index_looking {
	bool has_words;
	bool ends_in_sign; /* one CJK sign, that may begin a pair */
};

static int look_at_word(void *context, const struct token *token)
{
	*(struct index_looking *)context = (struct index_looking){true, token->is_cjk && token->points == 1};
	return 0;
}

bool word_index_ask(struct fold *fold, struct bytes phrase, bool is_prefix, struct buffer *into)
{
	struct index_looking looking = {false, false};
	tokenizer_split(fold, phrase, true, look_at_word, &looking);
	if (looking.has_words) {
		fts5_append_quoted(into, phrase);
		if (looking.ends_in_sign || is_prefix)
			buffer_append_string(into, " *");
	}
	return looking.has_words;
}
