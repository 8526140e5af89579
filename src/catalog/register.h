/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The register of an incident: the owner's own list of organisations, as it was
 * imported last. Who changes it holds the incident as a sweep does.
 */
#ifndef TIDEMARK_CATALOG_REGISTER_H
#define TIDEMARK_CATALOG_REGISTER_H

#include "base/arena.h"
#include "base/buffer.h"
#include "catalog/catalog.h"
#include "model/register.h"
#include "model/view.h"

/** A copy, with all it points to, in arena. */
enum status register_row_copy(const struct register_row *row, struct arena *arena, struct register_row *ret_row) MUST_CHECK;

/** These rows and no others from now on; state: when and of which bytes. The incident is open for a sweep. */
enum status incident_put_register(struct incident *incident, const struct register_state *state, const struct register_row *rows,
                                  size_t count, struct failure *reterr) MUST_CHECK;
/** Takes out the row that has that domain, whichever of its own it is; passed to each before. ABSENT if there is none. */
enum status incident_remove_registered(struct incident *incident, struct bytes domain, register_visitor *each, void *context,
                                       struct failure *reterr) MUST_CHECK;

enum status incident_register_state(struct incident *incident, struct register_state *ret_state,
                                    struct failure *reterr) MUST_CHECK;
/** Rows of a relationship (UNKNOWN: all) by their first domains, from the cursor on; *ret_cursor leads behind the row that is
 *  passed. */
enum status incident_register(struct incident *incident, enum relationship relationship, struct bytes cursor,
                              register_visitor *each, void *context, struct buffer *ret_cursor,
                              struct failure *reterr) MUST_CHECK;
/** The row that has that domain, if any, without its terms. */
enum status incident_registered(struct incident *incident, struct bytes domain, register_visitor *each, void *context,
                                struct failure *reterr) MUST_CHECK;

/** In how many live contents a word stands, folded (words/fold.h), and how many there are that hold words at all. */
enum status incident_word_contents(struct incident *incident, struct bytes word, uint64_t *ret_contents, uint64_t *ret_all,
                                   struct failure *reterr) MUST_CHECK;

#endif
