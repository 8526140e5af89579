/* SPDX-License-Identifier: Apache-2.0 */
/* The count ledger of an incident, as members of an object: the answer of tidemark scope. */
#ifndef TIDEMARK_ANSWER_LEDGER_H
#define TIDEMARK_ANSWER_LEDGER_H

#include "base/json.h"
#include "catalog/questions.h"
#include "model/retention.h"

struct manifest;
struct sampling;

struct ledger_answer {
	struct incident *incident;
	const char *name; /* of the incident */
	int64_t as_of;
	const struct ledger *ledger;
	const struct coverage *coverage;
	const struct sampling *sampling; /* NULL: everything was to be read */
	const struct manifest *manifest; /* NULL: not made */
	const struct whatif_measure
		*ages; /* MEASURE_COUNT of them: of level n is what goes under a rule of n steps. NULL: not counted */
	unsigned age_step, age_count; /* months */
};

enum status ledger_write(const struct ledger_answer *answer, struct json_writer *json, struct failure *reterr) MUST_CHECK;

#endif
