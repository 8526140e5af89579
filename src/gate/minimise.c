/* SPDX-License-Identifier: Apache-2.0 */
/* Member by member, as docs/gate.md has them. */
#include "gate/minimise.h"

#include "provider/provider.h"

#include <stdio.h>

enum { MINIMISED_COLUMN_SIZE = 32 };

/* From there on an answer says "sure", below it "likely": of parties as sure as that none was wrong where it was measured. */
static const float SURE = 0.95f;

static const struct {
	enum finding_kind kind;
	enum person_element element;
} sensitive[] = {
	{FINDING_NATIONAL_ID, ELEMENT_GOVERNMENT_ID},
	{FINDING_PASSPORT, ELEMENT_GOVERNMENT_ID},
	{FINDING_IBAN, ELEMENT_FINANCIAL},
	{FINDING_CARD, ELEMENT_FINANCIAL},
	{FINDING_SECRET, ELEMENT_CREDENTIALS},
	{FINDING_DATE_OF_BIRTH, ELEMENT_DATE_OF_BIRTH},
};

/* ---- what names the document ---- */

static enum status allow_numbers(struct words *words, const struct portion *portion)
{
	static const enum finding_kind numbers[] = {FINDING_PROJECT, FINDING_INVOICE, FINDING_ORDER, FINDING_CONTRACT,
	                                            FINDING_QUOTE};
	enum status status = STATUS_OK;
	words_forget_numbers(words);
	for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
		const struct portion_list *list = &portion->values[numbers[k]];
		for (size_t i = 0; i < list->count && status == STATUS_OK; i++)
			status = words_allow_number(words, list->items[i]);
	}
	return status;
}

static struct bytes if_shown(struct words *words, struct bytes text)
{
	return words_may_be_shown(words, text) ? text : BYTES_NONE;
}

static void name_document(const struct document_view *view, struct words *words, struct arena *arena, struct minimised *document)
{
	struct bytes url = BYTES_NONE;
	document->path = arena_copy(arena, if_shown(words, document_view_path(view)));
	document->container = arena_copy(arena, if_shown(words, view->container.name));
	document->title = arena_copy(arena, if_shown(words, view->title));
	bool is_named = document->path.len > 0 && document->container.len > 0;
	if (is_named && provider_object_url(&view->container, view->object_name, arena, &url) == STATUS_OK)
		document->url = url;
}

/* ---- rows ---- */

static enum person_element element_in(uint32_t kinds)
{
	for (size_t i = 0; i < sizeof sensitive / sizeof *sensitive; i++)
		if (kinds & 1u << sensitive[i].kind)
			return sensitive[i].element;
	return ELEMENT_COUNT;
}

static struct minimised_cell minimise_cell(const struct portion_cell *cell, size_t nth, struct words *words, char *numbered)
{
	struct minimised_cell minimised = {.element = element_in(cell->kinds)};
	bool is_named = words_may_be_shown(words, bytes_of_string(cell->column));
	snprintf(numbered, MINIMISED_COLUMN_SIZE, "column %zu", nth + 1);
	minimised.column = is_named ? cell->column : numbered;
	if (minimised.element == ELEMENT_COUNT && words_may_be_shown(words, cell->rest))
		minimised.text = cell->text;
	return minimised;
}

static enum status minimise_rows(const struct portion *portion, struct words *words, struct arena *arena,
                                 struct minimised *document)
{
	if (portion->row_count == 0)
		return STATUS_OK;
	document->rows = arena_allocate(arena, portion->row_count * sizeof *document->rows);
	for (size_t r = 0; r < portion->row_count && document->rows != NULL; r++) {
		size_t count = portion->rows[r].cell_count;
		struct minimised_cell *cells = arena_allocate(arena, (count + 1) * sizeof *cells);
		char *names = arena_allocate(arena, (count + 1) * MINIMISED_COLUMN_SIZE);
		if (cells == NULL || names == NULL)
			return STATUS_NO_MEMORY;
		for (size_t c = 0; c < count; c++)
			cells[c] = minimise_cell(&portion->rows[r].cells[c], c, words, names + c * MINIMISED_COLUMN_SIZE);
		document->rows[r] = (struct minimised_row){cells, count};
	}
	document->row_count = portion->row_count;
	return document->rows != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

/* ---- the rest ---- */

static unsigned bucket_of(uint64_t others)
{
	static const unsigned buckets[] = {1000, 100, 10, 1};
	for (size_t i = 0; i < sizeof buckets / sizeof *buckets; i++)
		if (others >= buckets[i])
			return buckets[i];
	return 0;
}

static const char *reason_of(const struct subject *subject, const struct portion *portion, bool is_confirmed)
{
	if (is_confirmed)
		return "the operator has confirmed that it is yours";
	if (subject->kind == SUBJECT_PERSON)
		return "your address stands in it";
	if (portion->values[FINDING_EMAIL].count > 0)
		return "it is between you and others: addresses under your domain stand in it";
	if (portion->values[FINDING_DOMAIN].count > 0)
		return "it is between you and others: your domain stands in it";
	return "it is between you and others: your organisation is named in it";
}

enum status minimise(const struct subject *subject, const struct document_view *view, const struct portion *portion,
                     bool is_confirmed, struct id id, struct words *words, struct arena *arena, struct minimised *ret_document)
{
	bool is_person = subject->kind == SUBJECT_PERSON;
	struct minimised document = {
		.id = id,
		.class = arena_copy(arena, view->class),
		.dated = view->dated,
		.modified = view->modified,
		.signing = view->signing.len == 0                      ? SIGNED_UNKNOWN
	                   : bytes_equal_string(view->signing, "true") ? SIGNED
	                                                               : SIGNED_NOT,
		.signers = portion->signers,
		.signer_count = portion->signer_count,
		.has_size = !portion->is_shared && view->size != OBJECT_SIZE_UNKNOWN,
		.has_copies = !portion->is_shared,
		.has_sha256 = !portion->is_shared && !is_person && view->has_sha256,
		.size = portion->is_shared ? 0 : view->size,
		.copies = portion->is_shared ? 0 : view->copies,
		.exposed = {view->exposed.first_seen, view->exposed.last_seen, view->exposed.closed_at},
		.is_sure = is_confirmed || portion->confidence >= SURE,
		.why = reason_of(subject, portion, is_confirmed),
		.others = bucket_of(portion->others),
	};
	if (document.has_sha256)
		memcpy(document.sha256, view->sha256, sizeof document.sha256);
	memcpy(document.values, portion->values, sizeof document.values);
	memcpy(document.elements, portion->elements, sizeof document.elements);
	enum status status = allow_numbers(words, portion);
	if (status == STATUS_OK)
		name_document(view, words, arena, &document);
	if (status == STATUS_OK && !is_person)
		status = minimise_rows(portion, words, arena, &document);
	if (status == STATUS_OK)
		*ret_document = document;
	return status;
}
