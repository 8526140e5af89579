/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of one document is a subject's. Of a document between two or three
 * parties its numbers and amounts are all of theirs; of a shared one (a table, a
 * mailbox, a database, an archive, what has more parties) only what stands in the
 * subject's own rows. Addresses and hosts are whose domain they are under; a
 * person with a telephone is somebody's where one record has an address of
 * theirs. All else is others', and only counted.
 */
#ifndef TIDEMARK_ANSWER_PORTION_H
#define TIDEMARK_ANSWER_PORTION_H

#include "answer/subject.h"
#include "catalog/questions.h"
#include "model/person.h"

/* Distinct normalised values, in order of first mention. */
struct portion_list {
	struct bytes *items;
	size_t count, capacity;
};

struct portion_cell {
	const char *column; /* as the table's first record names it, else "column N"; no two of a row are equal */
	struct bytes text;
	struct bytes rest; /* of it, what no finding of the subject's or both parties' covers */
	uint32_t kinds;    /* a bit for each kind of finding that stands in it */
};
struct portion_row {
	struct portion_cell *cells;
	size_t cell_count;
};

struct portion {
	struct portion_list values[FINDING_KIND_COUNT];
	uint64_t references;              /* mentions of its addresses */
	struct portion_list people;       /* its people by record: an address of each, else the name */
	uint64_t elements[ELEMENT_COUNT]; /* records of its people that hold each kind of personal data */
	struct portion_row *rows;
	size_t row_count, row_capacity;
	struct bytes *signers; /* whose certificate has an address of the subject's */
	size_t signer_count;
	uint64_t others;  /* findings and signers of others */
	float confidence; /* that it is the subject's; a person's address stands in it or does not: 1 */
	struct bytes why;
	bool is_shared, is_carved; /* carved: nothing else speaks for it */
	bool is_determined;        /* surely the subject's: by its attribution, for a person by its address */
};

/* Kinds that answers list, in their order: up to FINDING_KIND_COUNT. */
extern const enum finding_kind portion_kinds[];

/** Everything that ret_portion points to lies in arena. */
enum status portion_find(struct incident *incident, const struct subject *subject, const struct document_view *view,
                         struct arena *arena, struct portion *ret_portion, struct failure *reterr) MUST_CHECK;

#endif
