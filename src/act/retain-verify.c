/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row takes some sixty bytes, whatever its name: it is known by the beginning
 * of its id. Rows stand in the plan's order; what is listed finds its row through
 * an index by id.
 */
#include "act/retain-verify.h"

#include "base/digest.h"
#include "provider/provider.h"
#include "scope/target.h"

#include <stdio.h>
#include <stdlib.h>

enum { TARGETS_MAX = 100000, TELL_EVERY = 1000, DAY = 86400 };

/* How a row was met in the listing, and what that comes to. */
enum meeting {
	MET_LIVE = 1,
	MET_DELETED = 2,
	MET_COPY = 4 /* another entry of its name has its etag */
};
enum verdict_why { WHY_OUTCOME, WHY_BACK, WHY_SOFT, WHY_COPY, WHY_NOT_LISTED, WHY_DELETED_UNSEEN, WHY_AS_VERSION, WHY_GONE };

struct verdict_row {
	uint64_t step, key, etag;
	int64_t until;
	uint32_t target, leader; /* leader: index + 1 of the row of the object that this was a version of; 0: none */
	unsigned char met, state, why;
	bool is_current;
};

struct verdict_target {
	struct bytes written;
	struct container container;
	struct retain_service service;
	bool lacks_versions, lacks_deleted, is_listed;
};

struct retain_verdict {
	const struct retain_verifying *verifying;
	struct arena arena;
	struct verdict_target *targets;
	size_t target_count, target_room;
	struct verdict_row *rows;
	size_t row_count, row_room;
	uint32_t *by_key; /* indices of rows */
	size_t at_target; /* being listed */
	uint64_t listed;
};

const char *retain_state_name(enum retain_state state)
{
	static const char *const names[] = {
		[RETAIN_DESTROYED] = "destroyed", [RETAIN_SURVIVES] = "survives", [RETAIN_LEFT] = "left"};
	return names[state];
}

/* ---- rows of the plan ---- */

static uint64_t digest_of(struct bytes bytes)
{
	unsigned char digest[DIGEST_SHA256_SIZE];
	if (bytes.len == 0)
		return 0;
	digest_sha256(bytes, digest);
	return load_le64(digest);
}

static uint64_t key_of(const struct container *container, struct bytes name, struct bytes version)
{
	struct id id = object_id(container, &(struct object){.name = name, .version = version});
	return load_le64(id.bytes);
}

static void *grown(void *at, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return at;
	size_t more = *room > 0 ? 2 * *room : 256;
	void *larger = realloc(at, more * size);
	if (larger != NULL)
		*room = more;
	return larger;
}

static enum status note_target(struct retain_verdict *verdict, struct bytes written, uint32_t *ret_target, struct failure *reterr)
{
	struct target target;
	size_t count = verdict->target_count;
	if (count > 0 && bytes_equal(verdict->targets[count - 1].written, written)) {
		*ret_target = (uint32_t)count - 1;
		return STATUS_OK;
	}
	for (size_t i = 0; i < count; i++)
		if (bytes_equal(verdict->targets[i].written, written)) {
			*ret_target = (uint32_t)i;
			return STATUS_OK;
		}
	if (count == TARGETS_MAX)
		return fail(reterr, STATUS_TOO_LARGE, "plan", "it names more than %d containers", TARGETS_MAX);
	struct bytes copy = arena_copy(&verdict->arena, written);
	struct verdict_target *targets = grown(verdict->targets, count, &verdict->target_room, sizeof *targets);
	if (copy.at == NULL || targets == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "plan", "memory is used up");
	verdict->targets = targets;
	enum status status = target_parse(copy, &verdict->arena, &target, reterr);
	if (status != STATUS_OK)
		return status;
	targets[verdict->target_count++] = (struct verdict_target){.written = copy, .container = target.container};
	*ret_target = (uint32_t)count;
	return STATUS_OK;
}

/* The row of a step, by the steps' order; NULL if it has none. */
static struct verdict_row *row_of_step(const struct retain_verdict *verdict, uint64_t step)
{
	size_t low = 0, high = verdict->row_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (verdict->rows[middle].step < step)
			low = middle + 1;
		else
			high = middle;
	}
	return low < verdict->row_count && verdict->rows[low].step == step ? &verdict->rows[low] : NULL;
}

/* What is deleted, and then past recovery, is one row. */
static enum status add_row(struct retain_verdict *verdict, const struct plan_step *step, uint64_t follows, struct failure *reterr)
{
	enum act_verb verb = act_verb_from_action(step->action);
	struct verdict_row row = {.step = step->number, .until = CLOCK_UNKNOWN, .etag = digest_of(step->etag)};
	if (verb != ACT_DELETE && (verb != ACT_DELETE_PERMANENTLY || follows > 0))
		return STATUS_OK;
	enum status status = note_target(verdict, step->target, &row.target, reterr);
	if (status != STATUS_OK)
		return status;
	row.key = key_of(&verdict->targets[row.target].container, step->object, step->version);
	row.is_current = step->version.len == 0;
	const struct verdict_row *leader = follows > 0 ? row_of_step(verdict, follows) : NULL;
	row.leader = leader != NULL ? (uint32_t)(leader - verdict->rows) + 1 : 0;
	struct verdict_row *rows = grown(verdict->rows, verdict->row_count, &verdict->row_room, sizeof *rows);
	if (rows == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "plan", "memory is used up");
	verdict->rows = rows;
	rows[verdict->row_count++] = row;
	return STATUS_OK;
}

static const struct verdict_row *sorted_rows; /* for qsort, which takes no context: one verdict at a time, one thread */

static int compare_keys(const void *a, const void *b)
{
	uint64_t one = sorted_rows[*(const uint32_t *)a].key, other = sorted_rows[*(const uint32_t *)b].key;
	return (one > other) - (one < other);
}

static enum status index_rows(struct retain_verdict *verdict, struct failure *reterr)
{
	verdict->by_key = malloc((verdict->row_count + 1) * sizeof *verdict->by_key);
	if (verdict->by_key == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "plan", "memory is used up");
	for (size_t i = 0; i < verdict->row_count; i++)
		verdict->by_key[i] = (uint32_t)i;
	sorted_rows = verdict->rows;
	if (verdict->row_count > 0)
		qsort(verdict->by_key, verdict->row_count, sizeof *verdict->by_key, compare_keys);
	return STATUS_OK;
}

static enum status read_rows(struct retain_verdict *verdict, struct failure *reterr)
{
	struct plan_step step;
	const struct json_value *all = NULL;
	enum status status = plan_rewind(verdict->verifying->plan, reterr);
	while (status == STATUS_OK && (status = plan_next(verdict->verifying->plan, &step, &all, reterr)) == STATUS_OK) {
		uint64_t follows = 0;
		(void)json_number_of(all, "follows", &follows);
		status = add_row(verdict, &step, follows, reterr);
	}
	return status == STATUS_END ? index_rows(verdict, reterr) : status;
}

/* ---- the listing ---- */

static struct verdict_row *find_row(const struct retain_verdict *verdict, uint64_t key)
{
	size_t low = 0, high = verdict->row_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (verdict->rows[verdict->by_key[middle]].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	struct verdict_row *row = low < verdict->row_count ? &verdict->rows[verdict->by_key[low]] : NULL;
	return row != NULL && row->key == key ? row : NULL;
}

static int64_t end_of_keeping(const struct verdict_target *target, const struct object *object)
{
	uint32_t days = object->kept_days > 0 ? object->kept_days + 1 : target->service.retention_days;
	return days > 0 ? clock_now() + (int64_t)days * DAY : CLOCK_UNKNOWN;
}

static void meet(struct verdict_row *row, const struct verdict_target *target, const struct object *object, unsigned how)
{
	if (row == NULL)
		return;
	row->met |= (unsigned char)how;
	if (object->is_deleted)
		row->until = end_of_keeping(target, object);
}

static enum status take_listed(void *context, const struct object *object)
{
	struct retain_verdict *verdict = context;
	const struct verdict_target *target = &verdict->targets[verdict->at_target];
	const struct container *container = &target->container;
	unsigned how = object->is_deleted ? MET_DELETED : MET_LIVE;
	struct verdict_row *itself = find_row(verdict, key_of(container, object->name, object->version));
	meet(itself, target, object, how);
	if (object->current_version.len > 0)
		meet(find_row(verdict, key_of(container, object->name, object->current_version)), target, object, how);
	if (object->version.len > 0) {
		struct verdict_row *whole = find_row(verdict, key_of(container, object->name, BYTES_NONE));
		if (whole != NULL && whole->etag != 0 && whole->etag == digest_of(object->etag))
			meet(whole, target, object, MET_COPY);
	}
	bool goes_on = ++verdict->listed % TELL_EVERY != 0 ||
	               verdict->verifying->progress(verdict->verifying->context, verdict->listed);
	return goes_on ? STATUS_OK : STATUS_INTERRUPTED;
}

/* What is not listed there is asked for no more. */
static enum status list_pages(struct retain_verdict *verdict, struct verdict_target *target, struct fetcher *fetcher,
                              struct failure *reterr)
{
	static const unsigned fewer[] = {PAGE_VERSIONS | PAGE_SNAPSHOTS | PAGE_DELETED, PAGE_VERSIONS | PAGE_SNAPSHOTS,
	                                 PAGE_SNAPSHOTS | PAGE_DELETED, PAGE_SNAPSHOTS, 0};
	struct buffer next = buffer_with_ceiling(WIRE_CHUNK), cursor = buffer_with_ceiling(WIRE_CHUNK);
	size_t nth = 0;
	bool is_last = false, is_first = true;
	enum status status = STATUS_OK;
	while (!is_last) {
		const struct fetch_list list = {.include = fewer[nth], .cursor = buffer_bytes(&cursor)};
		buffer_reset(&next);
		status = fetcher_list(fetcher, &list, take_listed, verdict, &next, &is_last, reterr);
		bool is_refused = status != STATUS_OK && status != STATUS_CRASHED && !status_is_passing(status) &&
		                  !status_is_ours(status);
		if (is_refused && is_first && ++nth < sizeof fewer / sizeof *fewer)
			continue;
		if (status != STATUS_OK)
			break;
		is_first = false;
		buffer_reset(&cursor);
		buffer_append(&cursor, buffer_bytes(&next));
	}
	target->is_listed = status == STATUS_OK;
	target->lacks_deleted = !target->is_listed || (fewer[nth] & PAGE_DELETED) == 0;
	target->lacks_versions = !target->is_listed || (fewer[nth] & PAGE_VERSIONS) == 0;
	buffer_free(&next);
	buffer_free(&cursor);
	return status;
}

/* Only our own faults and an interruption end it. */
static enum status list_target(struct retain_verdict *verdict, size_t at, struct failure *reterr)
{
	const struct retain_verifying *verifying = verdict->verifying;
	struct verdict_target *target = &verdict->targets[at];
	struct fetcher *fetcher = NULL;
	verdict->at_target = at;
	verifying->look(verifying->context, target->written, &verifying->setup.secrets, &target->service);
	enum status status = fetcher_start(&(struct fetcher_plan){.target = target->written,
	                                                          .directory = -1,
	                                                          .scope_yaml = verifying->scope_yaml,
	                                                          .setup = verifying->setup,
	                                                          .lanes = 1},
	                                   &fetcher, reterr);
	if (status == STATUS_OK)
		status = list_pages(verdict, target, fetcher, reterr);
	fetcher_free(fetcher);
	return status == STATUS_NO_MEMORY || status == STATUS_INTERRUPTED ? status : STATUS_OK;
}

/* ---- what it comes to ---- */

static void conclude_done(struct verdict_row *row, const struct verdict_target *target, const struct step_outcome *outcome)
{
	row->state = RETAIN_SURVIVES;
	if (!target->is_listed) {
		row->why = WHY_NOT_LISTED;
	} else if (row->met & MET_LIVE) {
		row->why = WHY_BACK;
	} else if (row->met & MET_DELETED) {
		row->why = WHY_SOFT;
	} else if (row->met & MET_COPY) {
		row->why = WHY_COPY;
	} else if (target->lacks_deleted) {
		row->why = WHY_DELETED_UNSEEN;
		if (target->service.retention_days > 0)
			row->until = outcome->at + (int64_t)target->service.retention_days * DAY;
	} else {
		row->state = RETAIN_DESTROYED;
		row->why = WHY_OUTCOME;
	}
}

static void conclude(struct verdict_row *row, const struct verdict_target *target, const struct step_outcome *outcome)
{
	if (outcome->state == STEP_DONE || (row->met & (MET_DELETED | MET_LIVE)) == MET_DELETED) {
		conclude_done(row, target, outcome);
		return;
	}
	bool is_gone = target->is_listed && row->met == 0 && !target->lacks_deleted;
	row->state = is_gone ? RETAIN_DESTROYED : RETAIN_LEFT;
	row->why = is_gone ? WHY_GONE : WHY_OUTCOME;
}

static enum status conclude_rows(struct retain_verdict *verdict, struct failure *reterr)
{
	struct arena arena = arena_with_ceiling(4 << 20);
	enum status status = STATUS_OK;
	for (size_t i = 0; i < verdict->row_count && status == STATUS_OK; i++) {
		struct verdict_row *row = &verdict->rows[i];
		struct step_outcome outcome;
		arena_reset(&arena);
		status = plan_run_find(verdict->verifying->run, row->step, &arena, &outcome, reterr);
		if (status == STATUS_OK)
			conclude(row, &verdict->targets[row->target], &outcome);
	}
	for (size_t i = 0; i < verdict->row_count && status == STATUS_OK; i++) {
		const struct verdict_row *row = &verdict->rows[i];
		struct verdict_row *leader = row->leader > 0 ? &verdict->rows[row->leader - 1] : NULL;
		if (leader == NULL || row->state == RETAIN_DESTROYED || leader->state != RETAIN_DESTROYED)
			continue;
		leader->state = RETAIN_SURVIVES;
		leader->why = WHY_AS_VERSION;
		leader->until = row->until;
	}
	arena_free(&arena);
	return status;
}

enum status retain_verify(const struct retain_verifying *verifying, struct retain_verdict **ret_verdict, struct failure *reterr)
{
	struct retain_verdict *verdict = calloc(1, sizeof *verdict);
	if (verdict == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "plan", "memory is used up");
	verdict->verifying = verifying;
	verdict->arena = arena_with_ceiling(256u << 20);
	enum status status = read_rows(verdict, reterr);
	for (size_t i = 0; i < verdict->target_count && status == STATUS_OK; i++)
		status = list_target(verdict, i, reterr);
	if (status == STATUS_OK)
		status = conclude_rows(verdict, reterr);
	if (status == STATUS_OK)
		*ret_verdict = verdict;
	else
		retain_verdict_free(verdict);
	return status;
}

void retain_verdict_free(struct retain_verdict *verdict)
{
	if (verdict == NULL)
		return;
	arena_free(&verdict->arena);
	free(verdict->targets);
	free(verdict->rows);
	free(verdict->by_key);
	free(verdict);
}

/* ---- telling ---- */

static struct bytes reason_of(const struct verdict_row *row, const struct step_outcome *outcome)
{
	static const char *const reasons[] = {
		[WHY_OUTCOME] = "",
		[WHY_BACK] = "it was deleted, and is listed again",
		[WHY_SOFT] = "soft-deleted: the provider keeps it until its retention ends",
		[WHY_COPY] = "the same contents are listed as a version, a snapshot or a soft-deleted copy",
		[WHY_NOT_LISTED] = "its container could not be listed again: nothing is proved",
		[WHY_DELETED_UNSEEN] =
			"what is soft-deleted could not be listed there; that soft delete is off has only the word of who deleted",
		[WHY_AS_VERSION] = "it lives on as a version of its object",
		[WHY_GONE] = "not by this plan: it was not listed any more",
	};
	if (row->why != WHY_OUTCOME || row->state == RETAIN_DESTROYED)
		return bytes_of_string(reasons[row->why]);
	return outcome->reason.len > 0 ? outcome->reason : BYTES_LITERAL("it was not tried");
}

enum status retain_verdict_pass(struct retain_verdict *verdict, enum status (*each)(void *context, const struct retain_row *row),
                                void *context, struct failure *reterr)
{
	const struct retain_verifying *verifying = verdict->verifying;
	struct arena arena = arena_with_ceiling(4 << 20);
	struct plan_step step;
	enum status status = plan_rewind(verifying->plan, reterr);
	while (status == STATUS_OK && (status = plan_next(verifying->plan, &step, NULL, reterr)) == STATUS_OK) {
		const struct verdict_row *row = row_of_step(verdict, step.number);
		struct step_outcome outcome;
		if (row == NULL)
			continue;
		arena_reset(&arena);
		status = plan_run_find(verifying->run, step.number, &arena, &outcome, reterr);
		if (status == STATUS_OK && outcome.reason.len == 0)
			outcome.reason = step.reason;
		const struct retain_row told = {
			.target = step.target,
			.object = step.object,
			.version = step.version,
			.is_snapshot = step.is_snapshot,
			.state = (enum retain_state)row->state,
			.until = row->until,
			.reason = status == STATUS_OK ? reason_of(row, &outcome) : BYTES_NONE,
		};
		if (status == STATUS_OK)
			status = each(context, &told);
	}
	arena_free(&arena);
	return status == STATUS_END ? STATUS_OK : status;
}

struct retain_gaps retain_verdict_gaps(const struct retain_verdict *verdict)
{
	struct retain_gaps gaps = {.lacks_versions = false};
	for (size_t i = 0; i < verdict->target_count; i++) {
		gaps.lacks_versions |= verdict->targets[i].lacks_versions;
		gaps.lacks_deleted |= verdict->targets[i].lacks_deleted;
		gaps.lacks_listing |= !verdict->targets[i].is_listed;
	}
	return gaps;
}
