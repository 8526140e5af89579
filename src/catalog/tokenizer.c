/* SPDX-License-Identifier: Apache-2.0 */
/* Cutting text into words and trigrams; the FTS5 side at the end. */
#include "catalog/tokenizer.h"

#include "base/text.h"
#include "vault/pages.h"

#include <stdlib.h>

/* ---- words ---- */

struct splitter {
	token_visitor *each;
	void *context;
	bool is_query;
	unsigned char word[TOKEN_SIZE_MAX];
	size_t length;
	unsigned points;
	size_t word_from, word_to;
	uint32_t sign;           /* the CJK sign before, 0 if none */
	unsigned signs;          /* in this run */
	size_t sign_from, sign_to;
};

static int end_word(struct splitter *s)
{
	if (s->points == 0)
		return 0;
	struct token token = {bytes_of(s->word, s->length), s->points, false, s->word_from, s->word_to};
	s->length = 0;
	s->points = 0;
	return s->each(s->context, &token);
}

static void add_to_word(struct splitter *s, uint32_t point, size_t from, size_t to)
{
	if (s->points++ == 0)
		s->word_from = from;
	s->word_to = to;
	if (s->length + 4 <= sizeof s->word && point < 0x80)
		s->word[s->length++] = (unsigned char)point;
	else if (s->length + 4 <= sizeof s->word)
		s->length += text_encode(point, s->word + s->length);
}

static int end_run(struct splitter *s)
{
	if (s->sign == 0)
		return 0;
	unsigned char text[4];
	struct token token = {bytes_of(text, text_encode(s->sign, text)), 1, true, s->sign_from, s->sign_to};
	bool is_known = s->is_query && s->signs > 1;
	s->sign = 0;
	s->signs = 0;
	return is_known ? 0 : s->each(s->context, &token);
}

static int add_sign(struct splitter *s, uint32_t point, size_t from, size_t to)
{
	int stop = 0;
	if (s->sign != 0) {
		unsigned char text[8];
		size_t length = text_encode(s->sign, text);
		length += text_encode(point, text + length);
		stop = s->each(s->context,
		               &(struct token){bytes_of(text, length), 2, true, s->sign_from, to});
	}
	s->sign = point;
	s->sign_from = from;
	s->sign_to = to;
	s->signs++;
	return stop;
}

static int add_point(struct splitter *s, uint32_t point, size_t from, size_t to)
{
	int stop;
	if (!text_is_word(point)) {
		stop = end_word(s);
		return stop != 0 ? stop : end_run(s);
	}
	if (text_is_cjk(point)) {
		stop = end_word(s);
		return stop != 0 ? stop : add_sign(s, point, from, to);
	}
	stop = end_run(s);
	add_to_word(s, point, from, to);
	return stop;
}

/* Most text is ASCII: letters and digits straight into the word. */
static size_t take_ascii_word(struct splitter *s, struct bytes text, size_t at)
{
	size_t end = at;
	for (; end < text.len; end++) {
		unsigned char c = text.at[end];
		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c + 32);
		else if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
			break;
		if (s->points++ == 0)
			s->word_from = end;
		s->word_to = end + 1;
		if (s->length + 4 <= sizeof s->word)
			s->word[s->length++] = c;
	}
	return end;
}

int tokenizer_split(struct fold *fold, struct bytes text, bool is_query, token_visitor *each, void *context)
{
	struct splitter s = {.each = each, .context = context, .is_query = is_query};
	struct folded folded;
	int stop = 0;
	for (size_t at = 0; at < text.len && stop == 0;) {
		size_t end = s.sign == 0 ? take_ascii_word(&s, text, at) : at;
		if (end == text.len)
			break;
		struct bytes rest = bytes_from(text, end);
		fold_next(fold, &rest, &folded);
		at = text.len - rest.len;
		for (unsigned i = 0; i < folded.count && stop == 0; i++)
			stop = add_point(&s, folded.points[i], end, at);
	}
	if (stop == 0)
		stop = end_word(&s);
	return stop != 0 ? stop : end_run(&s);
}

/* ---- trigrams ---- */

int tokenizer_visit_trigrams(struct bytes folded, token_visitor *each, void *context)
{
	size_t starts[3] = {0, 0, 0};
	unsigned seen = 0;
	uint32_t point;
	int stop = 0;
	for (size_t at = 0; at < folded.len && stop == 0;) {
		size_t length = text_decode(bytes_from(folded, at), &point);
		starts[seen++ % 3] = at;
		at += length;
		if (seen < 3)
			continue;
		size_t from = starts[seen % 3];
		stop = each(context,
		            &(struct token){bytes_slice(folded, from, at - from), 3, false, from, at});
	}
	return stop;
}

/* ---- FTS5 ---- */

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

enum status tokenizer_register(sqlite3 *handle, struct fold *fold)
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
