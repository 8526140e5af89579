/* SPDX-License-Identifier: Apache-2.0 */
/* The decisions, first match wins, in the order of decide; then the fates. */
#include "sweep/plan.h"

#include "scope/glob.h"

#include <stdio.h>

/* A pattern without a slash is about the last part of the name. */
static bool matches(const char *pattern, struct bytes name)
{
	size_t slash = bytes_find_last_byte(name, '/');
	if (strchr(pattern, '/') == NULL && slash != BYTES_NOT_FOUND)
		name = bytes_from(name, slash + 1);
	/* As git has it, two leading stars and a slash also stand for no folder at all. */
	return glob_match(bytes_of_string(pattern), name, '/') || (strncmp(pattern, "**/", 3) == 0 && matches(pattern + 3, name));
}

static bool matches_any(const char *const *patterns, struct bytes name)
{
	for (; patterns != NULL && *patterns != NULL; patterns++)
		if (matches(*patterns, name))
			return true;
	return false;
}

bool plan_wants_name(const struct sweep_settings *settings, struct bytes name)
{
	bool is_included = settings->include == NULL || settings->include[0] == NULL || matches_any(settings->include, name);
	return is_included && !matches_any(settings->exclude, name);
}

struct sample plan_sample(const struct sweep_settings *settings)
{
	bool is_drawn = settings->sample_share < 1.0 || settings->sample_count > 0;
	return (struct sample){is_drawn, settings->sample_count, settings->sample_share};
}

/* Sampling goes by id, so a second run, and anyone else, draws the same sample. */
static bool is_in_sample(const struct planner *planner, const struct id *id)
{
	const struct sweep_settings *settings = planner->settings;
	if (!plan_sample(settings).is_drawn)
		return true;
	if (settings->sample_count > 0)
		return memcmp(id->bytes, planner->sample_below, ID_SIZE) <= 0;
	return (double)load_be32(id->bytes) < settings->sample_share * 4294967296.0;
}

static bool is_over_budget(struct planner *planner, const struct object *object)
{
	uint64_t budget = planner->settings->bytes_budget;
	uint64_t size = object->size != OBJECT_SIZE_UNKNOWN ? object->size : 0;
	if (budget == 0)
		return false;
	if (size > budget || planner->planned_bytes > budget - size)
		return true;
	planner->planned_bytes += size;
	return false;
}

static enum outcome decide(struct planner *planner, const struct object *object, const struct id *id, const char **ret_note,
                           bool *ret_is_left_out)
{
	const struct sweep_settings *settings = planner->settings;
	*ret_note = NULL;
	*ret_is_left_out = false;
	if (object->is_special) {
		*ret_note = "a link, pipe, device or socket: never opened";
		return OUTCOME_SPECIAL;
	}
	if (!scope_allows_object(planner->scope, planner->target, object->name)) {
		*ret_note = "the scope file denies it";
		return OUTCOME_EXCLUDED;
	}
	if (!plan_wants_name(settings, object->name)) {
		*ret_note = "by --include or --exclude";
		return OUTCOME_EXCLUDED;
	}
	if (planner->depth == DEPTH_NAMES)
		return OUTCOME_LISTED_ONLY;
	if (object->is_deleted) {
		*ret_note = "soft-deleted: listed, but not to be read";
		return OUTCOME_LISTED_ONLY;
	}
	if (object->is_archived) {
		*ret_note = "in an archive tier: not readable until it is rehydrated";
		return OUTCOME_ARCHIVED;
	}
	if (!is_in_sample(planner, id)) {
		*ret_note = "not in the sample";
		*ret_is_left_out = true;
		return OUTCOME_EXCLUDED;
	}
	if (settings->max_object > 0 && object->size != OBJECT_SIZE_UNKNOWN && object->size > settings->max_object) {
		*ret_note = "larger than --max-object";
		return OUTCOME_TOO_LARGE;
	}
	if (is_over_budget(planner, object)) {
		*ret_note = "--bytes-budget was spent";
		return OUTCOME_OVER_BUDGET;
	}
	return OUTCOME_PENDING;
}

void plan_object(struct planner *planner, const struct object *object, struct listed_object *ret_listed)
{
	const char *note;
	*ret_listed = (struct listed_object){.id = object_id(&planner->target->container, object), .object = *object};
	ret_listed->outcome = decide(planner, object, &ret_listed->id, &note, &ret_listed->is_left_out);
	ret_listed->note = bytes_of_string(note);
}

/* ---- fates ---- */

/* What its server did not bring over says nothing of the object: each sweep asks again. */
static bool did_not_come(const struct known_object *known)
{
	return known->was_read && !known->has_bytes &&
	       (known->outcome == OUTCOME_TIMED_OUT || known->outcome == OUTCOME_UNREACHABLE ||
	        (known->outcome == OUTCOME_TRUNCATED && !known->has_content));
}

/* A peek ends as listed only: it need not be made again under the same settings, a whole reading must. */
static bool was_looked_into(const struct known_object *known)
{
	enum outcome_group group = outcome_group(known->outcome);
	if (!known->was_read || did_not_come(known))
		return false;
	return group == OUTCOME_GROUP_READ || group == OUTCOME_GROUP_FAILED || known->outcome == OUTCOME_NEEDS_OCR ||
	       known->is_as_set;
}

static bool is_redo(const struct sweep_settings *settings, const struct listed_object *listed)
{
	const struct known_object *known = &listed->known;
	if (listed->outcome != OUTCOME_PENDING)
		return false;
	if (did_not_come(known))
		return known->has_content;
	/* What newer rules look for in the text that was kept, they have looked for; how reading ends is the format's to say. */
	if (known->is_renewed && known->outcome == OUTCOME_READ)
		return false;
	return was_looked_into(known) && (settings->redo_all || known->outcome == settings->redo_outcome || known->is_of_class);
}

enum fate plan_fate(const struct sweep_settings *settings, const struct listed_object *listed)
{
	const struct known_object *known = &listed->known;
	if (known->revision > 0 && known->is_listed)
		return FATE_NOTHING;
	if (known->revision == 0 || !known->is_same)
		return FATE_NEW;
	if (is_redo(settings, listed))
		return FATE_REDO;
	if (was_looked_into(known))
		return FATE_KEPT;
	return listed->outcome == OUTCOME_PENDING ? FATE_AWAITED : FATE_DECIDED;
}

/* ---- words ---- */

static void describe_globs(const char *name, const char *const *patterns, struct buffer *into)
{
	for (; patterns != NULL && *patterns != NULL; patterns++)
		buffer_append_format(into, "%s=%s\n", name, *patterns);
}

void plan_describe(const struct sweep_settings *settings, struct buffer *into)
{
	buffer_append_format(into, "versions=%d\nmax-object=%llu\nbytes-budget=%llu\n", settings->versions,
	                     (unsigned long long)settings->max_object, (unsigned long long)settings->bytes_budget);
	buffer_append_format(into, "object-time=%llu\n", (unsigned long long)settings->object_seconds);
	buffer_append_format(into, "sample=%.6f/%llu\nkeep=%d\n", settings->sample_share,
	                     (unsigned long long)settings->sample_count, settings->keep);
	buffer_append_format(into, "redo=%d/%d/%d\n", settings->redo_all, settings->redo_outcome, settings->redo_class);
	describe_globs("include", settings->include, into);
	describe_globs("exclude", settings->exclude, into);
}
