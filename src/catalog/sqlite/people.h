/* SPDX-License-Identifier: Apache-2.0 */
/*
 * People across documents. Linking makes them from the records in facts: records
 * that share a key (an address, an identifier, a name with a telephone number)
 * are one person's, unless the names beside it are clearly of two. It goes by
 * sorted runs that SQLite keeps in sealed temporary files, and holds four bytes a
 * record in memory.
 *
 *   facts ──> person_record, link_key ──sort──> unions ──> person, person_key
 *
 * It is made anew at the end of a sweep, and after an erasure, where the live
 * contents that have records are no longer those it was made from.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_PEOPLE_H
#define TIDEMARK_CATALOG_SQLITE_PEOPLE_H

#include "base/buffer.h"
#include "catalog/sqlite/store.h"
#include "model/view.h"

#define PERSON_SALT_SIZE 32

/** Within a transaction of the caller's. */
enum status people_link(struct store *store, int64_t now) MUST_CHECK;

/** The id that a key of somebody is: of 'e' an address, 'i' an identifier (its kind before it), 'n' a folded name and a number. */
struct id people_key(const unsigned char salt[PERSON_SALT_SIZE], char kind, struct bytes a, struct bytes b);

enum status people_list(struct store *store, const struct people_filter *filter, struct bytes cursor, person_visitor *each,
                        void *context, struct buffer *ret_cursor, struct failure *reterr) MUST_CHECK;
enum status people_between(struct store *store, const struct id *low, const struct id *high, person_visitor *each, void *context,
                           struct failure *reterr) MUST_CHECK;
enum status people_places(struct store *store, int64_t person, person_place_visitor *each, void *context,
                          struct failure *reterr) MUST_CHECK;
enum status people_in(struct store *store, const unsigned char content_key[32], id_visitor *each, void *context,
                      struct failure *reterr) MUST_CHECK;

#endif
