/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON writer. */
#include "base/json.h"

#include "base/clock.h"
#include "base/mask.h"
#include "base/text.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

static void separate(struct json_writer *json)
{
	uint64_t bit = UINT64_C(1) << (json->depth & 63);
	if (json->after_key)
		json->after_key = false;
	else if (json->has_items & bit)
		buffer_append_byte(json->into, ',');
	json->has_items |= bit;
}

static void begin(struct json_writer *json, unsigned char bracket)
{
	separate(json);
	buffer_append_byte(json->into, bracket);
	assert(json->depth < 63);
	json->depth++;
	json->has_items &= ~(UINT64_C(1) << (json->depth & 63));
}

static void end(struct json_writer *json, unsigned char bracket)
{
	json->depth--;
	buffer_append_byte(json->into, bracket);
}

void json_begin_object(struct json_writer *json)
{
	begin(json, '{');
}
void json_end_object(struct json_writer *json)
{
	end(json, '}');
}
void json_begin_array(struct json_writer *json)
{
	begin(json, '[');
}
void json_end_array(struct json_writer *json)
{
	end(json, ']');
}

/* Bytes that unsafe code points begin with: most text beyond ASCII need not be decoded. */
static bool may_begin_unsafe(unsigned char c)
{
	return c == 0xC2 || c == 0xD8 || c == 0xE1 || c == 0xE2 || c == 0xEF || c == 0xF3;
}

/* Length of the character there if it must be escaped, else 0. */
static size_t escapable(struct bytes valid, size_t at, uint32_t *ret_code_point)
{
	unsigned char c = valid.at[at];
	if (c < 0x80 ? c >= 0x20 && c != '"' && c != '\\' && c != 0x7F : !may_begin_unsafe(c))
		return 0;
	size_t length = text_decode(bytes_from(valid, at), ret_code_point);
	return c < 0x80 || text_is_unsafe(*ret_code_point) ? length : 0;
}

static void append_escape(struct buffer *into, uint32_t c)
{
	if (c == '"' || c == '\\')
		buffer_append_format(into, "\\%c", (int)c);
	else if (c == '\n')
		buffer_append_string(into, "\\n");
	else if (c == '\t')
		buffer_append_string(into, "\\t");
	else if (c < 0x10000)
		buffer_append_format(into, "\\u%04x", c);
	else
		buffer_append_format(into, "\\u%04x\\u%04x", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + (c & 0x3FF));
}

static void append_quoted(struct buffer *into, struct bytes valid)
{
	size_t start = 0;
	uint32_t c;
	buffer_append_byte(into, '"');
	for (size_t i = 0; i < valid.len; i++) {
		size_t length = escapable(valid, i, &c);
		if (length == 0)
			continue;
		buffer_append(into, bytes_slice(valid, start, i - start));
		append_escape(into, c);
		start = i + length;
		i = start - 1;
	}
	buffer_append(into, bytes_from(valid, start));
	buffer_append_byte(into, '"');
}

void json_key(struct json_writer *json, const char *key)
{
	separate(json);
	append_quoted(json->into, bytes_of_string(key));
	buffer_append_byte(json->into, ':');
	json->after_key = true;
}

void json_bytes(struct json_writer *json, struct bytes text)
{
	struct buffer room = buffer_with_ceiling(SIZE_MAX / 2), repaired = buffer_with_ceiling(SIZE_MAX / 2);
	struct bytes shown = mask_shown(text, &room);
	separate(json);
	if (!text_is_valid(shown)) {
		text_append_repaired(&repaired, shown);
		shown = buffer_bytes(&repaired);
	}
	append_quoted(json->into, shown);
	if (room.failed != STATUS_OK || repaired.failed != STATUS_OK)
		json->into->failed = STATUS_NO_MEMORY;
	buffer_free(&room);
	buffer_free(&repaired);
}

void json_string(struct json_writer *json, const char *text)
{
	if (text == NULL)
		json_null(json);
	else
		json_bytes(json, bytes_of_string(text));
}

void json_unsigned(struct json_writer *json, uint64_t value)
{
	separate(json);
	buffer_append_format(json->into, "%llu", (unsigned long long)value);
}

void json_integer(struct json_writer *json, int64_t value)
{
	separate(json);
	buffer_append_format(json->into, "%lld", (long long)value);
}

void json_real(struct json_writer *json, double value)
{
	if (!isfinite(value)) {
		json_null(json);
		return;
	}
	char text[384]; /* the largest double has 309 digits */
	int length = snprintf(text, sizeof text, "%.6f", value);
	while (length > 0 && text[length - 1] == '0')
		length--;
	if (length > 0 && text[length - 1] == '.')
		length--;
	separate(json);
	buffer_append(json->into, bytes_of(text, (size_t)length));
}

void json_boolean(struct json_writer *json, bool value)
{
	separate(json);
	buffer_append_string(json->into, value ? "true" : "false");
}

void json_null(struct json_writer *json)
{
	separate(json);
	buffer_append_string(json->into, "null");
}

void json_time(struct json_writer *json, int64_t seconds)
{
	char text[CLOCK_TEXT_SIZE];
	json_string(json, clock_format(seconds, text)[0] ? text : NULL);
}

void json_raw(struct json_writer *json, struct bytes value)
{
	separate(json);
	buffer_append(json->into, value);
}

void json_member_unsigned(struct json_writer *json, const char *key, uint64_t value)
{
	json_key(json, key);
	json_unsigned(json, value);
}

void json_member_time(struct json_writer *json, const char *key, int64_t seconds)
{
	json_key(json, key);
	json_time(json, seconds);
}

void json_member_text(struct json_writer *json, const char *key, struct bytes text)
{
	json_key(json, key);
	if (text.len > 0)
		json_bytes(json, text);
	else
		json_null(json);
}

void json_member_string(struct json_writer *json, const char *key, const char *text)
{
	json_key(json, key);
	json_string(json, text);
}

void json_member_at_least(struct json_writer *json, bool is_at_least)
{
	if (!is_at_least)
		return;
	json_key(json, "at_least");
	json_boolean(json, true);
}
