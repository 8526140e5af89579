/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plan: what will be changed outside, step by step, and what became of each
 * step. act/plan.h writes and reads its file, catalog/plans.h keeps how far it
 * was carried out.
 */
#ifndef TIDEMARK_MODEL_PLAN_H
#define TIDEMARK_MODEL_PLAN_H

#include "base/bytes.h"
#include "model/id.h"

/* Stored in catalogs by number: append only. */
enum plan_kind { PLAN_CLOSE = 1, PLAN_RETAIN, PLAN_NOTIFY, PLAN_KIND_COUNT };

/*
 * PLANNED ──> UNDER_WAY ──> DONE ──> UNDONE
 *                 ├───────> LEFT    it is not as it was planned for: nothing was done to it
 *                 └───────> FAILED  asked and refused, or nobody answered
 *
 * What is UNDER_WAY may have been done: whoever finds it so looks before doing it again. LEFT, FAILED and UNDONE are
 * tried again by the next run. Stored in catalogs by number: append only.
 */
enum step_state { STEP_PLANNED = 0, STEP_UNDER_WAY, STEP_DONE, STEP_LEFT, STEP_FAILED, STEP_UNDONE, STEP_STATE_COUNT };

#define PLAN_DIGEST_SIZE 32

struct plan_head {
	enum plan_kind kind;
	struct id id;
	struct bytes incident; /* its name */
	int64_t made_at, expires_at;
	unsigned char hash[PLAN_DIGEST_SIZE]; /* of the whole file; known once it is written */
	uint64_t steps;                       /* likewise */
};

struct plan_step {
	uint64_t number;     /* 1, 2, ... in the file's order */
	struct bytes target; /* as target_parse reads it; a notice's organisation */
	struct bytes object; /* any bytes; empty: the target itself */
	struct bytes version;
	bool is_snapshot;    /* version is a snapshot's time */
	struct bytes etag;   /* without quotes; empty: no condition on it */
	struct bytes action; /* a word of the kind, as close-container, delete */
	struct bytes why;
	enum step_state state; /* as planned: PLANNED, or LEFT with its reason, which is never done */
	struct bytes reason;
	struct bytes before; /* what undoing goes back to; may be empty */
	uint64_t size;       /* bytes of the object, or OBJECT_SIZE_UNKNOWN */
};

/* What became of a step. */
struct step_outcome {
	uint64_t number;
	enum step_state state;
	int64_t at;
	int64_t survives_until; /* DONE or LEFT, yet bytes of it live on until then; CLOCK_UNKNOWN */
	struct bytes reason;    /* for a person; may be empty */
	struct bytes before;    /* as it was found right before; what undo goes back to */
};

/** "close", "retain", "notify". */
const char *plan_kind_name(enum plan_kind kind);
/** PLAN_KIND_COUNT if there is none of that name. */
enum plan_kind plan_kind_from_name(struct bytes name);
/** "planned", "under_way", "done", "left", "failed", "undone". */
const char *step_state_name(enum step_state state);
enum step_state step_state_from_name(struct bytes name);

#endif
