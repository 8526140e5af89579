/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder know of one another: the two handles, the
 * states of a document row, and what more than one file needs. Nobody outside
 * includes it.
 *
 * States of a document row:
 *
 *     put_page, new object ──> LIVE (outcome 0 until it is read)
 *     put_page, changed ─────> ARRIVING ──finish, or end of the sweep──> LIVE
 *     put_document, a part ──> ARRIVING ──finish──> LIVE
 *     LIVE ──finish of a later revision──> SUPERSEDED
 *
 * Answers read LIVE rows; gone_at marks those a complete listing no longer has.
 */
#ifndef TIDEMARK_CATALOG_INSIDE_H
#define TIDEMARK_CATALOG_INSIDE_H

#include "base/clock.h"
#include "catalog/catalog.h"
#include "catalog/sqlite/database.h"
#include "words/fold.h"
#include "catalog/lock.h"
#include "catalog/sqlite/schema.h"

enum document_state { DOCUMENT_ARRIVING = 0, DOCUMENT_LIVE = 1, DOCUMENT_SUPERSEDED = 2 };

/* document.flags */
enum {
	OBJECT_SNAPSHOT = 1, OBJECT_SPECIAL = 2, OBJECT_ARCHIVED = 4, OBJECT_DELETED = 8,
	OBJECT_REDO = 16,            /* to be read again though unchanged */
	OBJECT_TWIN = 32             /* its documents are another object's, not read again */
};

struct catalog {
	enum catalog_mode mode;
	char *directory;
	struct vault_key key;
	struct database database;
};

/** Where an incident lies and the key to it. */
struct incident_place {
	int64_t number;
	char *folder;                /* path, with the catalog's directory */
	unsigned char identity[PAGES_IDENTITY_SIZE];
	struct vault_key key;
};

struct writer;                       /* writing.h: a sweep's own state */

struct incident {
	struct catalog *catalog;
	struct incident_place place;
	struct database database;
	struct fold *fold;
	struct lock *lock;           /* of a sweep */
	struct writer *writer;
};

#define CATALOG_FILE "tidemark.db"
#define INCIDENT_FILE "incident.db"
#define IDENTITY_OF_CATALOG ((const unsigned char *)"tidemark-catalog")   /* 16 bytes */

/** "DIRECTORY/NAME", owned by the caller; NULL when memory ended. */
char *join_path(const char *directory, const char *name);

/** A database with its tables brought to their version. For reading an older one it is opened for writing
 * once. */
enum status open_with_schema(struct database *database, const char *path, const struct vault_key *key,
                             const unsigned char identity[PAGES_IDENTITY_SIZE], enum pages_mode mode,
                             const struct schema *schema, enum status (*prepare)(struct database *, void *),
                             void *context, struct failure *reterr) MUST_CHECK;

/** ABSENT if the catalog has no incident of that name; DENIED if its key does not open. */
enum status find_incident(struct catalog *catalog, struct bytes name, struct incident_place *ret_place,
                          struct failure *reterr) MUST_CHECK;
void incident_place_free(struct incident_place *place);
/** Appends the names of all incidents, a NUL behind each. What is then done with one may write to the list, and sees
 *  tidemark.db as it is by then. */
enum status gather_incidents(struct catalog *catalog, struct buffer *names, struct failure *reterr) MUST_CHECK;
/** As incident_open, at a place that was found already. */
enum status open_incident_at(struct catalog *catalog, const struct incident_place *place,
                             enum pages_mode mode, struct incident **ret_incident,
                             struct failure *reterr) MUST_CHECK;
/** The incident's lock, held until the incident is closed. BUSY names the holder. */
enum status lock_incident(struct incident *incident, struct bytes name, struct failure *reterr) MUST_CHECK;

/** Number of a label, made if new; 0 for empty text. */
enum status label_number(struct incident *incident, struct bytes text, int64_t *ret_number) MUST_CHECK;

#endif
