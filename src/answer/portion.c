/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sorting a document's findings into the subject's and others'. Those of a shared
 * document are gathered first, for whose row one stands in is known only then:
 *
 *   people by record ──> findings ──> own, of all parties, of others
 *                             └─> (shared) gathered ──> tables of the kept text, record by record ──> own rows ──> the same
 */
#include "answer/portion.h"

#include "base/hash.h"
#include "base/text.h"
#include "model/layout.h"
#include "model/media-family.h"
#include "model/signature.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	SIGNERS_MAX = 1000,
	COLUMNS_MAX = 256,
	ROWS_MAX = 10000,
	FINDINGS_MAX = RECORD_FINDINGS_MAX,
	CELL_MAX = 4096,
	TABLES_MAX = 1 << 16,
	COLUMN_NAME_MAX = 200,
	PARTIES_MAX = 3, /* the owner and two others: what more have a part in is a list, and its numbers are not all of theirs */
};

/* What is less sure than that is listed to nobody. */
static const float SURE_ENOUGH = 0.5f;

const enum finding_kind portion_kinds[] = {
	FINDING_EMAIL, FINDING_PERSON,   FINDING_PHONE, FINDING_DOMAIN, FINDING_PROJECT,    FINDING_INVOICE,
	FINDING_ORDER, FINDING_CONTRACT, FINDING_QUOTE, FINDING_AMOUNT, FINDING_KIND_COUNT,
};

enum ownership {
	OTHERS,
	OWN,            /* under the subject's name */
	OF_ALL_PARTIES, /* numbers and amounts */
	OF_A_RECORD,    /* the subject's where a record of one of its people has it */
};

struct dividing {
	struct incident *incident;
	const struct subject *subject;
	const struct document_view *view;
	struct arena *arena;
	struct portion *portion;
	struct hash_table listed;
	struct finding *findings; /* of a shared document: with spans, in the order of the text */
	size_t finding_count, finding_capacity;
	size_t parties;
	struct buffer tables, carved; /* of struct table_span; of struct carved_span, which nobody asks for */
};

/* Room for one more in an array that lies in the arena. */
static void *grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return items;
	size_t wider = *capacity ? 2 * *capacity : 8;
	void *grown = arena_allocate(arena, wider * size);
	if (grown == NULL)
		return NULL;
	if (count > 0)
		memcpy(grown, items, count * size);
	*capacity = wider;
	return grown;
}

enum { PEOPLE = FINDING_KIND_COUNT };

/* kind: of which set of strings it is. */
static enum status append_value(struct dividing *dividing, struct portion_list *list, unsigned kind, struct bytes value)
{
	bool is_new;
	if (hash_table_enter(&dividing->listed, hash_of(kind, value), &is_new) == NULL)
		return STATUS_NO_MEMORY;
	if (!is_new)
		return STATUS_OK;
	list->items = grow(dividing->arena, list->items, list->count, &list->capacity, sizeof *list->items);
	struct bytes copy = arena_copy(dividing->arena, value);
	if (list->items == NULL || copy.at == NULL)
		return STATUS_NO_MEMORY;
	list->items[list->count++] = copy;
	return STATUS_OK;
}

static enum status list_value(struct dividing *dividing, enum finding_kind kind, struct bytes value)
{
	return append_value(dividing, &dividing->portion->values[kind], kind, value);
}

/* ---- whose a finding is ---- */

static bool is_number(enum finding_kind kind)
{
	switch (kind) {
	case FINDING_PROJECT:
	case FINDING_INVOICE:
	case FINDING_ORDER:
	case FINDING_CONTRACT:
	case FINDING_QUOTE:
	case FINDING_AMOUNT: return true;
	default: return false;
	}
}

static enum ownership owner_of(const struct subject *subject, const struct finding *finding)
{
	if (finding->confidence < SURE_ENOUGH || finding_is_carved(finding))
		return OTHERS;
	if (finding->kind == FINDING_EMAIL)
		return subject_has_address(subject, finding->value) ? OWN : OTHERS;
	if (finding->kind == FINDING_DOMAIN)
		return subject_has_host(subject, finding->value) ? OWN : OTHERS;
	if (finding->kind == FINDING_PERSON || finding->kind == FINDING_PHONE)
		return OF_A_RECORD;
	return is_number(finding->kind) && subject->kind == SUBJECT_ORGANISATION ? OF_ALL_PARTIES : OTHERS;
}

static enum status take(struct dividing *dividing, const struct finding *finding)
{
	dividing->portion->references += finding->kind == FINDING_EMAIL;
	return list_value(dividing, finding->kind, finding->value);
}

static enum status gather(struct dividing *dividing, const struct finding *finding)
{
	if (dividing->finding_count == FINDINGS_MAX)
		return STATUS_OK;
	dividing->findings = grow(dividing->arena, dividing->findings, dividing->finding_count, &dividing->finding_capacity,
	                          sizeof *finding);
	struct bytes value = arena_copy(dividing->arena, finding->value);
	if (dividing->findings == NULL || value.at == NULL)
		return STATUS_NO_MEMORY;
	struct finding *kept = &dividing->findings[dividing->finding_count++];
	*kept = *finding;
	kept->value = value;
	kept->raw = kept->subkind = kept->rule = BYTES_NONE;
	return STATUS_OK;
}

static enum status sort_finding(void *context, const struct finding *finding)
{
	struct dividing *dividing = context;
	struct portion *portion = dividing->portion;
	if (!finding_kind_is_counted(finding->kind))
		return STATUS_OK;
	enum ownership ownership = owner_of(dividing->subject, finding);
	portion->is_determined |= dividing->subject->kind == SUBJECT_PERSON && ownership == OWN &&
	                          finding->kind == FINDING_EMAIL && finding->confidence >= ATTRIBUTION_DETERMINED;
	if (portion->is_shared && !finding_is_carved(finding)) {
		enum status status = gather(dividing, finding);
		if (status != STATUS_OK)
			return status;
	}
	if (ownership == OWN || (ownership == OF_ALL_PARTIES && !portion->is_shared)) {
		portion->is_carved = false;
		return take(dividing, finding);
	}
	portion->others++;
	return STATUS_OK;
}

/* ---- people ---- */

static bool is_theirs_by_record(const struct subject *subject, const struct person_record *record)
{
	if (subject->kind == SUBJECT_ORGANISATION)
		return bytes_equal(record->domain, subject->name);
	for (size_t i = 0; i < record->email_count; i++)
		if (bytes_equal(record->emails[i], subject->name))
			return true;
	return false;
}

static enum status take_record(struct dividing *dividing, const struct person_record *record)
{
	struct portion *portion = dividing->portion;
	struct bytes key = record->email_count > 0 ? record->emails[0] : record->name;
	enum status status = key.len > 0 ? append_value(dividing, &portion->people, PEOPLE, key) : STATUS_OK;
	for (enum person_element element = 0; element < ELEMENT_COUNT; element++)
		portion->elements[element] += (record->elements & ELEMENT_BIT(element)) != 0;
	if (status == STATUS_OK && record->name.len > 0)
		status = list_value(dividing, FINDING_PERSON, record->name);
	for (size_t i = 0; i < record->phone_count && status == STATUS_OK; i++)
		status = list_value(dividing, FINDING_PHONE, record->phones[i]);
	return status;
}

static enum status sort_people(struct dividing *dividing, struct bytes rest)
{
	struct person_record record;
	enum status status = STATUS_OK;
	while (status == STATUS_OK && person_take(&rest, &record))
		if (is_theirs_by_record(dividing->subject, &record))
			status = take_record(dividing, &record);
	return status;
}

/* ---- rows ---- */

static enum status keep_table(void *context, const struct fact *fact)
{
	struct dividing *dividing = context;
	layout_read(fact, RECORD_TEXT_MAX, &dividing->carved, &dividing->tables);
	return buffer_status(&dividing->tables);
}

/* Findings of one record: a window of the gathered ones, their spans from here on in bytes of the table's text. */
struct record {
	struct bytes text; /* the table's */
	struct table_cell cells[COLUMNS_MAX];
	size_t cell_count;
	size_t first, end; /* findings */
};

static bool is_listed(const struct dividing *dividing, enum finding_kind kind, struct bytes value)
{
	return hash_table_find(&dividing->listed, hash_of(kind, value)) != NULL;
}

/* Of a finding in a row that is the subject's. */
static bool is_theirs(const struct dividing *dividing, const struct finding *finding)
{
	enum ownership ownership = owner_of(dividing->subject, finding);
	return ownership == OWN || ownership == OF_ALL_PARTIES ||
	       (ownership == OF_A_RECORD && is_listed(dividing, finding->kind, finding->value));
}

static enum status put_text(struct arena *arena, const struct buffer *text, struct bytes *ret_text)
{
	if (buffer_status(text) != STATUS_OK)
		return buffer_status(text);
	*ret_text = arena_copy(arena, bytes_slice(buffer_bytes(text), 0, CELL_MAX));
	return text->len == 0 || ret_text->at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

/* What of a cell no finding of the subject's covers. */
static void append_rest(const struct dividing *dividing, const struct record *record, struct table_cell cell, struct buffer *into,
                        uint32_t *ret_kinds)
{
	size_t at = cell.from;
	*ret_kinds = 0;
	for (size_t i = record->first; i < record->end; i++) {
		const struct finding *finding = &dividing->findings[i];
		if (finding->to <= cell.from || finding->from >= cell.to)
			continue;
		*ret_kinds |= 1u << finding->kind;
		if (finding->from < at || !is_theirs(dividing, finding))
			continue;
		buffer_append(into, bytes_slice(record->text, at, finding->from - at));
		buffer_append_byte(into, ' ');
		at = finding->to;
	}
	if (at < cell.to)
		buffer_append(into, bytes_slice(record->text, at, cell.to - at));
}

static enum status put_cell(struct dividing *dividing, const struct record *record, const char *column, struct table_cell at,
                            struct portion_cell *cell)
{
	struct buffer room = buffer_with_ceiling(SIZE_MAX / 2);
	cell->column = column;
	table_cell_append(&room, record->text, at);
	enum status status = put_text(dividing->arena, &room, &cell->text);
	buffer_reset(&room);
	append_rest(dividing, record, at, &room, &cell->kinds);
	if (status == STATUS_OK)
		status = put_text(dividing->arena, &room, &cell->rest);
	buffer_free(&room);
	return status;
}

static enum status put_row(struct dividing *dividing, const struct record *record, const char *const names[COLUMNS_MAX])
{
	struct portion *portion = dividing->portion;
	enum status status = STATUS_OK;
	for (size_t i = record->first; i < record->end && status == STATUS_OK; i++) {
		if (owner_of(dividing->subject, &dividing->findings[i]) == OWN || !is_theirs(dividing, &dividing->findings[i]))
			continue;
		portion->others -= portion->others > 0;
		status = list_value(dividing, dividing->findings[i].kind, dividing->findings[i].value);
	}
	if (portion->row_count == ROWS_MAX || status != STATUS_OK)
		return status;
	portion->rows = grow(dividing->arena, portion->rows, portion->row_count, &portion->row_capacity, sizeof *portion->rows);
	struct portion_cell *cells = arena_allocate(dividing->arena, (record->cell_count + 1) * sizeof *cells);
	if (portion->rows == NULL || cells == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < record->cell_count && status == STATUS_OK; i++) {
		cells[i] = (struct portion_cell){.kinds = 0};
		status = put_cell(dividing, record, names[i], record->cells[i], &cells[i]);
	}
	portion->rows[portion->row_count++] = (struct portion_row){cells, record->cell_count};
	return status;
}

/* Of the first record, where there is one to name them by. */
static enum status name_columns(struct dividing *dividing, const struct record *header, const char *names[COLUMNS_MAX])
{
	struct buffer name = buffer_with_ceiling(SIZE_MAX / 2);
	struct hash_table taken = {.count = 0};
	enum status status = STATUS_OK;
	for (size_t i = 0; i < COLUMNS_MAX && status == STATUS_OK; i++) {
		char numbered[32];
		bool is_new = false;
		buffer_reset(&name);
		snprintf(numbered, sizeof numbered, "column %zu", i + 1);
		if (i < header->cell_count)
			table_cell_append(&name, header->text, header->cells[i]);
		struct bytes written = buffer_bytes(&name);
		bool is_good = written.len > 0 && written.len <= COLUMN_NAME_MAX &&
		               hash_table_enter(&taken, hash_of(0, written), &is_new) != NULL && is_new;
		names[i] = arena_copy_string(dividing->arena, is_good ? written : bytes_of_string(numbered));
		status = names[i] != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	}
	hash_table_free(&taken);
	buffer_free(&name);
	return status;
}

static bool has_own(const struct dividing *dividing, const struct record *record)
{
	for (size_t i = record->first; i < record->end; i++)
		if (owner_of(dividing->subject, &dividing->findings[i]) == OWN)
			return true;
	return false;
}

/* Spans of the findings, from code points of the text to its bytes. One pass. */
static void turn_to_bytes(struct dividing *dividing, struct bytes text)
{
	size_t byte = 0;
	uint64_t point = 0;
	for (size_t i = 0; i < dividing->finding_count; i++) {
		struct finding *finding = &dividing->findings[i];
		uint64_t length = finding->to - finding->from;
		byte += text_offset(bytes_from(text, byte), finding->from - point);
		point = finding->from;
		finding->from = byte;
		finding->to = byte + text_offset(bytes_from(text, byte), length);
	}
}

static enum status find_rows(struct dividing *dividing, struct bytes text, unsigned char delimiter, size_t first, size_t end)
{
	struct record record = {.text = text, .first = first, .end = first};
	const char *names[COLUMNS_MAX];
	size_t at = 0;
	enum status status = STATUS_OK;
	for (uint64_t nth = 0;
	     status == STATUS_OK && table_next_record(text, delimiter, &at, record.cells, COLUMNS_MAX, &record.cell_count);
	     nth++) {
		record.first = record.end;
		while (record.end < end && dividing->findings[record.end].from < at)
			record.end++;
		/* One that has findings is a row like all others. */
		if (nth == 0)
			status = name_columns(dividing, record.first == record.end ? &record : &(struct record){.cell_count = 0},
			                      names);
		if (status == STATUS_OK && has_own(dividing, &record))
			status = put_row(dividing, &record, names);
	}
	return status;
}

static int by_place(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;
	return a->from < b->from ? -1 : a->from > b->from;
}

/* The findings that begin in a table, as places of its own text. */
static enum status look_at_table(struct dividing *dividing, struct bytes text, const struct table_span *table, size_t *next)
{
	size_t first = *next, end;
	while (first < dividing->finding_count && dividing->findings[first].from < table->from)
		first++;
	for (end = first; end < dividing->finding_count && dividing->findings[end].from < table->to; end++) {
		dividing->findings[end].from -= table->from;
		dividing->findings[end].to -= table->from;
	}
	*next = end;
	return find_rows(dividing, bytes_slice(text, table->from, table->to - table->from), table->delimiter, first, end);
}

static enum status look_through(struct dividing *dividing, struct bytes text)
{
	const struct table_span *tables = (const void *)dividing->tables.at;
	enum status status = STATUS_OK;
	size_t next = 0;
	if (dividing->finding_count == 0)
		return STATUS_OK;
	qsort(dividing->findings, dividing->finding_count, sizeof *dividing->findings, by_place);
	turn_to_bytes(dividing, text);
	for (size_t i = 0; i < dividing->tables.len / sizeof *tables && status == STATUS_OK; i++)
		if (tables[i].to <= text.len && tables[i].from < tables[i].to)
			status = look_at_table(dividing, text, &tables[i], &next);
	return status;
}

static enum status find_all_rows(struct dividing *dividing, struct failure *reterr)
{
	struct buffer text = buffer_with_ceiling(RECORD_TEXT_MAX + 1);
	const unsigned char *key = dividing->view->content_key;
	enum status status = incident_facts(dividing->incident, key, keep_table, dividing, reterr);
	if (status == STATUS_OK && dividing->tables.len > 0 && dividing->finding_count > 0)
		status = incident_text(dividing->incident, key, 0, UINT64_MAX, &text, reterr);
	if (status == STATUS_OK)
		status = look_through(dividing, buffer_bytes(&text));
	buffer_free(&text);
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

/* ---- the rest ---- */

static enum status find_reason(void *context, const struct attribution *attribution)
{
	struct dividing *dividing = context;
	dividing->parties += attribution->role == ORGANISATION_PARTY;
	if (attribution->role != ORGANISATION_PARTY || !bytes_equal(attribution->domain, dividing->subject->name))
		return STATUS_OK;
	dividing->portion->is_determined |= attribution_is_determined(attribution);
	dividing->portion->confidence = attribution->confidence;
	dividing->portion->why = arena_copy(dividing->arena, attribution->why);
	return dividing->portion->why.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

/* A signer is the subject's where the certificate says so by an address. */
static enum status sort_signer(struct dividing *dividing, const struct fact *fact)
{
	struct portion *portion = dividing->portion;
	struct signature signature;
	if (!signature_of_fact(fact, &signature) || signature.signer.len == 0)
		return STATUS_OK;
	if (signature.email.len == 0 || !subject_has_address(dividing->subject, signature.email) ||
	    portion->signer_count == SIGNERS_MAX) {
		portion->others++;
		return STATUS_OK;
	}
	if (portion->signers == NULL)
		portion->signers = arena_allocate(dividing->arena, SIGNERS_MAX * sizeof *portion->signers);
	struct bytes kept = arena_copy(dividing->arena, signature.signer);
	if (portion->signers == NULL || kept.at == NULL)
		return STATUS_NO_MEMORY;
	portion->signers[portion->signer_count++] = kept;
	return STATUS_OK;
}

static enum status sort_fact(void *context, const struct fact *fact)
{
	return fact->kind == FACT_PERSON ? sort_people(context, fact->value) : sort_signer(context, fact);
}

static bool has_type(struct bytes media_type, const char *family)
{
	for (const char *const *type = media_family_find(bytes_of_string(family))->types; *type != NULL; type++)
		if (bytes_start_with(media_type, bytes_of_string(*type)))
			return true;
	return false;
}

/* By what it is. */
static bool is_shared(const struct document_view *view)
{
	static const char *const families[] = {"sheet", "database", "backup", "archive"};
	static const char *const mailboxes[] = {"application/mbox", "application/vnd.ms-outlook-pst",
	                                        "application/x-outlook-express", "application/json", "application/x-ndjson"};
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (has_type(view->media_type, families[i]))
			return true;
	for (size_t i = 0; i < sizeof mailboxes / sizeof *mailboxes; i++)
		if (bytes_equal_string(view->media_type, mailboxes[i]))
			return true;
	return false;
}

static enum status past_absence(enum status status)
{
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

enum status portion_find(struct incident *incident, const struct subject *subject, const struct document_view *view,
                         struct arena *arena, struct portion *ret_portion, struct failure *reterr)
{
	struct portion portion = {.is_shared = is_shared(view), .is_carved = true};
	struct dividing dividing = {
		.incident = incident,
		.subject = subject,
		.view = view,
		.arena = arena,
		.portion = &portion,
		.tables = buffer_with_ceiling(TABLES_MAX * sizeof(struct table_span)),
		.carved = buffer_with_ceiling(SIZE_MAX / 2),
	};
	if (subject->kind == SUBJECT_PERSON) {
		portion.confidence = 1;
		portion.why = BYTES_LITERAL("the address stands in it");
	}
	enum status status = past_absence(incident_attributions(incident, view, find_reason, &dividing, reterr));
	portion.is_shared |= dividing.parties > PARTIES_MAX;
	if (status == STATUS_OK)
		status = past_absence(incident_facts(incident, view->content_key, sort_fact, &dividing, reterr));
	if (status == STATUS_OK)
		status = past_absence(incident_findings(incident, view->content_key, sort_finding, &dividing, reterr));
	if (status == STATUS_OK && portion.is_shared)
		status = find_all_rows(&dividing, reterr);
	hash_table_free(&dividing.listed);
	buffer_free(&dividing.tables);
	buffer_free(&dividing.carved);
	if (status == STATUS_OK)
		*ret_portion = portion;
	return status;
}
