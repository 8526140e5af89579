/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may be said of an incident of which only a sample was read: how much of
 * how much was drawn, and how far a share of what was drawn holds of the whole.
 */
#ifndef TIDEMARK_ANSWER_SAMPLING_H
#define TIDEMARK_ANSWER_SAMPLING_H

#include "base/json.h"
#include "catalog/questions.h"

struct sampling_tally {
	uint64_t objects, bytes;
};

/* Objects that a sample was drawn from, over all sweeps that drew one, and what of them was drawn. */
struct sampling {
	uint64_t sweep;       /* the latest of those sweeps */
	struct sample sample; /* that it drew */
	struct sampling_tally population, drawn;
	double margin; /* half the width of the 95 % interval of a share of objects, at its widest */
};

/** False if the latest sweep drew no sample and no earlier one left anything out: everything was to be read. */
bool sampling_find(const struct ledger *ledger, struct sampling *ret_sampling);

/** A value: an object, or null where there is none (NULL). */
void sampling_write(const struct sampling *sampling, struct json_writer *json);

#endif
