/* SPDX-License-Identifier: Apache-2.0 */
/* Of an identifier its last characters are shown: enough to compare, too few to use. */
#include "answer/people.h"

#include "answer/hit.h"

#include <stdio.h>

enum { SHOWN = 4, SHOWN_OF_SHORT = 2, SHORT = 8, TOLD = 3 };

static void write_masked(struct bytes value, struct json_writer *json)
{
	struct buffer masked = buffer_with_ceiling(2 * PERSON_VALUE_MAX);
	size_t shown = value.len > SHORT ? SHOWN : value.len > SHOWN_OF_SHORT ? SHOWN_OF_SHORT : 0;
	for (size_t i = 0; i + shown < value.len; i++)
		buffer_append_byte(&masked, '*');
	buffer_append(&masked, bytes_from(value, value.len - shown));
	json_bytes(json, buffer_bytes(&masked));
	buffer_free(&masked);
}

static void write_list(const char *key, const struct bytes *values, size_t count, struct json_writer *json)
{
	json_key(json, key);
	json_begin_array(json);
	for (size_t i = 0; i < count; i++)
		json_bytes(json, values[i]);
	json_end_array(json);
}

static void write_identifiers(const struct person_record *record, struct json_writer *json)
{
	json_key(json, "identifiers");
	json_begin_array(json);
	for (size_t i = 0; i < record->identifier_count; i++) {
		const struct person_identifier *identifier = &record->identifiers[i];
		json_begin_object(json);
		json_key(json, "kind");
		json_string(json, finding_kind_name(identifier->kind));
		json_member_text(json, "subkind", identifier->subkind);
		json_key(json, "masked");
		write_masked(identifier->value, json);
		json_end_object(json);
	}
	json_end_array(json);
}

struct bytes people_organisation(const struct person_record *record)
{
	return record->domain.len > 0 ? record->domain : record->organisation;
}

void people_write(const struct person_summary *summary, struct json_writer *json)
{
	const struct person_record *record = &summary->record;
	hit_write_id(json, "id", summary->id);
	json_member_text(json, "name", record->name);
	write_list("emails", record->emails, record->email_count, json);
	write_list("phones", record->phones, record->phone_count, json);
	write_identifiers(record, json);
	json_member_text(json, "organisation", people_organisation(record));
	json_member_text(json, "organisation_name", record->organisation);
	json_member_text(json, "role", record->role);
	json_member_text(json, "residence", bytes_of_string(record->residence));
	json_key(json, "elements");
	json_begin_array(json);
	for (enum person_element element = 0; element < ELEMENT_COUNT; element++)
		if (record->elements & ELEMENT_BIT(element))
			json_string(json, person_element_name(element));
	json_end_array(json);
	json_member_unsigned(json, "documents", summary->documents);
	json_member_unsigned(json, "records", summary->records);
	json_key(json, "confidence");
	json_real(json, (double)record->confidence);
}

void people_write_place(const struct person_place *place, struct json_writer *json)
{
	const struct person_record *record = place->record;
	hit_write_id(json, "id", place->view->id);
	json_key(json, "path");
	json_bytes(json, document_view_path(place->view));
	json_key(json, "table");
	record->has_place ? json_unsigned(json, record->table) : json_null(json);
	json_key(json, "row");
	record->has_place ? json_unsigned(json, record->row) : json_null(json);
	json_key(json, "source");
	json_string(json, person_source_name(record->source));
	json_member_text(json, "name", record->name);
	json_member_text(json, "why", place->why);
}

/* ---- which one ---- */

struct candidates {
	struct id written;
	bool is_exact, has_exact; /* written out; the very id of one is among them */
	size_t count;
	struct buffer told;
};

static enum status count_candidate(void *context, const struct person_summary *summary)
{
	struct candidates *candidates = context;
	char text[ID_TEXT_SIZE];
	if (candidates->count++ < TOLD)
		buffer_append_format(&candidates->told, "%s%s", candidates->count > 1 ? ", " : "", id_format(summary->id, text));
	candidates->has_exact |= candidates->is_exact && id_equal(summary->id, candidates->written);
	return STATUS_OK;
}

struct passing {
	const struct candidates *candidates;
	person_visitor *each;
	void *context;
};

static enum status pass(void *context, const struct person_summary *summary)
{
	const struct passing *passing = context;
	if (passing->candidates->has_exact && !id_equal(summary->id, passing->candidates->written))
		return STATUS_OK;
	return passing->each(passing->context, summary);
}

enum status people_find(struct incident *incident, struct bytes written, person_visitor *each, void *context,
                        struct failure *reterr)
{
	struct candidates candidates = {.told = buffer_with_ceiling(1024)};
	struct id low, high;
	char where[40];
	snprintf(where, sizeof where, "%.*s", (int)(written.len < 30 ? written.len : 30), (const char *)written.at);
	if (!id_parse_beginning(written, &low, &high))
		return fail(reterr, STATUS_ABSENT, where, "is no id of a person; 'tidemark people' shows them");
	candidates.is_exact = id_equal(low, high);
	candidates.written = low;
	enum status status = incident_people_between(incident, &low, &high, count_candidate, &candidates, reterr);
	if (status == STATUS_OK && candidates.count == 0)
		status = fail(reterr, STATUS_ABSENT, where, "nobody has this id; 'tidemark people' shows them");
	else if (status == STATUS_OK && candidates.count > 1 && !candidates.has_exact)
		status = fail(reterr, STATUS_ABSENT, where, "%s: %s%s",
		              candidates.is_exact ? "several people have this key" : "several ids begin so; write more of it",
		              buffer_string(&candidates.told), candidates.count > TOLD ? ", ..." : "");
	struct passing passing = {&candidates, each, context};
	if (status == STATUS_OK)
		status = incident_people_between(incident, &low, &high, pass, &passing, reterr);
	buffer_free(&candidates.told);
	return status;
}
