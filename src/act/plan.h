/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file of a plan: JSON in one canonical form, the head on a line, a step a
 * line, the tail on a line, so that 100,000 steps are written and read in memory
 * that does not grow with them:
 *
 *   {"plan":"close","id":...,"incident":...,"incident_id":...,"made_at":...,"expires_at":...,MEMBERS OF ITS KIND,"steps":[
 *   {"step":1,"target":...,"object":...,"version":...,"etag":...,"action":...,"why":...,"state":...,"reason":...},
 *   ],"blast":{...},"step_count":1,"hash":...,"public_key":...,"signature":...}
 *
 * The hash is SHA-256 over all that stands before its member. What is signed, with a key made of the catalog's, is that hash
 * and the incident's identity: so a plan is good in one catalog, for one incident, as it was written. Reading looks at the
 * whole file before it gives out a step, and holds every piece it reads then against what it saw at first.
 */
#ifndef TIDEMARK_ACT_PLAN_H
#define TIDEMARK_ACT_PLAN_H

#include "base/json-value.h"
#include "base/json.h"
#include "catalog/catalog.h"
#include "model/object.h"
#include "model/plan.h"

#define PLAN_LINE_MAX (256u << 10)
#define PLAN_STEPS_MAX 10000000
#define PLAN_GOOD_FOR (7 * 24 * 3600) /* seconds, where nobody says otherwise */

/* ---- writing ---- */

struct plan_sink {
	enum status (*write)(void *context, struct bytes piece, struct failure *reterr);
	void *context;
};
/** Puts members of its own into an object that is begun. May be NULL wherever one is asked for. */
typedef void plan_members(void *context, struct json_writer *json);

struct plan_writer;

/** A head with an id of its own, good from now on. */
struct plan_head plan_new_head(enum plan_kind kind, struct bytes incident_name, int64_t now);
/** Takes nothing over; incident, sink and what head points to must outlive the writer. */
enum status plan_begin(const struct plan_head *head, struct incident *incident, const struct plan_sink *sink, plan_members *more,
                       void *context, struct plan_writer **ret_writer, struct failure *reterr) MUST_CHECK;
/** Steps are numbered as they come; step->number is not looked at. */
enum status plan_put_step(struct plan_writer *writer, const struct plan_step *step, plan_members *more, void *context,
                          struct failure *reterr) MUST_CHECK;
/** blast: the members of "blast". Frees the writer, whatever comes of it. */
enum status plan_end(struct plan_writer *writer, plan_members *blast, void *context, struct plan_head *ret_head,
                     struct failure *reterr) MUST_CHECK;
/** Instead of plan_end: what was written is no plan. NULL is allowed. */
void plan_abandon(struct plan_writer *writer);

/* ---- reading ---- */

struct plan;

enum plan_use {
	PLAN_TO_READ, /* to look at, or to undo: it may have expired */
	PLAN_TO_APPLY
};

/** Reads and checks the whole file, of that kind. MALFORMED: no plan, cut, or edited by hand; DENIED: of another catalog or
 *  incident, or expired; ABSENT: no such file. */
enum status plan_open(const char *path, enum plan_kind kind, struct incident *incident, enum plan_use use, int64_t now,
                      struct plan **ret_plan, struct failure *reterr) MUST_CHECK;
void plan_free(struct plan *plan);

const struct plan_head *plan_get_head(const struct plan *plan);
/** All members before the steps. */
const struct json_value *plan_get_members(const struct plan *plan);

/** The next step. END behind the last; MALFORMED if the file has been changed since it was opened. step's bytes and *ret_all (all
 *  its members; may be NULL) are good until the next call. */
enum status plan_next(struct plan *plan, struct plan_step *ret_step, const struct json_value **ret_all,
                      struct failure *reterr) MUST_CHECK;
/** From the first step again. */
enum status plan_rewind(struct plan *plan, struct failure *reterr) MUST_CHECK;

#endif
