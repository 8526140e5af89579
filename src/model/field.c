/* SPDX-License-Identifier: Apache-2.0 */
/* The table, made of the rows, and ways to the members it speaks of. */
#include "model/field.h"

#include <assert.h>

#define ROW(member, kind, maximum, answer, heading) \
	{#member, offsetof(struct document_fields, member), FIELD_##kind, maximum, answer, heading},

const struct field field_table[FIELD_COUNT] = {FIELDS_OF_PLACE(ROW) FIELDS_OF_CONTENT(ROW)};

static const void *member(const struct field *field, const struct document_fields *fields)
{
	return (const char *)fields + field->offset;
}

bool field_is_bytes(const struct field *field)
{
	return field->kind == FIELD_TEXT || field->kind == FIELD_WORD;
}

struct bytes *field_bytes(const struct field *field, struct document_fields *fields)
{
	assert(field_is_bytes(field));
	return (void *)((char *)fields + field->offset);
}

int64_t *field_time(const struct field *field, struct document_fields *fields)
{
	assert(field->kind == FIELD_TIME);
	return (void *)((char *)fields + field->offset);
}

uint64_t *field_size(const struct field *field, struct document_fields *fields)
{
	assert(field->kind == FIELD_SIZE);
	return (void *)((char *)fields + field->offset);
}

struct bytes field_get_bytes(const struct field *field, const struct document_fields *fields)
{
	assert(field_is_bytes(field));
	return *(const struct bytes *)member(field, fields);
}

int64_t field_get_time(const struct field *field, const struct document_fields *fields)
{
	assert(field->kind == FIELD_TIME);
	return *(const int64_t *)member(field, fields);
}

uint64_t field_get_size(const struct field *field, const struct document_fields *fields)
{
	assert(field->kind == FIELD_SIZE);
	return *(const uint64_t *)member(field, fields);
}

bool field_is_equal(const struct field *field, const struct document_fields *a, const struct document_fields *b)
{
	switch (field->kind) {
	case FIELD_TIME: return field_get_time(field, a) == field_get_time(field, b);
	case FIELD_SIZE: return field_get_size(field, a) == field_get_size(field, b);
	case FIELD_TEXT:
	case FIELD_WORD: break;
	}
	return bytes_equal(field_get_bytes(field, a), field_get_bytes(field, b));
}
