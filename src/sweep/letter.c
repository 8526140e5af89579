/* SPDX-License-Identifier: Apache-2.0 */
/* Making, copying into and freeing letters. */
#include "sweep/letter.h"

#include "base/sum.h"

#include <stdlib.h>

struct letter *letter_new(enum letter_kind kind, size_t lane)
{
	struct letter *letter = calloc(1, sizeof *letter);
	if (letter != NULL) {
		letter->kind = kind;
		letter->lane = lane;
		letter->arena = arena_with_ceiling(SIZE_MAX / 2);
	}
	return letter;
}

void letter_free(struct letter *letter)
{
	if (letter == NULL)
		return;
	arena_free(&letter->arena);
	free(letter);
}

size_t letter_weight(const struct letter *letter)
{
	return sizeof *letter + 2 * sizeof(size_t) + letter->arena.held;
}

/* Copies a member; remembers in *complete whether memory sufficed. */
static struct bytes copy(struct letter *letter, struct bytes bytes, bool *complete)
{
	if (bytes.len == 0)
		return BYTES_NONE;
	struct bytes kept = arena_copy(&letter->arena, bytes);
	*complete &= kept.at != NULL;
	return kept;
}

enum status letter_copy_object(struct letter *letter, const struct object *from, struct object *ret_object)
{
	bool complete = true;
	struct object object = *from;
	object.name = copy(letter, from->name, &complete);
	object.version = copy(letter, from->version, &complete);
	object.etag = copy(letter, from->etag, &complete);
	object.md5 = copy(letter, from->md5, &complete);
	object.media_type = copy(letter, from->media_type, &complete);
	object.tier = copy(letter, from->tier, &complete);
	object.current_version = BYTES_NONE;
	if (!complete)
		return STATUS_NO_MEMORY;
	*ret_object = object;
	return STATUS_OK;
}

static enum status copy_findings(struct letter *letter, const struct document_record *record, bool *complete)
{
	struct finding *findings = arena_allocate(&letter->arena, (record->finding_count + 1) * sizeof *findings);
	if (findings == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < record->finding_count; i++) {
		const struct finding *from = &record->findings[i];
		findings[i] = *from;
		findings[i].value = copy(letter, from->value, complete);
		findings[i].raw = bytes_equal(from->raw, from->value) ? findings[i].value : copy(letter, from->raw, complete);
		findings[i].subkind = copy(letter, from->subkind, complete);
		findings[i].rule = copy(letter, from->rule, complete);
	}
	letter->document.findings = findings;
	return STATUS_OK;
}

static enum status copy_organisations(struct letter *letter, const struct document_record *record, bool *complete)
{
	struct attribution *organisations = arena_allocate(&letter->arena,
	                                                   (record->organisation_count + 1) * sizeof *organisations);
	if (organisations == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < record->organisation_count; i++) {
		organisations[i] = record->organisations[i];
		organisations[i].domain = copy(letter, record->organisations[i].domain, complete);
		organisations[i].why = copy(letter, record->organisations[i].why, complete);
		organisations[i].name = copy(letter, record->organisations[i].name, complete);
	}
	letter->document.organisations = organisations;
	return STATUS_OK;
}

static enum status copy_facts(struct letter *letter, const struct document_record *record, bool *complete)
{
	struct fact *facts = arena_allocate(&letter->arena, (record->fact_count + 1) * sizeof *facts);
	if (facts == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < record->fact_count; i++) {
		facts[i] = record->facts[i];
		facts[i].name = copy(letter, record->facts[i].name, complete);
		facts[i].value = copy(letter, record->facts[i].value, complete);
	}
	letter->document.facts = facts;
	return STATUS_OK;
}

enum status letter_copy_document(struct letter *letter, const struct document_record *record, bool with_text)
{
	bool complete = true;
	letter->document = *record;
	letter->document.inner_path = copy(letter, record->inner_path, &complete);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (field_is_bytes(&field_table[i]))
			*field_bytes(&field_table[i], &letter->document.fields) = copy(
				letter, field_get_bytes(&field_table[i], &record->fields), &complete);
	letter->document.text = with_text ? copy(letter, record->text, &complete) : BYTES_NONE;
	if (!with_text)
		sum_add(&letter->document.text_beyond, record->text.len);
	enum status status = copy_findings(letter, record, &complete);
	if (status == STATUS_OK)
		status = copy_organisations(letter, record, &complete);
	if (status == STATUS_OK && record->fact_count > 0)
		status = copy_facts(letter, record, &complete);
	return complete ? status : STATUS_NO_MEMORY;
}
