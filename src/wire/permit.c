/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/permit.h"

static const struct permit *find(const struct permit_table *table, unsigned char state, unsigned char type)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].state == state && table->rows[i].type == type)
			return &table->rows[i];
	return NULL;
}

enum status permit_message(const struct permit_table *table, unsigned char *state, struct wire_reader *reader)
{
	const struct permit *row = find(table, *state, reader->type);
	bool has_descriptor = reader->descriptor >= 0;
	if (row == NULL || reader->rest.len > row->maximum ||
	    (row->descriptor != PERMIT_EITHER && has_descriptor != (row->descriptor == PERMIT_A_DESCRIPTOR))) {
		wire_drop(reader);
		return STATUS_MALFORMED;
	}
	*state = row->next;
	return STATUS_OK;
}
