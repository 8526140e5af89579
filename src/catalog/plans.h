/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plans that are or were carried out: who holds one, how far it came, what
 * became of each step. Their files are the operator's and are not kept here.
 *
 * A plan is carried out by one process at a time, and an incident by one plan:
 * a claim, which ends with its holder however that ends. A step is put as
 * UNDER_WAY before it is done and as what became of it behind; so whoever goes
 * on after a kill finds what may have been done. The catalog is open to append;
 * the incident may be swept meanwhile.
 */
#ifndef TIDEMARK_CATALOG_PLANS_H
#define TIDEMARK_CATALOG_PLANS_H

#include "base/arena.h"
#include "catalog/catalog.h"
#include "model/plan.h"
#include "vault/key.h"

/* ---- whose plan it is ---- */

#define INCIDENT_IDENTITY_SIZE 16
/** What tells this incident from any other of its name. */
void incident_identity(const struct incident *incident, unsigned char into[INCIDENT_IDENTITY_SIZE]);
/** What the catalog signs plans with; whoever holds it wipes it when done. */
void incident_plan_key(const struct incident *incident, struct vault_key *ret_key);

/* ---- carrying one out ---- */

struct plan_run;

/** Claims it, and puts it on record where it is not. BUSY names the process that carries out a plan of this incident. */
enum status plan_run_begin(struct incident *incident, const struct plan_head *head, struct bytes operator_name,
                           struct bytes ticket, int64_t now, struct plan_run **ret_run, struct failure *reterr) MUST_CHECK;
/** What is known of a step: PLANNED of one that was never begun. Its bytes lie in arena. */
enum status plan_run_find(struct plan_run *run, uint64_t step, struct arena *arena, struct step_outcome *ret_outcome,
                          struct failure *reterr) MUST_CHECK;
/** Durable when it returns: all of them or none. */
enum status plan_run_put(struct plan_run *run, const struct step_outcome *outcomes, size_t count,
                         struct failure *reterr) MUST_CHECK;
/** Everything that was to be done was tried. */
enum status plan_run_end(struct plan_run *run, int64_t now, struct failure *reterr) MUST_CHECK;
/** Lets the claim go. NULL is allowed. */
void plan_run_free(struct plan_run *run);

/* ---- asking ---- */

struct plan_record {
	struct id id;
	enum plan_kind kind;
	unsigned char hash[PLAN_DIGEST_SIZE];
	int64_t begun, ended;               /* ended: CLOCK_UNKNOWN where it is not yet */
	struct bytes operator_name, ticket; /* of who began it */
};

/** ABSENT if none of that id was ever begun; bytes in arena. */
enum status incident_plan(struct incident *incident, struct id id, struct arena *arena, struct plan_record *ret_record,
                          struct failure *reterr) MUST_CHECK;
/** Calls each, by number, for every step that was begun. END from each stops: OK. */
enum status incident_plan_steps(struct incident *incident, struct id id,
                                enum status (*each)(void *context, const struct step_outcome *outcome), void *context,
                                struct failure *reterr) MUST_CHECK;

#endif
