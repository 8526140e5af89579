/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one object may cost us, and what it has cost so far. Output is counted
 * in bytes of the catalog: all its documents, texts, findings, organisations and
 * facts count against one budget, however often a string or a stream is used again.
 * The emitter stops at it; the client of the cell counts for itself, since a
 * worker that was taken over has no emitter. Prices are measured ones.
 */
#ifndef TIDEMARK_MODEL_BUDGET_H
#define TIDEMARK_MODEL_BUDGET_H

#include "base/hash.h"
#include "model/record.h"

struct allowance {
	uint64_t output;       /* bytes of the catalog */
	uint64_t processor_ms; /* of all workers that read it */
};

/** Grows with the object's size; seconds: processor time of one of up to 1 MiB. */
struct allowance allowance_of_size(uint64_t size, uint64_t seconds);

struct budget {
	uint64_t allowed, spent;
	struct hash_table known; /* entities, organisations and labels paid for: from then on only mentions are */
};

/** The notes of objects that were ended early. */
extern const char budget_spent_output[], budget_spent_time[];

/** Of another object: forgets what was spent on the one before. */
void budget_begin(struct budget *budget, uint64_t allowed);
void budget_free(struct budget *budget);

/** Whether it can be paid; nothing is taken off if not. Valid UTF-8. */
bool budget_pay_text(struct budget *budget, struct bytes text);
bool budget_pay_finding(struct budget *budget, const struct finding *finding);
bool budget_pay_organisation(struct budget *budget, const struct attribution *organisation);
bool budget_pay_fact(struct budget *budget, const struct fact *fact);
/** A document without its text, findings, organisations and facts: its path and what describes it. */
bool budget_pay_document(struct budget *budget, const struct document_record *record);
/** All of a document, text, findings, organisations and facts included. */
bool budget_pay_record(struct budget *budget, const struct document_record *record);

#endif
