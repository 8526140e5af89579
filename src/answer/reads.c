/* SPDX-License-Identifier: Apache-2.0 */
#include "answer/reads.h"

#include "answer/hit.h"
#include "base/sum.h"

#include <stdlib.h>

/* ---- coverage ---- */

struct coverage_list {
	struct arena arena;
	struct reads_span *spans;
	size_t count, capacity;
};

static enum status keep_span(void *context, const struct reads_span *span)
{
	struct coverage_list *list = context;
	struct reads_span *last = list->count > 0 ? &list->spans[list->count - 1] : NULL;
	if (last != NULL && last->provider == span->provider && bytes_equal(last->account, span->account) &&
	    bytes_equal(last->container, span->container) && span->from <= last->until) {
		last->until = span->until > last->until ? span->until : last->until;
		return STATUS_OK;
	}
	if (list->count == list->capacity) {
		size_t capacity = list->capacity * 2 + 64;
		struct reads_span *spans = realloc(list->spans, capacity * sizeof *spans);
		if (spans == NULL)
			return STATUS_NO_MEMORY;
		list->spans = spans;
		list->capacity = capacity;
	}
	struct reads_span copy = *span;
	copy.account = arena_copy(&list->arena, span->account);
	copy.container = arena_copy(&list->arena, span->container);
	list->spans[list->count++] = copy;
	return (copy.account.len == span->account.len && copy.container.len == span->container.len) ? STATUS_OK
	                                                                                            : STATUS_NO_MEMORY;
}

static enum status gather_spans(struct incident *incident, struct coverage_list *ret_list, struct failure *reterr)
{
	*ret_list = (struct coverage_list){.arena = arena_with_ceiling(SIZE_MAX / 2)};
	return incident_reads_spans(incident, keep_span, ret_list, reterr);
}

static void free_spans(struct coverage_list *list)
{
	free(list->spans);
	arena_free(&list->arena);
}

/* ---- what they do not cover ---- */

static bool is_of_account(const struct container *container, struct bytes account)
{
	struct bytes own = container->account;
	return bytes_equal(own, account) ||
	       (own.len > account.len && bytes_end_with(own, account) && own.at[own.len - account.len - 1] == '/');
}

static bool covers(const struct reads_span *span, const struct container *container)
{
	return span->provider == container->provider && is_of_account(container, span->account) &&
	       (span->container.len == 0 || bytes_equal(span->container, container->name));
}

struct unknown_walk {
	const struct coverage_list *list;
	enum status (*each)(void *context, const struct reads_unknown *unknown);
	void *context;
	bool has_containers;
};

static int by_beginning(const void *left, const void *right)
{
	const struct reads_span *a = left, *b = right;
	return a->from < b->from ? -1 : a->from > b->from;
}

/* Spans of one container, in order of time, and none that shows no read at all. */
static struct reads_span *pick(const struct coverage_list *list, const struct container *container, size_t *ret_count,
                               bool *ret_has_some)
{
	struct reads_span *picked = malloc((list->count + 1) * sizeof *picked);
	size_t count = 0;
	bool has_some = false;
	for (size_t i = 0; picked != NULL && i < list->count; i++) {
		bool is_of_it = covers(&list->spans[i], container);
		has_some |= is_of_it;
		if (is_of_it && list->spans[i].has_reads)
			picked[count++] = list->spans[i];
	}
	if (count > 1)
		qsort(picked, count, sizeof *picked, by_beginning);
	*ret_count = count;
	*ret_has_some = has_some;
	return picked;
}

static const char *why_unknown(const struct container *container, size_t covering, bool has_some)
{
	if (container->provider == PROVIDER_FOLDER)
		return "a folder has no access logs";
	if (!has_some)
		return "no access log of it was imported";
	return covering > 0 ? "no access log that was imported covers it"
	                    : "its access logs show no read by anybody: reading may not have been logged";
}

static enum status tell_unknown(void *context, const struct container_summary *summary)
{
	struct unknown_walk *walk = context;
	size_t count = 0;
	bool has_some = false;
	struct reads_span *spans = pick(walk->list, &summary->container, &count, &has_some);
	struct reads_unknown unknown = {
		.container = &summary->container,
		.from = CLOCK_UNKNOWN,
		.why = why_unknown(&summary->container, count, has_some),
	};
	enum status status = spans != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	walk->has_containers = true;
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		unknown.until = spans[i].from;
		if (unknown.from == CLOCK_UNKNOWN || unknown.from < unknown.until)
			status = walk->each(walk->context, &unknown);
		if (unknown.from == CLOCK_UNKNOWN || unknown.from < spans[i].until)
			unknown.from = spans[i].until;
	}
	unknown.until = CLOCK_UNKNOWN;
	if (status == STATUS_OK)
		status = walk->each(walk->context, &unknown);
	free(spans);
	return status;
}

static enum status each_unknown(struct incident *incident, const struct coverage_list *list,
                                enum status (*each)(void *context, const struct reads_unknown *unknown), void *context,
                                struct failure *reterr)
{
	struct unknown_walk walk = {list, each, context, false};
	const struct reads_unknown all = {NULL, CLOCK_UNKNOWN, CLOCK_UNKNOWN, "no container was swept that a log could be of"};
	enum status status = incident_containers(incident, tell_unknown, &walk, reterr);
	return status == STATUS_OK && !walk.has_containers ? each(context, &all) : status;
}

enum status reads_each_unknown(struct incident *incident, enum status (*each)(void *context, const struct reads_unknown *unknown),
                               void *context, struct failure *reterr)
{
	struct coverage_list list;
	enum status status = gather_spans(incident, &list, reterr);
	if (status == STATUS_OK)
		status = each_unknown(incident, &list, each, context, reterr);
	free_spans(&list);
	return status;
}

/* ---- writing ---- */

static void write_span(const struct reads_span *span, struct json_writer *json)
{
	json_begin_object(json);
	json_member_time(json, "from", span->from);
	json_member_time(json, "to", span->until);
	json_member_string(json, "provider", provider_name(span->provider));
	json_member_text(json, "account", span->account);
	json_member_text(json, "container", span->container);
	json_key(json, "shows_reads");
	json_boolean(json, span->has_reads);
	json_end_object(json);
}

static enum status write_unknown(void *context, const struct reads_unknown *unknown)
{
	struct json_writer *json = context;
	json_begin_object(json);
	json_member_time(json, "from", unknown->from);
	json_member_time(json, "to", unknown->until);
	if (unknown->container != NULL)
		hit_write_target(unknown->container, json);
	else
		json_member_string(json, "target", NULL);
	json_member_string(json, "why", unknown->why);
	json_end_object(json);
	return STATUS_OK;
}

struct networks_written {
	struct json_writer *json;
	uint64_t left;
};

static enum status write_network(void *context, const struct reads_network *network)
{
	struct networks_written *written = context;
	struct json_writer *json = written->json;
	if (written->left == 0)
		return STATUS_END;
	written->left--;
	json_begin_object(json);
	json_member_text(json, "network", network->network);
	json_member_unsigned(json, "requests", network->requests);
	json_member_unsigned(json, "objects", network->objects);
	json_member_unsigned(json, "bytes", network->bytes);
	json_member_time(json, "first", network->first);
	json_member_time(json, "last", network->last);
	json_end_object(json);
	return STATUS_OK;
}

static void write_sum(const struct reads_sum *sum, struct json_writer *json)
{
	json_member_unsigned(json, "requests", sum->requests);
	json_member_unsigned(json, "objects", sum->objects);
	json_member_unsigned(json, "bytes", sum->bytes);
	json_member_at_least(json, sum_is_at_least(sum->bytes));
	json_member_unsigned(json, "network_count", sum->networks);
}

static enum status write_organisation(void *context, const struct reads_organisation *organisation)
{
	struct json_writer *json = context;
	struct bytes domain = organisation_domain(organisation->key);
	json_begin_object(json);
	json_member_text(json, "domain", domain);
	json_member_text(json, "name", domain.len > 0 ? BYTES_NONE : bytes_from(organisation->key, sizeof "name:" - 1));
	json_member_unsigned(json, "documents", organisation->documents);
	json_member_unsigned(json, "networks", organisation->networks);
	json_end_object(json);
	return STATUS_OK;
}

static enum status write_anonymous(struct incident *incident, const struct reads_sum *sum, uint64_t networks,
                                   struct json_writer *json, struct failure *reterr)
{
	struct networks_written written = {json, networks};
	json_key(json, "anonymous");
	json_begin_object(json);
	write_sum(sum, json);
	json_key(json, "networks");
	json_begin_array(json);
	enum status status = incident_reads_networks(incident, write_network, &written, reterr);
	json_end_array(json);
	json_end_object(json);
	return status;
}

static void write_others(const struct reads_sums *sums, struct json_writer *json)
{
	json_key(json, "signed");
	json_begin_object(json);
	write_sum(&sums->signed_link, json);
	json_end_object(json);
	json_key(json, "own");
	json_begin_object(json);
	write_sum(&sums->own, json);
	json_end_object(json);
	json_member_unsigned(json, "listings", sums->listings);
	json_member_unsigned(json, "refused", sums->refused);
	json_member_unsigned(json, "records", sums->records);
}

enum status reads_write(struct incident *incident, const struct reads_sums *sums, uint64_t networks, struct json_writer *json,
                        struct failure *reterr)
{
	struct coverage_list list;
	enum status status = gather_spans(incident, &list, reterr);
	json_key(json, "coverage");
	json_begin_array(json);
	for (size_t i = 0; i < list.count; i++)
		write_span(&list.spans[i], json);
	json_end_array(json);
	if (status == STATUS_OK)
		status = write_anonymous(incident, &sums->anonymous, networks, json, reterr);
	write_others(sums, json);
	json_key(json, "organisations");
	json_begin_array(json);
	if (status == STATUS_OK)
		status = incident_reads_organisations(incident, write_organisation, json, reterr);
	json_end_array(json);
	json_key(json, "unknown");
	json_begin_array(json);
	if (status == STATUS_OK)
		status = each_unknown(incident, &list, write_unknown, json, reterr);
	json_end_array(json);
	free_spans(&list);
	return status;
}

void reads_write_object(const struct reads_object *object, struct json_writer *json)
{
	json_key(json, "id");
	if (object->is_swept) {
		char id[ID_TEXT_SIZE];
		json_string(json, id_format(object->id, id));
	} else
		json_null(json);
	json_key(json, "path");
	json_bytes(json, object->name);
	json_member_text(json, "version", object->version);
	json_member_string(json, "provider", provider_name(object->provider));
	json_member_text(json, "account", object->account);
	json_member_text(json, "container", object->container);
	json_key(json, "size");
	object->is_swept && object->size != OBJECT_SIZE_UNKNOWN ? json_unsigned(json, object->size) : json_null(json);
	json_member_unsigned(json, "requests", object->requests);
	json_member_unsigned(json, "bytes", object->bytes);
	json_member_unsigned(json, "networks", object->networks);
	json_member_time(json, "first", object->first);
	json_member_time(json, "last", object->last);
	/* Of one that was not swept nobody knows how large it is. */
	json_key(json, "whole");
	object->is_swept ? json_boolean(json, object->is_whole) : json_null(json);
}
