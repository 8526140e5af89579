/* SPDX-License-Identifier: Apache-2.0 */
/* Questions go on to the backend; what a person reads of an absence is the same for all of them. */
#include "catalog/questions.h"

#include "catalog/incident.h"
#include "catalog/inside.h"

void incident_set_pulse(struct incident *incident, question_pulse *pulse, void *context)
{
	incident->backend->set_pulse(incident->store, pulse, context);
}

enum status incident_begin_moment(struct incident *incident, struct failure *reterr)
{
	return incident->backend->begin_moment(incident->store, reterr);
}

void incident_end_moment(struct incident *incident)
{
	incident->backend->end_moment(incident->store);
}

enum status incident_search(struct incident *incident, const struct query *query, struct search_totals *ret_totals,
                            document_visitor *each, void *context, struct buffer *cursor, struct failure *reterr)
{
	return incident->backend->search(incident->store, query, ret_totals, each, context, cursor, reterr);
}

enum status incident_find(struct incident *incident, const struct id *id, document_visitor *each, void *context,
                          struct failure *reterr)
{
	char text[ID_TEXT_SIZE];
	enum status status = incident->backend->get(incident->store, RELATION_ITSELF, id, each, context, reterr);
	return status != STATUS_ABSENT ? status
	                               : fail(reterr, STATUS_ABSENT, id_format(*id, text),
	                                      "no document has this id; 'tidemark search' shows ids");
}

enum status incident_between(struct incident *incident, const struct id *low, const struct id *high, document_visitor *each,
                             void *context, struct failure *reterr)
{
	return incident->backend->between(incident->store, low, high, each, context, reterr);
}

enum status incident_at_path(struct incident *incident, struct bytes path, document_visitor *each, void *context,
                             struct failure *reterr)
{
	return incident->backend->at_path(incident->store, path, each, context, reterr);
}

enum status incident_children(struct incident *incident, const struct id *id, document_visitor *each, void *context,
                              struct failure *reterr)
{
	return incident->backend->get(incident->store, RELATION_CHILDREN, id, each, context, reterr);
}

enum status incident_versions(struct incident *incident, const struct id *id, document_visitor *each, void *context,
                              struct failure *reterr)
{
	return incident->backend->get(incident->store, RELATION_VERSIONS, id, each, context, reterr);
}

enum status incident_twins(struct incident *incident, const struct id *id, document_visitor *each, void *context,
                           struct failure *reterr)
{
	return incident->backend->get(incident->store, RELATION_TWINS, id, each, context, reterr);
}

enum status incident_alike(struct incident *incident, const struct id *id, twin_visitor *each, void *context, bool *ret_is_all,
                           struct failure *reterr)
{
	return incident->backend->alike(incident->store, id, each, context, ret_is_all, reterr);
}

enum status incident_family(struct incident *incident, const struct id *id, struct family *ret_family, struct failure *reterr)
{
	return incident->backend->family(incident->store, id, ret_family, reterr);
}

enum status incident_exposures(struct incident *incident, const struct id *id, exposure_visitor *each, void *context,
                               struct failure *reterr)
{
	return incident->backend->exposures(incident->store, id, each, context, reterr);
}

/* ---- contents ---- */

enum status incident_text(struct incident *incident, const unsigned char content_key[32], uint64_t from, uint64_t to,
                          struct buffer *into, struct failure *reterr)
{
	enum status status = incident->backend->text(incident->store, content_key, from, to, into, reterr);
	return status != STATUS_ABSENT ? status : fail(reterr, status, "text", "is not kept, or has expired");
}

enum status incident_findings(struct incident *incident, const unsigned char content_key[32], finding_visitor *each,
                              void *context, struct failure *reterr)
{
	return incident->backend->findings(incident->store, content_key, each, context, reterr);
}

enum status incident_facts(struct incident *incident, const unsigned char content_key[32], fact_visitor *each, void *context,
                           struct failure *reterr)
{
	return incident->backend->facts(incident->store, content_key, each, context, reterr);
}

enum status incident_attributions(struct incident *incident, const struct document_view *view, attribution_visitor *each,
                                  void *context, struct failure *reterr)
{
	return incident->backend->attributions(incident->store, view, each, context, reterr);
}

/* ---- lists and counts ---- */

enum status incident_organisations(struct incident *incident, struct bytes cursor, organisation_visitor *each, void *context,
                                   struct buffer *ret_cursor, struct failure *reterr)
{
	return incident->backend->organisations(incident->store, false, cursor, each, context, ret_cursor, reterr);
}

enum status incident_organisations_by_sector(struct incident *incident, struct bytes cursor, organisation_visitor *each,
                                             void *context, struct buffer *ret_cursor, struct failure *reterr)
{
	return incident->backend->organisations(incident->store, true, cursor, each, context, ret_cursor, reterr);
}

enum status incident_entities(struct incident *incident, enum finding_kind kind, struct bytes domain, struct bytes cursor,
                              entity_visitor *each, void *context, struct buffer *ret_cursor, struct failure *reterr)
{
	return incident->backend->entities(incident->store, kind, domain, cursor, each, context, ret_cursor, reterr);
}

enum status incident_containers(struct incident *incident, container_visitor *each, void *context, struct failure *reterr)
{
	return incident->backend->containers(incident->store, each, context, reterr);
}

enum status incident_documents_of(struct incident *incident, struct bytes domain, document_visitor *each, void *context,
                                  struct failure *reterr)
{
	return incident->backend->documents_of(incident->store, domain, each, context, reterr);
}

enum status incident_dates_of(struct incident *incident, struct bytes domain, float confidence, dated_visitor *each,
                              void *context, struct failure *reterr)
{
	return incident->backend->dates_of(incident->store, domain, confidence, each, context, reterr);
}

enum status incident_documents_with(struct incident *incident, enum finding_kind kind, struct bytes value, document_visitor *each,
                                    void *context, struct failure *reterr)
{
	return incident->backend->documents_with(incident->store, kind, value, each, context, reterr);
}

enum status incident_ledger(struct incident *incident, struct arena *arena, struct ledger *ret_ledger, struct failure *reterr)
{
	return incident->backend->measure(incident->store, arena, ret_ledger, reterr);
}

enum status incident_coverage(struct incident *incident, struct coverage *ret_coverage, struct failure *reterr)
{
	return incident->backend->coverage(incident->store, ret_coverage, reterr);
}

enum status incident_leaves(struct incident *incident, const struct vault_key *key, leaf_visitor *each, void *context,
                            struct buffer *rules, struct failure *reterr)
{
	return incident->backend->leaves(incident->store, key, each, context, rules, reterr);
}

enum status incident_people(struct incident *incident, const struct people_filter *filter, struct bytes cursor,
                            person_visitor *each, void *context, struct buffer *ret_cursor, struct failure *reterr)
{
	return incident->backend->people(incident->store, filter, cursor, each, context, ret_cursor, reterr);
}

enum status incident_people_between(struct incident *incident, const struct id *low, const struct id *high, person_visitor *each,
                                    void *context, struct failure *reterr)
{
	return incident->backend->people_between(incident->store, low, high, each, context, reterr);
}

enum status incident_places_of(struct incident *incident, int64_t person, person_place_visitor *each, void *context,
                               struct failure *reterr)
{
	return incident->backend->places_of(incident->store, person, each, context, reterr);
}

enum status incident_people_in(struct incident *incident, const unsigned char content_key[32], id_visitor *each, void *context,
                               struct failure *reterr)
{
	return incident->backend->people_in(incident->store, content_key, each, context, reterr);
}

enum status incident_swept_at(struct incident *incident, int64_t *ret_time, struct failure *reterr)
{
	struct store_counts counts;
	enum status status = incident->backend->count(incident->store, &counts, reterr);
	if (status == STATUS_OK)
		*ret_time = counts.last_sweep;
	return status;
}

enum status incident_standing(struct incident *incident, struct sweep_standing *ret_standing, struct failure *reterr)
{
	struct sweep_standing standing;
	struct lock_holder holder;
	enum status status = incident->backend->standing(incident->store, &standing, reterr);
	if (status == STATUS_ABSENT)
		return fail(reterr, STATUS_ABSENT, "", "nothing was swept yet; tidemark sweep TARGET does it");
	if (status != STATUS_OK)
		return status;
	standing.is_running = !standing.is_finished && incident_holder(&incident->place, &holder);
	standing.pid = standing.is_running ? holder.pid : 0;
	*ret_standing = standing;
	return STATUS_OK;
}
