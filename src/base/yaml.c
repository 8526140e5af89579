/* SPDX-License-Identifier: Apache-2.0 */
/* A tree built from libyaml's events, with a stack of open collections. */
#include "base/yaml.h"

#include <yaml.h>

struct open_collection {
	struct yaml_node *node, *last;
	struct yaml_node *pending; /* of a mapping: a key whose value has not come yet */
};

struct yaml_reading {
	struct arena *arena;
	const char *name;
	struct failure *reterr;
	struct open_collection stack[YAML_DEPTH_MAX];
	size_t depth, nodes;
	struct yaml_node *root;
};

static enum status refuse(const struct yaml_reading *reading, unsigned line, const char *why)
{
	return fail(reading->reterr, STATUS_USAGE, reading->name, "line %u: %s", line, why);
}

static unsigned line_of(const yaml_event_t *event)
{
	return (unsigned)event->start_mark.line + 1;
}

static struct yaml_node *new_node(struct yaml_reading *reading, enum yaml_kind kind, unsigned line)
{
	struct yaml_node *node = arena_allocate(reading->arena, sizeof *node);
	if (node != NULL)
		*node = (struct yaml_node){.kind = kind, .line = line};
	return node;
}

/* Puts a whole node where it belongs: the root, a sequence's end, or behind a mapping's pending key. */
static enum status place(struct yaml_reading *reading, struct yaml_node *node)
{
	if (reading->depth == 0) {
		reading->root = node;
		return STATUS_OK;
	}
	struct open_collection *open = &reading->stack[reading->depth - 1];
	if (open->node->kind == YAML_MAPPING) {
		node->key = open->pending->text;
		open->pending = NULL;
	}
	if (open->last == NULL)
		open->node->first = node;
	else
		open->last->next = node;
	open->last = node;
	open->node->count++;
	return STATUS_OK;
}

static enum status take_key(struct yaml_reading *reading, struct open_collection *open, struct yaml_node *key)
{
	/* Quadratic, therefore bounded: mappings of people are small, large files are sequences. */
	if (open->node->count >= 1000)
		return refuse(reading, key->line, "more than 1000 keys in one mapping");
	for (const struct yaml_node *child = open->node->first; child != NULL; child = child->next)
		if (bytes_equal(child->key, key->text))
			return refuse(reading, key->line, "the same key twice in one mapping");
	open->pending = key;
	return STATUS_OK;
}

static enum status take_scalar(struct yaml_reading *reading, const yaml_event_t *event)
{
	struct yaml_node *node = new_node(reading, YAML_SCALAR, line_of(event));
	if (node == NULL)
		return STATUS_NO_MEMORY;
	struct bytes text = bytes_of(event->data.scalar.value, event->data.scalar.length);
	node->text = arena_copy(reading->arena, text);
	if (text.len > 0 && node->text.at == NULL)
		return STATUS_NO_MEMORY;
	node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	if (bytes_find_byte(text, '\0') != BYTES_NOT_FOUND)
		return refuse(reading, node->line, "a NUL character");
	if (event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL)
		return refuse(reading, node->line, "anchors and tags are not read here");
	struct open_collection *open = reading->depth > 0 ? &reading->stack[reading->depth - 1] : NULL;
	if (open != NULL && open->node->kind == YAML_MAPPING && open->pending == NULL)
		return take_key(reading, open, node);
	return place(reading, node);
}

static enum status open_node(struct yaml_reading *reading, enum yaml_kind kind, const yaml_event_t *event, bool is_marked)
{
	unsigned line = line_of(event);
	if (is_marked)
		return refuse(reading, line, "anchors and tags are not read here");
	if (reading->depth == YAML_DEPTH_MAX)
		return refuse(reading, line, "nested too deep");
	const struct open_collection *parent = reading->depth > 0 ? &reading->stack[reading->depth - 1] : NULL;
	if (parent != NULL && parent->node->kind == YAML_MAPPING && parent->pending == NULL)
		return refuse(reading, line, "a key must be text");
	struct yaml_node *node = new_node(reading, kind, line);
	if (node == NULL)
		return STATUS_NO_MEMORY;
	enum status status = place(reading, node);
	if (status == STATUS_OK)
		reading->stack[reading->depth++] = (struct open_collection){.node = node};
	return status;
}

static enum status take_event(struct yaml_reading *reading, const yaml_event_t *event, bool *ret_over)
{
	if (++reading->nodes > YAML_NODES_MAX)
		return refuse(reading, line_of(event), "too much of it");
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return reading->root != NULL ? refuse(reading, line_of(event), "more than one document") : STATUS_OK;
	case YAML_SCALAR_EVENT: return take_scalar(reading, event);
	case YAML_SEQUENCE_START_EVENT:
		return open_node(reading, YAML_SEQUENCE, event,
		                 event->data.sequence_start.anchor != NULL || event->data.sequence_start.tag != NULL);
	case YAML_MAPPING_START_EVENT:
		return open_node(reading, YAML_MAPPING, event,
		                 event->data.mapping_start.anchor != NULL || event->data.mapping_start.tag != NULL);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT: reading->depth--; return STATUS_OK;
	case YAML_ALIAS_EVENT: return refuse(reading, line_of(event), "aliases are not read here");
	case YAML_STREAM_END_EVENT: *ret_over = true; return STATUS_OK;
	default: return STATUS_OK;
	}
}

static enum status refuse_syntax(const struct yaml_reading *reading, const yaml_parser_t *parser)
{
	if (parser->error == YAML_MEMORY_ERROR)
		return STATUS_NO_MEMORY;
	size_t line = parser->error == YAML_READER_ERROR ? parser->mark.line : parser->problem_mark.line;
	return fail(reading->reterr, STATUS_USAGE, reading->name, "line %zu: %s", line + 1,
	            parser->problem != NULL ? parser->problem : "not YAML");
}

enum status yaml_parse(struct bytes text, const char *name, struct arena *arena, const struct yaml_node **ret_root,
                       struct failure *reterr)
{
	if (text.len > YAML_SIZE_MAX)
		return fail(reterr, STATUS_USAGE, name, "larger than %u bytes", YAML_SIZE_MAX);
	struct yaml_reading reading = {.arena = arena, .name = name, .reterr = reterr};
	yaml_parser_t parser;
	if (yaml_parser_initialize(&parser) == 0)
		return STATUS_NO_MEMORY;
	yaml_parser_set_input_string(&parser, text.at != NULL ? text.at : (const unsigned char *)"", text.len);
	enum status status = STATUS_OK;
	for (bool is_over = false; status == STATUS_OK && !is_over;) {
		yaml_event_t event;
		if (yaml_parser_parse(&parser, &event) == 0) {
			status = refuse_syntax(&reading, &parser);
			break;
		}
		status = take_event(&reading, &event, &is_over);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	if (status == STATUS_OK)
		*ret_root = yaml_is_null(reading.root) ? NULL : reading.root;
	return status;
}

const struct yaml_node *yaml_find(const struct yaml_node *node, const char *key)
{
	if (node == NULL || node->kind != YAML_MAPPING)
		return NULL;
	for (const struct yaml_node *child = node->first; child != NULL; child = child->next)
		if (bytes_equal_string(child->key, key))
			return child;
	return NULL;
}

bool yaml_is_null(const struct yaml_node *node)
{
	return node == NULL || (node->kind == YAML_SCALAR && node->is_plain &&
	                        (node->text.len == 0 || bytes_equal_string(node->text, "~") ||
	                         bytes_equal_nocase(node->text, BYTES_LITERAL("null"))));
}

bool yaml_as_boolean(const struct yaml_node *node, bool *ret_value)
{
	static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};
	if (node == NULL || node->kind != YAML_SCALAR || !node->is_plain)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (bytes_equal_nocase(node->text, bytes_of_string(words[i]))) {
			*ret_value = i % 2 == 1;
			return true;
		}
	}
	return false;
}
