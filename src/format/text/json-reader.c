/* SPDX-License-Identifier: Apache-2.0 */
/* JSON into lines: see the header. */
#include "format/text/json-reader.h"

#include "base/text.h"

#include <stdlib.h>

enum { KEYS_SHOWN = 3, PATH_SHOWN = 96, PLAIN_KEY_MAX = 40, KEY_MAX = 1 << 20, LITERAL_MAX = 4096, FLUSH_AT = 1 << 16 };

struct json_level {
	size_t path_len, shown_from; /* of the reader's path: its end for this level, and where showing it begins */
	unsigned keys_shown;
	bool is_array, has_items;
	bool is_led; /* an array whose path was shown before one of its items, or around it */
};

enum status json_reader_start(struct json_reader *json, struct emitter *emitter)
{
	*json = (struct json_reader){.emitter = emitter};
	json->out = buffer_with_ceiling(SIZE_MAX / 4);
	json->path = buffer_with_ceiling((JSON_READER_DEPTH_MAX + 1) * (PLAIN_KEY_MAX + 1));
	json->key = buffer_with_ceiling(KEY_MAX);
	json->literal = buffer_with_ceiling(LITERAL_MAX);
	json->levels = calloc(JSON_READER_DEPTH_MAX + 1, sizeof *json->levels);
	return json->levels ? STATUS_OK : STATUS_NO_MEMORY;
}

void json_reader_finish(struct json_reader *json)
{
	buffer_free(&json->out);
	buffer_free(&json->path);
	buffer_free(&json->key);
	buffer_free(&json->literal);
	free(json->levels);
}

static struct json_level *top(struct json_reader *json)
{
	return &json->levels[json->depth];
}

/* ---- what is shown ---- */

static enum status flush(struct json_reader *json)
{
	enum status status = buffer_status(&json->out);
	if (status == STATUS_OK && json->emitter != NULL && json->out.len > 0) {
		status = emit_text(json->emitter, buffer_bytes(&json->out));
		json->is_refused = status != STATUS_OK;
	}
	buffer_reset(&json->out);
	return status;
}

/* A word of a program: shown as part of a path. Others may be data themselves: addresses, names, dates. */
static bool is_plain(struct bytes key)
{
	for (size_t i = 0; i < key.len; i++) {
		unsigned char c = key.at[i];
		bool is_word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		if (!is_word && c != '_' && c != '-' && c != '$')
			return false;
	}
	return key.len > 0 && key.len <= PLAIN_KEY_MAX;
}

/* Begins the line of a value. */
static void put_prefix(struct json_reader *json)
{
	const struct json_level *level = top(json);
	struct bytes path = bytes_slice(buffer_bytes(&json->path), level->shown_from, level->path_len - level->shown_from);
	if (json->beyond > 0 || (level->is_array && level->is_led))
		return;
	if (json->has_key && !json->is_plain_key)
		path = BYTES_NONE;
	buffer_append(&json->out, path);
	if (json->has_key && path.len > 0)
		buffer_append_byte(&json->out, '/');
	if (json->has_key)
		buffer_append(&json->out, buffer_bytes(&json->key));
	if (json->has_key || path.len > 0)
		buffer_append_string(&json->out, ": ");
}

/* The path of a level that begins under the current key. */
static void extend_path(struct json_reader *json, struct json_level *level)
{
	if (!json->has_key)
		return;
	if (!json->is_plain_key) {
		buffer_append(&json->out, buffer_bytes(&json->key));
		buffer_append_string(&json->out, ":\n");
		level->shown_from = level->path_len;
		level->keys_shown = 0;
		return;
	}
	if (level->path_len > level->shown_from)
		buffer_append_byte(&json->path, '/');
	buffer_append(&json->path, buffer_bytes(&json->key));
	level->path_len = json->path.len;
	for (level->keys_shown++; level->keys_shown > KEYS_SHOWN || level->path_len - level->shown_from > PATH_SHOWN;
	     level->keys_shown--)
		level->shown_from += bytes_find_byte(bytes_from(buffer_bytes(&json->path), level->shown_from), '/') + 1;
}

/* ---- structure ---- */

static enum status begin_container(struct json_reader *json, bool is_array)
{
	const struct json_level *outer = top(json);
	if (json->depth == JSON_READER_DEPTH_MAX) {
		json->is_too_deep = true;
		json->has_key = false;
		json->beyond = 1;
		return STATUS_OK;
	}
	struct json_level level = {.path_len = outer->path_len,
	                           .shown_from = outer->shown_from,
	                           .keys_shown = outer->keys_shown,
	                           .is_array = is_array,
	                           .is_led = outer->is_array && outer->is_led};
	extend_path(json, &level);
	json->has_key = false;
	json->levels[++json->depth] = level;
	json->expects = is_array ? JSON_EXPECTS_ITEM : JSON_EXPECTS_KEY;
	return buffer_status(&json->path);
}

static void end_value(struct json_reader *json)
{
	top(json)->has_items = top(json)->is_led = true;
	json->has_key = false;
	json->tokens++;
	json->expects = json->depth == 0 ? JSON_EXPECTS_TOP : JSON_EXPECTS_COMMA;
	json->documents += json->depth == 0;
}

static enum status end_container(struct json_reader *json, bool is_array)
{
	const struct json_level *level = top(json);
	bool may_end = json->expects == JSON_EXPECTS_COMMA || json->expects == (is_array ? JSON_EXPECTS_ITEM : JSON_EXPECTS_KEY);
	if (json->depth == 0 || level->is_array != is_array || !may_end)
		return STATUS_MALFORMED;
	/* An empty one still shows the path that leads to it. */
	if (!level->has_items && level->path_len > json->levels[json->depth - 1].path_len) {
		put_prefix(json);
		buffer_append_byte(&json->out, '\n');
	}
	json->depth--;
	buffer_truncate(&json->path, top(json)->path_len);
	end_value(json);
	return STATUS_OK;
}

static bool expects_value(const struct json_reader *json)
{
	return json->expects == JSON_EXPECTS_VALUE || json->expects == JSON_EXPECTS_ITEM;
}

static void end_line(struct json_reader *json)
{
	buffer_append_byte(&json->out, '\n');
	end_value(json);
}

/* ---- strings ---- */

static struct buffer *string_target(struct json_reader *json)
{
	return json->is_key ? &json->key : &json->out;
}

static enum status begin_string(struct json_reader *json)
{
	json->is_key = json->beyond == 0 && json->expects == JSON_EXPECTS_KEY;
	if (!json->is_key && json->beyond == 0 && !expects_value(json))
		return STATUS_MALFORMED;
	json->lexeme = JSON_STRING;
	if (json->is_key)
		buffer_reset(&json->key);
	else
		put_prefix(json);
	return STATUS_OK;
}

static void end_string(struct json_reader *json)
{
	json->lexeme = JSON_NONE;
	if (!json->is_key) {
		end_line(json);
		return;
	}
	json->has_key = true;
	json->is_plain_key = is_plain(buffer_bytes(&json->key));
	json->expects = JSON_EXPECTS_COLON;
	top(json)->has_items = true;
}

static void put_code_point(struct json_reader *json, uint32_t code_point)
{
	unsigned char utf8[4];
	size_t length = text_encode(code_point, utf8);
	if (length == 0)
		length = text_encode(0xFFFD, utf8);
	buffer_append(string_target(json), bytes_of(utf8, length));
}

/* A high surrogate waits for its low half; alone it is nothing. */
static void drop_high_surrogate(struct json_reader *json)
{
	if (json->high_surrogate != 0)
		put_code_point(json, 0xFFFD);
	json->high_surrogate = 0;
}

static void end_unicode(struct json_reader *json)
{
	uint32_t unit = json->code_unit;
	json->lexeme = JSON_STRING;
	if (unit >= 0xDC00 && unit < 0xE000 && json->high_surrogate != 0) {
		put_code_point(json, 0x10000 + ((json->high_surrogate - 0xD800) << 10) + (unit - 0xDC00));
		json->high_surrogate = 0;
		return;
	}
	drop_high_surrogate(json);
	if (unit >= 0xD800 && unit < 0xDC00)
		json->high_surrogate = unit;
	else
		put_code_point(json, unit);
}

static enum status take_hex(struct json_reader *json, unsigned char c)
{
	unsigned digit = c >= '0' && c <= '9' ? c - (unsigned)'0' : (c | 0x20u) - 'a' + 10;
	if (digit > 15 || (c < '0') || (c > '9' && c < 'A'))
		return STATUS_MALFORMED;
	json->code_unit = json->code_unit << 4 | digit;
	if (++json->hex_digits == 4)
		end_unicode(json);
	return STATUS_OK;
}

static enum status take_escape(struct json_reader *json, unsigned char c)
{
	static const char escapes[] = "\"\"\\\\//b\bf\fn\nr\rt\t''";
	json->lexeme = JSON_STRING;
	if (c == 'u') {
		json->lexeme = JSON_UNICODE;
		json->hex_digits = 0;
		json->code_unit = 0;
		return STATUS_OK;
	}
	drop_high_surrogate(json);
	for (size_t i = 0; i + 1 < sizeof escapes; i += 2)
		if ((unsigned char)escapes[i] == c) {
			buffer_append_byte(string_target(json), (unsigned char)escapes[i + 1]);
			return STATUS_OK;
		}
	return STATUS_MALFORMED;
}

/* The run up to what means something in a string. Returns how much was taken. */
static size_t take_string(struct json_reader *json, struct bytes piece, enum status *ret_status)
{
	size_t n = 0;
	while (n < piece.len && piece.at[n] != '"' && piece.at[n] != '\\' && (piece.at[n] >= 0x20 || piece.at[n] == '\t'))
		n++;
	if (n > 0 || (n < piece.len && piece.at[n] != '\\'))
		drop_high_surrogate(json);
	buffer_append(string_target(json), bytes_slice(piece, 0, n));
	if (buffer_status(&json->key) != STATUS_OK) {
		*ret_status = STATUS_MALFORMED;
		return 0;
	}
	if (n == piece.len)
		return n;
	if (piece.at[n] == '"')
		end_string(json);
	else if (piece.at[n] == '\\')
		json->lexeme = JSON_ESCAPE;
	else
		*ret_status = STATUS_MALFORMED;
	return *ret_status == STATUS_OK ? n + 1 : n;
}

/* ---- numbers and names ---- */

static bool is_literal_letter(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '+' || c == '.';
}

static bool is_number(struct bytes literal)
{
	size_t at = literal.at[0] == '-' ? 1 : 0, digits = 0;
	for (; at < literal.len; at++) {
		unsigned char c = literal.at[at];
		if (c >= '0' && c <= '9')
			digits++;
		else if (digits == 0 || !(c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-'))
			return false;
	}
	return digits > 0;
}

static enum status end_literal(struct json_reader *json)
{
	static const char *const names[] = {"true", "false", "null", "NaN", "Infinity", "-Infinity"};
	struct bytes literal = buffer_bytes(&json->literal);
	bool is_known = is_number(literal);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		is_known = is_known || bytes_equal_string(literal, names[i]);
	if (!is_known)
		return STATUS_MALFORMED;
	json->lexeme = JSON_NONE;
	put_prefix(json);
	buffer_append(&json->out, literal);
	end_line(json);
	return STATUS_OK;
}

static size_t take_literal(struct json_reader *json, struct bytes piece, enum status *ret_status)
{
	size_t n = 0;
	while (n < piece.len && is_literal_letter(piece.at[n]))
		n++;
	buffer_append(&json->literal, bytes_slice(piece, 0, n));
	if (buffer_status(&json->literal) != STATUS_OK) {
		*ret_status = STATUS_MALFORMED;
		return 0;
	}
	if (n < piece.len)
		*ret_status = end_literal(json);
	return n;
}

/* ---- comments ---- */

static size_t take_comment(struct json_reader *json, struct bytes piece, enum status *ret_status)
{
	unsigned char c = piece.at[0];
	if (json->lexeme == JSON_SLASH) {
		json->lexeme = c == '/' ? JSON_LINE_COMMENT : JSON_BLOCK_COMMENT;
		*ret_status = c == '/' || c == '*' ? STATUS_OK : STATUS_MALFORMED;
		return 1;
	}
	if (json->lexeme == JSON_BLOCK_STAR && c == '/') {
		buffer_append_byte(&json->out, '\n');
		json->lexeme = JSON_NONE;
		return 1;
	}
	if (json->lexeme == JSON_BLOCK_STAR)
		json->lexeme = JSON_BLOCK_COMMENT;
	size_t n = bytes_find_byte(piece, json->lexeme == JSON_LINE_COMMENT ? '\n' : '*');
	if (n == BYTES_NOT_FOUND)
		n = piece.len - 1;
	else
		json->lexeme = json->lexeme == JSON_LINE_COMMENT ? JSON_NONE : JSON_BLOCK_STAR;
	bool is_star = json->lexeme == JSON_BLOCK_STAR;
	buffer_append(&json->out, bytes_slice(piece, 0, is_star ? n : n + 1));
	return n + 1;
}

/* ---- the machine ---- */

static void begin_literal(struct json_reader *json, unsigned char c)
{
	buffer_reset(&json->literal);
	buffer_append_byte(&json->literal, c);
	json->lexeme = JSON_LITERAL;
}

/* Beyond the deepest level strings and values are lines of their own; whose they are is not kept. */
static enum status take_beyond(struct json_reader *json, unsigned char c)
{
	switch (c) {
	case ',':
	case ':': return STATUS_OK;
	case '{':
	case '[': json->beyond++; return STATUS_OK;
	case '}':
	case ']':
		if (--json->beyond == 0)
			end_value(json);
		return STATUS_OK;
	case '"': return begin_string(json);
	default:
		if (!is_literal_letter(c))
			return STATUS_MALFORMED;
		begin_literal(json, c);
		return STATUS_OK;
	}
}

static enum status take_structure(struct json_reader *json, unsigned char c)
{
	switch (c) {
	case ' ':
	case '\t':
	case '\r':
	case '\n': return STATUS_OK;
	case '/': json->lexeme = JSON_SLASH; return STATUS_OK;
	default: break;
	}
	if (json->beyond > 0)
		return take_beyond(json, c);
	switch (c) {
	case '{':
	case '[':
		if (!expects_value(json) && json->expects != JSON_EXPECTS_TOP)
			return STATUS_MALFORMED;
		return begin_container(json, c == '[');
	case '}':
	case ']': return end_container(json, c == ']');
	case '"': return begin_string(json);
	case ':':
		if (json->expects != JSON_EXPECTS_COLON)
			return STATUS_MALFORMED;
		json->expects = JSON_EXPECTS_VALUE;
		json->tokens++;
		return STATUS_OK;
	case ',':
		if (json->expects != JSON_EXPECTS_COMMA)
			return STATUS_MALFORMED;
		json->expects = top(json)->is_array ? JSON_EXPECTS_ITEM : JSON_EXPECTS_KEY;
		return STATUS_OK;
	default:
		if (!expects_value(json) || !is_literal_letter(c))
			return STATUS_MALFORMED;
		begin_literal(json, c);
		return STATUS_OK;
	}
}

/* Takes at least one byte, or ends a literal, or fails. Returns how many it took. */
static size_t take(struct json_reader *json, struct bytes piece, enum status *ret_status)
{
	switch (json->lexeme) {
	case JSON_NONE: *ret_status = take_structure(json, piece.at[0]); return *ret_status == STATUS_OK ? 1 : 0;
	case JSON_STRING: return take_string(json, piece, ret_status);
	case JSON_ESCAPE: *ret_status = take_escape(json, piece.at[0]); return *ret_status == STATUS_OK ? 1 : 0;
	case JSON_UNICODE: *ret_status = take_hex(json, piece.at[0]); return *ret_status == STATUS_OK ? 1 : 0;
	case JSON_LITERAL: return take_literal(json, piece, ret_status);
	default: return take_comment(json, piece, ret_status);
	}
}

enum status json_reader_feed(struct json_reader *json, struct bytes *piece)
{
	while (piece->len > 0) {
		enum status status = STATUS_OK;
		size_t taken = take(json, *piece, &status);
		*piece = bytes_from(*piece, taken);
		if (status != STATUS_OK)
			return status;
		if (json->out.len >= FLUSH_AT) {
			status = flush(json);
			if (status != STATUS_OK)
				return status;
		}
	}
	return STATUS_OK;
}

bool json_reader_is_complete(const struct json_reader *json)
{
	return json->depth == 0 && json->lexeme == JSON_NONE && json->documents > 0;
}

enum status json_reader_flush_unfinished(struct json_reader *json)
{
	bool in_string = json->lexeme == JSON_STRING || json->lexeme == JSON_ESCAPE || json->lexeme == JSON_UNICODE;
	if (in_string ? json->is_key : json->has_key)
		buffer_append(&json->out, buffer_bytes(&json->key));
	if (json->lexeme == JSON_LITERAL) {
		buffer_append_string(&json->out, json->has_key ? ": " : "");
		buffer_append(&json->out, buffer_bytes(&json->literal));
	}
	return flush(json);
}
