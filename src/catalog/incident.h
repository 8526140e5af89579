/* SPDX-License-Identifier: Apache-2.0 */
/* Opening incidents at places that were found already, and holding them. */
#ifndef TIDEMARK_CATALOG_INCIDENT_H
#define TIDEMARK_CATALOG_INCIDENT_H

#include "catalog/place.h"

#define INCIDENT_FILE "incident.db"

/** As incident_open, at a place that was found already. */
enum status open_incident_at(struct catalog *catalog, const struct incident_place *place, enum pages_mode mode,
                             struct incident **ret_incident, struct failure *reterr) MUST_CHECK;
/** The incident's lock, held until the incident is closed. BUSY names the holder. */
enum status lock_incident(struct incident *incident, struct bytes name, struct failure *reterr) MUST_CHECK;

#endif
