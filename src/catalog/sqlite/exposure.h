/* SPDX-License-Identifier: Apache-2.0 */
/* What a sweep's requests find at the doors of its containers; told of targets that the owner's requests go to, nothing happens. */
#ifndef TIDEMARK_CATALOG_SQLITE_EXPOSURE_H
#define TIDEMARK_CATALOG_SQLITE_EXPOSURE_H

#include "catalog/sqlite/store.h"
#include "model/exposure.h"

/** A door of the nth target was found open now: the span that is open there goes on, or one begins. */
enum status exposure_note_open(struct store *store, size_t target, enum door door, int64_t now) MUST_CHECK;

/** Somebody was refused there. That ends an open span of any door but DOOR_READ, where one object's refusal says nothing of
 *  the others: exposure_settle_reads decides. */
enum status exposure_note_refused(struct store *store, size_t target, enum door door, int64_t now, struct bytes said) MUST_CHECK;

/** As the sweep ends: containers where it was refused every object it wanted to read are shut to reading. */
enum status exposure_settle_reads(struct store *store) MUST_CHECK;

/** As struct backend's. Each call is a look of its own, under a number that is no sweep's. */
enum status observing_put(struct store *store, const struct container *container, const struct door_look *looks, size_t count,
                          uint64_t turn, struct failure *reterr) MUST_CHECK;

/** As struct backend's. */
enum status exposure_note_refusal(struct store *store, size_t target, struct bytes said, struct failure *reterr) MUST_CHECK;

#endif
