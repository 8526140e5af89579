/* SPDX-License-Identifier: Apache-2.0 */
/* Gathering an answer: documents from the catalog, the subject's part of each, sums of both. */
#include "answer/lookup.h"

#include "answer/coverage.h"
#include "base/digest.h"
#include "base/sum.h"

enum { ARENA_MAX = 256 << 20, WATCHED_MAX = 100000 };

enum seen { SEEN_CONTENT = 1, SEEN_ADDRESS, SEEN_PERSON, SEEN_WATCHED };

void lookup_begin(struct lookup *lookup, const struct subject *subject)
{
	*lookup = (struct lookup){
		.subject = *subject,
		.first_date = CLOCK_UNKNOWN,
		.last_date = CLOCK_UNKNOWN,
		.exposed_from = CLOCK_UNKNOWN,
		.last_seen_open = CLOCK_UNKNOWN,
		.exposed_until = CLOCK_UNKNOWN,
		.swept_at = CLOCK_UNKNOWN,
		.arena = arena_with_ceiling(ARENA_MAX),
	};
}

void lookup_free(struct lookup *lookup)
{
	hash_table_free(&lookup->seen);
	arena_free(&lookup->arena);
}

/* ---- sums ---- */

static enum status add(struct lookup *lookup, unsigned kind, struct bytes text, bool *ret_is_new)
{
	return hash_table_enter(&lookup->seen, hash_of(kind, text), ret_is_new) != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static void widen(int64_t when, int64_t *first, int64_t *last)
{
	if (when == CLOCK_UNKNOWN)
		return;
	if (*first == CLOCK_UNKNOWN || when < *first)
		*first = when;
	if (*last == CLOCK_UNKNOWN || when > *last)
		*last = when;
}

/* One that was never seen closed may be open still. */
static void widen_exposure(const struct document_view *view, struct lookup *lookup)
{
	int64_t ignored = CLOCK_UNKNOWN;
	if (view->exposed.first_seen == CLOCK_UNKNOWN)
		return;
	widen(view->exposed.first_seen, &lookup->exposed_from, &ignored);
	widen(view->exposed.last_seen, &ignored, &lookup->last_seen_open);
	widen(view->exposed.closed_at, &ignored, &lookup->exposed_until);
	lookup->is_still_open |= view->exposed.closed_at == CLOCK_UNKNOWN;
}

int64_t lookup_exposed_until(const struct lookup *lookup)
{
	return lookup->is_still_open ? CLOCK_UNKNOWN : lookup->exposed_until;
}

static enum status watch(struct lookup *lookup, enum finding_kind kind, struct bytes value)
{
	struct portion_list *list = &lookup->watched[kind];
	bool is_new = false;
	enum status status = list->count < WATCHED_MAX ? add(lookup, SEEN_WATCHED + kind, value, &is_new) : STATUS_OK;
	if (status != STATUS_OK || !is_new)
		return status;
	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? 2 * list->capacity : 16;
		struct bytes *grown = arena_allocate(&lookup->arena, capacity * sizeof *grown);
		if (grown == NULL)
			return STATUS_NO_MEMORY;
		if (list->count > 0)
			memcpy(grown, list->items, list->count * sizeof *grown);
		list->items = grown;
		list->capacity = capacity;
	}
	list->items[list->count] = arena_copy(&lookup->arena, value);
	return list->items[list->count++].at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static const enum finding_kind watched_kinds[] = {FINDING_INVOICE, FINDING_ORDER, FINDING_CONTRACT, FINDING_QUOTE,
                                                  FINDING_PROJECT};

static enum status count_values(struct lookup *lookup, const struct portion *portion)
{
	const struct portion_list *addresses = &portion->values[FINDING_EMAIL];
	enum status status = STATUS_OK;
	for (size_t i = 0; i < addresses->count && status == STATUS_OK; i++) {
		bool is_new = false;
		status = add(lookup, SEEN_ADDRESS, addresses->items[i], &is_new);
		lookup->addresses += is_new;
	}
	for (size_t i = 0; i < portion->people.count && status == STATUS_OK; i++) {
		bool is_new = false;
		status = add(lookup, SEEN_PERSON, portion->people.items[i], &is_new);
		lookup->people += is_new;
	}
	for (size_t k = 0; k < sizeof watched_kinds / sizeof *watched_kinds; k++) {
		const struct portion_list *numbers = &portion->values[watched_kinds[k]];
		for (size_t i = 0; i < numbers->count && status == STATUS_OK; i++)
			status = watch(lookup, watched_kinds[k], numbers->items[i]);
	}
	return status;
}

enum status lookup_count(struct lookup *lookup, const struct document_view *view, const struct portion *portion)
{
	bool is_new = false;
	enum status status = add(lookup, SEEN_CONTENT, bytes_of(view->content_key, sizeof view->content_key), &is_new);
	lookup->documents++;
	lookup->distinct_documents += is_new;
	lookup->references += portion->references;
	enum document_class class = document_class_from_name(view->class);
	if (class != CLASS_COUNT)
		lookup->classes[class]++;
	widen(view->dated, &lookup->first_date, &lookup->last_date);
	widen_exposure(view, lookup);
	return status == STATUS_OK ? count_values(lookup, portion) : status;
}

enum status lookup_find_unseen(struct lookup *lookup, struct incident *incident, struct failure *reterr)
{
	enum status status = incident_coverage(incident, &lookup->coverage, reterr);
	return status == STATUS_OK ? incident_swept_at(incident, &lookup->swept_at, reterr) : status;
}

/* ---- documents ---- */

struct looking {
	struct incident *incident;
	struct lookup *lookup;
	lookup_visitor *each;
	void *context;
	struct arena arena; /* of the document at hand */
	struct failure *reterr;
};

static enum status visit(void *context, const struct document_view *view)
{
	struct looking *looking = context;
	struct portion portion;
	arena_reset(&looking->arena);
	enum status status = portion_find(looking->incident, &looking->lookup->subject, view, &looking->arena, &portion,
	                                  looking->reterr);
	if (status == STATUS_OK)
		status = lookup_count(looking->lookup, view, &portion);
	return status == STATUS_OK && looking->each != NULL ? looking->each(looking->context, view, &portion) : status;
}

enum status lookup_answer(struct incident *incident, struct lookup *lookup, lookup_visitor *each, void *context,
                          struct failure *reterr)
{
	struct looking looking = {
		.incident = incident,
		.lookup = lookup,
		.each = each,
		.context = context,
		.arena = arena_with_ceiling(ARENA_MAX),
		.reterr = reterr,
	};
	enum status status = lookup->subject.kind == SUBJECT_ORGANISATION
	                             ? incident_documents_of(incident, lookup->subject.name, visit, &looking, reterr)
	                             : incident_documents_with(incident, FINDING_EMAIL, lookup->subject.name, visit, &looking,
	                                                       reterr);
	if (status == STATUS_OK)
		status = lookup_find_unseen(lookup, incident, reterr);
	arena_free(&looking.arena);
	return status;
}

/* ---- cursors: the path and the id of the last document shown, in base32 ---- */

void lookup_append_cursor(const struct document_view *view, struct buffer *into)
{
	struct buffer place = buffer_with_ceiling(1 << 20);
	buffer_append(&place, bytes_of(view->id.bytes, ID_SIZE));
	buffer_append(&place, document_view_path(view));
	digest_append_base32(into, buffer_bytes(&place));
	buffer_free(&place);
}

bool lookup_is_behind(const struct document_view *view, struct bytes place)
{
	int order = bytes_compare(document_view_path(view), bytes_from(place, ID_SIZE));
	return order > 0 || (order == 0 && memcmp(view->id.bytes, place.at, ID_SIZE) > 0);
}

enum status lookup_read_cursor(struct bytes cursor, struct buffer *ret_place, struct failure *reterr)
{
	size_t size = cursor.len * 5 / 8;
	unsigned char *raw = buffer_extend(ret_place, size);
	if (raw == NULL)
		return buffer_status(ret_place);
	if (size < ID_SIZE || digest_parse_base32(cursor, raw, size) != STATUS_OK)
		return fail(reterr, STATUS_USAGE, "cursor", "is none of ours; take it from an answer's 'next'");
	return STATUS_OK;
}

/* ---- writing ---- */

void lookup_write_head(const struct lookup *lookup, const char *incident, int64_t as_of, struct json_writer *json)
{
	json_key(json, "subject");
	json_bytes(json, lookup->subject.name);
	json_member_string(json, "kind", subject_kind_name(lookup->subject.kind));
	json_member_string(json, "incident", incident);
	json_member_time(json, "as_of", as_of);
}

static void write_list(struct json_writer *json, const char *key, const struct portion_list *list)
{
	json_key(json, key);
	json_begin_array(json);
	for (size_t i = 0; i < list->count; i++)
		json_bytes(json, list->items[i]);
	json_end_array(json);
}

/* What somebody who has read it could now write to the subject about. */
static void write_watch(const struct lookup *lookup, struct json_writer *json)
{
	json_key(json, "phishing_watch");
	json_begin_object(json);
	json_key(json, "numbers");
	json_begin_array(json);
	for (size_t k = 0; k < sizeof watched_kinds / sizeof *watched_kinds; k++) {
		const struct portion_list *numbers = &lookup->watched[watched_kinds[k]];
		for (size_t i = 0; i < numbers->count && watched_kinds[k] != FINDING_PROJECT; i++) {
			json_begin_object(json);
			json_member_string(json, "kind", finding_kind_name(watched_kinds[k]));
			json_member_text(json, "value", numbers->items[i]);
			json_end_object(json);
		}
	}
	json_end_array(json);
	write_list(json, "projects", &lookup->watched[FINDING_PROJECT]);
	write_list(json, "senders", &(struct portion_list){.count = 0});
	write_list(json, "look_alikes", &(struct portion_list){.count = 0});
	json_end_object(json);
}

void lookup_write_summary(const struct lookup *lookup, struct json_writer *json)
{
	json_key(json, "summary");
	json_begin_object(json);
	json_member_unsigned(json, "documents", lookup->documents);
	json_member_unsigned(json, "distinct_documents", lookup->distinct_documents);
	json_member_unsigned(json, "references", lookup->references);
	json_key(json, "addresses");
	coverage_is_looked_for(&lookup->coverage, FINDING_EMAIL) ? json_unsigned(json, lookup->addresses) : json_null(json);
	json_member_unsigned(json, "people", lookup->people);
	json_member_time(json, "first_date", lookup->first_date);
	json_member_time(json, "last_date", lookup->last_date);
	json_member_time(json, "exposed_from", lookup->exposed_from);
	json_member_time(json, "exposed_until", lookup_exposed_until(lookup));
	json_member_time(json, "last_seen_open", lookup->last_seen_open);
	json_key(json, "classes");
	json_begin_object(json);
	for (enum document_class class = CLASS_INVOICE; class < CLASS_COUNT; class ++)
		if (lookup->classes[class] > 0)
			json_member_unsigned(json, document_class_name(class), lookup->classes[class]);
	json_end_object(json);
	json_end_object(json);
	coverage_write(&lookup->coverage, FINDING_KIND_BIT(FINDING_EMAIL), json);
	write_watch(lookup, json);
	json_member_time(json, "swept_at", lookup->swept_at);
	json_key(json, "unseen");
	json_begin_object(json);
	json_member_unsigned(json, "objects", lookup->coverage.unseen_objects);
	json_member_unsigned(json, "bytes", lookup->coverage.unseen_bytes);
	json_member_at_least(json, sum_is_at_least(lookup->coverage.unseen_bytes));
	json_end_object(json);
}

void lookup_write_yours(const struct portion *portion, struct json_writer *json)
{
	json_key(json, "yours");
	json_begin_object(json);
	for (size_t i = 0; portion_kinds[i] != FINDING_KIND_COUNT; i++)
		write_list(json, finding_kind_name(portion_kinds[i]), &portion->values[portion_kinds[i]]);
	json_end_object(json);
}

static void write_rows(const struct portion *portion, struct json_writer *json)
{
	json_key(json, "rows");
	json_begin_array(json);
	for (size_t i = 0; i < portion->row_count; i++) {
		json_begin_object(json);
		for (size_t c = 0; c < portion->rows[i].cell_count; c++) {
			json_key(json, portion->rows[i].cells[c].column);
			json_bytes(json, portion->rows[i].cells[c].text);
		}
		json_end_object(json);
	}
	json_end_array(json);
}

void lookup_write_document(const struct document_view *view, const struct portion *portion, struct json_writer *json)
{
	hit_write_id(json, "id", view->id);
	hit_write_path(view, json);
	json_key(json, "container");
	json_bytes(json, view->container.name);
	hit_write_target(&view->container, json);
	hit_write_url(view, json);
	json_member_text(json, "class", view->class);
	json_key(json, "title");
	view->title.len ? json_bytes(json, view->title) : json_null(json);
	hit_write_signed(view, json);
	json_key(json, "signers");
	json_begin_array(json);
	for (size_t i = 0; i < portion->signer_count; i++)
		json_bytes(json, portion->signers[i]);
	json_end_array(json);
	json_key(json, "size");
	view->size != OBJECT_SIZE_UNKNOWN ? json_unsigned(json, view->size) : json_null(json);
	json_member_time(json, "modified", view->modified);
	hit_write_sha256(view, json);
	json_member_unsigned(json, "copies", view->copies);
	hit_write_exposed(view, json);
	json_key(json, "confidence");
	json_real(json, (double)portion->confidence);
	json_key(json, "why");
	portion->why.len ? json_bytes(json, portion->why) : json_null(json);
	lookup_write_yours(portion, json);
	write_rows(portion, json);
	json_member_unsigned(json, "others_redacted", portion->others);
}
