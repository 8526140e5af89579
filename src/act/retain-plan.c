/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A listing names an object, its snapshots, versions and soft-deleted copies one
 * after the other, in an order that nobody promises: they are gathered by name,
 * then decided together.
 */
#include "act/retain.h"
#include "act/whatif.h"

#include "base/sum.h"
#include "catalog/retention.h"
#include "provider/provider.h"
#include "scope/scope.h"
#include "scope/target.h"

#include <stdlib.h>

enum { FAMILY_BYTES = 64 << 20, SCOPE_BYTES = 64 << 20, TELL_EVERY = 1000 };

/* What is known and decided of one object or version. */
struct ruling {
	bool is_known;
	enum policy_verdict verdict;
	const struct policy_rule *rule;
	const struct policy_hold *hold;
	struct object known; /* etag, size and time, as swept; in the family's arena */
	uint64_t classes[CLASS_COUNT];
	int64_t oldest, newest;
};

struct retain_planner {
	struct incident *incident;
	const struct retain_planning *planning;
	struct plan_writer *writer;
	uint64_t steps;
	struct retain_blast blast;
	/* Of the container at work: */
	struct container container;
	struct bytes target;
	struct target parsed;
	struct scope scope;
	struct arena scope_arena;
	struct retain_service service;
	/* The name at work: */
	struct arena arena;
	struct object *family;
	size_t family_count, family_room;
	/* Ids of what is planned, the first eight bytes each. */
	uint64_t *planned;
	size_t planned_count, planned_room;
	uint64_t listed;
	enum status refused; /* how the last container that could not be listed was */
	struct failure *reterr;
};

const char *retain_left_name(enum retain_left left)
{
	static const char *const names[] = {
		[RETAIN_KEPT] = "kept",           [RETAIN_REPORTED] = "reported", [RETAIN_HELD] = "held",
		[RETAIN_UNDECIDED] = "undecided", [RETAIN_UNKNOWN] = "unknown",   [RETAIN_CHANGED] = "changed",
		[RETAIN_DENIED] = "out_of_scope", [RETAIN_UNLISTED] = "unlisted", [RETAIN_ELSEWHERE] = "elsewhere",
	};
	return names[left];
}

/* ---- deciding ---- */

struct ruling_reader {
	struct retain_planner *planner;
	struct policy_vote vote;
	struct ruling *ruling;
};

static enum status note_known(struct retain_planner *planner, const struct object *from, struct object *known)
{
	*known = *from;
	known->name = known->version = known->md5 = known->media_type = known->tier = BYTES_NONE;
	known->etag = arena_copy(&planner->arena, from->etag);
	return known->etag.len == from->etag.len ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status hear(void *context, const struct retained_object *object, const struct retained_document *document)
{
	struct ruling_reader *reader = context;
	struct ruling *ruling = reader->ruling;
	if (document == NULL)
		return note_known(reader->planner, &object->object, &ruling->known);
	ruling->classes[document->class]++;
	if (document->dated != CLOCK_UNKNOWN) {
		ruling->oldest = ruling->oldest == CLOCK_UNKNOWN || document->dated < ruling->oldest ? document->dated
		                                                                                     : ruling->oldest;
		ruling->newest = document->dated > ruling->newest ? document->dated : ruling->newest;
	}
	if (policy_abstains(document))
		return STATUS_OK;
	struct policy_decision decision = policy_decide(reader->planner->planning->policy, reader->planner->planning->now, object,
	                                                document);
	policy_vote_add(&reader->vote, &decision);
	return STATUS_OK;
}

static enum status rule_on(struct retain_planner *planner, const struct object *object, struct ruling *ret_ruling)
{
	struct ruling_reader reader = {planner, policy_vote_begin(), ret_ruling};
	struct id id = object_id(&planner->container, object);
	*ret_ruling = (struct ruling){.verdict = POLICY_STAYS, .oldest = CLOCK_UNKNOWN, .newest = CLOCK_UNKNOWN};
	enum status status = incident_retained_object(planner->incident, &id, policy_facts(planner->planning->policy), hear,
	                                              &reader, planner->reterr);
	if (status == STATUS_ABSENT)
		return STATUS_OK;
	if (status != STATUS_OK)
		return status;
	struct policy_decision decision = policy_vote_end(&reader.vote);
	ret_ruling->is_known = true;
	ret_ruling->verdict = decision.verdict;
	ret_ruling->rule = decision.rule;
	ret_ruling->hold = decision.hold;
	return STATUS_OK;
}

/* A version never changes. */
static bool is_as_swept(const struct object *listed, const struct object *known)
{
	if (listed->version.len > 0)
		return true;
	if (listed->etag.len > 0 && known->etag.len > 0)
		return bytes_equal(listed->etag, known->etag);
	return listed->size == known->size && listed->modified == known->modified;
}

static enum retain_left left_by(const struct ruling *ruling)
{
	if (!ruling->is_known)
		return RETAIN_UNKNOWN;
	switch (ruling->verdict) {
	case POLICY_REPORTED: return RETAIN_REPORTED;
	case POLICY_HELD: return RETAIN_HELD;
	case POLICY_UNDECIDED:
	case POLICY_DIVIDED: return RETAIN_UNDECIDED;
	default: return RETAIN_KEPT;
	}
}

/* ---- steps ---- */

struct more_members {
	uint64_t follows;
	int64_t until;
};

static void put_more(void *context, struct json_writer *json)
{
	const struct more_members *more = context;
	if (more->follows > 0)
		json_member_unsigned(json, "follows", more->follows);
	if (more->until != CLOCK_UNKNOWN)
		json_member_time(json, "survives_until", more->until);
}

static enum status put_step(struct retain_planner *planner, struct plan_step *step, uint64_t follows, int64_t until)
{
	struct more_members more = {.follows = follows, .until = until};
	step->target = planner->target;
	planner->steps++;
	return plan_put_step(planner->writer, step, put_more, &more, planner->reterr);
}

static struct bytes say_why(struct retain_planner *planner, const struct ruling *ruling, bool is_own)
{
	struct buffer why = buffer_with_ceiling(4096);
	const struct policy_decision decision = {
		.verdict = ruling->verdict, .rule = ruling->rule, .hold = ruling->hold, .is_certain = true};
	policy_append_reason(&decision, &why);
	buffer_append_string(&why, is_own ? "" : ", which decided of its object");
	struct bytes copy = arena_copy(&planner->arena, buffer_bytes(&why));
	buffer_free(&why);
	return copy;
}

static enum status note_planned(struct retain_planner *planner, const struct object *object)
{
	struct id id = object_id(&planner->container, object);
	if (planner->planned_count == planner->planned_room) {
		size_t room = planner->planned_room > 0 ? 2 * planner->planned_room : 1024;
		uint64_t *planned = realloc(planner->planned, room * sizeof *planned);
		if (planned == NULL)
			return STATUS_NO_MEMORY;
		planner->planned = planned;
		planner->planned_room = room;
	}
	planner->planned[planner->planned_count++] = load_le64(id.bytes);
	return STATUS_OK;
}

static void count_planned(struct retain_planner *planner, const struct object *object, const struct ruling *ruling)
{
	struct retain_blast *blast = &planner->blast;
	blast->snapshots += object->is_snapshot;
	blast->versions += object->version.len > 0 && !object->is_snapshot;
	blast->objects += object->version.len == 0;
	sum_add(&blast->bytes, object->size != OBJECT_SIZE_UNKNOWN ? object->size : 0);
	for (size_t i = 0; i < CLASS_COUNT; i++)
		blast->classes[i] += ruling->classes[i];
	if (ruling->oldest != CLOCK_UNKNOWN && (blast->oldest == CLOCK_UNKNOWN || ruling->oldest < blast->oldest))
		blast->oldest = ruling->oldest;
	blast->newest = ruling->newest > blast->newest ? ruling->newest : blast->newest;
}

/* Bytes that are deleted go for good where nobody wants them back and the account allows it; never the current object's own. */
static bool goes_permanently(const struct retain_planner *planner)
{
	return planner->planning->policy->undo_days == 0 && planner->service.has_soft_delete == ANSWER_YES &&
	       planner->service.may_delete_permanently == ANSWER_YES;
}

static enum status put_permanently(struct retain_planner *planner, const struct plan_step *deleted, uint64_t follows)
{
	struct plan_step step = *deleted;
	if (!goes_permanently(planner) || step.version.len == 0)
		return STATUS_OK;
	step.action = BYTES_LITERAL("delete-permanently");
	return put_step(planner, &step, follows, CLOCK_UNKNOWN);
}

/* The current object, and what its deletion leaves where versions are kept: itself, as a version. */
static enum status put_former_current(struct retain_planner *planner, const struct object *object, struct plan_step *step)
{
	uint64_t follows = planner->steps;
	if (object->current_version.len == 0)
		return STATUS_OK;
	step->version = object->current_version;
	planner->blast.versions++;
	enum status status = put_step(planner, step, follows, CLOCK_UNKNOWN);
	return status == STATUS_OK ? put_permanently(planner, step, planner->steps) : status;
}

static enum status put_deletion(struct retain_planner *planner, const struct object *object, const struct ruling *ruling,
                                bool is_own)
{
	struct plan_step step = {
		.object = object->name,
		.version = object->version,
		.is_snapshot = object->is_snapshot,
		.etag = object->etag,
		.action = BYTES_LITERAL("delete"),
		.why = say_why(planner, ruling, is_own),
		.size = object->size,
	};
	enum status status = note_planned(planner, object);
	if (status == STATUS_OK)
		status = put_step(planner, &step, 0, CLOCK_UNKNOWN);
	count_planned(planner, object, ruling);
	if (status == STATUS_OK && object->version.len > 0)
		return put_permanently(planner, &step, planner->steps);
	return status == STATUS_OK ? put_former_current(planner, object, &step) : status;
}

static enum status put_tier(struct retain_planner *planner, const struct object *object, const struct ruling *ruling)
{
	struct buffer action = buffer_with_ceiling(256);
	if (bytes_equal_nocase(object->tier, ruling->rule->tier) || object->version.len > 0) {
		planner->blast.left[RETAIN_KEPT] += object->version.len == 0;
		return STATUS_OK;
	}
	buffer_append_string(&action, "tier:");
	buffer_append(&action, ruling->rule->tier);
	struct plan_step step = {
		.object = object->name,
		.etag = object->etag,
		.action = arena_copy(&planner->arena, buffer_bytes(&action)),
		.why = say_why(planner, ruling, true),
		.size = object->size,
	};
	buffer_free(&action);
	planner->blast.tiers++;
	return put_step(planner, &step, 0, CLOCK_UNKNOWN);
}

/* Days of soft delete that are told are whole ones: it may be a day more. */
static int64_t end_of_keeping(const struct retain_planner *planner, const struct object *object)
{
	if (object->kept_days > 0)
		return planner->planning->now + (int64_t)(object->kept_days + 1) * 86400;
	if (planner->service.retention_days > 0)
		return planner->planning->now + (int64_t)planner->service.retention_days * 86400;
	return CLOCK_UNKNOWN;
}

static enum status put_soft_deleted(struct retain_planner *planner, const struct object *object, const struct ruling *ruling,
                                    bool is_own)
{
	struct plan_step step = {
		.object = object->name,
		.version = object->version,
		.is_snapshot = object->is_snapshot,
		.etag = object->etag,
		.action = BYTES_LITERAL("delete-permanently"),
		.why = say_why(planner, ruling, is_own),
		.size = object->size,
	};
	struct retain_blast *blast = &planner->blast;
	if (goes_permanently(planner) && object->version.len > 0) {
		blast->deleted++;
		sum_add(&blast->bytes, object->size != OBJECT_SIZE_UNKNOWN ? object->size : 0);
		return put_step(planner, &step, 0, CLOCK_UNKNOWN);
	}
	int64_t until = end_of_keeping(planner, object);
	blast->surviving++;
	sum_add(&blast->surviving_bytes, object->size != OBJECT_SIZE_UNKNOWN ? object->size : 0);
	blast->survive_until = until > blast->survive_until ? until : blast->survive_until;
	step.state = STEP_LEFT;
	step.reason = BYTES_LITERAL("soft-deleted already: the provider keeps it until its retention ends");
	return put_step(planner, &step, 0, until);
}

/* ---- a family ---- */

/* Those that are decided by nothing of their own follow the object. */
static enum status decide_member(struct retain_planner *planner, const struct object *object, const struct ruling *of_object)
{
	struct ruling own;
	enum status status = rule_on(planner, object, &own);
	if (status != STATUS_OK)
		return status;
	bool is_own = own.is_known;
	const struct ruling *ruling = is_own || object->version.len == 0 ? &own : of_object;
	bool goes = ruling->is_known && ruling->verdict == POLICY_GOES;
	if (!scope_allows_object(&planner->scope, &planner->parsed, object->name)) {
		planner->blast.left[RETAIN_DENIED]++;
		return STATUS_OK;
	}
	if (goes && is_own && !object->is_deleted && !is_as_swept(object, &own.known)) {
		planner->blast.left[RETAIN_CHANGED]++;
		return STATUS_OK;
	}
	struct ruling followed = *ruling;
	if (!is_own)
		memset(followed.classes, 0, sizeof followed.classes);
	if (goes && object->is_deleted)
		return put_soft_deleted(planner, object, &followed, is_own);
	if (goes)
		return put_deletion(planner, object, &followed, is_own);
	if (ruling->is_known && ruling->verdict == POLICY_MOVES && !object->is_deleted)
		return put_tier(planner, object, ruling);
	planner->blast.left[left_by(ruling)]++;
	return STATUS_OK;
}

/* Snapshots first, for an object that has any cannot go. */
static int rank_of(const struct object *object)
{
	return object->is_deleted ? 3 : object->is_snapshot ? 0 : object->version.len == 0 ? 1 : 2;
}

static enum status decide_family(struct retain_planner *planner)
{
	struct ruling of_object;
	if (planner->family_count == 0)
		return STATUS_OK;
	const struct object whole = {.name = planner->family[0].name};
	enum status status = rule_on(planner, &whole, &of_object);
	for (int rank = 0; rank <= 3 && status == STATUS_OK; rank++)
		for (size_t i = 0; i < planner->family_count && status == STATUS_OK; i++)
			if (rank_of(&planner->family[i]) == rank)
				status = decide_member(planner, &planner->family[i], &of_object);
	planner->family_count = 0;
	arena_reset(&planner->arena);
	planner->family = NULL;
	planner->family_room = 0;
	return status;
}

static bool copy_into(struct arena *arena, struct bytes *bytes)
{
	size_t length = bytes->len;
	*bytes = length > 0 ? arena_copy(arena, *bytes) : BYTES_NONE;
	return bytes->len == length;
}

static enum status add_to_family(struct retain_planner *planner, const struct object *object)
{
	struct object copy = *object;
	if (planner->family_count == planner->family_room) {
		size_t room = planner->family_room > 0 ? 2 * planner->family_room : 8;
		struct object *family = arena_allocate(&planner->arena, room * sizeof *family);
		if (family == NULL)
			return STATUS_NO_MEMORY;
		if (planner->family_count > 0)
			memcpy(family, planner->family, planner->family_count * sizeof *family);
		planner->family = family;
		planner->family_room = room;
	}
	copy.md5 = copy.media_type = BYTES_NONE;
	if (!copy_into(&planner->arena, &copy.name) || !copy_into(&planner->arena, &copy.version) ||
	    !copy_into(&planner->arena, &copy.etag) || !copy_into(&planner->arena, &copy.tier) ||
	    !copy_into(&planner->arena, &copy.current_version))
		return STATUS_NO_MEMORY;
	planner->family[planner->family_count++] = copy;
	return STATUS_OK;
}

static enum status take_listed(void *context, const struct object *object)
{
	struct retain_planner *planner = context;
	enum status status = STATUS_OK;
	if (planner->family_count > 0 && !bytes_equal(planner->family[0].name, object->name))
		status = decide_family(planner);
	if (++planner->listed % TELL_EVERY == 0 && !planner->planning->progress(planner->planning->context, planner->listed))
		return STATUS_INTERRUPTED;
	return status == STATUS_OK ? add_to_family(planner, object) : status;
}

/* ---- containers ---- */

/* What is not listed there is asked for no more; nothing was taken of a first page that was refused. */
static enum status list_first(struct retain_planner *planner, struct fetcher *fetcher, unsigned *include, struct buffer *next,
                              bool *ret_is_last)
{
	static const unsigned fewer[] = {PAGE_VERSIONS | PAGE_SNAPSHOTS | PAGE_DELETED, PAGE_VERSIONS | PAGE_SNAPSHOTS,
	                                 PAGE_SNAPSHOTS, 0};
	enum status status = STATUS_BROKEN;
	for (size_t i = 0; i < sizeof fewer / sizeof *fewer; i++) {
		*include = fewer[i];
		status = fetcher_list(fetcher, &(struct fetch_list){.include = *include}, take_listed, planner, next, ret_is_last,
		                      planner->reterr);
		if (status == STATUS_OK || status == STATUS_CRASHED || status_is_passing(status) || status_is_ours(status))
			break;
	}
	planner->blast.lacks_deleted |= (*include & PAGE_DELETED) == 0;
	planner->blast.lacks_versions |= (*include & PAGE_VERSIONS) == 0;
	return status;
}

static enum status list_all(struct retain_planner *planner, struct fetcher *fetcher)
{
	struct buffer next = buffer_with_ceiling(WIRE_CHUNK), cursor = buffer_with_ceiling(WIRE_CHUNK);
	unsigned include = 0;
	bool is_last = false;
	enum status status = list_first(planner, fetcher, &include, &next, &is_last);
	while (status == STATUS_OK && !is_last) {
		buffer_reset(&cursor);
		buffer_append(&cursor, buffer_bytes(&next));
		buffer_reset(&next);
		const struct fetch_list list = {.include = include, .cursor = buffer_bytes(&cursor)};
		status = fetcher_list(fetcher, &list, take_listed, planner, &next, &is_last, planner->reterr);
	}
	buffer_free(&next);
	buffer_free(&cursor);
	return status == STATUS_OK ? decide_family(planner) : status;
}

static enum status read_scope(struct retain_planner *planner)
{
	arena_reset(&planner->scope_arena);
	planner->scope = scope_new(&planner->scope_arena);
	enum status status = target_parse(planner->target, &planner->scope_arena, &planner->parsed, planner->reterr);
	if (status == STATUS_OK)
		status = scope_add_target(&planner->scope, &planner->parsed, planner->reterr);
	return status == STATUS_OK && planner->planning->scope_yaml.len > 0
	               ? scope_read(&planner->scope, planner->planning->scope_yaml, "scope file", planner->reterr)
	               : status;
}

static enum status plan_container(struct retain_planner *planner)
{
	struct fetch_setup setup = planner->planning->setup;
	struct fetcher *fetcher = NULL;
	enum status status = read_scope(planner);
	if (status == STATUS_OK)
		status = planner->planning->find_secrets(planner->planning->context, planner->target, &planner->container,
		                                         &setup.secrets, planner->reterr);
	if (status != STATUS_OK)
		return status;
	planner->service = (struct retain_service){.has_soft_delete = ANSWER_NOT_ESTABLISHED,
	                                           .may_delete_permanently = ANSWER_NOT_ESTABLISHED};
	planner->planning->look(planner->planning->context, planner->target, &setup.secrets, &planner->service);
	if (planner->service.retention_days > planner->blast.retention_days)
		planner->blast.retention_days = planner->service.retention_days;
	status = fetcher_start(&(struct fetcher_plan){.target = planner->target,
	                                              .directory = -1,
	                                              .scope_yaml = planner->planning->scope_yaml,
	                                              .setup = setup,
	                                              .lanes = 1},
	                       &fetcher, planner->reterr);
	if (status == STATUS_OK)
		status = list_all(planner, fetcher);
	fetcher_free(fetcher);
	return status;
}

struct container_list {
	struct arena *arena;
	struct container *containers;
	uint64_t *objects;
	size_t count, room;
};

static enum status take_container(void *context, const struct container_summary *summary)
{
	struct container_list *list = context;
	struct container container = summary->container;
	if (list->count == list->room) {
		size_t room = list->room > 0 ? 2 * list->room : 16;
		struct container *containers = arena_allocate(list->arena, room * sizeof *containers);
		uint64_t *objects = arena_allocate(list->arena, room * sizeof *objects);
		if (containers == NULL || objects == NULL)
			return STATUS_NO_MEMORY;
		if (list->count > 0) {
			memcpy(containers, list->containers, list->count * sizeof *containers);
			memcpy(objects, list->objects, list->count * sizeof *objects);
		}
		list->containers = containers;
		list->objects = objects;
		list->room = room;
	}
	if (!copy_into(list->arena, &container.account) || !copy_into(list->arena, &container.name) ||
	    !copy_into(list->arena, &container.url))
		return STATUS_NO_MEMORY;
	list->objects[list->count] = summary->objects;
	list->containers[list->count++] = container;
	return STATUS_OK;
}

/* What its own server, or the want of a credential, keeps from being listed costs that container. */
static enum status list_container(struct retain_planner *planner, uint64_t objects)
{
	struct failure *reterr = planner->reterr, failure = {.why = ""};
	planner->reterr = &failure;
	enum status status = plan_container(planner);
	planner->reterr = reterr;
	planner->blast.containers++;
	planner->family_count = 0;
	if (status == STATUS_OK)
		return STATUS_OK;
	if (reterr != NULL)
		*reterr = failure;
	if (status_is_ours(status) && status != STATUS_USAGE)
		return status;
	planner->blast.unlisted++;
	planner->blast.left[RETAIN_UNLISTED] += objects;
	planner->planning->warn(planner->planning->context, planner->target, &failure);
	planner->refused = status;
	return STATUS_OK;
}

static enum status plan_containers(struct retain_planner *planner, const struct container_list *list)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < list->count && status == STATUS_OK; i++) {
		struct buffer target = buffer_with_ceiling(1 << 16);
		planner->container = list->containers[i];
		target_append_container(&planner->container, &target);
		planner->target = buffer_bytes(&target);
		if (buffer_status(&target) != STATUS_OK)
			status = buffer_status(&target);
		else if (planner->container.provider != PROVIDER_AZURE)
			planner->blast.left[RETAIN_ELSEWHERE] += list->objects[i];
		else
			status = list_container(planner, list->objects[i]);
		buffer_free(&target);
	}
	bool is_nothing = planner->blast.containers > 0 && planner->blast.unlisted == planner->blast.containers;
	return status == STATUS_OK && is_nothing ? planner->refused : status;
}

/* ---- of whom nothing is left ---- */

static int compare_ids(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;
	return (one > other) - (one < other);
}

static enum status pass_over(void *context, const struct retained_object *object, const struct retained_document *document)
{
	(void)context;
	(void)object;
	(void)document;
	return STATUS_OK;
}

static unsigned is_planned(void *context, const struct retained_object *object)
{
	const struct retain_planner *planner = context;
	uint64_t id = load_le64(object->id.bytes);
	return planner->planned_count > 0 &&
	       bsearch(&id, planner->planned, planner->planned_count, sizeof id, compare_ids) != NULL;
}

static enum status count_spared(struct retain_planner *planner)
{
	struct whatif_measure measures[MEASURE_COUNT];
	if (planner->planned_count > 0)
		qsort(planner->planned, planner->planned_count, sizeof *planner->planned, compare_ids);
	enum status status = incident_whatif(planner->incident, 0, pass_over, is_planned, planner, measures, planner->reterr);
	if (status != STATUS_OK)
		return status;
	planner->blast.has_people = measures[MEASURE_PEOPLE].is_counted;
	planner->blast.people = measures[MEASURE_PEOPLE].things[1];
	planner->blast.organisations = measures[MEASURE_ORGANISATIONS].things[1];
	return STATUS_OK;
}

/* ---- the plan ---- */

static void put_policy(void *context, struct json_writer *json)
{
	const struct retain_planning *planning = context;
	json_member_text(json, "planned_by", planning->operator_name);
	json_key(json, "policy");
	json_begin_object(json);
	json_member_string(json, "file", planning->policy_name);
	json_member_string(json, "digest", planning->policy->digest);
	json_member_string(json, "approval", planning->policy->needs_second ? "second" : "none");
	json_member_unsigned(json, "undo_days", planning->policy->undo_days);
	json_end_object(json);
}

static void write_classes(const struct retain_blast *blast, struct json_writer *json)
{
	json_key(json, "classes");
	json_begin_object(json);
	for (enum document_class class = CLASS_INVOICE; class < CLASS_COUNT; class ++)
		if (blast->classes[class] > 0)
			json_member_unsigned(json, document_class_name(class), blast->classes[class]);
	json_end_object(json);
}

void retain_blast_write(const struct retain_blast *blast, struct json_writer *json)
{
	json_member_unsigned(json, "objects", blast->objects);
	json_member_unsigned(json, "versions", blast->versions);
	json_member_unsigned(json, "snapshots", blast->snapshots);
	json_member_unsigned(json, "deleted", blast->deleted);
	json_member_unsigned(json, "tiers", blast->tiers);
	json_member_unsigned(json, "bytes", blast->bytes);
	json_member_at_least(json, sum_is_at_least(blast->bytes));
	json_key(json, "people");
	blast->has_people ? json_unsigned(json, blast->people) : json_null(json);
	json_member_unsigned(json, "organisations", blast->organisations);
	write_classes(blast, json);
	json_member_time(json, "oldest", blast->oldest);
	json_member_time(json, "newest", blast->newest);
	json_key(json, "survives");
	json_begin_object(json);
	json_member_unsigned(json, "soft_deleted", blast->surviving);
	json_member_unsigned(json, "bytes", blast->surviving_bytes);
	json_member_time(json, "until", blast->survive_until);
	json_key(json, "deleted_now_kept_days");
	blast->retention_days > 0 ? json_unsigned(json, blast->retention_days) : json_null(json);
	json_end_object(json);
	json_key(json, "left");
	json_begin_object(json);
	for (enum retain_left left = 0; left < RETAIN_LEFT_COUNT; left++)
		json_member_unsigned(json, retain_left_name(left), blast->left[left]);
	json_end_object(json);
	json_key(json, "listed");
	json_begin_object(json);
	json_key(json, "versions");
	json_boolean(json, !blast->lacks_versions);
	json_key(json, "deleted");
	json_boolean(json, !blast->lacks_deleted);
	json_end_object(json);
}

static void put_blast(void *context, struct json_writer *json)
{
	retain_blast_write(context, json);
}

enum status retain_plan(struct incident *incident, struct bytes incident_name, const struct retain_planning *planning,
                        const struct plan_sink *sink, struct plan_head *ret_head, struct retain_blast *ret_blast,
                        struct failure *reterr)
{
	struct arena arena = arena_with_ceiling(256u << 20);
	struct container_list list = {.arena = &arena};
	struct retain_planner planner = {
		.incident = incident,
		.planning = planning,
		.blast = {.oldest = CLOCK_UNKNOWN, .newest = CLOCK_UNKNOWN, .survive_until = CLOCK_UNKNOWN},
		.scope_arena = arena_with_ceiling(SCOPE_BYTES),
		.arena = arena_with_ceiling(FAMILY_BYTES),
		.reterr = reterr,
	};
	struct plan_head head = plan_new_head(PLAN_RETAIN, incident_name, planning->now);
	enum status status = incident_containers(incident, take_container, &list, reterr);
	if (status == STATUS_OK)
		status = plan_begin(&head, incident, sink, put_policy, (void *)(uintptr_t)planning, &planner.writer, reterr);
	if (status == STATUS_OK) {
		status = plan_containers(&planner, &list);
		if (status == STATUS_OK)
			status = count_spared(&planner);
		if (status == STATUS_OK)
			status = plan_end(planner.writer, put_blast, &planner.blast, ret_head, reterr);
		else
			plan_abandon(planner.writer);
	}
	if (status == STATUS_OK)
		*ret_blast = planner.blast;
	free(planner.planned);
	arena_free(&planner.arena);
	arena_free(&planner.scope_arena);
	arena_free(&arena);
	return status;
}

enum retain_phase retain_phase_of(const struct plan_step *step)
{
	switch (act_verb_from_action(step->action)) {
	case ACT_SET_TIER: return RETAIN_TIERS;
	case ACT_DELETE_PERMANENTLY: return RETAIN_PERMANENTLY;
	default: break;
	}
	return step->is_snapshot ? RETAIN_SNAPSHOTS : step->version.len == 0 ? RETAIN_CURRENT : RETAIN_VERSIONS;
}
