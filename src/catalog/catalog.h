/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where everything found is kept: incidents, their objects, documents, findings
 * and organisations, exposures, and the journal. This page opens a catalog and
 * its incidents, keeps the journal and looks after both; sweeps.h is what a
 * sweep writes into an incident, questions.h what is asked of it. They are all
 * that the rest of the house knows of it: they speak model and query, never rows
 * or SQL, and no transaction spans two calls. Handles serve one thread at a time.
 */
#ifndef TIDEMARK_CATALOG_CATALOG_H
#define TIDEMARK_CATALOG_CATALOG_H

#include "base/bytes.h"
#include "base/status.h"
#include "model/exposure.h"
#include "model/object.h"

/* ---- opening ---- */

struct catalog;

struct catalog_place {
	const char *directory;
	const char *key_file;   /* never NULL: the command line has resolved it */
	bool key_is_credential; /* a service manager handed it over (vault/key.h) */
	const char *backend;    /* that keeps its incidents, by name (backend.h); NULL: the usual one */
};

enum catalog_mode {
	CATALOG_READ,   /* ABSENT if it is not there */
	CATALOG_APPEND, /* journal, exposures: exists already */
	CATALOG_CREATE  /* makes directory and key if neither exists; a catalog without its key: DENIED */
};

/** *ret_made_key (may be NULL) tells that a new key file was made. DENIED wrong key, unreadable key; ABSENT no catalog;
 *  MALFORMED damaged; UNSUPPORTED a newer schema; NO_SPACE. reterr says what to do. */
enum status catalog_open(const struct catalog_place *place, enum catalog_mode mode, struct catalog **ret_catalog,
                         bool *ret_made_key, struct failure *reterr) MUST_CHECK;
void catalog_close(struct catalog *catalog);

struct incident_summary {
	struct bytes name;
	int64_t created, last_sweep;
	uint64_t objects, documents;
	bool has_unfinished_sweep;
};
/** Calls each per incident, by name. */
enum status catalog_list_incidents(struct catalog *catalog, enum status (*each)(void *, const struct incident_summary *),
                                   void *context, struct failure *reterr) MUST_CHECK;

struct incident; /* belongs to its catalog, which must outlive it */

enum incident_mode {
	INCIDENT_READ, /* each question sees one moment of it */
	INCIDENT_SWEEP /* made if new; exclusive: BUSY names pid and start of the one that holds it */
};
enum status incident_open(struct catalog *catalog, struct bytes name, enum incident_mode mode, struct incident **ret_incident,
                          struct failure *reterr) MUST_CHECK;
void incident_close(struct incident *incident);

/** Looks of strangers at the doors of a container, outside of any sweep: spans of exposure begin, go on and end by them. Holds
 *  the incident as a sweep does, for a moment: BUSY. A container that the incident does not know becomes known by a look that
 *  found a door of it open; ABSENT where none did. */
enum status catalog_observe(struct catalog *catalog, struct bytes incident, const struct container *container,
                            const struct door_look *looks, size_t count, struct failure *reterr) MUST_CHECK;

#define CATALOG_GATE_KEY_SIZE 32
/** The key under which subjects' own names for documents are made: the same for as long as the catalog has its key. Whoever
 *  holds it wipes it when done. */
void catalog_gate_key(const struct catalog *catalog, unsigned char into[CATALOG_GATE_KEY_SIZE]);

/* ---- journal ---- */

struct journal_entry {
	uint64_t sequence;
	int64_t time;
	struct bytes verb; /* sweep, search, show, lookup, ... */
	struct bytes incident;
	struct bytes operator_name; /* who; empty of entries that did not say so yet, and once the incident's key is erased */
	struct bytes detail;        /* JSON object; empty once the incident's key is erased */
	unsigned char hash[32];
};
/** Appends; waits up to 5 s for other writers. operator_name: without zero bytes, may be empty; detail: a JSON object. */
enum status journal_append(struct catalog *catalog, const char *verb, struct bytes incident, struct bytes operator_name,
                           struct bytes detail, struct failure *reterr) MUST_CHECK;
struct journal_question {
	uint64_t before;   /* entries older than that one; 0: from the newest */
	int64_t since;     /* none of earlier than that; INT64_MIN: all */
	struct bytes verb; /* or the first words of it; empty: any */
};
/** Calls each per entry, newest first, as they are read. */
enum status journal_show(struct catalog *catalog, const struct journal_question *question,
                         enum status (*each)(void *, const struct journal_entry *), void *context,
                         struct failure *reterr) MUST_CHECK;
/** MALFORMED, with *ret_bad the first entry that does not follow from its predecessor. */
enum status journal_verify(struct catalog *catalog, uint64_t *ret_entries, uint64_t *ret_bad, unsigned char ret_head[32],
                           struct failure *reterr) MUST_CHECK;

struct damage {
	struct bytes file; /* relative to the catalog's directory */
	uint64_t page;
	struct bytes what;
};
/** Whether each incident is as far as the journal knows. MALFORMED, and each called, for one that is an older copy put
 *  back, is younger than the journal itself, or is missing. */
enum status journal_compare(struct catalog *catalog, enum status (*each)(void *, const struct damage *), void *context,
                            struct failure *reterr) MUST_CHECK;

/* ---- care ---- */

/** Opens every page of every file itself, then checks structure, counts, and what journal_compare does. Calls each per
 *  damage. */
enum status catalog_verify(struct catalog *catalog, enum status (*each)(void *, const struct damage *), void *context,
                           uint64_t *ret_pages, struct failure *reterr) MUST_CHECK;
struct catalog_info {
	unsigned schema;
	uint64_t bytes, incidents, journal_entries;
	int64_t created;
};
enum status catalog_describe(struct catalog *catalog, struct catalog_info *ret_info, struct failure *reterr) MUST_CHECK;
enum status catalog_backup(struct catalog *catalog, const char *directory, struct failure *reterr) MUST_CHECK;
struct purge_forecast {
	struct bytes incident;
	bool is_known;      /* false: it is damaged, or a newer program's; only bytes of the whole counts then */
	uint64_t objects;   /* of the whole; what expires takes none */
	uint64_t documents; /* of the whole, or contents that expire */
	uint64_t bytes;     /* on disk, or of the texts that expire */
};
/** What catalog_purge of the same would erase: calls each per incident. ABSENT if there is none of that name. */
enum status catalog_foresee(struct catalog *catalog, struct bytes incident, int64_t expired_by,
                            enum status (*each)(void *, const struct purge_forecast *), void *context,
                            struct failure *reterr) MUST_CHECK;
/** Destroys an incident, key first; or, where expired_by is a time and not 0, erases the texts whose keeping had ended by then, in
 *  every incident if none is named. */
enum status catalog_purge(struct catalog *catalog, struct bytes incident, int64_t expired_by, struct failure *reterr) MUST_CHECK;

#endif
