/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Destruction, planned: which objects of an incident a policy lets go, each with
 * every version, snapshot and soft-deleted copy that its container lists now.
 *
 *   listing ──> by name ──> decided, by what the catalog knows of it ──> steps
 *
 * Only what was swept is planned, and only as it was swept: what has changed
 * since, what is unknown and what a hold keeps stays, and is counted. A version
 * that was swept is decided by its own facts, another one goes with its object.
 */
#ifndef TIDEMARK_ACT_RETAIN_H
#define TIDEMARK_ACT_RETAIN_H

#include "act/plan.h"
#include "act/policy.h"
#include "catalog/questions.h"
#include "model/act.h"
#include "model/secret.h"
#include "process/fetcher.h"

/* Why an object of the listing, or a container, is in no step. */
enum retain_left {
	RETAIN_KEPT,      /* no rule lets it go */
	RETAIN_REPORTED,  /* a rule says to tell of it */
	RETAIN_HELD,      /* by a hold of the policy */
	RETAIN_UNDECIDED, /* by what was not read */
	RETAIN_UNKNOWN,   /* never swept */
	RETAIN_CHANGED,   /* since it was swept */
	RETAIN_DENIED,    /* by the scope file */
	RETAIN_UNLISTED,  /* in a container that could not be listed to its end */
	RETAIN_ELSEWHERE, /* in a container that is not listed: of a folder, or of a provider not acted on */
	RETAIN_LEFT_COUNT
};
const char *retain_left_name(enum retain_left left);

/* What is to go. */
struct retain_blast {
	uint64_t objects, versions, snapshots, deleted; /* to be destroyed: current ones, and copies of them */
	uint64_t tiers;                                 /* to be moved */
	uint64_t bytes;
	bool has_people;
	uint64_t people, organisations; /* of whom nothing is left then */
	uint64_t classes[CLASS_COUNT];  /* documents in what goes */
	int64_t oldest, newest;         /* of their dates */
	uint64_t left[RETAIN_LEFT_COUNT];
	uint64_t surviving, surviving_bytes; /* soft-deleted copies there are, which nobody can destroy sooner */
	int64_t survive_until;               /* the last of them at the latest; CLOCK_UNKNOWN */
	uint32_t retention_days;             /* that what is deleted now stays soft-deleted; 0: it does not, or not known */
	bool lacks_versions, lacks_deleted;  /* some container would not list them */
	uint64_t containers, unlisted;       /* that were to be listed; that could not be */
};

/* What a container's account says of deleting. */
struct retain_service {
	enum answer has_soft_delete, may_delete_permanently;
	uint32_t retention_days;
};

struct retain_planning {
	const struct policy *policy;
	const char *policy_name; /* as the person wrote it */
	struct bytes operator_name;
	int64_t now;
	struct fetch_setup setup; /* without secrets */
	struct bytes scope_yaml;
	/** The secrets for a target of that container. DENIED: there are none; target: as written. */
	enum status (*find_secrets)(void *context, struct bytes target, const struct container *container,
	                            struct secrets *ret_secrets, struct failure *reterr);
	/** Asks the account; what it does not tell is unknown. */
	void (*look)(void *context, struct bytes target, const struct secrets *secrets, struct retain_service *ret_service);
	/** A container that could not be listed: its objects are in no step, but for those that came before. */
	void (*warn)(void *context, struct bytes target, const struct failure *why);
	/** Now and then: objects listed so far. Whether to go on. */
	bool (*progress)(void *context, uint64_t listed);
	void *context;
};

/** Fails where no container at all could be listed. */
enum status retain_plan(struct incident *incident, struct bytes incident_name, const struct retain_planning *planning,
                        const struct plan_sink *sink, struct plan_head *ret_head, struct retain_blast *ret_blast,
                        struct failure *reterr) MUST_CHECK;

/** The members of "blast". */
void retain_blast_write(const struct retain_blast *blast, struct json_writer *json);

/* In which order steps are carried out: a snapshot goes before its object, a version that was the object after it. */
enum retain_phase { RETAIN_SNAPSHOTS, RETAIN_CURRENT, RETAIN_VERSIONS, RETAIN_PERMANENTLY, RETAIN_TIERS, RETAIN_PHASE_COUNT };
enum retain_phase retain_phase_of(const struct plan_step *step);

#endif
