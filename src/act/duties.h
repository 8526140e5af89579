/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom the law wants told of an incident, by when, and how far that has come: the
 * rows of regimes.txt held against what the ledger knows and what the operator put
 * down. Nothing is guessed: where a residence is not known, neither is the duty.
 *
 *   not_due   nobody it is about was found            running  ──past its time──> overdue
 *   unknown   it cannot be told whether it applies     done, done_late, not_required (decided, with its reasons)
 *   proposed  not in force
 */
#ifndef TIDEMARK_ACT_DUTIES_H
#define TIDEMARK_ACT_DUTIES_H

#include "base/json.h"
#include "catalog/questions.h"
#include "model/notice.h"

enum duty_state {
	DUTY_NOT_DUE,
	DUTY_UNKNOWN,
	DUTY_RUNNING,
	DUTY_OVERDUE,
	DUTY_DONE,
	DUTY_DONE_LATE,
	DUTY_NOT_REQUIRED,
	DUTY_PROPOSED,
};
const char *duty_state_name(enum duty_state state);

/* A row of regimes.txt. */
struct regime {
	struct bytes id, name, article, authority, region, source, read, in_force;
	bool tells_people;
	int64_t clock; /* seconds; 0: none is stated */
	bool is_from_telling;
	uint64_t more_than;
};
/** The nth; false behind the last. */
bool regime_at(size_t nth, struct regime *ret_regime);
/** By id or name, in any case; the first of that name. */
bool regime_find(struct bytes written, struct regime *ret_regime);

/* What duties are held against. */
struct duty_facts {
	int64_t now, aware;
	bool is_aware_said; /* by the operator; else it is when the first sweep began */
	uint64_t people;    /* all that were told apart */
	struct duty_residence {
		char country[3]; /* empty: not known */
		uint64_t people;
	} residences[250];
	size_t residence_count;
	bool has_people; /* a sweep has ended: people were told apart */
	struct duty_decision {
		int64_t authority_told, people_told; /* CLOCK_UNKNOWN: not put down */
		int verdict;                         /* 1: people must be told; -1: need not; 0: not decided */
		int64_t verdict_at;
		struct bytes why;
	} decisions[32]; /* by the row of regimes.txt */
};

/** Texts lie in arena. */
enum status duty_facts_find(struct catalog *catalog, struct incident *incident, struct bytes incident_name, struct arena *arena,
                            struct duty_facts *ret_facts, struct failure *reterr) MUST_CHECK;

struct duty {
	struct regime regime;
	int64_t due_at; /* CLOCK_UNKNOWN: no clock is stated, or it has not begun */
	enum duty_state state;
	struct buffer basis;
};

/** Calls each per row, in order. */
enum status duties_each(const struct duty_facts *facts, enum status (*each)(void *context, const struct duty *duty),
                        void *context) MUST_CHECK;

/** How many of those found are known to live in a region, and of how many it is not known. */
void duty_count_residents(const struct duty_facts *facts, struct bytes region, uint64_t *ret_known, uint64_t *ret_unknown);

#endif
