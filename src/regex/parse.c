/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a pattern to a tree. Nesting and the size of the pattern are bounded;
 * whatever cannot be matched in linear time is refused with its reason.
 */
#include "regex/regex.h"

#include "regex/tree.h"
#include "base/text.h"

#include <stdlib.h>

enum { NESTING_MAX = 100, REPEAT_MAX = 1000 };

struct regex_parser {
	struct bytes pattern;
	size_t at;
	unsigned nesting;
	bool ignores_case;
	struct regex_program *program;
	uint32_t class_count, class_room;
	enum status status;
	struct failure *reterr;
};

static void refuse(struct regex_parser *parser, const char *why)
{
	if (parser->status == STATUS_OK)
		parser->status = fail(parser->reterr, STATUS_USAGE, "regular expression", "at %zu: %s", parser->at + 1, why);
}

static void *allocate(struct regex_parser *parser, size_t size)
{
	void *at = arena_allocate(&parser->program->arena, size);
	if (at == NULL && parser->status == STATUS_OK)
		parser->status = fail(parser->reterr, STATUS_NO_MEMORY, "regular expression", "memory is used up");
	return at;
}

static struct regex_node *make_node(struct regex_parser *parser, enum regex_node_kind kind)
{
	struct regex_node *node = allocate(parser, sizeof *node);
	if (node != NULL)
		node->kind = kind;
	return node;
}

static void add_child(struct regex_node *parent, struct regex_node *child)
{
	if (parent == NULL || child == NULL)
		return;
	if (parent->last != NULL)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
}

/* ---- characters of the pattern ---- */

static bool at_end(const struct regex_parser *parser)
{
	return parser->at >= parser->pattern.len || parser->status != STATUS_OK;
}

static bool looks_at(const struct regex_parser *parser, const char *text)
{
	return !at_end(parser) && bytes_start_with(bytes_from(parser->pattern, parser->at), bytes_of_string(text));
}

static bool accept(struct regex_parser *parser, const char *text)
{
	if (!looks_at(parser, text))
		return false;
	parser->at += strlen(text);
	return true;
}

static uint32_t take_point(struct regex_parser *parser)
{
	uint32_t point = 0;
	parser->at += text_decode(bytes_from(parser->pattern, parser->at), &point);
	return point;
}

static int hex_value(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static uint32_t take_hex(struct regex_parser *parser, unsigned most, bool exactly)
{
	uint32_t value = 0;
	unsigned digits = 0;
	for (; digits < most && !at_end(parser) && hex_value(parser->pattern.at[parser->at]) >= 0; digits++)
		value = value * 16 + (uint32_t)hex_value(parser->pattern.at[parser->at++]);
	if (digits == 0 || (exactly && digits != most) || value > 0x10FFFF)
		refuse(parser, "hexadecimal digits of a code point are missing");
	return value;
}

static uint32_t take_hex_escape(struct regex_parser *parser)
{
	if (!accept(parser, "{"))
		return take_hex(parser, 2, true);
	uint32_t value = take_hex(parser, 6, false);
	if (!accept(parser, "}"))
		refuse(parser, "} is missing");
	return value;
}

/* What follows a backslash and is one code point. */
static uint32_t escaped_point(struct regex_parser *parser, uint32_t c)
{
	switch (c) {
	case 't': return '\t';
	case 'n': return '\n';
	case 'r': return '\r';
	case 'f': return '\f';
	case 'v': return '\v';
	case 'x': return take_hex_escape(parser);
	case 'u': return take_hex(parser, 4, true);
	default: break;
	}
	if ((c >= '1' && c <= '9') || c == 'k')
		refuse(parser, "a reference back cannot be matched in linear time");
	else if (c < 128 && text_is_word(c))
		refuse(parser, "this escape is not known");
	return c;
}

static unsigned escaped_kind(uint32_t c)
{
	switch (c) {
	case 'd': return REGEX_DIGIT;
	case 'D': return REGEX_NOT_DIGIT;
	case 's': return REGEX_SPACE;
	case 'S': return REGEX_NOT_SPACE;
	case 'w': return REGEX_WORD;
	case 'W': return REGEX_NOT_WORD;
	default: return 0;
	}
}

/* ---- classes ---- */

static void fill_ascii(struct regex_class *class)
{
	for (uint32_t point = 0; point < 128; point++)
		if (regex_class_has(class, point))
			class->ascii[point / 64] |= (uint64_t)1 << (point % 64);
}

static struct regex_node *class_node(struct regex_parser *parser, struct regex_class class)
{
	struct regex_program *program = parser->program;
	struct regex_node *node = make_node(parser, NODE_CLASS);
	if (parser->class_count == parser->class_room) {
		uint32_t room = parser->class_room ? parser->class_room * 2 : 16;
		struct regex_class *classes = realloc(program->classes, room * sizeof *classes);
		if (classes == NULL) {
			parser->status = fail(parser->reterr, STATUS_NO_MEMORY, "regular expression", "memory is used up");
			return NULL;
		}
		program->classes = classes;
		parser->class_room = room;
	}
	class.ignores_case = parser->ignores_case;
	fill_ascii(&class);
	if (node != NULL)
		node->class = parser->class_count;
	program->classes[parser->class_count++] = class;
	return node;
}

static struct regex_node *point_node(struct regex_parser *parser, uint32_t point)
{
	struct regex_range *range = allocate(parser, sizeof *range);
	if (range == NULL)
		return NULL;
	*range = (struct regex_range){point, point};
	return class_node(parser, (struct regex_class){.ranges = range, .range_count = 1});
}

static struct regex_node *any_node(struct regex_parser *parser)
{
	struct regex_node *node = point_node(parser, '\n');
	if (node == NULL)
		return NULL;
	struct regex_class *class = &parser->program->classes[node->class];
	class->is_negated = true;
	class->ascii[0] = ~class->ascii[0];
	class->ascii[1] = ~class->ascii[1];
	return node;
}

/* One end of a range, or a kind. */
static uint32_t take_class_point(struct regex_parser *parser, unsigned *ret_kind)
{
	uint32_t c = take_point(parser);
	*ret_kind = 0;
	if (c != '\\')
		return c;
	if (at_end(parser)) {
		refuse(parser, "] is missing");
		return 0;
	}
	c = take_point(parser);
	*ret_kind = escaped_kind(c);
	if (*ret_kind != 0)
		return 0;
	return c == 'b' ? '\b' : escaped_point(parser, c);
}

static void take_class_part(struct regex_parser *parser, struct regex_class *class, struct regex_range *ranges)
{
	unsigned kind, high_kind;
	struct regex_range range;
	range.low = range.high = take_class_point(parser, &kind);
	if (kind != 0) {
		class->kinds |= kind;
		return;
	}
	if (looks_at(parser, "-") && !looks_at(parser, "-]")) {
		parser->at++;
		if (at_end(parser))
			return;
		range.high = take_class_point(parser, &high_kind);
		if (high_kind != 0 || range.high < range.low)
			refuse(parser, "a range ends before it begins");
	}
	ranges[class->range_count++] = range;
}

static struct regex_node *parse_class(struct regex_parser *parser)
{
	struct regex_class class = {.is_negated = accept(parser, "^")};
	size_t from = parser->at;
	struct regex_range *ranges = allocate(parser, (parser->pattern.len - from) * sizeof *ranges + sizeof *ranges);
	class.ranges = ranges;
	while (!at_end(parser) && (parser->at == from || !looks_at(parser, "]")))
		take_class_part(parser, &class, ranges);
	if (!accept(parser, "]"))
		refuse(parser, "] is missing");
	return parser->status == STATUS_OK ? class_node(parser, class) : NULL;
}

/* ---- the tree ---- */

static struct regex_node *parse_choice(struct regex_parser *parser);

static struct regex_node *edge_node(struct regex_parser *parser, enum regex_edge edge)
{
	struct regex_node *node = make_node(parser, NODE_EDGE);
	if (node != NULL)
		node->edge = edge;
	return node;
}

static struct regex_node *parse_escape(struct regex_parser *parser)
{
	if (at_end(parser)) {
		refuse(parser, "a backslash stands at the end");
		return NULL;
	}
	uint32_t c = take_point(parser);
	if (c == 'b' || c == 'B')
		return edge_node(parser, c == 'b' ? REGEX_WORD_EDGE : REGEX_NO_WORD_EDGE);
	unsigned kind = escaped_kind(c);
	if (kind != 0)
		return class_node(parser, (struct regex_class){.kinds = kind});
	c = escaped_point(parser, c);
	return parser->status == STATUS_OK ? point_node(parser, c) : NULL;
}

/* Behind "(?". */
static bool parse_group_kind(struct regex_parser *parser, bool *ret_is_switch)
{
	*ret_is_switch = false;
	if (accept(parser, ":"))
		return true;
	if (accept(parser, "i:")) {
		parser->ignores_case = true;
		return true;
	}
	if (accept(parser, "i)")) {
		parser->ignores_case = true;
		*ret_is_switch = true;
		return true;
	}
	if (looks_at(parser, "=") || looks_at(parser, "!") || looks_at(parser, "<=") || looks_at(parser, "<!"))
		refuse(parser, "looking ahead or behind cannot be matched in linear time");
	else
		refuse(parser, "this kind of group is not known");
	return false;
}

static struct regex_node *parse_group(struct regex_parser *parser)
{
	bool ignored_case = parser->ignores_case, is_switch = false;
	if (++parser->nesting > NESTING_MAX)
		refuse(parser, "it is nested too deeply");
	if (accept(parser, "?") && parse_group_kind(parser, &is_switch) && is_switch) {
		parser->nesting--;
		return make_node(parser, NODE_NOTHING);
	}
	struct regex_node *inner = at_end(parser) ? NULL : parse_choice(parser);
	if (!accept(parser, ")"))
		refuse(parser, ") is missing");
	parser->nesting--;
	parser->ignores_case = ignored_case;
	return inner;
}

static struct regex_node *parse_atom(struct regex_parser *parser)
{
	if (accept(parser, "("))
		return parse_group(parser);
	if (accept(parser, "["))
		return parse_class(parser);
	if (accept(parser, "\\"))
		return parse_escape(parser);
	if (accept(parser, "."))
		return any_node(parser);
	if (accept(parser, "^"))
		return edge_node(parser, REGEX_START);
	if (accept(parser, "$"))
		return edge_node(parser, REGEX_END);
	if (looks_at(parser, "*") || looks_at(parser, "+") || looks_at(parser, "?")) {
		refuse(parser, "there is nothing to repeat");
		return NULL;
	}
	uint32_t point = take_point(parser);
	if (point == TEXT_INVALID) {
		refuse(parser, "it is not UTF-8");
		return NULL;
	}
	return point_node(parser, point);
}

static int take_number(struct regex_parser *parser)
{
	int value = 0;
	size_t from = parser->at;
	while (!at_end(parser) && parser->pattern.at[parser->at] >= '0' && parser->pattern.at[parser->at] <= '9') {
		if (value <= REPEAT_MAX)
			value = value * 10 + (parser->pattern.at[parser->at] - '0');
		parser->at++;
	}
	return parser->at > from ? value : REGEX_ENDLESS;
}

/* Behind "{"; false if it is no repetition: then the brace is a brace. */
static bool parse_bounds(struct regex_parser *parser, int *ret_low, int *ret_high)
{
	size_t from = parser->at;
	int low = take_number(parser), high = low;
	if (accept(parser, ","))
		high = take_number(parser);
	if (low == REGEX_ENDLESS || !accept(parser, "}")) {
		parser->at = from;
		return false;
	}
	if (low > REPEAT_MAX || high > REPEAT_MAX)
		refuse(parser, "it repeats more than 1000 times");
	else if (high != REGEX_ENDLESS && high < low)
		refuse(parser, "a repetition ends before it begins");
	*ret_low = low;
	*ret_high = high;
	return true;
}

static bool parse_repetition(struct regex_parser *parser, int *ret_low, int *ret_high)
{
	size_t from = parser->at;
	if (accept(parser, "*")) {
		*ret_low = 0;
		*ret_high = REGEX_ENDLESS;
	} else if (accept(parser, "+")) {
		*ret_low = 1;
		*ret_high = REGEX_ENDLESS;
	} else if (accept(parser, "?")) {
		*ret_low = 0;
		*ret_high = 1;
	} else if (!accept(parser, "{")) {
		return false;
	} else if (!parse_bounds(parser, ret_low, ret_high)) {
		parser->at = from;
		return false;
	}
	accept(parser, "?");
	if (looks_at(parser, "+"))
		refuse(parser, "a possessive repetition cannot be matched in linear time");
	return true;
}

static struct regex_node *parse_piece(struct regex_parser *parser)
{
	int low, high;
	struct regex_node *node = parse_atom(parser);
	for (unsigned times = 0; node != NULL && !at_end(parser) && parse_repetition(parser, &low, &high); times++) {
		if (times == NESTING_MAX)
			refuse(parser, "it is nested too deeply");
		struct regex_node *repeat = make_node(parser, NODE_REPEAT);
		if (repeat == NULL)
			return NULL;
		repeat->low = low;
		repeat->high = high;
		repeat->first = node;
		node = repeat;
	}
	return node;
}

static struct regex_node *parse_row(struct regex_parser *parser)
{
	struct regex_node *row = make_node(parser, NODE_ROW);
	while (!at_end(parser) && !looks_at(parser, "|") && !looks_at(parser, ")")) {
		bool is_brace = accept(parser, "{");
		add_child(row, is_brace ? point_node(parser, '{') : parse_piece(parser));
	}
	return row;
}

static struct regex_node *parse_choice(struct regex_parser *parser)
{
	struct regex_node *choice = make_node(parser, NODE_CHOICE);
	do
		add_child(choice, parse_row(parser));
	while (accept(parser, "|"));
	return choice;
}

enum status regex_parse(struct bytes pattern, struct regex_program *program, const struct regex_node **ret_tree,
                        struct failure *reterr)
{
	struct regex_parser parser = {.pattern = pattern, .program = program, .reterr = reterr};
	struct regex_node *tree = parse_choice(&parser);
	if (!at_end(&parser))
		refuse(&parser, "a ) has no (");
	if (parser.status == STATUS_OK)
		*ret_tree = tree;
	return parser.status;
}
