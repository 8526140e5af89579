/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the documents of an incident are kept: what a backend can do, as a const
 * struct at the head of one file (sqlite/sqlite.c) whose name in meson.build
 * registers it. sweeps.h and questions.h say what each function means, and are how
 * the house calls it; they look after the order of calls, the lock and the turns.
 *
 * A backend speaks model and query. Objects and documents are named by their ids,
 * every list is asked for in pages whose cursors only the backend reads, and what
 * a sweep puts comes in arrays: a call is a round trip, wherever the store lies.
 *
 *   - One store serves one thread. Nothing is open between two calls.
 *   - Puts are idempotent by id and revision: who is not sure of one repeats it.
 *   - A page is known and pending once put_page has returned. What put and
 *     adopt_twin brought may show later, at the next checkpoint or page at the
 *     latest, and is then durable: the caller builds nothing on seeing it earlier.
 *   - A question sees one moment of the store, whatever is put meanwhile.
 *   - Our own faults and damage are told in words; what failed once while a sweep
 *     writes fails until the store is opened again.
 */
#ifndef TIDEMARK_CATALOG_BACKEND_H
#define TIDEMARK_CATALOG_BACKEND_H

#include "base/arena.h"
#include "base/buffer.h"
#include "model/copy.h"
#include "model/coverage.h"
#include "model/measure.h"
#include "model/query.h"
#include "model/reads.h"
#include "model/renewal.h"
#include "model/retention.h"
#include "model/sweep.h"
#include "model/view.h"
#include "vault/key.h"

struct store; /* the backend's own */

struct store_place {
	const char *folder;            /* of this incident alone; exists already */
	const struct vault_key *key;   /* what is written there is sealed with it, as of this identity */
	const unsigned char *identity; /* 16 bytes */
};

enum store_mode {
	STORE_READ,  /* ABSENT if nothing was kept here yet */
	STORE_WRITE, /* the same; for expire and observe */
	STORE_SWEEP  /* made if new, brought up to date if older */
};

/* What a store is at, for turn.h. */
struct turn {
	uint64_t number; /* of who changed it last */
	uint64_t sweep;  /* that ended last; 0: none did */
	int64_t swept;   /* when it did */
	bool has_counts; /* of live documents, unless a sweep is unfinished */
	uint64_t objects, documents;
};

struct store_counts {
	uint64_t objects, documents;
	int64_t last_sweep; /* CLOCK_UNKNOWN: none */
	bool has_unfinished_sweep;
};

/** One damage; page 0: of no page. */
typedef void damage_visitor(void *context, const char *file, uint64_t page, const char *what);

struct backend {
	const char *name;
	const char *file; /* in a store's folder: what damage of the whole is told of */

	/* ---- opening ---- */

	/** UNSUPPORTED: kept by a newer program. For STORE_WRITE and STORE_SWEEP the caller holds the incident's lock. */
	enum status (*open)(const struct store_place *place, enum store_mode mode, struct store **ret_store,
	                    struct failure *reterr);
	/** Keeps what was put, unless something failed. */
	void (*close)(struct store *store);

	/* ---- a sweep ---- */

	/** turn: the new number of this store, kept together with the change; in end, leave, expire and observe likewise. */
	enum status (*begin)(struct store *store, const struct sweep_plan *plan, uint64_t turn, struct sweep_state *ret_state,
	                     struct failure *reterr);
	enum status (*cursor)(struct store *store, size_t target, struct buffer *ret_cursor, bool *ret_is_done);
	/** Fills in what is known of each. */
	enum status (*find_known)(struct store *store, struct listed_object *objects, size_t count, struct failure *reterr);
	enum status (*put_page)(struct store *store, size_t target, const struct listed_object *objects, size_t count,
	                        struct bytes next_cursor, bool is_last, struct failure *reterr);
	enum status (*note_refusal)(struct store *store, size_t target, struct bytes said, struct failure *reterr);
	enum status (*note_listing)(struct store *store, size_t target, enum listing_end end, struct failure *reterr);
	enum status (*lacks_versions)(struct store *store, struct failure *reterr);
	enum status (*pending)(struct store *store, struct buffer *cursor, size_t max, struct arena *arena,
	                       struct pending_object *ret_objects, size_t *ret_count);
	enum status (*put)(struct store *store, const struct sweep_entry *entries, size_t count, struct failure *reterr);
	enum status (*digests)(struct store *store, size_t max, void (*each)(void *context, const unsigned char sha256[32]),
	                       void *context, bool *ret_is_all, struct failure *reterr);
	/** ABSENT, too, of a twin that came so lately that it does not show yet. */
	enum status (*adopt_twin)(struct store *store, const struct id *object, const unsigned char sha256[32],
	                          uint64_t fetched_bytes, struct failure *reterr);
	/** Where only_if_due, of what has waited for long enough. */
	enum status (*checkpoint)(struct store *store, bool only_if_due, struct failure *reterr);
	enum status (*give_up)(struct store *store, size_t target, enum outcome outcome, struct bytes note,
	                       struct failure *reterr);
	enum status (*summarise)(struct store *store, struct sweep_summary *ret_summary, struct failure *reterr);
	/** The latest sweep, of a store open to read as well. ABSENT: there was none. */
	enum status (*standing)(struct store *store, struct sweep_standing *ret_standing, struct failure *reterr);
	enum status (*end)(struct store *store, bool is_complete, uint64_t turn, struct failure *reterr);
	enum status (*leave)(struct store *store, uint64_t turn, struct failure *reterr);

	/* ---- looking through kept texts again: renewals.h ---- */

	/** turn 0: within the sweep that was begun. */
	enum status (*begin_renewal)(struct store *store, const struct renewal_plan *plan, uint64_t turn, struct failure *reterr);
	/** Passes a document of each of up to max contents behind the cursor; none passed: there are no more. */
	enum status (*renewable)(struct store *store, struct buffer *cursor, size_t max, document_visitor *each, void *context,
	                         struct failure *reterr);
	enum status (*renew)(struct store *store, const struct renewed *renewed, size_t count, uint64_t *ret_altered,
	                     struct failure *reterr);

	/* ---- questions ---- */

	/** For every question from now on; INTERRUPTED where it says false, and the store answers the next as before. */
	void (*set_pulse)(struct store *store, question_pulse *pulse, void *context);
	/** Questions in between see the same moment; they nest. */
	enum status (*begin_moment)(struct store *store, struct failure *reterr);
	void (*end_moment)(struct store *store);
	enum status (*search)(struct store *store, const struct query *query, struct search_totals *ret_totals,
	                      document_visitor *each, void *context, struct buffer *cursor, struct failure *reterr);
	enum status (*get)(struct store *store, enum relation relation, const struct id *id, document_visitor *each,
	                   void *context, struct failure *reterr);
	/** Documents of other contents: whose text is the same, then those near it, the nearest first; *ret_is_all: that there are
	 *  no more is known. */
	enum status (*alike)(struct store *store, const struct id *id, twin_visitor *each, void *context, bool *ret_is_all,
	                     struct failure *reterr);
	enum status (*family)(struct store *store, const struct id *id, struct family *ret_family, struct failure *reterr);
	/** Documents whose ids lie between two, each once, by id; END from each stops. */
	enum status (*between)(struct store *store, const struct id *low, const struct id *high, document_visitor *each,
	                       void *context, struct failure *reterr);
	/** Documents of exactly that path, each id once, by id: in any container, of any version; END from each stops. One that
	 *  is not UTF-8 is that path as it is shown, by its bytes, and with U+FFFD for what is wrong in them. */
	enum status (*at_path)(struct store *store, struct bytes path, document_visitor *each, void *context,
	                       struct failure *reterr);
	enum status (*exposures)(struct store *store, const struct id *id, exposure_visitor *each, void *context,
	                         struct failure *reterr);
	enum status (*text)(struct store *store, const unsigned char content_key[32], uint64_t from, uint64_t to,
	                    struct buffer *into, struct failure *reterr);
	enum status (*findings)(struct store *store, const unsigned char content_key[32], finding_visitor *each, void *context,
	                        struct failure *reterr);
	enum status (*facts)(struct store *store, const unsigned char content_key[32], fact_visitor *each, void *context,
	                     struct failure *reterr);
	enum status (*attributions)(struct store *store, const struct document_view *view, attribution_visitor *each,
	                            void *context, struct failure *reterr);
	/** is_by_sector: those whose sector the register has among the ones told first (model/sector.h) stand before all others;
	 *  a cursor is good for the order it was given in. */
	enum status (*organisations)(struct store *store, bool is_by_sector, struct bytes cursor, organisation_visitor *each,
	                             void *context, struct buffer *ret_cursor, struct failure *reterr);
	enum status (*entities)(struct store *store, enum finding_kind kind, struct bytes domain, struct bytes cursor,
	                        entity_visitor *each, void *context, struct buffer *ret_cursor, struct failure *reterr);
	enum status (*containers)(struct store *store, container_visitor *each, void *context, struct failure *reterr);
	enum status (*documents_of)(struct store *store, struct bytes domain, document_visitor *each, void *context,
	                            struct failure *reterr);
	enum status (*dates_of)(struct store *store, struct bytes domain, float confidence, dated_visitor *each, void *context,
	                        struct failure *reterr);
	enum status (*documents_with)(struct store *store, enum finding_kind kind, struct bytes value, document_visitor *each,
	                              void *context, struct failure *reterr);
	/** People as of the last sweep's end: by falling number of documents, then id; END from each stops. ABSENT: no sweep of this
	 *  incident has ended since people are told apart. */
	enum status (*people)(struct store *store, const struct people_filter *filter, struct bytes cursor, person_visitor *each,
	                      void *context, struct buffer *ret_cursor, struct failure *reterr);
	/** Those with a key whose id lies between two, by id. */
	enum status (*people_between)(struct store *store, const struct id *low, const struct id *high, person_visitor *each,
	                              void *context, struct failure *reterr);
	/** Where one's records stand, in the order they were read. */
	enum status (*places_of)(struct store *store, int64_t person, person_place_visitor *each, void *context,
	                         struct failure *reterr);
	/** The people of whom a content has records. */
	enum status (*people_in)(struct store *store, const unsigned char content_key[32], id_visitor *each, void *context,
	                         struct failure *reterr);
	enum status (*measure)(struct store *store, struct arena *arena, struct ledger *ret_ledger, struct failure *reterr);
	enum status (*coverage)(struct store *store, struct coverage *ret_coverage, struct failure *reterr);
	enum status (*leaves)(struct store *store, const struct vault_key *key, leaf_visitor *each, void *context,
	                      struct buffer *rules, struct failure *reterr);

	/* ---- what a policy asks: retention.h ---- */

	/** Passes every live object, and behind it its documents, its own first; of that id alone where there is one. ABSENT where
	 *  that is no live object. END from each stops: OK. */
	enum status (*retained)(struct store *store, const struct id *id, unsigned facts, retained_visitor *each, void *context,
	                        struct failure *reterr);
	/** The same of all, asks judge behind each object, and counts what goes at which level, for each measure. */
	enum status (*whatif)(struct store *store, unsigned facts, retained_visitor *each, whatif_judge *judge, void *context,
	                      struct whatif_measure ret_measures[MEASURE_COUNT], struct failure *reterr);

	/* ---- the register: catalog/register.h ---- */

	enum status (*put_register)(struct store *store, const struct register_state *state, const struct register_row *rows,
	                            size_t count, uint64_t turn, struct failure *reterr);
	enum status (*remove_registered)(struct store *store, struct bytes domain, register_visitor *each, void *context,
	                                 uint64_t turn, struct failure *reterr);
	enum status (*register_state)(struct store *store, struct register_state *ret_state, struct failure *reterr);
	enum status (*registered)(struct store *store, enum relationship relationship, struct bytes cursor,
	                          register_visitor *each, void *context, struct buffer *ret_cursor, struct failure *reterr);
	enum status (*find_registered)(struct store *store, struct bytes domain, register_visitor *each, void *context,
	                               struct failure *reterr);
	enum status (*word_contents)(struct store *store, struct bytes word, uint64_t *ret_contents, uint64_t *ret_all,
	                             struct failure *reterr);

	/* ---- access logs: catalog/reads.h ---- */

	enum status (*begin_log)(struct store *store, const unsigned char sha256[32], int64_t now, uint64_t turn,
	                         uint64_t *ret_file, bool *ret_is_known, struct failure *reterr);
	/** Between the two, any number of times. */
	enum status (*put_accesses)(struct store *store, uint64_t file, const struct access_record *records, size_t count,
	                            uint64_t *ret_new, struct failure *reterr);
	enum status (*end_log)(struct store *store, uint64_t file, const struct log_file *figures, uint64_t turn,
	                       struct failure *reterr);
	enum status (*reads_spans)(struct store *store, reads_span_visitor *each, void *context, struct failure *reterr);
	enum status (*reads_sums)(struct store *store, struct reads_sums *ret_sums, struct failure *reterr);
	enum status (*reads_networks)(struct store *store, reads_network_visitor *each, void *context, struct failure *reterr);
	enum status (*reads_objects)(struct store *store, reads_object_visitor *each, void *context, struct failure *reterr);
	enum status (*reads_organisations)(struct store *store, reads_organisation_visitor *each, void *context,
	                                   struct failure *reterr);
	enum status (*reads_of_object)(struct store *store, const struct container *container, struct bytes name,
	                               struct bytes version, struct reads_seen *ret_seen, struct failure *reterr);
	enum status (*reads_of_container)(struct store *store, const struct container *container, struct reads_seen *ret_seen,
	                                  struct failure *reterr);

	/* ---- copies elsewhere: catalog/copies.h ---- */

	enum status (*put_copy)(struct store *store, const struct copy_holding *copy, const struct index_entry *entries,
	                        size_t count, uint64_t turn, uint64_t *ret_new, struct failure *reterr);
	enum status (*mark_copy)(struct store *store, const struct id *id, int64_t when, struct bytes by, uint64_t turn,
	                         struct failure *reterr);
	enum status (*copies)(struct store *store, copy_visitor *each, void *context, struct failure *reterr);
	enum status (*seen_by_others)(struct store *store, const struct container *container, const struct bytes *object,
	                              struct seen_by_others *ret_seen, struct failure *reterr);

	/* ---- care ---- */

	enum status (*count)(struct store *store, struct store_counts *ret_counts, struct failure *reterr);
	enum status (*read_turn)(struct store *store, struct turn *ret_turn, struct failure *reterr);
	/** How many contents expire would erase by then, and the bytes of their texts. */
	enum status (*foresee)(struct store *store, int64_t by, uint64_t *ret_contents, uint64_t *ret_bytes,
	                       struct failure *reterr);
	/** Erases the texts whose keeping had ended by then, so that nothing of them stays in what the store has written. */
	enum status (*expire)(struct store *store, int64_t by, uint64_t turn, struct failure *reterr);
	/** Looks of strangers at the doors of a container, outside of any sweep: spans begin, go on and end by them, that of reading
	 *  too. ABSENT, and nothing is kept, where it knows no such container. */
	enum status (*observe)(struct store *store, const struct container *container, const struct door_look *looks,
	                       size_t count, uint64_t turn, struct failure *reterr);
	/** Looks at all there is, and calls each for whatever is damaged; MALFORMED where it could not look on. */
	enum status (*verify)(const struct store_place *place, bool may_write, damage_visitor *each, void *context,
	                      uint64_t *ret_pages, struct failure *reterr);
	/** A copy that can be opened in that folder; one that was there is gone first. */
	enum status (*copy)(struct store *store, const char *folder, struct failure *reterr);
};

/** Generated: every backend, ended by NULL. The first is taken where none is named. */
extern const struct backend *const backend_registry[];

/** NULL if there is none of that name; name may be NULL. */
const struct backend *backend_of_name(const char *name);

#endif
