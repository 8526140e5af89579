/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a sweep writes into an incident opened by INCIDENT_SWEEP, from one thread.
 *
 *     begin, then for each page of a listing find_known and put_page; meanwhile for
 *     each pending object its documents and its end by put, or adopt_twin; end.
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
#include "model/finding.h"
#include "model/sweep.h"

/** Begins a sweep, or goes on with the unfinished one of the same plan; an unfinished one of another plan is ended as
 *  incomplete first. */
enum status sweep_begin(struct incident *incident, const struct sweep_plan *plan, struct sweep_state *ret_state,
                        struct failure *reterr) MUST_CHECK;

/** The key of the incident under which values of secrets are digested: the same as long as the incident stands. It is derived
 *  from the incident's own, tells nothing of it and opens nothing, so that it may be handed to a worker. */
void sweep_secret_key(const struct incident *incident, unsigned char into[FINDING_SECRET_KEY_SIZE]);

/** Where the listing of the nth target goes on; *ret_is_done when it has come to its end in this sweep. */
enum status sweep_cursor(struct incident *incident, size_t target, struct buffer *ret_cursor, bool *ret_is_done) MUST_CHECK;

/** What is known of each of a page's objects, before it is decided what becomes of them. */
enum status sweep_find_known(struct incident *incident, struct listed_object *objects, size_t count,
                             struct failure *reterr) MUST_CHECK;
/** One page and the cursor behind it, both or neither; the objects' fates are decided. Putting one page twice changes nothing. */
enum status sweep_put_page(struct incident *incident, size_t target, const struct listed_object *objects, size_t count,
                           struct bytes next_cursor, bool is_last, struct failure *reterr) MUST_CHECK;

/** A stranger was refused the listing of a target; said: how. What it once exposed is closed from now on. Of a target that is
 *  not anonymous it says nothing. */
enum status sweep_note_refusal(struct incident *incident, size_t target, struct bytes said, struct failure *reterr) MUST_CHECK;
/** How the listing of the nth target ended. */
enum status sweep_note_listing(struct incident *incident, size_t target, enum listing_end end, struct failure *reterr) MUST_CHECK;

/** Versions were asked for (lists_versions) and refused: what is not listed now need not be gone. */
enum status sweep_lacks_versions(struct incident *incident, struct failure *reterr) MUST_CHECK;

/** Up to max pending objects from the cursor on (empty at first; moved on), oldest first. *ret_count 0: no more for now. */
enum status sweep_pending(struct incident *incident, struct buffer *cursor, size_t max, struct arena *arena,
                          struct pending_object *ret_objects, size_t *ret_count) MUST_CHECK;

/** Puts what came of reading pending objects: of any number of them, of each in the order it came. Contents are stored unless
 *  they are known already. The digest and content key of an object itself (ordinal 0) are fetch's; those of a part are believed
 *  of nothing but the part. When an object has ended, its earlier revision is superseded; what comes behind its end is passed
 *  over. */
enum status sweep_put(struct incident *incident, const struct sweep_entry *entries, size_t count,
                      struct failure *reterr) MUST_CHECK;
/** What still waits to be read of the nth target ends so, with this note. It was not looked into: the next sweep reads it. No
 *  object may be under way. */
enum status sweep_give_up(struct incident *incident, size_t target, enum outcome outcome, struct bytes note,
                          struct failure *reterr) MUST_CHECK;
/** Each SHA-256 that a document of the incident has, up to max of them; *ret_is_all if there were no more. What is not among
 *  them has no twin. */
enum status sweep_digests(struct incident *incident, size_t max, void (*each)(void *context, const unsigned char sha256[32]),
                          void *context, bool *ret_is_all, struct failure *reterr) MUST_CHECK;
/** Gives object the documents of the finished object that has these bytes, under ids of its own. ABSENT if there is none, or
 *  none shows yet: then it must be read. */
enum status sweep_adopt_twin(struct incident *incident, const struct id *object, const unsigned char sha256[32],
                             uint64_t fetched_bytes, struct failure *reterr) MUST_CHECK;
/** Makes all that was put durable. Until then it may be gathered, for some seconds at most. */
enum status sweep_checkpoint(struct incident *incident, struct failure *reterr) MUST_CHECK;
/** The same, once the oldest of what was put has waited for so long: to be called while nothing is put. */
enum status sweep_checkpoint_if_due(struct incident *incident, struct failure *reterr) MUST_CHECK;

/** The figures of the sweep as they stand: counted from its rows, so the same after a kill. */
enum status sweep_summarise(struct incident *incident, struct sweep_summary *ret_summary, struct failure *reterr) MUST_CHECK;
/** Ends it. Objects that a complete listing no longer has become gone. Expired texts and findings are erased, the index is
 *  merged where many pieces of it have gathered. */
enum status sweep_end(struct incident *incident, bool is_complete, struct failure *reterr) MUST_CHECK;
/** Leaves it unfinished, and on record how far it came: an older copy of the incident is known from then on. */
enum status sweep_leave(struct incident *incident, struct failure *reterr) MUST_CHECK;

#endif
