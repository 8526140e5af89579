/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What watching keeps: what was last known of each target, the signed looks that
 * say so, and the alerts that wait to be told. A look, what follows from it and
 * its alerts are one transaction, durable when it returns: whoever is killed
 * afterwards, they are told.
 *
 * An alert's row is marked before it goes out and removed once they have it; in
 * between it may have arrived, and is told as repeated.
 *
 * Exposures lie with the incident, which a sweep may hold: looks wait here until
 * they can be settled there, in their order.
 */
#ifndef TIDEMARK_CATALOG_WATCHES_H
#define TIDEMARK_CATALOG_WATCHES_H

#include "base/arena.h"
#include "base/buffer.h"
#include "catalog/catalog.h"
#include "model/watch.h"
#include "vault/signing.h"

/* What is signed begins with it. */
#define WATCH_STATEMENT_PREFIX "tidemark-observation-1\n"

struct watching;

/** For one process at a time: BUSY names the one that watches. The catalog is open to append. */
enum status watching_begin(struct incident *incident, struct watching **ret_watching, struct failure *reterr) MUST_CHECK;
void watching_end(struct watching *watching); /* NULL is allowed */

/** What is known of a target; not known where nobody looked yet. */
enum status watching_find(struct watching *watching, struct bytes target, struct watch_state *ret_state,
                          struct failure *reterr) MUST_CHECK;
/** Appends the digests of its names when last listed. ABSENT: never. */
enum status watching_names(struct watching *watching, struct bytes target, struct buffer *into,
                           struct failure *reterr) MUST_CHECK;

struct watch_alert_text {
	enum watch_channel channel;
	struct bytes text; /* of the alert, as that channel wants it */
};

struct watch_look {
	struct bytes target;
	const struct container *container;
	struct watch_state after;
	bool is_same;           /* as the look before, which it takes the place of if that was not the first of them */
	struct bytes statement; /* what is signed: a JSON object */
	const struct door_look *looks;
	size_t look_count;
	const struct bytes *names; /* NULL: as before */
	const struct watch_alert_text *alerts;
	size_t alert_count;
};
enum status watching_put(struct watching *watching, const struct watch_look *look, struct failure *reterr) MUST_CHECK;

/** Brings looks that wait into the incident's exposures. BUSY while a sweep holds it: another time. */
enum status watching_settle(struct watching *watching, struct bytes incident_name, struct failure *reterr) MUST_CHECK;

struct watch_alert {
	int64_t number;
	bool may_have_arrived;
	struct bytes text; /* in the arena */
};
/** The oldest that waits behind number; END. */
enum status watching_next(struct watching *watching, enum watch_channel channel, int64_t behind, struct arena *arena,
                          struct watch_alert *ret_alert, struct failure *reterr) MUST_CHECK;
enum status watching_go(struct watching *watching, int64_t number, struct failure *reterr) MUST_CHECK;
enum watch_arrival { WATCH_ARRIVED, WATCH_MAY_HAVE_ARRIVED, WATCH_NOT_ARRIVED };
/** was_unsure: it may have arrived before this time. */
enum status watching_tell(struct watching *watching, int64_t number, enum watch_arrival arrival, bool was_unsure,
                          struct failure *reterr) MUST_CHECK;
enum status watching_count(struct watching *watching, uint64_t ret_waiting[WATCH_CHANNEL_COUNT],
                           struct failure *reterr) MUST_CHECK;

struct watch_observation {
	struct bytes statement;
	bool is_settled;
	unsigned char signature[VAULT_SIGNATURE_SIZE];
	unsigned char public_key[VAULT_PUBLIC_KEY_SIZE];
};
/** In the order they were made. MALFORMED where a signature does not hold. END from each stops. */
enum status incident_observations(struct incident *incident,
                                  enum status (*each)(void *context, const struct watch_observation *observation), void *context,
                                  struct failure *reterr) MUST_CHECK;

#endif
