/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where questions are asked, by the command line and the portal alike: a question stands in the journal before anything is
 * handed out that could answer it.
 *
 *     desk_ask ──> opened ──> on record ──> catalog, incident ──> desk_close
 *                    │            │
 *                    └────────────┴──> closed: there is nothing to answer from
 *
 * Who holds the key reads the catalog anyway: such a desk may be asked off the record where the catalog can only be read or
 * its disk is full, and says so. A subject's never may.
 */
#ifndef TIDEMARK_ANSWER_DESK_H
#define TIDEMARK_ANSWER_DESK_H

#include "catalog/catalog.h"

struct desk {
	struct catalog_place place;
	const char *incident_name;
	const char *operator_name; /* who asks, for the journal; NULL: nobody said */
	bool may_be_off_record;
	struct catalog *catalog;   /* NULL unless open */
	struct incident *incident; /* likewise */
	bool is_off_record;        /* what was asked or done since then is in no journal */
	struct failure off_record; /* for this reason */
};

struct desk_question {
	const char *verb;
	struct bytes detail; /* a JSON object */
	bool is_of_incident; /* else of the catalog */
};

/** Opens catalog and, for a question of it, incident to read; journals the question; only then are they the caller's to ask.
 *  With any status but OK the desk is closed. ABSENT where either is not there; whatever kept the journal from being written,
 *  and reterr says that it is not answered for that reason. */
enum status desk_ask(struct desk *desk, const struct desk_question *question, struct failure *reterr) MUST_CHECK;

/* What asks for no record, or makes one later. Each does nothing where it is open. */
enum status desk_open(struct desk *desk, enum catalog_mode mode, bool *ret_made_key, struct failure *reterr) MUST_CHECK;
enum status desk_open_incident(struct desk *desk, enum incident_mode mode, struct failure *reterr) MUST_CHECK;

/** Journals under the incident if it is open, else under none. */
enum status desk_record(struct desk *desk, const char *verb, struct bytes detail, struct failure *reterr) MUST_CHECK;

void desk_close(struct desk *desk);

#endif
