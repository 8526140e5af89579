/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether an incident and tidemark.db are of one time. Who changes an incident
 * draws a turn, a number that tidemark.db gives out once; writes it into the
 * incident together with the change; and then tells tidemark.db that it was
 * reached. Each entry of the journal holds what its incident had reached. So
 *
 *     reached  <=  turn of the incident  <=  drawn
 *
 * wherever anybody was killed. An incident below that is an older copy that was
 * put back; for one above, tidemark.db is.
 */
#ifndef TIDEMARK_CATALOG_TURN_H
#define TIDEMARK_CATALOG_TURN_H

#include "catalog/inside.h"

/** Draws the next one and writes it, in the transaction of the change: at its end, so that nobody waits for long. */
enum status turn_take(struct incident *incident) MUST_CHECK;
/** Once that is committed. */
enum status turn_tell(struct incident *incident) MUST_CHECK;

/** The turn of an incident, and the one it is known to have reached: a lower one is an older copy's. */
enum status turn_read(struct incident *incident, uint64_t *ret_turn) MUST_CHECK;
enum status turn_find_reached(struct catalog *catalog, int64_t incident, uint64_t *ret_turn) MUST_CHECK;

#define TURN_WORDS 320
/** Compares them, and says in words where they are not of one time; otherwise words is empty. incident: NULL if its
 *  database is not there. *ret_is_catalog: tidemark.db is the older one. The catalog must not be within a read, whose view
 *  of drawn would be an earlier one. */
enum status turn_compare(struct catalog *catalog, int64_t number, struct bytes name, struct database *incident,
                         char words[TURN_WORDS], bool *ret_is_catalog) MUST_CHECK;

#endif
