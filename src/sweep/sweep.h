/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sweep: list targets, decide, send every object that is to be read on its
 * journey, store what comes back. One thread writes (the caller's), one lists,
 * and each lane is one more; they meet in queues only.
 *
 *   lister ──pages──>┐                             ┌──> lane 0 ──┐
 *                    ├──> writer ───────objects────┤             │
 *        ┌──────────>┘   (the catalog)             └──> lane n ──┤
 *        └──────────────documents, questions, outcomes───────────┘
 */
#ifndef TIDEMARK_SWEEP_SWEEP_H
#define TIDEMARK_SWEEP_SWEEP_H

#include "catalog/sweeps.h"
#include "process/fetcher.h"
#include "sweep/plan.h"

struct sweep_run_target {
	struct target target;
	int directory; /* of a folder, else -1 */
	enum depth depth;
	const struct secrets *secrets; /* ours, for its provider; NULL: a stranger asks */
};

struct sweep_progress {
	uint64_t listed, done, failed; /* objects; of a continued sweep its earlier runs' too */
	uint64_t bytes, bytes_listed;  /* of what was, or is to be, read */
	bool is_listing;               /* listed may still grow */
	struct bytes current;          /* an object being read; may be empty */
};

struct sweep_run {
	struct incident *incident;
	const struct sweep_settings *settings;
	const struct scope *scope;
	struct bytes scope_yaml;
	struct fetch_setup setup;
	const struct custom_rules *rules; /* the owner's own; NULL: none */
	const struct sweep_run_target *targets;
	size_t target_count;
	struct bytes lexicon; /* what the register lists (words/lexicon.h), for the workers; empty: nothing */
	/* Called a few times a second; may be NULL. */
	void (*progress)(void *context, const struct sweep_progress *progress);
	/* A target could not be listed (to its end); with CRASHED, was not read to its end either, for its fetch program was lost;
	 * with STATUS_OK, its versions could not be listed. May be NULL. */
	void (*complain)(void *context, const struct target *target, enum status status, const struct failure *failure);
	/* So many objects of a target did not come in time; why: of the first. May be NULL. */
	void (*tell_late)(void *context, const struct target *target, uint64_t objects, const char *why);
	bool (*is_interrupted)(void *context);
	void *context;
};

/** Runs a sweep that sweep_begin has begun, all targets in turn. OK even where objects or listings failed (*ret_complete
 *  tells of listings); INTERRUPTED with all state kept; our own faults. */
enum status sweep_run(const struct sweep_run *run, bool *ret_complete, size_t *ret_listed_targets,
                      struct failure *reterr) MUST_CHECK;

#endif
