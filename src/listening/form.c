/* SPDX-License-Identifier: Apache-2.0 */
#include "listening/form.h"

#include "base/buffer.h"
#include "base/percent.h"
#include "base/text.h"

static enum status add(struct portal_request *request, struct bytes name, struct bytes value, struct arena *arena)
{
	if (name.len == 0 || !text_is_valid(name) || !text_is_valid(value) || bytes_find_byte(name, 0) != BYTES_NOT_FOUND ||
	    bytes_find_byte(value, 0) != BYTES_NOT_FOUND)
		return STATUS_MALFORMED;
	if (name.len > PORTAL_FIELD_NAME_MAX || value.len > PORTAL_FIELD_MAX || request->field_count == PORTAL_FIELDS_MAX)
		return STATUS_TOO_LARGE;
	for (size_t i = 0; i < request->field_count; i++)
		if (bytes_equal(request->fields[i].name, name))
			return STATUS_MALFORMED;
	struct portal_field field = {.name = arena_copy(arena, name), .value = arena_copy(arena, value)};
	if (field.name.at == NULL || (value.len > 0 && field.value.at == NULL))
		return STATUS_NO_MEMORY;
	request->fields[request->field_count++] = field;
	return STATUS_OK;
}

/* ---- encoded ---- */

/* A plus is a blank before percent signs are undone. */
static void decode(struct bytes encoded, struct buffer *plain, struct buffer *into)
{
	buffer_reset(plain);
	buffer_reset(into);
	for (size_t i = 0; i < encoded.len; i++)
		buffer_append_byte(plain, encoded.at[i] == '+' ? ' ' : encoded.at[i]);
	percent_append_decoded(into, buffer_bytes(plain));
}

enum status form_add_encoded(struct bytes text, struct arena *arena, struct portal_request *request)
{
	struct buffer plain = buffer_with_ceiling(PORTAL_BODY_MAX), name = plain, value = plain;
	struct bytes raw_name, raw_value;
	enum status status = STATUS_OK;
	while (status == STATUS_OK && percent_next_parameter(&text, &raw_name, &raw_value)) {
		if (raw_name.len == 0 && raw_value.len == 0)
			continue;
		decode(raw_name, &plain, &name);
		decode(raw_value, &plain, &value);
		status = buffer_status(&plain) != STATUS_OK ? buffer_status(&plain)
		                                            : add(request, buffer_bytes(&name), buffer_bytes(&value), arena);
	}
	buffer_free(&plain);
	buffer_free(&name);
	buffer_free(&value);
	return status;
}

/* ---- JSON ---- */

static void skip_blanks(struct bytes *text)
{
	while (text->len > 0 && strchr(" \t\r\n", text->at[0]) != NULL && text->at[0] != '\0')
		*text = bytes_from(*text, 1);
}

static bool takes(struct bytes *text, char wanted)
{
	skip_blanks(text);
	if (text->len == 0 || text->at[0] != (unsigned char)wanted)
		return false;
	*text = bytes_from(*text, 1);
	return true;
}

/* Four hexadecimal digits. */
static bool take_unit(struct bytes *text, uint32_t *ret_unit)
{
	uint32_t unit = 0;
	if (text->len < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		static const char digits[] = "0123456789abcdef";
		unsigned char c = text->at[i];
		const char *digit = c != '\0' ? strchr(digits, c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c) : NULL;
		if (digit == NULL)
			return false;
		unit = unit << 4 | (uint32_t)(digit - digits);
	}
	*text = bytes_from(*text, 4);
	*ret_unit = unit;
	return true;
}

static bool take_code_point(struct bytes *text, struct buffer *into)
{
	uint32_t unit, low;
	unsigned char encoded[4];
	if (!take_unit(text, &unit))
		return false;
	if (unit >= 0xD800 && unit < 0xDC00) {
		if (!bytes_start_with(*text, BYTES_LITERAL("\\u")))
			return false;
		*text = bytes_from(*text, 2);
		if (!take_unit(text, &low) || low < 0xDC00 || low > 0xDFFF)
			return false;
		unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
	}
	size_t length = text_encode(unit, encoded);
	buffer_append(into, bytes_of(encoded, length));
	return length > 0;
}

static bool take_escape(struct bytes *text, struct buffer *into)
{
	static const char escapes[] = "\"\\/bfnrt", plain[] = "\"\\/\b\f\n\r\t";
	if (text->len == 0)
		return false;
	unsigned char c = text->at[0];
	*text = bytes_from(*text, 1);
	if (c == 'u')
		return take_code_point(text, into);
	const char *escape = c != '\0' ? strchr(escapes, c) : NULL;
	if (escape != NULL)
		buffer_append_byte(into, (unsigned char)plain[escape - escapes]);
	return escape != NULL;
}

static bool take_string(struct bytes *text, struct buffer *into)
{
	buffer_reset(into);
	if (!takes(text, '"'))
		return false;
	while (text->len > 0) {
		unsigned char c = text->at[0];
		*text = bytes_from(*text, 1);
		if (c == '"')
			return buffer_status(into) == STATUS_OK;
		if (c < 0x20 || (c == '\\' && !take_escape(text, into)))
			return false;
		if (c != '\\')
			buffer_append_byte(into, c);
	}
	return false;
}

static enum status take_member(struct bytes *text, struct buffer *name, struct buffer *value, struct arena *arena,
                               struct portal_request *request)
{
	if (!take_string(text, name) || !takes(text, ':') || !take_string(text, value))
		return STATUS_MALFORMED;
	return add(request, buffer_bytes(name), buffer_bytes(value), arena);
}

enum status form_add_json(struct bytes text, struct arena *arena, struct portal_request *request)
{
	struct buffer name = buffer_with_ceiling(PORTAL_BODY_MAX), value = name;
	enum status status = takes(&text, '{') ? STATUS_OK : STATUS_MALFORMED;
	bool is_closed = status == STATUS_OK && takes(&text, '}');
	while (status == STATUS_OK && !is_closed) {
		status = take_member(&text, &name, &value, arena, request);
		is_closed = status == STATUS_OK && takes(&text, '}');
		if (status == STATUS_OK && !is_closed && !takes(&text, ','))
			status = STATUS_MALFORMED;
	}
	skip_blanks(&text);
	buffer_free(&name);
	buffer_free(&value);
	return status == STATUS_OK && text.len > 0 ? STATUS_MALFORMED : status;
}
