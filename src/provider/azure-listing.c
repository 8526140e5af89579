/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EnumerationResults > Blobs > Blob > (Name, Deleted, Snapshot, VersionId,
 * IsCurrentVersion, Properties > ...), then NextMarker. What is not known is
 * passed over; what is not as it must be makes the page malformed.
 */
#include "provider/azure.h"

#include "base/percent.h"
#include "base/xml.h"
#include "provider/http.h"

#include <stdlib.h>

enum { FIELD_MAX = 32 * 1024 };

/* Where in the document we are: the depth alone, as every level that counts has one name. */
enum listing_level { LEVEL_ROOT = 1, LEVEL_BLOBS, LEVEL_BLOB, LEVEL_FIELD, LEVEL_PROPERTY };

struct azure_listing {
	struct arena *arena;
	struct object *objects;
	size_t count, capacity;
	unsigned depth;
	bool in_blobs, in_blob, in_properties, is_collecting, is_encoded;
	bool has_blobs, is_current, is_directory, has_version_ids;
	unsigned shown;
	struct object object;
	struct buffer text;
	struct bytes next;
};

static enum status on_start(void *context, const char *name, const char *const *attributes);
static enum status on_end(void *context, const char *name);
static enum status on_text(void *context, struct bytes text);

static const struct xml_events events = {.start = on_start, .end = on_end, .text = on_text};

static bool is(const char *name, const char *wanted)
{
	return strcmp(name, wanted) == 0;
}

static void begin_text(struct azure_listing *listing, bool is_encoded)
{
	listing->is_collecting = true;
	listing->is_encoded = is_encoded;
	buffer_reset(&listing->text);
}

static enum status on_start(void *context, const char *name, const char *const *attributes)
{
	struct azure_listing *listing = context;
	switch (++listing->depth) {
	case LEVEL_ROOT: return is(name, "EnumerationResults") ? STATUS_OK : STATUS_MALFORMED;
	case LEVEL_BLOBS:
		if (is(name, "Blobs"))
			listing->in_blobs = listing->has_blobs = true;
		else if (is(name, "NextMarker"))
			begin_text(listing, false);
		return STATUS_OK;
	case LEVEL_BLOB:
		listing->in_blob = listing->in_blobs && is(name, "Blob");
		listing->object = (struct object){
			.size = OBJECT_SIZE_UNKNOWN, .modified = CLOCK_UNKNOWN, .created = CLOCK_UNKNOWN};
		listing->is_current = listing->is_directory = false;
		return STATUS_OK;
	case LEVEL_FIELD: {
		const char *encoded = xml_attribute(attributes, "Encoded");
		listing->in_properties = listing->in_blob && is(name, "Properties");
		if (listing->in_blob && !listing->in_properties)
			begin_text(listing, encoded != NULL && (is(encoded, "true") || is(encoded, "1")));
		return STATUS_OK;
	}
	case LEVEL_PROPERTY:
		listing->is_collecting = false;
		if (listing->in_properties)
			begin_text(listing, false);
		return STATUS_OK;
	default: listing->is_collecting = false; return STATUS_OK;
	}
}

static enum status on_text(void *context, struct bytes text)
{
	struct azure_listing *listing = context;
	if (!listing->is_collecting)
		return STATUS_OK;
	buffer_append(&listing->text, text);
	return buffer_status(&listing->text) == STATUS_TOO_LARGE ? STATUS_MALFORMED : buffer_status(&listing->text);
}

/* ---- fields ---- */

static enum status keep(struct azure_listing *listing, struct bytes value, struct bytes *ret_kept)
{
	if (value.len == 0)
		return STATUS_OK;
	*ret_kept = arena_copy(listing->arena, value);
	return ret_kept->at == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status read_name(struct azure_listing *listing)
{
	struct bytes text = buffer_bytes(&listing->text), *name = &listing->object.name;
	enum status status = listing->is_encoded ? percent_decode(text, listing->arena, name) : keep(listing, text, name);
	if (status == STATUS_OK && (name->len == 0 || name->len > PROVIDER_NAME_MAX))
		return STATUS_MALFORMED;
	return status;
}

static enum status end_field(struct azure_listing *listing, const char *name)
{
	struct object *object = &listing->object;
	struct bytes text = bytes_trim(buffer_bytes(&listing->text));
	bool is_true = bytes_equal_nocase(text, BYTES_LITERAL("true"));
	if (is(name, "Name"))
		return read_name(listing);
	if (is(name, "Deleted"))
		object->is_deleted = is_true;
	else if (is(name, "IsCurrentVersion"))
		listing->is_current = is_true;
	else if (is(name, "Snapshot") && text.len > 0)
		object->is_snapshot = true;
	else if (is(name, "VersionId") && text.len > 0)
		listing->has_version_ids = true;
	if (is(name, "Snapshot") || (is(name, "VersionId") && !object->is_snapshot))
		return keep(listing, text, &object->version);
	return STATUS_OK;
}

static enum status end_property(struct azure_listing *listing, const char *name)
{
	struct object *object = &listing->object;
	struct bytes text = bytes_trim(buffer_bytes(&listing->text));
	if (is(name, "Content-Length"))
		return bytes_parse_u64(text, &object->size) ? STATUS_OK : STATUS_MALFORMED;
	if (is(name, "Last-Modified"))
		object->modified = clock_parse_rfc5322(text);
	else if (is(name, "Creation-Time"))
		object->created = clock_parse_rfc5322(text);
	else if (is(name, "Etag"))
		return keep(listing, http_without_quotes(text), &object->etag);
	else if (is(name, "Content-MD5"))
		return http_read_md5(text, listing->arena, &object->md5);
	else if (is(name, "ResourceType"))
		listing->is_directory = bytes_equal_nocase(text, BYTES_LITERAL("directory"));
	else if (is(name, "RemainingRetentionDays")) {
		uint64_t days;
		object->kept_days = bytes_parse_u64(text, &days) && days <= UINT32_MAX ? (uint32_t)days : 0;
	} else if (is(name, "Content-Type"))
		return keep(listing, text, &object->media_type);
	else if (is(name, "AccessTier")) {
		object->is_archived = bytes_equal_nocase(text, BYTES_LITERAL("Archive"));
		return keep(listing, text, &object->tier);
	}
	return STATUS_OK;
}

/* ---- objects ---- */

static enum status grow(struct azure_listing *listing)
{
	size_t capacity = listing->capacity > 0 ? 2 * listing->capacity : 256;
	struct object *objects = realloc(listing->objects, capacity * sizeof *objects);
	if (objects == NULL)
		return STATUS_NO_MEMORY;
	listing->objects = objects;
	listing->capacity = capacity;
	return STATUS_OK;
}

static enum status end_blob(struct azure_listing *listing)
{
	if (listing->object.name.len == 0 || listing->count == PROVIDER_PAGE_OBJECTS_MAX)
		return STATUS_MALFORMED;
	/* Of a hierarchical namespace: it has a name and no contents. */
	if (listing->is_directory)
		return STATUS_OK;
	/* The current version has an id too, but is the object itself. */
	if (listing->is_current && !listing->object.is_snapshot) {
		listing->object.current_version = listing->object.version;
		listing->object.version = BYTES_NONE;
	}
	if (listing->object.version.len > 0)
		listing->shown |= listing->object.is_snapshot ? PAGE_SNAPSHOTS : PAGE_VERSIONS;
	if (listing->object.is_deleted)
		listing->shown |= PAGE_DELETED;
	if (listing->count == listing->capacity) {
		enum status status = grow(listing);
		if (status != STATUS_OK)
			return status;
	}
	listing->objects[listing->count++] = listing->object;
	return STATUS_OK;
}

/* Opaque, blanks included. */
static enum status end_marker(struct azure_listing *listing)
{
	struct bytes text = buffer_bytes(&listing->text);
	return bytes_trim(text).len > 0 ? keep(listing, text, &listing->next) : STATUS_OK;
}

static enum status on_end(void *context, const char *name)
{
	struct azure_listing *listing = context;
	enum status status = STATUS_OK;
	unsigned level = listing->depth--;
	bool is_collected = listing->is_collecting;
	listing->is_collecting = false;
	if (level == LEVEL_PROPERTY && listing->in_properties && is_collected)
		status = end_property(listing, name);
	else if (level == LEVEL_FIELD && listing->in_properties)
		listing->in_properties = false;
	else if (level == LEVEL_FIELD && listing->in_blob && is_collected)
		status = end_field(listing, name);
	else if (level == LEVEL_BLOB && listing->in_blob)
		status = end_blob(listing);
	else if (level == LEVEL_BLOBS && is_collected)
		status = end_marker(listing);
	if (level == LEVEL_BLOB)
		listing->in_blob = false;
	if (level == LEVEL_BLOBS)
		listing->in_blobs = false;
	return status;
}

static enum status fill_page(const struct azure_listing *listing, struct arena *arena, struct page *ret_page)
{
	struct page page = {
		.count = listing->count,
		.next = listing->next,
		.is_last = listing->next.len == 0,
		.shown = listing->shown,
		.has_version_ids = listing->has_version_ids,
	};
	if (listing->count > 0) {
		page.objects = arena_allocate(arena, listing->count * sizeof *page.objects);
		if (page.objects == NULL)
			return STATUS_NO_MEMORY;
		memcpy(page.objects, listing->objects, listing->count * sizeof *page.objects);
	}
	*ret_page = page;
	return STATUS_OK;
}

enum status azure_read_page(const struct target *target, struct bytes body, struct arena *arena, struct page *ret_page)
{
	(void)target;
	struct azure_listing listing = {.arena = arena, .text = buffer_with_ceiling(FIELD_MAX)};
	enum status status = body.len > PROVIDER_PAGE_BYTES_MAX ? STATUS_MALFORMED : xml_parse(body, &events, &listing);
	if (status == STATUS_BOMB || (status == STATUS_OK && !listing.has_blobs))
		status = STATUS_MALFORMED;
	if (status == STATUS_OK)
		status = fill_page(&listing, arena, ret_page);
	buffer_free(&listing.text);
	free(listing.objects);
	return status;
}
