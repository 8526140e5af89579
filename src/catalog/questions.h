/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is asked of an incident. A question sees one moment of it, whatever a
 * sweep writes meanwhile; it counts live documents: a content as often as it
 * stands somewhere. Lists go on from a cursor: what an earlier call left there.
 */
#ifndef TIDEMARK_CATALOG_QUESTIONS_H
#define TIDEMARK_CATALOG_QUESTIONS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "catalog/catalog.h"
#include "model/coverage.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/sweep.h"
#include "model/view.h"
#include "vault/key.h"

/** pulse is called now and then while a question is worked on, within the asking thread: at least once for some ten thousand
 *  documents looked at. Where it says false, the question ends: INTERRUPTED. NULL: nobody is called. It asks nothing itself. */
void incident_set_pulse(struct incident *incident, question_pulse *pulse, void *context);

/** All questions until its end see one moment, and cost less than each by itself. Meanwhile the store keeps what is replaced: it is
 *  for a handful of documents, and not for as long as a stranger takes to read. */
enum status incident_begin_moment(struct incident *incident, struct failure *reterr) MUST_CHECK;
void incident_end_moment(struct incident *incident);

/** Streams matches in order from the query's cursor on; END from each stops (OK is returned). cursor, while each is
 *  called, holds what continues behind the document passed. */
enum status incident_search(struct incident *incident, const struct query *query, struct search_totals *ret_totals,
                            document_visitor *each, void *context, struct buffer *cursor, struct failure *reterr) MUST_CHECK;

enum status incident_find(struct incident *incident, const struct id *id, document_visitor *each, void *context,
                          struct failure *reterr) MUST_CHECK; /* ABSENT */
/** Documents whose ids lie between two; documents of exactly that path, in any container and of any version. Each id once, by id;
 *  END from each stops (OK is returned). */
enum status incident_between(struct incident *incident, const struct id *low, const struct id *high, document_visitor *each,
                             void *context, struct failure *reterr) MUST_CHECK;
enum status incident_at_path(struct incident *incident, struct bytes path, document_visitor *each, void *context,
                             struct failure *reterr) MUST_CHECK;
enum status incident_children(struct incident *incident, const struct id *id, document_visitor *each, void *context,
                              struct failure *reterr) MUST_CHECK;
/** Other revisions and versions of the same object and inner path; other documents of the same content. */
enum status incident_versions(struct incident *incident, const struct id *id, document_visitor *each, void *context,
                              struct failure *reterr) MUST_CHECK;
enum status incident_twins(struct incident *incident, const struct id *id, document_visitor *each, void *context,
                           struct failure *reterr) MUST_CHECK;
/** Documents whose text is the same though their bytes are not, then those near it, the nearest first; *ret_is_all: it is known
 *  that there are no more. */
enum status incident_alike(struct incident *incident, const struct id *id, twin_visitor *each, void *context, bool *ret_is_all,
                           struct failure *reterr) MUST_CHECK;
/** Which family it is of, as the last finished sweep left it. */
enum status incident_family(struct incident *incident, const struct id *id, struct family *ret_family,
                            struct failure *reterr) MUST_CHECK;

/** By which doors strangers could reach it and when, by door and time; each with the observations that prove it. */
enum status incident_exposures(struct incident *incident, const struct id *id, exposure_visitor *each, void *context,
                               struct failure *reterr) MUST_CHECK;

/** Text by content, whole or [from, to) in code points; appended. ABSENT if not kept. */
enum status incident_text(struct incident *incident, const unsigned char content_key[32], uint64_t from, uint64_t to,
                          struct buffer *into, struct failure *reterr) MUST_CHECK;

enum status incident_findings(struct incident *incident, const unsigned char content_key[32], finding_visitor *each,
                              void *context, struct failure *reterr) MUST_CHECK;
/** What is known of a content beside that, in the order it was told. */
enum status incident_facts(struct incident *incident, const unsigned char content_key[32], fact_visitor *each, void *context,
                           struct failure *reterr) MUST_CHECK;
/** Whose the document passed by a view is: by its content, and where that names no party by its path. Parties first. */
enum status incident_attributions(struct incident *incident, const struct document_view *view, attribution_visitor *each,
                                  void *context, struct failure *reterr) MUST_CHECK;

/** By falling number of documents, then domain; from the cursor on, as search. */
enum status incident_organisations(struct incident *incident, struct bytes cursor, organisation_visitor *each, void *context,
                                   struct buffer *ret_cursor, struct failure *reterr) MUST_CHECK;
/** The same, but before all others those of sectors that are told first (model/sector.h), by their rank; with cursors of its own. */
enum status incident_organisations_by_sector(struct incident *incident, struct bytes cursor, organisation_visitor *each,
                                             void *context, struct buffer *ret_cursor, struct failure *reterr) MUST_CHECK;

/** domain may be empty; else entities of it: addresses at it and its subdomains, hosts below it. */
enum status incident_entities(struct incident *incident, enum finding_kind kind, struct bytes domain, struct bytes cursor,
                              entity_visitor *each, void *context, struct buffer *ret_cursor, struct failure *reterr) MUST_CHECK;

enum status incident_containers(struct incident *incident, container_visitor *each, void *context,
                                struct failure *reterr) MUST_CHECK;

/** Documents an organisation is a party to (every live place of them), by path. By its path alone a document is one only for
 *  who runs this: attribution says so in its why. */
enum status incident_documents_of(struct incident *incident, struct bytes domain, document_visitor *each, void *context,
                                  struct failure *reterr) MUST_CHECK;
/** Of those, by id and date and in no order, the ones of which that is at least as sure by their contents. Never by a path, and far
 *  cheaper. */
enum status incident_dates_of(struct incident *incident, struct bytes domain, float confidence, dated_visitor *each,
                              void *context, struct failure *reterr) MUST_CHECK;
/** Documents an address occurs in. */
enum status incident_documents_with(struct incident *incident, enum finding_kind kind, struct bytes value, document_visitor *each,
                                    void *context, struct failure *reterr) MUST_CHECK;

/** People as they were told apart when the last sweep ended, by falling number of documents, then id; from the cursor on, as
 *  search. ABSENT: no sweep has ended since. */
enum status incident_people(struct incident *incident, const struct people_filter *filter, struct bytes cursor,
                            person_visitor *each, void *context, struct buffer *ret_cursor, struct failure *reterr) MUST_CHECK;
/** Those with an id between two: of the one they are listed by, or of any key of theirs. */
enum status incident_people_between(struct incident *incident, const struct id *low, const struct id *high, person_visitor *each,
                                    void *context, struct failure *reterr) MUST_CHECK;
/** Where the records of one stand, and what they have in common. */
enum status incident_places_of(struct incident *incident, int64_t person, person_place_visitor *each, void *context,
                               struct failure *reterr) MUST_CHECK;
/** The ids of those of whom a content has records. */
enum status incident_people_in(struct incident *incident, const unsigned char content_key[32], id_visitor *each, void *context,
                               struct failure *reterr) MUST_CHECK;

/** When its last sweep ended; CLOCK_UNKNOWN: none did. */
enum status incident_swept_at(struct incident *incident, int64_t *ret_time, struct failure *reterr) MUST_CHECK;

/** How far its latest sweep has come, by whomever. ABSENT: there was none. */
enum status incident_standing(struct incident *incident, struct sweep_standing *ret_standing, struct failure *reterr) MUST_CHECK;

/** references: every mention; distinct: normalised values. Objects: distinct by content. */
enum status incident_ledger(struct incident *incident, struct arena *arena, struct ledger *ret_ledger,
                            struct failure *reterr) MUST_CHECK;
/** How far it was looked through, for each kind of finding. */
enum status incident_coverage(struct incident *incident, struct coverage *ret_coverage, struct failure *reterr) MUST_CHECK;
/** All that a manifest has of it (model/measure.h), under the scope key; rules: appended, the version of those the latest sweep
 *  read by. END from each stops (OK is returned). */
enum status incident_leaves(struct incident *incident, const struct vault_key *key, leaf_visitor *each, void *context,
                            struct buffer *rules, struct failure *reterr) MUST_CHECK;

#endif
