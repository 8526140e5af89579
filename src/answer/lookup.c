/* SPDX-License-Identifier: Apache-2.0 */
/* Gathering an answer: documents from the catalog, the subject's part of each from its findings. */
#include "answer/lookup.h"

#include "answer/coverage.h"
#include "base/hash.h"
#include "base/sum.h"
#include "model/document-class.h"
#include "model/signature.h"
#include "understanding/attribute.h"

#include <stdlib.h>

struct looking {
	struct incident *incident;
	struct lookup *lookup;
	lookup_visitor *each;
	void *context;
	struct failure *reterr;
	struct hash_table addresses, contents;
	/* of the document at hand */
	struct arena arena;
	struct hash_table own;
	struct bytes *emails;
	size_t email_count, email_capacity;
	uint64_t own_references;
	struct lookup_share share;
};

/* Adds to a set of strings. */
static enum status add(struct hash_table *set, struct bytes text, bool *ret_is_new)
{
	return hash_table_enter(set, hash_of(0, text), ret_is_new) != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

/* ---- subjects ---- */

static enum status lower_copy(struct bytes text, struct arena *arena, struct bytes *ret_copy)
{
	char *copy = arena_copy_string(arena, text);
	if (copy == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < text.len; i++)
		if (copy[i] >= 'A' && copy[i] <= 'Z')
			copy[i] = (char)(copy[i] + ('a' - 'A'));
	*ret_copy = bytes_of(copy, text.len);
	return STATUS_OK;
}

enum status lookup_read_subject(struct bytes written, struct arena *arena, struct lookup *ret_lookup, struct failure *reterr)
{
	struct buffer domain = buffer_with_ceiling(512);
	char *shown = arena_copy_string(arena, bytes_slice(written, 0, 150));
	struct bytes trimmed = bytes_trim(written);
	size_t at = bytes_find_last_byte(trimmed, '@');
	enum status status = attribute_registrable_domain(at == BYTES_NOT_FOUND ? trimmed : bytes_from(trimmed, at + 1), &domain);
	*ret_lookup = (struct lookup){
		.kind = at == BYTES_NOT_FOUND ? LOOKUP_ORGANISATION : LOOKUP_PERSON,
		.first_date = CLOCK_UNKNOWN,
		.last_date = CLOCK_UNKNOWN,
		.exposed_from = CLOCK_UNKNOWN,
		.last_seen_open = CLOCK_UNKNOWN,
		.exposed_until = CLOCK_UNKNOWN,
	};
	if (status == STATUS_ABSENT || at == 0)
		status = fail(reterr, STATUS_USAGE, shown, "is neither a domain under a known suffix nor an e-mail address");
	if (status == STATUS_OK)
		status = lower_copy(at == BYTES_NOT_FOUND ? buffer_bytes(&domain) : trimmed, arena, &ret_lookup->subject);
	buffer_free(&domain);
	return status;
}

/* ---- one document ---- */

static bool is_own(const struct looking *looking, struct bytes address)
{
	if (looking->lookup->kind == LOOKUP_PERSON)
		return bytes_equal(address, looking->lookup->subject);
	struct buffer domain = buffer_with_ceiling(512);
	size_t at = bytes_find_last_byte(address, '@');
	bool own = at != BYTES_NOT_FOUND && attribute_registrable_domain(bytes_from(address, at + 1), &domain) == STATUS_OK &&
	           bytes_equal(buffer_bytes(&domain), looking->lookup->subject);
	buffer_free(&domain);
	return own;
}

static enum status keep_email(struct looking *looking, struct bytes value)
{
	bool is_new;
	enum status status = add(&looking->own, value, &is_new);
	if (status != STATUS_OK || !is_new)
		return status;
	if (looking->email_count == looking->email_capacity) {
		size_t capacity = looking->email_capacity ? 2 * looking->email_capacity : 16;
		struct bytes *emails = realloc(looking->emails, capacity * sizeof *emails);
		if (emails == NULL)
			return STATUS_NO_MEMORY;
		looking->emails = emails;
		looking->email_capacity = capacity;
	}
	struct bytes kept = arena_copy(&looking->arena, value);
	if (kept.at == NULL)
		return STATUS_NO_MEMORY;
	looking->emails[looking->email_count++] = kept;
	return add(&looking->addresses, value, &is_new);
}

static enum status sort_finding(void *context, const struct finding *finding)
{
	struct looking *looking = context;
	if (finding->kind != FINDING_EMAIL)
		return STATUS_OK;
	if (!is_own(looking, finding->value)) {
		looking->share.others++;
		return STATUS_OK;
	}
	looking->own_references++;
	return keep_email(looking, finding->value);
}

static enum status find_reason(void *context, const struct attribution *attribution)
{
	struct looking *looking = context;
	if (looking->lookup->kind == LOOKUP_ORGANISATION && attribution->role == ORGANISATION_PARTY &&
	    bytes_equal(attribution->domain, looking->lookup->subject)) {
		looking->share.confidence = (double)attribution->confidence;
		looking->share.why = arena_copy(&looking->arena, attribution->why);
	}
	return STATUS_OK;
}

enum { SIGNERS_MAX = 1000 };

/* A signer is the subject's where the certificate says so by an address. */
static enum status sort_signer(void *context, const struct fact *fact)
{
	struct looking *looking = context;
	struct signature signature;
	if (!signature_of_fact(fact, &signature) || signature.signer.len == 0)
		return STATUS_OK;
	if (signature.email.len == 0 || !is_own(looking, signature.email) || looking->share.signer_count == SIGNERS_MAX) {
		looking->share.others++;
		return STATUS_OK;
	}
	if (looking->share.signers == NULL)
		looking->share.signers = arena_allocate(&looking->arena, SIGNERS_MAX * sizeof *looking->share.signers);
	struct bytes kept = arena_copy(&looking->arena, signature.signer);
	if (looking->share.signers == NULL || kept.at == NULL)
		return STATUS_NO_MEMORY;
	looking->share.signers[looking->share.signer_count++] = kept;
	return STATUS_OK;
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

static enum status count_document(struct looking *looking, const struct document_view *view)
{
	struct lookup *lookup = looking->lookup;
	bool is_new = false;
	enum status status = add(&looking->contents, bytes_of(view->content_key, sizeof view->content_key), &is_new);
	lookup->documents++;
	lookup->distinct_documents += is_new;
	lookup->references += looking->own_references;
	enum document_class class = document_class_from_name(view->class);
	if (class != CLASS_COUNT)
		lookup->classes[class]++;
	widen(view->dated, &lookup->first_date, &lookup->last_date);
	widen_exposure(view, lookup);
	return status;
}

static enum status visit(void *context, const struct document_view *view)
{
	struct looking *looking = context;
	arena_reset(&looking->arena);
	hash_table_free(&looking->own);
	looking->email_count = 0;
	looking->own_references = 0;
	looking->share = (struct lookup_share){.confidence = 1.0};
	if (looking->lookup->kind == LOOKUP_PERSON)
		looking->share.why = BYTES_LITERAL("the address stands in it");
	enum status status = incident_findings(looking->incident, view->content_key, sort_finding, looking, looking->reterr);
	if (status == STATUS_OK || status == STATUS_ABSENT)
		status = incident_attributions(looking->incident, view, find_reason, looking, looking->reterr);
	if (status == STATUS_OK || status == STATUS_ABSENT)
		status = incident_facts(looking->incident, view->content_key, sort_signer, looking, looking->reterr);
	if (status == STATUS_OK || status == STATUS_ABSENT)
		status = count_document(looking, view);
	if (status != STATUS_OK || looking->each == NULL)
		return status;
	looking->share.emails = looking->emails;
	looking->share.email_count = looking->email_count;
	return looking->each(looking->context, view, &looking->share);
}

enum status lookup_answer(struct incident *incident, struct lookup *lookup, lookup_visitor *each, void *context,
                          struct failure *reterr)
{
	struct looking looking = {
		.incident = incident,
		.lookup = lookup,
		.each = each,
		.context = context,
		.reterr = reterr,
		.arena = arena_with_ceiling(256u << 20),
	};
	struct ledger ledger;
	struct arena scratch = arena_with_ceiling(16 << 20);
	enum status status = lookup->kind == LOOKUP_ORGANISATION
	                             ? incident_documents_of(incident, lookup->subject, visit, &looking, reterr)
	                             : incident_documents_with(incident, FINDING_EMAIL, lookup->subject, visit, &looking, reterr);
	if (status == STATUS_OK)
		status = incident_ledger(incident, &scratch, &ledger, reterr);
	if (status == STATUS_OK)
		status = incident_coverage(incident, &lookup->coverage, reterr);
	if (status == STATUS_OK) {
		lookup->unseen_objects = ledger.unseen.objects;
		lookup->unseen_bytes = ledger.unseen.bytes;
		lookup->addresses = looking.addresses.count;
	}
	free(looking.emails);
	hash_table_free(&looking.own);
	hash_table_free(&looking.addresses);
	hash_table_free(&looking.contents);
	arena_free(&looking.arena);
	arena_free(&scratch);
	return status;
}

/* ---- writing ---- */

const char *lookup_kind_name(enum lookup_kind kind)
{
	return kind == LOOKUP_PERSON ? "person" : "organisation";
}

void lookup_write_head(const struct lookup *lookup, const char *incident, int64_t as_of, struct json_writer *json)
{
	json_key(json, "subject");
	json_bytes(json, lookup->subject);
	json_member_string(json, "kind", lookup_kind_name(lookup->kind));
	json_member_string(json, "incident", incident);
	json_member_time(json, "as_of", as_of);
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
	json_key(json, "people");
	json_null(json);
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
	json_key(json, "phishing_watch");
	json_null(json);
	json_key(json, "unseen");
	json_begin_object(json);
	json_member_unsigned(json, "objects", lookup->unseen_objects);
	json_member_unsigned(json, "bytes", lookup->unseen_bytes);
	json_member_at_least(json, sum_is_at_least(lookup->unseen_bytes));
	json_end_object(json);
}

static void write_yours(const struct lookup_share *share, struct json_writer *json)
{
	static const char *const later[] = {"person", "phone", "project", "invoice", "order", "contract", "amount"};
	json_key(json, "yours");
	json_begin_object(json);
	json_key(json, "email");
	json_begin_array(json);
	for (size_t i = 0; i < share->email_count; i++)
		json_bytes(json, share->emails[i]);
	json_end_array(json);
	for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
		json_key(json, later[i]);
		json_begin_array(json);
		json_end_array(json);
	}
	json_end_object(json);
}

void lookup_write_document(const struct document_view *view, const struct lookup_share *share, struct json_writer *json)
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
	for (size_t i = 0; i < share->signer_count; i++)
		json_bytes(json, share->signers[i]);
	json_end_array(json);
	json_key(json, "size");
	view->size != OBJECT_SIZE_UNKNOWN ? json_unsigned(json, view->size) : json_null(json);
	json_member_time(json, "modified", view->modified);
	hit_write_sha256(view, json);
	json_member_unsigned(json, "copies", view->copies);
	hit_write_exposed(view, json);
	json_key(json, "confidence");
	json_real(json, share->confidence);
	json_key(json, "why");
	share->why.len ? json_bytes(json, share->why) : json_null(json);
	write_yours(share, json);
	json_member_unsigned(json, "others_redacted", share->others);
}
