/* SPDX-License-Identifier: Apache-2.0 */
/* What a policy asks of an incident: its objects with what is in them, and what would have gone. */
#ifndef TIDEMARK_CATALOG_RETENTION_H
#define TIDEMARK_CATALOG_RETENTION_H

#include "catalog/catalog.h"
#include "model/retention.h"

/** Every live object, and behind it its documents, its own first. END from each stops (OK is returned). facts: RETAINED_... */
enum status incident_retained(struct incident *incident, unsigned facts, retained_visitor *each, void *context,
                              struct failure *reterr) MUST_CHECK;
/** That object alone. ABSENT if it is no live object; no words are made for that. */
enum status incident_retained_object(struct incident *incident, const struct id *id, unsigned facts, retained_visitor *each,
                                     void *context, struct failure *reterr) MUST_CHECK;

/** The same of all, asking judge behind each object; counts for each measure of the ledger what goes at which level. Exact, and in
 *  memory that does not grow with the incident. */
enum status incident_whatif(struct incident *incident, unsigned facts, retained_visitor *each, whatif_judge *judge, void *context,
                            struct whatif_measure ret_measures[MEASURE_COUNT], struct failure *reterr) MUST_CHECK;

#endif
