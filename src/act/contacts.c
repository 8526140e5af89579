/* SPDX-License-Identifier: Apache-2.0 */
#include "act/contacts.h"

#include "act/notice-mail.h"
#include "act/notice-text.h"
#include "base/csv.h"
#include "base/yaml.h"
#include "model/sector.h"

#include <stdio.h>

enum { CONTACTS_MAX = 10000 };

enum column { COUNTRY, CONTACT, NAME, SECTOR, LANGUAGE, COLUMNS };
static const char *const column_names[COLUMNS] = {"country", "contact", "name", "sector", "language"};

struct gathering {
	const char *path;
	struct arena *arena;
	struct contacts *contacts;
	struct failure *reterr;
};

static enum status refuse(const struct gathering *gathering, size_t line, const char *why, struct bytes what)
{
	return fail(gathering->reterr, STATUS_USAGE, gathering->path, "line %zu: %s '%.*s'", line, why,
	            (int)(what.len < 60 ? what.len : 60), what.len > 0 ? (const char *)what.at : "");
}

static unsigned column_of(struct bytes name)
{
	unsigned at = 0;
	while (at < COLUMNS && !bytes_equal_nocase(bytes_trim(name), bytes_of_string(column_names[at])))
		at++;
	return at;
}

static bool is_country(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((text.at[i] | 32) < 'a' || (text.at[i] | 32) > 'z')
			return false;
	return text.len == 0 || text.len == 2;
}

static struct bytes in_capitals(struct bytes text, struct arena *arena)
{
	unsigned char *copy = arena_allocate(arena, text.len + 1);
	for (size_t i = 0; copy != NULL && i < text.len; i++)
		copy[i] = (unsigned char)(text.at[i] & ~32);
	return copy != NULL ? bytes_of(copy, text.len) : BYTES_NONE;
}

static enum status add(struct gathering *gathering, const struct bytes values[COLUMNS], size_t line)
{
	struct contacts *contacts = gathering->contacts;
	if (!is_country(values[COUNTRY]))
		return refuse(gathering, line, "a country has two letters (ISO 3166-1), not", values[COUNTRY]);
	if (!notice_may_go_to(values[CONTACT]))
		return refuse(gathering, line, "no address that a notice can go to:", values[CONTACT]);
	struct notice_languages languages;
	if (values[LANGUAGE].len > 0 && !notice_languages_parse(values[LANGUAGE], &languages))
		return refuse(gathering, line, "notices are written in en, de, en+de or de+en, not in", values[LANGUAGE]);
	if (contacts->count == CONTACTS_MAX)
		return refuse(gathering, line, "more contacts than can be used:", values[CONTACT]);
	contacts->rows[contacts->count++] = (struct contact){
		.country = in_capitals(values[COUNTRY], gathering->arena),
		.sector = values[SECTOR],
		.name = values[NAME],
		.address = values[CONTACT],
		.language = values[LANGUAGE],
		.line = line,
	};
	return STATUS_OK;
}

/* ---- CSV ---- */

static enum status read_header(const struct gathering *gathering, const struct csv_record *record,
                               unsigned columns[CSV_FIELDS_MAX])
{
	unsigned seen = 0;
	for (size_t i = 0; i < record->count; i++) {
		columns[i] = column_of(record->fields[i]);
		if (columns[i] == COLUMNS)
			return refuse(gathering, record->line, "columns are country, contact, name, sector and language, not",
			              record->fields[i]);
		if (seen & 1u << columns[i])
			return refuse(gathering, record->line, "a column stands there twice:", record->fields[i]);
		seen |= 1u << columns[i];
	}
	if ((seen & 1u << COUNTRY) == 0 || (seen & 1u << CONTACT) == 0)
		return refuse(gathering, record->line, "the columns country and contact must be there, in",
		              BYTES_LITERAL("the header"));
	return STATUS_OK;
}

static enum status read_csv(struct gathering *gathering, struct bytes file)
{
	struct csv_reader reader;
	struct csv_record record;
	unsigned columns[CSV_FIELDS_MAX] = {0};
	size_t width = 0;
	enum status status = csv_start(&reader, file, gathering->arena, gathering->reterr);
	if (status == STATUS_OK)
		status = csv_next(&reader, &record, gathering->reterr);
	if (status == STATUS_OK)
		status = read_header(gathering, &record, columns);
	width = record.count;
	while (status == STATUS_OK && (status = csv_next(&reader, &record, gathering->reterr)) == STATUS_OK) {
		struct bytes values[COLUMNS] = {BYTES_NONE};
		if (record.count != width)
			return refuse(gathering, record.line, "not as many fields as the header has:", record.fields[0]);
		for (size_t i = 0; i < width; i++)
			values[columns[i]] = bytes_trim(record.fields[i]);
		status = add(gathering, values, record.line);
	}
	return status == STATUS_END ? STATUS_OK : status;
}

/* ---- YAML ---- */

static enum status read_mapping(struct gathering *gathering, const struct yaml_node *node)
{
	struct bytes values[COLUMNS] = {BYTES_NONE};
	if (node->kind != YAML_MAPPING)
		return refuse(gathering, node->line, "a contact is a mapping of country and contact, not", node->text);
	for (const struct yaml_node *member = node->first; member != NULL; member = member->next) {
		unsigned column = column_of(member->key);
		if (column == COLUMNS)
			return refuse(gathering, member->line, "members are country, contact, name, sector and language, not",
			              member->key);
		if (member->kind != YAML_SCALAR)
			return refuse(gathering, member->line, "a text was expected behind", member->key);
		values[column] = yaml_is_null(member) ? BYTES_NONE : bytes_trim(member->text);
	}
	return add(gathering, values, node->line);
}

static enum status read_yaml(struct gathering *gathering, struct bytes file)
{
	const struct yaml_node *root = NULL;
	enum status status = yaml_parse(file, gathering->path, gathering->arena, &root, gathering->reterr);
	if (status != STATUS_OK || root == NULL)
		return status;
	const struct yaml_node *list = root->kind == YAML_MAPPING ? yaml_find(root, "contacts") : root;
	if (list == NULL || list->kind != YAML_SEQUENCE)
		return refuse(gathering, root->line, "a list of contacts was expected under", BYTES_LITERAL("contacts"));
	for (const struct yaml_node *node = list->first; node != NULL && status == STATUS_OK; node = node->next)
		status = read_mapping(gathering, node);
	return status;
}

enum status contacts_read(struct bytes file, const char *path, struct arena *arena, struct contacts *ret_contacts,
                          struct failure *reterr)
{
	struct contacts contacts = {.rows = arena_allocate(arena, CONTACTS_MAX * sizeof *contacts.rows)};
	struct gathering gathering = {path, arena, &contacts, reterr};
	struct bytes name = bytes_of_string(path);
	if (contacts.rows == NULL)
		return fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
	bool is_yaml = bytes_end_with(name, BYTES_LITERAL(".yaml")) || bytes_end_with(name, BYTES_LITERAL(".yml"));
	enum status status = is_yaml ? read_yaml(&gathering, file) : read_csv(&gathering, file);
	if (status == STATUS_OK)
		*ret_contacts = contacts;
	return status;
}

/* ---- whom for ---- */

bool contact_is_for(const struct contact *contact, struct bytes country, struct bytes sector)
{
	bool is_there = contact->country.len == 0 || bytes_equal_nocase(contact->country, country);
	return is_there && (contact->sector.len == 0 || sector_has_word(sector, contact->sector));
}
