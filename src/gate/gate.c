/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An answer takes two walks: which documents are the subject's, whose names and
 * dates are sorted; then each of them, one at a time, so that memory holds one
 * document and the list of names. In between and meanwhile a sweep may make one
 * somebody else's: what is told of it is of one moment with whose it is then.
 */
#include "gate/gate.h"

#include "base/clock.h"
#include "base/digest.h"
#include "catalog/reads.h"
#include "catalog/register.h"
#include "catalog/reviews.h"
#include "gate/keyed-id.h"

#include <stdio.h>
#include <stdlib.h>

enum { DOCUMENT_ARENA = 256 << 20, MOMENT_DOCUMENTS = 100, MOMENT_MS = 200, LIST_CEILING = 1 << 30, CURSOR_MAX = 256 };

/* A document of the answer. */
struct entry {
	int64_t dated;
	struct id keyed, id;
};

/* The operator's last word on one document. */
struct word {
	struct id id;
	enum review_word word;
	bool has_sha256;
	unsigned char sha256[32];
};

struct asking {
	struct catalog *catalog;
	struct incident *incident;
	const struct subject *subject;
	unsigned char key[CATALOG_GATE_KEY_SIZE];
	struct buffer entries; /* of struct entry */
	struct buffer words;   /* of struct word */
	bool is_sure;          /* that the document at hand is the subject's */
	struct failure *reterr;
};

static struct entry *entries_of(const struct asking *asking, size_t *ret_count)
{
	*ret_count = asking->entries.len / sizeof(struct entry);
	return (void *)asking->entries.at;
}

/* ---- the operator's word ---- */

static struct word *word_on(const struct asking *asking, const struct id *id)
{
	struct word *words = (void *)asking->words.at;
	for (size_t i = 0; i < asking->words.len / sizeof *words; i++)
		if (id_equal(words[i].id, *id))
			return &words[i];
	return NULL;
}

static enum status keep_word(void *context, const struct review *review)
{
	struct asking *asking = context;
	struct word word = {.id = review->document, .word = review->word, .has_sha256 = review->has_sha256};
	struct word *earlier = word_on(asking, &review->document);
	memcpy(word.sha256, review->sha256, sizeof word.sha256);
	if (earlier != NULL)
		*earlier = word;
	else
		buffer_append(&asking->words, bytes_of(&word, sizeof word));
	return buffer_status(&asking->words);
}

/* A confirmation is of the bytes that were looked at. */
static bool is_confirmed(const struct word *word, const struct document_view *view)
{
	return word != NULL && word->word == REVIEW_CONFIRM &&
	       (!word->has_sha256 || (view->has_sha256 && memcmp(word->sha256, view->sha256, sizeof word->sha256) == 0));
}

/* ---- which documents ---- */

static enum status enter(struct asking *asking, const struct id *id, int64_t dated)
{
	struct entry entry = {dated, keyed_id_of(asking->key, asking->subject, *id), *id};
	buffer_append(&asking->entries, bytes_of(&entry, sizeof entry));
	return buffer_status(&asking->entries);
}

static enum status enter_unless_withheld(void *context, const struct id *id, int64_t dated)
{
	struct asking *asking = context;
	const struct word *word = word_on(asking, id);
	return word != NULL && word->word == REVIEW_WITHHOLD ? STATUS_OK : enter(asking, id, dated);
}

static enum status find_address(void *context, const struct finding *finding)
{
	struct asking *asking = context;
	bool is_it = finding->kind == FINDING_EMAIL && subject_has_address(asking->subject, finding->value);
	asking->is_sure |= is_it && !finding_is_carved(finding) && finding->confidence >= ATTRIBUTION_DETERMINED;
	return STATUS_OK;
}

/* A person's, by the address that was read in it. */
static enum status consider(void *context, const struct document_view *view)
{
	struct asking *asking = context;
	asking->is_sure = false;
	enum status status = incident_findings(asking->incident, view->content_key, find_address, asking, asking->reterr);
	if (status != STATUS_OK && status != STATUS_ABSENT)
		return status;
	return asking->is_sure ? enter_unless_withheld(asking, &view->id, view->dated) : STATUS_OK;
}

static int by_id(const void *left, const void *right)
{
	return memcmp(((const struct entry *)left)->id.bytes, ((const struct entry *)right)->id.bytes, ID_SIZE);
}

static enum status add_confirmed(void *context, const struct document_view *view)
{
	struct asking *asking = context;
	return is_confirmed(word_on(asking, &view->id), view) ? enter(asking, &view->id, view->dated) : STATUS_OK;
}

/* Those that nothing but the operator's word makes the subject's. */
static enum status find_confirmed(struct asking *asking)
{
	size_t count;
	struct entry *entries = entries_of(asking, &count);
	const struct word *words = (const void *)asking->words.at;
	enum status status = STATUS_OK;
	if (count > 0)
		qsort(entries, count, sizeof *entries, by_id);
	for (size_t i = 0; i < asking->words.len / sizeof *words && status == STATUS_OK; i++) {
		struct entry sought = {.id = words[i].id};
		entries = (void *)asking->entries.at;
		bool is_there = count > 0 && bsearch(&sought, entries, count, sizeof *entries, by_id) != NULL;
		if (words[i].word == REVIEW_CONFIRM && !is_there)
			status = incident_find(asking->incident, &words[i].id, add_confirmed, asking, NULL);
		if (status == STATUS_ABSENT)
			status = STATUS_OK;
	}
	return status;
}

/* Of no date first: a missing one tells no more than a date does. */
static int in_order(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	if (a->dated != b->dated)
		return a->dated < b->dated ? -1 : 1;
	return memcmp(a->keyed.bytes, b->keyed.bytes, ID_SIZE);
}

static enum status find_documents(struct asking *asking)
{
	const struct subject *subject = asking->subject;
	enum status status = incident_reviews(asking->incident, subject->name, keep_word, asking, asking->reterr);
	if (status == STATUS_OK)
		status = subject->kind == SUBJECT_PERSON
		                 ? incident_documents_with(asking->incident, FINDING_EMAIL, subject->name, consider, asking,
		                                           asking->reterr)
		                 : incident_dates_of(asking->incident, subject->name, ATTRIBUTION_DETERMINED,
		                                     enter_unless_withheld, asking, asking->reterr);
	if (status == STATUS_OK)
		status = find_confirmed(asking);
	size_t count;
	struct entry *entries = entries_of(asking, &count);
	if (status == STATUS_OK && count > 0)
		qsort(entries, count, sizeof *entries, in_order);
	return status;
}

static enum status begin(struct asking *asking, struct catalog *catalog, struct incident *incident, const struct subject *subject,
                         struct failure *reterr)
{
	*asking = (struct asking){
		.catalog = catalog,
		.incident = incident,
		.subject = subject,
		.entries = buffer_with_ceiling(LIST_CEILING),
		.words = buffer_with_ceiling(LIST_CEILING),
		.reterr = reterr,
	};
	catalog_gate_key(catalog, asking->key);
	return find_documents(asking);
}

static void end(struct asking *asking)
{
	explicit_bzero(asking->key, sizeof asking->key);
	buffer_free(&asking->entries);
	buffer_free(&asking->words);
}

/* ---- pages: a cursor is the last document's place, and a seal that ties it to the subject ---- */

enum { SEAL_SIZE = 8, PLACE_SIZE = 8 + ID_SIZE };

static void seal_of(const struct asking *asking, const unsigned char place[PLACE_SIZE], unsigned char seal[SEAL_SIZE])
{
	unsigned char message[8 + PLACE_SIZE], digest[DIGEST_SHA256_SIZE], name[DIGEST_SHA256_SIZE], key[DIGEST_SHA256_SIZE];
	digest_sha256(asking->subject->name, name);
	digest_hmac_sha256(bytes_of(asking->key, sizeof asking->key), bytes_of(name, sizeof name), key);
	memcpy(message, "cursor\0", 8);
	memcpy(message + 8, place, PLACE_SIZE);
	digest_hmac_sha256(bytes_of(key, sizeof key), bytes_of(message, sizeof message), digest);
	memcpy(seal, digest, SEAL_SIZE);
}

static void append_cursor(const struct asking *asking, const struct entry *entry, struct buffer *into)
{
	unsigned char raw[PLACE_SIZE + SEAL_SIZE];
	store_le64(raw, (uint64_t)entry->dated);
	memcpy(raw + 8, entry->keyed.bytes, ID_SIZE);
	seal_of(asking, raw, raw + PLACE_SIZE);
	digest_append_base32(into, bytes_of(raw, sizeof raw));
}

/* The first entry behind it. */
static enum status find_place(const struct asking *asking, struct bytes cursor, size_t *ret_first)
{
	unsigned char raw[PLACE_SIZE + SEAL_SIZE], seal[SEAL_SIZE];
	struct entry behind = {.dated = 0};
	size_t count, first = 0;
	const struct entry *entries = entries_of(asking, &count);
	if (cursor.len > 0) {
		if (cursor.len != (8 * sizeof raw + 4) / 5 || digest_parse_base32(cursor, raw, sizeof raw) != STATUS_OK)
			return fail(asking->reterr, STATUS_USAGE, "cursor", "is not of this answer; take it from its 'next'");
		seal_of(asking, raw, seal);
		if (memcmp(seal, raw + PLACE_SIZE, SEAL_SIZE) != 0)
			return fail(asking->reterr, STATUS_USAGE, "cursor", "is not of this answer; take it from its 'next'");
		behind.dated = (int64_t)load_le64(raw);
		memcpy(behind.keyed.bytes, raw + 8, ID_SIZE);
		while (first < count && in_order(&entries[first], &behind) <= 0)
			first++;
	}
	*ret_first = first;
	return STATUS_OK;
}

/* ---- telling ---- */

struct telling {
	struct asking *asking;
	const struct entry *entry;
	bool is_shown;
	struct words *words;
	struct arena arena; /* of the document at hand */
	struct lookup *sums;
	gate_visitor *each;
	void *context;
};

/* Of the object it lies in: who took that, took it. */
static enum status find_reads(const struct asking *asking, const struct document_view *view, struct minimised *document)
{
	struct reads_seen seen;
	enum status status = incident_reads_of_object(asking->incident, &view->container, view->object_name, view->version, &seen,
	                                              asking->reterr);
	document->reads.first = document->reads.last = CLOCK_UNKNOWN;
	if (status != STATUS_OK || !seen.is_whole)
		return status;
	document->reads.is_taken = true;
	document->reads.networks = seen.networks;
	document->reads.first = seen.first;
	document->reads.last = seen.last;
	return STATUS_OK;
}

static enum status tell(void *context, const struct document_view *view)
{
	struct telling *telling = context;
	const struct asking *asking = telling->asking;
	struct portion portion;
	bool confirmed = is_confirmed(word_on(asking, &view->id), view);
	struct minimised document;
	arena_reset(&telling->arena);
	enum status status = portion_find(asking->incident, asking->subject, view, &telling->arena, &portion, asking->reterr);
	if (status != STATUS_OK || !(confirmed || (portion.is_determined && !view->is_superseded)))
		return status;
	status = lookup_count(telling->sums, view, &portion);
	if (status != STATUS_OK || !telling->is_shown)
		return status;
	status = minimise(asking->subject, view, &portion, confirmed, telling->entry->keyed, telling->words, &telling->arena,
	                  &document);
	if (status == STATUS_OK)
		status = find_reads(asking, view, &document);
	return status == STATUS_OK ? telling->each(telling->context, &document) : status;
}

/* What is gone meanwhile is told no more. */
static enum status tell_document(struct telling *telling, const struct entry *entry)
{
	struct failure failure = {.why = ""};
	telling->entry = entry;
	enum status status = incident_find(telling->asking->incident, &entry->id, tell, telling, &failure);
	if (status == STATUS_ABSENT)
		return STATUS_OK;
	if (status != STATUS_OK && telling->asking->reterr != NULL)
		*telling->asking->reterr = failure;
	return status;
}

/* Those of one moment; fewer where whoever they are told to takes them slowly. */
static enum status tell_some(struct telling *telling, size_t first, uint64_t limit, size_t *at)
{
	const struct asking *asking = telling->asking;
	size_t count, until = *at + MOMENT_DOCUMENTS;
	const struct entry *entries = entries_of(asking, &count);
	int64_t end = clock_monotonic() + MOMENT_MS;
	enum status status = incident_begin_moment(asking->incident, asking->reterr);
	if (status != STATUS_OK)
		return status;
	do {
		telling->is_shown = *at >= first && *at - first < limit;
		status = tell_document(telling, &entries[*at]);
		++*at;
	} while (status == STATUS_OK && *at < count && *at < until && clock_monotonic() < end);
	incident_end_moment(asking->incident);
	return status;
}

static enum status tell_documents(struct telling *telling, size_t first, uint64_t limit, struct buffer *next)
{
	size_t count, at = 0;
	const struct entry *entries = entries_of(telling->asking, &count);
	enum status status = STATUS_OK;
	while (at < count && status == STATUS_OK)
		status = tell_some(telling, first, limit, &at);
	if (status == STATUS_OK && first < count && count - first > limit)
		append_cursor(telling->asking, &entries[first + limit - 1], next);
	return status;
}

struct knowing {
	struct words *words;
	struct buffer cursor;
};

static enum status know_row(void *context, const struct register_row *row)
{
	struct knowing *knowing = context;
	enum status status = words_allow_name(knowing->words, row->name);
	for (size_t i = 0; i < row->domain_count && status == STATUS_OK; i++)
		status = words_allow_name(knowing->words, row->domains[i]);
	for (size_t i = 0; i < row->term_count && status == STATUS_OK; i++)
		if (row->terms[i].kind != REGISTER_NUMBER)
			status = words_allow_name(knowing->words, row->terms[i].text);
	return status;
}

/* The subject's own words, and the owner's, as the register has them. */
static enum status know_words(struct words *words, struct incident *incident, const struct subject *subject,
                              struct failure *reterr)
{
	struct knowing knowing = {words, buffer_with_ceiling(1 << 16)};
	enum status status = words_allow_name(words, subject->name);
	if (status == STATUS_OK && subject->kind == SUBJECT_ORGANISATION)
		status = incident_registered(incident, subject->name, know_row, &knowing, reterr);
	if (status == STATUS_OK)
		status = incident_register(incident, RELATIONSHIP_OWN, BYTES_NONE, know_row, &knowing, &knowing.cursor, reterr);
	buffer_free(&knowing.cursor);
	return status;
}

static enum status report_found(const struct asking *asking, const struct gate_question *question)
{
	struct buffer ids = buffer_with_ceiling(LIST_CEILING);
	size_t count;
	const struct entry *entries = entries_of(asking, &count);
	if (question->found == NULL)
		return STATUS_OK;
	for (size_t i = 0; i < count; i++)
		buffer_append(&ids, bytes_of(&entries[i].id, sizeof entries[i].id));
	enum status status = buffer_status(&ids);
	if (status == STATUS_OK)
		status = question->found(question->found_context, (const void *)ids.at, count);
	buffer_free(&ids);
	return status;
}

enum status gate_ask(struct catalog *catalog, struct incident *incident, const struct gate_question *question, gate_visitor *each,
                     void *context, struct gate_answer *ret_answer, struct failure *reterr)
{
	struct asking asking;
	struct telling telling = {
		.asking = &asking, .arena = arena_with_ceiling(DOCUMENT_ARENA), .each = each, .context = context};
	size_t first = 0;
	*ret_answer = (struct gate_answer){.next = buffer_with_ceiling(CURSOR_MAX)};
	lookup_begin(&ret_answer->sums, &question->subject);
	telling.sums = &ret_answer->sums;
	enum status status = begin(&asking, catalog, incident, &question->subject, reterr);
	if (status == STATUS_OK)
		status = find_place(&asking, question->cursor, &first);
	if (status == STATUS_OK)
		status = report_found(&asking, question);
	if (status == STATUS_OK)
		status = words_new(&telling.words);
	if (status == STATUS_OK)
		status = know_words(telling.words, incident, &question->subject, reterr);
	if (status == STATUS_OK)
		status = lookup_find_unseen(&ret_answer->sums, incident, reterr);
	if (status == STATUS_OK)
		status = tell_documents(&telling, first, question->limit, &ret_answer->next);
	words_free(telling.words);
	arena_free(&telling.arena);
	end(&asking);
	return status;
}

void gate_answer_free(struct gate_answer *answer)
{
	lookup_free(&answer->sums);
	buffer_free(&answer->next);
}

enum status gate_newest(struct catalog *catalog, struct incident *incident, const struct subject *subject, int64_t *ret_newest,
                        struct failure *reterr)
{
	struct asking asking;
	size_t count;
	enum status status = begin(&asking, catalog, incident, subject, reterr);
	const struct entry *entries = entries_of(&asking, &count);
	if (status == STATUS_OK) /* in order of their dates */
		*ret_newest = count > 0 ? entries[count - 1].dated : CLOCK_UNKNOWN;
	end(&asking);
	return status;
}

/* ---- turning names back ---- */

enum status gate_turn_back(struct catalog *catalog, struct incident *incident, const struct subject *subject,
                           struct bytes written, struct id *ret_id, struct failure *reterr)
{
	struct asking asking;
	struct id low, high;
	char shown[ID_TEXT_SIZE];
	size_t count = 0, found = 0;
	enum status status = begin(&asking, catalog, incident, subject, reterr);
	const struct entry *entries = entries_of(&asking, &count);
	bool is_id = id_parse_beginning(written, &low, &high);
	for (size_t i = 0; is_id && status == STATUS_OK && i < count; i++) {
		if (memcmp(entries[i].keyed.bytes, low.bytes, ID_SIZE) < 0 ||
		    memcmp(entries[i].keyed.bytes, high.bytes, ID_SIZE) > 0)
			continue;
		found++;
		*ret_id = entries[i].id;
	}
	end(&asking);
	snprintf(shown, sizeof shown, "%.*s", (int)(written.len < ID_TEXT_SIZE ? written.len : ID_TEXT_SIZE - 1),
	         written.len > 0 ? (const char *)written.at : "");
	if (status == STATUS_OK && found > 1)
		return fail(reterr, STATUS_USAGE, shown, "is the beginning of several ids of this answer; give more of it");
	if (status == STATUS_OK && found == 0)
		return fail(reterr, STATUS_ABSENT, shown,
		            "is no id of this subject's answer; tidemark lookup --as-subject shows them");
	return status;
}

/* ---- writing ---- */

static void write_values(struct json_writer *json, const char *key, const struct bytes *items, size_t count)
{
	json_key(json, key);
	json_begin_array(json);
	for (size_t i = 0; i < count; i++)
		json_bytes(json, items[i]);
	json_end_array(json);
}

static void write_signing(const struct minimised *document, struct json_writer *json)
{
	json_key(json, "signed");
	document->signing == SIGNED_UNKNOWN ? json_null(json) : json_boolean(json, document->signing == SIGNED);
	write_values(json, "signers", document->signers, document->signer_count);
}

static void write_file(const struct minimised *document, struct json_writer *json)
{
	struct buffer hex = buffer_with_ceiling(2 * DIGEST_SHA256_SIZE + 1);
	json_key(json, "size");
	document->has_size ? json_unsigned(json, document->size) : json_null(json);
	json_member_time(json, "dated", document->dated);
	json_member_time(json, "modified", document->modified);
	if (document->has_sha256)
		digest_append_hex(&hex, bytes_of(document->sha256, sizeof document->sha256));
	json_member_text(json, "sha256", buffer_bytes(&hex));
	json_key(json, "copies");
	document->has_copies ? json_unsigned(json, document->copies) : json_null(json);
	buffer_free(&hex);
}

static void write_exposed(const struct minimised *document, struct json_writer *json)
{
	json_key(json, "exposed");
	json_begin_object(json);
	json_member_time(json, "first_seen", document->exposed.first_seen);
	json_member_time(json, "last_seen", document->exposed.last_seen);
	json_member_time(json, "closed_at", document->exposed.closed_at);
	json_end_object(json);
}

/* Where no log says that it was taken, nobody knows whether it was. */
static void write_reads(const struct minimised *document, struct json_writer *json)
{
	json_key(json, "reads");
	json_begin_object(json);
	json_member_string(json, "state", document->reads.is_taken ? "taken" : "unknown");
	json_key(json, "networks");
	document->reads.is_taken ? json_unsigned(json, document->reads.networks) : json_null(json);
	json_member_time(json, "first", document->reads.first);
	json_member_time(json, "last", document->reads.last);
	json_end_object(json);
}

static void write_yours(const struct minimised *document, struct json_writer *json)
{
	json_key(json, "yours");
	json_begin_object(json);
	for (size_t i = 0; portion_kinds[i] != FINDING_KIND_COUNT; i++) {
		const struct portion_list *list = &document->values[portion_kinds[i]];
		write_values(json, finding_kind_name(portion_kinds[i]), list->items, list->count);
	}
	json_end_object(json);
	json_key(json, "elements");
	json_begin_object(json);
	for (enum person_element element = 0; element < ELEMENT_COUNT; element++)
		if (document->elements[element] > 0)
			json_member_unsigned(json, person_element_name(element), document->elements[element]);
	json_end_object(json);
}

static void write_cell(const struct minimised_cell *cell, struct json_writer *json)
{
	json_key(json, cell->column);
	if (cell->element == ELEMENT_COUNT) {
		cell->text.len > 0 ? json_bytes(json, cell->text) : json_null(json);
		return;
	}
	json_begin_object(json);
	json_member_string(json, "element", person_element_name(cell->element));
	json_end_object(json);
}

static void write_rows(const struct minimised *document, struct json_writer *json)
{
	json_key(json, "rows");
	json_begin_array(json);
	for (size_t r = 0; r < document->row_count; r++) {
		json_begin_object(json);
		for (size_t c = 0; c < document->rows[r].cell_count; c++)
			write_cell(&document->rows[r].cells[c], json);
		json_end_object(json);
	}
	json_end_array(json);
}

void gate_write_document(const struct minimised *document, struct json_writer *json)
{
	char id[ID_TEXT_SIZE];
	json_member_string(json, "id", id_format(document->id, id));
	json_member_text(json, "path", document->path);
	json_member_text(json, "container", document->container);
	json_member_text(json, "url", document->url);
	json_member_text(json, "class", document->class);
	json_member_text(json, "title", document->title);
	write_signing(document, json);
	write_file(document, json);
	write_exposed(document, json);
	write_reads(document, json);
	json_member_string(json, "confidence", document->is_sure ? "sure" : "likely");
	json_member_string(json, "why", document->why);
	write_yours(document, json);
	write_rows(document, json);
	json_member_unsigned(json, "others_redacted", document->others);
}

void gate_write_head(const struct gate_question *question, int64_t as_of, struct json_writer *json)
{
	lookup_write_head(&(struct lookup){.subject = question->subject}, question->incident_name, as_of, json);
}

void gate_write_summary(const struct gate_answer *answer, struct json_writer *json)
{
	lookup_write_summary(&answer->sums, json);
	json_member_text(json, "next", buffer_bytes(&answer->next));
}
