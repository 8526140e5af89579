/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small leak to put into a catalog: objects with texts, addresses, owners and
 * parts, made from a few words each. Used by the contract suite, fault tests
 * and unit tests of the catalog.
 */
#ifndef TIDEMARK_TESTS_LEAK_H
#define TIDEMARK_TESTS_LEAK_H

#include "catalog/questions.h"
#include "catalog/sweeps.h"

struct leak_part {
	const char *inner_path; /* NULL ends the list */
	const char *text;
	uint32_t parent; /* ordinal: the nth part, from 1; 0: the object */
};

struct leak_object {
	const char *name;
	const char *text; /* NULL: it is not read, and ends in outcome */
	const char *etag;
	enum outcome outcome;
	int64_t modified;
	const struct leak_part *parts;
};

/* A directory of one's own below the test's temporary directory; NULL-terminated path, freed by leak_remove.
 */
char *leak_directory(void);
void leak_remove(char *directory);

struct catalog_place leak_place(const char *directory); /* its strings live as long as the process */

extern const struct container leak_container;
extern const char *leak_backend; /* that catalogs are made with; NULL: the usual one */
extern enum outcome leak_redo;   /* what is unchanged but ended so is read again; OUTCOME_COUNT: nothing is */

extern uint64_t leak_kinds; /* that its rules look for; 0: all that this version does */

struct sweep_plan leak_plan(const struct sweep_target *target);
struct sweep_target leak_target(void);

/* Puts a page with the fates that a sweep decides, of the leak's container. */
enum status leak_put_page(struct incident *incident, size_t target, const struct listed_object *objects, size_t count,
                          struct bytes cursor, bool is_last, struct failure *reterr);
/* Put one thing alone. */
enum status leak_put_document(struct incident *incident, const struct id *id, const struct document_record *record,
                              struct failure *reterr);
enum status leak_end_object(struct incident *incident, const struct id *id, const struct object_record *end,
                            struct failure *reterr);
enum status leak_note_version(struct incident *incident, const struct id *id, const struct object *fetched,
                              struct failure *reterr);
enum status leak_restart_object(struct incident *incident, const struct id *id, struct failure *reterr);

/* Lists all objects in one page, PENDING where they have a text. */
void leak_list(struct incident *incident, const struct leak_object *objects, size_t count, bool is_last);
/* Reads one object: its documents, then its end. Every a@b in a text is a finding; b is a party. */
void leak_read(struct incident *incident, const struct leak_object *object);
/* Begin, list, read what is pending, end. */
void leak_sweep(struct incident *incident, const struct leak_object *objects, size_t count, struct sweep_summary *ret_summary);

struct id leak_id(const char *object, const char *inner_path);
/* By which a text's content is asked for. */
void leak_content_key(const char *text, unsigned char into[32]);

/* Paths of the hits of a query, joined by a space, in order; in a buffer that the next call overwrites. */
const char *leak_search(struct incident *incident, const struct query *query, struct search_totals *ret_totals);
const char *leak_find(struct incident *incident, enum query_field field, const char *text);

#endif
