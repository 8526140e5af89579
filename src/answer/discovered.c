/* SPDX-License-Identifier: Apache-2.0 */
#include "answer/discovered.h"

#include "base/hash.h"
#include "scope/target.h"

#include <stdlib.h>

struct discovery {
	struct incident *incident;
	struct arena *arena;
	struct discovered_list *list;
	struct hash_table known; /* by target, or URL: its place in the list, from 1 */
	struct buffer cursor;
	struct failure *reterr;
};

/* ---- one container ---- */

static struct bytes copy_or_none(struct arena *arena, struct bytes text)
{
	return text.len > 0 ? arena_copy(arena, text) : BYTES_NONE;
}

/* What has no form that can be swept stands as its URL does. */
static enum status read_url(struct discovery *discovery, struct bytes url, struct discovered *ret_found)
{
	struct discovered found = {.url = copy_or_none(discovery->arena, bytes_slice(url, 0, bytes_find_byte(url, '?')))};
	struct target target;
	struct buffer canonical = buffer_with_ceiling(16 << 10);
	if (found.url.len == 0)
		return STATUS_NO_MEMORY;
	if (target_parse(found.url, discovery->arena, &target, NULL) == STATUS_OK &&
	    target.container.provider != PROVIDER_FOLDER) {
		found.container = target.container;
		target_append_container(&target.container, &canonical);
		found.target = copy_or_none(discovery->arena, buffer_bytes(&canonical));
	}
	enum status status = buffer_status(&canonical);
	buffer_free(&canonical);
	if (status == STATUS_OK)
		*ret_found = found;
	return status;
}

static enum status enter(struct discovery *discovery, const struct discovered *found, struct discovered **ret_entry)
{
	struct discovered_list *list = discovery->list;
	bool is_new = false;
	uint64_t *number = hash_table_enter(&discovery->known, hash_of(0, found->target.len > 0 ? found->target : found->url),
	                                    &is_new);
	if (number == NULL)
		return STATUS_NO_MEMORY;
	if (is_new && list->count == list->capacity) {
		size_t capacity = list->capacity * 2 + 64;
		struct discovered *all = realloc(list->found, capacity * sizeof *all);
		if (all == NULL)
			return STATUS_NO_MEMORY;
		list->found = all;
		list->capacity = capacity;
	}
	if (is_new) {
		list->found[list->count++] = *found;
		*number = list->count;
	}
	*ret_entry = &list->found[*number - 1];
	return STATUS_OK;
}

/* ---- where it stands ---- */

struct placing {
	struct discovery *discovery;
	struct discovered *entry;
};

static bool has_place(const struct discovered *entry, struct id id)
{
	for (size_t i = 0; i < entry->place_count; i++)
		if (id_equal(entry->places[i].id, id))
			return true;
	return false;
}

static enum status keep_place(void *context, const struct document_view *view)
{
	const struct placing *placing = context;
	struct discovered *entry = placing->entry;
	if (entry->place_count == DISCOVERED_PLACES)
		return STATUS_END;
	if (has_place(entry, view->id))
		return STATUS_OK;
	entry->places[entry->place_count].id = view->id;
	entry->places[entry->place_count++].path = copy_or_none(placing->discovery->arena, document_view_path(view));
	return STATUS_OK;
}

static enum status take_url(void *context, const struct entity_summary *summary)
{
	struct discovery *discovery = context;
	struct discovered found;
	struct placing placing = {.discovery = discovery};
	enum status status = read_url(discovery, summary->value, &found);
	if (status == STATUS_OK)
		status = enter(discovery, &found, &placing.entry);
	if (status != STATUS_OK)
		return status;
	placing.entry->urls++;
	placing.entry->documents = summary->documents > placing.entry->documents ? summary->documents : placing.entry->documents;
	if (placing.entry->place_count == DISCOVERED_PLACES)
		return STATUS_OK;
	status = incident_documents_with(discovery->incident, FINDING_STORAGE_URL, summary->value, keep_place, &placing,
	                                 discovery->reterr);
	return status == STATUS_END ? STATUS_OK : status;
}

/* ---- all ---- */

static enum status note_swept(void *context, const struct container_summary *summary)
{
	struct discovery *discovery = context;
	struct buffer target = buffer_with_ceiling(16 << 10);
	target_append_container(&summary->container, &target);
	const uint64_t *number = hash_table_find(&discovery->known, hash_of(0, buffer_bytes(&target)));
	if (number != NULL)
		discovery->list->found[*number - 1].is_swept = true;
	buffer_free(&target);
	return STATUS_OK;
}

static int by_documents(const void *left, const void *right)
{
	const struct discovered *a = left, *b = right;
	if (a->documents != b->documents)
		return a->documents > b->documents ? -1 : 1;
	return bytes_compare(a->url, b->url);
}

enum status discovered_find(struct incident *incident, struct arena *arena, struct discovered_list *ret_list,
                            struct failure *reterr)
{
	struct discovered_list list = {.count = 0};
	struct discovery discovery = {
		.incident = incident, .arena = arena, .list = &list, .cursor = buffer_with_ceiling(1 << 20), .reterr = reterr};
	enum status status = incident_entities(incident, FINDING_STORAGE_URL, BYTES_NONE, BYTES_NONE, take_url, &discovery,
	                                       &discovery.cursor, reterr);
	if (status == STATUS_OK)
		status = incident_containers(incident, note_swept, &discovery, reterr);
	if (status == STATUS_OK && list.count > 1)
		qsort(list.found, list.count, sizeof *list.found, by_documents);
	hash_table_free(&discovery.known);
	buffer_free(&discovery.cursor);
	if (status == STATUS_OK)
		*ret_list = list;
	else
		discovered_free(&list);
	return status;
}

void discovered_free(struct discovered_list *list)
{
	free(list->found);
}

void discovered_write(const struct discovered *found, struct json_writer *json)
{
	char id[ID_TEXT_SIZE];
	json_member_text(json, "target", found->target);
	json_member_string(json, "provider", found->target.len > 0 ? provider_name(found->container.provider) : NULL);
	json_member_text(json, "account", found->container.account);
	json_member_text(json, "container", found->container.name);
	json_member_text(json, "url", found->url);
	json_member_unsigned(json, "urls", found->urls);
	json_member_unsigned(json, "documents", found->documents);
	json_key(json, "swept");
	json_boolean(json, found->is_swept);
	json_key(json, "found_in");
	json_begin_array(json);
	for (size_t i = 0; i < found->place_count; i++) {
		json_begin_object(json);
		json_member_string(json, "id", id_format(found->places[i].id, id));
		json_member_text(json, "path", found->places[i].path);
		json_end_object(json);
	}
	json_end_array(json);
}
