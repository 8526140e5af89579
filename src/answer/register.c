/* SPDX-License-Identifier: Apache-2.0 */
#include "answer/register.h"

static void write_terms(const struct register_row *row, const char *key, enum register_term_kind kind, struct json_writer *json)
{
	json_key(json, key);
	json_begin_array(json);
	for (size_t i = 0; i < row->term_count; i++)
		if (row->terms[i].kind == kind)
			json_bytes(json, row->terms[i].text);
	json_end_array(json);
}

/* A name that is too common is shown all the same. */
static bool is_sought_by_name(const struct register_row *row)
{
	for (size_t i = 0; i < row->term_count; i++)
		if (row->terms[i].kind == REGISTER_NAME)
			return true;
	return false;
}

void register_write_row(const struct register_row *row, struct json_writer *json)
{
	json_member_text(json, "domain", row->domain_count > 0 ? row->domains[0] : BYTES_NONE);
	json_key(json, "domains");
	json_begin_array(json);
	for (size_t i = 0; i < row->domain_count; i++)
		json_bytes(json, row->domains[i]);
	json_end_array(json);
	json_member_text(json, "name", row->name);
	json_key(json, "sought_by_name");
	json_boolean(json, is_sought_by_name(row));
	write_terms(row, "aliases", REGISTER_ALIAS, json);
	json_member_string(json, "relationship", relationship_name(row->relationship));
	json_member_text(json, "sector", row->sector);
	json_member_text(json, "country", row->country);
	json_member_text(json, "contact", row->contact);
	write_terms(row, "numbers", REGISTER_NUMBER, json);
}

void register_append_terms(const struct register_row *row, enum register_term_kind kind, struct buffer *into)
{
	for (size_t i = 0; i < row->term_count; i++) {
		if (row->terms[i].kind != kind)
			continue;
		if (into->len > 0)
			buffer_append_string(into, "; ");
		buffer_append(into, row->terms[i].text);
	}
}
