/* SPDX-License-Identifier: Apache-2.0 */
/* Percent-encoding by hand: one pass, no locale. */
#include "base/percent.h"

static bool is_unreserved(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

static int hex_value(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One byte off the front of encoded, decoded. */
static unsigned char decode_next(struct bytes *encoded)
{
	int high, low;
	if (encoded->at[0] == '%' && encoded->len >= 3 && (high = hex_value(encoded->at[1])) >= 0 &&
	    (low = hex_value(encoded->at[2])) >= 0) {
		*encoded = bytes_from(*encoded, 3);
		return (unsigned char)(high << 4 | low);
	}
	unsigned char byte = encoded->at[0];
	*encoded = bytes_from(*encoded, 1);
	return byte;
}

void percent_append_encoded(struct buffer *into, struct bytes raw, bool keep_slashes)
{
	static const char letters[] = "0123456789ABCDEF";
	for (size_t i = 0; i < raw.len; i++) {
		unsigned char c = raw.at[i];
		if (is_unreserved(c) || (c == '/' && keep_slashes)) {
			buffer_append_byte(into, c);
		} else {
			const char triple[3] = {'%', letters[c >> 4], letters[c & 15]};
			buffer_append(into, bytes_of(triple, sizeof triple));
		}
	}
}

void percent_append_decoded(struct buffer *into, struct bytes encoded)
{
	while (encoded.len > 0)
		buffer_append_byte(into, decode_next(&encoded));
}

enum status percent_decode(struct bytes encoded, struct arena *arena, struct bytes *ret_raw)
{
	unsigned char *raw = arena_allocate(arena, encoded.len + 1);
	size_t len = 0;
	if (raw == NULL)
		return STATUS_NO_MEMORY;
	while (encoded.len > 0)
		raw[len++] = decode_next(&encoded);
	*ret_raw = bytes_of(raw, len);
	return STATUS_OK;
}

static bool decodes_to(struct bytes encoded, const char *text)
{
	while (encoded.len > 0 && *text != '\0')
		if (decode_next(&encoded) != (unsigned char)*text++)
			return false;
	return encoded.len == 0 && *text == '\0';
}

bool percent_next_parameter(struct bytes *query, struct bytes *ret_name, struct bytes *ret_value)
{
	if (query->len == 0)
		return false;
	size_t end = bytes_find_byte(*query, '&');
	struct bytes pair = bytes_slice(*query, 0, end);
	*query = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(*query, end + 1);
	size_t equals = bytes_find_byte(pair, '=');
	*ret_name = bytes_slice(pair, 0, equals);
	*ret_value = equals == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(pair, equals + 1);
	return true;
}

bool percent_find_parameter(struct bytes query, const char *name, struct bytes *ret_value)
{
	struct bytes found, value;
	while (percent_next_parameter(&query, &found, &value)) {
		if (decodes_to(found, name)) {
			*ret_value = value;
			return true;
		}
	}
	return false;
}
