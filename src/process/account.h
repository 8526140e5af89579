/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What reading one object has cost so far, whichever workers tried: output and
 * processor time, as this side of the cell counts them. A worker is told what
 * it may spend and ends by itself in time; one that does not is ended, a little
 * later.
 */
#ifndef TIDEMARK_PROCESS_ACCOUNT_H
#define TIDEMARK_PROCESS_ACCOUNT_H

#include "model/budget.h"

struct account {
	struct allowance allowed;
	struct budget budget;     /* of output, of all workers */
	uint64_t output_before;   /* spent of it before this worker */
	int64_t processor_before; /* milliseconds used by earlier ones, and by this one: */
	int64_t processor_at_first, processor_now;
	int64_t looked_at;
};

/** Another object. */
void account_open(struct account *account, struct allowance allowed);
void account_free(struct account *account);
/** What a worker that begins now may spend; processor: its own clock's milliseconds so far. */
struct allowance account_begin(struct account *account, int64_t processor, int64_t now);
/** BOMB if too much came out with this document. */
enum status account_pay(struct account *account, const struct document_record *record) MUST_CHECK;
/** Whether it is time to look at the worker's clock again. */
bool account_is_due(const struct account *account, int64_t now);
void account_look(struct account *account, int64_t processor, int64_t now);
/** As far as was looked: the workers' time is up. */
bool account_is_overdue(const struct account *account);
/** The worker fell: whether another one could come as far as it did. */
bool account_affords_another(const struct account *account);

#endif
