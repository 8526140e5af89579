/* SPDX-License-Identifier: Apache-2.0 */
/* A recursive descent over the person's text; values are checked here, so backends need not. */
#include "answer/question.h"

#include "answer/range.h"
#include "base/text.h"

#include <stdio.h>

enum { DEPTH_MAX = 64 };

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

/* ---- fields ---- */

static enum status read_text(struct asking *asking, struct bytes value, struct query_node *node)
{
	(void)asking;
	node->text = value;
	return STATUS_OK;
}

static enum status read_lower(struct asking *asking, struct bytes value, struct query_node *node)
{
	char *lower = arena_copy_string(asking->arena, value);
	if (lower == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < value.len; i++)
		if (lower[i] >= 'A' && lower[i] <= 'Z')
			lower[i] = (char)(lower[i] + ('a' - 'A'));
	node->text = bytes_of(lower, value.len);
	return STATUS_OK;
}

static enum status read_extension(struct asking *asking, struct bytes value, struct query_node *node)
{
	return read_lower(asking, value.len > 0 && value.at[0] == '.' ? bytes_from(value, 1) : value, node);
}

static enum status read_provider(struct asking *asking, struct bytes value, struct query_node *node)
{
	if (provider_from_name(value) == PROVIDER_KIND_COUNT)
		return refuse(asking, value, "is no provider; there are azure, s3, gcs and folder");
	return read_text(asking, value, node);
}

static enum status read_outcome(struct asking *asking, struct bytes value, struct query_node *node)
{
	if (outcome_from_name(value) == OUTCOME_COUNT)
		return refuse(asking, value, "is no outcome; tidemark help outcomes names them");
	return read_text(asking, value, node);
}

static enum status read_sha256(struct asking *asking, struct bytes value, struct query_node *node)
{
	enum status status = read_lower(asking, value, node);
	for (size_t i = 0; i < node->text.len && status == STATUS_OK; i++)
		if (memchr("0123456789abcdef", node->text.at[i], 16) == NULL)
			status = refuse(asking, value, "is no SHA-256: 64 hexadecimal digits");
	return status == STATUS_OK && node->text.len != 64 ? refuse(asking, value, "is no SHA-256: 64 hexadecimal digits")
	                                                    : status;
}

static enum status read_size(struct asking *asking, struct bytes value, struct query_node *node)
{
	return range_parse_size(value, &node->low, &node->high) ? STATUS_OK
		: refuse(asking, value, "is no range of sizes; write 4096, >1M, <=10k or 1k..2M");
}

static enum status read_time(struct asking *asking, struct bytes value, struct query_node *node)
{
	return range_parse_time(value, &node->low, &node->high) ? STATUS_OK
		: refuse(asking, value, "is no span of time; write 2019, 2019-03..2021, 2020-05-01 or >2020");
}

static enum status read_signed(struct asking *asking, struct bytes value, struct query_node *node)
{
	bool yes = bytes_equal_nocase(value, BYTES_LITERAL("yes")) || bytes_equal_nocase(value, BYTES_LITERAL("true"));
	bool no = bytes_equal_nocase(value, BYTES_LITERAL("no")) || bytes_equal_nocase(value, BYTES_LITERAL("false"));
	node->text = yes ? BYTES_LITERAL("true") : BYTES_LITERAL("false");
	return yes || no ? STATUS_OK : refuse(asking, value, "signed: takes yes or no");
}

static enum status read_entity(struct asking *asking, struct bytes value, struct query_node *node)
{
	size_t equals = bytes_find_byte(value, '=');
	struct bytes kind = bytes_slice(value, 0, equals);
	node->kind = finding_kind_from_name(kind);
	if (equals == BYTES_NOT_FOUND || equals + 1 == value.len || node->kind == FINDING_KIND_COUNT)
		return refuse(asking, value, "entity: takes KIND=VALUE, as entity:ip=192.0.2.1");
	return read_text(asking, bytes_from(value, equals + 1), node);
}

static enum status read_email(struct asking *asking, struct bytes value, struct query_node *node)
{
	node->kind = FINDING_EMAIL;
	return read_lower(asking, value, node);
}

static enum status read_domain(struct asking *asking, struct bytes value, struct query_node *node)
{
	node->kind = FINDING_DOMAIN;
	return read_lower(asking, value, node);
}

static const struct field {
	const char *name;
	enum query_field field;
	enum status (*read)(struct asking *asking, struct bytes value, struct query_node *node);
} fields[] = {
	{"name", QUERY_NAME, read_text}, {"path", QUERY_PATH, read_text}, {"ext", QUERY_EXTENSION, read_extension},
	{"container", QUERY_CONTAINER, read_text}, {"provider", QUERY_PROVIDER, read_provider}, {"type", QUERY_TYPE, read_lower},
	{"class", QUERY_CLASS, read_text}, {"size", QUERY_SIZE, read_size}, {"modified", QUERY_MODIFIED, read_time},
	{"exposed", QUERY_EXPOSED, read_time}, {"sha256", QUERY_SHA256, read_sha256}, {"entity", QUERY_ENTITY, read_entity},
	{"email", QUERY_ENTITY, read_email}, {"domain", QUERY_ENTITY, read_domain},
	{"organisation", QUERY_ORGANISATION, read_lower}, {"signed", QUERY_SIGNED, read_signed},
	{"outcome", QUERY_OUTCOME, read_outcome}, {"re", QUERY_REGEX, read_text},
};

static const struct field *find_field(struct bytes name)
{
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (bytes_equal_string(name, fields[i].name))
			return &fields[i];
	return NULL;
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
	return strchr(" \t\r\n()", byte) != NULL && byte != '\0';
}

static struct bytes take_word(struct asking *asking)
{
	size_t start = asking->at;
	while (asking->at < asking->text.len && !is_end_of_word(asking->text.at[asking->at]))
		asking->at++;
	return bytes_slice(asking->text, start, asking->at - start);
}

/* What stands up to the closing mark, which is passed; an open one reaches to the end. */
static struct bytes take_until(struct asking *asking, unsigned char mark)
{
	size_t start = ++asking->at;
	while (asking->at < asking->text.len && asking->text.at[asking->at] != mark)
		asking->at += mark == '/' && asking->text.at[asking->at] == '\\' && asking->at + 1 < asking->text.len ? 2 : 1;
	struct bytes taken = bytes_slice(asking->text, start, asking->at - start);
	if (asking->at < asking->text.len)
		asking->at++;
	return taken;
}

static bool takes_or(struct asking *asking)
{
	skip_spaces(asking);
	struct bytes word = rest(asking);
	if (!bytes_start_with(word, BYTES_LITERAL("OR")) || (word.len > 2 && !is_end_of_word(word.at[2])))
		return false;
	asking->at += 2;
	return true;
}

/* ---- terms ---- */

static enum status new_node(struct asking *asking, enum query_operation operation, struct query_node **ret_node)
{
	if (++asking->terms > QUESTION_TERMS_MAX)
		return fail(asking->reterr, STATUS_USAGE, "query", "has more than %d terms", QUESTION_TERMS_MAX);
	struct query_node *node = arena_allocate(asking->arena, sizeof *node);
	if (node == NULL)
		return STATUS_NO_MEMORY;
	node->operation = operation;
	node->low = INT64_MIN;
	node->high = INT64_MAX;
	*ret_node = node;
	return STATUS_OK;
}

static enum status parse_field(struct asking *asking, const struct field *field, struct query_node *node)
{
	struct bytes value;
	if (is_at(asking, '"'))
		value = take_until(asking, '"');
	else if (field->field == QUERY_REGEX && is_at(asking, '/'))
		value = take_until(asking, '/');
	else
		value = take_word(asking);
	if (value.len == 0)
		return refuse(asking, bytes_of_string(field->name), "this field has no value");
	node->field = field->field;
	return field->read(asking, value, node);
}

static enum status parse_term(struct asking *asking, const struct query_node **ret_node)
{
	struct query_node *node = NULL;
	enum status status = new_node(asking, QUERY_TERM, &node);
	if (status != STATUS_OK)
		return status;
	*ret_node = node;
	node->field = QUERY_TEXT;
	if (is_at(asking, '"')) {
		node->text = take_until(asking, '"');
		return STATUS_OK;
	}
	size_t colon = bytes_find_byte(rest(asking), ':');
	const struct field *field = colon != BYTES_NOT_FOUND ? find_field(bytes_slice(rest(asking), 0, colon)) : NULL;
	if (field != NULL) {
		asking->at += colon + 1;
		return parse_field(asking, field, node);
	}
	node->text = take_word(asking);
	if (node->text.len == 0) /* a closing parenthesis without its opening one */
		asking->at++;
	return STATUS_OK;
}

static enum status parse_group(struct asking *asking, const struct query_node **ret_node)
{
	if (++asking->depth > DEPTH_MAX)
		return fail(asking->reterr, STATUS_USAGE, "query", "is nested too deeply");
	asking->at++;
	enum status status = parse_query(asking, ret_node);
	skip_spaces(asking);
	if (is_at(asking, ')'))
		asking->at++;
	asking->depth--;
	return status;
}

static bool is_empty_term(const struct query_node *node)
{
	return node == NULL || (node->operation == QUERY_TERM && node->field == QUERY_TEXT && node->text.len == 0);
}

static enum status parse_signed(struct asking *asking, const struct query_node **ret_node)
{
	struct query_node *node = NULL;
	bool is_negated = is_at(asking, '-') && asking->at + 1 < asking->text.len &&
	                  !is_end_of_word(asking->text.at[asking->at + 1]);
	is_negated |= is_at(asking, '-') && bytes_start_with(rest(asking), BYTES_LITERAL("-("));
	if (is_negated)
		asking->at++;
	const struct query_node *inner = NULL;
	enum status status = is_at(asking, '(') ? parse_group(asking, &inner) : parse_term(asking, &inner);
	if (status != STATUS_OK || !is_negated || is_empty_term(inner)) {
		*ret_node = inner;
		return status;
	}
	status = new_node(asking, QUERY_NOT, &node);
	if (status != STATUS_OK)
		return status;
	const struct query_node **children = arena_allocate(asking->arena, sizeof *children);
	if (children == NULL)
		return STATUS_NO_MEMORY;
	children[0] = inner;
	node->children = children;
	node->child_count = 1;
	*ret_node = node;
	return STATUS_OK;
}

/* Gathers children under one node; none makes NULL, one makes itself. */
static enum status gather(struct asking *asking, enum query_operation operation,
                          enum status (*parse_child)(struct asking *, const struct query_node **),
                          bool (*goes_on)(struct asking *), const struct query_node **ret_node)
{
	const struct query_node *children[QUESTION_TERMS_MAX];
	size_t count = 0;
	struct query_node *node = NULL;
	enum status status = STATUS_OK;
	do {
		const struct query_node *child = NULL;
		status = parse_child(asking, &child);
		if (status == STATUS_OK && !is_empty_term(child))
			children[count++] = child;
	} while (status == STATUS_OK && count < QUESTION_TERMS_MAX && goes_on(asking));
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

static bool has_term(struct asking *asking)
{
	size_t before = asking->at;
	skip_spaces(asking);
	if (asking->at == asking->text.len || (is_at(asking, ')') && asking->depth > 0))
		return false;
	bool is_or = takes_or(asking);
	if (is_or)
		asking->at = before;
	return !is_or;
}

static enum status parse_all(struct asking *asking, const struct query_node **ret_node)
{
	*ret_node = NULL;
	if (!has_term(asking))
		return STATUS_OK;
	return gather(asking, QUERY_ALL, parse_signed, has_term, ret_node);
}

static enum status parse_query(struct asking *asking, const struct query_node **ret_node)
{
	return gather(asking, QUERY_ANY, parse_all, takes_or, ret_node);
}

enum status question_parse(struct bytes text, struct arena *arena, const struct query_node **ret_root,
                           struct failure *reterr)
{
	struct asking asking = {.text = text, .arena = arena, .reterr = reterr};
	if (!text_is_valid(text))
		return fail(reterr, STATUS_USAGE, "query", "is not UTF-8");
	const struct query_node *root = NULL;
	enum status status = parse_query(&asking, &root);
	if (status == STATUS_OK)
		*ret_root = root;
	return status;
}
