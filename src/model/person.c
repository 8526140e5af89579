/* SPDX-License-Identifier: Apache-2.0 */
/* Records as text: a line a member, its first byte says which; a record begins with its source. */
#include "model/person.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const sources[PERSON_SOURCE_COUNT] = {
	[PERSON_ROW] = "row",   [PERSON_HEADER] = "header", [PERSON_SIGNATURE] = "signature",
	[PERSON_FORM] = "form", [PERSON_VCARD] = "vcard",   [PERSON_TEXT] = "text",
};
static const char *const elements[ELEMENT_COUNT] = {
	[ELEMENT_NAME] = "name",
	[ELEMENT_CONTACT] = "contact",
	[ELEMENT_GOVERNMENT_ID] = "government_id",
	[ELEMENT_FINANCIAL] = "financial",
	[ELEMENT_CREDENTIALS] = "credentials",
	[ELEMENT_HEALTH] = "health",
	[ELEMENT_DATE_OF_BIRTH] = "date_of_birth",
	[ELEMENT_LOCATION] = "location",
	[ELEMENT_EMPLOYMENT] = "employment",
	[ELEMENT_OTHER] = "other",
};

const char *person_source_name(enum person_source source)
{
	return source < PERSON_SOURCE_COUNT && sources[source] != NULL ? sources[source] : "unknown";
}

const char *person_element_name(enum person_element element)
{
	return element < ELEMENT_COUNT ? elements[element] : "unknown";
}

enum person_element person_element_from_name(struct bytes name)
{
	enum person_element element = 0;
	while (element < ELEMENT_COUNT && !bytes_equal_string(name, elements[element]))
		element++;
	return element;
}

/* ---- lists ---- */

static void add_value(struct bytes *list, size_t *count, struct bytes value)
{
	if (value.len == 0 || value.len > PERSON_VALUE_MAX)
		return;
	for (size_t i = 0; i < *count; i++)
		if (bytes_equal(list[i], value))
			return;
	if (*count < PERSON_VALUES_MAX)
		list[(*count)++] = value;
}

void person_add_email(struct person_record *record, struct bytes value)
{
	add_value(record->emails, &record->email_count, value);
}

void person_add_phone(struct person_record *record, struct bytes value)
{
	add_value(record->phones, &record->phone_count, value);
}

void person_add_identifier(struct person_record *record, const struct person_identifier *identifier)
{
	if (identifier->value.len == 0 || identifier->value.len > PERSON_VALUE_MAX || identifier->subkind.len > FACT_NAME_MAX)
		return;
	for (size_t i = 0; i < record->identifier_count; i++)
		if (record->identifiers[i].kind == identifier->kind &&
		    bytes_equal(record->identifiers[i].value, identifier->value))
			return;
	if (record->identifier_count < PERSON_VALUES_MAX)
		record->identifiers[record->identifier_count++] = *identifier;
}

/* ---- writing ---- */

/* A line: what would end it early is a blank. */
static void append_line(struct buffer *into, char member, struct bytes text, size_t most)
{
	struct bytes kept = bytes_slice(text, 0, most);
	if (text.len == 0)
		return;
	while (kept.len > 0 && kept.len < text.len && (text.at[kept.len] & 0xC0) == 0x80)
		kept.len--;
	buffer_append_byte(into, (unsigned char)member);
	for (size_t i = 0; i < kept.len; i++)
		buffer_append_byte(into, kept.at[i] < ' ' ? ' ' : kept.at[i]);
	buffer_append_byte(into, '\n');
}

static void append_identifier(struct buffer *into, const struct person_identifier *identifier)
{
	buffer_append_format(into, "I%d ", (int)identifier->kind);
	buffer_append(into, identifier->subkind);
	append_line(into, ' ', identifier->value, PERSON_VALUE_MAX);
}

void person_append(struct buffer *into, const struct person_record *record)
{
	buffer_append_format(into, "S%d\n", (int)record->source);
	append_line(into, 'N', record->name, PERSON_TEXT_MAX);
	/* What a hostile document has of each is bounded, too: a record fits into a fact. */
	size_t room = FACT_VALUE_MAX - 2048, before = into->len;
	for (size_t i = 0; i < record->email_count && into->len - before < room; i++)
		append_line(into, 'E', record->emails[i], PERSON_VALUE_MAX);
	for (size_t i = 0; i < record->identifier_count && into->len - before < room; i++)
		append_identifier(into, &record->identifiers[i]);
	for (size_t i = 0; i < record->phone_count && into->len - before < room; i++)
		append_line(into, 'P', record->phones[i], PERSON_VALUE_MAX);
	append_line(into, 'O', record->organisation, PERSON_TEXT_MAX);
	append_line(into, 'R', record->role, PERSON_TEXT_MAX);
	append_line(into, 'D', record->domain, PERSON_TEXT_MAX);
	if (record->residence[0] != '\0')
		buffer_append_format(into, "%c%s\n", record->is_residence_by_number ? 'c' : 'C', record->residence);
	if (record->has_place)
		buffer_append_format(into, "T%" PRIu32 " %" PRIu64 "\n", record->table, record->row);
	buffer_append_format(into, "M%u %u\n", record->elements, (unsigned)(record->confidence * 100 + 0.5f));
}

/* ---- reading ---- */

static bool take_number(struct bytes *rest, uint64_t *ret_value)
{
	size_t end = bytes_find_byte(*rest, ' ');
	bool is_number = bytes_parse_u64(bytes_slice(*rest, 0, end == BYTES_NOT_FOUND ? rest->len : end), ret_value);
	*rest = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(*rest, end + 1);
	return is_number;
}

static bool read_identifier(struct bytes value, struct person_record *record)
{
	uint64_t kind;
	size_t blank;
	if (!take_number(&value, &kind) ||
	    (kind != FINDING_NATIONAL_ID && kind != FINDING_PASSPORT && kind != FINDING_IBAN && kind != FINDING_CARD))
		return false;
	blank = bytes_find_byte(value, ' ');
	if (blank == BYTES_NOT_FOUND || blank > FACT_NAME_MAX || blank + 1 == value.len)
		return false;
	person_add_identifier(record, &(struct person_identifier){(enum finding_kind)kind, bytes_slice(value, 0, blank),
	                                                          bytes_from(value, blank + 1)});
	return true;
}

static bool read_residence(struct bytes value, bool is_by_number, struct person_record *record)
{
	if (value.len != 2 || value.at[0] < 'A' || value.at[0] > 'Z' || value.at[1] < 'A' || value.at[1] > 'Z')
		return false;
	memcpy(record->residence, value.at, 2);
	record->residence[2] = '\0';
	record->is_residence_by_number = is_by_number;
	return true;
}

static bool read_place(struct bytes value, struct person_record *record)
{
	uint64_t table;
	if (!take_number(&value, &table) || table > UINT32_MAX || !take_number(&value, &record->row) || record->row > INT64_MAX)
		return false;
	record->table = (uint32_t)table;
	record->has_place = true;
	return true;
}

static bool read_measure(struct bytes value, struct person_record *record)
{
	uint64_t bits, hundredths;
	if (!take_number(&value, &bits) || bits >= ELEMENT_BIT(ELEMENT_COUNT) || !take_number(&value, &hundredths) ||
	    hundredths > 100)
		return false;
	record->elements = (unsigned)bits;
	record->confidence = (float)hundredths / 100;
	return true;
}

static bool read_text(struct bytes value, struct bytes *member)
{
	*member = value;
	return value.len > 0 && value.len <= PERSON_TEXT_MAX;
}

static bool is_value(struct bytes value)
{
	return value.len > 0 && value.len <= PERSON_VALUE_MAX;
}

static bool read_member(struct bytes line, struct person_record *record)
{
	struct bytes value = bytes_from(line, 1);
	switch (line.len > 0 ? line.at[0] : 0) {
	case 'N': return read_text(value, &record->name);
	case 'O': return read_text(value, &record->organisation);
	case 'R': return read_text(value, &record->role);
	case 'D': return read_text(value, &record->domain);
	case 'E': person_add_email(record, value); return is_value(value);
	case 'P': person_add_phone(record, value); return is_value(value);
	case 'I': return read_identifier(value, record);
	case 'C': return read_residence(value, false, record);
	case 'c': return read_residence(value, true, record);
	case 'T': return read_place(value, record);
	case 'M': return read_measure(value, record);
	default: return false;
	}
}

static struct bytes take_line(struct bytes *rest)
{
	size_t end = bytes_find_byte(*rest, '\n');
	struct bytes line = bytes_slice(*rest, 0, end == BYTES_NOT_FOUND ? rest->len : end);
	*rest = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(*rest, end + 1);
	return line;
}

bool person_take(struct bytes *rest, struct person_record *ret_record)
{
	uint64_t source;
	struct bytes line = take_line(rest);
	*ret_record = (struct person_record){.confidence = 0};
	if (line.len < 2 || line.at[0] != 'S' || !bytes_parse_u64(bytes_from(line, 1), &source) || source == 0 ||
	    source >= PERSON_SOURCE_COUNT)
		return false;
	ret_record->source = (enum person_source)source;
	while (rest->len > 0 && rest->at[0] != 'S')
		if (!read_member(take_line(rest), ret_record))
			return false;
	return true;
}

bool person_is_sound(struct bytes value)
{
	struct person_record record;
	if (value.len == 0)
		return false;
	while (value.len > 0)
		if (!person_take(&value, &record))
			return false;
	return true;
}
