/* SPDX-License-Identifier: Apache-2.0 */
/* Recursive descent, bounded in depth; members are found by walking, for there are few. */
#include "base/json-value.h"

#include "base/buffer.h"
#include "base/text.h"

struct parser {
	struct bytes text;
	size_t at;
	unsigned depth;
	struct arena *arena;
	enum status failed;
};

static bool refuse(struct parser *parser, enum status status)
{
	if (parser->failed == STATUS_OK)
		parser->failed = status;
	return false;
}

static int look(const struct parser *parser)
{
	return parser->at < parser->text.len ? parser->text.at[parser->at] : -1;
}

static void skip_blanks(struct parser *parser)
{
	for (int c = look(parser); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = look(parser))
		parser->at++;
}

static bool takes(struct parser *parser, char wanted)
{
	skip_blanks(parser);
	if (look(parser) != wanted)
		return false;
	parser->at++;
	return true;
}

/* ---- strings ---- */

static bool read_hex4(struct parser *parser, uint32_t *ret_unit)
{
	uint32_t unit = 0;
	for (int i = 0; i < 4; i++) {
		int c = look(parser);
		int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
		if (digit < 0)
			return refuse(parser, STATUS_MALFORMED);
		unit = unit << 4 | (uint32_t)digit;
		parser->at++;
	}
	*ret_unit = unit;
	return true;
}

static bool read_unicode_escape(struct parser *parser, struct buffer *into)
{
	uint32_t unit, low;
	unsigned char utf8[4];
	if (!read_hex4(parser, &unit))
		return false;
	if (unit >= 0xD800 && unit < 0xDC00) {
		if (!bytes_start_with(bytes_from(parser->text, parser->at), BYTES_LITERAL("\\u")))
			return refuse(parser, STATUS_MALFORMED);
		parser->at += 2;
		if (!read_hex4(parser, &low))
			return false;
		if (low < 0xDC00 || low > 0xDFFF)
			return refuse(parser, STATUS_MALFORMED);
		unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
	}
	size_t length = unit > 0 ? text_encode(unit, utf8) : 0;
	if (length == 0)
		return refuse(parser, STATUS_MALFORMED);
	buffer_append(into, bytes_of(utf8, length));
	return true;
}

static bool read_escape(struct parser *parser, struct buffer *into)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	int c = look(parser);
	parser->at++;
	if (c == 'u')
		return read_unicode_escape(parser, into);
	const char *found = c > 0 ? strchr(letters, c) : NULL;
	if (found == NULL)
		return refuse(parser, STATUS_MALFORMED);
	buffer_append_byte(into, (unsigned char)meant[found - letters]);
	return true;
}

/* From behind the first quotation mark on, where escapes stand in it. */
static bool read_escaped(struct parser *parser, struct bytes *ret_text)
{
	struct buffer text = buffer_with_ceiling(parser->text.len);
	bool is_good = true;
	for (int c; is_good && (c = look(parser)) != '"';) {
		parser->at++;
		if (c == '\\')
			is_good = read_escape(parser, &text);
		else if (c < 0x20)
			is_good = refuse(parser, STATUS_MALFORMED);
		else
			buffer_append_byte(&text, (unsigned char)c);
	}
	struct bytes kept = BYTES_NONE;
	if (is_good && text.len > 0 &&
	    (buffer_status(&text) != STATUS_OK || (kept = arena_copy(parser->arena, buffer_bytes(&text))).at == NULL))
		is_good = refuse(parser, STATUS_NO_MEMORY);
	buffer_free(&text);
	parser->at++;
	if (is_good)
		*ret_text = kept;
	return is_good;
}

static bool read_string(struct parser *parser, struct bytes *ret_text)
{
	skip_blanks(parser);
	if (look(parser) != '"')
		return refuse(parser, STATUS_MALFORMED);
	size_t start = ++parser->at;
	for (int c; (c = look(parser)) != '"'; parser->at++) {
		if (c == '\\') {
			parser->at = start;
			return read_escaped(parser, ret_text);
		}
		if (c < 0x20)
			return refuse(parser, STATUS_MALFORMED);
	}
	*ret_text = bytes_slice(parser->text, start, parser->at++ - start);
	return true;
}

/* ---- values ---- */

static bool read_value(struct parser *parser, struct json_value *value);

static bool read_digits(struct parser *parser)
{
	size_t start = parser->at;
	while (look(parser) >= '0' && look(parser) <= '9')
		parser->at++;
	return parser->at > start || refuse(parser, STATUS_MALFORMED);
}

static bool read_number(struct parser *parser, struct json_value *value)
{
	size_t start = parser->at;
	if (look(parser) == '-')
		parser->at++;
	bool begins_with_zero = look(parser) == '0';
	size_t whole = parser->at;
	if (!read_digits(parser) || (begins_with_zero && parser->at > whole + 1))
		return refuse(parser, STATUS_MALFORMED);
	if (look(parser) == '.') {
		parser->at++;
		if (!read_digits(parser))
			return false;
	}
	if ((look(parser) | 32) == 'e') {
		parser->at++;
		if (look(parser) == '+' || look(parser) == '-')
			parser->at++;
		if (!read_digits(parser))
			return false;
	}
	value->kind = JSON_NUMBER;
	value->text = bytes_slice(parser->text, start, parser->at - start);
	return true;
}

static bool read_word(struct parser *parser, struct json_value *value)
{
	static const struct {
		const char *word;
		enum json_kind kind;
	} words[] = {{"null", JSON_NULL}, {"false", JSON_FALSE}, {"true", JSON_TRUE}};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!bytes_start_with(bytes_from(parser->text, parser->at), bytes_of_string(words[i].word)))
			continue;
		parser->at += strlen(words[i].word);
		value->kind = words[i].kind;
		return true;
	}
	return refuse(parser, STATUS_MALFORMED);
}

static bool read_item(struct parser *parser, bool is_member, struct json_value *item, const struct json_value *first)
{
	if (!is_member)
		return read_value(parser, item);
	if (!read_string(parser, &item->name))
		return false;
	for (const struct json_value *other = first; other != NULL; other = other->next)
		if (bytes_equal(other->name, item->name))
			return refuse(parser, STATUS_MALFORMED);
	return (takes(parser, ':') || refuse(parser, STATUS_MALFORMED)) && read_value(parser, item);
}

static bool read_items(struct parser *parser, struct json_value *value, char last)
{
	struct json_value *before = NULL;
	value->kind = last == '}' ? JSON_OBJECT : JSON_ARRAY;
	if (takes(parser, last))
		return true;
	do {
		struct json_value *item = arena_allocate(parser->arena, sizeof *item);
		if (item == NULL)
			return refuse(parser, STATUS_NO_MEMORY);
		if (!read_item(parser, last == '}', item, value->first))
			return false;
		if (before == NULL)
			value->first = item;
		else
			before->next = item;
		before = item;
	} while (takes(parser, ','));
	return takes(parser, last) || refuse(parser, STATUS_MALFORMED);
}

static bool read_value(struct parser *parser, struct json_value *value)
{
	skip_blanks(parser);
	int c = look(parser);
	if (c == '"') {
		value->kind = JSON_STRING;
		return read_string(parser, &value->text);
	}
	if (c != '{' && c != '[')
		return c == '-' || (c >= '0' && c <= '9') ? read_number(parser, value) : read_word(parser, value);
	if (++parser->depth > JSON_DEPTH_MAX)
		return refuse(parser, STATUS_MALFORMED);
	parser->at++;
	bool is_good = read_items(parser, value, c == '{' ? '}' : ']');
	parser->depth--;
	return is_good;
}

enum status json_parse(struct bytes text, struct arena *arena, const struct json_value **ret_value)
{
	struct parser parser = {.text = text, .arena = arena};
	struct json_value *value = arena_allocate(arena, sizeof *value);
	if (value == NULL)
		return STATUS_NO_MEMORY;
	if (!text_is_valid(text) || bytes_find_byte(text, 0) != BYTES_NOT_FOUND)
		return STATUS_MALFORMED;
	if (!read_value(&parser, value))
		return parser.failed;
	skip_blanks(&parser);
	if (parser.at != text.len)
		return STATUS_MALFORMED;
	*ret_value = value;
	return STATUS_OK;
}

const struct json_value *json_find(const struct json_value *value, const char *name)
{
	if (value == NULL || value->kind != JSON_OBJECT)
		return NULL;
	for (const struct json_value *member = value->first; member != NULL; member = member->next)
		if (bytes_equal_string(member->name, name))
			return member;
	return NULL;
}

struct bytes json_text_of(const struct json_value *value, const char *name)
{
	const struct json_value *member = json_find(value, name);
	return member != NULL && member->kind == JSON_STRING ? member->text : BYTES_NONE;
}

bool json_number_of(const struct json_value *value, const char *name, uint64_t *ret_number)
{
	const struct json_value *member = json_find(value, name);
	return member != NULL && member->kind == JSON_NUMBER && bytes_parse_u64(member->text, ret_number);
}
