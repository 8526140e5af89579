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

static void add_phrase(struct collecting *collecting, struct bytes text, bool is_prefix)
{
	struct snippet_words *words = collecting->words;
	size_t from = words->count;
	int stopped = tokenizer_split(words->fold, text, true, add_word, collecting);
	if (words->count > from)
		words->phrases[words->phrase_count++] = (struct snippet_phrase){from, words->count - from,
		                                                                is_prefix && stopped == 0, NULL, BYTES_NONE};
}

static void add_forms(struct collecting *collecting, const struct query_node *node)
{
	struct snippet_words *words = collecting->words;
	struct forms *forms = arena_allocate(collecting->arena, sizeof *forms);
	collecting->lacks_memory |= forms == NULL;
	if (forms == NULL || !forms_make(words->fold, node->text, forms))
		return;
	words->phrases[words->phrase_count - 1].forms = forms;
	words->phrases[words->phrase_count - 1].beginning = forms_beginning(forms);
}

/* What stands between stars is a phrase each. */
static void add_term(struct collecting *collecting, const struct query_node *node)
{
	struct bytes text = node->text;
	for (size_t star; (star = bytes_find_byte(text, QUERY_STAR)) != BYTES_NOT_FOUND; text = bytes_from(text, star + 1))
		add_phrase(collecting, bytes_slice(text, 0, star), true);
	size_t before = collecting->words->phrase_count;
	add_phrase(collecting, text, node->is_prefix);
	if (node->takes_forms && collecting->words->phrase_count > before)
		add_forms(collecting, node);
}

static void collect(const struct query_node *node, struct collecting *collecting)
{
	if (node == NULL || node->operation == QUERY_NOT)
		return;
	if (node->operation == QUERY_TERM && (node->field == QUERY_TEXT || node->field == QUERY_ENTITY))
		add_term(collecting, node);
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

struct finding_place {
	const struct snippet_words *words;
	size_t matched[SNIPPET_WORDS_MAX]; /* words of each phrase that stood in a row up to now */
	size_t began[SNIPPET_WORDS_MAX];   /* where they did */
	size_t seen[SNIPPET_WORDS_MAX];    /* where each phrase last stood; BYTES_NOT_FOUND */
	size_t best, at;
};

static bool is_form_of(const struct snippet_phrase *wanted, struct bytes text)
{
	bool is_form = false;
	for (size_t i = 0; i < wanted->forms->count && !is_form && bytes_start_with(text, wanted->beginning); i++)
		is_form = bytes_equal(forms_at(wanted->forms, i), text);
	return is_form;
}

static bool is_word_of(const struct finding_place *finding, size_t phrase, size_t nth, struct bytes text)
{
	const struct snippet_phrase *wanted = &finding->words->phrases[phrase];
	struct bytes word = finding->words->words[wanted->from + nth];
	if (wanted->forms != NULL)
		return is_form_of(wanted, text);
	return wanted->is_prefix && nth + 1 == wanted->count ? bytes_start_with(text, word) : bytes_equal(text, word);
}

/* Whether a phrase ends with this token. */
static bool step(struct finding_place *finding, size_t phrase, const struct token *token)
{
	if (!is_word_of(finding, phrase, finding->matched[phrase], token->text)) {
		finding->matched[phrase] = 0;
		if (!is_word_of(finding, phrase, 0, token->text))
			return false;
	}
	if (finding->matched[phrase]++ == 0)
		finding->began[phrase] = token->from;
	if (finding->matched[phrase] < finding->words->phrases[phrase].count)
		return false;
	finding->matched[phrase] = 0;
	finding->seen[phrase] = finding->began[phrase];
	return true;
}

/* How much of what was asked for ends here or stands just before, and where that begins. */
static void weigh(struct finding_place *finding, size_t end)
{
	size_t weight = 0, from = end;
	for (size_t i = 0; i < finding->words->phrase_count; i++) {
		if (finding->seen[i] == BYTES_NOT_FOUND || end - finding->seen[i] > AFTER)
			continue;
		weight += finding->words->phrases[i].count;
		from = finding->seen[i] < from ? finding->seen[i] : from;
	}
	if (weight > finding->best) {
		finding->best = weight;
		finding->at = from;
	}
}

static int find_token(void *context, const struct token *token)
{
	struct finding_place *finding = context;
	bool ends_any = false;
	for (size_t i = 0; i < finding->words->phrase_count; i++)
		ends_any |= step(finding, i, token);
	if (ends_any)
		weigh(finding, token->to);
	return finding->best == finding->words->count;
}

size_t snippet_find(struct bytes text, const struct snippet_words *words, size_t *ret_at)
{
	struct finding_place finding = {.words = words};
	for (size_t i = 0; i < words->phrase_count; i++)
		finding.seen[i] = BYTES_NOT_FOUND;
	tokenizer_split(words->fold, text, false, find_token, &finding);
	if (finding.best > 0)
		*ret_at = finding.at;
	return finding.best;
}

struct marking {
	struct finding_place finding;
	struct snippet_mark *marks;
	size_t count, most;
};

/* Phrases end in the order of the text; where one begins within those before, it joins them. */
static int mark_token(void *context, const struct token *token)
{
	struct marking *marking = context;
	for (size_t i = 0; i < marking->finding.words->phrase_count; i++) {
		if (!step(&marking->finding, i, token))
			continue;
		size_t from = marking->finding.seen[i];
		while (marking->count > 0 && marking->marks[marking->count - 1].to > from) {
			size_t before = marking->marks[--marking->count].from;
			from = before < from ? before : from;
		}
		if (marking->count == marking->most)
			return 1;
		marking->marks[marking->count++] = (struct snippet_mark){from, token->to};
	}
	return 0;
}

size_t snippet_mark(struct bytes line, const struct snippet_words *words, struct snippet_mark *marks, size_t most)
{
	struct marking marking = {.finding = {.words = words}, .marks = marks, .most = most};
	tokenizer_split(words->fold, line, false, mark_token, &marking);
	return marking.count;
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

/* A better place is looked for in so many pieces behind the first. */
enum { PIECES_BEHIND = 16 };

enum status snippet_append(struct incident *incident, const struct document_view *view, const struct snippet_words *words,
                           struct buffer *into, struct failure *reterr)
{
	struct buffer piece = buffer_with_ceiling(8 * PIECE), line = buffer_with_ceiling(8 * PIECE);
	enum status status = view->has_text && words->count > 0 ? STATUS_OK : STATUS_END;
	size_t best = 0, behind = 0;
	for (uint64_t from = 0; status == STATUS_OK && best < words->count && behind < PIECES_BEHIND; from += PIECE - SEAM) {
		buffer_reset(&piece);
		status = incident_text(incident, view->content_key, from, from + PIECE, &piece, reterr);
		if (status != STATUS_OK || piece.len == 0)
			break;
		size_t at = 0, found = snippet_find(buffer_bytes(&piece), words, &at);
		behind += best > 0;
		if (found > best) {
			best = found;
			buffer_reset(&line);
			append_around(&line, buffer_bytes(&piece), at);
		}
		if (piece.len < PIECE)
			break;
	}
	buffer_append(into, buffer_bytes(&line));
	buffer_free(&piece);
	buffer_free(&line);
	return status == STATUS_END || status == STATUS_ABSENT ? STATUS_OK : status;
}
