/* SPDX-License-Identifier: Apache-2.0 */
/* Relatives, findings with their surroundings, and text of one document. */
#include "answer/dossier.h"

#include "answer/copies.h"
#include "answer/exposure.h"
#include "base/text.h"
#include "model/signature.h"

enum { CONTEXT = 60, TEXT_MAX = 256 << 20 };

struct writing {
	struct incident *incident;
	const struct document_view *view;
	struct json_writer *json;
	struct failure *reterr;
	float class_confidence;
};

static enum status write_id(void *context, const struct document_view *view)
{
	struct writing *writing = context;
	char text[ID_TEXT_SIZE];
	json_string(writing->json, id_format(view->id, text));
	return STATUS_OK;
}

static enum status write_version(void *context, const struct document_view *view)
{
	struct writing *writing = context;
	json_begin_object(writing->json);
	hit_write_id(writing->json, "id", view->id);
	json_member_text(writing->json, "version", view->version);
	json_key(writing->json, "modified");
	json_time(writing->json, view->modified);
	hit_write_sha256(view, writing->json);
	json_end_object(writing->json);
	return STATUS_OK;
}

const char *dossier_relation_name(enum twin_relation relation)
{
	static const char *const names[] = {[TWIN_EXACT] = "exact", [TWIN_SAME_TEXT] = "same_text", [TWIN_NEAR] = "near"};
	return names[relation];
}

static enum status write_relative(void *context, const struct document_view *view, enum twin_relation relation, double similarity)
{
	struct writing *writing = context;
	json_begin_object(writing->json);
	hit_write_id(writing->json, "id", view->id);
	json_member_string(writing->json, "relation", dossier_relation_name(relation));
	json_key(writing->json, "similarity");
	json_real(writing->json, similarity);
	json_end_object(writing->json);
	return STATUS_OK;
}

static enum status write_twin(void *context, const struct document_view *view)
{
	return write_relative(context, view, TWIN_EXACT, 1.0);
}

static enum status write_family(struct writing *writing)
{
	struct json_writer *json = writing->json;
	struct family family;
	enum status status = incident_family(writing->incident, &writing->view->id, &family, writing->reterr);
	json_key(json, "family");
	if (status != STATUS_OK || !family.is_known) {
		json_null(json);
		return status;
	}
	json_begin_object(json);
	hit_write_id(json, "representative", family.representative);
	json_member_unsigned(json, "documents", family.documents);
	json_member_unsigned(json, "distinct_documents", family.contents);
	json_end_object(json);
	return STATUS_OK;
}

/* Those of the same bytes, then of the same text, then near ones. */
static enum status write_twins(struct writing *writing)
{
	bool is_all = true;
	json_key(writing->json, "twins");
	json_begin_array(writing->json);
	enum status status = incident_twins(writing->incident, &writing->view->id, write_twin, writing, writing->reterr);
	if (status == STATUS_OK || status == STATUS_ABSENT)
		status = incident_alike(writing->incident, &writing->view->id, write_relative, writing, &is_all, writing->reterr);
	json_end_array(writing->json);
	json_key(writing->json, "twins_complete");
	json_boolean(writing->json, is_all);
	return status == STATUS_OK || status == STATUS_ABSENT ? write_family(writing) : status;
}

/* A line of text around a span of code points. */
static void write_context(struct writing *writing, const struct finding *finding)
{
	struct buffer around = buffer_with_ceiling(1 << 20);
	struct failure ignored;
	uint64_t from = finding->from > CONTEXT ? finding->from - CONTEXT : 0;
	enum status status = writing->view->has_text ? incident_text(writing->incident, writing->view->content_key, from,
	                                                             finding->to + CONTEXT, &around, &ignored)
	                                             : STATUS_ABSENT;
	json_key(writing->json, "context");
	status == STATUS_OK ? json_bytes(writing->json, buffer_bytes(&around)) : json_null(writing->json);
	buffer_free(&around);
}

static enum status write_finding(void *context, const struct finding *finding)
{
	struct writing *writing = context;
	struct json_writer *json = writing->json;
	json_begin_object(json);
	json_key(json, "kind");
	json_string(json, finding_kind_name(finding->kind));
	json_member_text(json, "subkind", finding->subkind);
	json_member_text(json, "value", finding->value);
	json_member_text(json, "raw", finding->raw);
	json_key(json, "from");
	json_unsigned(json, finding->from);
	json_key(json, "to");
	json_unsigned(json, finding->to);
	json_key(json, "confidence");
	json_real(json, (double)finding->confidence);
	json_member_text(json, "rule", finding->rule);
	write_context(writing, finding);
	json_end_object(json);
	return STATUS_OK;
}

static void write_field(struct json_writer *json, const struct field *field, const struct document_fields *fields)
{
	switch (field->kind) {
	case FIELD_TEXT:
	case FIELD_WORD: json_member_text(json, field->name, field_get_bytes(field, fields)); break;
	case FIELD_TIME: json_member_time(json, field->name, field_get_time(field, fields)); break;
	case FIELD_SIZE: json_member_unsigned(json, field->name, field_get_size(field, fields)); break;
	}
}

static void write_fields(const struct writing *writing)
{
	const struct document_view *view = writing->view;
	struct json_writer *json = writing->json;
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (field_table[i].answer == FIELD_OF_ANSWERS)
			write_field(json, &field_table[i], &view->fields);
	if (view->has_parent) {
		hit_write_id(json, "parent", view->parent);
	} else {
		json_key(json, "parent");
		json_null(json);
	}
}

/* ---- declared and seen ---- */

const char *const dossier_count_names[DOSSIER_COUNTS] = {"members", "pages", "rows"};

static enum status take_count(void *context, const struct fact *fact)
{
	struct dossier_counts *counts = context;
	uint64_t number;
	if ((fact->kind != FACT_DECLARED && fact->kind != FACT_SEEN) || !bytes_parse_u64(fact->value, &number))
		return STATUS_OK;
	for (size_t i = 0; i < DOSSIER_COUNTS; i++) {
		if (!bytes_equal_string(fact->name, dossier_count_names[i]))
			continue;
		bool is_declared = fact->kind == FACT_DECLARED;
		(is_declared ? counts->declared : counts->seen)[i].is_known = true;
		(is_declared ? counts->declared : counts->seen)[i].number = number;
	}
	return STATUS_OK;
}

enum status dossier_find_counts(struct incident *incident, const struct document_view *view, struct dossier_counts *ret_counts,
                                struct failure *reterr)
{
	*ret_counts = (struct dossier_counts){.declared = {{false, 0}}};
	enum status status = incident_facts(incident, view->content_key, take_count, ret_counts, reterr);
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

static void write_rows(struct json_writer *json, const char *name, const struct dossier_count *count)
{
	json_key(json, name);
	count->is_known ? json_unsigned(json, count->number) : json_null(json);
}

static enum status write_counts(const struct writing *writing)
{
	struct json_writer *json = writing->json;
	struct dossier_counts counts;
	enum status status = dossier_find_counts(writing->incident, writing->view, &counts, writing->reterr);
	if (status != STATUS_OK)
		return status;
	for (int declared = 1; declared >= 0; declared--) {
		json_key(json, fact_kind_name(declared ? FACT_DECLARED : FACT_SEEN));
		json_begin_object(json);
		for (size_t i = 0; i < DOSSIER_COUNTS; i++) {
			bool is_known = (declared ? counts.declared : counts.seen)[i].is_known;
			json_key(json, dossier_count_names[i]);
			is_known ? json_unsigned(json, (declared ? counts.declared : counts.seen)[i].number) : json_null(json);
		}
		json_end_object(json);
	}
	write_rows(json, "rows", &counts.seen[DOSSIER_ROWS]);
	write_rows(json, "rows_catalog", &counts.declared[DOSSIER_ROWS]);
	return STATUS_OK;
}

/* ---- class and signatures ---- */

static enum status write_reason(void *context, const struct fact *fact)
{
	struct writing *writing = context;
	if (fact->kind == FACT_CLASS)
		json_bytes(writing->json, fact->value);
	return STATUS_OK;
}

static enum status write_signature(void *context, const struct fact *fact)
{
	struct writing *writing = context;
	struct json_writer *json = writing->json;
	struct signature signature;
	if (!signature_of_fact(fact, &signature))
		return STATUS_OK;
	json_begin_object(json);
	json_member_text(json, "kind", signature.kind);
	json_member_text(json, "signer", signature.signer);
	json_member_text(json, "organisation", signature.organisation);
	json_member_text(json, "email", signature.email);
	json_member_time(json, "time", signature.time);
	json_member_text(json, "covers", signature.covers);
	json_key(json, "intact");
	signature.intact == SIGNATURE_UNKNOWN ? json_null(json) : json_boolean(json, signature.intact == SIGNATURE_TRUE);
	json_member_text(json, "chain", signature.chain);
	json_end_object(json);
	return STATUS_OK;
}

/* The same for all reasons of the class; 0: none of them speaks for it. */
static enum status find_confidence(void *context, const struct fact *fact)
{
	struct writing *writing = context;
	if (fact->kind == FACT_CLASS && bytes_equal(fact->name, writing->view->class))
		writing->class_confidence = fact->confidence;
	return STATUS_OK;
}

static enum status write_facts(struct writing *writing, const char *key, fact_visitor *each)
{
	json_key(writing->json, key);
	json_begin_array(writing->json);
	enum status status = incident_facts(writing->incident, writing->view->content_key, each, writing, writing->reterr);
	json_end_array(writing->json);
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

static enum status write_knowledge(struct writing *writing)
{
	struct json_writer *json = writing->json;
	enum status status = incident_facts(writing->incident, writing->view->content_key, find_confidence, writing,
	                                    writing->reterr);
	json_key(json, "class_confidence");
	writing->class_confidence > 0 ? json_real(json, (double)writing->class_confidence) : json_null(json);
	if (status == STATUS_OK || status == STATUS_ABSENT)
		status = write_facts(writing, "class_evidence", write_reason);
	return status == STATUS_OK ? write_facts(writing, "signatures", write_signature) : status;
}

static enum status write_person(void *context, const struct id *id)
{
	struct writing *writing = context;
	char text[ID_TEXT_SIZE];
	json_string(writing->json, id_format(*id, text));
	return STATUS_OK;
}

static enum status write_people(struct writing *writing)
{
	json_key(writing->json, "people");
	json_begin_array(writing->json);
	enum status status = STATUS_OK;
	if (writing->view->has_content)
		status = incident_people_in(writing->incident, writing->view->content_key, write_person, writing,
		                            writing->reterr);
	json_end_array(writing->json);
	return status;
}

/* Of a later version: there, and not known yet. */
static void write_unbuilt(struct json_writer *json)
{
	json_key(json, "database");
	json_null(json);
}

static enum status write_list(struct writing *writing, const char *key, document_visitor *each,
                              enum status (*visit)(struct incident *, const struct id *, document_visitor *, void *,
                                                   struct failure *))
{
	json_key(writing->json, key);
	json_begin_array(writing->json);
	enum status status = visit(writing->incident, &writing->view->id, each, writing, writing->reterr);
	json_end_array(writing->json);
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

static enum status write_whole_text(struct writing *writing, bool with_text)
{
	struct buffer text = buffer_with_ceiling(TEXT_MAX);
	enum status status = STATUS_ABSENT;
	if (with_text && writing->view->has_text)
		status = incident_text(writing->incident, writing->view->content_key, 0, UINT64_MAX, &text, writing->reterr);
	json_key(writing->json, "text");
	status == STATUS_OK ? json_bytes(writing->json, buffer_bytes(&text)) : json_null(writing->json);
	buffer_free(&text);
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

enum status dossier_write(struct incident *incident, const struct document_view *view, bool with_text, struct json_writer *json,
                          struct failure *reterr)
{
	struct writing writing = {.incident = incident, .view = view, .json = json, .reterr = reterr};
	write_fields(&writing);
	enum status status = write_list(&writing, "children", write_id, incident_children);
	if (status == STATUS_OK)
		status = write_list(&writing, "versions", write_version, incident_versions);
	if (status == STATUS_OK)
		status = write_twins(&writing);
	if (status != STATUS_OK)
		return status;
	json_key(json, "findings");
	json_begin_array(json);
	status = incident_findings(incident, view->content_key, write_finding, &writing, reterr);
	json_end_array(json);
	if (status != STATUS_OK && status != STATUS_ABSENT)
		return status;
	status = write_counts(&writing);
	if (status != STATUS_OK)
		return status;
	status = write_knowledge(&writing);
	if (status == STATUS_OK)
		status = write_people(&writing);
	if (status != STATUS_OK)
		return status;
	write_unbuilt(json);
	json_key(json, "exposure");
	status = exposure_write(incident, &view->id, json, reterr);
	struct seen_by_others others = {.entries = 0};
	if (status == STATUS_OK)
		status = incident_seen_by_others(incident, &view->container, &view->object_name, &others, reterr);
	copies_write_seen(&others, json);
	return status == STATUS_OK ? write_whole_text(&writing, with_text) : status;
}
