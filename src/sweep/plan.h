/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is to become of each listed object. From the listing alone it is decided
 * whether it is read, only listed, or refused at once, and by which setting; from
 * what the catalog knows of it, whether that is to be done at all.
 */
#ifndef TIDEMARK_SWEEP_PLAN_H
#define TIDEMARK_SWEEP_PLAN_H

#include "base/buffer.h"
#include "model/sweep.h"
#include "scope/scope.h"

enum sweep_keep { SWEEP_KEEP_TEXT, SWEEP_KEEP_FINDINGS };

struct sweep_settings {
	const char *const *include; /* globs (scope/glob.h) on names, or on their last part where they have no slash;
	                                    NULL-ended; NULL: everything */
	const char *const *exclude;
	bool versions;
	uint64_t max_object;     /* bytes; 0: no limit */
	uint64_t object_seconds; /* processor time that reading one of up to 1 MiB may take */
	uint64_t bytes_budget;   /* bytes read in all; 0: no limit */
	double sample_share;     /* 0..1; 1: everything */
	uint64_t sample_count;   /* objects; 0: no limit */
	unsigned jobs;
	enum sweep_keep keep;
	enum outcome redo_outcome;      /* --redo outcome:X; OUTCOME_COUNT: none */
	enum document_class redo_class; /* --redo class:X: of objects or of parts of theirs; CLASS_NONE: none */
	bool redo_all;
};

struct planner {
	const struct sweep_settings *settings;
	const struct scope *scope;
	const struct target *target;
	enum depth depth;
	uint64_t planned_bytes;              /* spent of bytes_budget so far */
	unsigned char sample_below[ID_SIZE]; /* ids below it are in a sample of sample_count */
};

/** The decision for one object, but for its fate; the note is static. */
void plan_object(struct planner *planner, const struct object *object, struct listed_object *ret_listed);

/** Whether --include and --exclude let it be read. */
bool plan_wants_name(const struct sweep_settings *settings, struct bytes name);

/** What becomes of its rows, once it is known what earlier sweeps left of it. */
enum fate plan_fate(const struct sweep_settings *settings, const struct listed_object *listed);

struct sample plan_sample(const struct sweep_settings *settings);

/** A canonical text of the settings that decide what is read how. */
void plan_describe(const struct sweep_settings *settings, struct buffer *into);

#endif
