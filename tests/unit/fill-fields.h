/* SPDX-License-Identifier: Apache-2.0 */
/* A value of its own for every field of a document, whichever there are: text is the field's name, but where a list is closed. */
#ifndef TIDEMARK_TESTS_FILL_FIELDS_H
#define TIDEMARK_TESTS_FILL_FIELDS_H

#include "model/field.h"

static inline void fill_fields(struct document_fields *fields)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const struct field *field = &field_table[i];
		if (field->kind == FIELD_TIME)
			*field_time(field, fields) = 1000000 + (int64_t)i;
		else if (field->kind == FIELD_SIZE)
			*field_size(field, fields) = 2000000 + i;
		else
			*field_bytes(field, fields) = bytes_of_string(field->name);
	}
	fields->class = BYTES_LITERAL("invoice");
	fields->signing = BYTES_LITERAL("true");
}

#endif
