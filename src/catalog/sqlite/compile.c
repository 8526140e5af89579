/* SPDX-License-Identifier: Apache-2.0 */
/* The tree of a query, walked once. */
#include "catalog/sqlite/compile.h"

#include "base/digest.h"
#include "catalog/names.h"
#include "catalog/sqlite/document.h"
#include "catalog/sqlite/host.h"
#include "catalog/sqlite/match.h"
#include "catalog/sqlite/word-index.h"
#include "regex/regex.h"
#include "words/forms.h"

#include <stdio.h>

struct compiler {
	struct compiled *to;
	struct fold *fold;
	enum query_in in;
	unsigned nodes, depth;
	bool is_negative; /* below an odd number of nots: no ranking */
	enum status status;
	struct failure *reterr;
};

static void run_out(struct compiler *compiler)
{
	if (compiler->status == STATUS_OK)
		compiler->status = fail(compiler->reterr, STATUS_NO_MEMORY, "query", "memory is used up");
}

static void add(struct compiler *compiler, const char *sql)
{
	buffer_append_string(&compiler->to->condition, sql);
}

static void add_parameter(struct compiler *compiler, struct parameter parameter)
{
	size_t nth = compiler->to->parameters.len / sizeof parameter;
	buffer_append(&compiler->to->parameters, bytes_of(&parameter, sizeof parameter));
	buffer_append_format(&compiler->to->condition, "?%zu", FIRST_PARAMETER + nth);
}

static void add_integer(struct compiler *compiler, int64_t value)
{
	add_parameter(compiler, (struct parameter){.kind = PARAMETER_INTEGER, .integer = value});
}

static void add_bytes(struct compiler *compiler, enum parameter_kind kind, struct bytes bytes)
{
	struct bytes kept = arena_copy(&compiler->to->arena, bytes);
	if (kept.at == NULL)
		run_out(compiler);
	add_parameter(compiler, (struct parameter){.kind = kind, .bytes = kept});
}

static void add_text(struct compiler *compiler, struct bytes text)
{
	add_bytes(compiler, PARAMETER_TEXT, text);
}

static void add_blob(struct compiler *compiler, struct bytes blob)
{
	add_bytes(compiler, PARAMETER_BLOB, blob);
}

/* ---- words ---- */

static void add_words_in_contents(struct compiler *compiler, struct bytes expression)
{
	add(compiler, "SELECT n.number FROM document n WHERE n.content IN (SELECT rowid FROM words WHERE words MATCH ");
	add_text(compiler, expression);
	add(compiler, ")");
}

/* What a text term asks the two indexes. */
struct wording {
	struct forms forms; /* none: the text is taken as it stands */
	struct bytes text;  /* what paths are held against, cut as `how` says */
	enum match_words how;
	struct buffer expression; /* of the index of words */
	struct buffer question;   /* of the index of names; empty where it cannot tell */
	struct buffer forms_text;
};

static void add_words_in_names(struct compiler *compiler, const struct wording *wording)
{
	add(compiler, "SELECT d.number FROM document d WHERE ");
	if (wording->question.len > 0) {
		add(compiler, "d.number IN (");
		add(compiler, names_candidates);
		add_text(compiler, buffer_bytes(&wording->question));
		add(compiler, ") AND ");
	}
	add(compiler, "tm_words(" DOCUMENT_SHOWN ", ");
	add_blob(compiler, wording->text);
	add(compiler, ", ");
	add_integer(compiler, wording->how);
	add(compiler, ")");
}

static void rank_by(struct compiler *compiler, const struct wording *wording)
{
	struct buffer *words = &compiler->to->words;
	if (compiler->is_negative)
		return;
	if (words->len > 0)
		buffer_append_string(words, " OR ");
	buffer_append(words, buffer_bytes(&wording->expression));
	if (!phrases_add(compiler->to->phrases, wording->text, wording->how))
		run_out(compiler);
}

/* A term without a letter or digit asks for nothing. */
static bool is_wordless(struct compiler *compiler, const struct query_node *node)
{
	struct buffer expression = buffer_with_ceiling(SIZE_MAX / 2);
	bool has_words = word_index_ask(compiler->fold, node->text, node->is_prefix, &expression);
	if (buffer_status(&expression) != STATUS_OK)
		run_out(compiler);
	buffer_free(&expression);
	return node->operation == QUERY_TERM && node->field == QUERY_TEXT && !has_words;
}

/* A path that has a form has what they all begin with. */
static void word_forms(struct compiler *compiler, struct wording *wording)
{
	for (size_t i = 0; i < wording->forms.count; i++) {
		struct bytes form = forms_at(&wording->forms, i);
		if (i > 0) {
			buffer_append_string(&wording->expression, " OR ");
			buffer_append_byte(&wording->forms_text, ' ');
		}
		word_index_ask(compiler->fold, form, false, &wording->expression);
		buffer_append(&wording->forms_text, form);
	}
	names_ask_phrase(compiler->fold, forms_beginning(&wording->forms), true, &wording->question);
	wording->text = buffer_bytes(&wording->forms_text);
	wording->how = MATCH_ANY;
}

/* False if it has no words. */
static bool word_phrase(struct compiler *compiler, const struct query_node *node, struct wording *wording)
{
	bool has_question = names_ask_phrase(compiler->fold, node->text, node->is_prefix, &wording->question);
	wording->text = node->text;
	wording->how = node->is_prefix ? MATCH_AS_BEGINNING : MATCH_IN_A_ROW;
	return word_index_ask(compiler->fold, node->text, node->is_prefix, &wording->expression) &&
	       (has_question || node->is_prefix);
}

static void compile_text(struct compiler *compiler, const struct query_node *node)
{
	struct wording wording = {.expression = buffer_with_ceiling(SIZE_MAX / 2),
	                          .question = buffer_with_ceiling(SIZE_MAX / 2),
	                          .forms_text = buffer_with_ceiling(SIZE_MAX / 2)};
	bool has_forms = node->takes_forms && !compiler->is_negative && forms_make(compiler->fold, node->text, &wording.forms);
	if (has_forms)
		word_forms(compiler, &wording);
	if (!has_forms && !word_phrase(compiler, node, &wording)) {
		add(compiler, "0");
	} else {
		add(compiler, "d.number IN (");
		if (compiler->in != QUERY_IN_NAMES)
			add_words_in_contents(compiler, buffer_bytes(&wording.expression));
		if (compiler->in == QUERY_IN_ALL)
			add(compiler, " UNION ALL ");
		if (compiler->in != QUERY_IN_CONTENTS)
			add_words_in_names(compiler, &wording);
		add(compiler, ")");
		rank_by(compiler, &wording);
	}
	const struct buffer *const made[] = {&wording.expression, &wording.question, &wording.forms_text};
	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		if (buffer_status(made[i]) != STATUS_OK)
			run_out(compiler);
	buffer_free(&wording.expression);
	buffer_free(&wording.question);
	buffer_free(&wording.forms_text);
}

/* ---- names ---- */

/* "d.number IN (candidates) AND ", where the index can tell. */
static void add_candidates(struct compiler *compiler, struct bytes folded)
{
	struct buffer question = buffer_with_ceiling(SIZE_MAX / 2);
	if (names_ask_substring(folded, &question)) {
		add(compiler, "d.number IN (");
		add(compiler, names_candidates);
		add_text(compiler, buffer_bytes(&question));
		add(compiler, ") AND ");
	}
	if (buffer_status(&question) != STATUS_OK)
		run_out(compiler);
	buffer_free(&question);
}

static void compile_substring(struct compiler *compiler, const struct query_node *node)
{
	struct buffer folded = buffer_with_ceiling(SIZE_MAX / 2);
	struct bytes pattern = node->text;
	for (size_t star = 0; star != BYTES_NOT_FOUND; pattern = bytes_from(pattern, star + 1)) {
		size_t from = folded.len;
		star = bytes_find_byte(pattern, QUERY_STAR);
		fold_append(compiler->fold, &folded, bytes_slice(pattern, 0, star == BYTES_NOT_FOUND ? pattern.len : star));
		add_candidates(compiler, bytes_from(buffer_bytes(&folded), from));
		if (star == BYTES_NOT_FOUND)
			break;
		buffer_append_byte(&folded, QUERY_STAR);
	}
	add(compiler, "tm_contains(" DOCUMENT_SHOWN ", ");
	add_blob(compiler, buffer_bytes(&folded));
	add(compiler, node->field == QUERY_NAME ? ", 1)" : ", 0)");
	if (buffer_status(&folded) != STATUS_OK)
		run_out(compiler);
	buffer_free(&folded);
}

static void compile_extension(struct compiler *compiler, const struct query_node *node)
{
	struct buffer folded = buffer_with_ceiling(SIZE_MAX / 2);
	struct bytes text = node->text;
	if (text.len > 0 && text.at[0] == '.')
		text = bytes_from(text, 1);
	buffer_append_byte(&folded, '.');
	fold_append(compiler->fold, &folded, text);
	add_candidates(compiler, buffer_bytes(&folded));
	add(compiler, "tm_extension(" DOCUMENT_SHOWN ", ");
	add_blob(compiler, bytes_from(buffer_bytes(&folded), 1));
	add(compiler, ")");
	if (buffer_status(&folded) != STATUS_OK)
		run_out(compiler);
	buffer_free(&folded);
}

static void compile_regex(struct compiler *compiler, const struct query_node *node)
{
	struct regex *regex = NULL;
	compiler->status = regex_compile(node->text, &regex, compiler->reterr);
	if (compiler->status != STATUS_OK)
		return;
	add(compiler, "tm_regex(" DOCUMENT_SHOWN ", ");
	add_parameter(compiler, (struct parameter){.kind = PARAMETER_REGEX, .regex = regex});
	add(compiler, ")");
	if (buffer_status(&compiler->to->parameters) != STATUS_OK)
		regex_free(regex);
}

/* ---- other fields ---- */

static void compile_container(struct compiler *compiler, const struct query_node *node)
{
	add(compiler, "d.container IN (SELECT number FROM container WHERE name = ");
	add_blob(compiler, node->text);
	add(compiler, " OR account || '/' || name = ");
	add_text(compiler, node->text);
	add(compiler, " OR url = ");
	add_text(compiler, node->text);
	add(compiler, ")");
}

static void compile_provider(struct compiler *compiler, const struct query_node *node)
{
	add(compiler, "d.container IN (SELECT number FROM container WHERE provider = ");
	add_integer(compiler, provider_from_name(node->text));
	add(compiler, ")");
}

/* "text/plain", or all that begin so where it ends in "/" or ".". */
static void compile_type(struct compiler *compiler, const struct query_node *node)
{
	struct bytes text = node->text;
	bool is_beginning = bytes_end_with(text, BYTES_LITERAL("/")) || bytes_end_with(text, BYTES_LITERAL("."));
	add(compiler, "d.content IN (SELECT c.number FROM content c JOIN label l ON l.number = c.media_type WHERE lower(");
	if (is_beginning)
		buffer_append_format(&compiler->to->condition, "substr(l.text, 1, %zu)) = ", text.len);
	else
		add(compiler, "l.text) = ");
	add_text(compiler, text);
	add(compiler, ")");
}

/* Of a column of content that holds words of ours. */
static void compile_label(struct compiler *compiler, const char *column, struct bytes word)
{
	add(compiler, "d.content IN (SELECT c.number FROM content c WHERE c.");
	add(compiler, column);
	add(compiler, " > 0 AND c.");
	add(compiler, column);
	add(compiler, " = (SELECT l.number FROM label l WHERE l.text = ");
	add_text(compiler, word);
	add(compiler, "))");
}

static void compile_range(struct compiler *compiler, const char *column, const struct query_node *node)
{
	add(compiler, column);
	add(compiler, " BETWEEN ");
	add_integer(compiler, node->low);
	add(compiler, " AND ");
	add_integer(compiler, node->high);
}

static void compile_exposed(struct compiler *compiler, const struct query_node *node)
{
	add(compiler, "EXISTS (SELECT 1 FROM document o WHERE o.number = d.object AND o.exposed_first <= ");
	add_integer(compiler, node->high);
	add(compiler, " AND o.exposed_last >= ");
	add_integer(compiler, node->low);
	add(compiler, ")");
}

static void compile_sha256(struct compiler *compiler, const struct query_node *node)
{
	unsigned char digest[DIGEST_SHA256_SIZE];
	if (digest_parse_hex(node->text, digest, sizeof digest) != STATUS_OK) {
		add(compiler, "0");
		return;
	}
	add(compiler, "d.sha256 = ");
	add_blob(compiler, bytes_of(digest, sizeof digest));
}

/* A domain is also where its addresses and its hosts are. */
static void add_hosts_of(struct compiler *compiler, struct bytes domain)
{
	struct buffer host = buffer_with_ceiling(SIZE_MAX / 2);
	host_append_reversed(&host, domain);
	add(compiler, "e.host >= ");
	add_text(compiler, buffer_bytes(&host));
	if (host.len > 0)
		host.at[host.len - 1]++;
	add(compiler, " AND e.host < ");
	add_text(compiler, buffer_bytes(&host));
	if (buffer_status(&host) != STATUS_OK)
		run_out(compiler);
	buffer_free(&host);
}

/* The host of "*@contoso.com": an index has it. */
static struct bytes host_of_any(const struct query_node *node)
{
	struct bytes any = bytes_of((const char[]){QUERY_STAR, '@'}, 2), host = bytes_from(node->text, 2);
	bool is_any = node->kind == FINDING_EMAIL && bytes_start_with(node->text, any) && host.len > 0 &&
	              bytes_find_byte(host, QUERY_STAR) == BYTES_NOT_FOUND;
	return is_any ? host : BYTES_NONE;
}

/* As GLOB has it, in which all but our stars stand for themselves. */
static void add_glob(struct compiler *compiler, struct bytes pattern)
{
	struct buffer glob = buffer_with_ceiling(SIZE_MAX / 2);
	for (size_t i = 0; i < pattern.len; i++) {
		unsigned char byte = pattern.at[i];
		if (byte == QUERY_STAR)
			buffer_append_byte(&glob, '*');
		else if (byte == '*' || byte == '?' || byte == '[')
			buffer_append_format(&glob, "[%c]", byte);
		else
			buffer_append_byte(&glob, byte);
	}
	add_text(compiler, buffer_bytes(&glob));
	if (buffer_status(&glob) != STATUS_OK)
		run_out(compiler);
	buffer_free(&glob);
}

static void add_kind(struct compiler *compiler, enum finding_kind kind)
{
	add(compiler, "e.kind = ");
	add_integer(compiler, kind);
	add(compiler, " AND ");
}

static void compile_entity(struct compiler *compiler, const struct query_node *node)
{
	struct bytes host = host_of_any(node);
	add(compiler, "d.content IN (SELECT o.content FROM entity e JOIN occurrence o ON o.entity = e.number WHERE ");
	if (node->kind == FINDING_DOMAIN) {
		add_hosts_of(compiler, node->text);
	} else if (host.len > 0) {
		struct buffer reversed = buffer_with_ceiling(SIZE_MAX / 2);
		host_append_reversed(&reversed, host);
		add_kind(compiler, node->kind);
		add(compiler, "e.host = ");
		add_text(compiler, buffer_bytes(&reversed));
		if (buffer_status(&reversed) != STATUS_OK)
			run_out(compiler);
		buffer_free(&reversed);
	} else {
		bool has_star = bytes_find_byte(node->text, QUERY_STAR) != BYTES_NOT_FOUND;
		add_kind(compiler, node->kind);
		add(compiler, has_star ? "e.value GLOB " : "e.value = ");
		has_star ? add_glob(compiler, node->text) : add_text(compiler, node->text);
	}
	add(compiler, ")");
}

static void compile_organisation(struct compiler *compiler, const struct query_node *node)
{
	add(compiler, "(d.content IN (SELECT a.content FROM organisation g JOIN attribution a ON "
	              "a.organisation = g.number"
	              " WHERE g.domain = ");
	add_text(compiler, node->text);
	add(compiler, ") OR d.number IN (SELECT p.document FROM organisation g JOIN placement p ON "
	              "p.organisation = g.number WHERE g.domain = ");
	add_text(compiler, node->text);
	add(compiler, "))");
}

static void compile_outcome(struct compiler *compiler, const struct query_node *node)
{
	const char *between = "d.outcome IN (";
	for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
		if ((node->outcomes & (UINT64_C(1) << outcome)) == 0)
			continue;
		add(compiler, between);
		add_integer(compiler, outcome);
		between = ", ";
	}
	add(compiler, node->outcomes != 0 ? ")" : "0");
}

static void compile_term(struct compiler *compiler, const struct query_node *node)
{
	switch (node->field) {
	case QUERY_TEXT: compile_text(compiler, node); break;
	case QUERY_NAME:
	case QUERY_PATH: compile_substring(compiler, node); break;
	case QUERY_EXTENSION: compile_extension(compiler, node); break;
	case QUERY_CONTAINER: compile_container(compiler, node); break;
	case QUERY_PROVIDER: compile_provider(compiler, node); break;
	case QUERY_TYPE: compile_type(compiler, node); break;
	case QUERY_SIZE: compile_range(compiler, "d.size", node); break;
	case QUERY_DATED: compile_range(compiler, DOCUMENT_DATED, node); break;
	case QUERY_MODIFIED: compile_range(compiler, "d.modified", node); break;
	case QUERY_EXPOSED: compile_exposed(compiler, node); break;
	case QUERY_SHA256: compile_sha256(compiler, node); break;
	case QUERY_ENTITY: compile_entity(compiler, node); break;
	case QUERY_ORGANISATION: compile_organisation(compiler, node); break;
	case QUERY_OUTCOME: compile_outcome(compiler, node); break;
	case QUERY_REGEX: compile_regex(compiler, node); break;
	case QUERY_CARVED: add(compiler, "d.content IN (SELECT content FROM occurrence WHERE carved > 0)"); break;
	case QUERY_GONE:
		add(compiler, "EXISTS (SELECT 1 FROM document o WHERE o.number = d.object AND o.gone_at IS NOT NULL)");
		break;
	case QUERY_CLASS: compile_label(compiler, "class", node->text); break;
	case QUERY_SIGNED: compile_label(compiler, "signing", node->text); break;
	}
}

/* ---- the tree ---- */

static void compile_node(struct compiler *compiler, const struct query_node *node);

static void compile_children(struct compiler *compiler, const struct query_node *node)
{
	bool is_all = node->operation == QUERY_ALL, any = false;
	add(compiler, "(");
	for (size_t i = 0; i < node->child_count; i++) {
		if (is_wordless(compiler, node->children[i]))
			continue;
		if (any)
			add(compiler, is_all ? " AND " : " OR ");
		compile_node(compiler, node->children[i]);
		any = true;
	}
	add(compiler, any ? ")" : "0)");
}

static void compile_node(struct compiler *compiler, const struct query_node *node)
{
	if (compiler->status != STATUS_OK)
		return;
	if (++compiler->nodes > QUERY_NODES_MAX || compiler->depth >= QUERY_DEPTH_MAX) {
		compiler->status = fail(compiler->reterr, STATUS_USAGE, "query", "it is too long; ask for fewer terms");
		return;
	}
	compiler->depth++;
	switch (node->operation) {
	case QUERY_ALL:
	case QUERY_ANY: compile_children(compiler, node); break;
	case QUERY_NOT:
		compiler->is_negative = !compiler->is_negative;
		add(compiler, "(");
		for (size_t i = 0; i < node->child_count && i < 1; i++)
			compile_node(compiler, node->children[i]);
		add(compiler, ") IS NOT TRUE");
		compiler->is_negative = !compiler->is_negative;
		break;
	case QUERY_TERM:
		add(compiler, "(");
		compile_term(compiler, node);
		add(compiler, ")");
		break;
	}
	compiler->depth--;
}

enum status compile_query(const struct query *query, struct fold *fold, struct compiled *ret, struct failure *reterr)
{
	*ret = (struct compiled){
		.arena = arena_with_ceiling(64u << 20),
		.condition = buffer_with_ceiling(16u << 20),
		.parameters = buffer_with_ceiling(1u << 20),
		.words = buffer_with_ceiling(16u << 20),
		.phrases = phrases_new(fold),
	};
	struct compiler compiler = {.to = ret, .fold = fold, .in = query->in, .reterr = reterr};
	if (ret->phrases == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "query", "memory is used up");
	if (query->root == NULL)
		add(&compiler, "1");
	else
		compile_node(&compiler, query->root);
	const struct buffer *const made[] = {&ret->condition, &ret->parameters, &ret->words};
	for (size_t i = 0; i < sizeof made / sizeof *made && compiler.status == STATUS_OK; i++) {
		if (buffer_status(made[i]) == STATUS_TOO_LARGE)
			compiler.status = fail(reterr, STATUS_USAGE, "query", "it is too long; ask for fewer terms");
		else if (buffer_status(made[i]) != STATUS_OK)
			run_out(&compiler);
	}
	return compiler.status;
}

static struct parameter parameter_at(const struct compiled *compiled, size_t nth)
{
	struct parameter parameter;
	memcpy(&parameter, compiled->parameters.at + nth * sizeof parameter, sizeof parameter);
	return parameter;
}

static size_t parameter_count(const struct compiled *compiled)
{
	return compiled->parameters.len / sizeof(struct parameter);
}

void compiled_bind(const struct compiled *compiled, sqlite3_stmt *statement)
{
	for (size_t i = 0; statement != NULL && i < parameter_count(compiled); i++) {
		struct parameter parameter = parameter_at(compiled, i);
		int at = FIRST_PARAMETER + (int)i;
		switch (parameter.kind) {
		case PARAMETER_INTEGER: bind_integer(statement, at, parameter.integer); break;
		case PARAMETER_REAL: bind_real(statement, at, parameter.real); break;
		case PARAMETER_TEXT: bind_text(statement, at, parameter.bytes); break;
		case PARAMETER_BLOB: bind_blob(statement, at, parameter.bytes); break;
		case PARAMETER_REGEX: sqlite3_bind_pointer(statement, at, parameter.regex, MATCH_REGEX, NULL); break;
		}
	}
}

void compiled_free(struct compiled *compiled)
{
	for (size_t i = 0; i < parameter_count(compiled); i++)
		if (parameter_at(compiled, i).kind == PARAMETER_REGEX)
			regex_free(parameter_at(compiled, i).regex);
	phrases_free(compiled->phrases);
	buffer_free(&compiled->condition);
	buffer_free(&compiled->parameters);
	buffer_free(&compiled->words);
	arena_free(&compiled->arena);
}
