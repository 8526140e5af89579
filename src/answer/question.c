/* SPDX-License-Identifier: Apache-2.0 */
/* A recursive descent over the person's text. What cannot be meant is refused: an answer to another question would look right. */
#include "answer/question.h"

#include "answer/field.h"
#include "base/text.h"

#include <ctype.h>
#include <stdio.h>

enum { DEPTH_MAX = 64, FIELD_NAME_MAX = 32 };

struct asking {
	struct bytes text;
	size_t at;
	unsigned depth, terms;
	struct arena *arena;
	struct failure *reterr;
};

static enum status parse_query(struct asking *asking, const struct query_node **ret_node);

static enum status refuse(const struct asking *asking, struct bytes what, const char *why)
{
	char where[160];
	snprintf(where, sizeof where, "%.*s", (int)(what.len < 150 ? what.len : 150), (const char *)what.at);
	return fail(asking->reterr, STATUS_USAGE, where, "%s", why);
}

/* ---- tokens ---- */

static struct bytes rest(const struct asking *asking)
{
	return bytes_from(asking->text, asking->at);
}

static void skip_spaces(struct asking *asking)
{
	while (asking->at < asking->text.len && strchr(" \t\r\n", asking->text.at[asking->at]) != NULL)
		asking->at++;
}

static bool is_at(const struct asking *asking, unsigned char byte)
{
	return asking->at < asking->text.len && asking->text.at[asking->at] == byte;
}

static bool is_end_of_word(unsigned char byte)
{
	return strchr(" \t\r\n()", byte) != NULL;
}

static bool takes_operator(struct asking *asking, const char *operator)
{
	size_t length = strlen(operator);
	skip_spaces(asking);
	struct bytes word = rest(asking);
	if (!bytes_start_with(word, bytes_of_string(operator)) || (word.len > length && !is_end_of_word(word.at[length])))
		return false;
	asking->at += length;
	return true;
}

/* What stands at the end, or where something else closes, is no term. */
static bool is_at_end(struct asking *asking)
{
	skip_spaces(asking);
	return asking->at == asking->text.len || is_at(asking, ')');
}

/* ---- texts ---- */

/* What stands for itself behind a backslash; any other backslash is one. */
static bool is_escapable(unsigned char byte)
{
	return strchr(":\"()*,\\-", byte) != NULL;
}

static bool is_escape(const struct asking *asking)
{
	return is_at(asking, '\\') && asking->at + 1 < asking->text.len && is_escapable(asking->text.at[asking->at + 1]);
}

/* Up to a white space or parenthesis, or to a comma if that parts values. Escapes are undone, stars become QUERY_STAR. */
static struct bytes take_word(struct asking *asking, bool ends_at_comma)
{
	size_t start = asking->at, length = 0;
	for (; asking->at < asking->text.len; asking->at += is_escape(asking) ? 2 : 1)
		if (!is_escape(asking) && (is_end_of_word(asking->text.at[asking->at]) || (is_at(asking, ',') && ends_at_comma)))
			break;
	struct bytes written = bytes_slice(asking->text, start, asking->at - start);
	unsigned char *word = arena_allocate(asking->arena, written.len + 1);
	for (size_t i = 0; word != NULL && i < written.len; i++) {
		bool is_escaped = written.at[i] == '\\' && i + 1 < written.len && is_escapable(written.at[i + 1]);
		i += is_escaped;
		word[length++] = written.at[i] == '*' && !is_escaped ? QUERY_STAR : written.at[i];
	}
	return bytes_of(word, length);
}

/* Within quotation marks only these need one. */
static bool is_quoted_escape(struct bytes text, size_t at)
{
	return text.at[at] == '\\' && at + 1 < text.len && (text.at[at + 1] == '"' || text.at[at + 1] == '\\');
}

/* What stands up to the closing quotation mark, which is passed. */
static enum status take_quoted(struct asking *asking, struct bytes *ret_text)
{
	struct bytes from_mark = rest(asking);
	size_t end = 1, length = 0;
	while (end < from_mark.len && from_mark.at[end] != '"')
		end += is_quoted_escape(from_mark, end) ? 2 : 1;
	if (end >= from_mark.len)
		return refuse(asking, from_mark, "this quotation mark is never closed");
	unsigned char *text = arena_allocate(asking->arena, end);
	if (text == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 1; i < end; i++) {
		i += is_quoted_escape(from_mark, i);
		text[length++] = from_mark.at[i];
	}
	asking->at += end + 1;
	*ret_text = bytes_of(text, length);
	return STATUS_OK;
}

/* Between slashes, a backslash before one of its own. */
static enum status take_regex(struct asking *asking, struct bytes *ret_text)
{
	struct bytes from_slash = rest(asking);
	size_t start = ++asking->at;
	while (asking->at < asking->text.len && asking->text.at[asking->at] != '/')
		asking->at += asking->text.at[asking->at] == '\\' && asking->at + 1 < asking->text.len ? 2 : 1;
	if (asking->at >= asking->text.len)
		return refuse(asking, from_slash, "this regular expression is never closed by a slash");
	*ret_text = bytes_slice(asking->text, start, asking->at - start);
	asking->at++;
	return STATUS_OK;
}

/* ---- terms ---- */

static enum status new_node(struct asking *asking, enum query_operation operation, struct query_node **ret_node)
{
	if (++asking->terms > QUESTION_TERMS_MAX)
		return fail(asking->reterr, STATUS_USAGE, "query", "has more than %d terms", QUESTION_TERMS_MAX);
	struct query_node *node = arena_allocate(asking->arena, sizeof *node);
	if (node == NULL)
		return STATUS_NO_MEMORY;
	*node = (struct query_node){.operation = operation, .low = INT64_MIN, .high = INT64_MAX};
	*ret_node = node;
	return STATUS_OK;
}

static enum status take_value(struct asking *asking, const struct question_field *field, struct bytes *ret_value)
{
	if (is_at(asking, '"'))
		return take_quoted(asking, ret_value);
	if (field_is_regex(field) && is_at(asking, '/'))
		return take_regex(asking, ret_value);
	*ret_value = take_word(asking, field_takes_list(field));
	return ret_value->at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status parse_value(struct asking *asking, const struct question_field *field, struct query_node **ret_node)
{
	struct bytes value = BYTES_NONE;
	enum status status = take_value(asking, field, &value);
	if (status != STATUS_OK)
		return status;
	if (value.len == 0)
		return refuse(asking, bytes_of_string(field_name(field)), "this field has no value; \\: is a colon of the text");
	status = new_node(asking, QUERY_TERM, ret_node);
	if (status == STATUS_OK)
		status = field_read(field, value, asking->arena, *ret_node, &asking->terms, asking->reterr);
	return status;
}

/* One value, or either of several. */
static enum status parse_values(struct asking *asking, const struct question_field *field, const struct query_node **ret_node)
{
	const struct query_node *values[QUESTION_TERMS_MAX];
	size_t count = 0;
	enum status status;
	do {
		struct query_node *value = NULL;
		status = parse_value(asking, field, &value);
		values[count++] = value;
		asking->at += status == STATUS_OK && field_takes_list(field) && is_at(asking, ',') ? 1 : 0;
	} while (status == STATUS_OK && count < QUESTION_TERMS_MAX && asking->text.at[asking->at - 1] == ',');
	*ret_node = values[0];
	if (status != STATUS_OK || count == 1)
		return status;
	struct query_node *either = NULL;
	const struct query_node **children = arena_allocate(asking->arena, count * sizeof(struct query_node *));
	status = children != NULL ? new_node(asking, QUERY_ANY, &either) : STATUS_NO_MEMORY;
	if (status != STATUS_OK)
		return status;
	memcpy(children, values, count * sizeof(struct query_node *));
	either->children = children;
	either->child_count = count;
	*ret_node = either;
	return STATUS_OK;
}

/* A name before a colon. */
static struct bytes name_of_field(const struct asking *asking)
{
	struct bytes text = rest(asking);
	size_t length = 0;
	while (length < text.len && length < FIELD_NAME_MAX && (isalnum(text.at[length]) || text.at[length] == '_'))
		length++;
	bool is_name = length > 0 && length < text.len && isalpha(text.at[0]) && text.at[length] == ':';
	return bytes_slice(text, 0, is_name ? length : 0);
}

static enum status refuse_field(struct asking *asking, struct bytes name)
{
	char why[160];
	const char *nearest = field_nearest(name);
	snprintf(why, sizeof why, "there is no such field; %s%s%s\\: is a colon of the text",
	         nearest != NULL ? "did you mean " : "", nearest != NULL ? nearest : "tidemark help search names them",
	         nearest != NULL ? "? " : ", ");
	return refuse(asking, bytes_slice(rest(asking), 0, name.len + 1), why);
}

/* A star alone asks for everything, as no words do. */
static enum status read_star(struct asking *asking, struct bytes written, struct query_node *node)
{
	size_t star = bytes_find_byte(node->text, QUERY_STAR);
	if (star == BYTES_NOT_FOUND)
		return STATUS_OK;
	node->is_prefix = star > 0;
	if (star + 1 != node->text.len)
		return refuse(
			asking, written,
			"a star ends a word; within one it is taken by name: and path: alone, and \\* is a star of the text");
	node->text.len = star;
	return STATUS_OK;
}

static enum status parse_words(struct asking *asking, const struct query_node **ret_node)
{
	struct query_node *node = NULL;
	enum status status = new_node(asking, QUERY_TERM, &node);
	if (status != STATUS_OK)
		return status;
	*ret_node = node;
	node->field = QUERY_TEXT;
	if (is_at(asking, '"'))
		return take_quoted(asking, &node->text);
	struct bytes from_word = rest(asking);
	size_t start = asking->at;
	node->text = take_word(asking, false);
	struct bytes written = bytes_slice(from_word, 0, asking->at - start);
	node->takes_forms = bytes_find_byte(node->text, QUERY_STAR) == BYTES_NOT_FOUND;
	return node->text.at != NULL ? read_star(asking, written, node) : STATUS_NO_MEMORY;
}

static enum status parse_term(struct asking *asking, const struct query_node **ret_node)
{
	struct bytes name = name_of_field(asking);
	const struct question_field *field = name.len > 0 ? field_find(name) : NULL;
	bool is_scheme = bytes_start_with(bytes_from(rest(asking), name.len), BYTES_LITERAL("://"));
	if (name.len == 0 || (field == NULL && is_scheme))
		return parse_words(asking, ret_node);
	if (field == NULL)
		return refuse_field(asking, name);
	asking->at += name.len + 1;
	return parse_values(asking, field, ret_node);
}

static enum status parse_group(struct asking *asking, const struct query_node **ret_node)
{
	struct bytes from_parenthesis = rest(asking);
	if (++asking->depth > DEPTH_MAX)
		return fail(asking->reterr, STATUS_USAGE, "query", "is nested too deeply");
	asking->at++;
	*ret_node = NULL;
	enum status status = is_at_end(asking) ? STATUS_OK : parse_query(asking, ret_node);
	if (status != STATUS_OK)
		return status;
	skip_spaces(asking);
	if (!is_at(asking, ')'))
		return refuse(asking, from_parenthesis, "this parenthesis is never closed");
	asking->at++;
	asking->depth--;
	return STATUS_OK;
}

/* ---- operators ---- */

static bool is_empty_term(const struct query_node *node)
{
	return node == NULL || (node->operation == QUERY_TERM && node->field == QUERY_TEXT && node->text.len == 0);
}

static enum status negate(struct asking *asking, const struct query_node **node)
{
	struct query_node *negation = NULL;
	enum status status = is_empty_term(*node) ? STATUS_OK : new_node(asking, QUERY_NOT, &negation);
	if (status != STATUS_OK || negation == NULL)
		return status;
	const struct query_node **children = arena_allocate(asking->arena, sizeof *children);
	if (children == NULL)
		return STATUS_NO_MEMORY;
	children[0] = *node;
	negation->children = children;
	negation->child_count = 1;
	*node = negation;
	return STATUS_OK;
}

static enum status lacks_term(const struct asking *asking, const char *operator)
{
	char why[120];
	snprintf(why, sizeof why, "%s stands before or between terms; \"%s\" in quotation marks is the word", operator, operator);
	return refuse(asking, bytes_of_string(operator), why);
}

static bool takes_minus(struct asking *asking)
{
	bool is_minus = is_at(asking, '-') && asking->at + 1 < asking->text.len &&
	                (asking->text.at[asking->at + 1] == '(' || !is_end_of_word(asking->text.at[asking->at + 1]));
	asking->at += is_minus;
	return is_minus;
}

static enum status parse_signed(struct asking *asking, const struct query_node **ret_node)
{
	bool is_negated = false;
	while (takes_operator(asking, "NOT")) {
		is_negated = !is_negated;
		if (is_at_end(asking))
			return lacks_term(asking, "NOT");
	}
	if (takes_operator(asking, "AND"))
		return lacks_term(asking, "AND");
	if (takes_operator(asking, "OR"))
		return lacks_term(asking, "OR");
	if (takes_minus(asking))
		is_negated = !is_negated;
	if (is_at(asking, ')'))
		return refuse(asking, rest(asking), "this parenthesis closes none");
	enum status status = is_at(asking, '(') ? parse_group(asking, ret_node) : parse_term(asking, ret_node);
	return status == STATUS_OK && is_negated ? negate(asking, ret_node) : status;
}

/* Terms beside each other go on until OR, a closing parenthesis or the end. */
static enum status goes_on_beside(struct asking *asking, bool *ret_goes_on)
{
	if (takes_operator(asking, "AND")) {
		*ret_goes_on = true;
		return is_at_end(asking) ? lacks_term(asking, "AND") : STATUS_OK;
	}
	size_t before = asking->at;
	*ret_goes_on = !takes_operator(asking, "OR") && !(asking->depth > 0 ? is_at_end(asking) : asking->at == asking->text.len);
	asking->at = before;
	return STATUS_OK;
}

static enum status goes_on_with_or(struct asking *asking, bool *ret_goes_on)
{
	*ret_goes_on = takes_operator(asking, "OR");
	return *ret_goes_on && is_at_end(asking) ? lacks_term(asking, "OR") : STATUS_OK;
}

/* Gathers children under one node; none makes NULL, one makes itself. */
static enum status gather(struct asking *asking, enum query_operation operation,
                          enum status (*parse_child)(struct asking *, const struct query_node **),
                          enum status (*goes_on)(struct asking *, bool *), const struct query_node **ret_node)
{
	const struct query_node *children[QUESTION_TERMS_MAX];
	size_t count = 0;
	struct query_node *node = NULL;
	bool has_more = true;
	enum status status = STATUS_OK;
	while (status == STATUS_OK && has_more && count < QUESTION_TERMS_MAX) {
		const struct query_node *child = NULL;
		status = parse_child(asking, &child);
		if (status == STATUS_OK && !is_empty_term(child))
			children[count++] = child;
		if (status == STATUS_OK)
			status = goes_on(asking, &has_more);
	}
	*ret_node = count == 1 ? children[0] : NULL;
	if (status != STATUS_OK || count < 2)
		return status;
	status = new_node(asking, operation, &node);
	const struct query_node **kept = arena_allocate(asking->arena, count * sizeof(struct query_node *));
	if (status != STATUS_OK || kept == NULL)
		return status != STATUS_OK ? status : STATUS_NO_MEMORY;
	memcpy(kept, children, count * sizeof(struct query_node *));
	node->children = kept;
	node->child_count = count;
	*ret_node = node;
	return STATUS_OK;
}

static enum status parse_all(struct asking *asking, const struct query_node **ret_node)
{
	return gather(asking, QUERY_ALL, parse_signed, goes_on_beside, ret_node);
}

static enum status parse_query(struct asking *asking, const struct query_node **ret_node)
{
	return gather(asking, QUERY_ANY, parse_all, goes_on_with_or, ret_node);
}

enum status question_parse(struct bytes text, struct arena *arena, const struct query_node **ret_root, struct failure *reterr)
{
	struct asking asking = {.text = text, .arena = arena, .reterr = reterr};
	if (!text_is_valid(text) || bytes_find_byte(text, '\0') != BYTES_NOT_FOUND)
		return fail(reterr, STATUS_USAGE, "query", "is not UTF-8");
	const struct query_node *root = NULL;
	skip_spaces(&asking);
	enum status status = asking.at == text.len ? STATUS_OK : parse_query(&asking, &root);
	if (status == STATUS_OK)
		*ret_root = root;
	return status;
}

const char *question_field_at(size_t nth, char *name, size_t name_size)
{
	const struct question_field *field = field_at(nth);
	if (field == NULL)
		return NULL;
	snprintf(name, name_size, "%s:%s", field_name(field), field_value_name(field));
	return field_help(field);
}

uint64_t question_kinds(const struct query_node *root)
{
	uint64_t kinds = 0;
	if (root == NULL)
		return 0;
	if (root->operation == QUERY_TERM && root->field == QUERY_ENTITY)
		kinds = FINDING_KIND_BIT(root->kind);
	for (size_t i = 0; i < root->child_count; i++)
		kinds |= question_kinds(root->children[i]);
	return kinds;
}
