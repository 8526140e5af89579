/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking through kept texts again, in workers, by the rules of today: nothing
 * is fetched. What changed decides what is done again: where the formats that
 * read a document are still the same, newer rules need its text alone.
 *
 *   catalog ──texts──> lanes, a worker each ──findings, owners, class──> catalog
 *
 * One thread asks and writes (the caller's); memory does not grow with the number
 * of texts.
 */
#ifndef TIDEMARK_SWEEP_RENEW_H
#define TIDEMARK_SWEEP_RENEW_H

#include "catalog/renewals.h"

struct renew_counts {
	uint64_t documents; /* looked through again, wherever they stand */
	uint64_t altered;   /* of these, something else came out */
	uint64_t left;      /* could not be looked through to their ends: they are as they were */
};

struct renew_run {
	struct incident *incident; /* opened by INCIDENT_SWEEP, whether or not a sweep was begun */
	const struct renewal_plan *plan;
	struct bytes lexicon;             /* what the register lists, as of a sweep */
	const struct custom_rules *rules; /* the owner's own; NULL: none */
	unsigned jobs;
	uint64_t object_seconds; /* processor time of a text of up to 1 MiB */
	/* Called a few times a second; may be NULL. path: a document whose text is being looked through. */
	void (*progress)(void *context, const struct renew_counts *counts, struct bytes path);
	bool (*is_interrupted)(void *context); /* may be NULL */
	void *context;
};

/** Looks through all texts that the plan asks for. INTERRUPTED with all state kept: under the same plan it goes on; likewise
 *  after a kill. *ret_counts is set whatever is returned. */
enum status renew_texts(const struct renew_run *run, struct renew_counts *ret_counts, struct failure *reterr) MUST_CHECK;

#endif
