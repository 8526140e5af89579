/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a sweep writes into an incident opened by INCIDENT_SWEEP, from one thread.
 *
 *     begin, then for each page of a listing put_page; meanwhile for each pending
 *     object its documents and finish_object, or adopt_twin; end.
 *
 * Identity: an object is (container, name, version); every put is idempotent by
 * id and revision, so at-least-once delivery is safe. Contents are kept once per
 * content key, however often they stand somewhere ("read once, counted both ways");
 * where parts of one key were read differently, once per reading.
 */
#ifndef TIDEMARK_CATALOG_SWEEPS_H
#define TIDEMARK_CATALOG_SWEEPS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "catalog/catalog.h"
#include "model/record.h"
#include "model/sample.h"

/** Whose a place is by its path alone (object name, and behind !/ the inner path; raw). Allocated in arena. */
typedef enum status sweep_owners(struct bytes path, struct arena *arena, const struct attribution **ret_owners,
                                 size_t *ret_count);

struct sweep_target {
	struct container container;
	struct bytes prefix;
	struct bytes written;
	bool is_anonymous;           /* a stranger's requests: what they see is exposed */
};

struct sweep_plan {
	const struct sweep_target *targets;
	size_t target_count;
	struct bytes settings;       /* canonical text of what decides which objects are read how; a sweep is continued only under the same */
	struct bytes rules_version;
	struct bytes authority;
	struct sample sample;        /* as settings has it */
	bool is_anonymous;           /* of all targets */
	bool lists_versions;         /* the listings hold versions and snapshots: one they no longer have is gone */
	uint64_t read_again_outcomes; /* a bit (1 << outcome) each: what is unchanged but ended so is to be read again (--redo) */
	sweep_owners *owners_of_place; /* asked of documents that were read and name no party; NULL: nobody's */
	int64_t keep_until;          /* texts and findings of objects seen now expire then */
};

struct sweep_state {
	uint64_t sweep;              /* number, from 1 */
	bool is_continued;           /* an unfinished sweep of the same plan goes on */
	bool is_older_copy;          /* the incident is one that was put back: what was swept since is lost */
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
	bool is_left_out;            /* by the sample: EXCLUDED */
	bool read_again;             /* pending even if unchanged since it was read (--redo) */
};

/** One page and the cursor behind it, both or neither. An object read before with the same size, etag and time keeps its
 *  outcome and rows (unchanged) unless read_again. Reading one page twice changes nothing. */
enum status sweep_put_page(struct incident *incident, size_t target, const struct listed_object *objects, size_t count,
                           struct bytes next_cursor, bool is_last, struct failure *reterr) MUST_CHECK;

/** A stranger was refused the listing of a target; said: how. What it once exposed is closed from now on. Of a target that is
 *  not anonymous it says nothing. */
enum status sweep_note_refusal(struct incident *incident, size_t target, struct bytes said, struct failure *reterr) MUST_CHECK;

/** Versions were asked for (lists_versions) and refused: what is not listed now need not be gone. */
enum status sweep_lacks_versions(struct incident *incident, struct failure *reterr) MUST_CHECK;

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

/** A pending object was no longer as listed when it was fetched: its row holds what was fetched (size, time, etag, md5). */
enum status sweep_note_version(struct incident *incident, const struct id *object, const struct object *fetched,
                               struct failure *reterr) MUST_CHECK;
/** Stores one document of a pending object. Its contents are stored unless they are known already. The digest and content key
 *  of the object itself (ordinal 0) are fetch's; those of a part are believed of nothing but the part. */
enum status sweep_put_document(struct incident *incident, const struct id *object, const struct document_record *record,
                               struct failure *reterr) MUST_CHECK;
/** Forgets the documents that came of a pending object so far: call it before reading one again from its beginning. A
 *  document that comes behind the object's own (ordinal 0) begins a new attempt by itself. */
enum status sweep_restart_object(struct incident *incident, const struct id *object, struct failure *reterr) MUST_CHECK;
/** The object's reading is over: its outcome and, for one whose own document did not come (fetch failed, worker lost), its
 *  own row. Documents of an earlier revision are superseded. */
enum status sweep_finish_object(struct incident *incident, const struct id *object, const struct object_record *record,
                                struct failure *reterr) MUST_CHECK;
/** What still waits to be read of the nth target ends so, with this note. It was not looked into: the next sweep reads it. No
 *  object may be under way. */
enum status sweep_give_up(struct incident *incident, size_t target, enum outcome outcome, struct bytes note,
                          struct failure *reterr) MUST_CHECK;
/** Each SHA-256 that a document of the incident has, up to max of them; *ret_is_all if there were no more. What is not among
 *  them has no twin. */
enum status sweep_digests(struct incident *incident, size_t max, void (*each)(void *context, const unsigned char sha256[32]),
                          void *context, bool *ret_is_all, struct failure *reterr) MUST_CHECK;
/** Gives object the documents of the finished object that has these bytes, under ids of its own. ABSENT if there is none:
 *  then it must be read. */
enum status sweep_adopt_twin(struct incident *incident, const struct id *object, const unsigned char sha256[32],
                             uint64_t fetched_bytes, struct failure *reterr) MUST_CHECK;
/** Makes all that was put durable. Puts are gathered into transactions of at most some thousands of rows, 32 MiB of text or
 *  2 s; this ends one, and so does a page when no documents wait with it. */
enum status sweep_checkpoint(struct incident *incident, struct failure *reterr) MUST_CHECK;
/** The same, once the oldest of what was put has waited for those 2 s: to be called while nothing is put. */
enum status sweep_checkpoint_if_due(struct incident *incident, struct failure *reterr) MUST_CHECK;

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
 *  merged where many pieces of it have gathered. */
enum status sweep_end(struct incident *incident, bool is_complete, struct failure *reterr) MUST_CHECK;
/** Leaves it unfinished, and on record how far it came: an older copy of the incident is known from then on. */
enum status sweep_leave(struct incident *incident, struct failure *reterr) MUST_CHECK;

#endif
