/* SPDX-License-Identifier: Apache-2.0 */
/* Opening incidents at places that were found already, and holding them. */
#ifndef TIDEMARK_CATALOG_INCIDENT_H
#define TIDEMARK_CATALOG_INCIDENT_H

#include "catalog/backend.h"
#include "catalog/lock.h"
#include "catalog/place.h"

/** As incident_open, at a place that was found already. */
enum status open_incident_at(struct catalog *catalog, const struct incident_place *place, enum store_mode mode,
                             struct incident **ret_incident, struct failure *reterr) MUST_CHECK;
/** Held until it is released. BUSY names the holder; ABSENT: the incident has no folder. */
enum status lock_incident(const struct incident_place *place, struct bytes name, struct lock **ret_lock,
                          struct failure *reterr) MUST_CHECK;
/** Whether a process that still lives says in the lock's file that it holds it; takes nothing, and is no promise. */
bool incident_holder(const struct incident_place *place, struct lock_holder *ret_holder);
/** For the backend; good as long as place is. */
struct store_place store_place_of(const struct incident_place *place);

#endif
