/* SPDX-License-Identifier: Apache-2.0 */
/* Each kind of field has one way into a row and one out of it. */
#include "catalog/sqlite/fields.h"

#include "catalog/sqlite/label.h"

static enum status bind_field(struct store *store, sqlite3_stmt *statement, int at, const struct field *field,
                              const struct document_fields *fields)
{
	int64_t label = 0;
	enum status status = STATUS_OK;
	switch (field->kind) {
	case FIELD_TEXT: bind_text_or_null(statement, at, field_get_bytes(field, fields)); break;
	case FIELD_WORD:
		status = label_number(store, field_get_bytes(field, fields), &label);
		bind_integer(statement, at, label);
		break;
	case FIELD_TIME: bind_time(statement, at, field_get_time(field, fields)); break;
	case FIELD_SIZE: bind_unsigned(statement, at, field_get_size(field, fields)); break;
	}
	return status;
}

enum status fields_bind(struct store *store, sqlite3_stmt *statement, int from, const struct document_fields *fields)
{
	enum status status = STATUS_OK;
	for (int i = FIELD_PLACE_COUNT; i < FIELD_COUNT && status == STATUS_OK; i++)
		status = bind_field(store, statement, from + i - FIELD_PLACE_COUNT, &field_table[i], fields);
	return status;
}

void fields_read(sqlite3_stmt *row, int from, struct document_fields *fields)
{
	for (int i = FIELD_PLACE_COUNT; i < FIELD_COUNT; i++) {
		const struct field *field = &field_table[i];
		int at = from + i - FIELD_PLACE_COUNT;
		switch (field->kind) {
		case FIELD_TEXT:
		case FIELD_WORD: *field_bytes(field, fields) = column_bytes(row, at); break;
		case FIELD_TIME: *field_time(field, fields) = column_time(row, at); break;
		case FIELD_SIZE: *field_size(field, fields) = column_unsigned(row, at); break;
		}
	}
}
