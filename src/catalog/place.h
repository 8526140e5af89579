/* SPDX-License-Identifier: Apache-2.0 */
/* Where an incident lies and the key to it. */
#ifndef TIDEMARK_CATALOG_PLACE_H
#define TIDEMARK_CATALOG_PLACE_H

#include "base/buffer.h"
#include "catalog/catalog.h"
#include "vault/pages.h"

struct incident_place {
	int64_t number;
	char *folder; /* path, with the catalog's directory */
	unsigned char identity[PAGES_IDENTITY_SIZE];
	struct vault_key key;
};

/** ABSENT if the catalog has no incident of that name; DENIED if its key does not open. */
enum status find_incident(struct catalog *catalog, struct bytes name, struct incident_place *ret_place,
                          struct failure *reterr) MUST_CHECK;
/** The same, and made, with its folder, if it is new. */
enum status find_or_make_incident(struct catalog *catalog, struct bytes name, struct incident_place *ret_place,
                                  struct failure *reterr) MUST_CHECK;
/** From a row of number, folder, identity and wrapped_key. */
enum status read_incident_place(struct catalog *catalog, sqlite3_stmt *row, struct incident_place *ret_place) MUST_CHECK;
void incident_place_free(struct incident_place *place);
/** Appends the names of all incidents, a NUL behind each. What is then done with one may write to the list, and sees
 *  tidemark.db as it is by then. */
enum status gather_incidents(struct catalog *catalog, struct buffer *names, struct failure *reterr) MUST_CHECK;

#endif
