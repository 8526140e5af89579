/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small JSON (RFC 8259) as a tree: a line of a plan, a token, an account's
 * properties. Strict: UTF-8, no comments, nothing behind the value, no member
 * twice, at most JSON_DEPTH_MAX deep. Strings are unescaped; one that holds a
 * NUL or half a surrogate pair is refused.
 */
#ifndef TIDEMARK_BASE_JSON_VALUE_H
#define TIDEMARK_BASE_JSON_VALUE_H

#include "base/arena.h"

#include <stdint.h>

#define JSON_DEPTH_MAX 32

enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_value {
	enum json_kind kind;
	struct bytes name;              /* of a member of an object */
	struct bytes text;              /* of a string; of a number as it stands there */
	const struct json_value *first; /* of an array or object */
	const struct json_value *next;  /* beside it */
};

/** Text is borrowed, or lies in arena where it had to be unescaped. MALFORMED, NO_MEMORY. */
enum status json_parse(struct bytes text, struct arena *arena, const struct json_value **ret_value) MUST_CHECK;

/** The member of that name; NULL if value is none or no object, or has none. */
const struct json_value *json_find(const struct json_value *value, const char *name);

/** What a member holds where it is of that kind; else empty, or false. */
struct bytes json_text_of(const struct json_value *value, const char *name);
bool json_number_of(const struct json_value *value, const char *name, uint64_t *ret_number);

#endif
