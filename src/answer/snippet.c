/* SPDX-License-Identifier: Apache-2.0 */
/* Read piece by piece, so that a long text costs no memory. */
#include "answer/snippet.h"

enum { PIECE = 64 * 1024, SEAM = 256, BEFORE = 60, AFTER = 120 };

/* ---- what was asked for ---- */

struct collecting {
	struct arena *arena;
	struct snippet_words *words;
	bool lacks_memory;
};

static int add_word(void *context, const struct token *token)
{
	struct collecting *collecting = context;
	struct snippet_words *words = collecting->words;
	if (words->count == SNIPPET_WORDS_MAX)
		return 1;
	struct bytes copy = arena_copy(collecting->arena, token->text);
	collecting->lacks_memory = copy.at == NULL;
	if (!collecting->lacks_memory)
		words->words[words->count++] = copy;
	return collecting->lacks_memory;
}

static void collect(const struct query_node *node, struct collecting *collecting)
{
	if (node == NULL || node->operation == QUERY_NOT)
		return;
	if (node->operation == QUERY_TERM && (node->field == QUERY_TEXT || node->field == QUERY_ENTITY))
		tokenizer_split(collecting->words->fold, node->text, true, add_word, collecting);
	for (size_t i = 0; i < node->child_count && !collecting->lacks_memory; i++)
		collect(node->children[i], collecting);
}

enum status snippet_words_of(const struct query_node *root, struct arena *arena, struct snippet_words *ret_words)
{
	*ret_words = (struct snippet_words){.count = 0};
	enum status status = fold_new(&ret_words->fold);
	if (status != STATUS_OK)
		return status;
	struct collecting collecting = {.arena = arena, .words = ret_words};
	collect(root, &collecting);
	if (collecting.lacks_memory) {
		snippet_words_free(ret_words);
		return STATUS_NO_MEMORY;
	}
	return STATUS_OK;
}

void snippet_words_free(struct snippet_words *words)
{
	fold_free(words->fold);
	words->fold = NULL;
}

/* ---- where it stands ---- */

struct finding_word {
	const struct snippet_words *words;
	size_t at;
};

static int find_token(void *context, const struct token *token)
{
	struct finding_word *finding = context;
	for (size_t i = 0; i < finding->words->count; i++) {
		if (bytes_equal(token->text, finding->words->words[i])) {
			finding->at = token->from;
			return 1;
		}
	}
	return 0;
}

/* Byte offset of the first wanted word, or BYTES_NOT_FOUND. */
static size_t find_word(struct bytes text, const struct snippet_words *words)
{
	struct finding_word finding = {.words = words, .at = BYTES_NOT_FOUND};
	tokenizer_split(words->fold, text, false, find_token, &finding);
	return finding.at;
}

/* ---- the line ---- */

/* White space of any kind becomes one space, as a snippet is one line. */
static void append_line(struct buffer *into, struct bytes text)
{
	bool is_space = true;
	for (size_t i = 0; i < text.len; i++) {
		bool space = strchr(" \t\r\n\f\v", text.at[i]) != NULL && text.at[i] != '\0';
		if (!space)
			buffer_append_byte(into, text.at[i]);
		else if (!is_space)
			buffer_append_byte(into, ' ');
		is_space = space;
	}
}

static size_t back_to_boundary(struct bytes text, size_t at)
{
	while (at > 0 && (text.at[at] & 0xC0) == 0x80)
		at--;
	return at;
}

static void append_around(struct buffer *into, struct bytes text, size_t found)
{
	size_t from = found > BEFORE ? back_to_boundary(text, found - BEFORE) : 0;
	size_t to = text.len - found > AFTER ? back_to_boundary(text, found + AFTER) : text.len;
	append_line(into, bytes_slice(text, from, to - from));
}

enum status snippet_append(struct incident *incident, const struct document_view *view, const struct snippet_words *words,
                           struct buffer *into, struct failure *reterr)
{
	struct buffer piece = buffer_with_ceiling(8 * PIECE);
	enum status status = view->has_text && words->count > 0 ? STATUS_OK : STATUS_END;
	for (uint64_t from = 0; status == STATUS_OK; from += PIECE - SEAM) {
		buffer_reset(&piece);
		status = incident_text(incident, view->content_key, from, from + PIECE, &piece, reterr);
		if (status != STATUS_OK || piece.len == 0)
			break;
		size_t found = find_word(buffer_bytes(&piece), words);
		if (found != BYTES_NOT_FOUND) {
			append_around(into, buffer_bytes(&piece), found);
			break;
		}
		if (piece.len < PIECE)
			break;
	}
	buffer_free(&piece);
	return status == STATUS_END || status == STATUS_ABSENT ? STATUS_OK : status;
}
