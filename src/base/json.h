/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON (RFC 8259): a writer into a buffer and a reader for small documents of
 * our own. The writer keeps commas and nesting; text is repaired to valid
 * UTF-8, and what would steer a terminal or hide on it (text_is_unsafe) goes
 * out as \u escapes, in a pipe too: nothing is lost by it. Signatures go out
 * as stars (mask.h): what is written here is shown or journalled. Foreign JSON
 * of any size is read by format/text/json.c, not here.
 */
#ifndef TIDEMARK_BASE_JSON_H
#define TIDEMARK_BASE_JSON_H

#include "base/buffer.h"

#include <stdint.h>

struct json_writer {
	struct buffer *into;
	uint64_t has_items; /* a bit per open level: at most 63 of them */
	unsigned depth;
	bool after_key;
};

static inline struct json_writer json_writer_into(struct buffer *into)
{
	return (struct json_writer){.into = into};
}

void json_begin_object(struct json_writer *json);
void json_end_object(struct json_writer *json);
void json_begin_array(struct json_writer *json);
void json_end_array(struct json_writer *json);
void json_key(struct json_writer *json, const char *key);
void json_bytes(struct json_writer *json, struct bytes text);
void json_string(struct json_writer *json, const char *text); /* NULL writes null */
void json_unsigned(struct json_writer *json, uint64_t value);
void json_integer(struct json_writer *json, int64_t value);
void json_real(struct json_writer *json, double value); /* at most 6 decimals; null if not finite */
void json_boolean(struct json_writer *json, bool value);
void json_null(struct json_writer *json);
/** RFC 3339, or null for CLOCK_UNKNOWN. */
void json_time(struct json_writer *json, int64_t seconds);
/* A key and its value. Empty text, unknown times and NULL are null. */
void json_member_unsigned(struct json_writer *json, const char *key, uint64_t value);
void json_member_time(struct json_writer *json, const char *key, int64_t seconds);
void json_member_text(struct json_writer *json, const char *key, struct bytes text);
void json_member_string(struct json_writer *json, const char *key, const char *text);
/** "at_least":true where one of the sums beside it is (sum.h); else nothing. */
void json_member_at_least(struct json_writer *json, bool is_at_least);
/** A finished JSON value, put in as it is. */
void json_raw(struct json_writer *json, struct bytes value);

#endif
