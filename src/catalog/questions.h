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
#include "model/exposure.h"
#include "model/query.h"
#include "model/record.h"
#include "model/sample.h"

/* One document as answers show it. All bytes good during the call that passes it. */
struct document_view {
	struct id id, parent, object;
	bool has_parent;
	struct bytes path;           /* raw: object name and inner path, joined by !/ */
	struct container container;
	struct bytes object_name, version;
	bool has_sha256;
	unsigned char sha256[32];
	unsigned char content_key[32];
	enum outcome outcome;
	DOCUMENT_FIELDS;             /* created: where the document does not say, as its container does */
	bool has_text;               /* kept and not expired */
	uint64_t copies;             /* live documents of this content, itself included */
	struct { int64_t first_seen, last_seen, closed_at; } exposed; /* CLOCK_UNKNOWN where not established */
	bool is_gone;                /* a later complete listing no longer had it; still evidence, still found */
	int64_t gone_at;
	uint64_t revision;           /* of the object, from 1 */
	bool is_superseded;          /* a later revision took its place */
	bool has_content;            /* it was read: content_key is set */
	double score;                /* of a search */
};

typedef enum status exposure_visitor(void *context, const struct exposure *exposure);
/** By which doors strangers could reach it and when, by door and time; each with the observations that prove it. */
enum status incident_exposures(struct incident *incident, const struct id *id, exposure_visitor *each, void *context,
                               struct failure *reterr) MUST_CHECK;

struct search_totals {
	uint64_t total;
	bool is_exact;
	uint64_t unsearchable;       /* live documents whose text could not be searched, by expiry, size or outcome */
};

typedef enum status document_visitor(void *context, const struct document_view *view);

/** Streams matches in order from the query's cursor on; END from each stops (OK is returned). cursor, while each is
 *  called, holds what continues behind the document passed. */
enum status incident_search(struct incident *incident, const struct query *query, struct search_totals *ret_totals,
                            document_visitor *each, void *context, struct buffer *cursor, struct failure *reterr) MUST_CHECK;

enum status incident_find(struct incident *incident, const struct id *id, document_visitor *each, void *context,
                          struct failure *reterr) MUST_CHECK; /* ABSENT */
enum status incident_children(struct incident *incident, const struct id *id, document_visitor *each, void *context,
                              struct failure *reterr) MUST_CHECK;
/** Other revisions and versions of the same object and inner path; other documents of the same content. */
enum status incident_versions(struct incident *incident, const struct id *id, document_visitor *each, void *context,
                              struct failure *reterr) MUST_CHECK;
enum status incident_twins(struct incident *incident, const struct id *id, document_visitor *each, void *context,
                           struct failure *reterr) MUST_CHECK;

/** Text by content, whole or [from, to) in code points; appended. ABSENT if not kept. */
enum status incident_text(struct incident *incident, const unsigned char content_key[32], uint64_t from, uint64_t to,
                          struct buffer *into, struct failure *reterr) MUST_CHECK;

typedef enum status finding_visitor(void *context, const struct finding *finding);
typedef enum status attribution_visitor(void *context, const struct attribution *attribution);
enum status incident_findings(struct incident *incident, const unsigned char content_key[32], finding_visitor *each,
                              void *context, struct failure *reterr) MUST_CHECK;
typedef enum status fact_visitor(void *context, const struct fact *fact);
/** What is known of a content beside that, in the order it was told. */
enum status incident_facts(struct incident *incident, const unsigned char content_key[32], fact_visitor *each, void *context,
                           struct failure *reterr) MUST_CHECK;
/** Whose the document passed by a view is: by its content, and where that names no party by its path. Parties first. */
enum status incident_attributions(struct incident *incident, const struct document_view *view, attribution_visitor *each,
                                  void *context, struct failure *reterr) MUST_CHECK;

struct organisation_summary {
	struct bytes domain;
	uint64_t documents, as_party, mentions, addresses;
	int64_t first_date, last_date;
	double confidence;
};
/** By falling number of documents, then domain; from the cursor on, as search. */
enum status incident_organisations(struct incident *incident, struct bytes cursor,
                                   enum status (*each)(void *, const struct organisation_summary *), void *context,
                                   struct buffer *ret_cursor, struct failure *reterr) MUST_CHECK;

struct entity_summary {
	enum finding_kind kind;
	struct bytes value;
	uint64_t references, documents;
	uint64_t carved;             /* mentions besides, in what was not read */
};
/** domain may be empty; else entities of it: addresses at it and its subdomains, hosts below it. */
enum status incident_entities(struct incident *incident, enum finding_kind kind, struct bytes domain, struct bytes cursor,
                              enum status (*each)(void *, const struct entity_summary *), void *context,
                              struct buffer *ret_cursor, struct failure *reterr) MUST_CHECK;

struct container_summary {
	struct container container;
	uint64_t objects, documents, bytes, unseen_objects, unseen_bytes;
	struct { int64_t first_seen, last_seen, closed_at; } exposed;
	int64_t last_sweep;
};
enum status incident_containers(struct incident *incident,
                                enum status (*each)(void *, const struct container_summary *), void *context,
                                struct failure *reterr) MUST_CHECK;

/** Documents an organisation is a party to (every live place of them), by path. By its path alone a document is one only for
 *  who runs this: attribution says so in its why. */
enum status incident_documents_of(struct incident *incident, struct bytes domain, document_visitor *each, void *context,
                                  struct failure *reterr) MUST_CHECK;
/** Documents an address occurs in. */
enum status incident_documents_with(struct incident *incident, enum finding_kind kind, struct bytes value,
                                    document_visitor *each, void *context, struct failure *reterr) MUST_CHECK;

struct measure { uint64_t references, distinct; };
struct year_measure { int year; uint64_t documents; };
/* Live objects that ended alike in sweeps that drew the same sample. */
struct ledger_group {
	struct sample sample;
	uint64_t sweep;                  /* the latest of them */
	enum outcome outcome;
	bool was_fetched, is_left_out;   /* left out: by the sample */
	uint64_t objects, bytes;
};
struct ledger {
	uint64_t latest_sweep;
	struct bytes rules_version;      /* of that one */
	struct sample sample;            /* of that one */
	struct measure objects, documents, emails, organisations, countries;
	struct measure carved_emails;    /* counted in none of them; distinct: those that were never read anywhere */
	struct { uint64_t objects, bytes; } unseen;
	struct { uint64_t objects, bytes; } unseen_by_outcome[OUTCOME_COUNT];
	struct year_measure *years;      /* by the object's modified time; in the arena */
	size_t year_count;
	struct ledger_group *groups;     /* in the arena; of an unfinished sweep those that ended so far */
	size_t group_count;
};
/** references: every mention; distinct: normalised values. Objects: distinct by content. */
enum status incident_ledger(struct incident *incident, struct arena *arena, struct ledger *ret_ledger,
                            struct failure *reterr) MUST_CHECK;

#endif
