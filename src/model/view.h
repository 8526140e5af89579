/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an incident holds, as answers are told of it: documents, lists with
 * counts, the ledger. Visitors are called once for each; all bytes are good
 * during the call that passes them. END from a visitor stops: that is no failure.
 */
#ifndef TIDEMARK_MODEL_VIEW_H
#define TIDEMARK_MODEL_VIEW_H

#include "base/status.h"
#include "model/copy.h"
#include "model/document-class.h"
#include "model/exposure.h"
#include "model/person.h"
#include "model/record.h"
#include "model/register.h"
#include "model/sample.h"
#include "model/sweep.h"

/* One document as answers show it. */
struct document_view {
	struct id id, parent, object;
	bool has_parent;
	struct bytes path; /* raw: object name and inner path, joined by !/ */
	struct container container;
	struct bytes object_name, version;
	bool has_sha256;
	unsigned char sha256[32];
	unsigned char content_key[32];
	enum outcome outcome;
	DOCUMENT_FIELDS; /* created: where the document does not say, as its container does; note: of what was not read, at least what
	                              * its outcome means */
	int64_t dated;   /* as the document says, else modified, else its object's */
	bool has_text;   /* kept and not expired */
	uint64_t copies; /* live documents of this content, itself included */
	struct {
		int64_t first_seen, last_seen, closed_at;
	} exposed;    /* CLOCK_UNKNOWN where not established */
	bool is_gone; /* a later complete listing no longer had it; still evidence, still found */
	int64_t gone_at;
	uint64_t revision;  /* of the object, from 1 */
	bool is_superseded; /* a later revision took its place */
	bool has_content;   /* it was read: content_key is set */
	double score;       /* of a search */
};

/** Its path as people read and ask for it. Like the raw one it may be no UTF-8, in its object's name. */
static inline struct bytes document_view_path(const struct document_view *view)
{
	return view->shown_path.len > 0 ? view->shown_path : view->path;
}

struct search_totals {
	uint64_t total;
	bool is_exact;
	uint64_t unsearchable; /* live documents whose text could not be searched, by expiry, size or outcome */
};

typedef enum status document_visitor(void *context, const struct document_view *view);
typedef enum status exposure_visitor(void *context, const struct exposure *exposure);
typedef enum status finding_visitor(void *context, const struct finding *finding);
typedef enum status fact_visitor(void *context, const struct fact *fact);
typedef enum status attribution_visitor(void *context, const struct attribution *attribution);
typedef enum status register_visitor(void *context, const struct register_row *row);

/* Documents that one document leads to. */
enum relation {
	RELATION_ITSELF, /* one, or ABSENT */
	RELATION_CHILDREN,
	RELATION_VERSIONS, /* other revisions and versions of the same object and inner path */
	RELATION_TWINS     /* other documents of the same content */
};

/* How one document is another's twin. */
enum twin_relation {
	TWIN_EXACT,     /* of the same bytes */
	TWIN_SAME_TEXT, /* layout and white space apart */
	TWIN_NEAR       /* of its shingles so many are the other's, too (model/sketch.h) */
};
typedef enum status twin_visitor(void *context, const struct document_view *view, enum twin_relation relation, double similarity);

/* Documents that are one: of the same text, or near each other and the same was found in them. */
struct family {
	bool is_known;            /* there is one */
	struct id representative; /* its oldest */
	uint64_t contents, documents;
};

/* ---- lists ---- */

struct organisation_summary {
	struct bytes domain; /* its key (model/finding.h) */
	/* As the register has it, else as the surest of its documents say; a country of which as sure ones disagree is unknown. */
	struct bytes name, country;
	uint64_t documents, as_party, mentions, addresses;
	int64_t first_date, last_date;
	double confidence;
	struct bytes sector; /* the register's, as what it is to the owner */
	enum relationship relationship;
};
typedef enum status organisation_visitor(void *context, const struct organisation_summary *summary);

struct entity_summary {
	enum finding_kind kind;
	struct bytes value;
	uint64_t references, documents;
	uint64_t carved; /* mentions besides, in what was not read */
};
typedef enum status entity_visitor(void *context, const struct entity_summary *summary);

struct container_summary {
	struct container container;
	uint64_t objects, documents, bytes, unseen_objects, unseen_bytes;
	struct {
		int64_t first_seen, last_seen, closed_at;
	} exposed;
	int64_t last_sweep;
	int64_t last_read; /* by a stranger, as far as access logs reach; CLOCK_UNKNOWN: unknown */
	struct seen_by_others others;
	enum listing_end listing; /* of that sweep; PARTIAL too where only names of a prefix were asked for */
};
typedef enum status container_visitor(void *context, const struct container_summary *summary);

/* ---- people ---- */

/* One person, by all records that were found to be theirs. */
struct person_summary {
	int64_t number; /* the backend's own, of this moment */
	struct id id;
	uint64_t documents, records, mentions; /* mentions: records in every place they stand in */
	struct person_record record;           /* what they say together */
};
typedef enum status person_visitor(void *context, const struct person_summary *summary);

struct person_place {
	const struct document_view *view;
	const struct person_record *record;
	struct bytes why; /* what it has in common with records before it; empty: of the first */
};
typedef enum status person_place_visitor(void *context, const struct person_place *place);
typedef enum status id_visitor(void *context, const struct id *id);

struct people_filter {
	struct bytes organisation; /* a domain, or a name as written; empty: all */
	unsigned elements;         /* those that have one of these; 0: all */
};

/* ---- the ledger ---- */

struct measure {
	uint64_t references, distinct, resolved;
	bool is_resolved; /* resolved is known */
};
struct year_measure {
	int year;
	uint64_t documents;
};
/* Live documents of one media type; of those nobody looked into what their listing says, else an empty text. */
struct type_measure {
	struct bytes media_type;
	uint64_t documents, read;
	uint64_t held; /* of which something was read at all: these are what the other tables of documents count */
};
/* What a measure comes apart into, by names that are found: countries, sectors. */
struct breakdown {
	bool is_known; /* false: not built, or nothing tells it */
	struct breakdown_row {
		struct bytes name;
		uint64_t count;
	} * rows; /* in the arena */
	size_t count;
};
/* Organisations by how many documents they are a party of: 1, 2 to 9, 10 to 99, 100 to 999, 1000 and more. */
enum { ORGANISATION_SIZES = 5 };
/* Live objects that ended alike in sweeps that drew the same sample. */
struct ledger_group {
	struct sample sample;
	uint64_t sweep; /* the latest of them */
	enum outcome outcome;
	bool was_fetched, is_left_out; /* left out: by the sample */
	uint64_t objects, bytes;
};
struct ledger {
	uint64_t latest_sweep;
	struct bytes rules_version; /* of that one */
	struct sample sample;       /* of that one */
	struct measure objects, documents, pages, emails, organisations, signed_documents;
	struct measure organisations_by_name; /* parties of which no domain is known, in none of the others */
	struct measure phones, projects, invoices, orders, contracts;
	struct measure people; /* references: records in every place; distinct: people, as told apart when a sweep ended */
	struct measure countries;
	bool has_people, has_countries; /* else nobody counts them yet */
	struct measure carved_emails;   /* counted in none of them; distinct: those that were never read anywhere */
	struct {
		uint64_t objects, bytes;
	} unseen;
	struct {
		uint64_t objects, bytes;
	} unseen_by_outcome[OUTCOME_COUNT];
	struct {
		uint64_t documents, bytes;
	} unseen_parts[OUTCOME_COUNT]; /* within objects */
	uint64_t organisation_sizes[ORGANISATION_SIZES];
	struct breakdown by_country, by_sector, by_relationship; /* organisations */
	struct breakdown by_element;                             /* people: one is counted with each element of theirs */
	struct type_measure *types;                              /* the commonest first; in the arena */
	size_t type_count;
	uint64_t classes[CLASS_COUNT]; /* live documents of each; CLASS_NONE: of those that nobody told */
	struct year_measure *years;    /* by the documents' own dates; in the arena */
	size_t year_count;
	struct ledger_group *groups; /* in the arena; of an unfinished sweep those that ended so far */
	size_t group_count;
};

#endif
