/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether an incident and tidemark.db are of one time. Who changes an incident
 * draws a turn, a number that tidemark.db gives out once; has the backend keep it
 * together with the change; and then tells tidemark.db that it was
 * reached. Each entry of the journal holds what its incident had reached. So
 *
 *     reached  <=  turn of the incident  <=  drawn
 *
 * wherever anybody was killed. An incident below that is an older copy that was
 * put back; for one above, tidemark.db is.
 */
#ifndef TIDEMARK_CATALOG_TURN_H
#define TIDEMARK_CATALOG_TURN_H

#include "catalog/backend.h"
#include "catalog/catalog.h"

/** The next one of an incident, for the backend to keep together with a change. */
enum status turn_draw(struct incident *incident, uint64_t *ret_turn, struct failure *reterr) MUST_CHECK;
/** Once that is kept. */
enum status turn_tell(struct incident *incident, struct failure *reterr) MUST_CHECK;
/** Whether the incident is behind what it is known to have reached: an older copy that was put back. */
enum status turn_look_back(struct incident *incident, bool *ret_is_older, struct failure *reterr) MUST_CHECK;

#define TURN_WORDS 320
/** Compares what an incident is at with what the catalog knows of it, and says in words where they are not of one time;
 *  otherwise words is empty. incident: NULL if nothing is stored of it. *ret_is_catalog: tidemark.db is the older one. The
 *  catalog must not be within a read, whose view of drawn would be an earlier one. */
enum status turn_compare(struct catalog *catalog, int64_t number, struct bytes name, struct incident *incident,
                         char words[TURN_WORDS], bool *ret_is_catalog, struct failure *reterr) MUST_CHECK;

#endif
