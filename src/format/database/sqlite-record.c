/* SPDX-License-Identifier: Apache-2.0 */
/* Records (section 2.1): a header of serial types, then the bodies of the values. */
#include "base/text.h"
#include "format/database/sqlite-parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { HEADER_MAX = 5 * SQLITE_FIELDS_MAX };

static const unsigned char number_lengths[10] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};

static bool read_varint(struct sqlite_payload *payload, uint64_t *ret_value, unsigned *ret_length, enum status *status)
{
	uint64_t value = 0;
	for (unsigned i = 0; i < 9; i++) {
		unsigned char byte;
		if (!sqlite_payload_read(payload, &byte, 1, status))
			return false;
		value = i == 8 ? value << 8 | byte : value << 7 | (byte & 0x7F);
		if (i == 8 || (byte & 0x80) == 0) {
			*ret_value = value;
			*ret_length = i + 1;
			return true;
		}
	}
	return false;
}

static bool add_value(struct sqlite_record *record, struct sqlite_value value, enum status *status)
{
	if (record->count == record->capacity) {
		size_t capacity = record->capacity ? 2 * record->capacity : 64;
		struct sqlite_value *grown = realloc(record->values, capacity * sizeof *grown);
		if (grown == NULL) {
			*status = STATUS_NO_MEMORY;
			return false;
		}
		record->values = grown;
		record->capacity = capacity;
	}
	record->values[record->count++] = value;
	return true;
}

static bool value_of_serial(uint64_t serial, struct sqlite_value *ret_value)
{
	if (serial == 10 || serial == 11)
		return false;
	if (serial >= 12)
		*ret_value = (struct sqlite_value){serial % 2 ? SQLITE_TEXT : SQLITE_BLOB, (serial - 12) / 2, 0};
	else
		*ret_value = (struct sqlite_value){serial == 0   ? SQLITE_NULL
		                                   : serial == 7 ? SQLITE_REAL
		                                                 : SQLITE_INTEGER,
		                                   number_lengths[serial], (unsigned char)serial};
	return true;
}

bool sqlite_record_begin(struct sqlite_record *record, struct sqlite_payload *payload, enum status *status)
{
	uint64_t size, serial, bodies = 0;
	unsigned length;
	record->count = 0;
	if (!read_varint(payload, &size, &length, status) || size < length || size > HEADER_MAX)
		return false;
	for (uint64_t at = length; at < size; at += length) {
		struct sqlite_value value;
		if (!read_varint(payload, &serial, &length, status) || !value_of_serial(serial, &value) ||
		    record->count == SQLITE_FIELDS_MAX || !add_value(record, value, status))
			return false;
		bodies += value.length;
		if (bodies > payload->left)
			return false;
	}
	return true;
}

void sqlite_record_free(struct sqlite_record *record)
{
	free(record->values);
}

static bool read_big_endian(struct sqlite_payload *payload, size_t length, uint64_t *ret_bits, enum status *status)
{
	unsigned char bytes[8];
	uint64_t bits = 0;
	if (!sqlite_payload_read(payload, bytes, length, status))
		return false;
	if (length > 0 && (bytes[0] & 0x80) != 0)
		bits = UINT64_MAX;
	for (size_t i = 0; i < length; i++)
		bits = bits << 8 | bytes[i];
	*ret_bits = bits;
	return true;
}

bool sqlite_read_integer(const struct sqlite_value *value, struct sqlite_payload *payload, int64_t *ret_integer,
                         enum status *status)
{
	uint64_t bits;
	if (value->kind != SQLITE_INTEGER)
		return false;
	if (!read_big_endian(payload, (size_t)value->length, &bits, status))
		return false;
	*ret_integer = value->length == 0 ? value->serial == 9 : (int64_t)bits;
	return true;
}

/* The shortest of 15, 16 or 17 digits that means the same number. */
static void append_real(struct buffer *into, double real)
{
	char written[40];
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(written, sizeof written, "%.*g", digits, real);
		if (strtod(written, NULL) == real) /* NaN is stored by nobody, and ends at 17 */
			break;
	}
	buffer_append_string(into, written);
}

bool sqlite_append_number(struct buffer *into, const struct sqlite_value *value, struct sqlite_payload *payload,
                          enum status *status)
{
	int64_t integer;
	uint64_t bits;
	double real;
	if (value->kind == SQLITE_INTEGER) {
		if (!sqlite_read_integer(value, payload, &integer, status))
			return false;
		buffer_append_format(into, "%" PRId64, integer);
		return true;
	}
	if (!read_big_endian(payload, 8, &bits, status))
		return false;
	memcpy(&real, &bits, sizeof real);
	append_real(into, real);
	return true;
}

bool sqlite_append_text(struct buffer *into, const struct sqlite_value *value, size_t limit, struct sqlite_payload *payload,
                        enum status *status)
{
	enum sqlite_text encoding = payload->file->text;
	size_t wanted = value->length < limit ? (size_t)value->length : limit & ~(size_t)3;
	if (wanted == 0)
		return sqlite_payload_skip(payload, value->length, status);
	if (encoding == SQLITE_UTF8) {
		unsigned char *at = buffer_extend(into, wanted);
		if (at == NULL) {
			*status = buffer_status(into);
			return false;
		}
		if (!sqlite_payload_read(payload, at, wanted, status)) {
			buffer_truncate(into, into->len - wanted);
			return false;
		}
		return sqlite_payload_skip(payload, value->length - wanted, status);
	}
	struct buffer wide = buffer_with_ceiling(limit + 4);
	unsigned char *at = buffer_extend(&wide, wanted);
	bool is_whole = at != NULL && sqlite_payload_read(payload, at, wanted, status);
	if (at == NULL)
		*status = buffer_status(&wide);
	else if (is_whole)
		text_append_utf16(into, buffer_bytes(&wide), encoding == SQLITE_UTF16_BIG);
	buffer_free(&wide);
	return is_whole && sqlite_payload_skip(payload, value->length - wanted, status);
}
