/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where everything found is kept: incidents, their objects, documents, findings
 * and organisations, exposures, and the journal. This page is the whole of what
 * the rest of the house knows of it: it speaks model and query, never rows or
 * SQL, and no transaction spans two calls. Handles serve one thread at a time.
 *
 * Identity: an object is (container, name, version); every put is idempotent by
 * id and revision, so at-least-once delivery is safe. Contents are kept once per
 * content key, however often they stand somewhere ("read once, counted both ways").
 */
#ifndef TIDEMARK_CATALOG_CATALOG_H
#define TIDEMARK_CATALOG_CATALOG_H

#include "base/arena.h"
#include "base/buffer.h"
#include "model/query.h"
#include "model/record.h"
#include "model/verdict.h"

/* ---- opening ---- */

struct catalog;

struct catalog_place {
	const char *directory;
	const char *key_file;        /* never NULL: the command line has resolved it */
};

enum catalog_mode {
	CATALOG_READ,                /* ABSENT if it is not there */
	CATALOG_APPEND,              /* journal, exposures: exists already */
	CATALOG_CREATE               /* makes directory and key if neither exists; a catalog without its key: DENIED */
};

/** *ret_made_key (may be NULL) tells that a new key file was made. DENIED wrong key, unreadable key; ABSENT no catalog;
 *  MALFORMED damaged; UNSUPPORTED a newer schema; NO_SPACE. reterr says what to do. */
enum status catalog_open(const struct catalog_place *place, enum catalog_mode mode, struct catalog **ret_catalog,
                         bool *ret_made_key, struct failure *reterr) MUST_CHECK;
void catalog_close(struct catalog *catalog);

struct incident_summary {
	struct bytes name;
	int64_t created, last_sweep;
	uint64_t objects, documents;
	bool has_unfinished_sweep;
};
/** Calls each per incident, by name. */
enum status catalog_list_incidents(struct catalog *catalog,
                                   enum status (*each)(void *, const struct incident_summary *), void *context,
                                   struct failure *reterr) MUST_CHECK;

struct incident;                     /* belongs to its catalog, which must outlive it */

enum incident_mode {
	INCIDENT_READ,               /* a WAL snapshot per call */
	INCIDENT_SWEEP               /* made if new; exclusive: BUSY names pid and start of the one that holds it */
};
enum status incident_open(struct catalog *catalog, struct bytes name, enum incident_mode mode,
                          struct incident **ret_incident, struct failure *reterr) MUST_CHECK;
void incident_close(struct incident *incident);

/* ---- a sweep writes (one thread: the writer) ---- */

struct sweep_target {
	struct container container;
	struct bytes prefix;
	struct bytes written;
};

struct sweep_plan {
	const struct sweep_target *targets;
	size_t target_count;
	struct bytes settings;       /* canonical text of what decides which objects are read how; a sweep is continued only under the same */
	struct bytes rules_version;
	struct bytes authority;
	bool is_anonymous;           /* a stranger's requests: what they see is exposed */
	bool lists_versions;         /* the listings hold versions and snapshots: one they no longer have is gone */
	uint64_t read_again_outcomes; /* a bit (1 << outcome) each: what is unchanged but ended so is to be read again (--redo) */
	int64_t keep_until;          /* texts and findings of objects seen now expire then */
};

struct sweep_state {
	uint64_t sweep;              /* number, from 1 */
	bool is_continued;           /* an unfinished sweep of the same plan goes on */
};

/** Begins a sweep, or goes on with the unfinished one of the same plan; an unfinished one of another plan is ended as
 *  incomplete first. */
enum status sweep_begin(struct incident *incident, const struct sweep_plan *plan, struct sweep_state *ret_state,
                        struct failure *reterr) MUST_CHECK;

/** Where the listing of the nth target goes on; *ret_is_done when it has come to its end in this sweep. */
enum status sweep_cursor(struct incident *incident, size_t target, struct buffer *ret_cursor, bool *ret_is_done) MUST_CHECK;

/* What is to become of a listed object; decided by sweep/ before it is put. */
struct listed_object {
	struct object object;
	enum outcome outcome;        /* PENDING: to be read; LISTED_ONLY, EXCLUDED, ARCHIVED, OVER_BUDGET, SPECIAL, ...: final */
	struct bytes note;
	bool read_again;             /* pending even if unchanged since it was read (--redo) */
};

/** One page and the cursor behind it, both or neither. An object read before with the same size, etag and time keeps its
 *  outcome and rows (unchanged) unless read_again. Reading one page twice changes nothing. */
enum status sweep_put_page(struct incident *incident, size_t target, const struct listed_object *objects, size_t count,
                           struct bytes next_cursor, bool is_last, struct failure *reterr) MUST_CHECK;

/* An object waiting to be read. All bytes in the arena given. */
struct pending_object {
	struct id id;
	size_t target;
	struct object object;
	enum outcome previous;       /* its outcome in an earlier sweep; PENDING if none */
};
/** Up to max pending objects behind *position (start with 0; moved on), oldest first. *ret_count 0: no more for now. */
enum status sweep_pending(struct incident *incident, uint64_t *position, size_t max, struct arena *arena,
                          struct pending_object *ret_objects, size_t *ret_count) MUST_CHECK;

/** Stores one document of a pending object. Its contents are stored unless the content key is known already. */
enum status sweep_put_document(struct incident *incident, const struct id *object, const struct document_record *record,
                               struct failure *reterr) MUST_CHECK;
/** Forgets the documents that came of a pending object so far: call it before reading one again from its beginning. A
 *  document that comes behind the object's own (ordinal 0) begins a new attempt by itself. */
enum status sweep_restart_object(struct incident *incident, const struct id *object, struct failure *reterr) MUST_CHECK;
/** The object's reading is over: its outcome and, for one whose own document did not come (fetch failed, worker lost), its
 *  own row. Documents of an earlier revision are superseded. */
enum status sweep_finish_object(struct incident *incident, const struct id *object, const struct object_record *record,
                                struct failure *reterr) MUST_CHECK;
/** Gives object the documents of the finished object that has these bytes, under ids of its own. ABSENT if there is none:
 *  then it must be read. */
enum status sweep_adopt_twin(struct incident *incident, const struct id *object, const unsigned char sha256[32],
                             uint64_t fetched_bytes, struct failure *reterr) MUST_CHECK;
/** Makes all that was put durable. Puts are gathered into transactions of at most some thousands of rows, 32 MiB of text or
 *  2 s; this ends one, and so does a page when no documents wait with it. */
enum status sweep_checkpoint(struct incident *incident, struct failure *reterr) MUST_CHECK;

struct sweep_summary {
	uint64_t sweep;
	struct { uint64_t listed, read, unchanged, skipped, failed; } objects;
	uint64_t documents;
	struct { uint64_t listed, fetched, unseen; } bytes;
	struct { uint64_t objects, bytes; } outcomes[OUTCOME_COUNT];
	struct { uint64_t documents, bytes; } inner[OUTCOME_COUNT];   /* parts of objects */
	uint64_t findings[FINDING_KIND_COUNT];                        /* references */
	uint64_t twins;                                               /* objects adopted, not read again */
	bool is_complete;
	int64_t started, ended;
};
/** The figures of the sweep as they stand: counted from its rows, so the same after a kill. */
enum status sweep_summarise(struct incident *incident, struct sweep_summary *ret_summary, struct failure *reterr) MUST_CHECK;
/** Ends it. Objects that a complete listing no longer has become gone. Expired texts and findings are erased, the index is
 *  optimised. */
enum status sweep_end(struct incident *incident, bool is_complete, struct failure *reterr) MUST_CHECK;

/* ---- questions (read-only handles) ---- */

/* One document as answers show it. All bytes good during the call that passes it. */
struct document_view {
	struct id id, parent, object;
	bool has_parent;
	struct bytes path;           /* raw: object name and inner path, joined by !/ */
	struct container container;
	struct bytes object_name, version;
	uint64_t size;
	int64_t modified, created;
	bool has_sha256;
	unsigned char sha256[32];
	unsigned char content_key[32];
	struct bytes media_type, title, author, language, note;
	enum outcome outcome;
	uint64_t unseen_bytes;
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
enum status incident_attributions(struct incident *incident, const unsigned char content_key[32],
                                  attribution_visitor *each, void *context, struct failure *reterr) MUST_CHECK;

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

/** Documents an organisation is a party to (every live place of them), by path. */
enum status incident_documents_of(struct incident *incident, struct bytes domain, document_visitor *each, void *context,
                                  struct failure *reterr) MUST_CHECK;
/** Documents an address occurs in. */
enum status incident_documents_with(struct incident *incident, enum finding_kind kind, struct bytes value,
                                    document_visitor *each, void *context, struct failure *reterr) MUST_CHECK;

struct measure { uint64_t references, distinct; };
struct year_measure { int year; uint64_t documents; };
struct ledger {
	struct bytes rules_version;
	struct measure objects, documents, emails, organisations, countries;
	struct { uint64_t objects, bytes; } unseen;
	struct { uint64_t objects, bytes; } unseen_by_outcome[OUTCOME_COUNT];
	struct year_measure *years;      /* by the object's modified time; in the arena */
	size_t year_count;
};
/** references: every mention; distinct: normalised values. Objects: distinct by content. */
enum status incident_ledger(struct incident *incident, struct arena *arena, struct ledger *ret_ledger,
                            struct failure *reterr) MUST_CHECK;

/* ---- journal ---- */

struct journal_entry {
	uint64_t sequence;
	int64_t time;
	struct bytes verb;           /* sweep, search, show, lookup, ... */
	struct bytes incident;
	struct bytes detail;         /* JSON object; empty once the incident's key is erased */
	unsigned char hash[32];
};
/** Appends; waits up to 5 s for other writers. detail: a JSON object. */
enum status journal_append(struct catalog *catalog, const char *verb, struct bytes incident, struct bytes detail,
                           struct failure *reterr) MUST_CHECK;
enum status journal_show(struct catalog *catalog, uint64_t after_sequence,
                         enum status (*each)(void *, const struct journal_entry *), void *context,
                         struct failure *reterr) MUST_CHECK;
/** MALFORMED, with *ret_bad the first entry that does not follow from its predecessor. */
enum status journal_verify(struct catalog *catalog, uint64_t *ret_entries, uint64_t *ret_bad, unsigned char ret_head[32],
                           struct failure *reterr) MUST_CHECK;

/* ---- care ---- */

struct damage {
	struct bytes file;           /* relative to the catalog's directory */
	uint64_t page;
	struct bytes what;
};
/** Opens every page of every file itself, then checks structure and counts. Calls each per damage. */
enum status catalog_verify(struct catalog *catalog, enum status (*each)(void *, const struct damage *), void *context,
                           uint64_t *ret_pages, struct failure *reterr) MUST_CHECK;
struct catalog_info {
	unsigned schema;
	uint64_t bytes, incidents, journal_entries;
	int64_t created;
};
enum status catalog_describe(struct catalog *catalog, struct catalog_info *ret_info, struct failure *reterr) MUST_CHECK;
enum status catalog_backup(struct catalog *catalog, const char *directory, struct failure *reterr) MUST_CHECK;
enum status catalog_purge(struct catalog *catalog, struct bytes incident, bool only_expired, struct failure *reterr) MUST_CHECK;

#endif
