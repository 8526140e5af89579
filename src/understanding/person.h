/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which people are in a document: from its text, its tables and what detectors
 * found to records, each what stands together of one person (model/person.h).
 * Pure, and linear in the text: a table is passed over twice, all else once.
 *
 *   person-table.c    rows: columns decide what their cells are, by what is in them and by their headings
 *   person-block.c    forms, signature blocks, address cards: lines below each other
 *   person.c          mail headers and addresses in running text
 *
 * Nobody is a record by a name alone; an address of a post, a list or a machine
 * is nobody's.
 */
#ifndef TIDEMARK_UNDERSTANDING_PERSON_H
#define TIDEMARK_UNDERSTANDING_PERSON_H

#include "base/status.h"
#include "model/person.h"
#include "model/table.h"

struct person_input {
	struct bytes media_type;
	struct bytes text;
	const struct table_span *tables; /* within text, in order */
	size_t table_count;
	const struct finding *findings;
	size_t finding_count;
};

struct person_sink {
	void *context;
	/** A status but OK ends the reading and is returned. What is passed is good during the call. */
	enum status (*record)(void *context, const struct person_record *record);
	/** A name that stands in a column of names, where no detector had found one. May be NULL. */
	enum status (*name)(void *context, const struct finding *finding);
	/** Now and then. May be NULL. */
	enum status (*progress)(void *context);
};

/** Checks its lists before sealing. */
enum status person_prepare(void) MUST_CHECK;
enum status person_read(const struct person_input *input, const struct person_sink *sink) MUST_CHECK;

/** Raised when records change; part of rules_version. */
extern const unsigned person_version;

#endif
